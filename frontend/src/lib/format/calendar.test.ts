import { describe, expect, test } from 'vitest'
import type { CalendarDay, EndedReason } from '../backend/backend'
import { calendarCells, calendarWeeks, dateWords } from './calendar'

const at = (iso: string) => Date.parse(`${iso}+05:30`)
const day = (date: string, change: Partial<CalendarDay> = {}): CalendarDay => ({ date, trades: true, note: '', sessions: [], ...change })

// Monday's session until Tuesday 06:00, as the program cuts it at midnight.
const evening = { from: at('2026-11-23T08:12'), to: at('2026-11-24T00:00'), endedReason: '' as EndedReason }
const night = { from: at('2026-11-24T00:00'), to: at('2026-11-24T06:00'), endedReason: 'expired' as const }

describe('calendarCells', () => {
  test('a session counts on the day it began, to its end on the next', () => {
    const cells = calendarCells([day('2026-11-23', { sessions: [evening] }), day('2026-11-24', { sessions: [night] })])
    expect(cells).toEqual([
      { date: '2026-11-23', kind: 'session', words: 'Mon 23 Nov: 08:12 to 06:00 IST next day' },
      { date: '2026-11-24', kind: 'missed', words: 'Tue 24 Nov: no session' },
    ])
  })

  test('two sessions of a day, and why one ended', () => {
    const first = { from: at('2026-11-23T08:12'), to: at('2026-11-23T11:40'), endedReason: 'ended elsewhere' as const }
    const second = { ...evening, from: at('2026-11-23T11:41') }
    const [cell] = calendarCells([day('2026-11-23', { sessions: [first, second] }), day('2026-11-24', { sessions: [night] })])
    expect(cell?.words).toBe('Mon 23 Nov: 08:12 to 11:40 IST (ended elsewhere), 11:41 to 06:00 IST next day')
  })

  test('a living session has no end yet', () => {
    const [cell] = calendarCells([day('2026-11-23', { sessions: [{ ...evening, to: at('2026-11-23T10:00') }] })])
    expect(cell).toMatchObject({ kind: 'session', words: 'Mon 23 Nov: since 08:12 IST, active' })
  })

  test('and goes on after midnight', () => {
    const [cell] = calendarCells([
      day('2026-11-23', { sessions: [evening] }),
      day('2026-11-24', { sessions: [{ ...night, to: at('2026-11-24T02:10'), endedReason: '' }] }),
    ])
    expect(cell?.words).toBe('Mon 23 Nov: since 08:12 IST, active')
  })

  test('weekends and holidays are closed, with the name; a special session that was missed is missed', () => {
    const cells = calendarCells([
      day('2026-11-08', { note: 'Muhurat trading (Diwali Laxmi Pujan)' }),
      day('2026-11-21', { trades: false }),
      day('2026-11-24', { trades: false, note: 'Prakash Gurpurb Sri Guru Nanak Dev' }),
    ])
    expect(cells.map((c) => [c.kind, c.words])).toEqual([
      ['missed', 'Sun 8 Nov: no session · Muhurat trading (Diwali Laxmi Pujan)'],
      ['closed', 'Sat 21 Nov: market closed'],
      ['closed', 'Tue 24 Nov: market closed · Prakash Gurpurb Sri Guru Nanak Dev'],
    ])
  })
})

describe('calendarWeeks', () => {
  test('weeks begin on Monday; what isn’t known is empty', () => {
    const cells = ['2026-11-21', '2026-11-22', '2026-11-23'].map((date) => ({ date }))
    const weeks = calendarWeeks(cells)
    expect(weeks.map((w) => w.map((c) => c?.date.slice(8) ?? ''))).toEqual([
      ['', '', '', '', '', '21', '22'],
      ['23', '', '', '', '', '', ''],
    ])
    expect(calendarWeeks([])).toEqual([])
  })
})

test('dates are those of India, whatever the computer’s zone', () => {
  expect(dateWords('2026-09-01')).toBe('Tue 1 Sep')
})
