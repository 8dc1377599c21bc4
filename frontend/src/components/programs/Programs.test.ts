import { screen, waitFor, within } from '@testing-library/svelte'
import { describe, expect, test } from 'vitest'
import type { ClientInput, Preferences } from '../../lib/backend/backend'
import type { MockSetup } from '../../lib/backend/mock'
import { madeUpToken } from '../../lib/backend/mockPrograms'
import { aClient, aFailure, crowd, family, minutes, morning } from '../../lib/testing/fixtures'
import { mountApp } from '../../lib/testing/mount'

const slugOf = (accountId: string) => `short-${accountId}`
const accounts = () => family().map((a) => ({ ...a, slug: slugOf(a.accountId) }))

async function page(setup: MockSetup = {}) {
  const mounted = await mountApp({ accounts: accounts(), ...setup })
  await waitFor(() => expect(mounted.app.preferences.loaded).toBe(true))
  mounted.app.dialogs.preferences()
  const section = within(await screen.findByRole('region', { name: 'Programs' }))
  await section.findByRole('status')
  const sent = () => mounted.called('setPreferences').map(([p]) => p as Preferences)
  return { ...mounted, section, sent }
}
const on = { localApi: true }
const dialog = async (name: string) => within(await screen.findByRole('dialog', { name }))
const alert = async (name: string) => within(await screen.findByRole('alertdialog', { name }))

describe('the switch', () => {
  test('is off by default, and says what it means', async () => {
    const { section, sent, user } = await page()
    const box = section.getByRole<HTMLInputElement>('checkbox', { name: 'Let programs on this computer get sessions' })
    expect(box.checked).toBe(false)
    expect(await section.findByText('Off: no port is open.')).toBeTruthy()
    await user.click(box)
    await waitFor(() => expect(sent()[0]?.localApi).toBe(true))
    expect(await section.findByText('Listening on http://127.0.0.1:51731')).toBeTruthy()
  })

  test('shows why nobody is served, and follows when that changes', async () => {
    const setup: MockSetup = { preferences: on, localAPI: { failure: aFailure('ECONFLICT', 'Port 51731 is taken by another program.', 'End that program.') } }
    const { backend, section } = await page(setup)
    expect(await section.findByText('Port 51731 is taken by another program.')).toBeTruthy()
    expect(section.getByText('End that program.')).toBeTruthy()
    expect(section.queryByRole('button', { name: 'Copy address' })).toBeNull()
    delete setup.localAPI?.failure
    backend.emit('desktop:changed')
    expect(await section.findByText('Listening on http://127.0.0.1:51731')).toBeTruthy()
  })

  test('the address is copied', async () => {
    const { called, section, user } = await page({ preferences: on })
    await user.click(await section.findByRole('button', { name: 'Copy address' }))
    expect(called('copyText')).toEqual([['http://127.0.0.1:51731']])
  })
})

describe('the port', () => {
  test('applies when the field is left or with Enter, not on each key', async () => {
    const { section, sent, user } = await page({ preferences: on })
    const port = await section.findByRole<HTMLInputElement>('textbox', { name: 'Port' })
    await user.clear(port)
    await user.type(port, '4000')
    expect(sent()).toEqual([])
    await user.type(port, '{Enter}')
    await waitFor(() => expect(sent().map((p) => p.localApiPort)).toEqual([4000]))
    expect(await section.findByText('Listening on http://127.0.0.1:4000')).toBeTruthy()
  })

  test.each(['80', 'x', '70000', ''])('%j is refused with the reason, and Esc takes it back', async (text) => {
    const { section, sent, user } = await page({ preferences: on })
    const port = await section.findByRole<HTMLInputElement>('textbox', { name: 'Port' })
    await user.clear(port)
    if (text) await user.type(port, text)
    await user.tab()
    expect(section.getByText('Write a port between 1024 and 65535, such as 51731.')).toBeTruthy()
    expect(port.getAttribute('aria-invalid')).toBe('true')
    expect(sent()).toEqual([])
    await user.type(port, '1{Escape}')
    expect(port.value).toBe('51731')
    expect(screen.getByRole('dialog', { name: 'Preferences' })).toBeTruthy()
  })

  test('that the program refuses says so at the field', async () => {
    const { section, user } = await page({ preferences: on, failures: { setPreferences: aFailure('EINVALID', 'Not that one.', '', 'localApiPort') } })
    const port = await section.findByRole<HTMLInputElement>('textbox', { name: 'Port' })
    await user.clear(port)
    await user.type(port, '4000{Enter}')
    expect(await section.findByText('Not that one.')).toBeTruthy()
    await waitFor(() => expect(port.value).toBe('51731'))
  })
})

