import type { Failure } from './backend'

const unknown: Failure = {
  code: 'EINTERNAL',
  message: 'Something went wrong inside Kite Accounts.',
  hint: 'Try again. The log has the details.',
  field: '',
}

/**
 * Makes any rejection a Failure. Whatever isn't one becomes EINTERNAL with a
 * sentence that tells nothing: its text could hold what the user typed.
 */
export function toFailure(cause: unknown): Failure {
  if (typeof cause === 'string') return fromText(cause)
  if (cause instanceof Error) return fromText(cause.message)
  if (!isRecord(cause)) return { ...unknown }
  const { code, message, hint, field } = cause
  if (typeof code !== 'string' || typeof message !== 'string' || !code || !message) return { ...unknown }
  return { code, message, hint: text(hint), field: text(field) }
}

/** True if the cause carries that code. */
export function hasCode(cause: unknown, code: string): boolean {
  return toFailure(cause).code === code
}

// Wails hands over an Error whose message is the failure as JSON text.
function fromText(cause: string): Failure {
  try {
    const parsed: unknown = JSON.parse(cause)
    return isRecord(parsed) ? toFailure(parsed) : { ...unknown }
  } catch {
    return { ...unknown }
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
