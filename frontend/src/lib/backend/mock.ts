import type { Account, AccountInput, Backend, BackendEvent, CopyItem, Credentials, DataProblem, Failure, FieldErrors, ListPreferences, LoginWay, TestResult, Vault } from './backend'
import { dayMethods, type DaySetup } from './mockDay'
import { desktopMethods, type DesktopSetup } from './mockDesktop'
import { programMethods, type ProgramSetup } from './mockPrograms'
import { updateMethods, type UpdateSetup } from './mockUpdates'

// A Backend in memory, for stories and tests: it starts in the state it is
// given and changes as little as shows. It knows no secret but made-up ones.

export interface MockSetup extends DaySetup, DesktopSetup, ProgramSetup, UpdateSetup {
  now?: number
  offsetMinutes?: number
  accounts?: Account[]
  vault?: Partial<Vault>
  problem?: DataProblem | null
  listPreferences?: ListPreferences
  errors?: FieldErrors // what validateAccount answers
  testResult?: TestResult
  /** Methods that reject, and with what; 'once' entries are used up. */
  failures?: Partial<Record<keyof Backend, Failure>>
  once?: Partial<Record<keyof Backend, Failure>>
  /** Methods that never answer. */
  hanging?: (keyof Backend)[]
}

export interface MockBackend extends Backend {
  /** Every call so far, as name and arguments. */
  calls: { method: string; args: unknown[] }[]
  emit(event: BackendEvent, accountId?: string): void
  /** Changes an account and tells it, as the program would. */
  change(accountId: string, change: Partial<Account>): void
}

const made: Credentials = {
  authorizationHeader: 'Authorization: token k7x2m9q4w8e1r5t3:••••••••••••',
  examples: [
    { id: 'curl', title: 'curl', code: "# Who am I? Works from any address.\ncurl 'https://api.kite.trade/user/profile' \\\n  -H 'X-Kite-Version: 3' \\\n  -H 'Authorization: token k7x2m9q4w8e1r5t3:••••••••••••'\n\n# Place an order: form-encoded, to /orders/{variety}.\ncurl 'https://api.kite.trade/orders/regular' \\\n  -H 'X-Kite-Version: 3' \\\n  -H 'Authorization: token k7x2m9q4w8e1r5t3:••••••••••••' \\\n  -d exchange=NSE -d tradingsymbol=INFY -d transaction_type=BUY \\\n  -d quantity=1 -d product=CNC -d order_type=MARKET \\\n  -d market_protection=-1 -d validity=DAY\n" },
    { id: 'python', title: 'Python', code: "import requests\n\nheaders = {\n    'X-Kite-Version': '3',\n    'Authorization': 'token k7x2m9q4w8e1r5t3:••••••••••••',\n}\nprint(requests.get('https://api.kite.trade/user/profile', headers=headers).json())\n" },
    { id: 'go', title: 'Go', code: 'package main\n\nfunc main() {\n\tcall("GET", "/user/profile", nil)\n}\n' },
    { id: 'javascript', title: 'JavaScript', code: "const profile = await fetch('https://api.kite.trade/user/profile', { headers })\n" },
  ],
}

const works: TestResult = {
  ok: true, at: 0, tookMs: 212, failure: null,
  profile: {
    userId: 'AB1234', userName: 'Asha Rao', email: 'asha.rao@example.com', broker: 'ZERODHA', userType: 'individual',
    exchanges: ['NSE', 'BSE', 'NFO', 'BFO', 'MCX', 'CDS'], products: ['CNC', 'NRML', 'MIS', 'BO', 'CO'],
  },
}

