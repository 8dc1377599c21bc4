import type { Backend, BackendEvent } from './backend'
import { toFailure } from './failure'

// The only file that knows Wails. Bound methods carry the names of Backend's
// in PascalCase, spread over the structs of app*.go.
// Every rejection leaves here as a Failure.

type Method = keyof Omit<Backend, 'on'>
type Bound = Record<string, (...args: unknown[]) => Promise<unknown>>

const services: Record<string, readonly Method[]> = {
  AccountService: ['accounts', 'account', 'validateAccount', 'createAccount', 'createSandboxAccount', 'updateAccount', 'deleteAccount', 'allowHost'],
  SessionService: ['getSessionToken', 'logInWith', 'cancelLogin', 'focusLogin', 'dismissFailure', 'openBrowserLogin', 'submitRedirect', 'logOut', 'testConnection', 'credentials', 'reveal', 'copy', 'logInAll', 'round', 'skipLogin', 'stopRound', 'dismissRound', 'checkAll'],
  SettingsService: ['vault', 'unlockVault', 'retryVault', 'openVaultWithPassphrase', 'createPassphraseVault', 'startOver', 'dataProblem', 'clock', 'about', 'openLicences', 'openLink', 'copyText', 'listPreferences', 'setListPreferences'],
  DesktopService: ['preferences', 'setPreferences', 'tradingDays', 'desktop', 'setAutostart', 'answerAutostart', 'answerClose', 'quit', 'takeRequest'],
  ProgramService: ['localAPI', 'clients', 'addClient', 'copyClientToken', 'forgetClientToken', 'changeClient', 'revokeClient', 'commandLine'],
  UpdateService: ['updates', 'checkForUpdates', 'openReleasePage', 'skipRelease'],
  HistoryService: ['history', 'exportHistory', 'dayPicture', 'accountCalendar'],
}

interface WailsWindow {
  go: { main: Record<string, Bound> }
  runtime: { EventsOn(event: string, handler: (...data: unknown[]) => void): () => void }
}

/** The Backend that calls Go through Wails' bindings in this window. */
export function wailsBackend(host: unknown = window): Backend {
  const wails = host as WailsWindow
  const calls: Record<string, unknown> = {
    on: (event: BackendEvent, handler: (accountId: string) => void) =>
      wails.runtime.EventsOn(event, (accountId) => handler(typeof accountId === 'string' ? accountId : '')),
  }
  for (const [service, methods] of Object.entries(services)) {
    for (const method of methods) {
      calls[method] = (...args: unknown[]) => call(wails, service, method, args)
    }
  }
  return calls as unknown as Backend
}

async function call(wails: WailsWindow, service: string, method: Method, args: unknown[]): Promise<unknown> {
  try {
    const bound = wails.go.main[service]?.[boundName(method)]
    if (!bound) throw new Error('no such bound method')
    return await bound(...args)
  } catch (cause) {
    throw toFailure(cause)
  }
}

/** getSessionToken → GetSessionToken. */
export function boundName(method: string): string {
  return method.charAt(0).toUpperCase() + method.slice(1)
}
