import { screen, within } from '@testing-library/svelte'
import { describe, expect, test } from 'vitest'
import { aFailure, aLoginFailure, anAccount, cutoff, endedAccount, hours, liveAccount, minutes } from '../../lib/testing/fixtures'
import { mountApp } from '../../lib/testing/mount'

const card = () => within(screen.getByRole('article'))

describe('buttons', () => {
  test('without a session: Get Session Token only', async () => {
    await mountApp({ accounts: [anAccount()] })
    expect(card().getByRole('button', { name: 'Get Session Token' })).toBeTruthy()
    expect(card().queryByRole('button', { name: 'Manage Account' })).toBeNull()
    expect(card().getByText('No session')).toBeTruthy()
  })

  test('with one: Refresh Session and Manage Account', async () => {
    await mountApp({ accounts: [liveAccount()] })
    expect(card().getByRole('button', { name: 'Refresh Session' }).className).not.toContain('primary')
    expect(card().getByRole('button', { name: 'Manage Account' })).toBeTruthy()
  })

  test('Refresh Session comes forward under two hours', async () => {
    const { app, backend } = await mountApp({ accounts: [liveAccount()] })
    const session = app.accounts.byId('a1')?.session
    backend.change('a1', { session: session && { ...session, expiresAt: app.clock.now + minutes(119) } })
    expect(await card().findByText('Ends soon')).toBeTruthy()
    expect(card().getByRole('button', { name: 'Refresh Session' }).className).toContain('primary')
  })

  test('ended elsewhere: Log in again', async () => {
    const { user, called } = await mountApp({ accounts: [endedAccount('ended elsewhere')] })
    await user.click(card().getByRole('button', { name: 'Log in again' }))
    expect(called('getSessionToken')).toEqual([['a1', false]])
  })
})

test('the badge turns at the second of expiry, without an event or a click', async () => {
  const { app } = await mountApp({ now: cutoff - 700, accounts: [liveAccount()] })
  expect(card().getByText('Ends soon')).toBeTruthy()
  expect(await card().findByText('Session expired', {}, { timeout: 3000 })).toBeTruthy()
  expect(card().queryByRole('button', { name: 'Manage Account' })).toBeNull()
  expect(app.clock.now).toBeGreaterThanOrEqual(cutoff)
})

test('a running login shows its phase and what can be done', async () => {
  const { user, called, backend } = await mountApp({ accounts: [anAccount({ loginPhase: 'waiting', hasPassword: true })] })
  expect(card().getByText('Logging in…')).toBeTruthy()
  expect(card().getByText('Waiting for you')).toBeTruthy()
  await user.click(card().getByRole('button', { name: 'Show window' }))
  await user.click(card().getByRole('button', { name: 'Copy password' }))
  expect(called('focusLogin')).toEqual([['a1']])
  expect(called('copy')).toEqual([['a1', 'password']])
  backend.change('a1', { loginPhase: 'exchanging' })
  expect(await card().findByText('Exchanging the token')).toBeTruthy()
  expect(card().queryByRole('button', { name: 'Show window' })).toBeNull()
})

test('no password stored: none to copy; cancel goes to the program', async () => {
  const { user, called } = await mountApp({ accounts: [anAccount({ loginPhase: 'waiting' })] })
  expect(card().queryByRole('button', { name: 'Copy password' })).toBeNull()
  await user.click(card().getByRole('button', { name: 'Cancel' }))
  expect(called('cancelLogin')).toEqual([['a1']])
  expect(await card().findByRole('button', { name: 'Get Session Token' })).toBeTruthy()
})

test('a failed login stays until dismissed, with every way on', async () => {
  const loginFailure = aLoginFailure('The page was blocked.', 'Allow the host.', { blockedHosts: ['cdn.example.com'] })
  const { user, called } = await mountApp({ accounts: [anAccount({ loginFailure })] })
  expect(card().getByText('The page was blocked.')).toBeTruthy()
  expect(card().getByText('Allow the host.')).toBeTruthy()
  await user.click(card().getByRole('button', { name: 'Allow cdn.example.com' }))
  expect(called('allowHost')).toEqual([['a1', 'cdn.example.com']])
  for (const name of ['Try again', 'Edit', 'Paste the redirect URL']) expect(card().getByRole('button', { name })).toBeTruthy()
  await user.click(card().getByRole('button', { name: 'Dismiss' }))
  expect(called('dismissFailure')).toEqual([['a1']])
  expect(card().queryByText('The page was blocked.')).toBeNull()
})

test('markup in a name and in a failure is text', async () => {
  const evil = '<img src=x onerror="window.hacked=1">'
  await mountApp({ accounts: [anAccount({ accountName: evil, loginFailure: aLoginFailure(evil, '') })] })
  const heading = screen.getByRole('heading', { name: evil })
  expect(heading.getAttribute('dir')).toBe('auto')
  expect(heading.title).toBe(evil)
  expect(document.querySelector('img')).toBeNull()
})

test('offline is unknown, and warnings are shown', async () => {
  const failure = aFailure('EOFFLINE', 'Offline.')
  await mountApp({ accounts: [liveAccount({ warnings: ['The clock is off.'], lastCheck: { at: 0, ok: false, failure } })] })
  expect(card().getByText('Unknown')).toBeTruthy()
  expect(card().getByText('offline, last seen 08:41')).toBeTruthy()
  expect(card().getByText('The clock is off.')).toBeTruthy()
})

test('IST is shown only where the user’s clock is another', async () => {
  const { view } = await mountApp({ accounts: [liveAccount()] })
  expect(card().queryByText('06:00 IST')).toBeNull()
  view.unmount()
  await mountApp({ accounts: [liveAccount()], offsetMinutes: 60 })
  expect(card().getByText('06:00 IST')).toBeTruthy()
  expect(card().getByText('tomorrow 01:30')).toBeTruthy()
})

test('between 05:00 and 08:00 IST a living session may end any minute', async () => {
  await mountApp({ now: cutoff + minutes(10), accounts: [liveAccount({}, { expiresAt: cutoff + hours(24) })] })
  expect(card().getByText(/May end any minute/)).toBeTruthy()
})
