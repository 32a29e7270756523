// Caddy: Server: Caddy and no content at all. An empty 200 from it means that no site matched.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'caddy',
  name: 'Caddy',
  role: 'gateway',
  fixedBy: 'gateway_operator',
  clues: [
    { field: ['server', /^Caddy$/], seen: 0.9, made: 0.2 },
    { field: ['via', /^\d(\.\d)? Caddy$/], seen: 0.9 },
    {
      field: ['server', /^Caddy$/],
      status: [400, 403, 404, 500, 502, 503, 504],
      empty: true,
      without: ['x-powered-by', 'status'],
      made: 0.8,
      says: 'An error of Caddy has no content.',
    },
    { order: 'Server,Date,Content-Length', made: 0.5, empty: true, field: ['server', /^Caddy$/] },
    { order: 'Server,Date,Content-Length,Connection', made: 0.5, empty: true, field: ['server', /^Caddy$/] },
    { order: 'Server,Connection,Date,Content-Length', made: 0.5, empty: true, field: ['server', /^Caddy$/] },
    { order: 'Connection,Server,Date,Content-Length', made: 0.5, empty: true, field: ['server', /^Caddy$/] },
    {
      field: ['server', /^Caddy$/],
      status: 403,
      content: /^Forbidden\n?$/,
      made: 0.5,
    },
  ],
  readings: [
    {
      status: 502,
      slow: true,
      causes: ['connection_timeout', 'http_response_timeout', 'connection_terminated'],
      says: 'the upstream did not accept the connection in time, or broke it off',
    },
    {
      status: 502,
      causes: [
        'connection_terminated',
        'connection_refused',
        'destination_unavailable',
        'http_protocol_error',
        'tls_protocol_error',
        'tls_certificate_error',
        'dns_error',
      ],
      says: 'the round trip to the upstream failed in whatever way; only the log of Caddy says which',
      operator: 'The log line with "handler":"http.handlers.reverse_proxy" carries the Go error text.',
    },
    {
      status: 503,
      causes: ['destination_unavailable'],
      says: 'no upstream is available: all unhealthy, busy or none configured',
      operator: 'Look for "no upstreams available" in the log.',
    },
    {
      status: 504,
      causes: ['http_response_timeout'],
      says: 'dialing the upstream or its response header took too long',
    },
    {
      status: [400, 405, 408, 413, 431],
      causes: ['http_request_error'],
      says: 'Caddy refused the request as it came',
    },
    { status: [401, 403, 429], causes: ['http_request_denied'], says: 'a rule of Caddy denies the request' },
    {
      status: 404,
      causes: ['destination_not_found', 'upstream_error_passed_through'],
      says: 'Caddy has no file or route for this',
      link: 'gateway',
      party: 'gateway_operator',
    },
    {
      status: 500,
      causes: ['proxy_internal_error', 'proxy_loop_detected'],
      says: 'a handler of Caddy failed',
      link: 'gateway',
      party: 'gateway_operator',
    },
    {
      status: 200,
      empty: true,
      causes: ['destination_not_found', 'http_protocol_error'],
      says: 'no site block of Caddy matches this host name, so it answers an empty 200',
      link: 'gateway',
      party: 'gateway_operator',
      operator: 'Add the host name to a site address of the Caddyfile.',
    },
  ],
  source: 'caddy: modules/caddyhttp/server.go, reverseproxy/reverseproxy.go',
  examples: [
    {
      raw: 'HTTP/1.1 502 Bad Gateway\r\nServer: Caddy\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nContent-Length: 0\r\n\r\n',
      causes: ['connection_terminated', 'connection_refused', 'destination_unavailable'],
      waitedMs: 2,
    },
    {
      raw: 'HTTP/1.1 502 Bad Gateway\r\nServer: Caddy\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{"error":"own"}',
      not: true,
    },
  ],
} satisfies Fingerprint
