import type { Account, CalendarDay, Client, Failure, HistoryEntry, LoginFailure, Preferences, Release, Round, Session } from '../backend/backend'
import { defaultPreferences } from '../backend/defaults'
import { defaultCallbackUrl } from '../state/form.svelte'

/** Monday 23 November 2026, 10:00 in India. */
export const morning = Date.UTC(2026, 10, 23, 4, 30)
/** The next 06:00 IST. */
export const cutoff = Date.UTC(2026, 10, 24, 0, 30)

export const minutes = (n: number) => n * 60_000
export const hours = (n: number) => n * 3_600_000

/** An account without a session. */
export function anAccount(change: Partial<Account> = {}): Account {
  const accountId = change.accountId ?? 'a1'
  return {
    accountId,
    accountName: 'Personal', clientId: 'AB1234', phoneNumber: '+91 98765 43210', apiKey: 'k7x2m9q4w8e1r5t3',
    accountType: 'live', callbackUrl: defaultCallbackUrl, postbackUrl: '',
    hasPassword: false, hasApiSecret: true, sessionLifetimeHours: 24, loginUrl: '', apiRoot: '', allowedHosts: [],
    slug: 'personal', loginWay: 'window', lastLoginAt: null, createdAt: morning - hours(240), updatedAt: morning - hours(240),
    hasActiveSession: false, session: null, badge: 'none', mayEndAnyMinute: false,
    loginPhase: '', loginIn: '', browserLoginOpen: false, loginFailure: null, warnings: [], lastCheck: null,
    ...change,
  }
}

/** A session that lives from an hour before morning until the cut-off. */
export function aSession(change: Partial<Session> = {}): Session {
  return {
    sessionId: 's1', accountId: 'a1', userId: 'AB1234', userName: 'Asha Rao', userShortname: 'Asha',
    email: 'asha.rao@example.com', userType: 'individual', broker: 'ZERODHA',
    loginTime: morning - hours(1), ttl: 24, expiresAt: cutoff, createdAt: morning - hours(1),
    verifiedAt: morning - minutes(79), status: 'active', endedReason: '', endedAt: null, hasAccessToken: true,
    ...change,
  }
}

/** An account with a living session. */
export function liveAccount(change: Partial<Account> = {}, session: Partial<Session> = {}): Account {
  const s = aSession({ accountId: change.accountId ?? 'a1', ...session })
  return anAccount({ hasActiveSession: true, badge: 'active', lastLoginAt: s.loginTime, session: s, ...change })
}

/** An account whose session is over. */
export function endedAccount(reason: Session['endedReason'], change: Partial<Account> = {}): Account {
  const session = aSession({
    accountId: change.accountId ?? 'a1', loginTime: morning - hours(25), expiresAt: cutoff - hours(24), verifiedAt: morning - hours(9),
    status: 'expired', endedReason: reason, endedAt: reason === 'expired' ? cutoff - hours(24) : morning - minutes(4), hasAccessToken: false,
  })
  return anAccount({ badge: 'expired', lastLoginAt: session.loginTime, session, ...change })
}

export function aFailure(code: string, message: string, hint = '', field = ''): Failure {
  return { code, message, hint, field }
}

export function aLoginFailure(message: string, hint: string, change: Partial<LoginFailure> = {}): LoginFailure {
  return { ...aFailure('EINTERNAL', message, hint), at: morning, canPasteRedirect: true, blockedHosts: [], ...change }
}

/** Accounts in every lasting state. */
export function family(): Account[] {
  return [
    liveAccount({ accountId: 'a1', accountName: 'Personal trading' }),
    liveAccount({ accountId: 'a2', accountName: 'Intraday options desk', clientId: 'CD5678', badge: 'ending', hasPassword: true }, { expiresAt: morning + minutes(48), ttl: 1.8 }),
    endedAccount('expired', { accountId: 'a3', accountName: 'Meera, long term', clientId: 'EF9012' }),
    anAccount({ accountId: 'a4', accountName: 'HUF account', clientId: 'GH3456', hasApiSecret: false }),
    endedAccount('ended elsewhere', { accountId: 'a5', accountName: 'Algo server', clientId: 'IJ7890' }),
    liveAccount({ accountId: 'a6', accountName: 'Sandbox', clientId: 'SB0001', accountType: 'sandbox', hasPassword: true }),
  ]
}

const first = ['Asha', 'Ravi', 'Meera', 'Kiran', 'Dev', 'Lata', 'Om', 'Priya', 'Sunil', 'Tara']
const purpose = ['personal', 'options', 'long term', 'HUF', 'intraday']

/** As many accounts as asked for, in mixed states. */
export function crowd(count: number): Account[] {
  return Array.from({ length: count }, (_, i) => {
    const change = {
      accountId: `c${i}`,
      accountName: `${first[i % first.length]} ${purpose[Math.floor(i / 10) % purpose.length]} ${i + 1}`,
      clientId: `ZX${String(1000 + i)}`,
    }
    if (i % 7 === 3) return anAccount(change)
    if (i % 5 === 2) return endedAccount('expired', change)
    return liveAccount(change, { expiresAt: i % 6 === 1 ? morning + minutes(20 + i / 2) : cutoff })
  })
}

export function somePreferences(change: Partial<Preferences> = {}): Preferences {
  return { ...defaultPreferences, ...change }
}

/** A round of the family's accounts without a session; outcomes in their order. */
export function aRound(outcomes: Round['steps'][number]['outcome'][], change: Partial<Round> = {}): Round {
  const steps = outcomes.map((outcome, i) => {
    const { accountId, accountName, clientId } = family()[i % 6] as Account
    return { accountId, accountName, clientId, outcome, failure: outcome === 'failed' ? aFailure('ECANCELED', 'The login window was closed before the login was finished.') : null }
  })
  const current = outcomes.indexOf('running')
  return { state: current < 0 ? 'done' : 'running', stopping: false, current, steps, ...change }
}

/** What happened to an account, a minute before morning. */
export function anEntry(change: Partial<HistoryEntry> = {}): HistoryEntry {
  return { id: 1, at: morning - minutes(1), accountId: 'a1', accountName: 'Personal trading', clientId: 'AB1234', kind: 'login', ok: true, detail: '', ...change }
}

/** The last days up to morning's, newest last, a session on most trading days. */
export function aCalendar(days: number): CalendarDay[] {
  return Array.from({ length: days }, (_, i) => {
    const midnight = cutoff - hours(30) - hours(24) * (days - 1 - i) // 00:00 IST
    const day = new Date(midnight + hours(12))
    const trades = day.getUTCDay() % 6 !== 0
    const sessions = trades && i % 6 !== 4
      ? [{ from: midnight + hours(8) + minutes(12 + (i % 5) * 7), to: midnight + hours(24), endedReason: '' as const }]
      : []
    return { date: day.toISOString().slice(0, 10), trades, note: '', sessions }
  })
}

/** A program that may read all accounts and was added yesterday. */
export function aClient(change: Partial<Client> = {}): Client {
  return { id: 'p1', name: 'strategy.py', accountIds: [], allAccounts: true, mayTrade: false, createdAt: morning - hours(24), lastUsedAt: null, ...change }
}

/** A version that is out. */
export function aRelease(change: Partial<Release> = {}): Release {
  return { version: '1.3.0', date: '2026-11-20', notes: ['Reminders can be put off until tomorrow.'], security: false, ...change }
}
