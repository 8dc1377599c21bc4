import { describe, expect, test, vi } from 'vitest'
import { madeUpToken } from '../backend/mockPrograms'
import { mockBackend, type MockSetup } from '../backend/mock'
import { aClient, aFailure, morning } from '../testing/fixtures'
import { AppState } from './app'

function started(setup: MockSetup = {}) {
  const backend = mockBackend({ now: morning, ...setup })
  const app = new AppState(backend)
  const stop = app.programs.follow()
  const calls = (method: string) => backend.calls.filter((c) => c.method === method)
  return { app, backend, state: app.programs, stop, calls }
}
const input = { name: 'strategy.py', accountIds: [], allAccounts: true, mayTrade: false }

test('fetches nothing before something shows it', async () => {
  const { backend, state, calls } = started({ clients: [aClient()] })
  backend.emit('clients:changed')
  expect(calls('clients')).toEqual([])
  await state.fetch()
  expect(state.clients).toHaveLength(1)
  expect(state.access).toMatchObject({ on: false, port: 51731 })
  expect(state.commandLine?.command).toBe('kitectl')
})

test.each(['clients:changed', 'preferences:changed', 'desktop:changed'] as const)('follows %s, until stopped', async (event) => {
  const { backend, state, stop, calls } = started()
  await state.fetch()
  backend.emit(event)
  await vi.waitFor(() => expect(calls('localAPI')).toHaveLength(2))
  stop()
  backend.emit(event)
  await state.fetch()
  expect(calls('localAPI')).toHaveLength(3)
})

test('asked for many times at once, fetches twice: what came in between is seen', async () => {
  const { backend, state, calls } = started()
  const first = state.fetch()
  for (let i = 0; i < 10; i++) backend.emit('clients:changed')
  await first
  expect(calls('clients')).toHaveLength(2)
})

describe('adding', () => {
  test('gives the token to who asked and keeps it nowhere', async () => {
    const { app, state } = started()
    const { client, token } = await state.add(input)
    expect(token).toBe(madeUpToken)
    expect(state.clients).toEqual([client])
    expect(JSON.stringify([state.clients, state.access, state.commandLine, app.toasts.list])).not.toContain(token)
  })

  test('that is refused rejects', async () => {
    const { state } = started({ failures: { addClient: aFailure('ECONFLICT', 'Taken.', '', 'name') } })
    await expect(state.add(input)).rejects.toMatchObject({ field: 'name' })
  })
})

test('the token is copied by the program, until it is forgotten', async () => {
  const { app, state } = started()
  const { client } = await state.add(input)
  expect(await state.copyToken(client.id)).toBe(true)
  expect(app.session.clipboardClearsAt).toBe(morning + 30_000)
  await state.forgetToken(client.id)
  expect(await state.copyToken(client.id)).toBe(false)
  expect(app.toasts.list[0]?.message).toBe('The token is no longer here.')
})

test('a change shows', async () => {
  const { state } = started({ clients: [aClient({ id: 'p1' })] })
  await state.change('p1', { ...input, name: 'renamed.py' })
  expect(state.clients?.[0]?.name).toBe('renamed.py')
})

test('revoking says so; one that can’t be revoked stays, with the reason', async () => {
  const { app, state } = started({ clients: [aClient({ id: 'p1' })], once: { revokeClient: aFailure('EDATA', 'Not written.') } })
  await state.revoke(aClient({ id: 'p1' }))
  expect(state.clients).toHaveLength(1)
  expect(app.toasts.list.map((t) => t.message)).toEqual(['Not written.'])
  await state.revoke(aClient({ id: 'p1' }))
  expect(state.clients).toEqual([])
  expect(app.toasts.list.at(-1)?.message).toBe('strategy.py is revoked.')
})

describe('what can’t be read', () => {
  test('is said, until it can', async () => {
    const { app, state } = started({ once: { clients: aFailure('EDATA', 'Unreadable.') } })
    await state.fetch()
    expect(state.loaded).toBe(false)
    expect(state.unread?.message).toBe('Unreadable.')
    expect(app.toasts.list).toEqual([])
    await state.fetch()
    expect(state.unread).toBeNull()
    expect(state.loaded).toBe(true)
  })

  test('later on keeps what is shown', async () => {
    const { app, backend, state } = started({ clients: [aClient()] })
    await state.fetch()
    vi.spyOn(backend, 'clients').mockRejectedValueOnce(aFailure('EDATA', 'Unreadable.'))
    await state.fetch()
    expect(state.clients).toHaveLength(1)
    expect(app.toasts.list[0]?.message).toBe('Unreadable.')
  })
})
