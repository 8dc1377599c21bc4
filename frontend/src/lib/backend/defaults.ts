import type { Desktop, Preferences, Round, Updates } from './backend'

/** As DefaultPreferences in backend/kite/preferences.go; shown until the program's are there. */
export const defaultPreferences: Preferences = {
  theme: 'system',
  leadMinutes: [120, 30], tellExpired: true, tellEndedElsewhere: true,
  quietHours: true, quietFrom: 22 * 60, quietTo: 7 * 60,
  morningReminder: true, morningAt: 8 * 60 + 30, loginOrder: [], leftOut: [], checkAfterClearing: true,
  holidaysAdded: [], holidaysRemoved: [], specialSessions: [],
  onClose: 'ask', autostartOffered: false, historyDays: 365,
  localApi: false, localApiPort: 51731, checkUpdates: false,
}

/** A desktop on which everything works. */
export const workingDesktop: Desktop = {
  watcher: 'agent', agentFailure: null, tray: true, notificationFailure: null, untold: [],
  autostart: false, autostartFailure: null, offerAutostart: false,
}

/** No round of logins, and none to tell of. */
export const noRound: Round = { state: 'none', stopping: false, steps: [], current: -1 }

/** Nothing is known about newer versions. */
export const noUpdates: Updates = { barrier: '', version: '', result: 'never', checkedAt: null, releases: [], skipped: false }
