import { screen, waitFor, within } from '@testing-library/svelte'
import { describe, expect, test } from 'vitest'
import { aFailure, aLoginFailure, anAccount, cutoff, endedAccount, hours, liveAccount, minutes } from '../../lib/testing/fixtures'
import { mountApp } from '../../lib/testing/mount'

const card = () => within(screen.getByRole('article'))

// The menu stays invisible: jsdom never lays it out.
async function openMenu(user: Awaited<ReturnType<typeof mountApp>>['user']) {
  card().getByRole('button', { name: 'More for Personal' }).focus()
  await user.keyboard('{Enter}')
  await screen.findByText('Delete…', { selector: '[role="menuitem"]' })
}

describe('buttons', () => {
  test('without a session: Get Session Token only', async () => {
    await mountApp({ accounts: [anAccount()] })
    expect(card().getByRole('button', { name: 'Get Session Token' })).toBeTruthy()
    expect(card().queryByRole('button', { name: 'Manage Account' })).toBeNull()
    expect(card().getByText('No session')).toBeTruthy()
  })

  test('with one: Refresh Session and Manage Account', async () => {
    await mountApp({ accounts: [liveAccount()] })
    expect(card().getByRole('button', { name: 'Refresh Session' }).className).not.toContain('primary')
    expect(card().getByRole('button', { name: 'Manage Account' })).toBeTruthy()
  })

  test('Refresh Session comes forward under two hours', async () => {
    const { app, backend } = await mountApp({ accounts: [liveAccount()] })
    const session = app.accounts.byId('a1')?.session
    backend.change('a1', { session: session && { ...session, expiresAt: app.clock.now + minutes(119) } })
    expect(await card().findByText('Ends soon')).toBeTruthy()
    expect(card().getByRole('button', { name: 'Refresh Session' }).className).toContain('primary')
  })

  test('ended elsewhere: Log in again', async () => {
    const { user, called } = await mountApp({ accounts: [endedAccount('ended elsewhere')] })
    await user.click(card().getByRole('button', { name: 'Log in again' }))
    expect(called('getSessionToken')).toEqual([['a1', false]])
  })
})

test('the badge turns at the second of expiry, without an event or a click', async () => {
  const { app } = await mountApp({ now: cutoff - 700, accounts: [liveAccount()] })
  expect(card().getByText('Ends soon')).toBeTruthy()
  expect(await card().findByText('Session expired', {}, { timeout: 3000 })).toBeTruthy()
  expect(card().queryByRole('button', { name: 'Manage Account' })).toBeNull()
  expect(app.clock.now).toBeGreaterThanOrEqual(cutoff)
})

test('a running login shows its phase and what can be done', async () => {
  const { user, called, backend } = await mountApp({ accounts: [anAccount({ loginPhase: 'waiting', hasPassword: true })] })
  expect(card().getByText('Logging in…')).toBeTruthy()
  expect(card().getByText('Waiting for you')).toBeTruthy()
  await user.click(card().getByRole('button', { name: 'Show window' }))
  await user.click(card().getByRole('button', { name: 'Copy password' }))
  expect(called('focusLogin')).toEqual([['a1']])
  expect(called('copy')).toEqual([['a1', 'password']])
  backend.change('a1', { loginPhase: 'exchanging' })
  expect(await card().findByText('Exchanging the token')).toBeTruthy()
  expect(card().queryByRole('button', { name: 'Show window' })).toBeNull()
})

test('a login in the browser can be pasted or cancelled; there is no window to show', async () => {
  const { user, called, app, backend } = await mountApp({ accounts: [anAccount({ loginWay: 'browser' })] })
  await user.click(card().getByRole('button', { name: 'Get Session Token' }))
  expect(await card().findByText('Waiting for your browser')).toBeTruthy()
  expect(called('getSessionToken')).toEqual([['a1', false]])
  expect(card().queryByRole('button', { name: 'Show window' })).toBeNull()
  expect(app.dialogs.current).toBeNull()
  await user.click(card().getByRole('button', { name: 'Paste URL…' }))
  expect(within(await screen.findByRole('dialog')).getByText(/comes back by itself/)).toBeTruthy()
  backend.change('a1', { browserLoginOpen: false, loginPhase: 'exchanging' }) // the browser's answer came
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  backend.change('a1', { browserLoginOpen: true, loginPhase: 'waiting' })
  await user.click(await card().findByRole('button', { name: 'Cancel' }))
  expect(called('cancelLogin')).toEqual([['a1']])
})

