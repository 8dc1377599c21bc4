import { screen, waitFor, within } from '@testing-library/svelte'
import { expect, test, vi } from 'vitest'
import { aFailure, anAccount } from '../../lib/testing/fixtures'
import { mountApp } from '../../lib/testing/mount'

const dialog = () => within(screen.getByRole('dialog'))
const field = (name: string) => dialog().getByLabelText<HTMLInputElement>(name)

async function adding(setup: Parameters<typeof mountApp>[0] = {}) {
  const mounted = await mountApp(setup)
  await mounted.user.click(screen.getByRole('button', { name: 'Add account' }))
  return mounted
}

test('adds an account with what was typed', async () => {
  const { user, called } = await adding()
  await user.type(field('Account name'), 'Mine')
  await user.type(field('Client ID'), 'AB1234')
  await user.type(field('API key'), 'key12345')
  await user.type(field('API secret'), 's3cret')
  await user.click(dialog().getByRole('button', { name: 'Add account' }))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(called('createAccount')[0]?.[0]).toMatchObject({ accountName: 'Mine', clientId: 'AB1234', apiSecret: 's3cret', password: null, accountType: 'live' })
  expect(screen.getByRole('heading', { name: 'Mine' })).toBeTruthy()
  expect(screen.getByText('Mine is added.')).toBeTruthy()
})

test('says beside the field what is wrong, and keeps what was typed', async () => {
  const { user, called } = await adding({ errors: { clientId: 'Letters and digits only.' } })
  await user.type(field('Client ID'), 'A B')
  await waitFor(() => expect(field('Client ID').getAttribute('aria-invalid')).toBe('true'))
  const described = field('Client ID').getAttribute('aria-describedby')?.split(' ') ?? []
  expect(described.map((id) => document.getElementById(id)?.textContent)).toContain('Letters and digits only.')
  await user.click(dialog().getByRole('button', { name: 'Add account' }))
  await waitFor(() => expect(document.activeElement).toBe(field('Client ID')))
  expect(field('Client ID').value).toBe('A B')
  expect(called('createAccount')).toEqual([])
})

test('the way to log in and the short name are chosen; where no answer can come back it says so', async () => {
  const account = anAccount({ slug: 'personal' })
  const { app, user, called } = await mountApp({ accounts: [account] })
  app.dialogs.form('edit', account)
  const way = await waitFor(() => dialog().getByRole('radiogroup', { name: 'Log in with' }))
  expect(within(way).getByRole<HTMLInputElement>('radio', { name: 'Login window' }).checked).toBe(true)
  await user.click(within(way).getByRole('radio', { name: 'My browser' }))
  expect(dialog().getByText(/comes back by itself/)).toBeTruthy()
  await user.clear(field('Callback URL'))
  await user.type(field('Callback URL'), 'https://example.com/kite')
  expect(dialog().getByText(/no answer can come back here/)).toBeTruthy()
  await user.click(within(way).getByRole('radio', { name: 'Paste the redirect URL' }))
  expect(dialog().queryByText(/no answer can come back here/)).toBeNull()
  await user.click(dialog().getByText('Advanced'))
  expect(field('Short name for programs').value).toBe('personal')
  await user.clear(field('Short name for programs'))
  await user.type(field('Short name for programs'), ' own ')
  await user.click(dialog().getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(called('updateAccount')[0]?.[1]).toMatchObject({ loginWay: 'paste', slug: 'own', callbackUrl: 'https://example.com/kite' }))
})

test('a stored secret isn’t in the page; it can be replaced and cleared', async () => {
  const account = anAccount({ hasPassword: true })
  const { app, user, called } = await mountApp({ accounts: [account] })
  app.dialogs.form('edit', account)
  await waitFor(() => expect(dialog().getAllByText('Stored, encrypted')).toHaveLength(2))
  expect(dialog().queryByLabelText('API secret', { selector: 'input' })).toBeNull()
  await user.click(dialog().getByRole('button', { name: 'Replace API secret' }))
  await user.type(dialog().getByLabelText('API secret', { selector: 'input' }), 'fresh')
  await user.click(dialog().getByRole('button', { name: 'Clear Password' }))
  expect(dialog().getByText('Will be cleared')).toBeTruthy()
  await user.click(dialog().getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(called('updateAccount')[0]?.[1]).toMatchObject({ apiSecret: 'fresh', password: '' }))
})

test('secret fields are passwords that nothing fills in', async () => {
  await adding()
  for (const name of ['API secret', 'Password']) {
    const input = dialog().getByLabelText<HTMLInputElement>(name, { selector: 'input' })
    expect(input.type).toBe('password')
    expect(input.autocomplete).toBe('off')
  }
})

test('closing a form with changes asks; one without doesn’t', async () => {
  const { user } = await adding()
  await user.type(field('Account name'), 'Half')
  await user.keyboard('{Escape}')
  const question = within(await screen.findByRole('alertdialog'))
  await user.click(question.getByRole('button', { name: 'Keep editing' }))
  expect(field('Account name').value).toBe('Half')
  await user.clear(field('Account name'))
  await user.click(dialog().getByRole('button', { name: 'Cancel' }))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
})

test('offers the callback URL to copy and the developer console', async () => {
  const { user, called } = await adding()
  await user.click(dialog().getByRole('button', { name: 'Copy callback URL' }))
  await user.click(dialog().getByRole('button', { name: 'Open console' }))
  expect(called('copyText')).toEqual([['http://127.0.0.1:51730/kite/callback']])
  expect(called('openLink')).toEqual([['developerConsole']])
})

test('a change that ends a session is asked about', async () => {
  const account = anAccount()
  const { app, user, called } = await mountApp({ accounts: [account], once: { updateAccount: aFailure('ECONFIRM', 'This ends it.') } })
  app.dialogs.form('edit', account)
  await waitFor(() => field('Client ID'))
  await user.clear(field('Client ID'))
  await user.type(field('Client ID'), 'ZZ9999')
  await user.click(dialog().getByRole('button', { name: 'Save' }))
  const question = within(await screen.findByRole('alertdialog'))
  expect(question.getByText('This ends it.')).toBeTruthy()
  await user.click(question.getByRole('button', { name: 'Save and end the session' }))
  await waitFor(() => expect(called('updateAccount').map((args) => args[2])).toEqual([false, true]))
})

test('lifetime and endpoints are the sandbox’s only', async () => {
  const { user } = await adding()
  expect(dialog().queryByLabelText('Session lifetime (hours)')).toBeNull()
  await user.click(dialog().getByRole('radio', { name: 'Sandbox' }))
  expect(field('Session lifetime (hours)').value).toBe('24')
  expect(dialog().getByLabelText('API root')).toBeTruthy()
})

test('deleting explains, and offline asks once more', async () => {
  const offline = aFailure('EOFFLINE', 'Its token may live until 06:00 IST.')
  const { app, user, called } = await mountApp({ accounts: [anAccount()], once: { deleteAccount: offline } })
  app.dialogs.delete('a1')
  const question = within(await screen.findByRole('alertdialog'))
  await vi.waitFor(() => expect(document.activeElement?.textContent?.trim()).toBe('Cancel'))
  await user.click(question.getByRole('button', { name: 'Delete' }))
  expect(await question.findByText(offline.message)).toBeTruthy()
  await user.click(question.getByRole('button', { name: 'Delete anyway' }))
  await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull())
  expect(called('deleteAccount')).toEqual([['a1', false], ['a1', true]])
})
