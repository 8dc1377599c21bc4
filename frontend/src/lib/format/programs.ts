import type { Account, Client, LocalAPI } from '../backend/backend'
import { dayAndTime, type Zone } from './time'

// Programs that get sessions, in words.

/** How the local API is, in a sentence and what to do. */
export interface AccessLine {
  kind: 'off' | 'starting' | 'on' | 'bad'
  text: string
  hint: string
}

export function accessLine({ on, address, failure }: LocalAPI): AccessLine {
  if (!on) return { kind: 'off', text: 'Off: no port is open.', hint: '' }
  if (failure) return { kind: 'bad', text: failure.message, hint: failure.hint }
  if (address) return { kind: 'on', text: `Listening on ${address}`, hint: '' }
  return { kind: 'starting', text: 'Being started…', hint: '' }
}

/** The port that was typed; null if it is none that can be had. */
export function parsePort(text: string): number | null {
  const port = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0
  return port >= 1024 && port <= 65535 ? port : null
}

/** The accounts that a program may use, by name; those that were deleted are left out. */
export function accountsOf(client: Pick<Client, 'accountIds' | 'allAccounts'>, accounts: Account[]): Account[] {
  return client.allAccounts ? accounts : accounts.filter((a) => client.accountIds.includes(a.accountId))
}

const named = 3
const listed = 30

/** "All accounts", "Personal and HUF", "14 accounts: Personal, HUF, Meera and 11 more". */
export function accountWords(client: Client, accounts: Account[]): string {
  if (client.allAccounts) return 'All accounts'
  const names = accountsOf(client, accounts).map((a) => a.accountName)
  const count = names.length > 2 ? `${names.length} accounts: ` : ''
  return count + enumerate(names, named) || 'No account is left'
}

/** More of the names, for a tooltip; '' where all are said anyway. */
export function accountTip(client: Client, accounts: Account[]): string {
  return client.allAccounts ? '' : enumerate(accountsOf(client, accounts).map((a) => a.accountName), listed)
}

export function usedWords({ lastUsedAt }: Client, now: number, zone: Zone): string {
  return lastUsedAt === null ? 'never used' : `last used ${dayAndTime(lastUsedAt, now, zone)}`
}

/** What to type to run a program with an account's token. */
export function execLine(command: string, slug: string): string {
  return `${command} exec ${slug} -- python strategy.py`
}

/** Where Kite's own clients reach an account through the local API. */
export function baseUrl(address: string, slug: string): string {
  return `${address}/kite/${slug}`
}

/** The address programs will find, also while it isn't served. */
export function addressOf({ address, port }: LocalAPI): string {
  return address || `http://127.0.0.1:${port}`
}

/** Reads the token instead of naming it, so that it is in no shell's history. */
export function curlExample(address: string): string {
  return `read -rs TOKEN    # paste the token, then Enter\nprintf 'Authorization: Bearer %s' "$TOKEN" |\n  curl -H @- ${address}/v1/accounts\n`
}

export function pythonExample(url: string): string {
  return `kite = KiteConnect(\n    api_key="any", access_token=TOKEN,\n    root="${url}",\n)\n`
}

function enumerate(names: string[], most: number): string {
  if (names.length > most + 1) return `${names.slice(0, most).join(', ')} and ${names.length - most} more`
  if (names.length < 2) return names.join('')
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
