// What a judgement concludes before it is put into words, and the tables from causes to links and parties.
import type { Cause, Confidence, Diagnosis, Link, Party, Role } from '../model/diagnosis.ts'
import type { Ending } from './answer.ts'
import type { Match } from './match.ts'

/** What one judgement may look at: the bytes of one answer, and how and when they came. */
export interface ResponseInput {
  /** Everything the peer sent, from its first byte; empty when nothing came. */
  raw: Uint8Array
  ended: Ending
  /** Milliseconds from the request's last byte to the answer's first, and to its end; null or absent: not known. */
  firstByteMs?: number | null
  elapsedMs?: number | null
  requestMethod: string
  /** The request went to the visitor's own proxy. */
  forwardProxy?: boolean
  /** The scheme of the request; absent: not known. */
  scheme?: 'http' | 'https'
  /** The request asked for a protocol upgrade. */
  upgradeAsked?: boolean
  /** The head came over HTTP/2 and was written out: reason phrase, case and order of the fields tell nothing. */
  overHttp2?: boolean
  /** Id of the observation these bytes belong to; reasons name it. */
  observation?: string
}

export interface Verdict {
  /** Likeliest first, never empty. */
  causes: readonly Cause[]
  /** What was concluded, sentences, the weightiest first. */
  says: string[]
  link?: Link
  party?: Party
  confidence?: Confidence
  effect?: Diagnosis['effect']
  operator: string[]
  visitor: string[]
  /** Who wrote what came. */
  author: Match | null
}

/** From here on a wait is long enough to be a time-out: shorter ones nobody configures. */
export const SLOW_MS = 900

/** How long the other side let us wait: until the first byte, or until the end when none came. Null: not known. */
export function waitedMs(input: ResponseInput): number | null {
  return input.firstByteMs ?? (input.raw.length === 0 ? (input.elapsedMs ?? null) : (input.elapsedMs ?? null))
}

/** True when it took as long as time-outs take, false when it came at once, null when nothing is known. */
export function isSlow(input: ResponseInput): boolean | null {
  const waited = waitedMs(input)
  return waited === null ? null : waited >= SLOW_MS
}

/** True when the end came long after the beginning. */
export function stalled(input: ResponseInput): boolean | null {
  if (input.ended === 'timeout') return true
  if (input.elapsedMs === undefined || input.elapsedMs === null) return null
  return input.elapsedMs >= SLOW_MS
}

/**
 * True when a wait is a whole number of seconds, give or take: time-outs are configured in round numbers. The slack
 * covers a second-grained timer's coarseness only up to 80 ms or 1.5 %, whichever is more.
 */
export function isRoundWait(ms: number): boolean {
  if (ms < SLOW_MS) return false
  const off = ms % 1000
  const slack = Math.max(80, ms * 0.015)
  return off <= slack
}

/** The link a cause points at, seen from a hop with this role. */
export function linkOf(cause: Cause, role: Role): Link {
  const own: Link =
    role === 'cdn' ? 'cdn' : role === 'proxy' ? 'proxy' : role === 'application' ? 'origin' : 'gateway'
  switch (cause) {
    case 'http_request_error':
      return 'you'
    case 'http_request_denied':
    case 'proxy_auth_required':
    case 'proxy_internal_error':
    case 'proxy_internal_response':
    case 'proxy_configuration_error':
    case 'proxy_loop_detected':
    case 'destination_not_found':
    case 'destination_ip_prohibited':
      return own
    case 'upstream_error_passed_through':
      return 'origin'
    case 'captive_portal':
      return 'network'
    case 'placeholder_page':
    case 'parked_domain':
    case 'error_page_in_success':
    case 'empty_success':
      return 'content'
    default:
      return 'upstream'
  }
}

/** Who must act on a cause, when the hop that reports it is run by `operator`. */
export function partyOf(cause: Cause, operator: Party, forward: boolean): Party {
  switch (cause) {
    case 'http_request_error':
    case 'proxy_auth_required':
      return 'visitor'
    case 'http_request_denied':
    case 'proxy_internal_error':
    case 'proxy_internal_response':
    case 'proxy_configuration_error':
    case 'proxy_loop_detected':
    case 'destination_not_found':
    case 'destination_ip_prohibited':
      return forward && operator === 'gateway_operator' ? 'access_provider' : operator
    case 'dns_error':
    case 'dns_timeout':
      return forward ? 'dns_operator' : 'gateway_operator'
    case 'captive_portal':
      return 'visitor'
    default:
      return 'site_operator'
  }
}

const CAUSE_WORDS: Partial<Record<Cause, string>> = {
  dns_timeout: 'its name did not resolve in time',
  dns_error: 'its name does not resolve',
  destination_not_found: 'nothing is configured for this host or path',
  destination_unavailable: 'it cannot be reached (refused, unreachable or counted dead)',
  destination_ip_prohibited: 'its address is forbidden',
  destination_ip_unroutable: 'there is no route to it',
  connection_refused: 'it refused the connection',
  connection_terminated: 'it closed or reset the connection before a whole answer',
  connection_timeout: 'it did not accept the connection in time',
  connection_read_timeout: 'it stopped sending',
  connection_write_timeout: 'it stopped taking the request',
  connection_limit_reached: 'all its connections are in use',
  tls_protocol_error: 'TLS with it failed',
  tls_certificate_error: 'its certificate does not verify',
  tls_alert_received: 'it refused the TLS handshake',
  http_request_error: 'the request was refused as it came',
  http_request_denied: 'a rule denies the request',
  http_response_incomplete: 'its answer is cut off',
  http_response_header_section_size: 'the header of its answer is too large',
  http_response_header_size: 'a field of its answer is too large',
  http_response_body_size: 'its answer is too large',
  http_response_transfer_coding: 'the chunked coding of its answer is broken',
  http_response_content_coding: 'the compression of its answer is broken',
  http_response_timeout: 'it did not answer in time',
  http_upgrade_failed: 'it switched protocols unasked or refused to',
  http_protocol_error: 'what it sent is no valid HTTP',
  proxy_internal_response: 'the hop answered by itself',
  proxy_internal_error: 'the hop itself failed',
  proxy_configuration_error: 'the hop is configured wrongly',
  proxy_loop_detected: 'the request runs in a circle',
  proxy_auth_required: 'the proxy wants a login',
  upstream_error_passed_through: 'the application itself reports this error',
  upstream_unspecified: 'the gateway does not say what failed',
  error_page_in_success: 'an error page came with a good status',
  empty_success: 'nothing came where content belongs',
  not_http_wrapped: 'something that is no HTTP was wrapped into a good answer',
  stale_served: 'a stored copy was served because the origin is gone',
  placeholder_page: 'the server shows its placeholder, not a site',
  parked_domain: 'the domain is parked',
  access_blocked: 'a block page was shown',
  captive_portal: 'the network wants a login first',
  closed_without_answer: 'the connection was closed without an answer',
  reset_without_answer: 'the connection was reset without an answer',
  answer_timed_out: 'no answer came in time',
}

/** A cause as a clause about "it", the hop it happened to. */
export function wordsOf(cause: Cause): string {
  return CAUSE_WORDS[cause] ?? cause.replaceAll('_', ' ')
}
