import { describe, expect, test, vi } from 'vitest'
import type { WindowRequest } from '../backend/backend'
import { mockBackend, type MockSetup } from '../backend/mock'
import { aFailure, anAccount, family, morning } from '../testing/fixtures'
import { AppState } from './app'

const asks = (part: Partial<WindowRequest>): WindowRequest => ({ show: '', login: '', loginAll: false, preferences: false, ...part })

async function started(setup: MockSetup = {}) {
  const backend = mockBackend({ now: morning, accounts: family(), ...setup })
  const app = new AppState(backend)
  await app.fetch()
  const called = (method: string) => backend.calls.filter((c) => c.method === method).map((c) => c.args)
  const ask = async (request: WindowRequest) => {
    vi.spyOn(backend, 'takeRequest').mockResolvedValueOnce(request)
    await app.requests.take()
  }
  return { app, backend, called, ask }
}

test('nothing asked, nothing done', async () => {
  const { app, called } = await started()
  expect(called('takeRequest')).toHaveLength(1)
  expect(app.requests.shown).toBeNull()
  expect(app.dialogs.current).toBeNull()
})

test('what was asked before the window was there is done at its start', async () => {
  const { app } = await started({ request: asks({ show: 'a3' }) })
  expect(app.requests.shown?.accountId).toBe('a3')
})

test('an event asks for more, once followed', async () => {
  const { app, backend } = await started()
  vi.spyOn(backend, 'takeRequest').mockResolvedValueOnce(asks({ preferences: true }))
  const stop = app.requests.follow()
  backend.emit('window:request')
  await vi.waitFor(() => expect(app.dialogs.current).toEqual({ kind: 'preferences' }))
  stop()
})

describe('show', () => {
  test('clears search and filter, closes what covers the list, marks the account for a moment', async () => {
    vi.useFakeTimers()
    const { app, ask } = await started()
    app.list.query = 'x'
    app.list.filter = 'ending'
    app.dialogs.about()
    await ask(asks({ show: 'a5' }))
    expect([app.list.query, app.list.filter, app.dialogs.current, app.requests.shown?.accountId]).toEqual(['', null, null, 'a5'])
    await vi.advanceTimersByTimeAsync(3000)
    expect(app.requests.shown).toBeNull()
    vi.useRealTimers()
  })

  test('leaves what is being typed', async () => {
    const { app, ask } = await started()
    app.dialogs.form('add')
    await ask(asks({ show: 'a5' }))
    await ask(asks({ preferences: true }))
    expect(app.dialogs.current?.kind).toBe('form')
    expect(app.toasts.list[0]?.message).toBe('Preferences can’t open over what you are typing.')
  })

  test('finds an account that was made a moment ago', async () => {
    const { app, backend, ask } = await started()
    vi.spyOn(backend, 'account').mockResolvedValue(anAccount({ accountId: 'new' }))
    await ask(asks({ show: 'new' }))
    expect(app.requests.shown?.accountId).toBe('new')
    expect(app.toasts.list).toEqual([])
  })

  test.each([asks({ show: 'gone' }), asks({ login: 'gone' })])('says that an account no longer exists', async (request) => {
    const { app, called, ask } = await started()
    await ask(request)
    expect(app.toasts.list[0]?.message).toBe('That account no longer exists.')
    expect(app.requests.shown).toBeNull()
    expect(called('getSessionToken')).toEqual([])
  })
})

test('login shows the account and starts its login, unless one runs', async () => {
  const { app, called, ask } = await started()
  await ask(asks({ login: 'a3' }))
  expect(app.requests.shown?.accountId).toBe('a3')
  await ask(asks({ login: 'a3' }))
  expect(called('getSessionToken')).toEqual([['a3', false]])
})

describe('login of several', () => {
  test('is a round of exactly these', async () => {
    const { app, called, ask } = await started()
    await ask(asks({ login: 'a5,a3,a5' }))
    expect(called('logInAll')).toEqual([[['a5', 'a3'], false]])
    expect(called('getSessionToken')).toEqual([])
    expect(app.round.running).toBe(true)
  })

  test('asks once where it costs something', async () => {
    const { app, called, ask } = await started({ once: { logInAll: aFailure('ECONFIRM', 'Kite clears tokens now.') } })
    const done = ask(asks({ login: 'a3,a4' }))
    await vi.waitFor(() => expect(app.dialogs.question?.message).toBe('Kite clears tokens now.'))
    app.dialogs.answer(true)
    await done
    expect(called('logInAll')).toEqual([[['a3', 'a4'], false], [['a3', 'a4'], true]])
  })

  test('leaves out those that no longer exist; one that was made a moment ago does', async () => {
    const { backend, called, ask } = await started()
    const { account } = backend
    vi.spyOn(backend, 'account').mockImplementation(async (id) => (id === 'new' ? anAccount({ accountId: 'new' }) : account(id)))
    await ask(asks({ login: 'gone,a4,new' }))
    expect(called('logInAll')).toEqual([[['a4', 'new'], false]])
  })

  test('says so if none is left', async () => {
    const { app, called, ask } = await started()
    await ask(asks({ login: 'gone,lost' }))
    expect(app.toasts.list.map((t) => t.message)).toEqual(['Those accounts no longer exist.'])
    expect(called('logInAll')).toEqual([])
  })
})

test('loginAll starts a round', async () => {
  const { called, ask } = await started()
  await ask(asks({ loginAll: true }))
  expect(called('logInAll')).toEqual([[[], false]])
})

test('a request that can’t be read says so', async () => {
  const { app } = await started({ failures: { takeRequest: aFailure('EINTERNAL', 'Unreadable.') } })
  expect(app.toasts.list[0]?.message).toBe('Unreadable.')
})

describe('closing', () => {
  test('asks on top of whatever is open, and answers once', async () => {
    const { app, backend, called } = await started()
    app.requests.follow()
    app.dialogs.form('add')
    backend.emit('window:closing')
    expect(app.dialogs.closing).toBe(true)
    await app.requests.answerClose(true, true)
    expect(app.dialogs.closing).toBe(false)
    expect(app.dialogs.current?.kind).toBe('form')
    expect(called('answerClose')).toEqual([[true, true]])
  })

  test('that fails says so', async () => {
    const { app } = await started({ failures: { answerClose: aFailure('EDATA', 'Not remembered.') } })
    await app.requests.answerClose(false, true)
    expect(app.toasts.list[0]?.message).toBe('Not remembered.')
  })
})
