import { expect, test, vi } from 'vitest'
import type { Round } from '../backend/backend'
import { mockBackend, type MockSetup } from '../backend/mock'
import { aFailure, anAccount, aRound, liveAccount, morning } from '../testing/fixtures'
import { DialogState } from './dialogs.svelte'
import { RoundState } from './round.svelte'
import { ToastState } from './toasts.svelte'

function setUp(setup: MockSetup = {}) {
  const backend = mockBackend({ now: morning, accounts: [anAccount({ accountId: 'a1' }), anAccount({ accountId: 'a2' })], ...setup })
  const toasts = new ToastState()
  const dialogs = new DialogState()
  const round = new RoundState(backend, toasts, dialogs)
  const called = (method: string) => backend.calls.filter((c) => c.method === method).map((c) => c.args)
  return { backend, toasts, dialogs, round, called }
}

test('starts with all that need it, or with those chosen, and ends the choosing', async () => {
  const { round, called } = setUp()
  round.choose(true)
  round.toggle('a2')
  round.toggle('a1')
  round.toggle('a2')
  expect(round.chosen).toEqual(['a1'])
  await round.start(round.chosen ?? [])
  expect(called('logInAll')).toEqual([[['a1'], false]])
  expect(round.chosen).toBeNull()
  expect(round.running).toBe(true)
})

test('a refused start says so and keeps the choice', async () => {
  const { round, toasts } = setUp({ failures: { logInAll: aFailure('ELOCKED', 'The vault is locked.', 'Unlock it.') } })
  round.choose(true)
  round.toggle('a1')
  await round.start(['a1'])
  expect(toasts.list).toMatchObject([{ kind: 'failed', message: 'The vault is locked.', hint: 'Unlock it.' }])
  expect(round.chosen).toEqual(['a1'])
  expect(round.starting).toBe(false)
})

test('what a login would cost is asked once for all; no leaves everything as it is', async () => {
  const { round, dialogs, called } = setUp({ once: { logInAll: aFailure('ECONFIRM', '2 of these accounts have a session.') } })
  round.choose(true)
  const refused = round.start(['a1', 'a2'])
  await vi.waitFor(() => expect(dialogs.question?.message).toBe('2 of these accounts have a session.'))
  dialogs.answer(false)
  await refused
  expect([round.running, round.starting, round.chosen]).toEqual([false, false, []])
  expect(called('logInAll')).toEqual([[['a1', 'a2'], false]])
})

test('yes starts it', async () => {
  const { round, dialogs, called } = setUp({ once: { logInAll: aFailure('ECONFIRM', 'Kite clears tokens now.') } })
  const asked = round.start([])
  await vi.waitFor(() => expect(dialogs.question).not.toBeNull())
  dialogs.answer(true)
  await asked
  expect(round.running).toBe(true)
  expect(called('logInAll')).toEqual([[[], false], [[], true]])
})

test('two quick presses start one round', async () => {
  const { round, called } = setUp()
  await Promise.all([round.start([]), round.start([])])
  expect(called('logInAll')).toHaveLength(1)
})

test('an answer that comes after the event of the first step doesn’t take it back', async () => {
  const { round, backend } = setUp({ round: aRound(['running', 'waiting']) })
  vi.spyOn(backend, 'logInAll').mockImplementation(async () => {
    await round.fetch() // as the event does
    return aRound(['waiting', 'waiting'])
  })
  await round.start([])
  expect(round.round.steps.map((s) => s.outcome)).toEqual(['running', 'waiting'])
})

test('a page that is reloaded in the middle finds the round again, and follows it', async () => {
  const { round, backend } = setUp({ round: aRound(['active', 'running', 'waiting']) })
  const stop = round.follow()
  await round.fetch()
  expect(round.round.current).toBe(1)
  await round.skip()
  await vi.waitFor(() => expect(round.round.current).toBe(2))
  await backend.stopRound()
  await vi.waitFor(() => expect(round.round).toMatchObject({ state: 'done', current: -1 }))
  await round.dismiss()
  expect(round.round.state).toBe('none')
  stop()
})

test('two quick presses skip one account; the next can be skipped once its login runs', async () => {
  const { round, backend, called } = setUp({ round: aRound(['running', 'waiting', 'waiting']) })
  await round.fetch()
  await Promise.all([round.skip(), round.skip()])
  expect(round.skipping).toBe(true)
  await round.skip()
  expect(called('skipLogin')).toHaveLength(1)
  await round.fetch()
  expect([round.round.current, round.skipping]).toEqual([1, false])
  await round.skip()
  expect(called('skipLogin')).toHaveLength(2)
  await backend.stopRound()
  await round.start(['a1'])
  expect([round.round.current, round.skipping]).toEqual([0, false])
})

test('a skip that is refused can be tried again', async () => {
  const { round, toasts } = setUp({ round: aRound(['running', 'waiting']), once: { skipLogin: aFailure('EINTERNAL', 'No answer.') } })
  await round.fetch()
  await round.skip()
  expect(toasts.list[0]?.message).toBe('No answer.')
  expect(round.skipping).toBe(false)
})

test('stopping is seen before the program has stopped', async () => {
  const { round } = setUp({ round: aRound(['running', 'waiting']), hanging: ['stopRound'] })
  await round.fetch()
  void round.stop()
  expect(round.round.stopping).toBe(true)
})

test('an answer that a later one overtook is dropped', async () => {
  const { round, backend } = setUp()
  let answer: (round: Round) => void = () => {}
  vi.spyOn(backend, 'round').mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)))
  const early = round.fetch()
  await round.start([])
  answer(aRound(['active']))
  await early
  expect(round.running).toBe(true)
})

test('those that failed are tried again', async () => {
  const { round, called } = setUp({ round: aRound(['active', 'failed', 'skipped', 'failed']) })
  await round.fetch()
  await round.retryFailed()
  expect(called('logInAll')).toEqual([[['a2', 'a4'], false]])
})

test('check all: good news leaves by itself, other news stays until dismissed', async () => {
  const good = setUp({ accounts: [liveAccount()] })
  await good.round.checkAll()
  expect(good.toasts.list).toMatchObject([{ kind: 'done', message: '1 session works.' }])
  expect(good.round.check).toBeNull()

  const summary = { checked: 3, alive: 1, ended: 1, unknown: 1 }
  const mixed = setUp({ checkSummary: summary })
  const busy = mixed.round.checkAll()
  expect(mixed.round.checking).toBe(true)
  await busy
  expect(mixed.round.checking).toBe(false)
  expect(mixed.round.check).toEqual(summary)
  expect(mixed.toasts.list).toEqual([])
})
