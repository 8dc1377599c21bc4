import { screen, waitFor, within } from '@testing-library/svelte'
import { describe, expect, test } from 'vitest'
import type { Preferences } from '../../lib/backend/backend'
import type { MockSetup } from '../../lib/backend/mock'
import { aFailure, family } from '../../lib/testing/fixtures'
import { mountApp } from '../../lib/testing/mount'

async function page(setup: MockSetup = {}) {
  const mounted = await mountApp({ accounts: family(), ...setup })
  await waitFor(() => expect(mounted.app.preferences.loaded).toBe(true))
  await mounted.user.click(screen.getByRole('button', { name: 'Preferences' }))
  const dialog = within(await screen.findByRole('dialog'))
  const sent = () => mounted.called('setPreferences').map(([p]) => p as Preferences)
  return { ...mounted, dialog, sent }
}
const group = (name: string) => within(screen.getByRole('region', { name }))

test('opens by Ctrl+comma too, with every group', async () => {
  const { user } = await mountApp()
  await user.keyboard('{Control>},{/Control}')
  await screen.findByRole('dialog', { name: 'Preferences' })
  await screen.findByRole('region', { name: 'Appearance' })
  expect(screen.getAllByRole('region').map((r) => r.querySelector('h3')?.textContent)).toEqual(['Appearance', 'Reminders', 'Every morning', 'Trading days', 'Tray and start', 'Programs', 'History', 'Updates'])
})

test('that can’t be read: the reason, and another try', async () => {
  const { app, user } = await mountApp({ once: { tradingDays: aFailure('EDATA', 'Unreadable.') } })
  app.dialogs.preferences()
  const dialog = within(await screen.findByRole('dialog'))
  expect(await dialog.findByText('Unreadable.')).toBeTruthy()
  await user.click(dialog.getByRole('button', { name: 'Try again' }))
  expect(await screen.findByRole('region', { name: 'Appearance' })).toBeTruthy()
})

test('the theme applies at once', async () => {
  const { user, sent } = await page()
  await user.click(screen.getByRole('radio', { name: 'Dark' }))
  expect(sent()[0]?.theme).toBe('dark')
  expect(document.documentElement.dataset.theme).toBe('dark')
  await user.click(screen.getByRole('radio', { name: 'System' }))
  await waitFor(() => expect(document.documentElement.dataset.theme).toBeUndefined())
})

describe('reminders', () => {
  test('a lead time is removed and its neighbour gets the focus', async () => {
    const { user, sent } = await page()
    await user.click(screen.getByRole('button', { name: 'Remove 2 h before' }))
    await waitFor(() => expect(sent()[0]?.leadMinutes).toEqual([30]))
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Remove 30 min before' }))
  })

  test('one is added in minutes or hours; nonsense and a second one of the same isn’t', async () => {
    const { user, sent } = await page()
    const amount = screen.getByRole('textbox', { name: 'How long before the end' })
    const leads = group('Reminders')
    await user.type(amount, 'soon{Enter}')
    expect(leads.getByText('Write a number, such as 45.')).toBeTruthy()
    await user.clear(amount)
    await user.type(amount, '30{Enter}')
    expect(leads.getByText('There is a reminder 30 min before the end already.')).toBeTruthy()
    await user.selectOptions(screen.getByRole('combobox', { name: 'Unit' }), 'h')
    await user.clear(amount)
    await user.type(amount, '1.5{Enter}')
    await waitFor(() => expect(sent()).toHaveLength(1))
    expect(sent()[0]?.leadMinutes).toEqual([120, 90, 30])
    expect(await leads.findByText(/1 h 30 min before/)).toBeTruthy()
  })

  test('a refused one stays in the field, with the reason', async () => {
    const { user } = await page({ failures: { setPreferences: aFailure('EINVALID', 'Six are enough.', '', 'leadMinutes') } })
    const amount = screen.getByRole<HTMLInputElement>('textbox', { name: 'How long before the end' })
    await user.type(amount, '45{Enter}')
    expect(await group('Reminders').findByText('Six are enough.')).toBeTruthy()
    expect(amount.value).toBe('45')
    expect(screen.queryByRole('button', { name: 'Remove 45 min before' })).toBeNull()
  })

  test('a refused tick goes back', async () => {
    const { user } = await page({ failures: { setPreferences: aFailure('EDATA', 'Not saved.') } })
    const box = screen.getByRole<HTMLInputElement>('checkbox', { name: 'Say when a session has ended' })
    await user.click(box)
    expect(await screen.findByText('Not saved.')).toBeTruthy()
    await waitFor(() => expect(box.checked).toBe(true))
  })

  test('says when a warning comes, by the clock of the user', async () => {
    await page({ offsetMinutes: 60 })
    expect(screen.getByText('Kite ends all sessions at 06:00 IST, 01:30 by your clock. So a warning two hours before comes at 23:30, and quiet hours hold it back.')).toBeTruthy()
  })
})

