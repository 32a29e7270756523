// errno to failure code, by the phase that was open. The one table of its kind.
import { type Failure, type FailureCode, failure } from '../model/failure.ts'
import type { Phase } from '../model/phase.ts'
import type { StopReason } from '../util/deadline.ts'

/** Our own machine refuses or is out of something: never the site's fault. */
const LOCAL_LIMITS = new Set([
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'ENOBUFS',
  'EADDRNOTAVAIL',
  'EADDRINUSE',
  'EAGAIN',
  'EACCES',
  'EPERM',
])

const CONNECT_CODES: Record<string, FailureCode> = {
  ECONNREFUSED: 'connect_refused',
  ETIMEDOUT: 'connect_timed_out',
  EHOSTUNREACH: 'host_unreachable',
  EHOSTDOWN: 'host_unreachable',
  ENETUNREACH: 'network_unreachable',
  ENETDOWN: 'network_unreachable',
  EAFNOSUPPORT: 'network_unreachable',
  ECONNRESET: 'connect_reset',
  ECONNABORTED: 'connect_reset',
  EPIPE: 'connect_reset',
  EINVAL: 'address_unusable',
}

const RESET_CODES: Partial<Record<Phase, FailureCode>> = {
  connect: 'connect_reset',
  tls: 'tls_reset',
  send: 'send_reset',
  wait: 'reset_without_answer',
  receive: 'body_reset',
}

const TIMEOUT_CODES: Partial<Record<Phase, FailureCode>> = {
  resolve: 'dns_timed_out',
  connect: 'connect_timed_out',
  tls: 'tls_timed_out',
  send: 'send_timed_out',
  wait: 'answer_timed_out',
  receive: 'receive_timed_out',
}

const RESET_ERRNOS = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ENOTCONN', 'ESHUTDOWN'])

/** An error of a socket in a phase as a failure; what is in no table is `internal_error`, because we guess nothing. */
export function socketFailure(error: unknown, phase: Phase): Failure {
  const { code, message } = error as NodeJS.ErrnoException
  const errno = code ?? ''
  const raw = errno && !message?.includes(errno) ? `${errno}: ${message}` : (message ?? String(error))
  if (LOCAL_LIMITS.has(errno)) return failure('local_limit', raw, { phase })
  if (phase === 'connect' && CONNECT_CODES[errno]) return failure(CONNECT_CODES[errno], raw, { phase })
  const reset = RESET_CODES[phase]
  if (reset && RESET_ERRNOS.has(errno)) return failure(reset, raw, { phase })
  const timedOut = TIMEOUT_CODES[phase]
  if (timedOut && errno === 'ETIMEDOUT') return failure(timedOut, raw, { phase })
  // After the connection stands, the route can still vanish; the exchange is then cut just like by a reset.
  if (reset && CONNECT_CODES[errno]) return failure(reset, raw, { phase })
  return failure('internal_error', raw, { phase })
}

/** The failure of a phase that was stopped: its time is over, somebody cancelled, or our loop was late. */
export function stopFailure(reason: StopReason, phase: Phase, afterMs: number): Failure {
  const spent = `after ${Math.round(afterMs)} ms`
  switch (reason) {
    case 'cancelled':
      return failure('cancelled', `cancelled ${spent}`, { phase })
    case 'loop_late':
      return failure('local_limit', `our own event loop was late, ${spent}`, { phase })
    case 'timed_out':
      return failure(TIMEOUT_CODES[phase] ?? 'internal_error', `no result ${spent}`, { phase })
    default:
      return reason satisfies never
  }
}
