import { describe, expect, test, vi } from 'vitest'
import { mockBackend, type MockSetup } from '../backend/mock'
import { aFailure, morning } from '../testing/fixtures'
import { PreferencesState } from './preferences.svelte'
import { ToastState } from './toasts.svelte'

async function started(setup: MockSetup = {}) {
  const backend = mockBackend({ now: morning, ...setup })
  const toasts = new ToastState()
  const state = new PreferencesState(backend, toasts)
  const stop = state.follow()
  await state.fetch()
  backend.calls.length = 0
  const sent = () => backend.calls.filter((c) => c.method === 'setPreferences').map((c) => c.args[0])
  return { backend, state, toasts, stop, sent }
}

test('fetches preferences and trading days', async () => {
  const { state } = await started({ preferences: { theme: 'dark' } })
  expect(state.loaded).toBe(true)
  expect(state.current.theme).toBe('dark')
  expect(state.tradingDays?.missingYears).toEqual([2027])
})

describe('a change', () => {
  test('shows at once and is kept', async () => {
    const { state, sent } = await started()
    const done = state.change({ theme: 'light' })
    expect(state.current.theme).toBe('light')
    await done
    expect(sent()).toMatchObject([{ theme: 'light', quietFrom: 1320 }])
    expect(state.current.theme).toBe('light')
  })

  test('comes back as the program keeps it', async () => {
    const { state } = await started()
    await state.change({ leadMinutes: [5, 240, 5] })
    expect(state.current.leadMinutes).toEqual([240, 5])
  })

  test('that is refused goes back and says so at its field, until the next one', async () => {
    const { state, toasts } = await started({ once: { setPreferences: aFailure('EINVALID', 'Six are enough.', '', 'leadMinutes') } })
    await state.change({ leadMinutes: [] })
    expect(state.current.leadMinutes).toEqual([120, 30])
    expect(state.errorOf('leadMinutes')).toBe('Six are enough.')
    expect(state.errorOf('morningAt')).toBe('')
    expect(toasts.list).toEqual([])
    await state.change({ leadMinutes: [15] })
    expect(state.errorOf('leadMinutes')).toBe('')
  })

  test.each([aFailure('EDATA', 'Not saved.'), aFailure('EINVALID', 'Not saved.', '', 'unheard-of')])('that can’t be kept goes back with a toast', async (failure) => {
    const { state, toasts } = await started({ once: { setPreferences: failure } })
    await state.change({ theme: 'dark' })
    expect(state.current.theme).toBe('system')
    expect(toasts.list[0]?.message).toBe('Not saved.')
  })

  test('keeps what another process changed meanwhile', async () => {
    const { backend, state } = await started()
    vi.spyOn(backend, 'preferences').mockResolvedValue({ ...state.current, autostartOffered: true })
    await state.change({ theme: 'dark' })
    expect(state.current).toMatchObject({ theme: 'dark', autostartOffered: true })
  })

  test('of one thing after the other: none is lost, a refused one takes none along', async () => {
    const { state, sent } = await started({ once: { setPreferences: aFailure('EINVALID', 'No.', '', 'theme') } })
    await Promise.all([state.change({ theme: 'dark' }), state.change({ quietFrom: 60 }), state.change({ quietTo: 120 })])
    expect(state.current).toMatchObject({ theme: 'system', quietFrom: 60, quietTo: 120 })
    expect(sent()).toHaveLength(3)
  })
})

describe('changes from elsewhere', () => {
  test('show, and what is being saved stays on top', async () => {
    const { backend, state } = await started()
    let release = () => {}
    const { setPreferences } = backend
    vi.spyOn(backend, 'setPreferences').mockImplementationOnce(async (p) => {
      await new Promise<void>((resolve) => (release = resolve))
      return setPreferences(p)
    })
    const done = state.change({ theme: 'dark' })
    await vi.waitFor(() => expect(backend.setPreferences).toHaveBeenCalled())
    backend.emit('preferences:changed')
    expect(state.current.theme).toBe('dark')
    release()
    await done
    await setPreferences({ ...state.current, quietHours: false })
    await vi.waitFor(() => expect(state.current).toMatchObject({ theme: 'dark', quietHours: false }))
  })

  test('are fetched once however many there are', async () => {
    const { backend, state, stop } = await started()
    for (let i = 0; i < 10; i++) backend.emit('preferences:changed')
    await state.fetch()
    expect(backend.calls.filter((c) => c.method === 'preferences')).toHaveLength(1)
    stop()
    backend.emit('preferences:changed')
    await Promise.resolve()
    expect(backend.calls.filter((c) => c.method === 'preferences')).toHaveLength(1)
  })

  test('that can’t be fetched say so and keep what is there', async () => {
    const { backend, state, toasts } = await started({ preferences: { theme: 'dark' } })
    vi.spyOn(backend, 'tradingDays').mockRejectedValue(aFailure('EDATA', 'Unreadable.'))
    backend.emit('preferences:changed')
    await vi.waitFor(() => expect(toasts.list[0]?.message).toBe('Unreadable.'))
    expect(state.current.theme).toBe('dark')
  })
})

test('a removed holiday keeps its name where it was seen', async () => {
  const { state } = await started({ preferences: { holidaysRemoved: ['2026-05-01'] } })
  await state.change({ holidaysRemoved: ['2026-05-01', '2026-12-25'] })
  expect(state.removedHolidays).toEqual([{ date: '2026-05-01', name: '' }, { date: '2026-12-25', name: 'Christmas' }])
})
