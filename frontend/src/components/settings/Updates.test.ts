import { screen, waitFor, within } from '@testing-library/svelte'
import { describe, expect, test } from 'vitest'
import type { Updates } from '../../lib/backend/backend'
import type { MockSetup } from '../../lib/backend/mock'
import { aFailure, aRelease, family, morning } from '../../lib/testing/fixtures'
import { mountApp } from '../../lib/testing/mount'

const newer: Partial<Updates> = { result: 'newer', releases: [aRelease({ version: '1.4.0', security: true, notes: ['<b>Bold</b> & plain.'] }), aRelease()], checkedAt: morning }

async function group(setup: MockSetup = {}) {
  const mounted = await mountApp({ accounts: family(), ...setup })
  await waitFor(() => expect(mounted.app.preferences.loaded && mounted.app.updates.loaded).toBe(true))
  mounted.app.dialogs.preferences()
  const dialog = within(await screen.findByRole('dialog', { name: 'Preferences' }))
  return { ...mounted, dialog, region: () => within(dialog.getByRole('region', { name: 'Updates' })) }
}

describe('the banner', () => {
  test('tells of a newer version, opens its page, and is skipped', async () => {
    const { user, called } = await mountApp({ accounts: family(), updates: newer })
    const banner = within(await screen.findByRole('region', { name: 'New version' }))
    expect(banner.getByText('Kite Accounts 1.4.0 is out.')).toBeTruthy()
    expect(banner.getByText('It closes a security hole of the version you have.')).toBeTruthy()
    await user.click(banner.getByRole('button', { name: 'Open download page' }))
    expect(called('openReleasePage')).toEqual([[]])
    await user.click(banner.getByRole('button', { name: 'Skip this version' }))
    await waitFor(() => expect(screen.queryByRole('region', { name: 'New version' })).toBeNull())
    expect(called('skipRelease')).toEqual([['1.4.0']])
  })

  test('leads to what is new, as plain text', async () => {
    const { user } = await mountApp({ accounts: family(), updates: newer })
    await user.click(await screen.findByRole('button', { name: 'What’s new' }))
    const dialog = within(await screen.findByRole('dialog', { name: 'What’s new' }))
    expect(dialog.getByText('Since 1.2.3, which you have.')).toBeTruthy()
    expect(dialog.getAllByRole('heading', { level: 3 }).map((h) => h.textContent)).toEqual(['1.4.0', '1.3.0'])
    expect(dialog.getByText('<b>Bold</b> & plain.')).toBeTruthy()
    expect(dialog.getAllByText('Security fix')).toHaveLength(1)
    await user.click(dialog.getByRole('button', { name: 'Skip this version' }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(screen.queryByRole('region', { name: 'New version' })).toBeNull()
  })

  test.each<[string, MockSetup]>([
    ['the newest', { updates: { result: 'newest' } }],
    ['a skipped one', { updates: { ...newer, skipped: true } }],
    ['nothing known', {}],
  ])('isn’t there for %s', async (_what, setup) => {
    const { app } = await mountApp({ accounts: family(), ...setup })
    await waitFor(() => expect(app.updates.loaded).toBe(true))
    expect(screen.queryByRole('region', { name: 'New version' })).toBeNull()
  })
})

describe('the group of Preferences', () => {
  test('is off, and switched on', async () => {
    const { region, user, called } = await group()
    const box = region().getByRole('checkbox', { name: 'Check for new versions once a day' })
    expect((box as HTMLInputElement).checked).toBe(false)
    expect(region().getByText(/nothing of you or your accounts/)).toBeTruthy()
    expect(called('checkForUpdates')).toEqual([])
    await user.click(box)
    await waitFor(() => expect(called('setPreferences')[0]?.[0]).toMatchObject({ checkUpdates: true }))
  })

  test('checks now, also while it is off', async () => {
    const { region, user } = await group({ found: newer })
    expect(region().getByText('Not checked yet.')).toBeTruthy()
    await user.click(region().getByRole('button', { name: 'Check now' }))
    expect(await region().findByText(/Kite Accounts 1.4.0 is out. You have 1.2.3. Checked today at/)).toBeTruthy()
    await user.click(region().getByRole('button', { name: 'What’s new' }))
    expect(await screen.findByRole('dialog', { name: 'What’s new' })).toBeTruthy()
  })

  test('says why a check failed', async () => {
    const { region, user } = await group({ failures: { checkForUpdates: aFailure('EDATA', 'The list isn’t signed.', 'Try elsewhere.') } })
    await user.click(region().getByRole('button', { name: 'Check now' }))
    expect((await region().findByRole('alert')).textContent).toMatch(/The list isn’t signed.\s*Try elsewhere./)
    expect(region().getByRole('button', { name: 'Check now' })).toBeTruthy()
  })

  test('is busy meanwhile', async () => {
    const { region, user } = await group({ hanging: ['checkForUpdates'] })
    await user.click(region().getByRole('button', { name: 'Check now' }))
    expect((region().getByRole('button', { name: 'Checking…' }) as HTMLButtonElement).disabled).toBe(true)
  })

  test('of a build without a key offers nothing', async () => {
    const { region } = await group({ updates: { barrier: 'noKey' } })
    expect(region().getByText('This build doesn’t check for new versions.')).toBeTruthy()
    expect(region().queryByRole('checkbox')).toBeNull()
    expect(region().queryByRole('button')).toBeNull()
  })

  test('isn’t there where a package manager updates', async () => {
    const { dialog } = await group({ updates: { barrier: 'package' } })
    await dialog.findByRole('region', { name: 'History' })
    expect(dialog.queryByRole('region', { name: 'Updates' })).toBeNull()
  })
})

describe('About', () => {
  async function about(setup: MockSetup = {}) {
    const mounted = await mountApp({ accounts: family(), ...setup })
    mounted.app.dialogs.about()
    const dialog = within(await screen.findByRole('dialog', { name: 'Kite Accounts' }))
    await dialog.findByText(/Version/)
    return { ...mounted, dialog }
  }

  test('tells versions and how it was installed, and copies that', async () => {
    const installed = 'Installed as a Debian package: your package manager updates it.'
    const { dialog, user, called } = await about({ about: { version: '1.2.3+4.gabcdef0', commit: 'abcdef0', installed } })
    expect(dialog.getByText('Version 1.2.3+4.gabcdef0, commit abcdef0')).toBeTruthy()
    expect(dialog.getByText(installed)).toBeTruthy()
    expect(dialog.getByText('WebKitGTK').nextElementSibling?.textContent).toBe('2.50.4')
    await user.click(dialog.getByRole('button', { name: 'Copy details' }))
    const text = String(called('copyText')[0]?.[0])
    expect(text).toContain('Kite Accounts 1.2.3+4.gabcdef0\n')
    expect(text).not.toContain('/home/')
    expect(await screen.findByText('Details copied.')).toBeTruthy()
  })

  test('opens the licences of others’ parts, where they are', async () => {
    const { dialog, user } = await about({ failures: { openLicences: aFailure('EINTERNAL', 'Not opened.') } })
    await user.click(dialog.getByRole('button', { name: 'Third-party licences' }))
    expect(await screen.findByText('Not opened.')).toBeTruthy()
  })

  test('has no button for licences that are nowhere', async () => {
    const { dialog } = await about({ about: { licences: false } })
    expect(dialog.queryByRole('button', { name: 'Third-party licences' })).toBeNull()
  })
})
