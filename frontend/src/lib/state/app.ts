import { getContext, setContext } from 'svelte'
import type { About, Backend } from '../backend/backend'
import { AccountsState } from './accounts.svelte'
import { ClockState } from './clock.svelte'
import { DayState } from './day.svelte'
import { DesktopState } from './desktop.svelte'
import { DialogState } from './dialogs.svelte'
import { HistoryState } from './history.svelte'
import { ListState } from './list.svelte'
import { PreferencesState } from './preferences.svelte'
import { ProgramsState } from './programs.svelte'
import { RequestState } from './requests.svelte'
import { RoundState } from './round.svelte'
import { SessionState } from './session.svelte'
import { ToastState } from './toasts.svelte'
import { UpdatesState } from './updates.svelte'
import { VaultState } from './vault.svelte'

/** Everything the page knows, one of each. */
export class AppState {
  readonly toasts = new ToastState()
  readonly dialogs = new DialogState()
  readonly clock: ClockState
  readonly accounts: AccountsState
  readonly list: ListState
  readonly vault: VaultState
  readonly session: SessionState
  readonly preferences: PreferencesState
  readonly desktop: DesktopState
  readonly programs: ProgramsState
  readonly round: RoundState
  readonly history: HistoryState
  readonly day: DayState
  readonly updates: UpdatesState
  readonly requests: RequestState

  constructor(readonly backend: Backend) {
    this.clock = new ClockState(backend)
    this.accounts = new AccountsState(backend)
    this.list = new ListState(backend, this.accounts, this.clock)
    this.vault = new VaultState(backend)
    this.session = new SessionState(backend, this.accounts, this.dialogs, this.toasts, this.clock)
    this.preferences = new PreferencesState(backend, this.toasts)
    this.desktop = new DesktopState(backend, this.toasts)
    this.programs = new ProgramsState(backend, this.session, this.toasts)
    this.round = new RoundState(backend, this.toasts, this.dialogs)
    this.history = new HistoryState(backend, this.toasts)
    this.day = new DayState(backend, this.clock)
    this.updates = new UpdatesState(backend, this.toasts)
    this.requests = new RequestState(backend, this)
  }

  /**
   * Follows events first and fetches then, so that nothing which happens in
   * between is missed. Returns what stops it.
   */
  start(): () => void {
    const offs = [
      this.clock.start(), this.accounts.start(), this.vault.start(), this.preferences.follow(), this.desktop.follow(),
      this.programs.follow(), this.round.follow(), this.history.follow(), this.day.follow(),
      this.updates.follow(), this.requests.follow(),
    ]
    void this.fetch()
    return () => offs.forEach((off) => off())
  }

  async fetch(): Promise<void> {
    await this.#all(this.clock.fetch(), this.vault.fetch())
    if (this.vault.problem) return
    await this.#all(
      this.list.fetch(), this.accounts.fetch(), this.preferences.fetch(), this.desktop.fetch(),
      this.round.fetch(), this.day.fetch(), this.updates.fetch(),
    )
    await this.requests.take()
  }

  // One that fails says so and keeps none of the others back.
  async #all(...fetches: Promise<void>[]): Promise<void> {
    for (const result of await Promise.allSettled(fetches)) {
      if (result.status === 'rejected') this.toasts.failed(result.reason)
    }
  }

  about(): Promise<About> {
    return this.backend.about()
  }
}

const key = Symbol('app')

/** Makes the app's state available to the components below. */
export function provideApp(app: AppState): AppState {
  return setContext(key, app)
}

export function useApp(): AppState {
  return getContext<AppState>(key)
}
