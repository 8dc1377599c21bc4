import { describe, expect, test } from 'vitest'
import { hasCode, toFailure } from './failure'

const whole = { code: 'EINVALID', message: 'Enter a name.', hint: 'Any name.', field: 'accountName' }

describe('toFailure', () => {
  test('takes what the program sends', () => expect(toFailure(whole)).toEqual(whole))
  test('takes it as JSON text', () => expect(toFailure(JSON.stringify(whole))).toEqual(whole))
  test('fills in hint and field', () => expect(toFailure({ code: 'E', message: 'M.' })).toEqual({ code: 'E', message: 'M.', hint: '', field: '' }))

  test.each([
    ['an Error', new Error('token=SECRET')],
    ['a text', 'json: cannot unmarshal SECRET'],
    ['nothing', undefined],
    ['null', null],
    ['a number', 7],
    ['a foreign object', { message: 'SECRET' }],
    ['wrong types', { code: 1, message: 'SECRET' }],
    ['JSON of a text', '"SECRET"'],
  ])('%s becomes EINTERNAL and tells nothing of it', (_, cause) => {
    const failure = toFailure(cause)
    expect(failure.code).toBe('EINTERNAL')
    expect(JSON.stringify(failure)).not.toContain('SECRET')
  })

  test('drops what it doesn’t know', () => expect(toFailure({ ...whole, stack: 'SECRET' })).toEqual(whole))
})

test('hasCode', () => {
  expect(hasCode(whole, 'EINVALID')).toBe(true)
  expect(hasCode(new Error('x'), 'EINVALID')).toBe(false)
})
