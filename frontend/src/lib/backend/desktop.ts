import type { Failure } from './account'

// Preferences, and the desktop around the window.

/** What the user chose, for window and agent. Times of day are minutes after midnight. */
export interface Preferences {
  theme: 'system' | 'light' | 'dark'
  leadMinutes: number[] // before a session's end, longest first; [] = never
  tellExpired: boolean
  tellEndedElsewhere: boolean
  quietHours: boolean
  quietFrom: number // in the user's zone
  quietTo: number
  morningReminder: boolean
  morningAt: number // in IST
  loginOrder: string[] // account IDs; accounts that aren't in it follow by name
  leftOut: string[] // accounts that need no session every morning
  checkAfterClearing: boolean
  holidaysAdded: NamedDay[]
  holidaysRemoved: string[] // dates of shipped ones
  specialSessions: NamedDay[]
  onClose: 'ask' | 'stay' | 'quit'
  autostartOffered: boolean
  historyDays: number // 0 keeps it for ever
  localApi: boolean // the agent serves it
  localApiPort: number // on 127.0.0.1
  checkUpdates: boolean // the window asks once a day whether a newer version is out
}

/** A calendar day in IST, date as 2026-12-25. */
export interface NamedDay {
  date: string
  name: string
}

/** The days that don't trade, and those that do though they wouldn't. */
export interface TradingDays {
  holidays: (NamedDay & { shipped: boolean })[] // by date
  specialSessions: (NamedDay & { shipped: boolean })[]
  source: string // of the shipped ones
  missingYears: number[] // this or next year, without any holiday: only weekends are known
}

/** What works of the desktop around the window. */
export interface Desktop {
  watcher: 'agent' | 'window' | 'none' // who watches sessions
  agentFailure: Failure | null // why the agent doesn't run, or can't watch though it does
  tray: boolean // a tray shows our icon
  notificationFailure: Failure | null // why notices can't be shown
  untold: string[] // titles of the notices that couldn't be shown and still hold
  autostart: boolean // the agent starts with the computer
  autostartFailure: Failure | null // why that can't be told or changed
  offerAutostart: boolean // ask once: the first session is there
}

/** What the desktop asks of the window; at most one is set. */
export interface WindowRequest {
  show: string // account ID or ''
  login: string // account ID or ''; several with commas between
  loginAll: boolean
  preferences: boolean
}
