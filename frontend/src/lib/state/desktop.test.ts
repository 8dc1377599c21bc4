import { describe, expect, test, vi } from 'vitest'
import type { Desktop } from '../backend/backend'
import { workingDesktop } from '../backend/defaults'
import { mockBackend, type MockSetup } from '../backend/mock'
import { afterClosing, bannersOf, statusLines } from '../format/desktop'
import { aFailure } from '../testing/fixtures'
import { DesktopState } from './desktop.svelte'
import { ToastState } from './toasts.svelte'

const agentFailure = aFailure('EINTERNAL', 'It couldn’t be started.', 'Look at the log.')
const noNotices = aFailure('ENOTFOUND', 'No service runs.', 'Start one.')

async function started(setup: MockSetup = {}) {
  const backend = mockBackend(setup)
  const toasts = new ToastState()
  const state = new DesktopState(backend, toasts)
  state.follow()
  await state.fetch()
  return { backend, state, toasts }
}

test('follows what comes and goes', async () => {
  const { backend, state } = await started({ desktop: { tray: false } })
  expect(state.current.tray).toBe(false)
  vi.spyOn(backend, 'desktop').mockResolvedValue({ ...workingDesktop, watcher: 'window' })
  backend.emit('desktop:changed')
  await vi.waitFor(() => expect(state.current).toMatchObject({ tray: true, watcher: 'window' }))
})

test('autostart is what the program says, also after a refusal', async () => {
  const { state, toasts } = await started({ once: { setAutostart: aFailure('EDATA', 'Not writable.') } })
  await state.setAutostart(true)
  expect(state.current.autostart).toBe(false)
  expect(toasts.list[0]?.message).toBe('Not writable.')
  await state.setAutostart(true)
  expect(state.current.autostart).toBe(true)
})

test.each([true, false])('the offer goes at once and is answered with %s', async (yes) => {
  const { backend, state } = await started({ desktop: { offerAutostart: true } })
  const done = state.answerAutostart(yes)
  expect(state.current.offerAutostart).toBe(false)
  await done
  expect(backend.calls.find((c) => c.method === 'answerAutostart')?.args).toEqual([yes])
  expect(state.current).toMatchObject({ offerAutostart: false, autostart: yes })
})

test('a banner put aside comes back only when something else is wrong', async () => {
  const { backend, state } = await started({ desktop: { notificationFailure: noNotices } })
  state.putAside(state.banners[0] as never)
  expect(state.banners).toEqual([])
  await state.fetch()
  expect(state.banners).toEqual([])
  vi.spyOn(backend, 'desktop').mockResolvedValue({ ...workingDesktop, notificationFailure: aFailure('ETIMEOUT', 'It hangs.') })
  await state.fetch()
  expect(state.banners.map((b) => b.hint)).toEqual(['It hangs.'])
})

test('what there is to tell brings the banner back, once for each time it comes', async () => {
  const { backend, state } = await started({ desktop: { notificationFailure: noNotices } })
  const next = async (...untold: string[]) => {
    vi.spyOn(backend, 'desktop').mockResolvedValue({ ...workingDesktop, notificationFailure: noNotices, untold })
    await state.fetch()
    return state.banners.map((b) => b.untold)
  }
  const putAside = () => state.putAside(state.banners[0] as never)
  putAside()
  expect(await next('HUF has no session for today')).toEqual([['HUF has no session for today']])
  putAside()
  expect(await next('HUF has no session for today')).toEqual([])
  expect(await next('HUF has no session for today', 'Family ends at 06:00')).toHaveLength(1)
  putAside()
  expect(await next('Family ends at 06:00')).toEqual([])
  expect(await next('HUF has no session for today', 'Family ends at 06:00')).toHaveLength(1)
})

describe('in words', () => {
  const desktop = (change: Partial<Desktop> = {}) => ({ ...workingDesktop, ...change })

  test('nothing is said where all works', () => {
    expect(bannersOf(desktop())).toEqual([])
    expect(statusLines(desktop()).every((l) => l.ok)).toBe(true)
  })
  test('an unwatched session and notices that can’t be shown: why and what to do', () => {
    const found = bannersOf(desktop({ watcher: 'none', agentFailure, notificationFailure: noNotices }))
    expect(found.map((b) => [b.id, b.hint])).toEqual([['watch', 'It couldn’t be started. Look at the log.'], ['notices', 'No service runs. Start one.']])
    expect(bannersOf(desktop({ watcher: 'none' }))).toEqual([]) // the agent is being started
  })
  test('an agent that runs and can’t watch: its own words, and no promise', () => {
    const blind = desktop({ agentFailure: aFailure('EDATA', 'The database can’t be read.', 'Free some space.') })
    expect(bannersOf(blind)).toEqual([{ id: 'watch', message: 'The database can’t be read.', hint: 'Free some space.', untold: [] }])
    expect(statusLines(blind)[0]).toEqual({ id: 'watch', ok: false, text: 'The database can’t be read. Free some space.' })
    expect(afterClosing(blind)).toBe('Kite Accounts goes on in the tray, but reminds you of nothing as it is now. The database can’t be read. Free some space. End it with Quit in the tray’s menu.')
    expect(afterClosing({ ...blind, tray: false })).toMatch(/in the background, but reminds you of nothing.*End it with Quit in the window’s menu or with kitectl agent --stop\.$/)
  })
  test('a notice that couldn’t be shown is told, whatever the reason', () => {
    const untold = desktop({ untold: ['HUF has no session for today'] })
    expect(bannersOf(untold)).toEqual([{ id: 'notices', message: 'Notices can’t be shown on this desktop.', hint: '', untold: ['HUF has no session for today'] }])
    expect(statusLines(untold)[2]).toEqual({ id: 'notices', ok: false, text: 'Notices can’t be shown.' })
  })
  test('a window that watches is told of only if the agent should', () => {
    expect(bannersOf(desktop({ watcher: 'window' }))).toEqual([])
    expect(bannersOf(desktop({ watcher: 'window', agentFailure }))).toHaveLength(1)
  })
  test('without a tray: how to open and to end it', () => {
    const line = statusLines(desktop({ tray: false })).find((l) => l.id === 'tray')
    expect(line).toEqual({
      id: 'tray', ok: false,
      text: 'No tray on this desktop shows the icon. Kite Accounts goes on without one: open it from the menu of your desktop, end it with Quit in the window’s menu or kitectl agent --stop.',
    })
  })
  test('what goes on after closing', () => {
    expect(afterClosing(desktop())).toMatch(/stays in the tray/)
    expect(afterClosing(desktop({ tray: false }))).toBe('Kite Accounts goes on in the background without a window or an icon. End it with Quit in the window’s menu or with kitectl agent --stop.')
    expect(afterClosing(desktop({ watcher: 'window', agentFailure }))).toBe('Once this window is closed, nobody watches your sessions. It couldn’t be started. Look at the log.')
  })
})
