import type { Backend, CalendarDay, Failure, HistoryEntry, HistoryFilter } from '../backend/backend'
import { historyChanged } from '../backend/events'
import { toFailure } from '../backend/failure'
import { everything, pageSize } from '../format/history'
import type { ToastState } from './toasts.svelte'

/** How far back an account's calendar goes. */
export const calendarDays = 12 * 7

const typingMs = 200

/** The history as its dialog shows it: page by page, filtered, newest first. */
export class HistoryState {
  filter: HistoryFilter = $state.raw(everything)
  entries: HistoryEntry[] = $state.raw([])
  calendar: CalendarDay[] = $state.raw([])
  loaded = $state(false)
  /** There may be older entries. */
  hasMore = $state(false)
  busy = $state(false)
  exporting = $state(false)
  failure: Failure | null = $state.raw(null)

  #open = false
  #asked = 0
  #typing: ReturnType<typeof setTimeout> | undefined

  constructor(
    readonly backend: Backend,
    readonly toasts: ToastState,
  ) {}

  /** Follows events until the returned function is called. */
  follow(): () => void {
    return this.backend.on(historyChanged, () => {
      if (this.#open) void this.#reload()
    })
  }

  /** Begins with one account's history, or everybody's for ''. */
  async open(accountId: string): Promise<void> {
    this.#open = true
    this.loaded = false
    this.entries = []
    this.calendar = []
    this.filter = { ...everything, accountId }
    await this.#reload()
  }

  close(): void {
    this.#open = false
    this.#asked++
    clearTimeout(this.#typing)
  }

  /** Narrows the list; a search waits until the typing pauses. */
  narrow(change: Partial<Pick<HistoryFilter, 'accountId' | 'kind' | 'query'>>): void {
    clearTimeout(this.#typing)
    const wait = 'query' in change ? typingMs : 0
    if ('accountId' in change) this.calendar = []
    this.filter = { ...this.filter, ...change }
    this.#typing = setTimeout(() => void this.#reload(pageSize), wait)
  }

  retry(): Promise<void> {
    return this.#reload()
  }

  /** Fetches the page after the last entry. */
  async showMore(): Promise<void> {
    const before = this.entries.at(-1)?.id ?? 0
    await this.#ask(async () => {
      const older = await this.backend.history({ ...this.filter, before })
      return () => this.#show([...this.entries, ...older], older.length === pageSize)
    })
  }

  /** Writes what the filter picks, all pages of it, where the user says. */
  async export(): Promise<void> {
    this.exporting = true
    try {
      const path = await this.backend.exportHistory({ ...this.filter, before: 0, limit: 0 })
      if (path) this.toasts.done(`Saved as ${path}`)
    } catch (cause) {
      this.toasts.failed(cause)
    } finally {
      this.exporting = false
    }
  }

  // As many entries as are shown, so that an event doesn't shorten the list.
  #reload(limit = Math.max(pageSize, this.entries.length)): Promise<void> {
    const { accountId } = this.filter
    return this.#ask(async () => {
      const [entries, calendar] = await Promise.all([
        this.backend.history({ ...this.filter, limit }),
        accountId ? this.backend.accountCalendar(accountId, calendarDays) : [],
      ])
      return () => {
        this.calendar = calendar
        this.#show(entries, entries.length === limit)
      }
    })
  }

  // An answer counts only if nothing was asked after it.
  async #ask(fetch: () => Promise<() => void>): Promise<void> {
    const mine = ++this.#asked
    this.busy = true
    try {
      const show = await fetch()
      if (mine === this.#asked) show()
    } catch (cause) {
      if (mine === this.#asked) this.failure = toFailure(cause)
    } finally {
      if (mine === this.#asked) this.busy = false
    }
  }

  #show(entries: HistoryEntry[], hasMore: boolean): void {
    this.entries = entries
    this.hasMore = hasMore
    this.loaded = true
    this.failure = null
  }
}
