import type { AddedClient, Backend, Client, ClientInput, CommandLine, Failure, LocalAPI } from '../backend/backend'
import { clientsChanged, desktopChanged, preferencesChanged } from '../backend/events'
import { toFailure } from '../backend/failure'
import type { SessionState } from './session.svelte'
import type { ToastState } from './toasts.svelte'

/**
 * The local API, the programs that may use it, and the command line. Fetched
 * once something shows them, and kept current from then on. No token is kept
 * here.
 */
export class ProgramsState {
  access: LocalAPI | null = $state.raw(null)
  clients: Client[] | null = $state.raw(null)
  commandLine: CommandLine | null = $state.raw(null)
  /** Why they couldn't be read, until they could. */
  unread: Failure | null = $state.raw(null)

  #shown = false
  #running: Promise<void> | null = null
  #again = false

  constructor(
    private backend: Backend,
    private session: SessionState,
    private toasts: ToastState,
  ) {}

  get loaded(): boolean {
    return this.access !== null
  }

  /** Follows events until the returned function is called. */
  follow(): () => void {
    const refresh = () => {
      if (this.#shown) void this.fetch()
    }
    const offs = [clientsChanged, preferencesChanged, desktopChanged].map((event) => this.backend.on(event, refresh))
    return () => offs.forEach((off) => off())
  }

  /** Fetches; asked for while it does, it fetches once more after that. Never rejects. */
  fetch(): Promise<void> {
    this.#shown = true
    this.#again = true
    this.#running ??= this.#fetchAll()
    return this.#running
  }

  /** Adds a program; the answer holds its token, once. */
  async add(input: ClientInput): Promise<AddedClient> {
    const added = await this.backend.addClient(input)
    await this.fetch()
    return added
  }

  async change(id: string, input: ClientInput): Promise<Client> {
    const changed = await this.backend.changeClient(id, input)
    await this.fetch()
    return changed
  }

  /** Refuses the program's token from then on. */
  async revoke(client: Client): Promise<void> {
    try {
      await this.backend.revokeClient(client.id)
      this.toasts.done(`${client.name} is revoked.`)
    } catch (cause) {
      this.toasts.failed(cause)
    }
    await this.fetch()
  }

  /** Copies the token of a program that was just added; true if it is on the clipboard. */
  async copyToken(id: string): Promise<boolean> {
    try {
      const { clearsAt } = await this.backend.copyClientToken(id)
      this.session.clipboardClearsAt = clearsAt
      return true
    } catch (cause) {
      this.toasts.failed(cause)
      return false
    }
  }

  /** Lets the program forget it too. Never rejects. */
  async forgetToken(id: string): Promise<void> {
    await this.backend.forgetClientToken(id).catch((cause) => this.toasts.failed(cause))
  }

  async #fetchAll(): Promise<void> {
    while (this.#again) {
      this.#again = false
      await this.#read()
    }
    this.#running = null // at once: who asks from here on isn't seen above
  }

  // What is shown stays while a later reading fails.
  async #read(): Promise<void> {
    try {
      const [access, clients, commandLine] = await Promise.all([this.backend.localAPI(), this.backend.clients(), this.backend.commandLine()])
      this.unread = null
      this.access = access
      this.clients = clients
      this.commandLine = commandLine
    } catch (cause) {
      this.unread = toFailure(cause)
      if (this.loaded) this.toasts.failed(cause)
    }
  }
}
