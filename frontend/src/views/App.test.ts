import { screen, waitFor, within } from '@testing-library/svelte'
import { describe, expect, test } from 'vitest'
import type { VaultState } from '../lib/backend/backend'
import { aFailure, anAccount, crowd, family, liveAccount } from '../lib/testing/fixtures'
import { mountApp } from '../lib/testing/mount'

const names = () => screen.getAllByRole('article').map((a) => within(a).getByRole('heading').textContent)

describe('empty states', () => {
  test('nothing yet: what it is for, and two ways to begin', async () => {
    const { user, called } = await mountApp()
    expect(screen.getByRole('heading', { name: /All your Kite sessions/ })).toBeTruthy()
    await user.click(await screen.findByRole('button', { name: 'Try the sandbox' }))
    expect(called('createSandboxAccount')).toHaveLength(1)
    expect(await screen.findByRole('heading', { name: 'Sandbox' })).toBeTruthy()
  })
  test('nothing for this search', async () => {
    const { user } = await mountApp({ accounts: family() })
    await user.type(screen.getByRole('textbox', { name: 'Search accounts' }), 'nobody')
    await user.click(screen.getAllByRole('button', { name: 'Clear search' })[1] as HTMLElement)
    expect(names()).toHaveLength(6)
  })
  test('nothing in this status', async () => {
    const { app, user } = await mountApp({ accounts: [anAccount()] })
    app.list.filter = 'expired'
    await user.click(await screen.findByRole('button', { name: 'Show all accounts' }))
    expect(names()).toHaveLength(1)
  })
})

test('200 accounts are all in the list', async () => {
  await mountApp({ accounts: crowd(200) })
  await waitFor(() => expect(document.querySelectorAll('article')).toHaveLength(200), { timeout: 20_000 })
}, 30_000)

test('filter and sort; view and sort are remembered', async () => {
  const { user, called } = await mountApp({ accounts: family() })
  await user.click(screen.getByRole('button', { name: /^Expired/ }))
  expect(names()).toEqual(['Algo server', 'Meera, long term'])
  await user.click(screen.getByRole('button', { name: /^All/ }))
  await user.selectOptions(screen.getByRole('combobox'), 'Time left')
  expect(names()[0]).toBe('Intraday options desk')
  await user.click(screen.getByRole('radio', { name: 'List' }))
  expect(called('setListPreferences')).toEqual([[{ view: 'cards', sort: 'expiry' }], [{ view: 'list', sort: 'expiry' }]])
})

test('starts as it was last shown', async () => {
  const { app } = await mountApp({ accounts: family(), listPreferences: { view: 'list', sort: 'expiry' } })
  expect(app.list.view).toBe('list')
  expect(names()[0]).toBe('Intraday options desk')
})

describe('keys', () => {
  test('Ctrl+N adds, Esc closes', async () => {
    const { user } = await mountApp({ accounts: family() })
    await user.keyboard('{Control>}n{/Control}')
    expect(await screen.findByRole('dialog')).toBeTruthy()
    await user.keyboard('{Escape}')
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  })
  test.each(['{Control>}f{/Control}', '/'])('%s searches', async (keys) => {
    const { user } = await mountApp({ accounts: family() })
    await user.keyboard(keys)
    const search = screen.getByRole<HTMLInputElement>('textbox', { name: 'Search accounts' })
    expect(document.activeElement).toBe(search)
    await user.keyboard('a/b')
    expect(search.value).toBe('a/b')
    await user.keyboard('{Escape}')
    expect(search.value).toBe('')
  })
})

