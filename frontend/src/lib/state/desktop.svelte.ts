import type { Backend, Desktop } from '../backend/backend'
import { workingDesktop } from '../backend/defaults'
import { desktopChanged } from '../backend/events'
import { bannersOf, type Banner } from '../format/desktop'
import type { ToastState } from './toasts.svelte'

/** What works of the desktop around the window. */
export class DesktopState {
  /** Until the program has told, nothing is said to be broken. */
  current: Desktop = $state.raw(workingDesktop)
  loaded = $state(false)
  /** What can't be done now and the user hasn't put aside. */
  banners: Banner[] = $derived.by(() => bannersOf(this.current).filter((b) => !this.#putAside.some((old) => covers(old, b))))

  #putAside: Banner[] = $state.raw([])

  constructor(
    private backend: Backend,
    private toasts: ToastState,
  ) {}

  /** Follows events until the returned function is called. */
  follow(): () => void {
    return this.backend.on(desktopChanged, () => void this.refresh())
  }

  /** Fetches; never rejects. */
  refresh(): Promise<void> {
    return this.#run(async () => {})
  }

  async fetch(): Promise<void> {
    this.current = await this.backend.desktop()
    this.loaded = true
    // What no longer holds is news when it comes again.
    this.#putAside = this.#putAside.map((b) => ({ ...b, untold: b.untold.filter((title) => this.current.untold.includes(title)) }))
  }

  setAutostart(on: boolean): Promise<void> {
    return this.#run(() => this.backend.setAutostart(on))
  }

  /** Answers the offer to start with the computer. */
  answerAutostart(yes: boolean): Promise<void> {
    this.current = { ...this.current, offerAutostart: false }
    return this.#run(() => this.backend.answerAutostart(yes))
  }

  /** Puts a banner aside until the window opens anew, something else is wrong or there is more to tell. */
  putAside(banner: Banner): void {
    this.#putAside = [...this.#putAside, banner]
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

function covers(old: Banner, { id, message, hint, untold }: Banner): boolean {
  return old.id === id && old.message === message && old.hint === hint && untold.every((title) => old.untold.includes(title))
}
