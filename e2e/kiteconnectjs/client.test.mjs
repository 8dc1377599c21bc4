// The official JavaScript client, written by others, works with nothing
// changed but its base URL.
//
// With KITE_CLIENT_ROOT, KITE_CLIENT_KEY and KITE_CLIENT_TOKEN set, the same
// calls go there with "Authorization: token KEY:TOKEN"; the root may have a
// path, such as http://127.0.0.1:51731/kite/my-account. Without them they go
// to a sandbox of this test's own.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KiteConnect } from 'kiteconnect'
import { exercise } from './exercise.mjs'
import { paced } from './pace.mjs'
import { logIn, passCutOff, start } from './sandbox.mjs'

const { KITE_CLIENT_ROOT: root, KITE_CLIENT_KEY: key, KITE_CLIENT_TOKEN: token } = process.env

test('all calls through the root that was given', { skip: !root && 'KITE_CLIENT_ROOT is not set' }, async () => {
  await exercise(paced(new KiteConnect({ root, api_key: key, access_token: token })))
})

test('login and all calls against the sandbox', { skip: root && 'KITE_CLIENT_ROOT is set' }, async (t) => {
  await passCutOff()
  const sandbox = await start()
  t.after(() => sandbox.stop())
  const [app] = sandbox.apps
  const kite = paced(new KiteConnect({ root: sandbox.api_root, api_key: app.api_key }))
  const official = new URL(await kite.getLoginURL())
  const landed = await logIn(sandbox.login_url + official.search, sandbox.users[0])
  assert.equal(landed.get('status'), 'success')

  await assert.rejects(kite.generateSession(landed.get('request_token'), 'another secret'), { error_type: 'InputException' })
  const session = await kite.generateSession(landed.get('request_token'), app.api_secret)
  assert.equal(session.user_id, sandbox.users[0].user_id)
  assert.ok(session.login_time instanceof Date)
  await exercise(kite)
  await exercise(kite) // on an account that was used before

  assert.equal(await kite.invalidateAccessToken(), true)
  await assert.rejects(kite.getProfile(), { error_type: 'TokenException' })
})