/** Makes a Backend that starts in the given state. */
export function mockBackend(setup: MockSetup = {}): MockBackend {
  const now = setup.now ?? Date.now()
  const handlers = new Map<BackendEvent, Set<(accountId: string) => void>>()
  const calls: MockBackend['calls'] = []
  const once = { ...setup.once }
  let accounts = structuredClone(setup.accounts ?? [])
  let vault: Vault = { state: 'open', provider: 'Secret Service (gnome-keyring-daemon)', canCreatePassphrase: false, ...setup.vault }
  let problem = setup.problem ?? null
  let list: ListPreferences = setup.listPreferences ?? { view: 'cards', sort: 'name' }
  let nextId = 1

  const emit = (event: BackendEvent, accountId = '') => handlers.get(event)?.forEach((handler) => handler(accountId))
  const find = (id: string): Account => {
    const account = accounts.find((a) => a.accountId === id)
    if (account) return structuredClone(account)
    throw { code: 'ENOTFOUND', message: 'There is no such account.', hint: '', field: '' } satisfies Failure
  }
  const put = (account: Account): Account => {
    accounts = accounts.some((a) => a.accountId === account.accountId)
      ? accounts.map((a) => (a.accountId === account.accountId ? account : a))
      : [...accounts, account]
    emit('account:changed', account.accountId)
    return structuredClone(account)
  }
  const change = (id: string, part: Partial<Account>) => {
    accounts = accounts.map((a) => (a.accountId === id ? { ...a, ...part } : a))
    emit('session:changed', id)
  }
  const waiting = (id: string, way: LoginWay) =>
    change(id, { loginPhase: 'waiting', loginIn: way, browserLoginOpen: way !== 'window', loginFailure: null })
  const opened = () => {
    vault = { ...vault, state: 'open' }
    emit('vault:changed')
  }
  const fromInput = (input: AccountInput, before?: Account): Account => {
    const { password, apiSecret, ...plain } = input
    const has = (secret: string | null, was: boolean) => (secret === null ? was : secret !== '')
    return {
      ...(before ?? blank(`new${nextId++}`, now)), ...plain, updatedAt: now,
      hasPassword: has(password, before?.hasPassword ?? false), hasApiSecret: has(apiSecret, before?.hasApiSecret ?? false),
    }
  }

  const desktop = desktopMethods(setup, emit)
  const methods: Omit<Backend, 'on'> = {
    accounts: async () => structuredClone(accounts),
    account: async (id) => find(id),
    validateAccount: async () => setup.errors ?? {},
    createAccount: async (input) => put(fromInput(input)),
    createSandboxAccount: async () => put({ ...blank(`new${nextId++}`, now), accountName: 'Sandbox', clientId: 'SB0001', accountType: 'sandbox', hasApiSecret: true, hasPassword: true }),
    updateAccount: async (id, input) => put(fromInput(input, find(id))),
    deleteAccount: async (id) => {
      accounts = accounts.filter((a) => a.accountId !== id)
      emit('account:changed', id)
    },
    allowHost: async (id, host) => put({ ...find(id), allowedHosts: [...find(id).allowedHosts, host] }),
    getSessionToken: async (id) => waiting(id, find(id).loginWay),
    logInWith: async (id, way) => waiting(id, way),
    cancelLogin: async (id) => change(id, { loginPhase: '', loginIn: '', browserLoginOpen: false }),
    focusLogin: async () => {},
    dismissFailure: async (id) => change(id, { loginFailure: null }),
    openBrowserLogin: async (id) => waiting(id, 'paste'),
    submitRedirect: async (id) => change(id, { browserLoginOpen: false, loginPhase: 'exchanging', loginFailure: null }),
    logOut: async (id) => {
      const { session } = find(id)
      if (session) change(id, { hasActiveSession: false, badge: 'expired', session: { ...session, status: 'expired', endedReason: 'logged out', endedAt: now, hasAccessToken: false } })
    },
    testConnection: async () => ({ ...(setup.testResult ?? works), at: now }),
    credentials: async () => made,
    reveal: async (_id, field) => `made-up-${field}-7f3a9c2e51`,
    copy: async (_id, item: CopyItem) => {
      const secret = !['apiKey', 'clientId', 'callbackUrl'].includes(item)
      return { secret, clearsAt: secret ? now + 30_000 : null }
    },
    vault: async () => vault,
    unlockVault: async () => opened(),
    retryVault: async () => opened(),
    openVaultWithPassphrase: async () => opened(),
    createPassphraseVault: async () => opened(),
    startOver: async () => {
      accounts = []
      problem = null
      opened()
    },
    dataProblem: async () => problem,
    clock: async () => ({ now, zone: 'IST', offsetMinutes: setup.offsetMinutes ?? 330, inIndia: (setup.offsetMinutes ?? 330) === 330 }),
    openLink: async () => {},
    copyText: async () => {},
    listPreferences: async () => list,
    setListPreferences: async (p) => void (list = p),
    ...dayMethods(setup, now, () => accounts, emit),
    ...desktop,
    ...programMethods(setup, now, desktop.preferences, emit),
    ...updateMethods(setup, now, emit),
  }

  const recorded = Object.fromEntries(
    Object.entries(methods).map(([method, run]) => [
      method,
      async (...args: unknown[]) => {
        const name = method as keyof Backend
        calls.push({ method, args })
        if (setup.hanging?.includes(name)) return new Promise(() => {})
        const failure = once[name] ?? setup.failures?.[name]
        delete once[name]
        if (failure) throw failure
        return (run as (...a: unknown[]) => unknown)(...args)
      },
    ]),
  ) as unknown as Omit<Backend, 'on'>

  return {
    ...recorded,
    calls,
    emit,
    change,
    on(event, handler) {
      const set = handlers.get(event) ?? new Set()
      handlers.set(event, set.add(handler))
      return () => set.delete(handler)
    },
  }
}

function blank(accountId: string, now: number): Account {
  return {
    accountId, accountName: '', clientId: '', phoneNumber: '', apiKey: '', accountType: 'live', callbackUrl: '', postbackUrl: '',
    hasPassword: false, hasApiSecret: false, sessionLifetimeHours: 24, loginUrl: '', apiRoot: '', allowedHosts: [],
    slug: '', loginWay: 'window', lastLoginAt: null, createdAt: now, updatedAt: now, hasActiveSession: false, session: null, badge: 'none', mayEndAnyMinute: false,
    loginPhase: '', loginIn: '', browserLoginOpen: false, loginFailure: null, warnings: [], lastCheck: null,
  }
}
