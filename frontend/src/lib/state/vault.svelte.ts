import type { Backend, DataProblem, Failure, Vault } from '../backend/backend'
import { vaultChanged } from '../backend/events'
import { toFailure } from '../backend/failure'

/** What the vault needs, and whether the database can be used at all. */
export class VaultState {
  vault: Vault = $state.raw({ state: 'opening', provider: '', canCreatePassphrase: false })
  problem: DataProblem | null = $state.raw(null)
  failure: Failure | null = $state.raw(null) // of the last thing tried here
  busy = $state(false)
  open = $derived(this.vault.state === 'open')

  #backend: Backend

  constructor(backend: Backend) {
    this.#backend = backend
  }

  start(): () => void {
    return this.#backend.on(vaultChanged, () => void this.fetch())
  }

  async fetch(): Promise<void> {
    this.problem = await this.#backend.dataProblem()
    if (!this.problem) this.vault = await this.#backend.vault()
  }

  unlock(): Promise<boolean> {
    return this.#try(() => this.#backend.unlockVault())
  }

  retry(): Promise<boolean> {
    return this.#try(() => this.#backend.retryVault())
  }

  openWithPassphrase(passphrase: string): Promise<boolean> {
    return this.#try(() => this.#backend.openVaultWithPassphrase(passphrase))
  }

  createWithPassphrase(passphrase: string): Promise<boolean> {
    return this.#try(() => this.#backend.createPassphraseVault(passphrase))
  }

  startOver(phrase: string): Promise<boolean> {
    return this.#try(() => this.#backend.startOver(phrase))
  }

  async #try(action: () => Promise<void>): Promise<boolean> {
    this.busy = true
    this.failure = null
    try {
      await action()
      await this.fetch()
      return true
    } catch (cause) {
      this.failure = toFailure(cause)
      return false
    } finally {
      this.busy = false
    }
  }
}
