import type { Backend, CheckSummary, Round } from '../backend/backend'
import { noRound } from '../backend/defaults'
import { roundChanged } from '../backend/events'
import { hasCode, toFailure } from '../backend/failure'
import { checkWords } from '../format/round'
import type { DialogState } from './dialogs.svelte'
import type { ToastState } from './toasts.svelte'

/** What is done with many accounts at once: log in all, or some; check all. */
export class RoundState {
  round: Round = $state.raw(noRound)
  /** The accounts chosen for the next round; null while none are being chosen. */
  chosen: string[] | null = $state.raw(null)
  /** A round has been asked for, and the program hasn't answered yet. */
  starting = $state(false)
  checking = $state(false)
  /** How the last check went, until dismissed; null where every session works. */
  check: CheckSummary | null = $state.raw(null)

  running = $derived(this.round.state === 'running')

  /** The running login was told to be skipped, and the next step hasn't begun. */
  skipping = $derived.by(() => this.running && this.#skipped === this.round.current)

  #skipped = $state(-1)
  #fetches = 0

  constructor(
    private backend: Backend,
    private toasts: ToastState,
    private dialogs: DialogState,
  ) {}

  /** Follows events until the returned function is called. */
  follow(): () => void {
    return this.backend.on(roundChanged, () => void this.#run(() => this.fetch()))
  }

  /** Fetches how far the round is. An answer that a later one overtook is dropped. */
  async fetch(): Promise<void> {
    const mine = ++this.#fetches
    const round = await this.backend.round()
    if (mine === this.#fetches) this.round = round
  }

  /**
   * Logs these in, one after the other in the user's order; for none given, all
   * that need it. Asks once for all of them where a login would cost something.
   */
  async start(accountIds: string[]): Promise<void> {
    if (this.starting) return
    this.starting = true
    this.#skipped = -1
    await this.#run(async () => {
      if (!(await this.#confirmed(accountIds))) return
      // The answer isn't taken: it may be older than what an event has fetched meanwhile.
      await this.fetch()
      this.chosen = null
    })
    this.starting = false
  }

  /** Skips the running login; asked for again before the next step begins, it does nothing. */
  async skip(): Promise<void> {
    if (this.skipping) return
    this.#skipped = this.round.current
    await this.#run(() =>
      this.backend.skipLogin().catch((cause) => {
        this.#skipped = -1
        throw cause
      }),
    )
  }

  async stop(): Promise<void> {
    this.round = { ...this.round, stopping: true }
    await this.#run(() => this.backend.stopRound())
    await this.#run(() => this.fetch())
  }

  async dismiss(): Promise<void> {
    await this.#run(() => this.backend.dismissRound())
    await this.#run(() => this.fetch())
  }

  /** Begins a round with those that failed in the last one. */
  retryFailed(): Promise<void> {
    return this.start(this.round.steps.filter((s) => s.outcome === 'failed').map((s) => s.accountId))
  }

  /** Begins or ends choosing the accounts of a round. */
  choose(on: boolean): void {
    this.chosen = on ? [] : null
  }

  /** Chooses an account, or no longer. */
  toggle(accountId: string): void {
    if (!this.chosen) return
    const without = this.chosen.filter((id) => id !== accountId)
    this.chosen = without.length < this.chosen.length ? without : [...this.chosen, accountId]
  }

  /** Asks Kite after every living session. */
  async checkAll(): Promise<void> {
    if (this.checking) return
    this.checking = true
    this.check = null
    await this.#run(async () => {
      const summary = await this.backend.checkAll()
      if (summary.ended + summary.unknown === 0) this.toasts.done(checkWords(summary))
      else this.check = summary
    })
    this.checking = false
  }

  // False if the user said no to what the program asked (ECONFIRM).
  async #confirmed(accountIds: string[]): Promise<boolean> {
    try {
      await this.backend.logInAll(accountIds, false)
      return true
    } catch (cause) {
      if (!hasCode(cause, 'ECONFIRM')) throw cause
      const { message, hint } = toFailure(cause)
      const yes = await this.dialogs.ask({ title: 'Log in now?', message, hint, confirm: 'Log in anyway', cancel: 'Not now' })
      if (yes) await this.backend.logInAll(accountIds, true)
      return yes
    }
  }

  async #run(action: () => Promise<void>): Promise<void> {
    try {
      await action()
    } catch (cause) {
      this.toasts.failed(cause)
    }
  }
}
