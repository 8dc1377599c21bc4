// Prints, as a JSON list, the npm packages whose code or files are in the
// page. Run in frontend/ and from standard input, so that vite is found there.
// It bundles the page once more in memory, because only the bundler knows what
// it took, and fails where frontend/dist isn't that same page.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'

const packageOf = /node_modules\/((?:@[^/]+\/)?[^/]+)\//g
const found = new Set()

function take(id) {
  // The innermost package counts: packages can hold packages.
  const inner = [...id.matchAll(packageOf)].at(-1)?.[1]
  // The bundler adds a few lines of its own.
  const own = id.match(/^\0?@?(rolldown|vite)\//)?.[1]
  if (inner ?? own) found.add(inner ?? own)
}

const { output } = await build({ logLevel: 'error', build: { write: false } })
for (const file of output) {
  // Style sheets have no JavaScript left, so what was dropped can't be told from
  // them: whatever was looked at counts, which is more than what is in.
  for (const id of Object.keys(file.modules ?? {})) take(id)
  for (const id of file.originalFileNames ?? []) take(join(process.cwd(), id))
  const built = Buffer.from(file.code ?? file.source)
  if (!built.equals(readFileSync(join('dist', file.fileName)))) {
    throw new Error(`frontend/dist/${file.fileName} isn't what these sources make; build the page again`)
  }
}
console.log(JSON.stringify([...found].sort(), null, 2))
