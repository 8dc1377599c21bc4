import { expect, test } from 'vitest'
import { hours, morning } from '../testing/fixtures'
import { dayProblem, isDay, longDate, todayInIndia } from './tradingDay'

test('a day with its weekday', () => {
  expect(longDate('2026-12-25')).toBe('Fri 25 Dec 2026')
  expect(longDate('2027-03-01')).toBe('Mon 1 Mar 2027')
})

test('today is the day in India', () => {
  expect(todayInIndia(morning)).toBe('2026-11-23')
  expect(todayInIndia(morning + hours(14))).toBe('2026-11-24')
})

test('only days that exist', () => {
  expect(['2026-12-25', '2028-02-29'].every(isDay)).toBe(true)
  expect(['2026-02-29', '2026-13-01', '25.12.2026', '2026-1-1', ''].some(isDay)).toBe(false)
})

test('a day is added once', () => {
  const known = [{ date: '2026-12-25', name: 'Christmas' }]
  expect(dayProblem('2026-12-24', known)).toBe('')
  expect(dayProblem('2026-12-25', known)).toBe('Fri 25 Dec 2026 is in the list already.')
  expect(dayProblem('tomorrow', known)).toBe('Write the day like 2026-12-25.')
})
