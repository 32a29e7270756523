// The verdict in words: one plain sentence per failure code. Says what was seen, never who is guilty.
import type { Failure, FailureCode } from '../model/failure.ts'
import type { CheckResult, Exchange } from '../model/result.ts'
import { decisiveExchange, endpoint, hostOf } from './evidence-reader.ts'

interface Seen {
  host: string
  /** Who was dialled: address and port, or the host when no address was. */
  peer: string
  /** Whoever spoke to us, in words. */
  server: string
  proxy: string
  raw: string
}

const SENTENCES: Record<FailureCode, (seen: Seen) => string> = {
  bad_url: (seen) => seen.raw,

  dns_name_not_found: (seen) => `no such name: ${seen.host}`,
  dns_no_address: (seen) => `the name ${seen.host} has no address`,
  dns_server_failure: (seen) => `the resolver failed to look up ${seen.host}`,
  dns_refused: (seen) => `the resolver refuses to look up ${seen.host}`,
  dns_timed_out: (seen) => `no resolver answered for ${seen.host}`,
  dns_malformed_answer: (seen) => `the resolver's answer for ${seen.host} cannot be read`,
  dns_alias_loop: (seen) => `the aliases of ${seen.host} run in a circle`,
  dns_resolver_unreachable: () => 'no resolver can be reached from here',
  address_unusable: (seen) => `the address of ${seen.host} cannot be that of a site`,
  address_forbidden: (seen) => `the address of ${seen.host} may not be dialled by this check`,

  connect_refused: (seen) => `${seen.peer} refuses the connection`,
  host_unreachable: (seen) => `${seen.peer} cannot be reached: no route to the host`,
  network_unreachable: (seen) => `${seen.peer} cannot be reached: no route to its network`,
  connect_timed_out: (seen) => `no answer from ${seen.peer} to the connection attempt`,
  connect_reset: (seen) => `${seen.peer} reset the connection attempt`,
  proxy_refused: (seen) => `the proxy ${seen.proxy} cannot be reached`,
  proxy_auth_required: (seen) => `the proxy ${seen.proxy} demands a user name and a password`,
  proxy_denied: (seen) => `the proxy ${seen.proxy} does not allow this connection`,
  proxy_failed: (seen) => `the proxy ${seen.proxy} did not get us through to ${seen.host}`,

  tls_not_spoken: (seen) => `${seen.server} does not speak TLS on this port`,
  tls_timed_out: (seen) => `${seen.server} did not finish the TLS handshake in time`,
  tls_reset: (seen) => `${seen.server} reset the connection during the TLS handshake`,
  tls_closed: (seen) => `${seen.server} closed the connection during the TLS handshake`,
  tls_version_unsupported: (seen) => `${seen.server} speaks no TLS version that browsers still accept`,
  tls_no_shared_cipher: (seen) => `${seen.server} found no common TLS parameters with us`,
  tls_unrecognized_name: (seen) => `${seen.server} has no certificate for ${seen.host} (unrecognized name)`,
  tls_client_certificate_required: (seen) => `${seen.server} demands a client certificate`,
  tls_no_application_protocol: (seen) => `${seen.server} speaks none of the offered protocols (ALPN)`,
  tls_alert: (seen) => `${seen.server} broke off TLS with an alert`,
  certificate_expired: (seen) => `the certificate of ${seen.host} has expired`,
  certificate_not_yet_valid: (seen) => `the certificate of ${seen.host} is not valid yet`,
  certificate_wrong_host: (seen) => `the certificate is not for ${seen.host}`,
  certificate_self_signed: (seen) => `the certificate of ${seen.host} is self-signed`,
  certificate_untrusted: (seen) => `the certificate of ${seen.host} comes from nobody we trust`,
  certificate_chain_incomplete: (seen) =>
    `the server of ${seen.host} does not send the intermediate certificate`,
  certificate_revoked: (seen) => `the certificate of ${seen.host} was revoked`,
  certificate_weak: (seen) => `the certificate of ${seen.host} uses a key or signature that is too weak`,

  send_reset: (seen) => `${seen.server} reset the connection while the request was sent`,
  send_timed_out: (seen) => `${seen.server} did not take the request in time`,

  closed_without_answer: (seen) => `${seen.server} closed the connection without an answer`,
  reset_without_answer: (seen) => `${seen.server} reset the connection without an answer`,
  answer_timed_out: (seen) => `${seen.server} took the request and never answered`,

  not_http: (seen) => `${seen.server} answers, but not in HTTP`,
  http09_answer: (seen) => `${seen.server} sends a page without a status line`,
  status_line_malformed: (seen) => `the status line from ${seen.server} is malformed`,
  status_undefined: (seen) => `the status from ${seen.server} is not defined in HTTP`,
  http_version_unsupported: (seen) => `${seen.server} answers in an HTTP version that cannot be`,
  header_malformed: (seen) => `the header from ${seen.server} is malformed`,
  header_too_large: (seen) => `the header from ${seen.server} is larger than the limit`,
  framing_conflict: (seen) => `${seen.server} contradicts itself about where its answer ends`,
  chunk_malformed: (seen) => `the chunked answer from ${seen.server} is malformed`,
  header_truncated: (seen) => `the connection to ${seen.server} ended within the header`,
  body_truncated: (seen) => `${seen.server} closed before the whole answer had come`,
  body_reset: (seen) => `${seen.server} reset the connection within the answer`,
  receive_timed_out: (seen) => `the answer from ${seen.server} began and never ended`,
  body_undecodable: (seen) => `the content from ${seen.server} cannot be decoded`,
  redirect_loop: () => 'the redirects run in a circle',
  redirect_limit: () => 'more redirects than the limit',
  redirect_invalid: (seen) => `${seen.server} redirects to nowhere`,

  status_unaccepted: (seen) => `${seen.raw} from ${seen.server}`,

  text_missing: () => 'the page does not contain the expected text',
  text_unwanted: () => 'the page contains text that must not be there',
  json_mismatch: () => 'the JSON is not what was expected',
  body_too_large: () => 'the content is larger than the limit',
  certificate_expiring: () => 'a certificate expires soon',
  too_slow: () => 'it took longer than expected',

  local_limit: () => 'this machine ran out of something; nothing is known about the site',
  internal_error: () => 'whydown itself failed; nothing is known about the site',
  cancelled: () => 'cancelled before there was a verdict',
}

