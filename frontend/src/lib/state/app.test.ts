import { expect, test, vi } from 'vitest'
import { mockBackend } from '../backend/mock'
import { aFailure, family, morning } from '../testing/fixtures'
import { AppState } from './app'

test('what fails to load says so and keeps nothing else back', async () => {
  const app = new AppState(mockBackend({ now: morning, accounts: family(), failures: { vault: aFailure('EINTERNAL', 'No vault.'), listPreferences: aFailure('EINTERNAL', 'No list.') } }))
  await app.fetch()
  expect(app.accounts.list).toHaveLength(6)
  expect(app.toasts.list.map((t) => t.message)).toEqual(['No vault.', 'No list.'])
})

test('follows events before it fetches: what happens in between isn’t lost', async () => {
  const backend = mockBackend({ now: morning, accounts: family() })
  const order: string[] = []
  const { on, accounts } = backend
  vi.spyOn(backend, 'on').mockImplementation((event, handler) => (order.push(event), on(event, handler)))
  vi.spyOn(backend, 'accounts').mockImplementation(() => (order.push('fetch'), accounts()))
  const stop = new AppState(backend).start()
  await vi.waitFor(() => expect(order).toContain('fetch'))
  expect(order.indexOf('fetch')).toBe(order.length - 1)
  stop()
})

test('the vault follows its event; a database that can’t be used stops there', async () => {
  const backend = mockBackend({ now: morning, accounts: family(), vault: { state: 'keyringLocked', provider: 'K' } })
  const app = new AppState(backend)
  const stop = app.start()
  await vi.waitFor(() => expect(app.vault.vault.state).toBe('keyringLocked'))
  await backend.unlockVault()
  await vi.waitFor(() => expect(app.vault.open).toBe(true))
  stop()

  const broken = mockBackend({ problem: { ...aFailure('EDATA', 'Damaged.'), kind: 'damaged', path: '/x' } })
  await new AppState(broken).fetch()
  expect(broken.calls.some((c) => c.method === 'accounts')).toBe(false)
})
