import type { Account } from '../backend/backend'

export type FormMode = 'add' | 'edit' | 'duplicate'
export type ManageTab = 'overview' | 'credentials' | 'test'

export type Dialog =
  | { kind: 'form'; mode: FormMode; account: Account | null; field: string }
  | { kind: 'delete'; accountId: string }
  | { kind: 'manage'; accountId: string; tab: ManageTab }
  | { kind: 'paste'; accountId: string }
  | { kind: 'about' }
  | { kind: 'whatsNew' }
  | { kind: 'preferences' }
  | { kind: 'history'; accountId: string } // '' = of all accounts
  | null

export interface Question {
  title: string
  message: string
  hint?: string
  confirm: string
  cancel?: string
  danger?: boolean
}

/** Which dialog is open, and the questions on top of it. */
export class DialogState {
  current: Dialog = $state.raw(null)
  question: Question | null = $state.raw(null)
  /** The window is being closed and the user is asked what happens then. */
  closing = $state(false)
  #answer: ((yes: boolean) => void) | null = null

  /** Opens the account form; field, if given, gets the focus. */
  form(mode: FormMode, account: Account | null = null, field = ''): void {
    this.current = { kind: 'form', mode, account, field }
  }

  delete(accountId: string): void {
    this.current = { kind: 'delete', accountId }
  }

  manage(accountId: string, tab: ManageTab = 'overview'): void {
    this.current = { kind: 'manage', accountId, tab }
  }

  paste(accountId: string): void {
    this.current = { kind: 'paste', accountId }
  }

  about(): void {
    this.current = { kind: 'about' }
  }

  /** Tells what newer versions bring. */
  whatsNew(): void {
    this.current = { kind: 'whatsNew' }
  }

  preferences(): void {
    this.current = { kind: 'preferences' }
  }

  /** Opens the history of one account, or of all for ''. */
  history(accountId = ''): void {
    this.current = { kind: 'history', accountId }
  }

  close(): void {
    this.current = null
  }

  /** Asks on top of whatever is open. Resolves false when dismissed. */
  ask(question: Question): Promise<boolean> {
    this.answer(false)
    this.question = question
    return new Promise((resolve) => (this.#answer = resolve))
  }

  answer(yes: boolean): void {
    this.question = null
    this.#answer?.(yes)
    this.#answer = null
  }
}
