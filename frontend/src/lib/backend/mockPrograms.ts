import type { AddedClient, Backend, BackendEvent, Client, ClientInput, CommandLine, Failure, LocalAPI, Preferences } from './backend'

// The part of the mock that keeps the local API and its clients.

export interface ProgramSetup {
  clients?: Client[]
  localAPI?: Partial<LocalAPI>
  commandLine?: Partial<CommandLine>
}

type Method =
  | 'localAPI' | 'clients' | 'addClient' | 'copyClientToken' | 'forgetClientToken' | 'changeClient' | 'revokeClient' | 'commandLine'

/** What a token looks like; this one opens nothing. */
export const madeUpToken = 'ka_m0ckmOCKm0ckmOCKm0ckmOCKm0ckmOCKm0ckmOCKm0c'

export function programMethods(
  setup: ProgramSetup, now: number, preferences: () => Promise<Preferences>, emit: (event: BackendEvent) => void,
): Pick<Backend, Method> {
  let clients = structuredClone(setup.clients ?? [])
  const tokens = new Map<string, string>()
  let nextId = 1
  const keep = (next: Client[]) => {
    clients = next.toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
    emit('clients:changed')
  }
  const find = (id: string): Client => {
    const client = clients.find((c) => c.id === id)
    if (!client) throw { code: 'ENOTFOUND', message: 'There is no such program.', hint: '', field: '' } satisfies Failure
    return client
  }
  return {
    localAPI: async () => {
      const { localApi, localApiPort } = await preferences()
      const address = localApi && !setup.localAPI?.failure ? `http://127.0.0.1:${localApiPort}` : ''
      return { on: localApi, port: localApiPort, address, failure: null, ...setup.localAPI }
    },
    clients: async () => structuredClone(clients),
    addClient: async (input): Promise<AddedClient> => {
      const client = { ...input, id: `client${nextId++}`, createdAt: now, lastUsedAt: null }
      tokens.set(client.id, madeUpToken)
      keep([...clients, client])
      return { client: structuredClone(client), token: madeUpToken }
    },
    copyClientToken: async (id) => {
      if (!tokens.has(id)) throw { code: 'ENOTFOUND', message: 'The token is no longer here.', hint: '', field: '' } satisfies Failure
      return { secret: true, clearsAt: now + 30_000 }
    },
    forgetClientToken: async (id) => void tokens.delete(id),
    changeClient: async (id, input: ClientInput) => {
      const changed = { ...find(id), ...input }
      keep(clients.map((c) => (c.id === id ? changed : c)))
      return structuredClone(changed)
    },
    revokeClient: async (id) => {
      find(id)
      keep(clients.filter((c) => c.id !== id))
    },
    commandLine: async () => ({ command: 'kitectl', path: '/usr/bin/kitectl', found: true, ...setup.commandLine }),
  }
}
