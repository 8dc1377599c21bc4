import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { mockBackend } from '../backend/mock'
import { morning } from '../testing/fixtures'
import { ClockState } from './clock.svelte'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('counts on from the program’s time, not from Date', async () => {
  vi.setSystemTime(0)
  const clock = new ClockState(mockBackend({ now: morning }))
  const stop = clock.start()
  await clock.fetch()
  vi.setSystemTime(99_999_999_999) // someone sets the system clock
  await vi.advanceTimersByTimeAsync(3100)
  expect(clock.now - morning).toBeGreaterThanOrEqual(2000)
  expect(clock.now - morning).toBeLessThan(4200)
  stop()
})

test('fetches again when the program says that the clock changed', async () => {
  const backend = mockBackend({ now: morning })
  const clock = new ClockState(backend)
  const stop = clock.start()
  await clock.fetch()
  vi.spyOn(backend, 'clock').mockResolvedValue({ now: morning + 3_600_000, zone: 'CET', offsetMinutes: 60, inIndia: false })
  backend.emit('clock:changed')
  await vi.advanceTimersByTimeAsync(1)
  expect(clock.now).toBeGreaterThanOrEqual(morning + 3_600_000)
  expect(clock.inIndia).toBe(false)
  expect(clock.zone.offsetAt(morning)).toBe(60)
  stop()
})

test('stops ticking', async () => {
  const clock = new ClockState(mockBackend({ now: morning }))
  clock.start()()
  expect(vi.getTimerCount()).toBe(0)
})
