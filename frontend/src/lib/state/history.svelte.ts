import type { Backend } from '../backend/backend'
import type { ToastState } from './toasts.svelte'

/** The history as its dialog shows it. */
export class HistoryState {
  constructor(
    readonly backend: Backend,
    readonly toasts: ToastState,
  ) {}

  /** Follows events until the returned function is called. */
  follow(): () => void {
    return () => {}
  }
}
