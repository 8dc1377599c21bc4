import type { Account, Backend } from '../backend/backend'
import { windowClosing, windowRequested } from '../backend/events'
import type { AccountsState } from './accounts.svelte'
import type { DesktopState } from './desktop.svelte'
import type { DialogState } from './dialogs.svelte'
import type { ListState } from './list.svelte'
import type { RoundState } from './round.svelte'
import type { SessionState } from './session.svelte'
import type { ToastState } from './toasts.svelte'

interface Known {
  accounts: AccountsState
  desktop: DesktopState
  dialogs: DialogState
  list: ListState
  round: RoundState
  session: SessionState
  toasts: ToastState
}

/** How long an account that was asked for stays marked. */
const marked = 2500

/** What the desktop asks of the window: by a notice, in the tray, on the command line, or by closing it. */
export class RequestState {
  /** The account to bring into view and mark, anew for each request. */
  shown: { accountId: string } | null = $state.raw(null)

  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    private backend: Backend,
    private known: Known,
  ) {}

  /** Follows events until the returned function is called. */
  follow(): () => void {
    const offs = [
      this.backend.on(windowRequested, () => void this.take()),
      this.backend.on(windowClosing, () => this.#ask()),
    ]
    return () => {
      offs.forEach((off) => off())
      clearTimeout(this.#timer)
    }
  }

  /** Does what was asked last, if that wasn't done yet. Never rejects. */
  async take(): Promise<void> {
    const { round, toasts } = this.known
    try {
      const request = await this.backend.takeRequest()
      if (!request) return
      if (request.preferences) this.#openPreferences()
      else if (request.loginAll) await round.start([])
      else if (request.show) await this.#show(request.show)
      else if (request.login) await this.#logIn([...new Set(request.login.split(',').filter(Boolean))])
    } catch (cause) {
      toasts.failed(cause)
    }
  }

  /** Closes the window, or keeps it open with null. */
  async answerClose(stay: boolean | null, remember: boolean): Promise<void> {
    this.known.dialogs.closing = false
    try {
      await this.backend.answerClose(stay, remember)
    } catch (cause) {
      this.known.toasts.failed(cause)
    }
  }

  // Several are a round of exactly those that still exist.
  async #logIn(accountIds: string[]): Promise<void> {
    const { round, session } = this.known
    if (accountIds.length > 1) {
      const found = await Promise.all(accountIds.map((id) => this.#find(id)))
      const there = found.flatMap((account) => account?.accountId ?? [])
      if (there.length > 0) await round.start(there)
      else this.#gone('Those accounts no longer exist.', 'They were deleted after the notice was shown.')
    } else {
      const account = await this.#show(accountIds[0] ?? '')
      if (account && !account.loginPhase) await session.getSessionToken(account)
    }
  }

  async #find(accountId: string): Promise<Account | undefined> {
    const { accounts } = this.known
    if (!accounts.byId(accountId)) await accounts.refresh(accountId)
    return accounts.byId(accountId)
  }

  #gone(message: string, hint: string): void {
    this.known.toasts.failed({ code: 'ENOTFOUND', message, hint, field: '' })
  }

  async #show(accountId: string): Promise<Account | undefined> {
    const { dialogs, list } = this.known
    const account = await this.#find(accountId)
    if (!account) {
      this.#gone('That account no longer exists.', 'It was deleted after the notice was shown.')
      return undefined
    }
    list.clear()
    if (!this.#typing) dialogs.close()
    this.#mark(accountId)
    return account
  }

  #mark(accountId: string): void {
    clearTimeout(this.#timer)
    this.shown = { accountId }
    this.#timer = setTimeout(() => (this.shown = null), marked)
  }

  // What closing means depends on agent and tray as they are now.
  #ask(): void {
    this.known.dialogs.closing = true
    void this.known.desktop.refresh()
  }

  // What is half typed stays.
  get #typing(): boolean {
    const kind = this.known.dialogs.current?.kind
    return kind === 'form' || kind === 'paste'
  }

  #openPreferences(): void {
    const { dialogs, toasts } = this.known
    if (this.#typing) toasts.failed({ code: 'ECONFLICT', message: 'Preferences can’t open over what you are typing.', hint: 'Save or close it first.', field: '' })
    else dialogs.preferences()
  }
}
