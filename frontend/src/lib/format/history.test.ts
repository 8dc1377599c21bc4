import { describe, expect, test } from 'vitest'
import type { HistoryEntry } from '../backend/backend'
import { hours, morning } from '../testing/fixtures'
import { byDay, entryWords, everything, isFiltered } from './history'
import { fixedZone, ist } from './time'

const entry = (id: number, at: number, change: Partial<HistoryEntry> = {}): HistoryEntry => ({
  id, at, accountId: 'a1', accountName: 'Personal', clientId: 'AB1234', kind: 'login', ok: true, detail: '', ...change,
})

describe('byDay', () => {
  const entries = [entry(4, morning), entry(3, morning - hours(9)), entry(2, morning - hours(11)), entry(1, morning - hours(100))]
  test.each([
    ['India', ist, [['Today', 2], ['Yesterday', 1], ['Thu 19 Nov', 1]]],
    ['New York', fixedZone(-300), [['Yesterday', 3], ['Wed 18 Nov', 1]]],
  ])('in the days of the user’s zone: %s', (name, zone, days) => {
    // In New York, 10:00 in India is 23:30 of the day before, so “now” is half an hour later there.
    const now = name === 'India' ? morning : morning + hours(1)
    expect(byDay(entries, now, zone).map((d) => [d.title, d.entries.length])).toEqual(days)
  })

  test('keeps the order it is given', () => {
    expect(byDay(entries, morning, ist).flatMap((d) => d.entries.map((e) => e.id))).toEqual([4, 3, 2, 1])
  })
})

test.each([
  [entry(1, 0), 'Logged in'],
  [entry(1, 0, { kind: 'test' }), 'Checked: works'],
  [entry(1, 0, { kind: 'test', ok: false }), 'Check failed'],
  [entry(1, 0, { kind: 'failed login', ok: false }), 'Login failed'],
])('entryWords %#', (e, words) => expect(entryWords(e)).toBe(words))

test('isFiltered', () => {
  expect(isFiltered(everything)).toBe(false)
  expect(isFiltered({ ...everything, query: '  ', before: 7 })).toBe(false)
  expect(isFiltered({ ...everything, kind: 'test' })).toBe(true)
  expect(isFiltered({ ...everything, query: 'huf' })).toBe(true)
})
