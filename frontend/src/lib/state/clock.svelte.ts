import type { Backend } from '../backend/backend'
import { clockChanged } from '../backend/events'
import { fixedZone, userZone, type Zone } from '../format/time'

/**
 * The program's clock in the page. It counts on from Backend.clock() by the
 * monotonic clock, so a system clock set by hand doesn't move it before the
 * program says so (clock:changed). One ticker serves every countdown.
 */
export class ClockState {
  /** Milliseconds since 1970 (UTC), moving once a second. */
  now = $state(Date.now())
  zone: Zone = $state.raw(fixedZone(-new Date().getTimezoneOffset()))
  inIndia = $state(false)

  #backend: Backend
  #anchor = { now: Date.now(), at: performance.now() }
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(backend: Backend) {
    this.#backend = backend
  }

  /** Fetches the time and follows it until the returned function is called. */
  start(): () => void {
    const off = this.#backend.on(clockChanged, () => void this.fetch())
    const onShow = () => document.visibilityState === 'visible' && void this.fetch()
    document.addEventListener('visibilitychange', onShow)
    this.#tick()
    return () => {
      off()
      document.removeEventListener('visibilitychange', onShow)
      clearTimeout(this.#timer)
    }
  }

  async fetch(): Promise<void> {
    const clock = await this.#backend.clock()
    this.#anchor = { now: clock.now, at: performance.now() }
    this.zone = userZone(clock.now, clock.offsetMinutes)
    this.inIndia = clock.inIndia
    this.now = clock.now
  }

  // Ticks just after each full second of the program's clock.
  #tick = () => {
    const now = this.#anchor.now + performance.now() - this.#anchor.at
    this.now = Math.floor(now)
    this.#timer = setTimeout(this.#tick, 1000 - (now % 1000) + 5)
  }
}
