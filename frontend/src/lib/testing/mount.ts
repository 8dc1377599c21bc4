import { render } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { vi } from 'vitest'
import { mockBackend, type MockSetup } from '../backend/mock'
import { AppState } from '../state/app'
import App from '../../views/App.svelte'
import { morning } from './fixtures'

/** Mounts the whole page on a mock and waits until it has fetched. */
export async function mountApp(setup: MockSetup = {}) {
  const backend = mockBackend({ now: morning, ...setup })
  const app = new AppState(backend)
  const view = render(App, { app })
  await vi.waitFor(() => {
    if (!app.accounts.loaded && !app.accounts.failure && !app.vault.problem) throw new Error('not yet')
  })
  await vi.waitFor(() => {
    if (!document.querySelector('h1')) throw new Error('not yet')
  })
  const called = (method: string) => backend.calls.filter((c) => c.method === method).map((c) => c.args)
  return { app, backend, view, called, user: userEvent.setup() }
}
