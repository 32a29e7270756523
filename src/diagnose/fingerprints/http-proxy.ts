// Node's http-proxy and http-proxy-3, with the error handler of their README.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'http-proxy',
  name: 'http-proxy for Node.js',
  role: 'gateway',
  fixedBy: 'gateway_operator',
  clues: [
    {
      body: 'something went wrong. and we are reporting a custom error message.',
      made: 0.9,
      says: 'The text is the error handler in the README of http-proxy (and http-proxy-3).',
    },
  ],
  readings: [
    {
      status: 500,
      reason: /^OK$/,
      causes: ['http_protocol_error'],
      says: 'the answer had begun well when its body turned out to be broken',
    },
    {
      slow: true,
      causes: ['http_response_timeout', 'proxy_loop_detected', 'dns_timeout'],
      says: 'proxyTimeout ran out',
    },
    {
      causes: [
        'http_protocol_error',
        'tls_protocol_error',
        'connection_terminated',
        'tls_certificate_error',
        'connection_refused',
        'destination_unavailable',
        'http_response_header_section_size',
        'dns_error',
      ],
      says: 'the request to the target failed in whatever way; the handler hides the error it was given',
      operator: 'Log the error that the "error" event carries: its code says which.',
    },
  ],
  source: 'http-party/node-http-proxy: README.md',
  examples: [
    {
      raw: 'HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/plain\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n42\r\nSomething went wrong. And we are reporting a custom error message.\r\n0\r\n\r\n',
      causes: ['http_protocol_error', 'tls_protocol_error'],
      waitedMs: 1,
    },
  ],
} satisfies Fingerprint
