import { expect, test, vi } from 'vitest'
import { mockBackend } from '../backend/mock'
import { aFailure, anAccount, family } from '../testing/fixtures'
import { AccountsState } from './accounts.svelte'

const names = (s: AccountsState) => s.list.map((a) => a.accountName)

test('fetches once and follows an event of one account', async () => {
  const backend = mockBackend({ accounts: family() })
  const accounts = new AccountsState(backend)
  const stop = accounts.start()
  await accounts.fetch()
  backend.change('a1', { accountName: 'Renamed' })
  await vi.waitFor(() => expect(accounts.byId('a1')?.accountName).toBe('Renamed'))
  expect(backend.calls.filter((c) => c.method === 'accounts')).toHaveLength(1)
  stop()
  backend.change('a1', { accountName: 'Unheard' })
  await Promise.resolve()
  expect(accounts.byId('a1')?.accountName).toBe('Renamed')
})

test('an event without an account fetches all', async () => {
  const backend = mockBackend({ accounts: family() })
  const accounts = new AccountsState(backend)
  accounts.start()
  backend.emit('session:changed')
  await vi.waitFor(() => expect(accounts.list).toHaveLength(6))
})

test('a deleted account leaves the list', async () => {
  const backend = mockBackend({ accounts: family() })
  const accounts = new AccountsState(backend)
  accounts.start()
  await accounts.fetch()
  await backend.deleteAccount('a3', false)
  await vi.waitFor(() => expect(accounts.byId('a3')).toBeUndefined())
})

test('an older answer never replaces a newer one', async () => {
  const backend = mockBackend({ accounts: [anAccount({ accountName: 'old' })] })
  let release = () => {}
  const slow = vi.spyOn(backend, 'accounts').mockImplementationOnce(
    () => new Promise((resolve) => (release = () => resolve([anAccount({ accountName: 'old' })]))),
  )
  const accounts = new AccountsState(backend)
  accounts.start()
  const first = accounts.fetch()
  backend.change('a1', { accountName: 'new' })
  release()
  await first
  expect(slow).toHaveBeenCalledOnce()
  expect(names(accounts)).toEqual(['new'])
})

test('many events while one fetch runs cost one fetch', async () => {
  const backend = mockBackend({ accounts: family() })
  const accounts = new AccountsState(backend)
  accounts.start()
  const first = accounts.fetch()
  for (let i = 0; i < 20; i++) backend.emit('session:changed', 'a1')
  await first
  expect(backend.calls.filter((c) => c.method === 'account')).toHaveLength(1)
})

test('a failure is kept and gone after the next success', async () => {
  const backend = mockBackend({ accounts: family(), once: { accounts: aFailure('EDATA', 'Unreadable.') } })
  const accounts = new AccountsState(backend)
  await accounts.fetch()
  expect(accounts.failure?.message).toBe('Unreadable.')
  expect(accounts.loaded).toBe(false)
  await accounts.fetch()
  expect(accounts.failure).toBeNull()
  expect(accounts.loaded).toBe(true)
})

test('what is asked for while a fetch ends isn’t lost, at whatever step', async () => {
  for (let step = 0; step < 12; step++) {
    const backend = mockBackend({ accounts: [anAccount({ accountName: 'old' })] })
    const accounts = new AccountsState(backend)
    const first = accounts.fetch()
    for (let i = 0; i < step; i++) await Promise.resolve()
    backend.change('a1', { accountName: 'new' })
    await Promise.all([first, accounts.refresh('a1')])
    expect([step, ...names(accounts)]).toEqual([step, 'new'])
  }
})
