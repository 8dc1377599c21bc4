import type { Release, Updates } from '../lib/backend/backend'
import type { MockSetup } from '../lib/backend/mock'
import { aFailure, aRelease, family, hours, morning } from '../lib/testing/fixtures'
import { opened, press, story, type Story } from './story'

// Newer versions: the group of Preferences, the banner, what they bring; and
// what the program says of itself.

const accounts = family()
const releases: Release[] = [
  aRelease({ version: '1.3.1', date: '2026-11-22', security: true, notes: ['Closes a hole: a program without a token could learn the names of accounts.'] }),
  aRelease({ version: '1.3.0', date: '2026-11-20', notes: ['Reminders can be put off until tomorrow.', 'The history opens ten times as fast with many accounts.', 'Windows: the tray’s menu opens where the pointer is.'] }),
]
const newer: Partial<Updates> = { result: 'newer', releases, checkedAt: morning - hours(1) }
const long = 'A note that is as long as notes may be, which is three hundred characters, so that it takes several lines also in a wide window. '.repeat(3).slice(0, 299) + '…'
const many = Array.from({ length: 12 }, (_, i) => aRelease({ version: `1.${13 - i}.0`, date: '2026-11-01', notes: i === 2 ? [] : Array.from({ length: 1 + (i % 4) }, () => long), security: i % 5 === 0 }))

const group = (id: string, setup: MockSetup, act?: Story['act']) =>
  story(`updates-${id}`, { accounts, ...setup }, async (app) => {
    app.dialogs.preferences()
    await opened()
    await bottom()
    await act?.(app)
  })

async function bottom(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 150))
  document.querySelector('.dialog .body')?.scrollTo(0, 100_000)
}

export const updates: Story[] = [
  group('never', {}),
  group('newest', { preferences: { checkUpdates: true }, updates: { result: 'newest', checkedAt: morning - hours(1) } }),
  group('yesterday', { preferences: { checkUpdates: true }, updates: { version: '1.2.3+4.gabcdef0', result: 'newest', checkedAt: morning - hours(26) } }),
  group('newer', { preferences: { checkUpdates: true }, updates: newer }),
  group('skipped', { preferences: { checkUpdates: true }, updates: { ...newer, skipped: true } }),
  group('expired', { preferences: { checkUpdates: true }, updates: { result: 'unknown', checkedAt: morning - hours(1) } }),
  group('checking', { hanging: ['checkForUpdates'] }, () => press('Check now')),
  group('offline', { failures: { checkForUpdates: aFailure('EOFFLINE', 'The list of releases can’t be reached.', 'Check the network and try again.') } }, async () => {
    await press('Check now')
    await bottom()
  }),
  group('tampered', { updates: { result: 'newest', checkedAt: morning - hours(30) }, failures: { checkForUpdates: aFailure('EDATA', 'The list of releases isn’t signed by the makers of Kite Accounts, so it isn’t used.', 'Somebody between you and the server may have changed it. Try again in another network; if it stays, report it.') } }, async () => {
    await press('Check now')
    await bottom()
  }),
  group('no-key', { updates: { barrier: 'noKey' } }),
  group('packaged', { updates: { barrier: 'package' } }),
  story('update-banner', { accounts, updates: { ...newer, releases: releases.slice(1) } }),
  story('update-banner-security', { accounts, updates: newer }),
  story('update-banner-empty', { updates: newer }),
  story('whats-new', { accounts, updates: newer }, (app) => app.dialogs.whatsNew()),
  story('whats-new-skipped', { accounts, updates: { ...newer, skipped: true } }, (app) => app.dialogs.whatsNew()),
  story('whats-new-many', { accounts, updates: { ...newer, releases: many } }, (app) => app.dialogs.whatsNew()),
  story('whats-new-none', { accounts }, (app) => app.dialogs.whatsNew()),
  story('about', { accounts }, (app) => app.dialogs.about()),
  story('about-packaged', { accounts, about: { installed: 'Installed as a Debian package: your package manager updates it.' } }, (app) => app.dialogs.about()),
  story('about-between-releases', { accounts, about: { version: '1.2.3+4.gabcdef0.dirty', commit: 'abcdef0', licences: false, dataFolder: '/home/asha/a folder/with a name/that goes on/and on/and on/until it needs/several lines' } }, (app) => app.dialogs.about()),
  story('about-copied', { accounts }, async (app) => {
    app.dialogs.about()
    await opened()
    await press('Copy details')
  }),
]
