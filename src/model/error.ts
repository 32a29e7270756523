// The caller's mistakes: the only thing that is thrown on purpose. What we measure failing is data.

/** What the caller did wrong, and how each kind ends on a command line and in HTTP. */
export const ERROR_KINDS = {
  usage: { exit: 3, status: 400 },
  not_found: { exit: 3, status: 404 },
  unreadable: { exit: 3, status: 422 },
} as const

export type ErrorKind = keyof typeof ERROR_KINDS

/** A mistake of the caller's, in one sentence; `hint` is the remedy. Shown without a stack trace. */
export class WhydownError extends Error {
  readonly kind: ErrorKind
  readonly hint: string | undefined

  constructor(kind: ErrorKind, message: string, more: { hint?: string; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause })
    this.name = 'WhydownError'
    this.kind = kind
    this.hint = more.hint
  }
}
