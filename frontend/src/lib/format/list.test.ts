import { describe, expect, test } from 'vitest'
import { aFailure, aLoginFailure, anAccount, crowd, endedAccount, family, liveAccount, minutes, morning } from '../testing/fixtures'
import { belongs, matches, sorted, type Filter, type Sort } from './list'
import { ist } from './time'

describe('matches', () => {
  const account = liveAccount({ accountName: 'Ünïcode Desk', clientId: 'CD5678' })
  test.each([['', true], ['cd56', true], ['desk ünï', true], ['asha', true], ['K7X2', true], ['sandbox', false], ['desk nobody', false]])(
    '“%s”: %s',
    (query, found) => expect(matches(account, query)).toBe(found),
  )
})

describe('sorted', () => {
  const names = (sort: Sort) => sorted(family(), sort, morning, ist).map((a) => a.accountId)
  test.each<[Sort, string[]]>([
    ['name', ['a5', 'a4', 'a2', 'a3', 'a1', 'a6']],
    ['expiry', ['a2', 'a1', 'a6', 'a5', 'a4', 'a3']],
    ['lastLogin', ['a2', 'a1', 'a6', 'a5', 'a3', 'a4']],
    ['status', ['a2', 'a5', 'a3', 'a1', 'a6', 'a4']],
  ])('%s', (sort, ids) => expect(names(sort)).toEqual(ids))

  test('numbers in names count as numbers', () => {
    const three = ['Desk 10', 'Desk 9', 'desk 1'].map((accountName, i) => anAccount({ accountName, accountId: `${i}` }))
    expect(sorted(three, 'name', morning, ist).map((a) => a.accountName)).toEqual(['desk 1', 'Desk 9', 'Desk 10'])
  })

  test('keeps all of 200 and changes nothing', () => {
    const many = crowd(200)
    const before = many.map((a) => a.accountId)
    expect(sorted(many, 'status', morning, ist)).toHaveLength(200)
    expect(many.map((a) => a.accountId)).toEqual(before)
  })
})

describe('belongs', () => {
  const ending = liveAccount({}, { expiresAt: morning + minutes(5) })
  const offline = liveAccount({ lastCheck: { at: morning, ok: false, failure: aFailure('EOFFLINE', 'No.') } })
  test.each<[string, ReturnType<typeof anAccount>, Filter[]]>([
    ['living', liveAccount(), ['active']],
    ['ending', ending, ['active', 'ending']],
    ['offline', offline, ['active', 'attention']],
    ['expired', endedAccount('expired'), ['expired']],
    ['none', anAccount(), ['none']],
    ['failed login', anAccount({ loginFailure: aLoginFailure('No.', '') }), ['none', 'attention']],
  ])('%s', (_, account, filters) => {
    const all: Filter[] = ['active', 'ending', 'expired', 'none', 'attention']
    expect(all.filter((f) => belongs(account, f, morning, ist))).toEqual(filters)
  })
})
