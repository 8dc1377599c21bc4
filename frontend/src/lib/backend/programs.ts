import type { Failure } from './account'

// Programs on this computer that get sessions: the local API and its clients.

/** The local API as it is now. */
export interface LocalAPI {
  on: boolean // as the user chose
  port: number
  address: string // http://127.0.0.1:51731 while it is served, else ''
  failure: Failure | null // why it isn't served though it is on; null with address '': it is being started
}

/** A program that may use the local API. Its token is kept as a hash only. */
export interface Client {
  id: string
  name: string
  accountIds: string[]
  allAccounts: boolean // whatever accountIds says, also accounts that are added later
  mayTrade: boolean // may place, change and cancel orders
  createdAt: number
  lastUsedAt: number | null
}

export type ClientInput = Pick<Client, 'name' | 'accountIds' | 'allAccounts' | 'mayTrade'>

/** The one answer besides reveal() that brings a secret: it is shown once. */
export interface AddedClient {
  client: Client
  token: string
}

/** The command line, as it is called on this computer. */
export interface CommandLine {
  command: string // kitectl, or its path ready for a shell where that isn't found
  path: string // where it is
  found: boolean // by its name alone
}
