import type { Account, DayPicture } from '../backend/backend'
import { livingSession } from './status'
import { clockTime, dayAndTime, ist, type Zone } from './time'

const minute = 60_000
const hour = 60 * minute

/** Rows of the timeline before the rest is a number. */
export const maxRows = 8

/** Accounts that a morning's round logs in: without a living session, and not left out. */
export function needsLogin(account: Account, now: number, leftOut: string[]): boolean {
  return !account.loginPhase && !livingSession(account, now) && !leftOut.includes(account.accountId)
}

/** What the timeline spans: from the full hour before now, in the user's zone, to the cut-off. */
export interface Span {
  from: number
  to: number
}

export function spanOf(picture: DayPicture, now: number, zone: Zone): Span {
  const start = Math.min(Math.max(now, picture.from), picture.to - minute)
  return { from: floorTo(start, hour, zone), to: picture.to }
}

/** Where a moment lies, in percent of the span, never outside of it. */
export function percent(at: number, { from, to }: Span): number {
  return Math.min(100, Math.max(0, ((at - from) / (to - from)) * 100))
}

const steps = [15, 30, 60, 120, 180, 240, 360].map((n) => n * minute)

/** Moments that get a label, some so many at most: round ones in the user's zone, and the cut-off. */
export function ticksOf(span: Span, zone: Zone, most = 12): number[] {
  const length = span.to - span.from
  const step = steps.find((s) => length / s <= most) ?? 12 * hour
  const ticks: number[] = []
  for (let at = floorTo(span.from, step, zone); at < span.to; at += step) {
    // The cut-off's label comes first; what is too near to it has none.
    if (at >= span.from && span.to - at > (length / most) * 0.75) ticks.push(at)
  }
  return [...ticks, span.to]
}

/** A moment of the day at which something happens, with what. */
export interface Mark {
  at: number
  words: string[] // sentences without a full stop
}

/** What is still to come, in order; what falls on the same minute is one mark. */
export function marksOf(picture: DayPicture, now: number): Mark[] {
  const marks = new Map<number, Mark>()
  const add = (at: number, words: string) => {
    if (at <= now || at > picture.to) return
    const key = Math.floor(at / minute)
    const mark = marks.get(key)
    if (mark) mark.words.push(words)
    else marks.set(key, { at, words: [words] })
  }
  for (const { from, to } of picture.market) {
    if (from > picture.from) add(from, 'Market opens')
    add(to, 'Market closes')
  }
  for (const [at, names] of endsOf(picture)) add(at, endWords(names))
  for (const { at, text } of picture.reminders) add(at, `Reminder: ${text}`)
  add(picture.to, 'Kite’s cut-off')
  return [...marks.values()].sort((a, b) => a.at - b.at)
}

/** "today 15:30", abroad "today 11:00 (15:30 IST)". */
export function exactTime(at: number, now: number, zone: Zone, inIndia: boolean): string {
  return dayAndTime(at, now, zone) + (inIndia ? '' : ` (${clockTime(at, ist)} IST)`)
}

/** The day in two phrases: who is ready, and the market. */
export function summaryOf(picture: DayPicture, now: number, zone: Zone): string[] {
  return [readyWords(picture, now, zone), marketWords(picture, now, zone)]
}

/** "Market open until 15:30", "Market opens 09:15", the note, or why there is none today. */
export function marketWords(picture: DayPicture, now: number, zone: Zone): string {
  const next = picture.market.find(({ to }) => to > now)
  if (!next) return picture.marketNote || 'Market closed'
  return next.from <= now ? `Market open until ${clockTime(next.to, zone)}` : `Market opens ${clockTime(next.from, zone)}`
}

function readyWords({ sessions, idle }: DayPicture, now: number, zone: Zone): string {
  const ready = sessions.filter((s) => s.to > now)
  const total = sessions.length + idle.length
  if (ready.length === 0) return total === 1 ? 'No session' : `None of ${total} accounts ready`
  const ends = ready.map((s) => s.to)
  const first = clockTime(Math.min(...ends), zone)
  const until = Math.min(...ends) === Math.max(...ends) ? `until ${first}` : `the first until ${first}`
  if (total === 1) return `Session ${until}`
  return `${ready.length === total ? `All ${total}` : `${ready.length} of ${total}`} accounts ready, ${until}`
}

function endsOf(picture: DayPicture): Map<number, string[]> {
  const ends = new Map<number, string[]>()
  for (const { to, accountName } of picture.sessions) ends.set(to, [...(ends.get(to) ?? []), accountName])
  return ends
}

function endWords(names: string[]): string {
  return names.length === 1 ? `Session of ${names[0]} ends` : `${names.length} sessions end: ${someNames(names)}`
}

/** The first four names, and how many more. */
export function someNames(names: string[]): string {
  const shown = names.slice(0, 4).join(', ')
  return names.length > 4 ? `${shown} and ${names.length - 4} more` : shown
}

/** A row of the timeline; to is null for an account without a session. */
export interface Row {
  accountId: string
  name: string
  from: number
  to: number | null
}

/** The first accounts, those whose session ends first on top, and how many more there are. */
export function rowsOf({ sessions, idle }: DayPicture): { rows: Row[]; more: number } {
  const all: Row[] = [
    ...sessions.map(({ accountId, accountName: name, from, to }) => ({ accountId, name, from, to })).sort((a, b) => a.to - b.to),
    ...idle.map(({ accountId, accountName: name }) => ({ accountId, name, from: 0, to: null })),
  ]
  return { rows: all.slice(0, maxRows), more: Math.max(0, all.length - maxRows) }
}

function floorTo(at: number, step: number, zone: Zone): number {
  const offset = zone.offsetAt(at) * minute
  return Math.floor((at + offset) / step) * step - offset
}
