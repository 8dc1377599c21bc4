import type { Desktop, Failure } from '../backend/backend'

/** One thing around the window, whether it works, and what to do if not. */
export interface StatusLine {
  id: 'watch' | 'tray' | 'notices'
  ok: boolean
  text: string
}

const ways = 'open it from the menu of your desktop, end it with Quit in the window’s menu or kitectl agent --stop.'

/** What doesn't work so that the user must know, and what to do. */
export interface Banner {
  id: 'watch' | 'notices'
  message: string
  hint: string
  untold: string[] // what there is to tell and couldn't be shown elsewhere
}

/** What doesn't work around the window. */
export function bannersOf({ watcher, agentFailure, notificationFailure, untold }: Desktop): Banner[] {
  const found: Banner[] = []
  const watch = (message: string, hint: string) => found.push({ id: 'watch', message, hint, untold: [] })
  // Without a reason the agent is still being started.
  if (watcher === 'none' && agentFailure) watch('Nobody watches your sessions: no reminder will come.', sentences(agentFailure))
  else if (watcher === 'window' && agentFailure) watch('Your sessions are watched only while this window is open.', sentences(agentFailure))
  else if (agentFailure) watch(agentFailure.message, agentFailure.hint)
  if (notificationFailure || untold.length > 0) {
    found.push({ id: 'notices', message: 'Notices can’t be shown on this desktop.', hint: sentences(notificationFailure), untold })
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
  const why = sentences(agentFailure)
  if (watcher !== 'agent') return `Once this window is closed, nobody watches your sessions. ${why}`.trim()
  if (agentFailure) return `Kite Accounts goes on ${tray ? 'in the tray' : 'in the background'}, but reminds you of nothing as it is now. ${why} End it with Quit in ${tray ? 'the tray’s menu' : 'the window’s menu or with kitectl agent --stop'}.`
  if (tray) return 'Kite Accounts stays in the tray and reminds you before sessions end. End it with Quit in its menu there.'
  return 'Kite Accounts goes on in the background without a window or an icon. End it with Quit in the window’s menu or with kitectl agent --stop.'
}

function watching({ watcher, agentFailure }: Desktop): StatusLine {
  const why = sentences(agentFailure)
  switch (watcher) {
    case 'agent':
      return agentFailure ? { id: 'watch', ok: false, text: why } : { id: 'watch', ok: true, text: 'Your sessions are watched, also while this window is closed.' }
    case 'window':
      return { id: 'watch', ok: false, text: `This window watches your sessions; once it is closed, nobody does. ${why}`.trim() }
    case 'none':
      return { id: 'watch', ok: false, text: why ? `Nobody watches your sessions: no reminder will come. ${why}` : 'The watch over your sessions is being started.' }
  }
}

function tray({ tray, watcher }: Desktop): StatusLine {
  if (tray) return { id: 'tray', ok: true, text: 'The tray shows the icon.' }
  const agent = watcher === 'agent' ? ` Kite Accounts goes on without one: ${ways}` : ''
  return { id: 'tray', ok: false, text: `No tray on this desktop shows the icon.${agent}` }
}

function notices({ notificationFailure, untold }: Desktop): StatusLine {
  if (!notificationFailure && untold.length === 0) return { id: 'notices', ok: true, text: 'The desktop shows notices.' }
  return { id: 'notices', ok: false, text: `Notices can’t be shown. ${sentences(notificationFailure)}`.trim() }
}
