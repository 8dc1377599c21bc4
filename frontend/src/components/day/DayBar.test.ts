import { screen, within } from '@testing-library/svelte'
import { expect, test, vi } from 'vitest'
import { aFailure, anAccount, aRound, cutoff, family, liveAccount, morning } from '../../lib/testing/fixtures'
import { mountApp } from '../../lib/testing/mount'

const button = (name: string | RegExp) => screen.getByRole('button', { name })
const noButton = (name: string | RegExp) => expect(screen.queryByRole('button', { name })).toBeNull()
const waitForSkip = () => screen.findByRole('button', { name: 'Skip' })
const round = () => within(screen.getByRole('region', { name: 'Log in all' }))

test('without accounts there is neither day nor round', async () => {
  await mountApp()
  noButton('Log in all')
  noButton('Check all')
  expect(screen.queryByRole('slider')).toBeNull()
})

test('Log in all counts who needs a session, and starts with all of them', async () => {
  const { user, called } = await mountApp({ accounts: family() })
  expect(button('Log in all').textContent).toContain('3')
  await user.click(button('Log in all'))
  expect(called('logInAll')).toEqual([[['a3', 'a4', 'a5'], false]])
  expect(await screen.findByText('1 of 3 · Meera, long term')).toBeTruthy()
})

test('who is left out of the morning isn’t counted; with nobody left there is no button', async () => {
  const { app } = await mountApp({ accounts: family(), preferences: { leftOut: ['a4'] } })
  await vi.waitFor(() => expect(app.preferences.loaded).toBe(true))
  expect(button('Log in all').textContent).toContain('2')
})

test('everyone has a session: nothing to log in, something to check', async () => {
  await mountApp({ accounts: [liveAccount()] })
  noButton('Log in all')
  expect(button('Check all')).toBeTruthy()
})

test('a session that ends by the clock alone makes the button come', async () => {
  await mountApp({ now: cutoff - 700, accounts: [liveAccount()] })
  noButton('Log in all')
  expect(await screen.findByRole('button', { name: 'Log in all' }, { timeout: 3000 })).toBeTruthy()
})

test('chosen accounts only', async () => {
  const { user, called } = await mountApp({ accounts: family() })
  await user.click(button('Choose…'))
  expect(button('Log in 0 selected')).toHaveProperty('disabled', true)
  for (const name of ['HUF account', 'Algo server', 'Personal trading']) await user.click(screen.getByRole('checkbox', { name: `Select ${name}` }))
  await user.click(screen.getByRole('checkbox', { name: 'Select Personal trading' }))
  await user.click(button('Log in 2 selected'))
  expect(called('logInAll')).toEqual([[['a4', 'a5'], false]])
  expect(screen.queryByRole('checkbox')).toBeNull()
})

test('choosing can be left without a login', async () => {
  const { user, called } = await mountApp({ accounts: family() })
  await user.click(button('Choose…'))
  await user.click(button('Cancel'))
  expect(screen.queryByRole('checkbox')).toBeNull()
  expect(called('logInAll')).toEqual([])
})

test('a running round: how far, whose turn, skip and stop', async () => {
  const { user, called } = await mountApp({ accounts: family(), round: aRound(['active', 'running', 'waiting']) })
  expect(await screen.findByText('2 of 3 · Intraday options desk')).toBeTruthy()
  const bar = round().getByRole('progressbar')
  expect([bar.getAttribute('aria-valuenow'), bar.getAttribute('aria-valuemax')]).toEqual(['1', '3'])
  expect(bar.getAttribute('aria-valuetext')).toBe('2 of 3 · Intraday options desk')
  noButton('Log in all')
  await user.click(round().getByRole('button', { name: 'Skip' }))
  expect(await screen.findByText('3 of 3 · Meera, long term')).toBeTruthy()
  await user.click(round().getByRole('button', { name: 'Stop' }))
  expect(await screen.findByText('1 logged in, 1 skipped, 1 not logged in.')).toBeTruthy()
  expect([called('skipLogin').length, called('stopRound').length]).toEqual([1, 1])
})

