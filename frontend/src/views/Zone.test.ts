import { screen, within } from '@testing-library/svelte'
import { expect, test, vi } from 'vitest'
import type { MockSetup } from '../lib/backend/mock'
import { anEntry, liveAccount, minutes, morning } from '../lib/testing/fixtures'
import { mountApp } from '../lib/testing/mount'

// The computer travels while the window is open: the zone changes, the moment
// stays.

const accounts = [liveAccount({ lastCheck: { at: morning - minutes(1), ok: true, failure: null } })]

async function travels(setup: MockSetup = {}) {
  const mounted = await mountApp({ accounts, ...setup })
  await vi.waitFor(() => expect(mounted.app.clock.inIndia).toBe(true))
  const to = (offsetMinutes: number) => {
    vi.spyOn(mounted.backend, 'clock').mockResolvedValue({ now: morning, zone: '', offsetMinutes, inIndia: offsetMinutes === 330 })
    mounted.backend.emit('clock:changed')
  }
  return { ...mounted, to }
}

test.each(['cards', 'list'] as const)('end, countdown and last check follow the zone: %s', async (view) => {
  const { to } = await travels({ listPreferences: { view, sort: 'name' } })
  const account = within(screen.getByRole('article'))
  expect(account.getByText('tomorrow 06:00')).toBeTruthy()
  expect(account.getByText('Checked 09:59: works')).toBeTruthy()
  to(-300)
  expect(await account.findByText('tomorrow 19:30')).toBeTruthy()
  expect(account.getByText('06:00 IST')).toBeTruthy()
  expect(account.getByText('Checked 23:29: works')).toBeTruthy()
  expect(account.getByText(/(19|20) h \d\d min/)).toBeTruthy()
  to(330)
  expect(await account.findByText('tomorrow 06:00')).toBeTruthy()
  expect(account.queryByText('06:00 IST')).toBeNull()
})

test('the day’s line and the timeline follow the zone, with a second scale abroad', async () => {
  const { app, to } = await travels()
  app.day.open = true
  const control = await screen.findByRole('slider', { name: 'Timeline' })
  const labels = () => [...control.querySelectorAll('text')].map((t) => t.textContent)
  expect(screen.getByText('Market open until 15:30', { selector: '.summary span' })).toBeTruthy()
  expect(control.textContent).not.toContain('IST')
  to(60)
  expect(await screen.findByText('Market open until 11:00', { selector: '.summary span' })).toBeTruthy()
  expect(control.getAttribute('aria-valuetext')).toBe('Market open until 11:00')
  expect(within(control).getByText('IST')).toBeTruthy()
  expect(labels()).toEqual(expect.arrayContaining(['01:30', '06:00', 'until 11:00']))
  expect(screen.getByRole('table', { name: /^Sessions until the cut-off at tomorrow 01:30 \(06:00 IST\)$/ })).toBeTruthy()
})

test('preferences and history follow the zone', async () => {
  const { app, to } = await travels({ history: [anEntry({ at: morning })] })
  app.dialogs.preferences()
  expect(await screen.findByText(/Kite ends all sessions at 06:00 IST\. .* comes at 04:00/)).toBeTruthy()
  to(60)
  expect(await screen.findByText(/at 06:00 IST, 01:30 by your clock\. .* comes at 23:30/)).toBeTruthy()
  app.dialogs.history()
  const dialog = within(await screen.findByRole('dialog', { name: /History/ }))
  expect(await dialog.findByText('05:30')).toBeTruthy()
  to(330)
  expect(await dialog.findByText('10:00')).toBeTruthy()
})
