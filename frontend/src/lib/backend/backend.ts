import type { Account, AccountInput, Copied, CopyItem, Credentials, Failure, FieldErrors, LoginWay, SecretField, TestResult } from './account'
import type { CalendarDay, CheckSummary, DayPicture, HistoryEntry, HistoryFilter, Round } from './day'
import type { Desktop, Preferences, TradingDays, WindowRequest } from './desktop'
import type { AddedClient, Client, ClientInput, CommandLine, LocalAPI } from './programs'
import type { About, Updates } from './updates'

// The one door to Go. wails.ts opens it in the app, mock.ts in stories and
// tests; nothing else imports Wails. Times are milliseconds since 1970 (UTC),
// null for "never". No type here but AddedClient has a field for a secret: one
// reaches the page only as the answer to reveal() and addClient().

export type * from './account'
export type * from './day'
export type * from './desktop'
export type * from './programs'
export type * from './updates'

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

export type LinkTopic = 'kite' | 'console' | 'developerConsole' | 'apiDocs' | 'forum'

export interface ListPreferences {
  view: 'cards' | 'list'
  sort: 'name' | 'expiry' | 'lastLogin' | 'status'
}

export type BackendEvent =
  | 'account:changed'
  | 'session:changed'
  | 'vault:changed'
  | 'clock:changed'
  | 'preferences:changed'
  | 'history:changed'
  | 'clients:changed' // of the local API
  | 'round:changed'
  | 'desktop:changed'
  | 'window:request' // then takeRequest()
  | 'window:closing' // the user closes the window for the first time: ask, then answerClose()
  | 'update:changed' // a check for newer versions was made, or one is skipped

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
  /** Starts a login in the account's way and returns at once; ECONFIRM when a living token would be replaced. */
  getSessionToken(accountId: string, confirmed: boolean): Promise<void>
  /** The same in another way, this once. */
  logInWith(accountId: string, way: LoginWay, confirmed: boolean): Promise<void>
  cancelLogin(accountId: string): Promise<void>
  focusLogin(accountId: string): Promise<void>
  dismissFailure(accountId: string): Promise<void>
  /** Opens the login in the system browser, also the one that waits there once more; then submitRedirect. */
  openBrowserLogin(accountId: string, confirmed: boolean): Promise<void>
  /** Takes the whole redirect URL, or just its request_token. */
  submitRedirect(accountId: string, pasted: string): Promise<void>
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
  openLicences(): Promise<void> // of others' parts, in the system's viewer
  openLink(topic: LinkTopic): Promise<void>
  copyText(text: string): Promise<void> // plain, not secret
  listPreferences(): Promise<ListPreferences>
  setListPreferences(p: ListPreferences): Promise<void>

  // Log in all, check all
  /** Starts with the accounts that need a session, in the user's order, or with a selection. */
  logInAll(accountIds: string[], confirmed: boolean): Promise<Round> // ECONFIRM as getSessionToken, once for all
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

  // Programs
  localAPI(): Promise<LocalAPI>
  clients(): Promise<Client[]> // by name
  addClient(input: ClientInput): Promise<AddedClient>
  /** Copies the token of a client added in this window, as long as it isn't forgotten. */
  copyClientToken(id: string): Promise<Copied>
  forgetClientToken(id: string): Promise<void>
  changeClient(id: string, input: ClientInput): Promise<Client>
  revokeClient(id: string): Promise<void> // its token is refused from then on
  commandLine(): Promise<CommandLine>

  // Newer versions
  updates(): Promise<Updates>
  /** Asks now: EOFFLINE if the list of releases can't be had, EDATA if it can't be trusted. */
  checkForUpdates(): Promise<Updates>
  openReleasePage(): Promise<void> // the newest one's, in the system browser
  skipRelease(version: string): Promise<void>

  on(event: BackendEvent, handler: (accountId: string) => void): () => void
}
