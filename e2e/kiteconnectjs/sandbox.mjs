// Starts kitectl's sandbox and logs in to it as a person with a browser would.
import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const kitectl = process.env.KITECTL ?? fileURLToPath(new URL('../../build/bin/kitectl', import.meta.url))

// start returns what the sandbox says about itself, and stop.
export async function start() {
  const child = spawn(kitectl, ['sandbox', '--listen', '127.0.0.1:0', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })
  const [line] = await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(([code]) => { throw new Error(`${kitectl} sandbox ended with ${code}`) }),
  ])
  const stop = async () => {
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }
  return { ...JSON.parse(line), stop }
}

// passCutOff waits until 06:00 IST is over if that is near by the computer's
// clock, which is the sandbox's: all sessions end then.
export async function passCutOff(within = 2 * 60_000) {
  const day = 24 * 60 * 60_000
  const left = day - ((Date.now() - 30 * 60_000) % day) // 00:30 UTC
  if (left < within) await new Promise((done) => setTimeout(done, left + 1000))
}

// logIn goes from the login URL, page by page, to the redirect's parameters.
export async function logIn(loginURL, user) {
  const cookies = new Map()
  let [url, body] = [new URL(loginURL), undefined]
  for (let step = 0; step < 12; step++) {
    const answer = await fetch(url, {
      method: body ? 'POST' : 'GET', body, redirect: 'manual',
      headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
    })
    for (const cookie of answer.headers.getSetCookie()) {
      const [name, value] = cookie.split(';')[0].split('=')
      cookies.set(name, value)
    }
    const page = await answer.text()
    const target = answer.headers.get('location')
    if (target) {
      url = new URL(target, url)
      body = undefined
      if (url.origin !== new URL(loginURL).origin) return url.searchParams
      continue
    }
    const action = page.match(/<form method="post" action="([^"]+)"/)?.[1]
    const id = page.match(/name="sess_id" value="([A-Za-z0-9]+)"/)?.[1]
    if (!action || !id || page.includes('role="alert"')) throw new Error(`page without a way on: ${page}`)
    url = new URL(action, url)
    body = new URLSearchParams({
      sess_id: id, userid: user.user_id, password: user.password, totp: totp(user.totp_secret), answer: 'authorise',
    })
  }
  throw new Error('the login has too many steps')
}

// totp is the six-digit code of RFC 6238 at this time.
function totp(secret) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...secret].map((c) => alphabet.indexOf(c).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)))
  const digest = createHmac('sha1', key).update(counter).digest()
  const at = digest.at(-1) & 15
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, '0')
}
