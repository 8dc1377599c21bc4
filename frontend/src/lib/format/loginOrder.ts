import type { Account } from '../backend/backend'
import { sorted } from './list'
import { ist } from './time'

/** The accounts in the order in which they are logged in: the user's, and those not in it after that, by name. */
export function inLoginOrder(accounts: Account[], order: string[]): Account[] {
  const chosen = order.flatMap((id) => accounts.find((a) => a.accountId === id) ?? [])
  return [...chosen, ...sorted(accounts.filter((a) => !order.includes(a.accountId)), 'name', 0, ist)]
}

/** The order with one account a place earlier (-1) or later (1); the same at an end. */
export function moved(order: string[], accountId: string, by: -1 | 1): string[] {
  const from = order.indexOf(accountId)
  const to = from + by
  if (from < 0 || to < 0 || to >= order.length) return order
  return order.toSpliced(from, 1).toSpliced(to, 0, accountId)
}
