import { describe, expect, test } from 'vitest'
import { aClient, aFailure, anAccount, crowd, hours, minutes, morning } from '../testing/fixtures'
import { accessLine, accountsOf, accountTip, accountWords, addressOf, baseUrl, curlExample, execLine, parsePort, pythonExample, usedWords } from './programs'
import { ist } from './time'

describe('accessLine', () => {
  const on = { on: true, port: 51731, address: '', failure: null }
  test.each([
    ['off', { ...on, on: false }, { kind: 'off', text: 'Off: no port is open.', hint: '' }],
    ['being started', on, { kind: 'starting', text: 'Being started…', hint: '' }],
    ['listening', { ...on, address: 'http://127.0.0.1:51731' }, { kind: 'on', text: 'Listening on http://127.0.0.1:51731', hint: '' }],
    ['refused', { ...on, failure: aFailure('ECONFLICT', 'Port 51731 is taken.', 'Choose another.') }, { kind: 'bad', text: 'Port 51731 is taken.', hint: 'Choose another.' }],
    ['off with an old reason', { ...on, on: false, failure: aFailure('ECONFLICT', 'Taken.') }, { kind: 'off', text: 'Off: no port is open.', hint: '' }],
  ] as const)('%s', (_name, access, line) => expect(accessLine(access)).toEqual(line))
})

test.each([
  ['51731', 51731], [' 1024 ', 1024], ['65535', 65535],
  ['1023', null], ['65536', null], ['', null], ['80', null], ['51731.5', null], ['0x4000', null], ['-51731', null], ['1e4', null], ['port', null],
])('parsePort(%j)', (text, port) => expect(parsePort(text)).toBe(port))

describe('the accounts of a program', () => {
  const accounts = crowd(6)
  const of = (...at: number[]) => aClient({ allAccounts: false, accountIds: at.map((i) => `c${i}`) })
  const name = (i: number) => accounts[i]?.accountName ?? ''

  test('are named, few of many, and not those that are gone', () => {
    expect(accountWords(aClient({ accountIds: ['c1'] }), accounts)).toBe('All accounts')
    expect(accountWords(of(1), accounts)).toBe(name(1))
    expect(accountWords(of(1, 0), accounts)).toBe(`${name(0)} and ${name(1)}`)
    expect(accountWords(of(0, 1, 2), accounts)).toBe(`3 accounts: ${name(0)}, ${name(1)} and ${name(2)}`)
    expect(accountWords(of(0, 1, 2, 3, 4), accounts)).toBe(`5 accounts: ${name(0)}, ${name(1)}, ${name(2)} and 2 more`)
    expect(accountWords(aClient({ allAccounts: false, accountIds: ['gone'] }), accounts)).toBe('No account is left')
  })

  test('are all in the tooltip', () => {
    expect(accountTip(of(0, 1, 2, 3, 4), accounts)).toContain(name(4))
    expect(accountTip(aClient(), accounts)).toBe('')
    const many = crowd(200)
    expect(accountTip(aClient({ allAccounts: false, accountIds: many.map((a) => a.accountId) }), many)).toMatch(/ and 170 more$/)
  })

  test('include later ones if it may use all', () => {
    expect(accountsOf(aClient(), [...accounts, anAccount()])).toHaveLength(7)
    expect(accountsOf(of(2, 4), accounts).map((a) => a.accountId)).toEqual(['c2', 'c4'])
  })
})

test('when it was used', () => {
  expect(usedWords(aClient(), morning, ist)).toBe('never used')
  expect(usedWords(aClient({ lastUsedAt: morning - minutes(2) }), morning, ist)).toBe('last used today 09:58')
  expect(usedWords(aClient({ lastUsedAt: morning - hours(24) }), morning, ist)).toBe('last used yesterday 10:00')
})

test('what is typed and pasted', () => {
  const address = addressOf({ on: false, port: 4000, address: '', failure: null })
  expect(address).toBe('http://127.0.0.1:4000')
  expect(addressOf({ on: true, port: 4000, address: 'http://127.0.0.1:4001', failure: null })).toBe('http://127.0.0.1:4001')
  expect(execLine('kitectl', 'family')).toBe('kitectl exec family -- python strategy.py')
  expect(baseUrl(address, 'family')).toBe('http://127.0.0.1:4000/kite/family')
  expect(curlExample(address)).toContain("'Authorization: Bearer %s' \"$TOKEN\" |\n  curl -H @- http://127.0.0.1:4000/v1/accounts\n")
  expect(pythonExample(baseUrl(address, 'family'))).toContain('root="http://127.0.0.1:4000/kite/family"')
})
