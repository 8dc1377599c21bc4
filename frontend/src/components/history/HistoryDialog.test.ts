import { screen, waitFor, within } from '@testing-library/svelte'
import { expect, test, vi } from 'vitest'
import type { CalendarDay } from '../../lib/backend/backend'
import type { MockSetup } from '../../lib/backend/mock'
import { aFailure, anEntry, family, hours, morning } from '../../lib/testing/fixtures'
import { mountApp } from '../../lib/testing/mount'

const dialog = () => within(screen.getByRole('dialog'))
const history = [
  anEntry({ id: 4, kind: 'test', ok: false, detail: 'Kite can’t be reached.' }),
  anEntry({ id: 3, at: morning - hours(1), accountId: 'a4', accountName: 'HUF account', clientId: 'GH3456' }),
  anEntry({ id: 2, at: morning - hours(30), kind: 'expired' }),
  anEntry({ id: 1, at: morning - hours(100), kind: 'export', accountId: 'gone', accountName: 'Old account', detail: 'The access token was copied.' }),
]
const at = (iso: string) => Date.parse(`${iso}+05:30`)
const calendar: CalendarDay[] = [
  { date: '2026-11-20', trades: true, note: '', sessions: [{ from: at('2026-11-20T08:12'), to: at('2026-11-21T00:00'), endedReason: 'expired' }] },
  { date: '2026-11-21', trades: false, note: '', sessions: [{ from: at('2026-11-21T00:00'), to: at('2026-11-21T06:00'), endedReason: 'expired' }] },
  { date: '2026-11-22', trades: false, note: '', sessions: [] },
  { date: '2026-11-23', trades: true, note: '', sessions: [] },
]

async function opened(setup: MockSetup = {}, accountId = '') {
  const mounted = await mountApp({ accounts: family(), history, calendar, ...setup })
  mounted.app.dialogs.history(accountId)
  await screen.findByRole('dialog')
  return mounted
}

test('newest first, by day, with account, words, detail and time', async () => {
  await opened()
  expect(await dialog().findByText('Check failed')).toBeTruthy()
  expect(dialog().getAllByRole('heading', { level: 3 }).map((h) => h.textContent)).toEqual(['Today', 'Yesterday', 'Thu 19 Nov'])
  const [first, second] = dialog().getAllByRole('listitem')
  expect(first?.textContent).toContain('Personal trading')
  expect(first?.textContent).toContain('Kite can’t be reached.')
  expect(second?.querySelector('time')?.textContent).toBe('09:00')
  expect(dialog().getByText('Old account')).toBeTruthy()
})

test('opens from the account’s menu, with its calendar', async () => {
  const { user } = await mountApp({ accounts: family(), history, calendar })
  screen.getByRole('button', { name: 'More for HUF account' }).focus()
  await user.keyboard('{Enter}')
  const item = await screen.findByText('History', { selector: '[role="menuitem"]' }) // invisible: jsdom never lays the menu out
  item.focus()
  await user.keyboard('{Enter}')
  await screen.findByRole('dialog')
  expect(await dialog().findByRole('grid', { name: 'Sessions of past days' })).toBeTruthy()
  expect(dialog().getAllByRole('listitem')).toHaveLength(1)
})

test('search, kind and account narrow; nothing found says so and leads back', async () => {
  const { user, called } = await opened()
  await dialog().findByText('Check failed')
  await user.type(dialog().getByRole('textbox', { name: 'Search the history' }), 'reached')
  await waitFor(() => expect(dialog().getAllByRole('listitem')).toHaveLength(1))
  await user.selectOptions(dialog().getByRole('combobox', { name: 'Kind' }), 'Session refreshed')
  expect(await dialog().findByText('Nothing matches.')).toBeTruthy()
  await user.click(dialog().getByRole('button', { name: 'Show everything' }))
  await waitFor(() => expect(dialog().getAllByRole('listitem')).toHaveLength(4))
  await user.selectOptions(dialog().getByRole('combobox', { name: 'Account' }), 'HUF account')
  await waitFor(() => expect(dialog().getAllByRole('listitem')).toHaveLength(1))
  expect(called('accountCalendar')).toEqual([['a4', 84]])
})

