// What the errors of nginx mean in products built on it that change the footer alone. Knows none of them by name.
import type { Reading } from './fingerprint.ts'

/** Statuses as nginx uses them, most specific first; a product with words of its own puts its readings before. */
export const NGINX_FAMILY_READINGS: readonly Reading[] = [
  {
    status: 400,
    body: 'request header or cookie too large',
    causes: ['http_request_error'],
    says: 'the request head is too large, mostly because of cookies',
    visitor: 'Delete the cookies of this site and try again.',
  },
  {
    status: [400, 405, 408, 411, 413, 414, 431],
    causes: ['http_request_error'],
    says: 'it refused the request as it came',
  },
  {
    status: [401, 403, 407, 429],
    causes: ['http_request_denied'],
    says: 'a rule of it denies the request',
  },
  {
    status: 504,
    causes: ['http_response_timeout', 'connection_timeout'],
    says: 'the upstream let a time-out run out',
    operator: 'Look for "upstream timed out" in the error log.',
  },
  {
    status: 503,
    causes: [
      'connection_refused',
      'destination_unavailable',
      'http_request_denied',
      'connection_limit_reached',
    ],
    says: 'a limit rejected the request, or the service has no endpoints',
  },
  {
    status: 502,
    causes: [
      'connection_terminated',
      'connection_refused',
      'destination_unavailable',
      'http_protocol_error',
      'tls_certificate_error',
      'dns_error',
    ],
    says: 'anything but a time-out went wrong with the upstream; only the error log says what',
    operator:
      'The error log line of that moment: "connect() failed", "upstream prematurely closed connection", "upstream sent ...", "no live upstreams".',
  },
  {
    status: 404,
    causes: ['destination_not_found'],
    says: 'no server or location of it takes this host and path',
    link: 'gateway',
    party: 'gateway_operator',
  },
  {
    status: 500,
    causes: ['proxy_internal_error', 'proxy_loop_detected'],
    says: 'it failed itself: a rewrite cycle, a Lua error, a full disk',
    link: 'gateway',
    party: 'gateway_operator',
  },
]
