import { screen, waitFor, within } from '@testing-library/svelte'
import { expect, test } from 'vitest'
import type { MockSetup } from '../../lib/backend/mock'
import { liveAccount } from '../../lib/testing/fixtures'
import { mountApp } from '../../lib/testing/mount'

const account = liveAccount({ slug: 'family-swing' })

async function tab(setup: MockSetup = {}) {
  const mounted = await mountApp({ accounts: [account], ...setup })
  mounted.app.dialogs.manage('a1', 'credentials')
  const part = within(await screen.findByRole('region', { name: 'From your programs' }))
  await waitFor(() => expect(mounted.app.programs.loaded).toBe(true))
  return { ...mounted, part }
}

test('gives the commands for this account', async () => {
  const { called, part, user } = await tab()
  await user.click(part.getByRole('button', { name: 'Copy command' }))
  await user.click(part.getByRole('button', { name: 'Copy token command' }))
  expect(called('copyText')).toEqual([['kitectl exec family-swing -- python strategy.py'], ['kitectl token family-swing']])
})

test('gives the base URL while programs are served', async () => {
  const { called, part, user } = await tab({ preferences: { localApi: true } })
  await user.click(await part.findByRole('button', { name: 'Copy base URL' }))
  expect(called('copyText')).toEqual([['http://127.0.0.1:51731/kite/family-swing']])
  expect(part.queryByRole('button', { name: 'Preferences, Programs' })).toBeNull()
})

test('leads to the switch while they aren’t', async () => {
  const { app, part, user } = await tab()
  expect(part.queryByRole('button', { name: 'Copy base URL' })).toBeNull()
  await user.click(await part.findByRole('button', { name: 'Preferences, Programs' }))
  expect(app.dialogs.current?.kind).toBe('preferences')
  expect(await screen.findByRole('region', { name: 'Programs' })).toBeTruthy()
})
