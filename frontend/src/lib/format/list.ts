import type { Account, ListPreferences } from '../backend/backend'
import { livingSession, statusOf, type StatusKind } from './status'
import type { Zone } from './time'

export type Sort = ListPreferences['sort']

/** The groups by which a list is filtered. */
export type Filter = 'active' | 'ending' | 'expired' | 'none' | 'attention'

export const filterWords: Record<Filter, string> = {
  active: 'Active',
  ending: 'Ends soon',
  expired: 'Expired',
  none: 'No session',
  attention: 'Needs attention',
}

const order: StatusKind[] = ['loggingIn', 'error', 'unknown', 'ending', 'expired', 'active', 'none']

/** Every word of the query occurs in name, client ID, user or API key. */
export function matches(account: Account, query: string): boolean {
  const { accountName, clientId, apiKey, phoneNumber, accountType, session } = account
  const text = fold([accountName, clientId, apiKey, phoneNumber, accountType, session?.userName ?? ''].join(' '))
  return fold(query).split(/\s+/).every((word) => text.includes(word))
}

/** Whether an account belongs to a filter at that moment. */
export function belongs(account: Account, filter: Filter, now: number, zone: Zone): boolean {
  const { kind } = statusOf(account, now, zone)
  switch (filter) {
    case 'active':
      return livingSession(account, now) !== null
    case 'attention':
      return kind === 'error' || kind === 'unknown' || account.loginFailure !== null || account.warnings.length > 0
    default:
      return kind === filter
  }
}

/** A sorted copy. Equal ones, and accounts with nothing to compare, go by name. */
export function sorted(accounts: Account[], sort: Sort, now: number, zone: Zone): Account[] {
  return accounts.toSorted((a, b) => keyOf(a, sort, now, zone) - keyOf(b, sort, now, zone) || byName(a, b))
}

// Ascending: least time left first, latest login first, most urgent first.
function keyOf(account: Account, sort: Sort, now: number, zone: Zone): number {
  switch (sort) {
    case 'name':
      return 0
    case 'expiry':
      return livingSession(account, now)?.expiresAt ?? Number.MAX_SAFE_INTEGER
    case 'lastLogin':
      return -(account.lastLoginAt ?? 0)
    case 'status':
      return order.indexOf(statusOf(account, now, zone).kind)
  }
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

function byName(a: Account, b: Account): number {
  return collator.compare(a.accountName, b.accountName) || (a.accountId < b.accountId ? -1 : 1)
}

function fold(text: string): string {
  return text.normalize('NFKC').toLocaleLowerCase('en').trim()
}
