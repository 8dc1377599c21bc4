import type { Account, DataProblem, VaultState } from '../lib/backend/backend'
import { aFailure, aLoginFailure, anAccount, crowd, cutoff, endedAccount, family, hours, liveAccount, minutes, morning } from '../lib/testing/fixtures'
import { dayStories } from './day'
import { desktop } from './desktop'
import { programs } from './programs'
import { opened, press, story, type, type Story } from './story'
import { updates } from './updates'

// Every view in every state. `npm run screenshots` takes a picture of each in
// light and dark and at two sizes, and runs axe on it.

const offline = aFailure('EOFFLINE', 'Kite can’t be reached.', 'Check the internet connection and try again.')
const living = [liveAccount({ accountName: 'Personal trading', hasPassword: true })]
const one = (change: Partial<Account>) => [liveAccount({ accountName: 'Personal trading', ...change })]

const lists: Story[] = [
  story('empty', {}),
  story('empty-without-sandbox', { about: { sandboxAvailable: false } }),
  story('empty-search', { accounts: family() }, (app) => void (app.list.query = 'nobody')),
  story('empty-filter', { accounts: [anAccount()] }, (app) => void (app.list.filter = 'active')),
  story('loading', { hanging: ['accounts'] }),
  story('list-failed', { failures: { accounts: aFailure('EDATA', 'The accounts couldn’t be read.', 'Try again. If it stays, see the log.') } }),
  story('cards', { accounts: family() }),
  story('list', { accounts: family(), listPreferences: { view: 'list', sort: 'expiry' } }),
  story('cards-one', { accounts: living }),
  story('cards-abroad', { accounts: family(), offsetMinutes: 60 }),
  story('list-abroad', { accounts: family(), offsetMinutes: -300, listPreferences: { view: 'list', sort: 'name' } }),
  story('cards-200', { accounts: crowd(200) }),
  story('list-200', { accounts: crowd(200), listPreferences: { view: 'list', sort: 'status' } }),
  story('search', { accounts: crowd(40) }, (app) => void (app.list.query = 'meera')),
  story('filter', { accounts: crowd(40) }, (app) => void (app.list.filter = 'ending')),
  story('menu', { accounts: family() }, () => press('More for HUF account')),
]

const strange = [
  'Very long name of an account that goes on and on until eighty characters are full.',
  '🚀📈 Rocket ₹ family 👨‍👩‍👧‍👦',
  'حساب التداول الشخصي (AB)',
  '<img src=x onerror="alert(1)">',
  'संयुक्त खाता — मीरा',
  'Nospacesatallinthisverylongaccountnamewhichcannotbewrappedanywhereatallbutmustbecut',
].map((accountName, i) => (i % 2 ? liveAccount : anAccount)({ accountId: `n${i}`, accountName, clientId: i === 0 ? 'ABCDEF123456' : `NM000${i}` }))

const clearing = cutoff + minutes(47)

