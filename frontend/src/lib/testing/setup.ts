import { cleanup, configure } from '@testing-library/svelte'
import { afterEach, vi } from 'vitest'

afterEach(() => cleanup())

// On a loaded machine what is waited for takes longer than the second that both
// libraries give it.
const patience = 30_000
configure({ asyncUtilTimeout: patience })
const waitFor = vi.waitFor
vi.waitFor = (callback, options) => waitFor(callback, { timeout: patience, ...(typeof options === 'number' ? { timeout: options } : options) })

// What jsdom lacks and bits-ui asks for.
class Observer {
  observe() {}
  unobserve() {}
  disconnect() {}
}
globalThis.ResizeObserver ??= Observer as unknown as typeof ResizeObserver
globalThis.IntersectionObserver ??= Observer as unknown as typeof IntersectionObserver
Element.prototype.scrollIntoView ??= () => {}
Element.prototype.hasPointerCapture ??= () => false
Element.prototype.getAnimations ??= () => []
