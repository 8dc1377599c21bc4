import type { CalendarDay } from '../backend/backend'
import { clockTime, ist } from './time'

const minute = 60_000
const dayLength = 24 * 60 * minute

/** What a calendar day was, most telling first. */
export type DayKind = 'session' | 'missed' | 'closed'

/** One day of the calendar as it is drawn. */
export interface CalendarCell {
  date: string
  kind: DayKind
  words: string // "Tue 24 Nov: 08:12 to 06:00 IST next day"
}

/**
 * The days with the sessions that began on each. A session's part after
 * midnight belongs to the day it began on: else every Saturday would look
 * traded, since Friday's session lasts until 06:00.
 */
export function calendarCells(days: CalendarDay[]): CalendarCell[] {
  return days.map((day, i) => {
    const begun = day.sessions.filter((s) => !continues(day, s.from))
    const spans = begun.map((s) => spanWords(days, i, s))
    const kind = begun.length > 0 ? 'session' : day.trades ? 'missed' : 'closed'
    const what = spans.length > 0 ? spans.join(', ') : kind === 'missed' ? 'no session' : 'market closed'
    const note = day.note ? ` · ${day.note}` : ''
    return { date: day.date, kind, words: `${dateWords(day.date)}: ${what}${note}` }
  })
}

/** The cells as weeks from Monday to Sunday; null where a week isn't whole. */
export function calendarWeeks<T extends { date: string }>(cells: T[]): (T | null)[][] {
  const [first] = cells
  if (!first) return []
  const before = weekday(first.date)
  const padded: (T | null)[] = [...Array<null>(before).fill(null), ...cells]
  while (padded.length % 7 !== 0) padded.push(null)
  return Array.from({ length: padded.length / 7 }, (_, week) => padded.slice(week * 7, week * 7 + 7))
}

/** "Tue 24 Nov" for 2026-11-24. */
export function dateWords(date: string): string {
  return `${part(date, { weekday: 'short' })} ${Number(date.slice(8))} ${monthOf(date)}`
}

/** "Nov" for 2026-11-24. */
export function monthOf(date: string): string {
  return part(date, { month: 'short' })
}

type Part = CalendarDay['sessions'][number]

function spanWords(days: CalendarDay[], i: number, part: Part): string {
  const [day, next] = [days[i], days[i + 1]]
  const from = clockTime(part.from, ist)
  const atMidnight = day !== undefined && part.to >= startOf(day.date) + dayLength - minute
  const rest = atMidnight ? next?.sessions.find((s) => continues(next, s.from)) : undefined
  const last = rest ?? part
  const newest = i + (rest ? 2 : 1) === days.length
  if (!last.endedReason && newest) return `since ${from} IST, active`
  const reason = last.endedReason && last.endedReason !== 'expired' ? ` (${last.endedReason})` : ''
  return `${from} to ${clockTime(last.to, ist)} IST${atMidnight ? ' next day' : ''}${reason}`
}

function continues(day: CalendarDay, from: number): boolean {
  return from <= startOf(day.date)
}

function startOf(date: string): number {
  return Date.parse(`${date}T00:00:00+05:30`)
}

// Monday is 0.
function weekday(date: string): number {
  return (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7
}

function part(date: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`))
}
