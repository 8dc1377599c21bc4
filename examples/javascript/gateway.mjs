// A program that uses the local API's gateway: it never sees an access_token.
//
//     node gateway.mjs NAME < TOKEN

import { text } from 'node:stream/consumers'

const base = process.env.KITE_ACCOUNTS_URL ?? 'http://127.0.0.1:51731'
const noSession = 11 // kitectl's exit code for "no valid session"
const name = encodeURIComponent(process.argv[2])
const token = (await text(process.stdin)).trim()

const get = (path) => fetch(base + path, { headers: { Authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(10_000) })

const list = await (await get('/v1/accounts')).json()
if (list.error) {
  console.error(`stopped: ${list.error.message}`)
  process.exit(1)
}
for (const a of list.accounts) console.log(a.slug, a.state, a.expiresAt ?? '-')

const answer = await get(`/kite/${name}/portfolio/holdings`)
const body = await answer.json()
if (answer.ok) {
  for (const h of body.data) console.log(h.tradingsymbol.padEnd(12), h.quantity, h.pnl.toFixed(2))
} else {
  console.error(`stopped: ${body.message}`)
  process.exitCode = body.error_type === 'TokenException' ? noSession : 1
}