test('nothing yet', async () => {
  await opened({ history: [] })
  expect(await dialog().findByText('Nothing yet.')).toBeTruthy()
  expect(dialog().getByRole('button', { name: 'Export CSV' })).toHaveProperty('disabled', true)
})

test('what fails to load says so and can be tried again', async () => {
  const { user } = await opened({ once: { history: aFailure('EDATA', 'The history couldn’t be read.') } })
  expect(await dialog().findByText('The history couldn’t be read.')).toBeTruthy()
  await user.click(dialog().getByRole('button', { name: 'Try again' }))
  expect(await dialog().findByText('Check failed')).toBeTruthy()
})

test('more is shown on demand', async () => {
  const many = Array.from({ length: 130 }, (_, i) => anEntry({ id: 130 - i }))
  const { user } = await opened({ history: many })
  await user.click(await dialog().findByRole('button', { name: 'Show more' }))
  await waitFor(() => expect(dialog().getAllByRole('listitem')).toHaveLength(130))
  expect(dialog().queryByRole('button', { name: 'Show more' })).toBeNull()
})

test('exports what is picked and says where', async () => {
  const { user, called } = await opened({}, 'a1')
  await dialog().findByText('Check failed')
  await user.click(dialog().getByRole('button', { name: 'Export CSV' }))
  expect(called('exportHistory')).toEqual([[{ accountId: 'a1', kind: '', query: '', before: 0, limit: 0 }]])
  expect(await screen.findByText('Saved as /home/asha/Documents/kite-history.csv')).toBeTruthy()
})

test('follows what happens while it is open', async () => {
  const { backend } = await opened()
  await dialog().findByText('Check failed')
  vi.spyOn(backend, 'history').mockResolvedValue([anEntry({ id: 5, kind: 'logged out' }), ...history])
  backend.emit('history:changed')
  await waitFor(() => expect(dialog().getAllByRole('listitem')).toHaveLength(5))
  expect(dialog().getByText('Logged out', { selector: '.kind' })).toBeTruthy()
})

test('the calendar is walked with the arrows, and says exact times', async () => {
  const { user } = await opened({}, 'a1')
  const grid = within(await dialog().findByRole('grid'))
  expect(grid.getAllByRole('button').map((b) => [b.dataset.date?.slice(8), b.className.split(' ')[1]])).toEqual([['23', 'missed'], ['20', 'session'], ['21', 'closed'], ['22', 'closed']])
  const today = grid.getByRole('button', { name: 'Mon 23 Nov: no session' })
  expect(today.tabIndex).toBe(0)
  today.focus()
  await user.keyboard('{ArrowUp}')
  expect(document.activeElement?.getAttribute('aria-label')).toBe('Sun 22 Nov: market closed')
  await user.keyboard('{Home}')
  expect(document.activeElement?.getAttribute('aria-label')).toBe('Fri 20 Nov: 08:12 to 06:00 IST next day')
  expect(dialog().getByText('Fri 20 Nov: 08:12 to 06:00 IST next day')).toBeTruthy()
  await user.keyboard('{ArrowLeft}')
  expect(document.activeElement?.getAttribute('aria-label')).toContain('Fri 20 Nov')
})

test('and a table says the same', async () => {
  await opened({}, 'a1')
  const table = within(await dialog().findByRole('table', { name: /A session on 1 of 2 trading days/ }))
  expect(table.getAllByRole('row').slice(1).map((r) => [...r.children].map((c) => c.textContent))).toEqual([
    ['Mon 23 Nov', 'no session'],
    ['Fri 20 Nov', '08:12 to 06:00 IST next day'],
  ])
})