test('Skip pressed twice skips one: it rests until the next login runs', async () => {
  const { app, user, called } = await mountApp({ accounts: family(), round: aRound(['running', 'waiting', 'waiting']) })
  vi.spyOn(app.backend, 'skipLogin').mockImplementationOnce(async () => {})
  const skip = await waitForSkip()
  await user.dblClick(skip)
  expect(skip).toHaveProperty('disabled', true)
  expect(app.backend.skipLogin).toHaveBeenCalledOnce()
  vi.spyOn(app.backend, 'round').mockResolvedValueOnce(aRound(['skipped', 'running', 'waiting']))
  await app.round.fetch()
  await vi.waitFor(() => expect(skip).toHaveProperty('disabled', false))
  await user.click(skip)
  expect(app.backend.skipLogin).toHaveBeenCalledTimes(2)
  expect(called('stopRound')).toEqual([])
})

test('the summary names who failed and why, and tries them again', async () => {
  const failed = aRound(['active', 'failed', 'skipped'])
  const { user, called } = await mountApp({ accounts: family(), round: failed })
  expect(await screen.findByText('1 logged in, 1 skipped, 1 failed.')).toBeTruthy()
  expect(round().getByText('The login window was closed before the login was finished.')).toBeTruthy()
  expect(round().getAllByRole('listitem').map((li) => li.textContent?.trim().split(':')[0])).toEqual(['Intraday options desk', 'Logged in', 'Skipped'])
  await user.click(round().getByRole('button', { name: 'Try the failed ones again' }))
  expect(called('logInAll')).toEqual([[['a2'], false]])
})

test('the summary stays until dismissed', async () => {
  const { user, called } = await mountApp({ accounts: family(), round: aRound(['active', 'active']) })
  await user.click((await screen.findAllByRole('button', { name: 'Dismiss' }))[0]!)
  await vi.waitFor(() => expect(screen.queryByText('All 2 are logged in.')).toBeNull())
  expect(called('dismissRound')).toHaveLength(1)
})

test('a locked vault refuses the round with a hint, and asks nothing', async () => {
  const { user } = await mountApp({ accounts: [anAccount()], failures: { logInAll: aFailure('ELOCKED', 'The vault isn’t open.', 'Press Unlock.') } })
  await user.click(button('Log in all'))
  expect(await screen.findByText('The vault isn’t open.')).toBeTruthy()
  expect(screen.getByText('Press Unlock.')).toBeTruthy()
  expect(screen.queryByRole('alertdialog')).toBeNull()
})

test('Check all is busy while it asks, and says what came of it', async () => {
  const summary = { checked: 3, alive: 1, ended: 1, unknown: 1 }
  const { app, user } = await mountApp({ accounts: family(), checkSummary: summary })
  let answer = () => {}
  vi.spyOn(app.backend, 'checkAll').mockImplementationOnce(() => new Promise((resolve) => (answer = () => resolve(summary))))
  await user.click(button('Check all'))
  expect(button('Checking…')).toHaveProperty('disabled', true)
  answer()
  expect(await screen.findByText('1 session works, 1 was ended elsewhere, 1 couldn’t be checked.')).toBeTruthy()
  await user.click(within(screen.getByRole('region', { name: 'Check all' })).getByRole('button', { name: 'Dismiss' }))
  expect(screen.queryByText(/couldn’t be checked/)).toBeNull()
})

test.each(['cards', 'list'] as const)('each account’s last check is in words: %s', async (view) => {
  const accounts = [
    liveAccount({ accountId: 'a1', lastCheck: { at: morning, ok: true, failure: null } }),
    liveAccount({ accountId: 'a2', accountName: 'HUF', lastCheck: { at: morning, ok: false, failure: aFailure('EOFFLINE', 'No.') } }),
  ]
  await mountApp({ accounts, listPreferences: { view, sort: 'name' } })
  expect(screen.getByText('Checked 10:00: works')).toBeTruthy()
  expect(screen.getByText('Checked 10:00: no answer')).toBeTruthy()
})
