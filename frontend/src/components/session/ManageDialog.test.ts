import { screen, waitFor, within } from '@testing-library/svelte'
import { expect, test } from 'vitest'
import type { ManageTab } from '../../lib/state/dialogs.svelte'
import { aFailure, aSession, liveAccount } from '../../lib/testing/fixtures'
import { mountApp } from '../../lib/testing/mount'

const dialog = () => within(screen.getByRole('dialog'))

async function managing(tab: ManageTab, setup: Parameters<typeof mountApp>[0] = {}) {
  const mounted = await mountApp({ accounts: [liveAccount({ hasPassword: true })], ...setup })
  mounted.app.dialogs.manage('a1', tab)
  await screen.findByRole('dialog')
  return mounted
}

test('has the three tabs, and opens from the card', async () => {
  const { user } = await mountApp({ accounts: [liveAccount()] })
  await user.click(screen.getByRole('button', { name: 'Manage Account' }))
  expect(dialog().getAllByRole('tab').map((t) => t.textContent)).toEqual(['Overview', 'Credentials', 'Test Connection'])
  expect(dialog().getByText('Asha Rao')).toBeTruthy()
  await user.click(dialog().getByRole('tab', { name: 'Credentials' }))
  expect(await dialog().findByText('Access token')).toBeTruthy()
})

test('links are topics, not addresses', async () => {
  const { user, called } = await managing('overview')
  await user.click(dialog().getByRole('button', { name: 'Kite' }))
  await user.click(dialog().getByRole('button', { name: 'Console' }))
  expect(called('openLink')).toEqual([['kite'], ['console']])
})

test('secrets are masked at a fixed length and revealed one at a time', async () => {
  const { user, called } = await managing('credentials')
  expect(dialog().getAllByText('••••••••••••')).toHaveLength(3)
  await user.click(dialog().getByRole('button', { name: 'Reveal Access token' }))
  expect(await dialog().findByText(/made-up-accessToken/)).toBeTruthy()
  await user.click(dialog().getByRole('button', { name: 'Reveal API secret' }))
  expect(await dialog().findByText(/made-up-apiSecret/)).toBeTruthy()
  expect(dialog().queryByText(/made-up-accessToken/)).toBeNull()
  await user.click(dialog().getByRole('button', { name: 'Hide API secret' }))
  expect(dialog().queryByText(/made-up/)).toBeNull()
  expect(called('reveal')).toEqual([['a1', 'accessToken'], ['a1', 'apiSecret']])
})

test('a revealed secret is gone from the page when the window loses the focus', async () => {
  const { user } = await managing('credentials')
  await user.click(dialog().getByRole('button', { name: 'Reveal Access token' }))
  await dialog().findByText(/made-up-accessToken/)
  window.dispatchEvent(new Event('blur'))
  await waitFor(() => expect(document.body.innerHTML).not.toContain('made-up'))
})

test('copies without revealing and counts down', async () => {
  const { user, called } = await managing('credentials')
  await user.click(dialog().getByRole('button', { name: 'Copy Access token' }))
  await user.click(await dialog().findByRole('button', { name: 'Copy Authorization header' }))
  await user.click(dialog().getByRole('button', { name: /Copy the curl example/ }))
  expect(called('copy').map((args) => args[1])).toEqual(['accessToken', 'authorizationHeader', 'example:curl'])
  expect(called('reveal')).toEqual([])
  expect(screen.getByText(/Clipboard clears in (30|29) s/)).toBeTruthy()
  expect(document.body.innerHTML).not.toContain('made-up')
})

test('examples in four languages', async () => {
  const { user } = await managing('credentials')
  const python = await dialog().findByRole('tab', { name: 'Python' })
  await user.click(python)
  expect(dialog().getByText(/import requests/)).toBeTruthy()
})

test('Test Connection shows the profile and the time it took', async () => {
  const { user } = await managing('test')
  await user.click(dialog().getByRole('button', { name: 'Test now' }))
  expect(await dialog().findByText(/Kite answered in 212 ms/)).toBeTruthy()
  expect(dialog().getByText('NSE, BSE, NFO, BFO, MCX, CDS')).toBeTruthy()
})

test('or the error in words and what to do', async () => {
  const failure = aFailure('ERATELIMIT', 'Too many requests.', 'Wait a few seconds.')
  const { user } = await managing('test', { testResult: { ok: false, at: 0, tookMs: 90, profile: null, failure } })
  await user.click(dialog().getByRole('button', { name: 'Test now' }))
  expect(await dialog().findByText('Too many requests.')).toBeTruthy()
  expect(dialog().getByText('Wait a few seconds.')).toBeTruthy()
})

test('a session that ends meanwhile is said, and its secrets are gone', async () => {
  const { backend, user } = await managing('credentials')
  await user.click(dialog().getByRole('button', { name: 'Reveal Access token' }))
  await dialog().findByText(/made-up-accessToken/)
  backend.change('a1', { session: aSession({ status: 'expired', endedReason: 'ended elsewhere', endedAt: 1 }) })
  expect(await dialog().findByText('This session has ended.')).toBeTruthy()
  expect(dialog().getByRole('button', { name: 'Log in again' })).toBeTruthy()
  expect(document.body.innerHTML).not.toContain('made-up')
})

test('logging out asks', async () => {
  const { user, called } = await managing('overview')
  await user.click(dialog().getByRole('button', { name: 'Log out' }))
  const question = within(await screen.findByRole('alertdialog'))
  await user.click(question.getByRole('button', { name: 'Log out' }))
  await waitFor(() => expect(called('logOut')).toEqual([['a1', false]]))
})
