// Accounts, their sessions, and what is done with them.

export type AccountType = 'live' | 'sandbox'
/** Where the user logs in to Kite: the login window, the system browser, or that and a pasted redirect URL. */
export type LoginWay = 'window' | 'browser' | 'paste'
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
  slug: string // short name for programs
  loginWay: LoginWay
  lastLoginAt: number | null
  createdAt: number
  updatedAt: number
  hasActiveSession: boolean
  session: Session | null // the newest one, active or ended
  badge: Badge
  mayEndAnyMinute: boolean // between 05:00 and 08:00 IST
  loginPhase: LoginPhase
  loginIn: LoginWay | '' // where the running login is, '' when none runs
  browserLoginOpen: boolean // a login was opened in the system browser; a pasted redirect URL is taken
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
  slug: string // '' = made from the name
  loginWay: LoginWay
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
