import { describe, expect, test } from 'vitest'
import { aFailure, anAccount, cutoff, endedAccount, hours, liveAccount, minutes, morning } from '../testing/fixtures'
import { livingSession, loginIsDue, loginWords, mayEndAnyMinute, statusOf } from './status'
import { ist } from './time'

const status = (account = anAccount(), now = morning) => statusOf(account, now, ist)
const failed = (code: string, message: string) => ({ at: morning, ok: false, failure: aFailure(code, message) })

describe('statusOf', () => {
  test.each([
    ['never logged in', anAccount(), 'none', 'No session'],
    ['living', liveAccount(), 'active', 'Active'],
    ['under two hours', liveAccount({}, { expiresAt: morning + hours(2) - 1 }), 'ending', 'Ends soon'],
    ['two hours', liveAccount({}, { expiresAt: morning + hours(2) }), 'active', 'Active'],
    ['expired', endedAccount('expired'), 'expired', 'Session expired'],
    ['ended elsewhere', endedAccount('ended elsewhere'), 'expired', 'Ended elsewhere'],
    ['logged out', endedAccount('logged out'), 'expired', 'Logged out'],
    ['logging in', liveAccount({ loginPhase: 'waiting' }), 'loggingIn', 'Logging in…'],
    ['broker refuses', liveAccount({ lastCheck: failed('EBROKER', 'Blocked.') }), 'error', 'Error'],
  ])('%s', (_, account, kind, word) => expect(status(account)).toMatchObject({ kind, word }))

  test.each([
    ['window', 'waiting for you'],
    ['browser', 'waiting for your browser'],
    ['paste', 'waiting for the redirect URL'],
  ] as const)('a login in the %s says whom it waits for', (loginIn, detail) =>
    expect(status(anAccount({ loginPhase: 'waiting', loginIn }))).toMatchObject({ detail }))

  test('turns at the very second of expiry, without an event', () => {
    expect(status(liveAccount(), cutoff - 1).kind).toBe('ending')
    expect(status(liveAccount(), cutoff)).toMatchObject({ kind: 'expired', word: 'Session expired' })
    expect(livingSession(liveAccount(), cutoff)).toBeNull()
  })

  test('offline is unknown, with when it was last seen', () => {
    expect(status(liveAccount({ lastCheck: failed('EOFFLINE', 'No.') }))).toEqual({ kind: 'unknown', word: 'Unknown', detail: 'offline, last seen 08:41' })
  })

  test('the broker’s words are the detail', () => {
    expect(status(liveAccount({ lastCheck: failed('EBROKER', 'Blocked.') })).detail).toBe('Blocked.')
  })

  test('a failed check says nothing about a session that is over', () => {
    expect(status(endedAccount('expired', { lastCheck: failed('EOFFLINE', 'No.') })).kind).toBe('expired')
  })
})

test.each([
  ['no session', anAccount(), 'Get Session Token', true],
  ['plenty left', liveAccount(), 'Refresh Session', false],
  ['little left', liveAccount({}, { expiresAt: morning + minutes(119) }), 'Refresh Session', true],
  ['expired', endedAccount('expired'), 'Refresh Session', true],
  ['ended elsewhere', endedAccount('ended elsewhere'), 'Log in again', true],
  ['logged out', endedAccount('logged out'), 'Get Session Token', true],
])('login button, %s', (_, account, words, due) => {
  expect(loginWords(account, morning)).toBe(words)
  expect(loginIsDue(account, morning)).toBe(due)
})

test('may end any minute only while a session lives in the clearing', () => {
  const six = cutoff + minutes(10)
  expect(mayEndAnyMinute(liveAccount({}, { expiresAt: six + hours(24) }), six)).toBe(true)
  expect(mayEndAnyMinute(liveAccount(), six)).toBe(false)
  expect(mayEndAnyMinute(liveAccount(), morning)).toBe(false)
})
