// Times as people read them. Input is milliseconds since 1970 (UTC); what the
// wall shows depends on a Zone, never on Date's own idea of it, so that the
// program's clock and zone count.

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** A zone: minutes east of Greenwich at an instant (summer time changes it). */
export interface Zone {
  offsetAt(ms: number): number
}

/** Indian Standard Time has no summer time. */
export const ist: Zone = { offsetAt: () => 330 }

/** A zone of one fixed offset. */
export function fixedZone(offsetMinutes: number): Zone {
  return { offsetAt: () => offsetMinutes }
}

/**
 * The user's zone: the browser's, which knows summer time, as long as it agrees
 * with the offset that the program reports for now; else that offset.
 */
export function userZone(now: number, offsetMinutes: number): Zone {
  const offsetAt = (ms: number) => -new Date(ms).getTimezoneOffset()
  return offsetAt(now) === offsetMinutes ? { offsetAt } : fixedZone(offsetMinutes)
}

/**
 * Time left: hours and minutes from one hour up ("7 h 05 min"), minutes and
 * seconds below ("59 min 09 s"). Never negative. Two digits after the first
 * unit keep the width steady while it counts.
 */
export function timeLeft(ms: number): string {
  const left = Math.max(0, ms)
  if (left >= hour) return `${Math.floor(left / hour)} h ${two(Math.floor((left % hour) / minute))} min`
  return `${Math.floor(left / minute)} min ${two(Math.floor((left % minute) / second))} s`
}

/** "06:00". */
export function clockTime(ms: number, zone: Zone): string {
  const d = wall(ms, zone)
  return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`
}

/**
 * Clock time with as much of the date as needed: "today 08:41",
 * "tomorrow 06:00", "Thu 19 Nov 16:02", "19 Nov 2025 16:02".
 */
export function dayAndTime(ms: number, now: number, zone: Zone): string {
  const time = clockTime(ms, zone)
  const d = wall(ms, zone)
  const date = `${d.getUTCDate()} ${months[d.getUTCMonth()]}`
  switch (dayNumber(ms, zone) - dayNumber(now, zone)) {
    case 0:
      return `today ${time}`
    case 1:
      return `tomorrow ${time}`
    case -1:
      return `yesterday ${time}`
  }
  if (d.getUTCFullYear() === wall(now, zone).getUTCFullYear()) return `${weekdays[d.getUTCDay()]} ${date} ${time}`
  return `${date} ${d.getUTCFullYear()} ${time}`
}

/** Between 05:00 and 08:00 IST, when Kite clears tokens. */
export function inClearing(ms: number): boolean {
  const h = wall(ms, ist).getUTCHours()
  return h >= 5 && h < 8
}

/** "0.4 s" or "85 ms". */
export function duration(ms: number): string {
  return ms < second ? `${Math.round(ms)} ms` : `${(ms / second).toFixed(1)} s`
}

function wall(ms: number, zone: Zone): Date {
  return new Date(ms + zone.offsetAt(ms) * minute)
}

function dayNumber(ms: number, zone: Zone): number {
  return Math.floor((ms + zone.offsetAt(ms) * minute) / day)
}

function two(n: number): string {
  return String(n).padStart(2, '0')
}