function seenIn(failure: Failure, exchange: Exchange | null, url: string): Seen {
  const host = hostOf(exchange?.url ?? url)
  const address = exchange?.address ?? null
  const port = URL.parse(exchange?.url ?? url)
  const dialled = address ? endpoint(address) : portOf(port, host)
  const proxy = exchange?.proxy ?? null
  return {
    host,
    peer: proxy === null ? dialled : host,
    server:
      proxy !== null
        ? `${host} (seen through the proxy)`
        : address
          ? `the server at ${address.ip}`
          : 'the server',
    proxy: proxy ?? '',
    raw: failure.raw,
  }
}

function portOf(url: URL | null, host: string): string {
  return url === null || url.port === '' ? host : endpoint({ ip: host, port: Number(url.port) })
}

/**
 * The failure in one plain sentence, without a full stop. Contains what peers sent (reason phrases, names): make it
 * safe before it is shown.
 */
export function failureSentence(failure: Failure, exchange: Exchange | null, url: string): string {
  return SENTENCES[failure.code](seenIn(failure, exchange, url))
}

/** What needs attention although it works; of the phases of the wire only connecting can fail in part. */
function attentionSentence(failure: Failure, exchange: Exchange | null, url: string): string {
  if (failure.phase === 'connect') return 'works, but one of its addresses cannot be connected to'
  return `works, but ${failureSentence(failure, exchange, url)}`
}

/** The result in one sentence, whatever the outcome. As unsafe as `failureSentence`. */
export function resultSentence(result: CheckResult): string {
  const exchange = decisiveExchange(result)
  if (result.failure) {
    const say = result.outcome === 'degraded' ? attentionSentence : failureSentence
    return say(result.failure, exchange, result.url)
  }
  const response = exchange?.response
  if (!response) return result.outcome
  const from = exchange?.address ? ` from ${exchange.address.ip}` : ''
  return `${`${response.status} ${response.reason}`.trim()}${from}`
}