describe('the list', () => {
  const clients = [
    aClient({ id: 'p1', name: 'Backtests' }),
    aClient({ id: 'p2', name: 'Options desk', allAccounts: false, accountIds: ['a2'], mayTrade: true, lastUsedAt: morning - minutes(2) }),
  ]

  test('tells who may do what, and when each was there', async () => {
    const { section } = await page({ clients })
    const rows = (await section.findAllByRole('listitem')).map((row) => row.textContent?.replace(/\s+/g, ' '))
    expect(rows[0]).toContain('Backtests')
    expect(rows[0]).toContain('never used')
    expect(rows[0]).not.toContain('May place orders')
    expect(rows[1]).toMatch(/Options desk.*May place orders.*Intraday options desk.*last used today 09:58/)
  })

  test('is empty with a word on what a program gets', async () => {
    const { section } = await page()
    expect(await section.findByText(/^None yet\./)).toBeTruthy()
  })

  test('revokes after a question, and the focus isn’t lost', async () => {
    const { called, section, user } = await page({ clients })
    await user.click(await section.findByRole('button', { name: 'Revoke Options desk' }))
    let question = await alert('Revoke this program?')
    await user.click(question.getByRole('button', { name: 'Cancel' }))
    expect(called('revokeClient')).toEqual([])
    await user.click(section.getByRole('button', { name: 'Revoke Options desk' }))
    question = await alert('Revoke this program?')
    await user.click(question.getByRole('button', { name: 'Revoke' }))
    await waitFor(() => expect(section.queryByText('Options desk')).toBeNull())
    expect(called('revokeClient')).toEqual([['p2']])
    await waitFor(() => expect(document.activeElement).toBe(section.getByRole('button', { name: 'Add program' })))
  })

  test('edits one', async () => {
    const { called, section, user } = await page({ clients })
    await user.click(await section.findByRole('button', { name: 'Edit Options desk' }))
    const form = await dialog('Edit program')
    const name = form.getByRole<HTMLInputElement>('textbox', { name: 'Name' })
    expect(name.value).toBe('Options desk')
    expect(form.getByRole<HTMLInputElement>('radio', { name: 'Chosen ones' }).checked).toBe(true)
    expect(form.getByText(/^It can trade with real money/)).toBeTruthy()
    await user.click(form.getByRole('checkbox', { name: 'May place, change and cancel orders' }))
    expect(form.queryByText(/^It can trade with real money/)).toBeNull()
    await user.click(form.getByRole('checkbox', { name: /^Personal trading/ }))
    await user.click(form.getByRole('button', { name: 'Save' }))
    await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Edit program' })).toBeNull())
    expect(called('changeClient')).toEqual([['p2', { name: 'Options desk', accountIds: ['a2', 'a1'], allAccounts: false, mayTrade: false }]])
    expect(await section.findByText('Personal trading and Intraday options desk')).toBeTruthy()
  })

  test('that can’t be read: the reason, and another try', async () => {
    const { section, user } = await page({ once: { clients: aFailure('EDATA', 'Unreadable.') }, clients })
    expect(await section.findByText('Unreadable.')).toBeTruthy()
    await user.click(section.getByRole('button', { name: 'Try again' }))
    expect(await section.findByText('Options desk')).toBeTruthy()
  })
})

