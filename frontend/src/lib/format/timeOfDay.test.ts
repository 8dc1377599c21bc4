import { describe, expect, test } from 'vitest'
import { cutoff, morning } from '../testing/fixtures'
import { fixedZone, ist } from './time'
import { dayShift, fromIST, isQuiet, leadTime, parseTimeOfDay, timeOfDay } from './timeOfDay'

test('a time of day has four digits', () => {
  expect([0, 7 * 60, 510, 1439].map(timeOfDay)).toEqual(['00:00', '07:00', '08:30', '23:59'])
})

test.each([['8:30', 510], ['08.30', 510], ['0830', 510], ['8', 480], [' 23:59 ', 1439], ['0', 0]])('%s is %i minutes', (text, minutes) => {
  expect(parseTimeOfDay(text)).toBe(minutes)
})

test.each(['', '24:00', '8:60', '8:3', 'half past', '-1', '8:30 pm', '12345'])('“%s” is no time of day', (text) => {
  expect(parseTimeOfDay(text)).toBeNull()
})

test('lead times have hours and minutes as needed', () => {
  expect([1, 30, 60, 90, 120, 1440].map(leadTime)).toEqual(['1 min', '30 min', '1 h', '1 h 30 min', '2 h', '24 h'])
})

describe('Indian times elsewhere', () => {
  test.each([
    [510, 330, '08:30', ''],
    [510, 60, '04:00', ''],
    [510, -300, '22:00', 'the day before'],
    [60, 345, '01:15', ''],
    [1380, 720, '05:30', 'the day after'],
  ])('%i IST at offset %i is %s', (minutes, offset, text, shift) => {
    expect(fromIST(minutes, morning, fixedZone(offset))).toBe(text)
    expect(dayShift(minutes, morning, fixedZone(offset))).toBe(shift)
  })
  test('the day is that of now in India', () => {
    expect(fromIST(360, cutoff - 1, ist)).toBe('06:00')
    const summerTime = { offsetAt: (ms: number) => (ms < cutoff ? 60 : 120) }
    expect(fromIST(0, cutoff, summerTime)).toBe('19:30')
    expect(fromIST(600, cutoff, summerTime)).toBe('06:30')
  })
})

test('quiet hours may span midnight; from and to alike mean none', () => {
  expect([1320, 0, 419].map((m) => isQuiet(m, 1320, 420))).toEqual([true, true, true])
  expect([1319, 420].map((m) => isQuiet(m, 1320, 420))).toEqual([false, false])
  expect([540, 600].map((m) => isQuiet(m, 540, 600))).toEqual([true, false])
  expect(isQuiet(600, 600, 600)).toBe(false)
})
