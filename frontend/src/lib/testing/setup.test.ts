import { waitFor } from '@testing-library/svelte'
import { expect, test, vi } from 'vitest'

test.each([['vi.waitFor', vi.waitFor], ['waitFor', waitFor]] as const)('%s waits for more than a second', async (_, wait) => {
  let late = false
  setTimeout(() => (late = true), 1500)
  await wait(() => expect(late).toBe(true))
})
