// The closed list of what can be seen failing. A code says what was seen, never who is guilty.
import type { Phase } from './phase.ts'

/**
 * Every failure code: the phase it belongs to (null: whichever was open), its number (null: none, or the
 * HTTP status decides) and whose trouble it is. `ours` means that nothing is known about the site: the
 * outcome is then `unknown`.
 */
export const FAILURE_CODES = {
  bad_url: { phase: 'url', number: '004', side: 'ours' },

  dns_name_not_found: { phase: 'resolve', number: '001', side: 'theirs' },
  dns_no_address: { phase: 'resolve', number: '001', side: 'theirs' },
  dns_server_failure: { phase: 'resolve', number: '001', side: 'theirs' },
  dns_refused: { phase: 'resolve', number: '001', side: 'theirs' },
  dns_timed_out: { phase: 'resolve', number: '001', side: 'theirs' },
  dns_malformed_answer: { phase: 'resolve', number: '001', side: 'theirs' },
  dns_alias_loop: { phase: 'resolve', number: '001', side: 'theirs' },
  dns_resolver_unreachable: { phase: 'resolve', number: '001', side: 'ours' },
  address_unusable: { phase: 'resolve', number: '005', side: 'theirs' },
  address_forbidden: { phase: 'resolve', number: null, side: 'ours' },

  connect_refused: { phase: 'connect', number: '006', side: 'theirs' },
  host_unreachable: { phase: 'connect', number: '005', side: 'theirs' },
  network_unreachable: { phase: 'connect', number: '005', side: 'theirs' },
  connect_timed_out: { phase: 'connect', number: '011', side: 'theirs' },
  connect_reset: { phase: 'connect', number: '008', side: 'theirs' },
  proxy_refused: { phase: 'connect', number: '008', side: 'ours' },
  proxy_auth_required: { phase: 'connect', number: '008', side: 'ours' },
  proxy_denied: { phase: 'connect', number: '008', side: 'ours' },
  proxy_failed: { phase: 'connect', number: '008', side: 'theirs' },

  tls_not_spoken: { phase: 'tls', number: '009', side: 'theirs' },
  tls_timed_out: { phase: 'tls', number: '009', side: 'theirs' },
  tls_reset: { phase: 'tls', number: '009', side: 'theirs' },
  tls_closed: { phase: 'tls', number: '009', side: 'theirs' },
  tls_version_unsupported: { phase: 'tls', number: '009', side: 'theirs' },
  tls_no_shared_cipher: { phase: 'tls', number: '009', side: 'theirs' },
  tls_unrecognized_name: { phase: 'tls', number: '009', side: 'theirs' },
  tls_client_certificate_required: { phase: 'tls', number: '009', side: 'theirs' },
  tls_no_application_protocol: { phase: 'tls', number: '009', side: 'theirs' },
  tls_alert: { phase: 'tls', number: '009', side: 'theirs' },
  certificate_expired: { phase: 'tls', number: '009', side: 'theirs' },
  certificate_not_yet_valid: { phase: 'tls', number: '009', side: 'theirs' },
  certificate_wrong_host: { phase: 'tls', number: '009', side: 'theirs' },
  certificate_self_signed: { phase: 'tls', number: '009', side: 'theirs' },
  certificate_untrusted: { phase: 'tls', number: '009', side: 'theirs' },
  certificate_chain_incomplete: { phase: 'tls', number: '009', side: 'theirs' },
  certificate_revoked: { phase: 'tls', number: '009', side: 'theirs' },
  certificate_weak: { phase: 'tls', number: '009', side: 'theirs' },

  send_reset: { phase: 'send', number: '008', side: 'theirs' },
  send_timed_out: { phase: 'send', number: '011', side: 'theirs' },

  closed_without_answer: { phase: 'wait', number: '002', side: 'theirs' },
  reset_without_answer: { phase: 'wait', number: '008', side: 'theirs' },
  answer_timed_out: { phase: 'wait', number: '011', side: 'theirs' },

  not_http: { phase: 'receive', number: '003', side: 'theirs' },
  http09_answer: { phase: 'receive', number: '003', side: 'theirs' },
  status_line_malformed: { phase: 'receive', number: '003', side: 'theirs' },
  status_undefined: { phase: 'receive', number: '003', side: 'theirs' },
  http_version_unsupported: { phase: 'receive', number: '003', side: 'theirs' },
  header_malformed: { phase: 'receive', number: '003', side: 'theirs' },
  header_too_large: { phase: 'receive', number: '003', side: 'theirs' },
  framing_conflict: { phase: 'receive', number: '003', side: 'theirs' },
  chunk_malformed: { phase: 'receive', number: '003', side: 'theirs' },
  header_truncated: { phase: 'receive', number: '008', side: 'theirs' },
  body_truncated: { phase: 'receive', number: '008', side: 'theirs' },
  body_reset: { phase: 'receive', number: '008', side: 'theirs' },
  receive_timed_out: { phase: 'receive', number: '007', side: 'theirs' },
  body_undecodable: { phase: 'receive', number: '003', side: 'theirs' },
  redirect_loop: { phase: 'receive', number: null, side: 'theirs' },
  redirect_limit: { phase: 'receive', number: null, side: 'theirs' },
  redirect_invalid: { phase: 'receive', number: null, side: 'theirs' },

  status_unaccepted: { phase: 'status', number: null, side: 'theirs' },

  text_missing: { phase: 'content', number: '010', side: 'theirs' },
  text_unwanted: { phase: 'content', number: '010', side: 'theirs' },
  json_mismatch: { phase: 'content', number: '010', side: 'theirs' },
  body_too_large: { phase: 'content', number: '010', side: 'theirs' },
  certificate_expiring: { phase: 'content', number: null, side: 'theirs' },
  too_slow: { phase: 'content', number: null, side: 'theirs' },

  local_limit: { phase: null, number: null, side: 'ours' },
  internal_error: { phase: null, number: null, side: 'ours' },
  cancelled: { phase: null, number: null, side: 'ours' },
} as const satisfies Record<string, { phase: Phase | null; number: string | null; side: 'ours' | 'theirs' }>

export type FailureCode = keyof typeof FAILURE_CODES

/** The bytes a failure points at: where they stand in the stream of what the peer sent, and the bytes in hex. */
export interface OffendingBytes {
  /** Offset of the first offending byte from the start of the response (0-based). */
  offset: number
  /** The bytes there, hex, at most 64 of them. */
  hex: string
}

export interface Failure {
  phase: Phase
  code: FailureCode
  /** Classic number 001-011, or the HTTP status; null where there is none. */
  number: string | null
  /** The cause as the system or the peer gave it: errno, TLS alert, RCODE, status line. */
  raw: string
  /** Offending bytes, when the failure is about bytes that came in. */
  at?: OffendingBytes
}

/** Builds a failure; phase and number come from the table unless the caller knows better. */
export function failure(
  code: FailureCode,
  raw: string,
  more: { phase?: Phase; number?: string | null; at?: OffendingBytes } = {},
): Failure {
  const known = FAILURE_CODES[code]
  const made: Failure = {
    phase: more.phase ?? known.phase ?? 'url',
    code,
    number: more.number === undefined ? known.number : more.number,
    raw,
  }
  if (more.at) made.at = more.at
  return made
}

/** True when the failure says nothing about the site, because the trouble is on our side. */
export function isOurFault(code: FailureCode): boolean {
  return FAILURE_CODES[code].side === 'ours'
}
