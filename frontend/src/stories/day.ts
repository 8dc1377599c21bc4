import type { CalendarDay, DayPicture, HistoryEntry, HistoryKind } from '../lib/backend/backend'
import type { MockSetup } from '../lib/backend/mock'
import { aCalendar, aFailure, anAccount, anEntry, aRound, crowd, cutoff, family, hours, liveAccount, minutes, morning } from '../lib/testing/fixtures'
import { opened, press, story, type, type Story } from './story'

// What is done with many accounts, and the day: the timeline, rounds of
// logins, checks.

const closes = morning + minutes(330)
const unfolded: Story['act'] = (app) => void (app.day.open = true)

const reminders = [
  { at: morning + minutes(18), text: 'Intraday options desk ends in 30 min' },
  { at: cutoff - hours(8.5), text: '2 sessions end at 06:00' },
]

/** The picture of these accounts, as the program would make it. */
function picture(accounts = family(), change: Partial<DayPicture> = {}): DayPicture {
  const living = accounts.filter((a) => a.hasActiveSession && a.session)
  return {
    from: morning, to: cutoff, market: [{ from: morning, to: closes }], marketNote: '', reminders,
    sessions: living.map(({ accountId, accountName, session }) => ({ accountId, accountName, from: session?.loginTime ?? morning, to: session?.expiresAt ?? cutoff })),
    idle: accounts.filter((a) => !living.includes(a)).map(({ accountId, accountName }) => ({ accountId, accountName })),
    ...change,
  }
}

const timeline = (id: string, setup: MockSetup, act?: Story['act']) =>
  story(`day-${id}`, setup, async (app) => {
    await unfolded(app)
    await act?.(app)
  })

const one = [liveAccount({ accountName: 'Personal trading' })]
const idle = family().filter((a) => !a.hasActiveSession)
const early = cutoff - minutes(30)
const lateFamily = family().map((a) => (a.session ? { ...a, session: { ...a.session, expiresAt: cutoff } } : a))

/** Shows what the arrow keys show. */
async function keys(...pressed: string[]): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 100))
  const control = document.querySelector<HTMLElement>('[role="slider"]')
  control?.focus()
  for (const key of pressed) control?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
}

const timelines: Story[] = [
  timeline('one', { accounts: one, dayPicture: picture(one) }),
  timeline('family', { accounts: family(), dayPicture: picture() }),
  timeline('30', { accounts: crowd(30), dayPicture: picture(crowd(30)) }),
  timeline('abroad', { accounts: family(), dayPicture: picture(), offsetMinutes: -300 }),
  timeline('holiday', { accounts: family(), dayPicture: picture(family(), { market: [], marketNote: 'Market closed: Prakash Gurpurb Sri Guru Nanak Dev' }) }),
  timeline('nothing', { accounts: idle, dayPicture: picture(idle, { reminders: [] }) }),
  timeline('before-market', { now: morning - hours(2), accounts: family(), dayPicture: picture(family(), { from: morning - hours(2), market: [{ from: morning - minutes(45), to: closes }] }) }),
  timeline('near-cutoff', { now: cutoff - hours(3), accounts: lateFamily, dayPicture: picture(lateFamily, { from: cutoff - hours(3), market: [], reminders: [{ at: cutoff - minutes(30), text: '3 sessions end at 06:00' }] }) }),
  timeline('0530', { now: early, accounts: lateFamily, dayPicture: picture(lateFamily, { from: early, market: [], reminders: [] }) }),
  timeline('mark', { accounts: family(), dayPicture: picture() }, () => keys('ArrowRight', 'ArrowRight')),
  timeline('row', { accounts: family(), dayPicture: picture() }, () => keys('ArrowDown', 'ArrowDown')),
]

const long = 'Donaudampfschifffahrtsgesellschaft, Wertpapiersammelkonto der Hauptversammlungen'
const running = aRound(['active', 'running', 'waiting', 'waiting', 'waiting'])
const failed = aRound(['active', 'failed', 'skipped', 'active', 'failed'])
const inRound = family().map((a) => (a.accountId === 'a2' ? anAccount({ ...a, session: null, hasActiveSession: false, loginPhase: 'waiting', loginIn: 'browser', browserLoginOpen: true, hasPassword: true }) : a))

