// The one door to Go. wails.ts opens it in the app, mock.ts in stories and
// tests; nothing else imports Wails. Times are milliseconds since 1970 (UTC),
// null for "never". No type here has a field for a secret: a secret reaches
// the page only as the answer to reveal().

export type AccountType = 'live' | 'sandbox'
export type Badge = 'none' | 'active' | 'ending' | 'expired'
export type EndedReason = '' | 'expired' | 'replaced' | 'ended elsewhere' | 'logged out'

export interface Session {
  sessionId: string
  accountId: string
  userId: string
  userName: string
  userShortname: string
  email: string
  userType: string
  broker: string
  loginTime: number
  ttl: number // hours
  expiresAt: number
  createdAt: number
  verifiedAt: number | null
  status: 'active' | 'expired'
  endedReason: EndedReason
  endedAt: number | null
  hasAccessToken: boolean
}

/** One failure: a code for the program, a sentence and a way on for the person. */
export interface Failure {
  code: string // kite.Error codes: EINVALID, ECONFLICT, ECONFIRM, ELOCKED, ECANCELED, EWRONGUSER, ETOKEN, EOFFLINE …
  message: string
  hint: string
  field: string // form field (AccountInput key) or ''
}

/** How far a running login is; '' when none runs. */
export type LoginPhase = '' | 'opening' | 'waiting' | 'exchanging' | 'verifying' | 'saving'

/** A login's failure as the card shows it, until dismissed or the next login. */
export interface LoginFailure extends Failure {
  at: number
  canPasteRedirect: boolean
  blockedHosts: string[] // hosts the login window kept from loading; can be allowed per account
}

export interface Account {
  accountId: string
  accountName: string
  clientId: string
  phoneNumber: string
  apiKey: string
  accountType: AccountType
  callbackUrl: string
  postbackUrl: string
  hasPassword: boolean
  hasApiSecret: boolean
  sessionLifetimeHours: number // decimal; 24 means until Kite's cut-off
  loginUrl: string // '' = the account type's own
  apiRoot: string // '' = the account type's own
  allowedHosts: string[]
  lastLoginAt: number | null
  createdAt: number
  updatedAt: number
  hasActiveSession: boolean
  session: Session | null // the newest one, active or ended
  badge: Badge
  mayEndAnyMinute: boolean // between 05:00 and 08:00 IST
  loginPhase: LoginPhase
  browserLoginOpen: boolean // a login was opened in the system browser and waits for a pasted redirect URL
  loginFailure: LoginFailure | null
  warnings: string[] // sentences, such as "This computer's clock is 5 minutes ahead of Kite's."
  lastCheck: { at: number; ok: boolean; failure: Failure | null } | null // last Test Connection or check; ok=false with EOFFLINE means "unknown"
}

/** What the form sends. A secret is null (leave as stored), '' (clear) or a new value. */
export interface AccountInput {
  accountName: string
  clientId: string
  phoneNumber: string
  apiKey: string
  accountType: AccountType
  callbackUrl: string
  postbackUrl: string
  password: string | null
  apiSecret: string | null
  sessionLifetimeHours: number
  loginUrl: string
  apiRoot: string
  allowedHosts: string[]
}

export type FieldErrors = Partial<Record<keyof AccountInput, string>>

export type SecretField = 'password' | 'apiSecret' | 'accessToken'
export type CopyItem =
  | SecretField
  | 'apiKey'
  | 'clientId'
  | 'callbackUrl'
  | 'authorizationHeader'
  | 'example:curl'
  | 'example:python'
  | 'example:go'
  | 'example:javascript'

export interface Copied {
  secret: boolean
  clearsAt: number | null // when the clipboard is cleared, if it still holds ours
}

export interface Credentials {
  authorizationHeader: string // masked: "Authorization: token KEY:••••••••"
  examples: { id: 'curl' | 'python' | 'go' | 'javascript'; title: string; code: string }[] // masked
}

export interface TestResult {
  ok: boolean
  at: number
  tookMs: number
  profile: {
    userId: string
    userName: string
    email: string
    broker: string
    userType: string
    exchanges: string[]
    products: string[]
  } | null
  failure: Failure | null
}

