import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { mockBackend, type MockSetup } from '../backend/mock'
import { aCalendar, aFailure, anEntry, morning } from '../testing/fixtures'
import { HistoryState } from './history.svelte'
import { ToastState } from './toasts.svelte'

const many = (count: number) => Array.from({ length: count }, (_, i) => anEntry({ id: count - i, accountName: i % 2 ? 'HUF' : 'Personal', kind: i % 3 ? 'login' : 'test' }))

function setUp(setup: MockSetup = {}) {
  const backend = mockBackend({ now: morning, history: many(250), calendar: aCalendar(84), ...setup })
  const toasts = new ToastState()
  const history = new HistoryState(backend, toasts)
  const asked = () => backend.calls.filter((c) => c.method === 'history').map((c) => c.args[0])
  return { backend, toasts, history, asked }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('comes page by page, newest first, until there is no more', async () => {
  const { history } = setUp()
  await history.open('')
  expect([history.entries.length, history.entries[0]?.id, history.hasMore]).toEqual([100, 250, true])
  await history.showMore()
  await history.showMore()
  expect([history.entries.length, history.entries.at(-1)?.id, history.hasMore]).toEqual([250, 1, false])
})

test('a search waits until the typing pauses and asks once', async () => {
  const { history, asked } = setUp()
  await history.open('')
  for (const query of ['h', 'hu', 'huf']) {
    history.narrow({ query })
    await vi.advanceTimersByTimeAsync(150)
  }
  expect(asked()).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(60)
  expect(asked()).toHaveLength(2)
  expect(history.entries.every((e) => e.accountName === 'HUF')).toBe(true)
})

test('a kind is asked for at once; what was typed goes along', async () => {
  const { history, asked } = setUp()
  await history.open('')
  history.narrow({ query: 'huf' })
  history.narrow({ kind: 'test' })
  await vi.advanceTimersByTimeAsync(1)
  expect(asked().at(-1)).toMatchObject({ kind: 'test', query: 'huf', before: 0 })
})

test('an event fetches as much as is shown; a closed dialog fetches nothing', async () => {
  const { backend, history, asked } = setUp()
  const stop = history.follow()
  backend.emit('history:changed')
  expect(asked()).toHaveLength(0)
  await history.open('')
  await history.showMore()
  backend.emit('history:changed')
  await vi.advanceTimersByTimeAsync(1)
  expect(asked().at(-1)).toMatchObject({ before: 0, limit: 200 })
  expect(history.entries).toHaveLength(200)
  history.close()
  backend.emit('history:changed')
  expect(asked()).toHaveLength(3)
  stop()
})

test('one account has its calendar of twelve weeks', async () => {
  const { history } = setUp()
  await history.open('a1')
  expect(history.calendar).toHaveLength(84)
  history.narrow({ accountId: '' })
  await vi.advanceTimersByTimeAsync(1)
  expect(history.calendar).toEqual([])
})

test('what fails is said, and gone when it works again', async () => {
  const { history } = setUp({ once: { history: aFailure('EDATA', 'The history couldn’t be read.') } })
  await history.open('')
  expect(history.failure?.message).toBe('The history couldn’t be read.')
  expect(history.loaded).toBe(false)
  history.narrow({ kind: 'login' })
  await vi.advanceTimersByTimeAsync(1)
  expect(history.failure).toBeNull()
})

test('an export takes the filter and every page, and says where it is', async () => {
  const { backend, history, toasts } = setUp()
  await history.open('a1')
  await history.export()
  expect(backend.calls.at(-1)).toMatchObject({ method: 'exportHistory', args: [{ accountId: 'a1', before: 0, limit: 0 }] })
  expect(toasts.list.map((t) => t.message)).toEqual(['Saved as /home/asha/Documents/kite-history.csv'])
})

test('an export that was cancelled says nothing; one that fails says why', async () => {
  const { backend, history, toasts } = setUp()
  vi.spyOn(backend, 'exportHistory').mockResolvedValueOnce('')
  await history.export()
  expect(toasts.list).toEqual([])
  vi.spyOn(backend, 'exportHistory').mockRejectedValueOnce(aFailure('EDATA', 'The file can’t be written.'))
  await history.export()
  expect(toasts.list).toMatchObject([{ kind: 'failed', message: 'The file can’t be written.' }])
  expect(history.exporting).toBe(false)
})