const rounds: Story[] = [
  story('round-running', { accounts: inRound, round: running }),
  story('round-name', { accounts: inRound, round: { ...running, steps: running.steps.map((s) => ({ ...s, accountName: long })) } }),
  story('round-name-failed', { accounts: family(), round: { ...failed, steps: failed.steps.map((s) => ({ ...s, accountName: long })) } }),
  story('round-stopping', { accounts: inRound, round: { ...running, stopping: true } }),
  story('round-failed', { accounts: family(), round: failed }),
  story('round-done', { accounts: family(), round: aRound(['active', 'active', 'active']) }),
  story('round-refused', { accounts: family(), failures: { logInAll: aFailure('ELOCKED', 'The vault with your keys isn’t open.', 'Press Unlock at the top of the window.') } }, (app) => app.round.start([])),
  story('round-asks', { accounts: family(), failures: { logInAll: aFailure('ECONFIRM', '2 of these accounts have a session. A new login ends their tokens at once, also in programs that use them.') } }, (app) => void app.round.start(['a1', 'a2'])),
  story('choosing', { accounts: family() }, (app) => {
    app.round.choose(true)
    for (const id of ['a3', 'a4', 'a1']) app.round.toggle(id)
  }),
  story('choosing-list', { accounts: family(), listPreferences: { view: 'list', sort: 'name' } }, (app) => {
    app.round.choose(true)
    app.round.toggle('a4')
  }),
  story('checking', { accounts: family(), hanging: ['checkAll'] }, () => press('Check all')),
  story('checked', { accounts: checkedFamily(), checkSummary: { checked: 6, alive: 4, ended: 1, unknown: 1 } }, () => press('Check all')),
  story('checked-list', { accounts: checkedFamily(), listPreferences: { view: 'list', sort: 'name' }, checkSummary: { checked: 3, alive: 2, ended: 0, unknown: 1 } }, () => press('Check all')),
]

function checkedFamily() {
  const offline = aFailure('EOFFLINE', 'Kite can’t be reached.', 'Check the internet connection and try again.')
  return family().map((a, i) => (a.hasActiveSession ? { ...a, lastCheck: { at: morning - minutes(19), ok: i !== 1, failure: i === 1 ? offline : null } } : a))
}

const told: [HistoryKind, string, boolean][] = [
  ['test', '', true],
  ['login', '', true],
  ['failed login', 'The login window was closed before the login was finished.', false],
  ['expired', '', true],
  ['export', 'The access token was copied.', true],
  ['test', 'Kite can’t be reached.', false],
  ['ended elsewhere', 'Kite no longer takes the token: someone logged in elsewhere, or logged out.', true],
  ['refresh', '', true],
  ['logged out', '', true],
  ['export', 'The token was handed to backtest.py.', true],
  ['program', 'Options desk read holdings and placed 2 orders.', true],
  ['client', 'The program Options desk was revoked.', true],
]

/** As many entries as asked for, three hours apart. */
function entries(count: number): HistoryEntry[] {
  return Array.from({ length: count }, (_, i) => {
    const [kind, detail, ok] = told[i % told.length] ?? ['login', '', true]
    const { accountId, accountName, clientId } = family()[(i * 5) % 6] ?? anAccount()
    return anEntry({ id: count - i, at: morning - minutes(4) - i * hours(2.9), accountId, accountName, clientId, kind, detail, ok })
  })
}

/** Twelve weeks with holidays, days left out, and two logins on some days. */
function calendar(): CalendarDay[] {
  return aCalendar(84).map((day, i, all) => {
    if (day.date === '2026-11-10') return { ...day, trades: false, note: 'Diwali-Balipratipada', sessions: [] }
    if (day.date === '2026-11-08') return { ...day, trades: true, note: 'Muhurat trading (Diwali Laxmi Pujan)' }
    return { ...day, sessions: day.sessions.map((s) => ({ ...s, endedReason: i === all.length - 1 ? '' : 'expired' })) }
  })
}

const history = (id: string, setup: MockSetup, account = '', act?: Story['act']) =>
  story(`history-${id}`, { accounts: family(), calendar: calendar(), ...setup }, async (app) => {
    app.dialogs.history(account)
    await opened()
    await act?.(app)
  })

const histories: Story[] = [
  history('all', { history: entries(250) }),
  history('abroad', { history: entries(250), offsetMinutes: -300 }),
  history('account', { history: entries(250) }, 'a2'),
  history('empty', {}),
  history('account-empty', { calendar: [] }, 'a4'),
  history('searching', { history: entries(250) }, '', async () => {
    await type('history-search', 'huf')
    await new Promise((resolve) => setTimeout(resolve, 300))
  }),
  history('nothing-found', { history: entries(250) }, '', async () => {
    await type('history-search', 'nobody')
    await new Promise((resolve) => setTimeout(resolve, 300))
  }),
  history('failed', { failures: { history: aFailure('EDATA', 'The history couldn’t be read.', 'Try again. If it stays, see the log.') } }),
  history('loading', { hanging: ['history'] }),
  history('day', { history: entries(30) }, 'a2', async () => {
    await new Promise((resolve) => setTimeout(resolve, 150))
    document.querySelector<HTMLElement>('[data-date="2026-11-08"]')?.focus()
  }),
]

export const dayStories: Story[] = [...timelines, ...rounds, ...histories]
