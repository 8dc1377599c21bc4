import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test, vi } from 'vitest'
import { mockBackend } from './mock'
import { boundName, wailsBackend } from './wails'

const methods = Object.keys(mockBackend()).filter((name) => !['on', 'calls', 'emit', 'change'].includes(name))

function host(bound: Record<string, Record<string, unknown>> = {}, on = vi.fn(() => () => {})) {
  return { go: { main: bound }, runtime: { EventsOn: on } }
}

describe('wailsBackend', () => {
  test('has every method of Backend', () => {
    const backend = wailsBackend(host()) as unknown as Record<string, unknown>
    for (const method of methods) expect(backend[method], method).toBeTypeOf('function')
  })

  test('every method is bound in Go', () => {
    const files = readdirSync('..').filter((name) => /^app\w*\.go$/.test(name) && !name.endsWith('_test.go'))
    const go = files.map((name) => readFileSync(`../${name}`, 'utf8')).join('\n')
    const bound = [...go.matchAll(/^func \(s \*(?:Account|Session|Settings|Desktop|History|Program|Update)Service\) (\w+)\(/gm)].map((m) => m[1])
    expect(methods.map(boundName).filter((name) => !bound.includes(name))).toEqual([])
  })

  test('passes arguments and answer through', async () => {
    const UpdateAccount = vi.fn(async () => ({ accountId: 'a1' }))
    const backend = wailsBackend(host({ AccountService: { UpdateAccount } }))
    const input = { accountName: 'A' } as never
    expect(await backend.updateAccount('a1', input, true)).toEqual({ accountId: 'a1' })
    expect(UpdateAccount).toHaveBeenCalledWith('a1', input, true)
  })

  test('makes every rejection a Failure', async () => {
    const failure = { code: 'ELOCKED', message: 'Locked.', hint: 'Unlock.', field: '' }
    const backend = wailsBackend(host({
      SessionService: { Reveal: async () => Promise.reject(failure), Copy: async () => Promise.reject('boom') },
      SettingsService: { Clock: () => { throw new Error('boom') } },
    }))
    await expect(backend.reveal('a1', 'password')).rejects.toEqual(failure)
    await expect(backend.copy('a1', 'apiKey')).rejects.toMatchObject({ code: 'EINTERNAL' })
    await expect(backend.clock()).rejects.toMatchObject({ code: 'EINTERNAL' })
    await expect(backend.vault()).rejects.toMatchObject({ code: 'EINTERNAL' }) // not bound at all
  })

  test('follows events and gives the account ID, or none', () => {
    const off = vi.fn()
    const on = vi.fn((_event: string, handler: (...data: unknown[]) => void) => (handler('a1'), handler(), off))
    const heard: string[] = []
    const stop = wailsBackend(host({}, on as never)).on('session:changed', (id) => heard.push(id))
    expect(on).toHaveBeenCalledWith('session:changed', expect.any(Function))
    expect(heard).toEqual(['a1', ''])
    stop()
    expect(off).toHaveBeenCalledOnce()
  })
})

test('the page’s policy is the window’s', () => {
  const policy = (file: string) => /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(readFileSync(file, 'utf8'))?.[1]
  const go = readFileSync('../window.go', 'utf8')
  const quoted = /contentSecurityPolicy = ((?:"[^"]*"[\s+]*)+)/.exec(go)?.[1] ?? ''
  const inGo = [...quoted.matchAll(/"([^"]*)"/g)].map((m) => m[1]).join('')
  expect(policy('index.html')).toBe(inGo)
  expect(policy('stories.html')).toBe(inGo)
  expect(inGo).toContain("frame-src 'none'")
})
