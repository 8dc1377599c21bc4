import { beforeEach, describe, expect, test, vi } from 'vitest'
import { mockBackend, type MockSetup } from '../backend/mock'
import { aFailure, anAccount, liveAccount, morning } from '../testing/fixtures'
import { AppState } from './app'

const account = liveAccount()
const confirm = aFailure('ECONFIRM', 'It still works.', 'Only if you want.')
const offline = aFailure('EOFFLINE', 'Kite couldn’t be told.', 'Later, or anyway.')

async function started(setup: MockSetup = {}) {
  const backend = mockBackend({ now: morning, accounts: [account], ...setup })
  const app = new AppState(backend)
  await app.fetch()
  backend.calls.length = 0
  const called = (method: string) => backend.calls.filter((c) => c.method === method).map((c) => c.args)
  return { app, backend, called }
}

async function asked(app: AppState) {
  await vi.waitFor(() => expect(app.dialogs.question).not.toBeNull())
  return app.dialogs.question
}

beforeEach(() => void vi.useRealTimers())

describe('getSessionToken', () => {
  test('starts at once where nothing is lost', async () => {
    const { app, called } = await started()
    await app.session.getSessionToken(account)
    expect(called('getSessionToken')).toEqual([['a1', false]])
    expect(app.accounts.byId('a1')?.loginPhase).toBe('waiting')
  })

  test('asks with the program’s sentence, and goes on after yes', async () => {
    const { app, called } = await started({ once: { getSessionToken: confirm } })
    const done = app.session.getSessionToken(account)
    expect(await asked(app)).toMatchObject({ message: confirm.message, hint: confirm.hint })
    app.dialogs.answer(true)
    await done
    expect(called('getSessionToken')).toEqual([['a1', false], ['a1', true]])
  })

  test('without a living session the question is about the hour', async () => {
    const { app } = await started({ accounts: [anAccount()], failures: { getSessionToken: confirm } })
    const done = app.session.getSessionToken(anAccount())
    expect((await asked(app))?.title).toBe('Log in now?')
    app.dialogs.answer(false)
    await done
  })

  test('keeps the living token after no', async () => {
    const { app, called } = await started({ failures: { getSessionToken: confirm } })
    const done = app.session.getSessionToken(account)
    await asked(app)
    app.dialogs.answer(false)
    await done
    expect(called('getSessionToken')).toEqual([['a1', false]])
    expect(app.toasts.list).toEqual([])
  })

  test('pressed twice it starts once', async () => {
    const { app, called } = await started()
    await Promise.all([app.session.getSessionToken(account), app.session.getSessionToken(account)])
    expect(called('getSessionToken')).toHaveLength(1)
    expect(app.session.starting).toEqual([])
  })

  test('a missing API secret opens the form at that field', async () => {
    const { app } = await started({ failures: { getSessionToken: aFailure('EINVALID', 'No API secret yet.', '', 'apiSecret') } })
    await app.session.getSessionToken(account)
    expect(app.dialogs.current).toMatchObject({ kind: 'form', mode: 'edit', field: 'apiSecret' })
    expect(app.toasts.list[0]).toMatchObject({ kind: 'failed', message: 'No API secret yet.' })
  })
})

describe('logOut', () => {
  test('asks first; no means nothing', async () => {
    const { app, called } = await started()
    const done = app.session.logOut(account)
    await asked(app)
    app.dialogs.answer(false)
    await done
    expect(called('logOut')).toEqual([])
  })

  test('offline asks again before it leaves the token alive at Kite', async () => {
    const { app, called } = await started({ once: { logOut: offline } })
    const done = app.session.logOut(account)
    await asked(app)
    app.dialogs.answer(true)
    await vi.waitFor(() => expect(app.dialogs.question?.message).toBe(offline.message))
    app.dialogs.answer(true)
    await done
    expect(called('logOut')).toEqual([['a1', false], ['a1', true]])
  })
})

test('copying counts down to when the clipboard is cleared; plain text ends that', async () => {
  const { app } = await started()
  expect(await app.session.copy('a1', 'accessToken')).toBe(true)
  expect(app.session.clipboardSeconds).toBe(30)
  await app.session.copyText('plain')
  expect(app.session.clipboardSeconds).toBe(0)
})

test('a copy that fails says so and counts nothing', async () => {
  const { app } = await started({ failures: { copy: aFailure('ELOCKED', 'Locked.') } })
  expect(await app.session.copy('a1', 'accessToken')).toBe(false)
  expect(app.session.clipboardSeconds).toBe(0)
  expect(app.toasts.list[0]?.message).toBe('Locked.')
})

test('a browser login that the user declines isn’t open', async () => {
  const { app } = await started({ failures: { openBrowserLogin: confirm } })
  const opening = app.session.openBrowserLogin(account)
  await asked(app)
  app.dialogs.answer(false)
  expect(await opening).toBe(false)
})
