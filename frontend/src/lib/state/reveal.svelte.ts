import type { Backend, SecretField } from '../backend/backend'

/**
 * One secret in clear at a time. It is forgotten after 30 seconds, when the
 * window loses the focus or is hidden, and when stop is called.
 */
export class RevealState {
  field: SecretField | null = $state(null)
  value = $state('')

  #asked = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    private backend: Backend,
    private stayMs = 30_000,
  ) {}

  start(): () => void {
    const hide = () => this.hide()
    const onVisibility = () => document.visibilityState === 'hidden' && this.hide()
    window.addEventListener('blur', hide)
    document.addEventListener('visibilitychange', onVisibility)
    return () => {
      window.removeEventListener('blur', hide)
      document.removeEventListener('visibilitychange', onVisibility)
      this.hide()
    }
  }

  async show(accountId: string, field: SecretField): Promise<void> {
    this.hide()
    const asked = this.#asked
    const value = await this.backend.reveal(accountId, field)
    if (asked !== this.#asked) return
    this.field = field
    this.value = value
    this.#timer = setTimeout(() => this.hide(), this.stayMs)
  }

  hide(): void {
    this.#asked++
    clearTimeout(this.#timer)
    this.field = null
    this.value = ''
  }
}
