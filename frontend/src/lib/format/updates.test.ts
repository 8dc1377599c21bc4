import { expect, test } from 'vitest'
import { noUpdates } from '../backend/defaults'
import type { About, Updates } from '../backend/backend'
import { aRelease, hours, morning } from '../testing/fixtures'
import { ist } from './time'
import { aboutDetails, updateLine } from './updates'

const known = { ...noUpdates, version: '1.2.3', checkedAt: morning - hours(26) }

test.each<[Partial<Updates>, string]>([
  [{ checkedAt: null }, 'Not checked yet.'],
  [{ result: 'newest' }, 'Kite Accounts 1.2.3 is the newest. Checked yesterday at 08:00.'],
  [{ result: 'newest', checkedAt: morning }, 'Kite Accounts 1.2.3 is the newest. Checked today at 10:00.'],
  [{ result: 'unknown' }, 'Whether a newer version is out can’t be told: the list of releases has expired. Checked yesterday at 08:00.'],
  [{ result: 'newer', releases: [aRelease()] }, 'Kite Accounts 1.3.0 is out. You have 1.2.3. Checked yesterday at 08:00.'],
  [{ result: 'newer', releases: [aRelease()], skipped: true }, 'Kite Accounts 1.3.0 is out; you skipped it. You have 1.2.3. Checked yesterday at 08:00.'],
])('%o', (change, line) => {
  expect(updateLine({ ...known, ...change }, morning, ist)).toBe(line)
})

test('details for a report name the program and nothing of the user’s', () => {
  const about: About = {
    version: '1.2.3+4.gabcdef0', commit: 'abcdef0', parts: [{ name: 'Go', version: '1.26.0' }, { name: 'SQLite', version: '3.53.0' }],
    installed: 'Installed as a Debian package.', licences: true, dataFolder: '/home/asha/data', sandboxAvailable: true,
  }
  expect(aboutDetails(about)).toBe('Kite Accounts 1.2.3+4.gabcdef0\nCommit: abcdef0\nGo: 1.26.0\nSQLite: 3.53.0\nInstalled as a Debian package.\n')
  expect(aboutDetails({ ...about, commit: '' })).not.toContain('Commit')
})
