import type { Desktop, Failure } from '../backend/backend'

/** One thing around the window, whether it works, and what to do if not. */
export interface StatusLine {
  id: 'watch' | 'tray' | 'notices'
  ok: boolean
  text: string
}

const reopen = 'Close this window and open Kite Accounts again.'
const ways = 'open it from the menu of your desktop, end it with Quit in the window’s menu or kitectl agent --stop.'

/** What doesn't work so that the user must know, and what to do. */
export interface Banner {
  id: 'watch' | 'notices'
  message: string
  hint: string
}

/** What doesn't work around the window. */
export function bannersOf({ watcher, agentFailure, notificationFailure }: Desktop): Banner[] {
  const found: Banner[] = []
  const why = sentences(agentFailure)
  if (watcher === 'none') {
    found.push({ id: 'watch', message: 'Nobody watches your sessions: no reminder will come.', hint: why || reopen })
  } else if (watcher === 'window' && agentFailure) {
    found.push({ id: 'watch', message: 'Your sessions are watched only while this window is open.', hint: why })
  }
  if (notificationFailure) {
    found.push({ id: 'notices', message: 'Notices can’t be shown on this desktop: reminders show in this window only.', hint: sentences(notificationFailure) })
  }
  return found
}

/** What works around the window, in sentences. */
export function statusLines(desktop: Desktop): StatusLine[] {
  return [watching(desktop), tray(desktop), notices(desktop)]
}

/** Message and hint of a failure in one; '' for none. */
export function sentences(failure: Failure | null): string {
  return failure ? [failure.message, failure.hint].filter(Boolean).join(' ') : ''
}

/** What goes on when the window is closed. */
export function afterClosing({ tray, watcher, agentFailure }: Desktop): string {
  if (watcher !== 'agent') return `Once this window is closed, nobody watches your sessions. ${sentences(agentFailure)}`.trim()
  if (tray) return 'Kite Accounts stays in the tray and reminds you before sessions end. End it with Quit in its menu there.'
  return 'Kite Accounts goes on in the background without a window or an icon. End it with Quit in the window’s menu or with kitectl agent --stop.'
}

function watching({ watcher, agentFailure }: Desktop): StatusLine {
  const why = sentences(agentFailure)
  switch (watcher) {
    case 'agent':
      return { id: 'watch', ok: true, text: 'Your sessions are watched, also while this window is closed.' }
    case 'window':
      return { id: 'watch', ok: false, text: `This window watches your sessions; once it is closed, nobody does. ${why}`.trim() }
    case 'none':
      return { id: 'watch', ok: false, text: `Nobody watches your sessions: no reminder will come. ${why || reopen}` }
  }
}

function tray({ tray, watcher }: Desktop): StatusLine {
  if (tray) return { id: 'tray', ok: true, text: 'The tray shows the icon.' }
  const agent = watcher === 'agent' ? ` Kite Accounts goes on without one: ${ways}` : ''
  return { id: 'tray', ok: false, text: `No tray on this desktop shows the icon.${agent}` }
}

function notices({ notificationFailure }: Desktop): StatusLine {
  if (!notificationFailure) return { id: 'notices', ok: true, text: 'The desktop shows notices.' }
  return { id: 'notices', ok: false, text: `Notices can’t be shown. ${sentences(notificationFailure)}` }
}
