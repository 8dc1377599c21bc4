import type { Account, Backend, Failure } from '../backend/backend'
import { accountChanged, clockChanged, sessionChanged } from '../backend/events'
import { hasCode, toFailure } from '../backend/failure'

const all = ''

/**
 * The accounts: fetched once, kept current by events. Fetches run one after
 * the other, so an older answer never replaces a newer one; what is asked for
 * twice while one runs is fetched once.
 */
export class AccountsState {
  list: Account[] = $state.raw([])
  loaded = $state(false)
  failure: Failure | null = $state.raw(null)

  #backend: Backend
  #wanted = new Set<string>()
  #running: Promise<void> | null = null

  constructor(backend: Backend) {
    this.#backend = backend
  }

  /** Follows events until the returned function is called. */
  start(): () => void {
    const follow = (accountId: string) => void this.refresh(accountId)
    const offs = [
      this.#backend.on(accountChanged, follow),
      this.#backend.on(sessionChanged, follow),
      this.#backend.on(clockChanged, () => void this.fetch()),
    ]
    return () => offs.forEach((off) => off())
  }

  byId(accountId: string): Account | undefined {
    return this.list.find((a) => a.accountId === accountId)
  }

  /** Fetches all. Never rejects: a failure is in failure. */
  fetch(): Promise<void> {
    return this.refresh(all)
  }

  /** Fetches one account, or all for ''; one that is gone leaves the list. */
  refresh(accountId: string): Promise<void> {
    this.#wanted.add(accountId)
    this.#running ??= this.#drain()
    return this.#running
  }

  /** Takes an account as a call returned it. */
  put(account: Account): void {
    const known = this.byId(account.accountId) !== undefined
    this.list = known
      ? this.list.map((a) => (a.accountId === account.accountId ? account : a))
      : [...this.list, account]
  }

  remove(accountId: string): void {
    this.list = this.list.filter((a) => a.accountId !== accountId)
  }

  // Running ends in the same step as the last look at what is wanted: what is
  // asked for in between would be lost.
  async #drain(): Promise<void> {
    for (;;) {
      const [next] = this.#wanted.has(all) ? [all] : this.#wanted
      if (next === undefined) break
      if (next === all) this.#wanted.clear()
      else this.#wanted.delete(next)
      await (next === all ? this.#fetchAll() : this.#fetchOne(next))
    }
    this.#running = null
  }

  async #fetchAll(): Promise<void> {
    try {
      this.list = await this.#backend.accounts()
      this.failure = null
      this.loaded = true
    } catch (cause) {
      this.failure = toFailure(cause)
    }
  }

  async #fetchOne(accountId: string): Promise<void> {
    try {
      this.put(await this.#backend.account(accountId))
    } catch (cause) {
      if (hasCode(cause, 'ENOTFOUND')) this.remove(accountId)
      else this.failure = toFailure(cause)
    }
  }
}
