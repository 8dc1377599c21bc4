import type { Backend, Failure, NamedDay, Preferences, TradingDays } from '../backend/backend'
import { defaultPreferences } from '../backend/defaults'
import { preferencesChanged } from '../backend/events'
import { toFailure } from '../backend/failure'
import type { ToastState } from './toasts.svelte'

export type PreferenceField = keyof Preferences

/**
 * What the user chose. A change shows at once and is kept in the background;
 * one that is refused goes back and says so. Calls run one after the other, so
 * an older answer never replaces a newer one.
 */
export class PreferencesState {
  loaded = $state(false)
  tradingDays: TradingDays | null = $state.raw(null)
  /** Why they couldn't be read, until they could. */
  unread: Failure | null = $state.raw(null)
  /** The refused change, until the next one. */
  failure: Failure | null = $state.raw(null)

  /** What shipped holidays are called, also once they are removed. */
  #names = new Map<string, string>()
  #kept: Preferences = $state.raw(defaultPreferences)
  #unsaved: Partial<Preferences>[] = $state.raw([])
  #queue: Promise<void> = Promise.resolve()
  #fetchWaits = false

  /** As the page shows them: what is kept, and on top what is being saved. */
  current: Preferences = $derived.by(() => Object.assign({}, this.#kept, ...this.#unsaved))

  constructor(
    private backend: Backend,
    private toasts: ToastState,
  ) {}

  /** Follows events until the returned function is called. */
  follow(): () => void {
    return this.backend.on(preferencesChanged, () => {
      this.fetch().catch((cause) => this.toasts.failed(cause))
    })
  }

  /** Fetches; asked for twice while others wait, it does so once. */
  fetch(): Promise<void> {
    if (this.#fetchWaits) return this.#queue
    this.#fetchWaits = true
    return this.#next(async () => {
      this.#fetchWaits = false
      await this.#read()
    })
  }

  /** Changes what is given and keeps it. Never rejects. */
  change(part: Partial<Preferences>): Promise<void> {
    this.failure = null
    this.#unsaved = [...this.#unsaved, part]
    return this.#next(() => this.#save(part))
  }

  /** The shipped holidays that the user took out; the name is '' where it isn't known. */
  get removedHolidays(): NamedDay[] {
    return this.current.holidaysRemoved.map((date) => ({ date, name: this.#names.get(date) ?? '' }))
  }

  /** The sentence that belongs to a field, '' if there is none. */
  errorOf(field: PreferenceField): string {
    return this.failure?.field === field ? this.failure.message : ''
  }

  // Another process may have changed something: what is kept is read first.
  async #save(part: Partial<Preferences>): Promise<void> {
    try {
      const kept = await this.backend.preferences()
      this.#kept = await this.backend.setPreferences({ ...kept, ...part })
    } catch (cause) {
      this.#refused(toFailure(cause))
    } finally {
      this.#unsaved = this.#unsaved.filter((other) => other !== part)
    }
  }

  #refused(failure: Failure): void {
    if (failure.code === 'EINVALID' && failure.field in this.#kept) this.failure = failure
    else this.toasts.failed(failure)
  }

  async #read(): Promise<void> {
    const [kept, days] = await Promise.all([this.backend.preferences(), this.backend.tradingDays()]).catch((cause) => {
      this.unread = toFailure(cause)
      throw cause
    })
    this.unread = null
    this.#kept = kept
    for (const { date, name, shipped } of days.holidays) if (shipped) this.#names.set(date, name)
    this.tradingDays = days
    this.loaded = true
  }

  #next(action: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(action)
    this.#queue = done.catch(() => {})
    return done
  }
}
