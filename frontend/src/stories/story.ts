import type { MockSetup } from '../lib/backend/mock'
import { morning } from '../lib/testing/fixtures'
import type { AppState } from '../lib/state/app'

/** One view in one state, from canned data. */
export interface Story {
  id: string
  setup: MockSetup
  /** Brings the page into the state once it has loaded. */
  act?: (app: AppState) => Promise<void> | void
}

export function story(id: string, setup: MockSetup, act?: Story['act']): Story {
  return { id, setup: { now: morning, ...setup }, act }
}

/** Waits for a button of that name, in the open dialog if there is one, and presses it. */
export async function press(name: string): Promise<void> {
  const button = await until(() =>
    [...scope().querySelectorAll<HTMLElement>('button, [role="tab"], summary')].find(
      (b) => b.getAttribute('aria-label') === name || b.textContent?.trim() === name,
    ),
  )
  button.click()
}

/** Waits for the control with that id and types into it. */
export async function type(id: string, text: string): Promise<void> {
  const input = await until(() => document.getElementById(id) as HTMLInputElement | null)
  input.focus()
  input.value = text
  input.dispatchEvent(new Event('input', { bubbles: true }))
}

/** Waits for a dialog. */
export async function opened(): Promise<void> {
  await until(() => document.querySelector('.dialog'))
}

// The topmost dialog, else the page.
function scope(): ParentNode {
  return [...document.querySelectorAll('.dialog')].at(-1) ?? document
}

async function until<T>(find: () => T | null | undefined): Promise<T> {
  for (let i = 0; i < 1000; i++) {
    const found = find()
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('story: not found')
}