describe('adding a program', () => {
  async function form(setup: MockSetup = {}) {
    const mounted = await page({ preferences: on, ...setup })
    await mounted.user.click(await mounted.section.findByRole('button', { name: 'Add program' }))
    const form = await dialog('Add program')
    await waitFor(() => expect(document.activeElement).toBe(form.getByRole('textbox', { name: 'Name' })))
    return { ...mounted, form }
  }
  const sentTo = (called: (m: string) => unknown[][]) => called('addClient').map(([input]) => input as ClientInput)

  test('reads all accounts unless told otherwise, and shows the token once', async () => {
    const { app, called, form: f, user } = await form()
    expect(f.getByRole<HTMLInputElement>('checkbox', { name: 'May place, change and cancel orders' }).checked).toBe(false)
    await user.type(f.getByRole('textbox', { name: 'Name' }), 'strategy.py{Enter}')
    const shown = await alert('Copy the token now')
    expect(sentTo(called)).toEqual([{ name: 'strategy.py', accountIds: [], allAccounts: true, mayTrade: false }])
    expect(shown.getByText(madeUpToken)).toBeTruthy()
    await waitFor(() => expect(document.activeElement).toBe(shown.getByRole('button', { name: 'Copy token' })))
    expect(shown.getByRole('group', { name: 'curl example' }).textContent).not.toContain(madeUpToken)

    await user.click(shown.getByRole('button', { name: 'Done' }))
    let question = await alert('Close without copying the token?')
    await user.click(question.getByRole('button', { name: 'Back to the token' }))
    await user.click(shown.getByRole('button', { name: 'Copy token' }))
    expect(called('copyClientToken')).toEqual([['client1']])
    await user.click(shown.getByRole('button', { name: 'Done' }))
    await waitFor(() => expect(screen.queryByText(madeUpToken)).toBeNull())
    expect(called('forgetClientToken')).toEqual([['client1']])
    expect(app.toasts.list).toEqual([])
    question = within(document.body)
    expect(question.queryByText('Close without copying the token?')).toBeNull()
  })

  test('gives the base URL of each account that it may use', async () => {
    const { called, form: f, user } = await form()
    await user.type(f.getByRole('textbox', { name: 'Name' }), 'strategy.py')
    await user.click(f.getByRole('radio', { name: 'Chosen ones' }))
    await user.click(f.getByRole('checkbox', { name: /^HUF account/ }))
    await user.click(f.getByRole('checkbox', { name: /^Algo server/ }))
    await user.click(f.getByRole('button', { name: 'Add program' }))
    const shown = await alert('Copy the token now')
    expect(sentTo(called)[0]?.accountIds).toEqual(['a4', 'a5'])
    const choice = shown.getByRole<HTMLSelectElement>('combobox', { name: 'Account' })
    expect([...choice.options].map((o) => o.textContent)).toEqual(['Algo server', 'HUF account'])
    await user.selectOptions(choice, 'HUF account')
    await user.click(shown.getByRole('button', { name: 'Copy base URL' }))
    expect(called('copyText')).toEqual([[`http://127.0.0.1:51731/kite/${slugOf('a4')}`]])
    expect(shown.getByRole('group', { name: 'Python example' }).textContent).toContain(`/kite/${slugOf('a4')}"`)
  })

  test('says that nobody is served yet', async () => {
    const { form: f, user } = await form({ preferences: {} })
    await user.type(f.getByRole('textbox', { name: 'Name' }), 'strategy.py{Enter}')
    expect((await alert('Copy the token now')).getByText('Programs get no answer yet.')).toBeTruthy()
  })

  test.each([['name', 'Name'], ['accountIds', '']])('what is wrong with %s is said there, with the focus', async (field, label) => {
    const { form: f, user } = await form({ failures: { addClient: aFailure('EINVALID', 'Not so.', '', field) } })
    if (!label) await user.click(f.getByRole('radio', { name: 'Chosen ones' }))
    await user.click(f.getByRole('button', { name: 'Add program' }))
    expect(await f.findByText('Not so.')).toBeTruthy()
    const wrong = label ? f.getByRole('textbox', { name: label }) : f.getAllByRole('checkbox')[0]
    await waitFor(() => expect(document.activeElement).toBe(wrong))
    expect(wrong?.getAttribute('aria-invalid')).toBe('true')
  })

  test('a failure of no field is shown on top', async () => {
    const { form: f, user } = await form({ failures: { addClient: aFailure('EDATA', 'Not written.', 'Free some space.') } })
    await user.type(f.getByRole('textbox', { name: 'Name' }), 'strategy.py{Enter}')
    expect(await f.findByText('Free some space.')).toBeTruthy()
  })

  test('what was entered isn’t lost by Esc', async () => {
    const { form: f, user } = await form()
    await user.type(f.getByRole('textbox', { name: 'Name' }), 'strategy.py{Escape}')
    const question = await alert('Discard what you entered?')
    await user.click(question.getByRole('button', { name: 'Keep editing' }))
    expect(f.getByRole<HTMLInputElement>('textbox', { name: 'Name' }).value).toBe('strategy.py')
  })

  test('Esc with nothing entered leaves Preferences open', async () => {
    const { user } = await form()
    await user.keyboard('{Escape}')
    await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Add program' })).toBeNull())
    expect(screen.getByRole('dialog', { name: 'Preferences' })).toBeTruthy()
  })

  test('searches among many accounts and keeps what was ticked', async () => {
    const { called, form: f, user } = await form({ accounts: crowd(40) })
    await user.type(f.getByRole('textbox', { name: 'Name' }), 'strategy.py')
    await user.click(f.getByRole('radio', { name: 'Chosen ones' }))
    const search = f.getByRole('textbox', { name: 'Search accounts' })
    await user.type(search, 'ZX1007')
    await user.click(f.getByRole('checkbox', { name: /ZX/ }))
    await user.clear(search)
    await user.type(search, 'ZX1031')
    await user.click(f.getByRole('checkbox', { name: /ZX/ }))
    expect(f.getByText('2 of 40 chosen')).toBeTruthy()
    await user.clear(search)
    await user.type(search, 'nobody{Enter}')
    expect(f.getByText('No account is called like that.')).toBeTruthy()
    expect(called('addClient')).toEqual([])
    await user.click(f.getByRole('button', { name: 'Add program' }))
    await alert('Copy the token now')
    expect(sentTo(called)[0]?.accountIds).toEqual(['c7', 'c31'])
  })
})

describe('the command line', () => {
  test('is copied with an account of the user’s', async () => {
    const { called, section, user } = await page({ preferences: { loginOrder: ['a4'] } })
    await user.click(await section.findByRole('button', { name: 'Copy command' }))
    expect(called('copyText')).toEqual([[`kitectl exec ${slugOf('a4')} -- python strategy.py`]])
    expect(section.queryByText(/doesn’t find kitectl/)).toBeNull()
  })

  test('tells where kitectl is if the shell doesn’t find it', async () => {
    const { section } = await page({ commandLine: { command: '/opt/kitectl', path: '/opt/kitectl', found: false } })
    expect(await section.findByText('The shell doesn’t find kitectl by its name: it is /opt/kitectl.')).toBeTruthy()
    expect(section.getByText(/^\/opt\/kitectl exec /)).toBeTruthy()
  })
})