const cards: Story[] = [
  story('names', { accounts: strange }),
  story('names-list', { accounts: strange, listPreferences: { view: 'list', sort: 'name' } }),
  story('logging-in', {
    accounts: (['opening', 'waiting', 'exchanging', 'verifying', 'saving'] as const).map((loginPhase, i) =>
      anAccount({ accountId: `p${i}`, accountName: `Account ${i + 1}`, loginPhase, hasPassword: i === 1 }),
    ),
  }),
  story('logging-in-browser', {
    accounts: [
      anAccount({ accountId: 'b1', accountName: 'Browser opens', loginPhase: 'opening', loginIn: 'browser', loginWay: 'browser' }),
      anAccount({ accountId: 'b2', accountName: 'Browser waits', loginPhase: 'waiting', loginIn: 'browser', browserLoginOpen: true, loginWay: 'browser', hasPassword: true }),
      liveAccount({ accountId: 'b3', accountName: 'To be pasted', loginPhase: 'waiting', loginIn: 'paste', browserLoginOpen: true, loginWay: 'paste', hasPassword: true }),
      anAccount({ accountId: 'b4', accountName: 'Port taken', loginWay: 'browser', loginFailure: aLoginFailure('Port 51730, where the browser’s answer would come, is taken by python3 (process 48213).', 'End what uses the port, or wait for it, and try again. Or log in by pasting the redirect URL.', { code: 'ECONFLICT' }) }),
      anAccount({ accountId: 'b5', accountName: 'Exchanging', loginPhase: 'exchanging', loginIn: 'browser', loginWay: 'browser' }),
    ],
  }),
  story('menu-browser', { accounts: [anAccount({ loginWay: 'browser' })] }, () => press('More for Personal')),
  story('logging-in-list', {
    accounts: [
      anAccount({ accountName: 'Waiting', loginPhase: 'waiting', hasPassword: true }),
      anAccount({ accountId: 'b2', accountName: 'In the browser', loginPhase: 'waiting', loginIn: 'browser', browserLoginOpen: true, hasPassword: true }),
      ...family().slice(2),
    ],
    listPreferences: { view: 'list', sort: 'status' },
  }),
  story('login-failures', {
    accounts: [
      anAccount({ accountId: 'f1', accountName: 'Wrong person', loginFailure: aLoginFailure('CD5678 logged in, but this account is AB1234. The new token was ended at Kite.', 'Log in as AB1234, or correct the client ID.', { code: 'EWRONGUSER', field: 'clientId' }) }),
      anAccount({ accountId: 'f2', accountName: 'Blocked host', loginFailure: aLoginFailure('The login page wanted to load from hosts that aren’t allowed.', 'If you know them, allow them for this account and try again.', { blockedHosts: ['static.cloudfront.example.com', 'fonts.example.org'] }) }),
      endedAccount('expired', { accountId: 'f3', accountName: 'Crashed window', loginFailure: aLoginFailure('The login window stopped unexpectedly.', 'Try again, or paste the redirect URL.') }),
      liveAccount({ accountId: 'f4', accountName: 'Cancelled', loginFailure: aLoginFailure('The login window was closed before the login was finished.', '', { canPasteRedirect: false }) }),
    ],
  }),
  story('login-failures-list', {
    accounts: [anAccount({ accountName: 'Wrong person', loginFailure: aLoginFailure('CD5678 logged in, but this account is AB1234. The new token was ended at Kite.', 'Log in as AB1234, or correct the client ID.') }), ...family().slice(1)],
    listPreferences: { view: 'list', sort: 'name' },
  }),
  story('doubts', {
    accounts: [
      liveAccount({ accountId: 'd1', accountName: 'Offline', lastCheck: { at: morning, ok: false, failure: offline } }),
      liveAccount({ accountId: 'd2', accountName: 'Refused', lastCheck: { at: morning, ok: false, failure: aFailure('EBROKER', 'Kite answered: “Your account is blocked. Contact support.”') } }),
      liveAccount({ accountId: 'd3', accountName: 'Clock is off', warnings: ['This computer’s clock is 5 minutes ahead of Kite’s. Codes of your authenticator app may not work.'] }),
      endedAccount('ended elsewhere', { accountId: 'd4', accountName: 'Ended elsewhere' }),
      endedAccount('logged out', { accountId: 'd5', accountName: 'Logged out' }),
    ],
  }),
  story('doubts-list', {
    accounts: [liveAccount({ accountId: 'd1', accountName: 'Offline', lastCheck: { at: morning, ok: false, failure: offline } }), ...family().slice(1)],
    listPreferences: { view: 'list', sort: 'status' },
  }),
  story('clearing', { now: clearing, accounts: one({}).map((a) => ({ ...a, session: a.session && { ...a.session, loginTime: clearing - minutes(9), expiresAt: cutoff + hours(24) } })) }),
]

