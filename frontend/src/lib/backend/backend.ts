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

export type BackendEvent = 'account:changed' | 'session:changed' | 'vault:changed' | 'clock:changed'

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

  on(event: BackendEvent, handler: (accountId: string) => void): () => void
}
