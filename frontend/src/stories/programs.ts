import type { Account, Client } from '../lib/backend/backend'
import type { MockSetup } from '../lib/backend/mock'
import { aClient, aFailure, anAccount, anEntry, crowd, family, hours, liveAccount, minutes, morning } from '../lib/testing/fixtures'
import { opened, press, story, type, type Story } from './story'

// Programs that get sessions: the section of Preferences, its dialogs, and
// what an account's credentials say of it.

const slug = (name: string) => name.toLowerCase().replace(/[^a-z0-9]+/g, '-')
const withSlugs = (list: Account[]) => list.map((a) => ({ ...a, slug: slug(a.accountName) }))
const accounts = withSlugs(family())
const on = { localApi: true }
const clients: Client[] = [
  aClient({ id: 'p1', name: 'Backtests', lastUsedAt: null }),
  aClient({ id: 'p2', name: 'Options desk', allAccounts: false, accountIds: ['a2'], mayTrade: true, lastUsedAt: morning - minutes(2) }),
  aClient({ id: 'p3', name: 'Portfolio sheet', allAccounts: false, accountIds: ['a1', 'a3', 'a4', 'a5', 'a6'], lastUsedAt: morning - hours(41) }),
]
const long = 'Nightly rebalancing of the long-term family portfolio, second attempt (Raspberry Pi)'

/** Opens the section. */
const section = (id: string, setup: MockSetup, act?: Story['act']) =>
  story(`programs-${id}`, { accounts, ...setup }, async (app) => {
    app.dialogs.preferences()
    await opened()
    await pause(150)
    document.getElementById('group-programs')?.parentElement?.scrollIntoView()
    await act?.(app)
  })

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const taken = aFailure('ECONFLICT', 'Port 51731 is taken by another program.', 'End that program, or choose another port and change it in your programs too.')

async function choose(value: string): Promise<void> {
  await pause(100)
  document.querySelector<HTMLInputElement>(`input[name="program-accounts"][value="${value}"]`)?.click()
  await pause(50)
}

const pages: Story[] = [
  section('off', {}),
  section('off-with-programs', { clients }),
  section('on', { preferences: on, clients }),
  section('on-empty', { preferences: on }),
  section('starting', { preferences: on, clients, localAPI: { address: '' } }),
  section('port-taken', { preferences: on, clients, localAPI: { failure: taken } }),
  section('no-agent', { preferences: on, clients, desktop: { watcher: 'window', tray: false, agentFailure: aFailure('EINTERNAL', 'The agent couldn’t be started.', 'Is kitectl installed beside Kite Accounts?') }, localAPI: { failure: aFailure('EINTERNAL', 'Programs aren’t served: the part that stays in the tray isn’t running.', 'Install Kite Accounts again if kitectl is missing beside it.') } }),
  section('bad-port', { preferences: on, clients }, async () => {
    await type('local-api-port', '80')
    document.getElementById('local-api-port')?.dispatchEvent(new Event('change', { bubbles: true }))
  }),
  section('many', {
    preferences: on,
    accounts: withSlugs(crowd(200)),
    clients: [
      aClient({ id: 'p0', name: long, allAccounts: false, accountIds: crowd(200).slice(0, 140).map((a) => a.accountId), mayTrade: true, lastUsedAt: morning - hours(300) }),
      aClient({ id: 'p9', name: 'برنامج التداول', allAccounts: false, accountIds: ['gone'] }),
      ...Array.from({ length: 8 }, (_, i) => aClient({ id: `q${i}`, name: `strategy-${i + 1}.py`, lastUsedAt: morning - minutes(i * 7), mayTrade: i % 3 === 0 })),
    ],
  }),
  section('loading', { preferences: on, hanging: ['clients'] }),
  section('unread', { preferences: on, failures: { clients: aFailure('EDATA', 'The programs couldn’t be read.', 'Try again. If it stays, see the log.') } }),
  section('kitectl-elsewhere', { preferences: on, clients, commandLine: { command: '"/opt/kite accounts/kitectl"', path: '/opt/kite accounts/kitectl', found: false } }),
  section('revoke', { preferences: on, clients }, () => press('Revoke Options desk')),
]

const forms: Story[] = [
  section('add', { preferences: on }, () => press('Add program')),
  section('add-chosen', { preferences: on, accounts: [...accounts, anAccount({ accountId: 'n1', accountName: long }), liveAccount({ accountId: 'n2', accountName: 'حساب التداول الشخصي' })] }, async () => {
    await press('Add program')
    await type('program-name', 'strategy.py')
    await choose('chosen')
  }),
  section('add-many', { preferences: on, accounts: withSlugs(crowd(200)) }, async () => {
    await press('Add program')
    await choose('chosen')
    for (const box of [...document.querySelectorAll<HTMLElement>('.choice input[type="checkbox"]')].slice(0, 3)) box.click()
  }),
  section('add-trading', { preferences: on }, async () => {
    await press('Add program')
    await type('program-name', 'Options desk')
    await pause(50)
    ;[...document.querySelectorAll<HTMLInputElement>('#program input[type="checkbox"]')].at(-1)?.click()
    await pause(50)
    document.querySelector('#program .notice')?.scrollIntoView()
  }),
  section('add-refused', { preferences: on, failures: { addClient: aFailure('ECONFLICT', 'A program of that name has a token already.', '', 'name') } }, async () => {
    await press('Add program')
    await pause(50)
    await press('Add program')
  }),
  section('add-no-accounts', { preferences: on, failures: { addClient: aFailure('EINVALID', 'Choose the accounts that this program may use.', '', 'accountIds') } }, async () => {
    await press('Add program')
    await type('program-name', 'strategy.py')
    await choose('chosen')
    await press('Add program')
  }),
  section('edit', { preferences: on, clients }, () => press('Edit Options desk')),
  section('token', { preferences: on }, added),
  section('token-copied', { preferences: on }, async () => {
    await added()
    await press('Copy token')
  }),
  section('token-off', {}, added),
  section('token-uncopied', { preferences: on }, async () => {
    await added()
    await press('Done')
  }),
  section('token-long', { preferences: on, accounts: withSlugs(crowd(200)) }, async () => {
    await press('Add program')
    await type('program-name', long)
    await pause(50)
    await press('Add program')
    await pause(100)
  }),
]

async function added(): Promise<void> {
  await press('Add program')
  await type('program-name', 'strategy.py')
  await pause(50)
  await press('Add program')
  await pause(100)
}

const credentials = (id: string, setup: MockSetup) =>
  story(`manage-programs-${id}`, { accounts: accounts.slice(0, 1), ...setup }, async (app) => {
    app.dialogs.manage('a1', 'credentials')
    await opened()
    await pause(150)
    document.getElementById('from-programs')?.scrollIntoView()
  })

const told = ['Options desk placed 2 orders and read positions 41 times.', 'strategy.py may use the local API: 3 accounts, to read.', 'Nobody is known by the token that a program sent: it was refused.']

/** What programs did, which isn't always about one account. */
const past = story('history-programs', {
  accounts,
  history: told.map((detail, i) => anEntry({ id: 9 - i, at: morning - minutes(3 + i * 11), kind: i ? 'client' : 'program', ok: i < 2, detail, ...(i ? { accountId: '', accountName: '', clientId: '' } : {}) })),
}, async (app) => {
  app.dialogs.history()
  await opened()
})

export const programs: Story[] = [...pages, ...forms, credentials('on', { preferences: on }), credentials('off', {}), past]
