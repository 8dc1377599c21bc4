import { fireEvent, screen, within } from '@testing-library/svelte'
import { expect, test, vi } from 'vitest'
import type { DayPicture } from '../../lib/backend/backend'
import type { MockSetup } from '../../lib/backend/mock'
import { crowd, cutoff, family, hours, minutes, morning } from '../../lib/testing/fixtures'
import { mountApp } from '../../lib/testing/mount'

const dayPicture: DayPicture = {
  from: morning, to: cutoff, market: [{ from: morning, to: morning + minutes(330) }], marketNote: '',
  sessions: [
    { accountId: 'a1', accountName: 'Personal', from: morning - hours(1), to: cutoff },
    { accountId: 'a2', accountName: 'Options', from: morning - hours(1), to: morning + minutes(48) },
  ],
  idle: [{ accountId: 'a4', accountName: 'HUF' }],
  reminders: [{ at: morning + minutes(18), text: 'Options ends in 30 min' }],
}

async function unfolded(setup: MockSetup = {}) {
  const mounted = await mountApp({ accounts: family(), dayPicture, ...setup })
  mounted.app.day.open = true
  const control = await screen.findByRole('slider', { name: 'Timeline' })
  const said = () => control.getAttribute('aria-valuetext')
  return { ...mounted, control, said }
}

test('folds and unfolds; folded, one line says how the day stands', async () => {
  const { user } = await unfolded()
  const fold = screen.getByRole('button', { name: /2 of 3 accounts ready/ })
  expect(fold.textContent).toContain('Market open until 15:30')
  await user.click(fold)
  expect(fold.getAttribute('aria-expanded')).toBe('false')
  expect(screen.queryByRole('slider')).toBeNull()
})

test('left and right go from one thing that happens to the next, with exact times', async () => {
  const { control, said, user } = await unfolded()
  expect(said()).toBe('Market open until 15:30')
  control.focus()
  await user.keyboard('{Home}')
  expect(said()).toBe('today 10:18 · Reminder: Options ends in 30 min')
  await user.keyboard('{ArrowRight}')
  expect(said()).toBe('today 10:48 · Session of Options ends')
  await user.keyboard('{ArrowRight}{ArrowRight}{ArrowRight}{ArrowRight}')
  expect(said()).toBe('tomorrow 06:00 · Session of Personal ends · Kite’s cut-off')
  await user.keyboard('{ArrowLeft}')
  expect(said()).toBe('today 15:30 · Market closes')
})

test('up and down go from account to account', async () => {
  const { control, said, user } = await unfolded()
  control.focus()
  await user.keyboard('{ArrowDown}')
  expect(said()).toBe('Options · from today 09:00 to today 10:48')
  await user.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}')
  expect(said()).toBe('HUF · no session')
  await user.keyboard('{ArrowUp}')
  expect(said()).toBe('Personal · from today 09:00 to tomorrow 06:00')
  expect(screen.getByText('Personal · from today 09:00 to tomorrow 06:00')).toBeTruthy()
})

test('the pointer reads any moment, and what happens near it', async () => {
  const { control } = await unfolded()
  const svg = control.querySelector('svg')!
  vi.spyOn(svg, 'getBoundingClientRect').mockReturnValue(new DOMRect(100, 0, 1000, 140))
  const at = (share: number, y: number) => fireEvent.pointerMove(control, { clientX: 100 + share * 1000, clientY: y })
  await at(0.5, 65)
  expect(screen.getByText('today 20:00 · Personal · from today 09:00 to tomorrow 06:00')).toBeTruthy()
  await at(0.277, 30)
  expect(screen.getByText('today 15:30 · Market closes')).toBeTruthy()
  await fireEvent.pointerLeave(control)
  expect(screen.getByText(/^Next: today 10:18/)).toBeTruthy()
})

test('a table says the same to a screen reader', async () => {
  await unfolded()
  const rows = (name: RegExp) => within(screen.getByRole('table', { name })).getAllByRole('row').slice(1).map((r) => [...r.children].map((c) => c.textContent))
  expect(rows(/Sessions until/)).toEqual([
    ['Personal', 'today 09:00', 'tomorrow 06:00'],
    ['Options', 'today 09:00', 'today 10:48'],
    ['HUF', 'no session'],
  ])
  expect(rows(/Market hours/)).toEqual([
    ['Market open', 'today 10:00 to today 15:30'],
    ['Reminder: Options ends in 30 min', 'today 10:18'],
  ])
})

test('abroad, every time says what it is in India, and there is a second scale', async () => {
  const { control, said, user } = await unfolded({ offsetMinutes: -300 })
  control.focus()
  await user.keyboard('{End}')
  expect(said()).toContain('tomorrow 19:30 (06:00 IST)')
  const labels = [...control.querySelectorAll('text')].map((t) => t.textContent)
  expect(labels).toContain('19:30')
  expect(labels).toContain('06:00')
})

test('of many accounts the first eight are drawn, the rest is counted, all are in the table', async () => {
  const sessions = crowd(30).map(({ accountId, accountName }) => ({ accountId, accountName, from: morning, to: cutoff }))
  const { control } = await unfolded({ accounts: crowd(30), dayPicture: { ...dayPicture, sessions, idle: [] } })
  expect(control.querySelectorAll('.bar')).toHaveLength(8)
  expect(within(control).getByText('and 22 more')).toBeTruthy()
  expect(within(screen.getByRole('table', { name: /Sessions until/ })).getAllByRole('row')).toHaveLength(31)
})

test('on a holiday the note stands where the market hours would', async () => {
  const { control, said } = await unfolded({ dayPicture: { ...dayPicture, market: [], marketNote: 'Market closed: Christmas' } })
  expect(said()).toBe('Market closed: Christmas')
  expect(within(control).getByText('Market closed: Christmas')).toBeTruthy()
})

test('the drawing follows what changes', async () => {
  const { backend, control } = await unfolded()
  expect(control.querySelectorAll('.idle')).toHaveLength(1)
  vi.spyOn(backend, 'dayPicture').mockResolvedValue({ ...dayPicture, sessions: [], idle: [...dayPicture.sessions, ...dayPicture.idle] })
  backend.emit('session:changed')
  await vi.waitFor(() => expect(control.querySelectorAll('.idle')).toHaveLength(3))
})

test('markup in a name is text', async () => {
  const evil = '<img src=x onerror="window.hacked=1">'
  await unfolded({ dayPicture: { ...dayPicture, idle: [{ accountId: 'x', accountName: evil }] } })
  expect(document.querySelector('img')).toBeNull()
})
