import { describe, expect, test } from 'vitest'
import { aFailure, anAccount, aRound, liveAccount, morning, hours } from '../testing/fixtures'
import { checkWords, lastCheckWords, outcomeWords, progressOf } from './round'
import { ist } from './time'

test.each([
  [['running', 'waiting', 'waiting', 'waiting'], { done: 0, total: 4, percent: 12.5 }],
  [['active', 'failed', 'running', 'waiting'], { done: 2, total: 4, percent: 62.5 }],
  [['active', 'skipped'], { done: 2, total: 2, percent: 100 }],
  [[], { done: 0, total: 0, percent: 0 }],
] as const)('progressOf %j', (outcomes, progress) => expect(progressOf(aRound([...outcomes]))).toEqual(progress))

test.each([
  [['active', 'active'], 'All 2 are logged in.'],
  [['active'], 'Logged in.'],
  [['active', 'skipped', 'failed', 'failed'], '1 logged in, 1 skipped, 2 failed.'],
  [['active', 'stopped', 'stopped'], '1 logged in, 2 not logged in.'],
  [[], 'Nothing to log in.'],
] as const)('outcomeWords %j', (outcomes, words) => expect(outcomeWords(aRound([...outcomes]))).toBe(words))

test.each([
  [[6, 4, 1, 1], '4 sessions work, 1 was ended elsewhere, 1 couldn’t be checked.'],
  [[1, 1, 0, 0], '1 session works.'],
  [[3, 0, 2, 1], '2 were ended elsewhere, 1 couldn’t be checked.'],
  [[0, 0, 0, 0], 'There is no session to check.'],
] as const)('checkWords %j', ([checked, alive, ended, unknown], words) => expect(checkWords({ checked, alive, ended, unknown })).toBe(words))

describe('lastCheckWords', () => {
  const checked = (code: string, at = morning) => liveAccount({ lastCheck: { at, ok: code === '', failure: code ? aFailure(code, 'No.') : null } })
  test.each([
    ['never', anAccount(), ''],
    ['works', checked(''), 'Checked 10:00: works'],
    ['ended', checked('ETOKEN'), 'Checked 10:00: ended elsewhere'],
    ['offline', checked('EOFFLINE'), 'Checked 10:00: no answer'],
    ['refused', checked('EBROKER'), 'Checked 10:00: refused'],
    ['yesterday', checked('', morning - hours(12)), 'Checked yesterday 22:00: works'],
  ])('%s', (_, account, words) => expect(lastCheckWords(account, morning, ist)).toBe(words))
})