test('a login by pasting asks for the URL at once', async () => {
  const { user, called } = await mountApp({ accounts: [anAccount({ loginWay: 'paste' })] })
  await user.click(card().getByRole('button', { name: 'Get Session Token' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Paste the redirect URL' }))
  await user.type(dialog.getByLabelText('Redirect URL'), 'abcdefgh12345678')
  await user.click(dialog.getByRole('button', { name: 'Use this URL' }))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(called('submitRedirect')).toEqual([['a1', 'abcdefgh12345678']])
})

test.each([
  ['window', ['Log in with my browser', 'Paste the redirect URL…']],
  ['browser', ['Log in with the login window', 'Paste the redirect URL…']],
  ['paste', ['Log in with the login window', 'Log in with my browser']],
] as const)('the menu offers the ways other than %s', async (loginWay, titles) => {
  const { user } = await mountApp({ accounts: [anAccount({ loginWay })] })
  await openMenu(user)
  const items = [...document.querySelectorAll('[role="menuitem"]')].map((item) => item.textContent?.trim())
  expect(items).toEqual(['Edit…', 'Duplicate…', ...titles, 'History', 'Delete…'])
})

test('another way is taken this once', async () => {
  const { user, called, app } = await mountApp({ accounts: [anAccount()] })
  await openMenu(user)
  const item = screen.getByText('Log in with my browser', { selector: '[role="menuitem"]' })
  item.focus()
  await user.keyboard('{Enter}')
  expect(await card().findByText('Waiting for your browser')).toBeTruthy()
  expect(called('logInWith')).toEqual([['a1', 'browser', false]])
  expect(app.accounts.byId('a1')?.loginWay).toBe('window')
})

test('no password stored: none to copy; cancel goes to the program', async () => {
  const { user, called } = await mountApp({ accounts: [anAccount({ loginPhase: 'waiting' })] })
  expect(card().queryByRole('button', { name: 'Copy password' })).toBeNull()
  await user.click(card().getByRole('button', { name: 'Cancel' }))
  expect(called('cancelLogin')).toEqual([['a1']])
  expect(await card().findByRole('button', { name: 'Get Session Token' })).toBeTruthy()
})

test('a failed login stays until dismissed, with every way on', async () => {
  const loginFailure = aLoginFailure('The page was blocked.', 'Allow the host.', { blockedHosts: ['cdn.example.com'] })
  const { user, called } = await mountApp({ accounts: [anAccount({ loginFailure })] })
  expect(card().getByText('The page was blocked.')).toBeTruthy()
  expect(card().getByText('Allow the host.')).toBeTruthy()
  await user.click(card().getByRole('button', { name: 'Allow cdn.example.com' }))
  expect(called('allowHost')).toEqual([['a1', 'cdn.example.com']])
  for (const name of ['Try again', 'Edit', 'Paste the redirect URL']) expect(card().getByRole('button', { name })).toBeTruthy()
  await user.click(card().getByRole('button', { name: 'Dismiss' }))
  expect(called('dismissFailure')).toEqual([['a1']])
  expect(card().queryByText('The page was blocked.')).toBeNull()
})

test('markup in a name and in a failure is text', async () => {
  const evil = '<img src=x onerror="window.hacked=1">'
  await mountApp({ accounts: [anAccount({ accountName: evil, loginFailure: aLoginFailure(evil, '') })] })
  const heading = screen.getByRole('heading', { name: evil })
  expect(heading.getAttribute('dir')).toBe('auto')
  expect(heading.title).toBe(evil)
  expect(document.querySelector('img')).toBeNull()
})

test('offline is unknown, and warnings are shown', async () => {
  const failure = aFailure('EOFFLINE', 'Offline.')
  await mountApp({ accounts: [liveAccount({ warnings: ['The clock is off.'], lastCheck: { at: 0, ok: false, failure } })] })
  expect(card().getByText('Unknown')).toBeTruthy()
  expect(card().getByText('offline, last seen 08:41')).toBeTruthy()
  expect(card().getByText('The clock is off.')).toBeTruthy()
})

test('IST is shown only where the user’s clock is another', async () => {
  const { view } = await mountApp({ accounts: [liveAccount()] })
  expect(card().queryByText('06:00 IST')).toBeNull()
  view.unmount()
  await mountApp({ accounts: [liveAccount()], offsetMinutes: 60 })
  expect(card().getByText('06:00 IST')).toBeTruthy()
  expect(card().getByText('tomorrow 01:30')).toBeTruthy()
})

test('between 05:00 and 08:00 IST a living session may end any minute', async () => {
  await mountApp({ now: cutoff + minutes(10), accounts: [liveAccount({}, { expiresAt: cutoff + hours(24) })] })
  expect(card().getByText(/May end any minute/)).toBeTruthy()
})