const vaults: Story[] = (
  ['keyringLocked', 'keyringTimeout', 'keyringAbsent', 'needsPassphrase', 'newPassphrase', 'keyMissing', 'keyMismatch', 'dataMissing', 'failed', 'opening'] satisfies VaultState[]
).map((state) => {
  const bare = state === 'newPassphrase' || state === 'dataMissing'
  const provider = state === 'needsPassphrase' || state === 'newPassphrase' ? '' : 'Secret Service (gnome-keyring-daemon)'
  return story(`vault-${state}`, { vault: { state, provider }, accounts: bare ? [] : family() })
})

const problem = (kind: DataProblem['kind'], message: string, hint: string): DataProblem => ({
  ...aFailure('EDATA', message, hint), kind, path: '/home/asha/.local/share/kite-accounts/kite-accounts.db',
})

const trouble: Story[] = [
  story('vault-wrong-passphrase', { vault: { state: 'needsPassphrase', provider: '' }, accounts: family(), failures: { openVaultWithPassphrase: aFailure('EINVALID', 'That isn’t the passphrase of this vault.', 'Try again.', 'passphrase') } }, async () => {
    await type('passphrase', 'not this one')
    await press('Open')
  }),
  story('vault-locked-first-run', { vault: { state: 'keyringLocked', canCreatePassphrase: true } }, () => press('Choose a passphrase instead')),
  story('vault-strength', { vault: { state: 'newPassphrase', provider: '' } }, async () => {
    await type('new-passphrase', 'correct horse battery staple')
    await type('again', 'correct horse')
    document.getElementById('again')?.blur()
  }),
  story('vault-start-over', { vault: { state: 'keyMissing', provider: '' }, accounts: family() }, () => press('Start over with an empty database')),
  story('data-damaged', { problem: problem('damaged', 'The database can’t be read: its contents are damaged.', 'Restore it from a backup, or start over.') }),
  story('data-newer', { problem: problem('newer', 'This database was written by a newer Kite Accounts.', 'Install the newer version, or start over.') }),
  story('data-locked', { problem: problem('locked', 'Another program holds the database.', 'Close it and try again.') }),
  story('toasts', { accounts: living }, (app) => {
    app.toasts.failed(offline)
    app.toasts.done('Personal trading is saved.')
  }),
]

const wrong = { accountName: 'Another account is called Personal. Choose another name.', clientId: 'A client ID has letters and digits only, such as AB1234.', callbackUrl: 'Browsers refuse port 9. Choose another one, such as 51730.' }

