import type { Account, Backend, ListPreferences } from '../backend/backend'
import { belongs, filterWords, matches, sorted, type Filter } from '../format/list'
import type { AccountsState } from './accounts.svelte'
import type { ClockState } from './clock.svelte'

/** How the list is shown: view and sort are remembered, search and filter not. */
export class ListState {
  view: ListPreferences['view'] = $state('cards')
  sort: ListPreferences['sort'] = $state('name')
  query = $state('')
  filter: Filter | null = $state(null)

  #backend: Backend
  #accounts: AccountsState
  #clock: ClockState

  // A minute is fine enough for order and membership; by the second, 200
  // accounts would be sorted 60 times as often.
  #minute = $derived.by(() => Math.floor(this.#clock.now / 60_000) * 60_000)
  #found = $derived.by(() => this.#accounts.list.filter((a) => matches(a, this.query)))

  /** What the list shows, in order. */
  shown: Account[] = $derived.by(() => {
    const { filter } = this
    const chosen = filter ? this.#found.filter((a) => this.#belongs(a, filter)) : this.#found
    return sorted(chosen, this.sort, this.#minute, this.#clock.zone)
  })

  /** How many of the accounts found belong to each filter. */
  counts: Record<Filter, number> = $derived.by(() => {
    const filters = Object.keys(filterWords) as Filter[]
    return Object.fromEntries(
      filters.map((f) => [f, this.#found.filter((a) => this.#belongs(a, f)).length]),
    ) as Record<Filter, number>
  })

  constructor(backend: Backend, accounts: AccountsState, clock: ClockState) {
    this.#backend = backend
    this.#accounts = accounts
    this.#clock = clock
  }

  async fetch(): Promise<void> {
    const { view, sort } = await this.#backend.listPreferences()
    this.view = view
    this.sort = sort
  }

  /** Changes view or sort and remembers them. */
  async prefer(change: Partial<ListPreferences>): Promise<void> {
    Object.assign(this, change)
    await this.#backend.setListPreferences({ view: this.view, sort: this.sort })
  }

  clear(): void {
    this.query = ''
    this.filter = null
  }

  #belongs(account: Account, filter: Filter): boolean {
    return belongs(account, filter, this.#minute, this.#clock.zone)
  }
}
