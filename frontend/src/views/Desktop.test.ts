import { screen, waitFor, within } from '@testing-library/svelte'
import { describe, expect, test } from 'vitest'
import { aFailure, crowd, family } from '../lib/testing/fixtures'
import { mountApp } from '../lib/testing/mount'

const request = { show: '', login: '', loginAll: false, preferences: false }

test('the menu leads to preferences, history, help and the end', async () => {
  const { app, user, called } = await mountApp({ accounts: family() })
  const choose = async (name: string) => {
    screen.getByRole('button', { name: 'Menu' }).focus()
    await user.keyboard('{Enter}')
    const item = await screen.findByText(name, { selector: '[role="menuitem"]' }) // invisible: jsdom never lays the menu out
    item.focus()
    await user.keyboard('{Enter}')
  }
  await choose('History')
  expect(app.dialogs.current).toEqual({ kind: 'history', accountId: '' })
  app.dialogs.close()
  await choose('About and help')
  expect(app.dialogs.current).toEqual({ kind: 'about' })
  app.dialogs.close()
  await choose('Quit')
  expect(called('quit')).toHaveLength(1)
})

describe('closing for the first time', () => {
  async function asked(setup = {}) {
    const mounted = await mountApp({ accounts: family(), ...setup })
    mounted.backend.emit('window:closing')
    const dialog = await screen.findByRole('alertdialog')
    return { ...mounted, dialog: within(dialog) }
  }

  test('stays and isn’t asked again', async () => {
    const { dialog, user, called } = await asked()
    expect(dialog.getByText(/stays in the tray/)).toBeTruthy()
    expect(document.activeElement).toBe(dialog.getByRole('button', { name: 'Keep running' }))
    await user.click(dialog.getByRole('button', { name: 'Keep running' }))
    expect(called('answerClose')).toEqual([[true, true]])
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull())
  })

  test('quits, and asks the next time', async () => {
    const { dialog, user, called } = await asked({ desktop: { tray: false } })
    expect(dialog.getByText(/without a window or an icon/)).toBeTruthy()
    await user.click(dialog.getByRole('checkbox', { name: 'Don’t ask again' }))
    await user.click(dialog.getByRole('button', { name: 'Quit' }))
    expect(called('answerClose')).toEqual([[false, false]])
  })

  test('Esc leaves the window open and remembers nothing', async () => {
    const { user, called } = await asked()
    await user.keyboard('{Escape}')
    expect(called('answerClose')).toEqual([[null, false]])
  })

  test('goes over a form, which stays', async () => {
    const { app, backend, user } = await mountApp({ accounts: family() })
    app.dialogs.form('add')
    await user.type(await screen.findByLabelText('Account name'), 'Half typed')
    backend.emit('window:closing')
    await screen.findByRole('alertdialog')
    await user.keyboard('{Escape}')
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull())
    expect(screen.getByLabelText<HTMLInputElement>('Account name').value).toBe('Half typed')
    expect(app.dialogs.question).toBeNull()
  })

  test('is asked over a database that can’t be used too', async () => {
    await asked({ problem: { ...aFailure('EDATA', 'Damaged.'), kind: 'damaged', path: '/x' } })
  })

  test('promises nothing where nobody would watch', async () => {
    const { dialog, user, called } = await asked({ desktop: { watcher: 'window', agentFailure: aFailure('EINTERNAL', 'The agent didn’t start.') } })
    expect(dialog.getByText(/nobody watches your sessions. The agent didn’t start./)).toBeTruthy()
    expect(dialog.queryByRole('checkbox')).toBeNull()
    await user.click(dialog.getByRole('button', { name: 'Keep it open' }))
    expect(called('answerClose')).toEqual([[null, false]])
  })
})

test.each([['Start with the computer', true], ['Not now', false]])('the offer to start with the computer: %s', async (name, yes) => {
  const { user, called } = await mountApp({ accounts: family(), desktop: { offerAutostart: true } })
  const offer = within(await screen.findByRole('region', { name: 'Start with the computer' }))
  await user.click(offer.getByRole('button', { name }))
  expect(called('answerAutostart')).toEqual([[yes]])
  await waitFor(() => expect(screen.queryByText('Start Kite Accounts with the computer?')).toBeNull())
})

test('what doesn’t work is said until it is put aside', async () => {
  const { user } = await mountApp({ accounts: family(), desktop: { notificationFailure: aFailure('ENOTFOUND', 'No service runs.', 'Start one.') } })
  const banner = (await screen.findByText('No service runs. Start one.')).closest<HTMLElement>('[role="alert"]')
  await user.click(within(banner as HTMLElement).getByRole('button', { name: 'Dismiss' }))
  expect(screen.queryByText('No service runs. Start one.')).toBeNull()
})

test('what there is to tell stands in the banner, which promises nothing else', async () => {
  const untold = ['Personal has no session for today', '2 sessions end at 06:00']
  const { user } = await mountApp({ accounts: family(), desktop: { notificationFailure: aFailure('ENOTFOUND', 'No service runs.', 'Start one.'), untold } })
  const banner = (await screen.findByText('Notices can’t be shown on this desktop.')).closest<HTMLElement>('[role="alert"]') as HTMLElement
  expect(within(banner).getByText('No service runs. Start one.')).toBeTruthy()
  expect(within(banner).getAllByRole('listitem').map((li) => li.textContent)).toEqual(untold)
  await user.click(within(banner).getByRole('button', { name: 'Dismiss' }))
  expect(screen.queryByText(untold[0] as string)).toBeNull()
})

test('an agent that can’t watch: closing keeps it, and promises no reminder', async () => {
  const { backend } = await mountApp({ accounts: family(), desktop: { agentFailure: aFailure('EDATA', 'The database can’t be read.', 'Free some space.') } })
  expect(await screen.findByText('The database can’t be read.')).toBeTruthy()
  backend.emit('window:closing')
  const dialog = within(await screen.findByRole('alertdialog', { name: 'Keep Kite Accounts running?' }))
  expect(dialog.getByText(/reminds you of nothing as it is now/)).toBeTruthy()
  expect(dialog.getByRole('button', { name: 'Keep running' })).toBeTruthy()
})

describe('an account that the desktop asks for', () => {
  test('gets the focus, also far down a long list', async () => {
    await mountApp({ accounts: crowd(120), request: { ...request, show: 'c119' } })
    await waitFor(() => expect(document.activeElement?.getAttribute('aria-labelledby')).toBe('name-c119'), { timeout: 20_000 })
    expect(document.activeElement?.closest('li')?.className).toContain('shown')
  }, 30_000)

  test('is found behind a search', async () => {
    const { app, backend } = await mountApp({ accounts: family() })
    app.list.query = 'meera'
    backend.takeRequest = async () => ({ ...request, show: 'a5' })
    backend.emit('window:request')
    await waitFor(() => expect(document.activeElement?.getAttribute('aria-labelledby')).toBe('name-a5'))
    expect(app.list.query).toBe('')
  })
})
