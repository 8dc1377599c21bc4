import type { Account, CheckSummary, Round } from '../backend/backend'
import { checkFailure } from './status'
import { dayAndTime, type Zone } from './time'

type Step = Round['steps'][number]

/** How many logins are behind; the running one counts half, so that a bar moves at once. */
export function progressOf({ steps }: Round): { done: number; total: number; percent: number } {
  const done = steps.filter((s) => s.outcome !== 'waiting' && s.outcome !== 'running').length
  const half = steps.some((s) => s.outcome === 'running') ? 0.5 : 0
  return { done, total: steps.length, percent: steps.length ? ((done + half) / steps.length) * 100 : 0 }
}

/** "3 logged in, 1 skipped, 1 failed, 2 not started". */
export function outcomeWords({ steps }: Round): string {
  const count = (outcome: Step['outcome']) => steps.filter((s) => s.outcome === outcome).length
  const words: [number, string][] = [
    [count('active'), 'logged in'],
    [count('skipped'), 'skipped'],
    [count('failed'), 'failed'],
    [count('stopped') + count('waiting'), 'not logged in'],
  ]
  const said = words.filter(([n]) => n > 0).map(([n, what]) => `${n} ${what}`)
  if (said.length === 0) return 'Nothing to log in.'
  if (count('active') === steps.length) return steps.length === 1 ? 'Logged in.' : `All ${steps.length} are logged in.`
  return `${said.join(', ')}.`
}

/** "4 sessions work, 1 was ended elsewhere, 1 couldn’t be checked." */
export function checkWords({ checked, alive, ended, unknown }: CheckSummary): string {
  if (checked === 0) return 'There is no session to check.'
  const words = [
    alive > 0 && (alive === 1 ? '1 session works' : `${alive} sessions work`),
    ended > 0 && `${ended} ${ended === 1 ? 'was' : 'were'} ended elsewhere`,
    unknown > 0 && `${unknown} couldn’t be checked`,
  ].filter(Boolean)
  return `${words.join(', ')}.`
}

/**
 * How an account's last check went: "Checked 09:41: works"; '' if it was never
 * checked. A failure that the badge's own words tell isn't told in full again.
 */
export function lastCheckWords(account: Account, now: number, zone: Zone): string {
  const check = account.lastCheck
  if (!check) return ''
  const when = dayAndTime(check.at, now, zone).replace('today ', '')
  if (check.ok) return `Checked ${when}: works`
  const failure = checkFailure(account)
  if (failure?.code === 'ETOKEN') return `Checked ${when}: ended elsewhere`
  return `Checked ${when}: ${failure?.code === 'EOFFLINE' ? 'no answer' : 'refused'}`
}
