import type { Backend, Round } from '../backend/backend'
import { noRound } from '../backend/defaults'
import { roundChanged } from '../backend/events'
import type { ToastState } from './toasts.svelte'

/** Log in all, as far as it has come. */
export class RoundState {
  round: Round = $state.raw(noRound)

  constructor(
    private backend: Backend,
    private toasts: ToastState,
  ) {}

  start(accountIds: string[]): Promise<void> {
    return this.#run(async () => void (this.round = await this.backend.logInAll(accountIds)))
  }

  /** Follows events until the returned function is called. */
  follow(): () => void {
    return this.backend.on(roundChanged, () => void this.#run(() => this.fetch()))
  }

  async fetch(): Promise<void> {
    this.round = await this.backend.round()
  }

  async #run(action: () => Promise<void>): Promise<void> {
    try {
      await action()
    } catch (cause) {
      this.toasts.failed(cause)
    }
  }
}
