// Takes a picture of every story, light in a small window and dark in a large
// one, runs axe on each, and fails on violations, on errors of the page and on
// anything the Content-Security-Policy stops. Of axe's rules the dark ones get
// the contrast only: the others see the same elements again. With ALL=1 both
// schemes come in both sizes, with all rules.
//
//   node scripts/screenshots.js [STORY…]      CHROMIUM names the browser
import { readFileSync } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const root = fileURLToPath(new URL('../node_modules/.stories/', import.meta.url))
const out = fileURLToPath(new URL('../screenshots/', import.meta.url))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const sizes = [{ width: 900, height: 600 }, { width: 1440, height: 900 }]
const schemes = ['light', 'dark']
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2' }
const wanted = process.argv.slice(2)

const server = createServer(async (request, response) => {
  const path = normalize(new URL(request.url, 'http://localhost').pathname)
  // Chromium asks for it on its own, sometimes.
  if (path === '/favicon.ico') return response.writeHead(204).end()
  try {
    const body = await readFile(join(root, path))
    response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' }).end(body)
  } catch {
    response.writeHead(404).end()
  }
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const base = `http://127.0.0.1:${server.address().port}/stories.html`

if (wanted.length === 0) await rm(out, { recursive: true, force: true })
await mkdir(out, { recursive: true })
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })

const problems = []
const ids = await storyIds()
const looks = schemes.flatMap((scheme, i) => (process.env.ALL ? sizes : [sizes[i]]).map((size) => ({ scheme, size })))
const shots = ids.flatMap((id) => looks.map((look) => ({ id, ...look })))
// Three keep two cores busy: a story waits a third of its time for itself.
await Promise.all([worker(), worker(), worker()])
await browser.close()
server.close()

if (problems.length > 0) {
  console.error([...new Set(problems)].join('\n'))
  process.exit(1)
}
console.log(`${ids.length} stories, no violations`)

async function storyIds() {
  const page = await browser.newPage()
  await page.goto(base)
  const all = await page.locator('li a').allTextContents()
  await page.close()
  return wanted.length ? all.filter((id) => wanted.includes(id)) : all
}

async function worker() {
  const pages = new Map() // one per scheme and size
  for (let shot = shots.shift(); shot; shot = shots.shift()) {
    const key = `${shot.scheme}-${shot.size.width}`
    if (!pages.has(key)) pages.set(key, await open(shot))
    await take(shot, pages.get(key))
  }
}

async function open({ scheme, size }) {
  const context = await browser.newContext({ colorScheme: scheme, viewport: size, reducedMotion: 'reduce', timezoneId: 'Asia/Kolkata' })
  const page = await context.newPage()
  const shown = { page, name: '' }
  page.on('console', (m) => m.type() === 'error' && problems.push(`${shown.name}: ${m.text()} (${m.location().url})`))
  page.on('pageerror', (e) => problems.push(`${shown.name}: ${e.message}`))
  return shown
}

async function take({ id, scheme, size }, shown) {
  const { page } = shown
  shown.name = `${id}-${scheme}-${size.width}`
  try {
    await page.goto(`${base}?story=${id}`)
    await page.waitForSelector('html[data-ready]', { timeout: 60_000 })
    await page.screenshot({ path: join(out, `${shown.name}.png`) })
    await page.evaluate(axe)
    for (const v of await page.evaluate(check, scheme === 'dark' && !process.env.ALL)) problems.push(`${shown.name}: ${v}`)
  } catch (e) {
    problems.push(`${shown.name}: ${e.message}`)
  }
}

// Runs in the page. Of a long list the first dozen stand for all. A tooltip or menu
// belongs to what it explains, so it needs no landmark of its own.
async function check(contrastOnly) {
  const runOnly = contrastOnly ? ['color-contrast'] : undefined
  const rules = document.querySelector('.tooltip, .menu') ? { region: { enabled: false } } : {}
  const context = { include: [['html']], exclude: [['ul[aria-label="Accounts"] > li:nth-child(n+13)']] }
  const { violations } = await globalThis.axe.run(context, { resultTypes: ['violations'], ...(runOnly ? { runOnly } : { rules }) })
  return violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(' | ')}`)
}
