import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { FieldErrors } from '../backend/backend'
import { mockBackend, type MockSetup } from '../backend/mock'
import { aFailure, anAccount } from '../testing/fixtures'
import { FormState, listensHere } from './form.svelte'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const yes = async () => true
const no = async () => false
const stored = anAccount({ hasPassword: true, hasApiSecret: true, allowedHosts: ['a.example.com'] })

function editing(setup: MockSetup = {}) {
  const backend = mockBackend({ accounts: [stored], ...setup })
  return { backend, form: new FormState(backend, 'edit', stored) }
}

test.each([
  ['http://127.0.0.1:51730/kite/callback', true],
  ['HTTP://LocalHost:80', true],
  ['http://[::1]:8080/', true],
  ['http://127.0.0.1/kite', false],
  ['https://127.0.0.1:51730/', false],
  ['http://127.0.0.1:51730.example.com/', false],
  ['http://localhost.example.com:80/', false],
  ['', false],
])('the browser’s answer can come back to %s: %s', (url, here) => expect(listensHere(url)).toBe(here))

test('a duplicate logs in the same way and has no short name yet', () => {
  const form = new FormState(mockBackend(), 'duplicate', anAccount({ loginWay: 'browser', slug: 'one' }))
  expect(form.value()).toMatchObject({ loginWay: 'browser', slug: '' })
})

describe('secrets', () => {
  test('are left as stored unless touched', () => {
    expect(editing().form.value()).toMatchObject({ password: null, apiSecret: null })
  })
  test('replaced, cleared, and replaced by nothing', () => {
    const { form } = editing()
    form.secrets.apiSecret.change = 'replace'
    form.secrets.password.change = 'clear'
    expect(form.value()).toMatchObject({ password: '', apiSecret: null })
    form.secrets.apiSecret.value = 'new'
    expect(form.value()).toMatchObject({ apiSecret: 'new' })
  })
  test('a duplicate has neither secrets nor client ID, and is a new account', () => {
    const form = new FormState(mockBackend(), 'duplicate', stored)
    expect(form.value()).toMatchObject({ clientId: '', password: null, apiSecret: null, accountName: 'Personal copy', apiKey: stored.apiKey })
    expect(form.secrets.apiSecret.stored).toBe(false)
    expect(form.accountId).toBe('')
  })
  test('a copied name stays within 80 characters, whole ones', () => {
    const form = new FormState(mockBackend(), 'duplicate', anAccount({ accountName: '🚀'.repeat(80) }))
    expect(Array.from(form.value().accountName)).toHaveLength(80)
  })
})

test('live accounts send no endpoints and last until the cut-off', () => {
  const { form } = editing()
  form.input.accountType = 'sandbox'
  form.input.loginUrl = ' https://x.example/login '
  form.lifetime = '0,5'
  expect(form.value()).toMatchObject({ loginUrl: 'https://x.example/login', sessionLifetimeHours: 0.5 })
  form.input.accountType = 'live'
  expect(form.value()).toMatchObject({ loginUrl: '', sessionLifetimeHours: 24 })
})

test('a lifetime that is no number is sent as 0, which the program refuses', () => {
  const { form } = editing()
  form.input.accountType = 'sandbox'
  form.lifetime = 'long'
  expect(form.value().sessionLifetimeHours).toBe(0)
})

test('hosts are split by lines, spaces and commas', () => {
  const { form } = editing()
  form.hosts = ' A.example.com,\nb.example.com  \n\n'
  expect(form.value().allowedHosts).toEqual(['a.example.com', 'b.example.com'])
})

test('dirty only while something differs', () => {
  const { form } = editing()
  expect(form.dirty).toBe(false)
  form.input.accountName = 'Other'
  expect(form.dirty).toBe(true)
  form.input.accountName = 'Personal'
  expect(form.dirty).toBe(false)
  form.secrets.password.change = 'clear'
  expect(form.dirty).toBe(true)
})

describe('validation as typed', () => {
  test('waits for a pause and asks once', async () => {
    const { backend, form } = editing()
    for (const c of ['A', 'AB', 'ABC']) {
      form.input.clientId = c
      form.changed('clientId')
      await vi.advanceTimersByTimeAsync(100)
    }
    expect(backend.calls).toHaveLength(0)
    await vi.advanceTimersByTimeAsync(300)
    expect(backend.calls.filter((c) => c.method === 'validateAccount')).toHaveLength(1)
  })

  test('shows messages of fields the user has been in only', async () => {
    const { form } = editing({ errors: { clientId: 'Wrong.', apiKey: 'Missing.' } })
    form.changed('clientId')
    await vi.advanceTimersByTimeAsync(300)
    expect(form.error('clientId')).toBe('Wrong.')
    expect(form.error('apiKey')).toBe('')
  })

  test('drops a stale answer', async () => {
    const { backend, form } = editing()
    const answers: ((e: FieldErrors) => void)[] = []
    vi.spyOn(backend, 'validateAccount').mockImplementation(() => new Promise((resolve) => answers.push(resolve)))
    form.changed('clientId')
    const first = form.validate()
    const second = form.validate()
    answers[1]?.({})
    answers[0]?.({ clientId: 'Stale.' })
    await Promise.all([first, second])
    expect(form.error('clientId')).toBe('')
  })
})

describe('saving', () => {
  test('is refused while something is wrong; the first wrong field is named', async () => {
    const { backend, form } = editing({ errors: { callbackUrl: 'No.', clientId: 'No.' } })
    expect(await form.save(yes)).toBeNull()
    expect(form.firstWrong()).toBe('clientId')
    expect(backend.calls.some((c) => c.method === 'updateAccount')).toBe(false)
  })

  test('a failure of a field lands beside it; what was typed stays', async () => {
    const { form } = editing({ failures: { updateAccount: aFailure('ECONFLICT', 'Taken.', '', 'accountName') } })
    form.input.accountName = 'Typed'
    expect(await form.save(yes)).toBeNull()
    expect(form.error('accountName')).toBe('Taken.')
    expect(form.input.accountName).toBe('Typed')
    expect(form.busy).toBe(false)
  })

  test('any other failure is shown as a whole', async () => {
    const { form } = editing({ failures: { updateAccount: aFailure('ELOCKED', 'Locked.') } })
    await form.save(yes)
    expect(form.failure?.message).toBe('Locked.')
  })

  test('asks before a living session ends, and saves after yes', async () => {
    const { backend, form } = editing({ once: { updateAccount: aFailure('ECONFIRM', 'Ends it.') } })
    const asked = vi.fn(yes)
    expect(await form.save(asked)).toMatchObject({ accountId: 'a1' })
    expect(asked).toHaveBeenCalledWith(expect.objectContaining({ message: 'Ends it.' }))
    expect(backend.calls.at(-1)?.args[2]).toBe(true)
  })

  test('changes nothing after no', async () => {
    const { backend, form } = editing({ once: { updateAccount: aFailure('ECONFIRM', 'Ends it.') } })
    expect(await form.save(no)).toBeNull()
    expect(backend.calls.filter((c) => c.method === 'updateAccount')).toHaveLength(1)
  })
})