export type VaultState =
  | 'open'
  | 'opening'
  | 'keyringLocked'
  | 'keyringTimeout'
  | 'keyringAbsent'
  | 'needsPassphrase'
  | 'newPassphrase'
  | 'keyMissing'
  | 'keyMismatch'
  | 'dataMissing'
  | 'failed'

export interface Vault {
  state: VaultState
  provider: string // which keyring, for the sentence
  canCreatePassphrase: boolean // nothing is stored yet: a passphrase can take the keyring's place
}

export interface Clock {
  now: number // the program's clock: the page counts from here, not from Date.now()
  zone: string // IANA name or abbreviation
  offsetMinutes: number // of the user's zone, east positive
  inIndia: boolean // the user's zone keeps Indian time
}

/** If the database can't be used, the window shows this and nothing else. */
export interface DataProblem extends Failure {
  kind: 'damaged' | 'newer' | 'readonly' | 'locked' | 'other'
  path: string // of the database, untouched
}

export interface About {
  version: string
  dataFolder: string
  sandboxAvailable: boolean
}

export type LinkTopic = 'kite' | 'console' | 'developerConsole' | 'apiDocs' | 'forum'

export interface ListPreferences {
  view: 'cards' | 'list'
  sort: 'name' | 'expiry' | 'lastLogin' | 'status'
}

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
  agentFailure: Failure | null // why the agent doesn't run
  tray: boolean // a tray shows our icon
  notificationFailure: Failure | null // why notices can't be shown
  autostart: boolean // the agent starts with the computer
  autostartFailure: Failure | null // why that can't be told or changed
  offerAutostart: boolean // ask once: the first session is there
}

export type RoundOutcome = 'waiting' | 'running' | 'active' | 'skipped' | 'failed' | 'stopped'

/** Log in all: one login window after another. */
export interface Round {
  state: 'none' | 'running' | 'done' // done: the summary stays until dismissed
  stopping: boolean
  steps: { accountId: string; accountName: string; clientId: string; outcome: RoundOutcome; failure: Failure | null }[]
  current: number // index of the running step, -1 if none
}

export interface CheckSummary {
  checked: number
  alive: number
  ended: number
  unknown: number // no answer
}

export type HistoryKind = 'login' | 'refresh' | 'expired' | 'ended elsewhere' | 'logged out' | 'failed login' | 'test' | 'export'

export interface HistoryEntry {
  id: number
  at: number
  accountId: string
  accountName: string
  clientId: string
  kind: HistoryKind
  ok: boolean
  detail: string // a sentence or ''
}

export interface HistoryFilter {
  accountId: string // '' = all
  kind: HistoryKind | ''
  query: string
  before: number // id of the last entry known, 0 for the first page
  limit: number
}

/** From now to the next cut-off (06:00 IST). */
export interface DayPicture {
  from: number
  to: number // the cut-off
  market: { from: number; to: number }[] // NSE equity hours within it
  marketNote: string // 'Market closed: Christmas' or ''
  sessions: { accountId: string; accountName: string; from: number; to: number }[] // living ones; from is the login
  idle: { accountId: string; accountName: string }[] // accounts without a session
  reminders: { at: number; text: string }[] // to come, in order
}

/** One past day of an account, in IST. */
export interface CalendarDay {
  date: string
  trades: boolean
  note: string // name of a holiday or special session
  sessions: { from: number; to: number; endedReason: EndedReason }[] // parts of that day
}

/** What the desktop asks of the window; at most one is set. */
export interface WindowRequest {
  show: string // account ID or ''
  login: string // account ID or ''
  loginAll: boolean
  preferences: boolean
}

export type BackendEvent =
  | 'account:changed'
  | 'session:changed'
  | 'vault:changed'
  | 'clock:changed'
  | 'preferences:changed'
  | 'history:changed'
  | 'round:changed'
  | 'desktop:changed'
  | 'window:request' // then takeRequest()
  | 'window:closing' // the user closes the window for the first time: ask, then answerClose()

