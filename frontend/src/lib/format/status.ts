import type { Account, Failure, Session } from '../backend/backend'
import { clockTime, inClearing, type Zone } from './time'

/** What a badge says, in the order in which the list sorts it. */
export type StatusKind = 'loggingIn' | 'error' | 'unknown' | 'active' | 'ending' | 'expired' | 'none'

export interface Status {
  kind: StatusKind
  word: string
  detail: string // a few more words, '' if none
}

/** Under two hours a session is called ending (kite.EndingSoon). */
export const endingSoon = 2 * 60 * 60 * 1000

const phases: Record<string, string> = {
  opening: 'opening the window',
  waiting: 'waiting for you',
  'opening browser': 'opening your browser',
  'opening paste': 'opening your browser',
  'waiting browser': 'waiting for your browser',
  'waiting paste': 'waiting for the redirect URL',
  exchanging: 'exchanging the token',
  verifying: 'checking who logged in',
  saving: 'saving',
}

/** How far a login is, in a few words. */
export function phaseWords({ loginPhase, loginIn }: Pick<Account, 'loginPhase' | 'loginIn'>): string {
  return phases[`${loginPhase} ${loginIn}`] ?? phases[loginPhase] ?? ''
}

/** The session if it can be used at that moment, else null. */
export function livingSession(account: Account, now: number): Session | null {
  const s = account.session
  return s && s.status === 'active' && now < s.expiresAt ? s : null
}

/** Kite may end the living session any minute: between 05:00 and 08:00 IST. */
export function mayEndAnyMinute(account: Account, now: number): boolean {
  return livingSession(account, now) !== null && inClearing(now)
}

/**
 * The badge at that moment. The program derives the same one and says when it
 * changes; deriving it here too turns it at the second of expiry.
 */
export function statusOf(account: Account, now: number, zone: Zone): Status {
  if (account.loginPhase) return { kind: 'loggingIn', word: 'Logging in…', detail: phaseWords(account) }
  const session = livingSession(account, now)
  if (!session) return ended(account.session)
  const doubt = checkFailure(account)
  if (doubt?.code === 'EOFFLINE') return { kind: 'unknown', word: 'Unknown', detail: offlineSince(session, zone) }
  if (doubt) return { kind: 'error', word: 'Error', detail: doubt.message }
  if (session.expiresAt - now < endingSoon) return { kind: 'ending', word: 'Ends soon', detail: '' }
  return { kind: 'active', word: 'Active', detail: '' }
}

/** The failure of the last check, unless it succeeded. */
export function checkFailure(account: Account): Failure | null {
  return account.lastCheck && !account.lastCheck.ok ? account.lastCheck.failure : null
}

/** The words of the button that begins a login. */
export function loginWords(account: Account, now: number): string {
  const s = account.session
  if (!s || s.endedReason === 'logged out') return 'Get Session Token'
  if (!livingSession(account, now) && s.endedReason === 'ended elsewhere') return 'Log in again'
  return 'Refresh Session'
}

/** The login button comes forward where a login is the next thing to do. */
export function loginIsDue(account: Account, now: number): boolean {
  const s = livingSession(account, now)
  return !s || s.expiresAt - now < endingSoon
}

function ended(session: Session | null): Status {
  if (!session) return { kind: 'none', word: 'No session', detail: '' }
  switch (session.endedReason) {
    case 'ended elsewhere':
      return { kind: 'expired', word: 'Ended elsewhere', detail: '' }
    case 'logged out':
      return { kind: 'expired', word: 'Logged out', detail: '' }
    default:
      return { kind: 'expired', word: 'Session expired', detail: '' }
  }
}

function offlineSince(session: Session, zone: Zone): string {
  return session.verifiedAt ? `offline, last seen ${clockTime(session.verifiedAt, zone)}` : 'offline'
}
