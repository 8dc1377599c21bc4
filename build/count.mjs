// Adds up what the test runners wrote into the folder that is the argument:
// go test's events, of every test and subtest, and Vitest's report.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const folder = process.argv[2]
let passed = 0
let failed = 0
for (const file of readdirSync(folder)) {
  const text = readFileSync(join(folder, file), 'utf8')
  if (file === 'page.json') {
    const report = JSON.parse(text)
    passed += report.numPassedTests
    failed += report.numFailedTests
    continue
  }
  for (const line of text.split('\n').filter(Boolean)) {
    const event = JSON.parse(line)
    if (event.Test && event.Action === 'pass') passed++
    if (event.Test && event.Action === 'fail') failed++
  }
}
console.log(`\n${passed} passed, ${failed} failed`)
