import { describe, expect, test } from 'vitest'
import { clockTime, dayAndTime, duration, fixedZone, inClearing, ist, timeLeft, userZone } from './time'

const utc = fixedZone(0)
const at = (iso: string) => Date.parse(iso)

describe('timeLeft', () => {
  test.each([
    [0, '0 min 00 s'],
    [-5000, '0 min 00 s'],
    [59_999, '0 min 59 s'],
    [61_000, '1 min 01 s'],
    [3_599_999, '59 min 59 s'],
    [3_600_000, '1 h 00 min'],
    [20 * 3_600_000 - 1, '19 h 59 min'],
    [24 * 3_600_000, '24 h 00 min'],
  ])('%i ms is %s', (ms, words) => expect(timeLeft(ms)).toBe(words))
})

describe('dayAndTime', () => {
  const now = at('2026-11-23T04:30:00Z')
  test.each([
    ['2026-11-23T20:00:00Z', ist, 'tomorrow 01:30'], // already Tuesday in India
    ['2026-11-23T20:00:00Z', utc, 'today 20:00'],
    ['2026-11-22T03:10:00Z', ist, 'yesterday 08:40'],
    ['2026-11-19T10:32:00Z', ist, 'Thu 19 Nov 16:02'],
    ['2025-11-19T10:32:00Z', ist, '19 Nov 2025 16:02'],
    ['2026-11-24T00:30:00Z', fixedZone(-300), 'tomorrow 19:30'], // still Sunday in New York
    ['2026-11-24T00:30:00Z', fixedZone(345), 'tomorrow 06:15'], // Kathmandu
  ])('%s', (iso, zone, words) => expect(dayAndTime(at(iso), now, zone)).toBe(words))
})

test('clock time has two digits each', () => expect(clockTime(at('2026-01-01T00:35:00Z'), ist)).toBe('06:05'))

describe('userZone', () => {
  const now = at('2026-11-23T04:30:00Z')
  test('follows the program where the browser disagrees', () => {
    const wrong = -new Date(now).getTimezoneOffset() + 17
    expect(userZone(now, wrong).offsetAt(now)).toBe(wrong)
  })
  test('is the browser’s where they agree, summer time included', () => {
    const summer = at('2026-07-01T00:00:00Z')
    expect(userZone(now, -new Date(now).getTimezoneOffset()).offsetAt(summer)).toBe(-new Date(summer).getTimezoneOffset())
  })
})

test.each([
  ['2026-11-23T23:29:59Z', false], // 04:59:59 IST
  ['2026-11-23T23:30:00Z', true],
  ['2026-11-24T02:29:59Z', true],
  ['2026-11-24T02:30:00Z', false], // 08:00 IST
])('clearing at %s: %s', (iso, is) => expect(inClearing(at(iso))).toBe(is))

test.each([[85.4, '85 ms'], [999, '999 ms'], [1204, '1.2 s']])('%f ms is %s', (ms, words) => expect(duration(ms)).toBe(words))
