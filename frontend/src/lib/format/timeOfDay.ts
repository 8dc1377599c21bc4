import { clockTime, ist, type Zone } from './time'

// Times of day and lead times as the preferences keep them: minutes.

const minute = 60_000
const day = 24 * 60

/** 510 → "08:30". */
export function timeOfDay(minutes: number): string {
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}

/** "8:30", "08.30", "0830" and "8" → minutes after midnight; null for anything else. */
export function parseTimeOfDay(text: string): number | null {
  const found = /^(\d{1,2})(?:[:.]?(\d{2}))?$/.exec(text.trim())
  if (!found) return null
  const [hours, minutes] = [Number(found[1]), Number(found[2] ?? 0)]
  return hours < 24 && minutes < 60 ? hours * 60 + minutes : null
}

/** 120 → "2 h", 90 → "1 h 30 min", 30 → "30 min". */
export function leadTime(minutes: number): string {
  const [h, min] = [Math.floor(minutes / 60), minutes % 60]
  return [h && `${h} h`, min && `${min} min`].filter(Boolean).join(' ') || '0 min'
}

/** A time of day in IST, by the clock of a zone on the day of now: "04:00". */
export function fromIST(minutes: number, now: number, zone: Zone): string {
  return clockTime(istInstant(minutes, now), zone)
}

/** Which day that is there, seen from the day in India; '' for the same. */
export function dayShift(minutes: number, now: number, zone: Zone): '' | 'the day before' | 'the day after' {
  const at = istInstant(minutes, now)
  const shift = dayNumber(at, zone) - dayNumber(at, ist)
  if (shift === 0) return ''
  return shift < 0 ? 'the day before' : 'the day after'
}

/** In quiet hours; from and to alike mean none. */
export function isQuiet(minutes: number, from: number, to: number): boolean {
  if (from === to) return false
  return from < to ? minutes >= from && minutes < to : minutes >= from || minutes < to
}

function istInstant(minutes: number, now: number): number {
  return (dayNumber(now, ist) * day + minutes - 330) * minute
}

function dayNumber(ms: number, zone: Zone): number {
  return Math.floor((ms / minute + zone.offsetAt(ms)) / day)
}

function two(n: number): string {
  return String(n).padStart(2, '0')
}