const dialogs: Story[] = [
  story('form-add', {}, (app) => app.dialogs.form('add')),
  story('form-edit', { accounts: living }, (app) => app.dialogs.form('edit', living[0])),
  story('form-duplicate', { accounts: living }, (app) => app.dialogs.form('duplicate', living[0])),
  story('form-sandbox', {}, async (app) => {
    app.dialogs.form('edit', anAccount({ accountType: 'sandbox', clientId: 'SB0001', sessionLifetimeHours: 0.05, hasPassword: true }))
    await opened()
    await press('Advanced')
  }),
  story('form-errors', { errors: wrong }, async (app) => {
    app.dialogs.form('add')
    await type('accountName', 'Personal')
    await type('clientId', 'AB 12')
    await press('Add account')
  }),
  story('form-refused', { failures: { createAccount: aFailure('ELOCKED', 'The vault with your keys isn’t open.', 'Press Unlock at the top of the window.') } }, async (app) => {
    app.dialogs.form('add')
    await opened()
    await press('Add account')
  }),
  story('form-way-browser', { accounts: living }, async (app) => {
    app.dialogs.form('edit', liveAccount({ loginWay: 'browser' }))
    await opened()
    await press('Advanced')
  }),
  story('form-way-elsewhere', { errors: { slug: 'Use up to 40 letters a to z, digits and hyphens, such as family-swing.' } }, async (app) => {
    app.dialogs.form('edit', anAccount({ loginWay: 'browser', callbackUrl: 'https://www.example.com/a/rather/long/path/of/a/callback/url/kite' }))
    await opened()
    await press('Advanced')
    await type('slug', 'Family Swing')
  }),
  story('form-discard', {}, async (app) => {
    app.dialogs.form('add')
    await type('accountName', 'Half typed')
    await press('Cancel')
  }),
  story('form-secrets', { accounts: living }, async (app) => {
    app.dialogs.form('edit', living[0])
    await opened()
    await press('Replace API secret')
    await press('Clear Password')
  }),
  story('delete', { accounts: living }, (app) => app.dialogs.delete('a1')),
  story('delete-offline', { accounts: living, failures: { deleteAccount: aFailure('EOFFLINE', 'Kite couldn’t be told to end this session: its token may live until 06:00 IST.', 'Try again when you are online, or delete anyway.') } }, async (app) => {
    app.dialogs.delete('a1')
    await opened()
    await press('Delete')
  }),
  story('confirm-replace', { accounts: living, failures: { getSessionToken: aFailure('ECONFIRM', 'Personal trading has a session that still works. A new login ends its token at once, also in programs that use it.', 'Log in only if you want a new token now.') } }, () => press('Refresh Session')),
  story('paste', { accounts: [anAccount()] }, (app) => app.dialogs.paste('a1')),
  story('paste-browser', { accounts: [anAccount({ loginPhase: 'waiting', loginIn: 'browser', browserLoginOpen: true })] }, (app) => app.dialogs.paste('a1')),
  story('paste-failed', { accounts: [anAccount({ browserLoginOpen: true })], failures: { submitRedirect: aFailure('EINVALID', 'This isn’t the address of this login: its state is another one.', 'Open the login again and paste the address it ends at.') } }, async (app) => {
    app.dialogs.paste('a1')
    await type('redirect', 'http://127.0.0.1:51730/kite/callback?status=success')
    await press('Use this URL')
  }),
  story('manage-overview', { accounts: living }, (app) => app.dialogs.manage('a1')),
  story('manage-overview-abroad', { accounts: living, offsetMinutes: 60 }, (app) => app.dialogs.manage('a1')),
  story('manage-credentials', { accounts: living }, (app) => app.dialogs.manage('a1', 'credentials')),
  story('manage-revealed', { accounts: living }, async (app) => {
    app.dialogs.manage('a1', 'credentials')
    await opened()
    await press('Reveal Access token')
    await press('Copy API secret')
  }),
  story('manage-python', { accounts: living }, async (app) => {
    app.dialogs.manage('a1', 'credentials')
    await opened()
    await press('Python')
  }),
  story('manage-test', { accounts: living }, (app) => app.dialogs.manage('a1', 'test')),
  story('manage-test-passed', { accounts: living }, async (app) => {
    app.dialogs.manage('a1', 'test')
    await opened()
    await press('Test now')
  }),
  story('manage-test-failed', { accounts: living, testResult: { ok: false, at: morning, tookMs: 1204, profile: null, failure: aFailure('ERATELIMIT', 'Kite takes no more requests for this app right now.', 'Wait a few seconds and test again.') } }, async (app) => {
    app.dialogs.manage('a1', 'test')
    await opened()
    await press('Test now')
  }),
  story('manage-ended', { accounts: [endedAccount('ended elsewhere', { accountName: 'Personal trading' })] }, (app) => app.dialogs.manage('a1')),
  story('tooltip', { accounts: living }, () => focusTooltip()),
]

async function focusTooltip(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 200))
  document.querySelector<HTMLElement>('.explained')?.focus()
}

export const stories: Story[] = [...lists, ...cards, ...vaults, ...trouble, ...dialogs, ...dayStories, ...desktop, ...programs, ...updates]