describe('vault', () => {
  const vault = (state: VaultState) => ({ state, provider: 'Secret Service (gnome-keyring-daemon)' })

  test('locked: accounts stay readable, and it can be unlocked', async () => {
    const { user, called } = await mountApp({ vault: vault('keyringLocked'), accounts: family() })
    expect(names()).toHaveLength(6)
    await user.click(screen.getByRole('button', { name: 'Unlock' }))
    expect(called('unlockVault')).toHaveLength(1)
    await waitFor(() => expect(screen.queryByText('The keyring is locked')).toBeNull())
  })

  test.each<[VaultState, string, boolean, boolean]>([
    ['keyringTimeout', 'The keyring doesn’t answer', true, false],
    ['keyringAbsent', 'No keyring is running', true, true],
    ['keyMissing', 'The key is missing', true, true],
    ['keyMismatch', 'The key doesn’t fit', true, true],
    ['failed', 'Your secrets can’t be reached', true, false],
    ['dataMissing', 'Your data isn’t here', false, true],
  ])('%s offers what exists', async (state, title, retry, startOver) => {
    const { user, called } = await mountApp({ vault: vault(state), accounts: family() })
    expect(screen.getByRole('heading', { name: title })).toBeTruthy()
    expect(screen.queryByText('Start over with an empty database') !== null).toBe(startOver)
    expect(screen.queryByRole('button', { name: 'Try again' }) !== null).toBe(retry)
    if (!retry) return
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    expect(called('retryVault')).toHaveLength(1)
  })

  test('on a first run, a passphrase can take the place of a locked keyring', async () => {
    await mountApp({ vault: { state: 'keyringLocked', canCreatePassphrase: true } })
    expect(screen.getByText('Choose a passphrase instead')).toBeTruthy()
  })

  test('a new passphrase is typed twice and long enough', async () => {
    const { user, called } = await mountApp({ vault: vault('newPassphrase') })
    const button = screen.getByRole<HTMLButtonElement>('button', { name: 'Protect with this passphrase' })
    await user.type(screen.getByLabelText('Passphrase'), 'eleven char')
    await user.type(screen.getByLabelText('The same again'), 'eleven char')
    expect(button.disabled).toBe(true)
    await user.type(screen.getByLabelText('Passphrase'), 's and more')
    expect(button.disabled).toBe(true)
    await user.type(screen.getByLabelText('The same again'), 's and more')
    await user.click(button)
    expect(called('createPassphraseVault')).toEqual([['eleven chars and more']])
  })

  test('a wrong passphrase is said', async () => {
    const { user } = await mountApp({ vault: vault('needsPassphrase'), failures: { openVaultWithPassphrase: aFailure('EINVALID', 'That isn’t it.', '', 'passphrase') } })
    await user.type(screen.getByLabelText('Passphrase'), 'wrong')
    await user.click(screen.getByRole('button', { name: 'Open' }))
    expect(await screen.findByText('That isn’t it.')).toBeTruthy()
  })

  test('starting over takes the whole phrase', async () => {
    const { user, called } = await mountApp({ vault: vault('keyMissing'), accounts: family() })
    const button = screen.getByRole<HTMLButtonElement>('button', { name: 'Start over', hidden: true })
    await user.type(screen.getByLabelText('Type “start over” to confirm'), 'start ove')
    expect(button.disabled).toBe(true)
    await user.type(screen.getByLabelText('Type “start over” to confirm'), 'r')
    await user.click(button)
    expect(called('startOver')).toEqual([['start over']])
    await waitFor(() => expect(screen.queryAllByRole('article')).toHaveLength(0))
  })
})

test('a database that can’t be used is all there is', async () => {
  const problem = { ...aFailure('EDATA', 'Newer.', 'Update.'), kind: 'newer' as const, path: '/data/kite.db' }
  await mountApp({ problem, accounts: family() })
  expect(screen.getByRole('heading', { name: 'The database is from a newer version' })).toBeTruthy()
  expect(screen.getByText('/data/kite.db')).toBeTruthy()
  expect(screen.queryByRole('article')).toBeNull()
})

test('accounts that can’t be read: the reason, and another try', async () => {
  const { user } = await mountApp({ accounts: family(), once: { accounts: aFailure('EDATA', 'Unreadable.') } })
  expect(screen.getByText('Unreadable.')).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  await waitFor(() => expect(names()).toHaveLength(6))
})

test('a pasted redirect URL goes to the program; a refused one stays', async () => {
  const { app, user, called } = await mountApp({ accounts: [liveAccount({ browserLoginOpen: true })], once: { submitRedirect: aFailure('EINVALID', 'Another login’s.') } })
  app.dialogs.paste('a1')
  const dialog = within(await screen.findByRole('dialog'))
  const input = dialog.getByLabelText<HTMLTextAreaElement>('Redirect URL')
  await user.type(input, ' http://127.0.0.1/cb?x=1 ')
  await user.click(dialog.getByRole('button', { name: 'Use this URL' }))
  expect(await dialog.findByText('Another login’s.')).toBeTruthy()
  expect(input.value).toContain('x=1')
  await user.click(dialog.getByRole('button', { name: 'Use this URL' }))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(called('submitRedirect')).toEqual([['a1', 'http://127.0.0.1/cb?x=1'], ['a1', 'http://127.0.0.1/cb?x=1']])
})