/** Every method rejects with a Failure. */
export interface Backend {
  // Accounts
  accounts(): Promise<Account[]>
  account(accountId: string): Promise<Account> // one, fresh
  validateAccount(accountId: string, input: AccountInput): Promise<FieldErrors> // accountId '' for a new one
  createAccount(input: AccountInput): Promise<Account>
  createSandboxAccount(): Promise<Account>
  /** ECONFIRM when a living session would end; again with confirmed=true. */
  updateAccount(accountId: string, input: AccountInput, confirmed: boolean): Promise<Account>
  /** EOFFLINE when a living session can't be ended at Kite; again with anyway=true. */
  deleteAccount(accountId: string, anyway: boolean): Promise<void>
  allowHost(accountId: string, host: string): Promise<Account>

  // Sessions
  /** Starts a login and returns at once; ECONFIRM when a living token would be replaced. */
  getSessionToken(accountId: string, confirmed: boolean): Promise<void>
  cancelLogin(accountId: string): Promise<void>
  focusLogin(accountId: string): Promise<void>
  dismissFailure(accountId: string): Promise<void>
  /** Opens the login in the system browser with our state; then submitRedirect. */
  openBrowserLogin(accountId: string, confirmed: boolean): Promise<void>
  submitRedirect(accountId: string, redirectUrl: string): Promise<void>
  logOut(accountId: string, anyway: boolean): Promise<void>
  testConnection(accountId: string): Promise<TestResult>
  credentials(accountId: string): Promise<Credentials>
  reveal(accountId: string, field: SecretField): Promise<string>
  copy(accountId: string, item: CopyItem): Promise<Copied>

  // Vault, settings, the rest
  vault(): Promise<Vault>
  unlockVault(): Promise<void> // shows the keyring's own prompt
  retryVault(): Promise<void>
  openVaultWithPassphrase(passphrase: string): Promise<void>
  createPassphraseVault(passphrase: string): Promise<void>
  /** Renames the old database and begins an empty one; phrase must be 'start over'. */
  startOver(phrase: string): Promise<void>
  dataProblem(): Promise<DataProblem | null>
  clock(): Promise<Clock>
  about(): Promise<About>
  openLink(topic: LinkTopic): Promise<void>
  copyText(text: string): Promise<void> // plain, not secret
  listPreferences(): Promise<ListPreferences>
  setListPreferences(p: ListPreferences): Promise<void>

  // Log in all, check all
  /** Starts with the accounts that need a session, in the user's order, or with a selection. */
  logInAll(accountIds: string[]): Promise<Round>
  round(): Promise<Round>
  skipLogin(): Promise<void> // the running one
  stopRound(): Promise<void> // the running window closes, the rest is left
  dismissRound(): Promise<void>
  /** Asks Kite after every living session; each account's lastCheck tells the outcome. */
  checkAll(): Promise<CheckSummary>

  // Preferences and desktop
  preferences(): Promise<Preferences>
  setPreferences(p: Preferences): Promise<Preferences> // as kept
  tradingDays(): Promise<TradingDays>
  desktop(): Promise<Desktop>
  setAutostart(on: boolean): Promise<void>
  /** Answers the offer to start with the computer, once. */
  answerAutostart(yes: boolean): Promise<void>
  /** Answers window:closing and closes the window; stay leaves the agent running, null doesn't close. */
  answerClose(stay: boolean | null, remember: boolean): Promise<void>
  /** Closes the window and ends the agent. */
  quit(): Promise<void>
  /** What the desktop asked last, once; null if nothing. */
  takeRequest(): Promise<WindowRequest | null>

  // History and the day
  history(filter: HistoryFilter): Promise<HistoryEntry[]>
  /** Asks where to save and writes CSV; the path, '' if the user cancelled. */
  exportHistory(filter: HistoryFilter): Promise<string>
  dayPicture(): Promise<DayPicture>
  /** The account's past days, newest last, today included. */
  accountCalendar(accountId: string, days: number): Promise<CalendarDay[]>

  on(event: BackendEvent, handler: (accountId: string) => void): () => void
}
