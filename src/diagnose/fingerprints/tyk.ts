// Tyk: JSON errors with fixed sentences, X-Generator: tyk.io.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'tyk',
  name: 'Tyk',
  role: 'gateway',
  fixedBy: 'gateway_operator',
  clues: [
    { field: ['x-generator', /^tyk\.io$/], made: 0.95 },
    { body: 'there was a problem proxying the request', made: 0.9 },
    { body: 'upstream service reached hard timeout.', made: 0.95 },
    { body: 'upstream host lookup failed', made: 0.9 },
  ],
  readings: [
    {
      body: 'upstream host lookup failed',
      causes: ['dns_error'],
      says: 'the name of the upstream does not resolve',
    },
    {
      body: 'reached hard timeout',
      causes: ['http_response_timeout'],
      says: 'the enforced time-out ran out',
    },
    {
      body: 'there was a problem proxying the request',
      causes: ['connection_refused', 'connection_terminated', 'tls_protocol_error', 'http_protocol_error'],
      says: 'any transport error towards the upstream; Tyk says 500 for it',
    },
    {
      status: 503,
      causes: ['destination_unavailable'],
      says: 'a circuit breaker is open, or all hosts are down',
    },
    { status: [401, 403, 429], causes: ['http_request_denied'], says: 'a policy of Tyk denies the request' },
    {
      status: [400, 404, 405, 413, 499],
      causes: ['http_request_error', 'destination_not_found'],
      says: 'Tyk knows no API for this, or refused the request',
    },
    { causes: ['proxy_internal_error'], says: 'Tyk itself failed' },
  ],
  source: 'TykTechnologies/tyk: gateway/reverse_proxy.go',
  examples: [
    {
      raw: 'HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\nX-Generator: tyk.io\r\nContent-Length: 46\r\n\r\n{\n    "error": "Upstream host lookup failed"\n}',
      causes: ['dns_error'],
    },
  ],
} satisfies Fingerprint
