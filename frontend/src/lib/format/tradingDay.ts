import type { NamedDay } from '../backend/backend'

// Calendar days as 2026-12-25, in IST.

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const istOffset = 330 * 60_000

/** "2026-12-25" → "Fri 25 Dec 2026". */
export function longDate(date: string): string {
  const d = new Date(`${date}T00:00:00Z`)
  return `${weekdays[d.getUTCDay()]} ${d.getUTCDate()} ${months[d.getUTCMonth()]} ${d.getUTCFullYear()}`
}

/** The day in India. */
export function todayInIndia(now: number): string {
  return new Date(now + istOffset).toISOString().slice(0, 10)
}

/** Whether such a day exists. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const d = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(d.getTime()) && d.toISOString().startsWith(text)
}

/** What is wrong with a day that is to be added; '' if nothing. */
export function dayProblem(date: string, known: NamedDay[]): string {
  if (!isDay(date)) return 'Write the day like 2026-12-25.'
  const same = known.find((d) => d.date === date)
  return same ? `${longDate(date)} is in the list already.` : ''
}
