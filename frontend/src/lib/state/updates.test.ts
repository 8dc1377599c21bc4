import { describe, expect, test } from 'vitest'
import type { Updates } from '../backend/backend'
import { mockBackend, type MockSetup } from '../backend/mock'
import { aFailure, aRelease } from '../testing/fixtures'
import { ToastState } from './toasts.svelte'
import { UpdatesState } from './updates.svelte'

async function state(setup: MockSetup = {}) {
  const backend = mockBackend(setup)
  const toasts = new ToastState()
  const updates = new UpdatesState(backend, toasts)
  await updates.fetch()
  return { backend, toasts, updates }
}
const newer: Partial<Updates> = { result: 'newer', releases: [aRelease({ version: '1.4.0' }), aRelease()] }

test('only fetches what is known: nobody is asked', async () => {
  const { backend, updates } = await state({ updates: newer })
  expect(updates.told?.version).toBe('1.4.0')
  expect(backend.calls.map((c) => c.method)).toEqual(['updates'])
})

test('hears of the daily check', async () => {
  const { backend, updates } = await state()
  const off = updates.follow()
  await backend.skipRelease('1.3.0')
  await expect.poll(() => updates.current.skipped).toBe(true)
  off()
})

describe('a check now', () => {
  test('shows what it found', async () => {
    const { updates } = await state({ found: newer })
    const done = updates.check()
    expect(updates.checking).toBe(true)
    await done
    expect(updates.checking).toBe(false)
    expect(updates.newest?.version).toBe('1.4.0')
  })

  test('that fails keeps what was known and says why until the next one', async () => {
    const { updates, toasts } = await state({ updates: newer, once: { checkForUpdates: aFailure('EOFFLINE', 'Unreachable.') } })
    await updates.check()
    expect(updates.failure?.message).toBe('Unreachable.')
    expect(updates.newest?.version).toBe('1.4.0')
    expect(toasts.list).toEqual([])
    await updates.check()
    expect(updates.failure).toBeNull()
  })

  test('is made once, however often it is pressed', async () => {
    const { backend, updates } = await state()
    await Promise.all([updates.check(), updates.check()])
    expect(backend.calls.filter((c) => c.method === 'checkForUpdates')).toHaveLength(1)
  })
})

test('skipping names the newest version and ends the banner', async () => {
  const { backend, updates } = await state({ updates: newer })
  await updates.skip()
  expect(backend.calls.find((c) => c.method === 'skipRelease')?.args).toEqual(['1.4.0'])
  expect(updates.told).toBeNull()
  expect(updates.newest?.version).toBe('1.4.0')
})

test('there is nothing to skip without a newer version', async () => {
  const { backend, updates } = await state({ updates: { result: 'newest' } })
  await updates.skip()
  expect(backend.calls.some((c) => c.method === 'skipRelease')).toBe(false)
})

test('a page that can’t be opened is said', async () => {
  const { toasts, updates } = await state({ updates: newer, failures: { openReleasePage: aFailure('EINTERNAL', 'No browser.') } })
  await updates.openPage()
  expect(toasts.list.map((t) => t.message)).toEqual(['No browser.'])
})
