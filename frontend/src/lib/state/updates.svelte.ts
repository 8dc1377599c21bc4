import type { Backend, Failure, Release, Updates } from '../backend/backend'
import { noUpdates } from '../backend/defaults'
import { updateChanged } from '../backend/events'
import { toFailure } from '../backend/failure'
import type { ToastState } from './toasts.svelte'

/** What is known about newer versions of Kite Accounts. */
export class UpdatesState {
  current: Updates = $state.raw(noUpdates)
  loaded = $state(false)
  checking = $state(false)
  /** Why the check that the user asked for failed, until the next one. */
  failure: Failure | null = $state.raw(null)
  /** The newest version, if it is newer than ours. */
  newest: Release | null = $derived(this.current.result === 'newer' ? (this.current.releases[0] ?? null) : null)
  /** The one that the window tells of. */
  told: Release | null = $derived(this.current.skipped ? null : this.newest)

  constructor(
    private backend: Backend,
    private toasts: ToastState,
  ) {}

  /** Follows events until the returned function is called. */
  follow(): () => void {
    return this.backend.on(updateChanged, () => {
      this.fetch().catch((cause) => this.toasts.failed(cause))
    })
  }

  async fetch(): Promise<void> {
    this.current = await this.backend.updates()
    this.loaded = true
  }

  /** Asks the list of releases now. Never rejects. */
  async check(): Promise<void> {
    if (this.checking) return
    this.checking = true
    this.failure = null
    try {
      this.current = await this.backend.checkForUpdates()
    } catch (cause) {
      this.failure = toFailure(cause)
    } finally {
      this.checking = false
    }
  }

  /** Opens the newest version's page in the system browser. */
  openPage(): Promise<void> {
    return this.#run(() => this.backend.openReleasePage())
  }

  /** Tells no longer of the newest version. */
  skip(): Promise<void> {
    const { newest } = this
    return newest ? this.#run(() => this.backend.skipRelease(newest.version)) : Promise.resolve()
  }

  async #run(action: () => Promise<void>): Promise<void> {
    try {
      await action()
      await this.fetch()
    } catch (cause) {
      this.toasts.failed(cause)
    }
  }
}
