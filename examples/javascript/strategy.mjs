// A strategy that kitectl exec starts: it looks at its positions until the
// session ends.
//
//     kitectl exec NAME -- node strategy.mjs [ROUNDS]

import { setTimeout as sleep } from 'node:timers/promises'

const { KITE_API_KEY, KITE_ACCESS_TOKEN, KITE_USER_ID, KITE_SESSION_EXPIRES_AT } = process.env
const root = process.env.KITE_API_ROOT ?? 'https://api.kite.trade'
const headers = { 'X-Kite-Version': '3', Authorization: `token ${KITE_API_KEY}:${KITE_ACCESS_TOKEN}` }
const expiresAt = new Date(KITE_SESSION_EXPIRES_AT)
const margin = 60_000 // stop before the session ends, not in the middle of an order
const noSession = 11 // kitectl's exit code for "no valid session"

/** Kite no longer accepts the access_token: log in again, don't retry. */
class SessionEnded extends Error {}

async function get(path) {
  const answer = await fetch(root + path, { headers, signal: AbortSignal.timeout(10_000) })
  const body = await answer.json()
  if (answer.ok) return body.data
  if (answer.status === 403 && body.error_type === 'TokenException') throw new SessionEnded(body.message)
  throw new Error(`Kite answered ${answer.status}: ${body.message}`)
}

async function main(rounds) {
  console.log(`trading for ${KITE_USER_ID} until ${expiresAt.toLocaleTimeString()}`)
  for (let i = 0; i < rounds; i++) {
    if (Date.now() + margin >= expiresAt) throw new SessionEnded('the session is about to end')
    const { live_balance: cash } = (await get('/user/margins/equity')).available
    const { net } = await get('/portfolio/positions')
    const profit = net.reduce((sum, p) => sum + p.pnl, 0)
    console.log(`${net.length} positions, profit ${profit.toFixed(2)}, cash ${cash.toFixed(2)}`)
    if (i + 1 < rounds) await sleep(5000)
  }
}

try {
  await main(Number(process.argv[2] ?? Infinity))
} catch (error) {
  if (!(error instanceof SessionEnded)) throw error
  console.error(`stopped: ${error.message}`)
  process.exitCode = noSession
}
