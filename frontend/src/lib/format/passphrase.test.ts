import { expect, test } from 'vitest'
import { strengthOf } from './passphrase'

test.each([
  ['', 0, ''],
  ['short', 0, '7 more characters'],
  ['elevenchars', 0, '1 more character'],
  ['😀😀😀😀😀😀', 0, '6 more characters'],
  ['aaaaaaaaaaaaaaaaaaaa', 1, 'Weak'],
  ['abcdefghijkl', 1, 'Fair'],
  ['abcdEFgh1234!xyz', 2, 'Good'],
  ['correct horse battery staple', 3, 'Strong'],
])('“%s” has level %i', (passphrase, level, words) => {
  const strength = strengthOf(passphrase)
  expect(strength.level).toBe(level)
  expect(strength.words).toContain(words)
})
