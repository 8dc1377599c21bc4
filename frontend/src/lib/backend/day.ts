import type { EndedReason, Failure } from './account'

// Rounds of logins, the history and the day.

export type RoundOutcome = 'waiting' | 'running' | 'active' | 'skipped' | 'failed' | 'stopped'

/** Log in all: one login window after another. */
export interface Round {
  state: 'none' | 'running' | 'done' // done: the summary stays until dismissed
  stopping: boolean
  steps: { accountId: string; accountName: string; clientId: string; outcome: RoundOutcome; failure: Failure | null }[]
  current: number // index of the running step, -1 if none
}

export interface CheckSummary {
  checked: number
  alive: number
  ended: number
  unknown: number // no answer
}

export type HistoryKind = 'login' | 'refresh' | 'expired' | 'ended elsewhere' | 'logged out' | 'failed login' | 'test' | 'export' | 'program' | 'client'

export interface HistoryEntry {
  id: number
  at: number
  accountId: string
  accountName: string
  clientId: string
  kind: HistoryKind
  ok: boolean
  detail: string // a sentence or ''
}

export interface HistoryFilter {
  accountId: string // '' = all
  kind: HistoryKind | ''
  query: string
  before: number // id of the last entry known, 0 for the first page
  limit: number
}

/** From now to the next cut-off (06:00 IST). */
export interface DayPicture {
  from: number
  to: number // the cut-off
  market: { from: number; to: number }[] // NSE equity hours within it
  marketNote: string // 'Market closed: Christmas' or ''
  sessions: { accountId: string; accountName: string; from: number; to: number }[] // living ones; from is the login
  idle: { accountId: string; accountName: string }[] // accounts without a session
  reminders: { at: number; text: string }[] // to come, in order
}

/** One past day of an account, in IST. */
export interface CalendarDay {
  date: string
  trades: boolean
  note: string // name of a holiday or special session
  sessions: { from: number; to: number; endedReason: EndedReason }[] // parts of that day
}
