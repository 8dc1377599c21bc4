import type { HistoryEntry, HistoryFilter, HistoryKind } from '../backend/backend'
import { dayAndTime, type Zone } from './time'

/** What each kind is called, in the order in which they are offered. */
export const kindWords: Record<HistoryKind, string> = {
  login: 'Logged in',
  refresh: 'Session refreshed',
  expired: 'Session expired',
  'ended elsewhere': 'Ended elsewhere',
  'logged out': 'Logged out',
  'failed login': 'Login failed',
  test: 'Checked',
  export: 'Handed out',
  program: 'Used by a program',
  client: 'Program access',
}

/** How many entries are fetched at a time. */
export const pageSize = 100

export const everything: HistoryFilter = { accountId: '', kind: '', query: '', before: 0, limit: pageSize }

/** The words of an entry; a check says how it went. */
export function entryWords({ kind, ok }: HistoryEntry): string {
  if (kind === 'test') return ok ? 'Checked: works' : 'Check failed'
  return kindWords[kind] ?? kind
}

/** The entries of one day in the user's zone, newest first. */
export interface HistoryDay {
  title: string // "Today", "Thu 19 Nov"
  entries: HistoryEntry[]
}

/** Groups entries, newest first, by day. A clock that was set back makes a day come twice. */
export function byDay(entries: HistoryEntry[], now: number, zone: Zone): HistoryDay[] {
  const days: HistoryDay[] = []
  for (const entry of entries) {
    const title = dayTitle(entry.at, now, zone)
    const last = days.at(-1)
    if (last?.title === title) last.entries.push(entry)
    else days.push({ title, entries: [entry] })
  }
  return days
}

/** Whether the filter leaves anything out. */
export function isFiltered({ accountId, kind, query }: HistoryFilter): boolean {
  return accountId !== '' || kind !== '' || query.trim() !== ''
}

// dayAndTime ends in " HH:MM".
function dayTitle(at: number, now: number, zone: Zone): string {
  const date = dayAndTime(at, now, zone).slice(0, -6)
  return date.charAt(0).toUpperCase() + date.slice(1)
}