describe('a time', () => {
  test('applies when the field is left, not on each key', async () => {
    const { user, sent } = await page()
    const from = screen.getByRole<HTMLInputElement>('textbox', { name: 'Quiet from' })
    await user.clear(from)
    await user.type(from, '9')
    await user.type(from, '30')
    expect(sent()).toEqual([])
    await user.tab()
    await waitFor(() => expect(sent().map((p) => p.quietFrom)).toEqual([570]))
    expect(from.value).toBe('09:30')
  })

  test('that can’t be read is said and not applied', async () => {
    const { user, sent } = await page()
    const at = screen.getByRole<HTMLInputElement>('textbox', { name: 'Morning reminder at, in IST' })
    await user.clear(at)
    await user.type(at, '25:00')
    await user.tab()
    expect(screen.getByText('Write a time like 08:30.')).toBeTruthy()
    expect(at.getAttribute('aria-invalid')).toBe('true')
    expect(sent()).toEqual([])
    await user.type(at, '{Escape}')
    expect(at.value).toBe('08:30')
    expect(screen.getByRole('dialog')).toBeTruthy()
  })

  test('that is being typed isn’t overwritten by a change from elsewhere', async () => {
    const { app, backend, user } = await page()
    const from = screen.getByRole<HTMLInputElement>('textbox', { name: 'Quiet from' })
    await user.clear(from)
    await user.type(from, '23')
    await backend.setPreferences({ ...app.preferences.current, quietFrom: 60, quietTo: 300 })
    await waitFor(() => expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Quiet to' }).value).toBe('05:00'))
    expect(from.value).toBe('23')
  })
})

describe('the order of logins', () => {
  const rows = () => within(screen.getByRole('list', { name: /in the order of/ })).getAllByRole('listitem')
  const names = () => rows().map((r) => r.querySelector('label')?.textContent?.trim())

  test('moves by keyboard, keeps the focus, and says where to', async () => {
    const { user, sent } = await page()
    screen.getByRole('button', { name: 'Move HUF account up' }).focus()
    await user.keyboard('{Enter}')
    await waitFor(() => expect(names()[0]).toBe('HUF account'))
    expect(screen.getByText('HUF account is number 1 of 6.')).toBeTruthy()
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Move HUF account down')
    await user.keyboard('{Enter}{Enter}')
    await waitFor(() => expect(sent()).toHaveLength(3))
    expect(sent().at(-1)?.loginOrder).toEqual(['a5', 'a2', 'a4', 'a3', 'a1', 'a6'])
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Move HUF account down')
  })

  test('an account is left out and taken in again', async () => {
    const { user, sent } = await page()
    const box = within(rows()[5] as HTMLElement).getByRole('checkbox', { name: 'Sandbox' })
    await user.click(box)
    await waitFor(() => expect(sent()[0]?.leftOut).toEqual(['a6']))
    await user.click(box)
    await waitFor(() => expect(sent()[1]?.leftOut).toEqual([]))
  })
})

describe('trading days', () => {
  const holidays = () => within(screen.getByRole('list', { name: 'Holidays' }))

  test('past ones on demand; a shipped one is removed and restored', async () => {
    const { user, sent } = await page()
    expect(holidays().getAllByRole('listitem')).toHaveLength(2)
    await user.click(screen.getByRole('button', { name: 'Show 6 past days' }))
    expect(holidays().getAllByRole('listitem')).toHaveLength(8)
    await user.click(screen.getByRole('button', { name: 'Remove Christmas, Fri 25 Dec 2026' }))
    await user.click(await screen.findByRole('button', { name: 'Restore Fri 25 Dec 2026' }))
    await waitFor(() => expect(sent().map((p) => p.holidaysRemoved)).toEqual([['2026-12-25'], []]))
  })

  test('a day is added once and with a name; a year with a holiday is no longer missing', async () => {
    const { user, sent } = await page()
    expect(screen.getByText('There is no holiday list for 2027: only weekends count as closed. Add its holidays when the exchange publishes them.')).toBeTruthy()
    const [day] = screen.getAllByRole('textbox', { name: 'Day, like 2027-12-25' })
    const [name] = screen.getAllByRole('textbox', { name: 'Name of the day' })
    await user.type(day as HTMLElement, '2026-12-25{Enter}')
    expect(screen.getByText('Fri 25 Dec 2026 is in the list already.')).toBeTruthy()
    await user.clear(day as HTMLElement)
    await user.type(day as HTMLElement, '2027-01-26{Enter}')
    expect(screen.getByText('Give the day a name.')).toBeTruthy()
    await user.type(name as HTMLElement, 'Republic Day{Enter}')
    await waitFor(() => expect(screen.queryByText(/no holiday list for 2027/)).toBeNull())
    expect(sent()[0]?.holidaysAdded).toEqual([{ date: '2027-01-26', name: 'Republic Day' }])
    await user.click(screen.getByRole('button', { name: 'Remove Republic Day, Tue 26 Jan 2027' }))
    expect(await screen.findByText(/no holiday list for 2027/)).toBeTruthy()
  })

  test('all shipped ones removed: the list is empty, what was removed stands there by its date', async () => {
    const { user, sent } = await page({ tradingDays: { holidays: [] }, preferences: { holidaysRemoved: ['2026-12-25'] } })
    const row = holidays().getByRole('listitem')
    expect(row.textContent).toMatch(/Fri 25 Dec 2026\s*Removed\s*Restore/)
    await user.click(within(row).getByRole('button', { name: 'Restore Fri 25 Dec 2026' }))
    await waitFor(() => expect(sent()[0]?.holidaysRemoved).toEqual([]))
    expect(screen.queryByRole('list', { name: 'Holidays' })).toBeNull()
  })

  test('a removed one keeps its name; the focus goes on', async () => {
    const { user } = await page()
    await user.click(screen.getByRole('button', { name: 'Remove Christmas, Fri 25 Dec 2026' }))
    const restore = await screen.findByRole('button', { name: 'Restore Fri 25 Dec 2026' })
    expect(restore.closest('li')?.textContent).toContain('Christmas')
    await user.click(restore)
    expect(document.activeElement).toBe(screen.getAllByRole('textbox', { name: 'Day, like 2027-12-25' })[0])
  })

  test('a day of one’s own that is shipped by now too stands there twice, and goes alone', async () => {
    const { user, sent } = await page({ preferences: { holidaysAdded: [{ date: '2026-12-25', name: 'Xmas' }] } })
    expect(holidays().getAllByRole('listitem')).toHaveLength(3)
    await user.click(screen.getByRole('button', { name: 'Remove Xmas, Fri 25 Dec 2026' }))
    await waitFor(() => expect(sent()[0]).toMatchObject({ holidaysAdded: [], holidaysRemoved: [] }))
  })

  test('special sessions of one’s own; shipped ones stay', async () => {
    const { user, sent } = await page({ preferences: { specialSessions: [{ date: '2027-02-06', name: 'Budget' }] } })
    await user.click(screen.getByRole('button', { name: 'Show 1 past day' }))
    expect(screen.queryByRole('button', { name: /Remove Muhurat/ })).toBeNull()
    await user.click(screen.getByRole('button', { name: 'Remove Budget, Sat 6 Feb 2027' }))
    await waitFor(() => expect(sent()[0]?.specialSessions).toEqual([]))
  })
})

describe('tray and start', () => {
  test('what closing does, by the words that fit the desktop', async () => {
    const { user, sent } = await page({ desktop: { tray: false } })
    await user.click(screen.getByRole('radio', { name: 'Keeps running' }))
    await waitFor(() => expect(sent()[0]?.onClose).toBe('stay'))
  })
  test('starts with the computer; a refusal stands at the box', async () => {
    const { user, called } = await page({ desktop: { autostartFailure: aFailure('EDATA', 'The folder can’t be written.') } })
    expect(screen.getByText('The folder can’t be written.')).toBeTruthy()
    await user.click(screen.getByRole('checkbox', { name: 'Start with the computer, hidden' }))
    expect(called('setAutostart')).toEqual([[true]])
  })
})

describe('history', () => {
  test.each([['30 days', 30], ['For ever', 0]])('%s', async (title, days) => {
    const { user, sent } = await page()
    await user.click(screen.getByRole('radio', { name: title }))
    await waitFor(() => expect(sent()[0]?.historyDays).toBe(days))
  })
  test('any number of days', async () => {
    const { user, sent } = await page()
    await user.click(screen.getByRole('radio', { name: 'Other' }))
    const days = screen.getByRole('textbox', { name: 'Number of days' })
    await user.clear(days)
    await user.type(days, 'many')
    await user.tab()
    expect(screen.getByText('Write a number of days, such as 180.')).toBeTruthy()
    expect(sent()).toEqual([])
    await user.clear(days)
    await user.type(days, '180')
    await user.tab()
    await waitFor(() => expect(sent()[0]?.historyDays).toBe(180))
  })
})
