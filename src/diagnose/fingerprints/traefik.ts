// Traefik: the status text alone as text/plain, without a newline and without Server.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'traefik',
  name: 'Traefik',
  role: 'gateway',
  fixedBy: 'gateway_operator',
  clues: [
    { status: 503, content: /^no available server\n?$/, made: 0.9 },
    { status: 502, content: /^Bad Gateway$/, without: ['server'], made: 0.65 },
    { status: 504, content: /^Gateway Timeout$/, without: ['server'], made: 0.65 },
    { status: 499, content: /^Client Closed Request$/, made: 0.6 },
    {
      status: 500,
      content: /^Internal Server Error$/,
      without: ['server', 'x-powered-by'],
      order: 'Content-Type,X-Content-Type-Options,Date,Content-Length',
      made: 0.3,
    },
    { status: 404, content: /^404 page not found\n$/, without: ['server'], made: 0.4, unverified: true },
  ],
  readings: [
    {
      status: 502,
      causes: ['connection_refused', 'connection_terminated', 'dns_error', 'tls_protocol_error'],
      says: 'a network error towards the server: refused, reset, early end, DNS or TLS',
      operator: 'Set log.level to DEBUG: the line "502 Bad Gateway" carries the Go error text.',
    },
    {
      status: 504,
      causes: ['http_response_timeout', 'connection_timeout'],
      says: 'dialTimeout or responseHeaderTimeout ran out',
    },
    {
      status: 503,
      causes: ['destination_unavailable'],
      says: 'no server of the service is healthy, or it has none',
    },
    {
      status: 404,
      causes: ['destination_not_found', 'upstream_error_passed_through'],
      says: 'no router takes this host and path (a Go program behind says the same)',
      link: 'gateway',
      party: 'gateway_operator',
    },
    {
      status: 500,
      causes: ['tls_certificate_error', 'proxy_internal_error'],
      says: 'any other error, the certificate of the server among them',
    },
    { status: 499, causes: ['http_request_error'], says: 'the client gave up' },
  ],
  source: 'traefik: pkg/proxy/httputil/proxy.go',
  examples: [
    {
      raw: 'HTTP/1.1 502 Bad Gateway\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nContent-Length: 11\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nBad Gateway',
      causes: ['connection_refused', 'connection_terminated'],
    },
    {
      raw: 'HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 20\r\n\r\nno available server\n',
      causes: ['destination_unavailable'],
    },
  ],
} satisfies Fingerprint
