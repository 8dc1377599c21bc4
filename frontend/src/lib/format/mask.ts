/** Stands for a secret, whatever its length. */
export const mask = '•'.repeat(12)
