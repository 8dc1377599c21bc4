import type { Backend, Desktop } from '../backend/backend'
import { workingDesktop } from '../backend/defaults'
import { desktopChanged } from '../backend/events'
import type { ToastState } from './toasts.svelte'

/** What works of the desktop around the window. */
export class DesktopState {
  /** Until the program has told, nothing is said to be broken. */
  current: Desktop = $state.raw(workingDesktop)
  loaded = $state(false)

  constructor(
    private backend: Backend,
    private toasts: ToastState,
  ) {}

  /** Follows events until the returned function is called. */
  follow(): () => void {
    return this.backend.on(desktopChanged, () => void this.#run(async () => {}))
  }

  async fetch(): Promise<void> {
    this.current = await this.backend.desktop()
    this.loaded = true
  }

  setAutostart(on: boolean): Promise<void> {
    return this.#run(() => this.backend.setAutostart(on))
  }

  /** Answers the offer to start with the computer. */
  answerAutostart(yes: boolean): Promise<void> {
    this.current = { ...this.current, offerAutostart: false }
    return this.#run(() => this.backend.answerAutostart(yes))
  }

  quit(): Promise<void> {
    return this.#run(() => this.backend.quit())
  }

  // Whatever came of it: what the program tells then is what is shown.
  async #run(action: () => Promise<void>): Promise<void> {
    try {
      await action()
    } catch (cause) {
      this.toasts.failed(cause)
    }
    await this.fetch().catch((cause) => this.toasts.failed(cause))
  }
}
