import type { Backend, DayPicture } from '../backend/backend'
import type { ClockState } from './clock.svelte'

/** The picture of the day. */
export class DayState {
  picture: DayPicture | null = $state.raw(null)

  constructor(
    private backend: Backend,
    readonly clock: ClockState,
  ) {}

  /** Follows events until the returned function is called. */
  follow(): () => void {
    return () => {}
  }

  async fetch(): Promise<void> {
    this.picture = await this.backend.dayPicture()
  }
}
