import { expect, test } from 'vitest'
import { family } from '../testing/fixtures'
import { inLoginOrder, moved } from './loginOrder'

test('the user’s order first, the rest by name, accounts that are gone left out', () => {
  const names = inLoginOrder(family(), ['a4', 'gone', 'a1']).map((a) => a.accountName)
  expect(names).toEqual(['HUF account', 'Personal trading', 'Algo server', 'Intraday options desk', 'Meera, long term', 'Sandbox'])
})

test('moves by one place, and not past an end', () => {
  expect(moved(['a', 'b', 'c'], 'b', -1)).toEqual(['b', 'a', 'c'])
  expect(moved(['a', 'b', 'c'], 'b', 1)).toEqual(['a', 'c', 'b'])
  expect(moved(['a', 'b', 'c'], 'a', -1)).toEqual(['a', 'b', 'c'])
  expect(moved(['a', 'b', 'c'], 'c', 1)).toEqual(['a', 'b', 'c'])
  expect(moved(['a'], 'gone', 1)).toEqual(['a'])
})
