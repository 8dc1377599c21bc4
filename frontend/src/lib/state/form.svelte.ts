import type { Account, AccountInput, Backend, Failure, FieldErrors } from '../backend/backend'
import { toFailure } from '../backend/failure'
import type { FormMode } from './dialogs.svelte'

type Field = keyof AccountInput
type SecretName = 'password' | 'apiSecret'

/** A secret in the form: what is stored is never here, only what replaces it. */
export class SecretEntry {
  stored = $state(false)
  change: 'keep' | 'replace' | 'clear' = $state('keep')
  value = $state('')
}

/** The callback URL offered for a new account (RFC 8252, section 7.3). */
export const defaultCallbackUrl = 'http://127.0.0.1:51730/kite/callback'
const untilCutoff = 24

/**
 * The account form: what is typed, what is wrong with it, and saving it.
 * Validation is the program's; answers to what has changed since are dropped.
 * Nothing typed is lost when saving fails.
 */
export class FormState {
  input: Omit<AccountInput, SecretName | 'sessionLifetimeHours' | 'allowedHosts'> = $state({
    accountName: '', clientId: '', phoneNumber: '', apiKey: '', accountType: 'live',
    callbackUrl: defaultCallbackUrl, postbackUrl: '', loginUrl: '', apiRoot: '', slug: '', loginWay: 'window',
  })
  lifetime = $state(String(untilCutoff))
  hosts = $state('')
  readonly secrets: Record<SecretName, SecretEntry> = { password: new SecretEntry(), apiSecret: new SecretEntry() }

  busy = $state(false)
  failure: Failure | null = $state.raw(null)

  readonly accountId: string
  #backend: Backend
  #delay: number
  #errors: FieldErrors = $state.raw({})
  #touched: Partial<Record<Field, boolean>> = $state({})
  #initial: string
  #asked = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(backend: Backend, mode: FormMode, account: Account | null, delayMs = 300) {
    this.#backend = backend
    this.#delay = delayMs
    this.accountId = mode === 'edit' && account ? account.accountId : ''
    if (account) this.#fill(account, mode)
    this.#initial = JSON.stringify(this.value())
  }

  get dirty(): boolean {
    return JSON.stringify(this.value()) !== this.#initial
  }

  /** What is wrong with a field, once the user has been there. */
  error(field: Field): string {
    return (this.#touched[field] && this.#errors[field]) || ''
  }

  /** The first field with a message, in the form's order. */
  firstWrong(): Field | null {
    return order.find((field) => this.error(field)) ?? null
  }

  /** What the program gets. */
  value(): AccountInput {
    const live = this.input.accountType === 'live'
    return {
      ...this.input,
      slug: this.input.slug.trim(),
      loginUrl: live ? '' : this.input.loginUrl.trim(),
      apiRoot: live ? '' : this.input.apiRoot.trim(),
      sessionLifetimeHours: live ? untilCutoff : Number(this.lifetime.replace(',', '.')) || 0,
      allowedHosts: this.hosts.toLowerCase().split(/[\s,]+/).filter(Boolean),
      password: secretValue(this.secrets.password),
      apiSecret: secretValue(this.secrets.apiSecret),
    }
  }

  /** Something was typed: validate once typing pauses. */
  changed(field: Field): void {
    this.#touched[field] = true
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.validate(), this.#delay)
  }

  /** Asks the program what is wrong; true if nothing is. */
  async validate(): Promise<boolean> {
    clearTimeout(this.#timer)
    const asked = ++this.#asked
    try {
      const errors = await this.#backend.validateAccount(this.accountId, this.value())
      if (asked === this.#asked) this.#errors = errors ?? {}
    } catch (cause) {
      if (asked === this.#asked) this.failure = toFailure(cause)
      return false
    }
    return Object.keys(this.#errors).length === 0
  }

  /**
   * Saves; null if it didn't, with the reason beside the field or in failure.
   * confirm is asked when a living session would end.
   */
  async save(confirm: (failure: Failure) => Promise<boolean>): Promise<Account | null> {
    this.busy = true
    this.failure = null
    for (const field of order) this.#touched[field] = true
    try {
      if (!(await this.validate())) return null
      return await this.#send(confirm)
    } catch (cause) {
      this.#refused(toFailure(cause))
      return null
    } finally {
      this.busy = false
    }
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#asked++
  }

  async #send(confirm: (failure: Failure) => Promise<boolean>): Promise<Account | null> {
    if (!this.accountId) return this.#backend.createAccount(this.value())
    try {
      return await this.#backend.updateAccount(this.accountId, this.value(), false)
    } catch (cause) {
      const failure = toFailure(cause)
      if (failure.code !== 'ECONFIRM') throw cause
      return (await confirm(failure)) ? this.#backend.updateAccount(this.accountId, this.value(), true) : null
    }
  }

  #refused(failure: Failure): void {
    const field = order.find((f) => f === failure.field)
    if (field) this.#errors = { ...this.#errors, [field]: failure.message }
    else this.failure = failure
  }

  #fill(account: Account, mode: FormMode): void {
    const copy = mode === 'duplicate'
    this.input = {
      accountName: copy ? copyName(account.accountName) : account.accountName,
      clientId: copy ? '' : account.clientId,
      phoneNumber: account.phoneNumber, apiKey: account.apiKey, accountType: account.accountType,
      callbackUrl: account.callbackUrl, postbackUrl: account.postbackUrl,
      loginUrl: account.loginUrl, apiRoot: account.apiRoot,
      slug: copy ? '' : account.slug, loginWay: account.loginWay,
    }
    this.lifetime = String(account.sessionLifetimeHours)
    this.hosts = account.allowedHosts.join('\n')
    this.secrets.password.stored = !copy && account.hasPassword
    this.secrets.apiSecret.stored = !copy && account.hasApiSecret
  }
}

/** Says whether the system browser's answer can come back to that callback URL. */
export function listensHere(callbackUrl: string): boolean {
  return /^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):[0-9]+(\/|\?|#|$)/i.test(callbackUrl.trim())
}

const order: Field[] = [
  'accountName', 'accountType', 'clientId', 'phoneNumber', 'apiKey', 'apiSecret', 'callbackUrl', 'loginWay', 'password', 'slug',
  'postbackUrl', 'sessionLifetimeHours', 'loginUrl', 'apiRoot', 'allowedHosts',
]

// null leaves what is stored, '' clears it.
function secretValue({ stored, change, value }: SecretEntry): string | null {
  if (change === 'clear') return stored ? '' : null
  return value === '' ? null : value
}

function copyName(name: string): string {
  return `${Array.from(name).slice(0, 75).join('')} copy`
}
