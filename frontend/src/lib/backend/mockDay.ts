import type { Account, Backend, BackendEvent, CalendarDay, CheckSummary, DayPicture, HistoryEntry, HistoryFilter, Round } from './backend'
import { noRound } from './defaults'

// The half of the mock that keeps rounds of logins, the history and the day.

export interface DaySetup {
  round?: Round
  checkSummary?: CheckSummary
  history?: HistoryEntry[] // newest first
  dayPicture?: DayPicture
  calendar?: CalendarDay[] // newest last
}

type Method =
  | 'logInAll' | 'round' | 'skipLogin' | 'stopRound' | 'dismissRound' | 'checkAll'
  | 'history' | 'exportHistory' | 'dayPicture' | 'accountCalendar'

const hour = 3_600_000
const istOffset = 5.5 * hour

export function dayMethods(setup: DaySetup, now: number, accounts: () => Account[], emit: (event: BackendEvent) => void): Pick<Backend, Method> {
  let round: Round = structuredClone(setup.round ?? noRound)
  const put = (next: Round) => {
    round = next
    emit('round:changed')
    return structuredClone(round)
  }
  return {
    logInAll: async (ids) => put(begun(accounts(), ids)),
    round: async () => structuredClone(round),
    skipLogin: async () => void put(skipped(round)),
    stopRound: async () => void put({ ...round, state: 'done', current: -1, steps: round.steps.map((s) => (open(s) ? { ...s, outcome: 'stopped' } : s)) }),
    dismissRound: async () => void put(structuredClone(noRound)),
    checkAll: async () => setup.checkSummary ?? allAlive(accounts()),
    history: async (filter) => found(setup.history ?? [], filter),
    exportHistory: async () => '/home/asha/Documents/kite-history.csv',
    dayPicture: async () => structuredClone(setup.dayPicture ?? picture(accounts(), now)),
    accountCalendar: async (_id, days) => structuredClone(setup.calendar?.slice(-days) ?? emptyDays(days, now)),
  }
}

const open = (step: Round['steps'][number]) => step.outcome === 'waiting' || step.outcome === 'running'

function begun(accounts: Account[], ids: string[]): Round {
  const chosen = accounts.filter((a) => (ids.length ? ids.includes(a.accountId) : !a.hasActiveSession))
  const steps = chosen.map(({ accountId, accountName, clientId }, i) => ({ accountId, accountName, clientId, outcome: i ? 'waiting' : 'running', failure: null }) as const)
  return steps.length ? { state: 'running', stopping: false, current: 0, steps } : structuredClone(noRound)
}

function skipped(round: Round): Round {
  const steps = round.steps.map((s, i) => {
    if (i === round.current) return { ...s, outcome: 'skipped' as const }
    return i === round.current + 1 ? { ...s, outcome: 'running' as const } : s
  })
  const last = round.current + 1 >= steps.length
  return { ...round, steps, state: last ? 'done' : 'running', current: last ? -1 : round.current + 1 }
}

function allAlive(accounts: Account[]): CheckSummary {
  const checked = accounts.filter((a) => a.hasActiveSession).length
  return { checked, alive: checked, ended: 0, unknown: 0 }
}

function found(entries: HistoryEntry[], filter: HistoryFilter): HistoryEntry[] {
  const query = filter.query.toLowerCase()
  const kept = entries.filter(
    (e) =>
      (!filter.accountId || e.accountId === filter.accountId) &&
      (!filter.kind || e.kind === filter.kind) &&
      (!filter.before || e.id < filter.before) &&
      `${e.accountName} ${e.clientId} ${e.kind} ${e.detail}`.toLowerCase().includes(query),
  )
  return structuredClone(filter.limit ? kept.slice(0, filter.limit) : kept)
}

// From now to the next 06:00 IST.
function picture(accounts: Account[], now: number): DayPicture {
  const midnight = Math.floor((now + istOffset) / (24 * hour)) * 24 * hour - istOffset
  const today = midnight + 6 * hour
  const to = now < today ? today : today + 24 * hour
  const market = { from: Math.max(now, midnight + 9.25 * hour), to: midnight + 15.5 * hour }
  const living = accounts.filter((a) => a.hasActiveSession && a.session)
  return {
    from: now, to, marketNote: '', market: market.from < market.to ? [market] : [],
    sessions: living.map((a) => ({ accountId: a.accountId, accountName: a.accountName, from: a.session?.loginTime ?? now, to: a.session?.expiresAt ?? to })),
    idle: accounts.filter((a) => !living.includes(a)).map(({ accountId, accountName }) => ({ accountId, accountName })),
    reminders: living.length ? [{ at: to - 2 * hour, text: `${living.length === 1 ? '1 session ends' : `${living.length} sessions end`} in 2 h` }] : [],
  }
}

function emptyDays(days: number, now: number): CalendarDay[] {
  return Array.from({ length: days }, (_, i) => {
    const day = new Date(now + istOffset - (days - 1 - i) * 24 * hour)
    return { date: day.toISOString().slice(0, 10), trades: day.getUTCDay() % 6 !== 0, note: '', sessions: [] }
  })
}
