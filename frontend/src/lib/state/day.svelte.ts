import type { Backend, DayPicture } from '../backend/backend'
import { accountChanged, clockChanged, preferencesChanged, sessionChanged } from '../backend/events'
import type { ClockState } from './clock.svelte'

/** A window less high than this starts with the picture folded: the list comes first. */
const roomForPicture = 740

/**
 * The picture of the day: fetched again whenever something in it may have
 * changed, and when its cut-off has passed.
 */
export class DayState {
  picture: DayPicture | null = $state.raw(null)
  /** Whether the timeline is unfolded; as long as the window lives. */
  open = $state(window.innerHeight >= roomForPicture)

  // Minutes since the picture's end; -1 before. Where the program still tells
  // of the old day, it is asked again every minute.
  #over = $derived.by(() => {
    const over = this.clock.now - (this.picture?.to ?? Infinity)
    return over >= 0 ? Math.floor(over / 60_000) : -1
  })
  #running: Promise<void> | null = null
  #again = false

  constructor(
    private backend: Backend,
    readonly clock: ClockState,
  ) {}

  /** Follows events until the returned function is called. */
  follow(): () => void {
    // An older picture is better than none: what fails here is tried again by the next event.
    const refetch = () => void this.fetch().catch(() => {})
    const events = [accountChanged, sessionChanged, preferencesChanged, clockChanged]
    const offs = events.map((event) => this.backend.on(event, refetch))
    offs.push($effect.root(() => {
      $effect(() => {
        if (this.#over >= 0) refetch()
      })
    }))
    return () => offs.forEach((off) => off())
  }

  /** Fetches; asked for while that runs, it does so once more. */
  fetch(): Promise<void> {
    this.#again = true
    this.#running ??= this.#drain()
    return this.#running
  }

  // Running ends in the same step as the last look at again: a fetch asked for
  // in between would be lost.
  async #drain(): Promise<void> {
    try {
      while (this.#again) {
        this.#again = false
        this.picture = await this.backend.dayPicture()
      }
    } finally {
      this.#running = null
    }
  }
}
