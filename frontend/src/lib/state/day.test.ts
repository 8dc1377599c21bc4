import { flushSync } from 'svelte'
import { expect, test, vi } from 'vitest'
import { mockBackend } from '../backend/mock'
import { cutoff, hours, liveAccount, morning } from '../testing/fixtures'
import { ClockState } from './clock.svelte'
import { DayState } from './day.svelte'

function setUp() {
  const backend = mockBackend({ now: morning, accounts: [liveAccount()] })
  const clock = new ClockState(backend)
  clock.now = morning
  const day = new DayState(backend, clock)
  const fetched = () => backend.calls.filter((c) => c.method === 'dayPicture').length
  return { backend, clock, day, fetched }
}

test.each(['account:changed', 'session:changed', 'preferences:changed', 'clock:changed'] as const)('is fetched again on %s', async (event) => {
  const { backend, day, fetched } = setUp()
  const stop = day.follow()
  await day.fetch()
  backend.emit(event)
  await vi.waitFor(() => expect(fetched()).toBe(2))
  stop()
  backend.emit(event)
  expect(fetched()).toBe(2)
})

test('many events at once are fetched once more, not once each', async () => {
  const { day, fetched } = setUp()
  await Promise.all(Array.from({ length: 50 }, () => day.fetch()))
  expect(fetched()).toBeLessThanOrEqual(2)
})

test('is fetched when its cut-off has passed, and each minute until there is a new one', async () => {
  const { clock, day, fetched } = setUp()
  const stop = day.follow()
  await day.fetch()
  const pass = async (at: number, times: number) => {
    clock.now = at
    flushSync()
    await vi.waitFor(() => expect(fetched()).toBe(times))
  }
  await pass(cutoff - 1, 1)
  await pass(cutoff, 2)
  await pass(cutoff + 30_000, 2)
  await pass(cutoff + 60_000, 3)
  stop()
})

test('an event whose fetch fails keeps the picture there is', async () => {
  const { backend, day } = setUp()
  const stop = day.follow()
  await day.fetch()
  vi.spyOn(backend, 'dayPicture').mockRejectedValueOnce({ code: 'EDATA', message: 'No.' })
  backend.emit('session:changed')
  await vi.waitFor(() => expect(backend.dayPicture).toHaveBeenCalled())
  expect(day.picture?.to).toBe(cutoff)
  expect((day.picture?.to ?? 0) - morning).toBe(hours(20))
  stop()
})
