import { toFailure } from '../backend/failure'

export interface Toast {
  id: number
  kind: 'done' | 'failed'
  message: string
  hint: string
}

/** Confirmations leave after a few seconds; failures stay until dismissed. */
export class ToastState {
  list: Toast[] = $state([])
  #next = 1
  #stay: number

  constructor(stayMs = 4000) {
    this.#stay = stayMs
  }

  done(message: string): void {
    const id = this.#add({ kind: 'done', message, hint: '' })
    setTimeout(() => this.dismiss(id), this.#stay)
  }

  /** Shows a failure; one that the user brought about by cancelling is none. */
  failed(cause: unknown): void {
    const { code, message, hint } = toFailure(cause)
    if (code === 'ECANCELED') return
    const again = this.list.find((t) => t.kind === 'failed' && t.message === message)
    if (again) this.dismiss(again.id)
    this.#add({ kind: 'failed', message, hint })
  }

  dismiss(id: number): void {
    this.list = this.list.filter((t) => t.id !== id)
  }

  #add(toast: Omit<Toast, 'id'>): number {
    const id = this.#next++
    this.list.push({ id, ...toast })
    return id
  }
}
