// Blue Coat ProxySG: "Network Error (tcp_error)": the word in brackets names the step.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'bluecoat',
  name: 'Symantec ProxySG (Blue Coat)',
  role: 'proxy',
  fixedBy: 'access_provider',
  clues: [
    { body: 'network error (tcp_error)', made: 0.95 },
    { body: 'network error (dns_', made: 0.95, unverified: true },
    { body: 'network error (gateway_', made: 0.95, unverified: true },
    { body: 'network error (ssl_', made: 0.9, unverified: true },
    { body: 'network error (invalid_response)', made: 0.9, unverified: true },
    { body: 'a communication error occurred: "', made: 0.8 },
    { field: ['x-bluecoat-via'], seen: 0.95, unverified: true },
    { cookie: /^BCSI-CS-/, seen: 0.9, unverified: true },
  ],
  readings: [
    { body: 'network error (dns_', causes: ['dns_error'], says: 'the proxy could not resolve the name' },
    {
      body: 'operation timed out',
      causes: ['connection_timeout', 'http_response_timeout'],
      says: 'connecting took too long',
    },
    {
      body: 'network error (tcp_error)',
      causes: ['connection_refused', 'connection_timeout', 'connection_terminated'],
      says: 'the TCP connection to the site failed',
    },
    {
      body: 'network error (gateway_',
      causes: ['http_response_timeout', 'connection_timeout'],
      says: 'the site did not answer in time',
    },
    {
      body: 'network error (ssl_',
      causes: ['tls_certificate_error', 'tls_protocol_error'],
      says: 'TLS with the site failed',
    },
    {
      body: 'network error (invalid_response)',
      causes: ['http_protocol_error'],
      says: 'the answer of the site cannot be parsed',
    },
    {
      status: [403, 407],
      causes: ['http_request_denied'],
      says: 'a policy of the proxy denies',
      link: 'proxy',
      party: 'access_provider',
    },
    {
      causes: ['connection_terminated', 'dns_error', 'connection_timeout'],
      says: 'the proxy did not get an answer',
    },
  ],
  source: 'forum dumps; partly unverified',
  examples: [
    {
      raw: 'HTTP/1.1 503 Service Unavailable\r\nCache-Control: no-cache\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 90\r\n\r\n<big>Network Error (tcp_error)</big> A communication error occurred: "Operation timed out"',
      causes: ['connection_timeout', 'http_response_timeout'],
    },
  ],
} satisfies Fingerprint
