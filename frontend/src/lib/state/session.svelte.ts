import type { Account, Backend, CopyItem, LinkTopic, LoginWay, TestResult } from '../backend/backend'
import { hasCode, toFailure } from '../backend/failure'
import { livingSession } from '../format/status'
import type { AccountsState } from './accounts.svelte'
import type { ClockState } from './clock.svelte'
import type { DialogState, Question } from './dialogs.svelte'
import type { ToastState } from './toasts.svelte'

type Words = Pick<Question, 'title' | 'confirm' | 'cancel'>

/** What the user does with an account's session, with the questions it takes. */
export class SessionState {
  /** When the clipboard is cleared of the secret last copied; null if none. */
  clipboardClearsAt: number | null = $state(null)
  /** Accounts whose login is being asked for, before the program answers. */
  starting: string[] = $state([])

  constructor(
    private backend: Backend,
    private accounts: AccountsState,
    private dialogs: DialogState,
    private toasts: ToastState,
    private clock: ClockState,
  ) {}

  /**
   * Starts a login in the account's way, or in another this once; asks where it
   * would cost something. Where the user is to paste, that dialog opens.
   */
  async getSessionToken(account: Account, way?: LoginWay): Promise<void> {
    const id = account.accountId
    if (this.starting.includes(id)) return
    this.starting.push(id)
    try {
      await this.#confirmed(
        this.#loginQuestion(account),
        (yes) => (way ? this.backend.logInWith(id, way, yes) : this.backend.getSessionToken(id, yes)),
      )
      await this.accounts.refresh(id)
      if (this.accounts.byId(id)?.loginIn === 'paste' && !this.dialogs.current) this.dialogs.paste(id)
    } catch (cause) {
      this.#loginRefused(account, cause)
    } finally {
      this.starting = this.starting.filter((other) => other !== id)
    }
  }

  /** Opens the login in the system browser; true if it is open now. */
  async openBrowserLogin(account: Account): Promise<boolean> {
    const opened = await this.#confirmed(
      this.#loginQuestion(account),
      (yes) => this.backend.openBrowserLogin(account.accountId, yes),
    )
    if (opened) await this.accounts.refresh(account.accountId)
    return opened
  }

  async submitRedirect(account: Account, redirectUrl: string): Promise<void> {
    await this.backend.submitRedirect(account.accountId, redirectUrl)
    await this.accounts.refresh(account.accountId)
  }

  cancelLogin(account: Account): Promise<void> {
    return this.#run(() => this.backend.cancelLogin(account.accountId))
  }

  focusLogin(account: Account): Promise<void> {
    return this.#run(() => this.backend.focusLogin(account.accountId))
  }

  async dismissFailure(account: Account): Promise<void> {
    await this.#run(() => this.backend.dismissFailure(account.accountId))
    await this.accounts.refresh(account.accountId)
  }

  /** Lets the account's login window load from a further host. */
  allowHost(account: Account, host: string): Promise<void> {
    return this.#run(async () => {
      this.accounts.put(await this.backend.allowHost(account.accountId, host))
      this.toasts.done(`${host} is allowed for ${account.accountName}.`)
    })
  }

  /** Ends the session here and at Kite. */
  async logOut(account: Account): Promise<void> {
    const yes = await this.dialogs.ask({
      title: 'Log out?',
      message: `This ends the session of ${account.accountName} here and at Kite. Programs that use its token stop working.`,
      confirm: 'Log out',
    })
    if (!yes) return
    await this.#run(async () => {
      if (await this.#endSession(account.accountId)) this.toasts.done(`${account.accountName} is logged out.`)
    })
    await this.accounts.refresh(account.accountId)
  }

  testConnection(account: Account): Promise<TestResult> {
    return this.backend.testConnection(account.accountId)
  }

  /** Copies without the page seeing what; tells when the clipboard is cleared. */
  async copy(accountId: string, item: CopyItem): Promise<boolean> {
    try {
      const { clearsAt } = await this.backend.copy(accountId, item)
      this.clipboardClearsAt = clearsAt
      return true
    } catch (cause) {
      this.toasts.failed(cause)
      return false
    }
  }

  async copyText(text: string): Promise<boolean> {
    try {
      await this.backend.copyText(text)
      this.clipboardClearsAt = null
      return true
    } catch (cause) {
      this.toasts.failed(cause)
      return false
    }
  }

  openLink(topic: LinkTopic): Promise<void> {
    return this.#run(() => this.backend.openLink(topic))
  }

  /** Whole seconds until the clipboard is cleared; 0 if nothing of ours is in it. */
  get clipboardSeconds(): number {
    if (this.clipboardClearsAt === null) return 0
    return Math.max(0, Math.ceil((this.clipboardClearsAt - this.clock.now) / 1000))
  }

  // With a living session the question is about that, else about the hour.
  #loginQuestion(account: Account): Words {
    const living = livingSession(account, this.clock.now) !== null
    return living
      ? { title: 'Replace the session?', confirm: 'Log in anyway', cancel: 'Keep as it is' }
      : { title: 'Log in now?', confirm: 'Log in anyway', cancel: 'Not now' }
  }

  async #endSession(accountId: string): Promise<boolean> {
    try {
      await this.backend.logOut(accountId, false)
      return true
    } catch (cause) {
      if (!hasCode(cause, 'EOFFLINE')) throw cause
      const { message, hint } = toFailure(cause)
      const anyway = await this.dialogs.ask({ title: 'Kite can’t be reached', message, hint, confirm: 'Log out anyway', danger: true })
      if (anyway) await this.backend.logOut(accountId, true)
      return anyway
    }
  }

  // Calls, and where the program wants the user's word first (ECONFIRM), asks
  // with the program's own sentence and calls again. False if the user said no.
  async #confirmed(
    words: Words,
    action: (confirmed: boolean) => Promise<void>,
  ): Promise<boolean> {
    try {
      await action(false)
      return true
    } catch (cause) {
      if (!hasCode(cause, 'ECONFIRM')) throw cause
      const { message, hint } = toFailure(cause)
      if (!(await this.dialogs.ask({ ...words, message, hint }))) return false
      await action(true)
      return true
    }
  }

  // A missing API secret is entered in the form; the form says it too.
  #loginRefused(account: Account, cause: unknown): void {
    const failure = toFailure(cause)
    this.toasts.failed(failure)
    if (failure.code === 'EINVALID' && failure.field) this.dialogs.form('edit', account, failure.field)
  }

  async #run(action: () => Promise<void>): Promise<void> {
    try {
      await action()
    } catch (cause) {
      this.toasts.failed(cause)
    }
  }
}
