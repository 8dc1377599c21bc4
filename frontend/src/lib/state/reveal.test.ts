import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { mockBackend } from '../backend/mock'
import { RevealState } from './reveal.svelte'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

async function revealed() {
  const reveal = new RevealState(mockBackend())
  const stop = reveal.start()
  await reveal.show('a1', 'accessToken')
  expect(reveal.value).toContain('accessToken')
  return { reveal, stop }
}

function expectHidden(reveal: RevealState) {
  expect(reveal.field).toBeNull()
  expect(reveal.value).toBe('')
}

test('hides after 30 seconds', async () => {
  const { reveal } = await revealed()
  await vi.advanceTimersByTimeAsync(29_999)
  expect(reveal.field).toBe('accessToken')
  await vi.advanceTimersByTimeAsync(1)
  expectHidden(reveal)
})

test('hides when the window loses the focus', async () => {
  const { reveal } = await revealed()
  window.dispatchEvent(new Event('blur'))
  expectHidden(reveal)
})

test('hides when it is closed', async () => {
  const { reveal, stop } = await revealed()
  stop()
  expectHidden(reveal)
})

test('shows one at a time', async () => {
  const { reveal } = await revealed()
  await reveal.show('a1', 'apiSecret')
  expect(reveal.field).toBe('apiSecret')
  expect(reveal.value).not.toContain('accessToken')
})

test('a secret that arrives after closing is not kept', async () => {
  const backend = mockBackend()
  let answer: (secret: string) => void = () => {}
  vi.spyOn(backend, 'reveal').mockReturnValue(new Promise((resolve) => (answer = resolve)))
  const reveal = new RevealState(backend)
  const stop = reveal.start()
  const showing = reveal.show('a1', 'password')
  stop()
  answer('late')
  await showing
  expectHidden(reveal)
})
