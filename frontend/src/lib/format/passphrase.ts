/** The fewest characters the vault takes (backend/vault/passphrase.go). */
export const minPassphrase = 12

export interface Strength {
  level: 0 | 1 | 2 | 3 // 0 isn't taken
  words: string
}

/** A rough word on a passphrase; length counts most. */
export function strengthOf(passphrase: string): Strength {
  const length = Array.from(passphrase).length
  if (length === 0) return { level: 0, words: '' }
  const missing = minPassphrase - length
  if (missing > 0) return { level: 0, words: missing === 1 ? '1 more character' : `${missing} more characters` }
  const different = new Set(passphrase.toLowerCase()).size
  if (different < 6) return { level: 1, words: 'Weak: the same few characters again and again' }
  const words = passphrase.split(/[\s.,_-]+/).filter((w) => w.length > 2).length
  const points = length + (words >= 4 ? 6 : 0) + kinds(passphrase)
  if (points >= 24) return { level: 3, words: 'Strong' }
  return points >= 18 ? { level: 2, words: 'Good' } : { level: 1, words: 'Fair: a few more characters help most' }
}

function kinds(text: string): number {
  return [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}\s]/u].filter((kind) => kind.test(text)).length
}
