import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { aFailure } from '../testing/fixtures'
import { ToastState } from './toasts.svelte'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('confirmations leave, failures stay until dismissed', async () => {
  const toasts = new ToastState()
  toasts.done('Saved.')
  toasts.failed(aFailure('EOFFLINE', 'Offline.', 'Check.'))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(toasts.list).toMatchObject([{ message: 'Offline.', hint: 'Check.' }])
  toasts.dismiss(toasts.list[0]?.id ?? 0)
  expect(toasts.list).toEqual([])
})

test('the same failure is shown once', () => {
  const toasts = new ToastState()
  toasts.failed(aFailure('EOFFLINE', 'Offline.'))
  toasts.failed(aFailure('EOFFLINE', 'Offline.'))
  expect(toasts.list).toHaveLength(1)
})

test('what the user cancelled is no failure', () => {
  const toasts = new ToastState()
  toasts.failed(aFailure('ECANCELED', 'Cancelled.'))
  expect(toasts.list).toEqual([])
})
