// fast-proxy for Node: the bare error text as the content, with Date and length and no type.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'fast-proxy',
  name: 'fast-proxy',
  role: 'gateway',
  fixedBy: 'gateway_operator',
  clues: [
    {
      status: [500, 502, 503, 504],
      order: 'Date,Connection,Content-Length',
      content:
        /^(socket hang up|getaddrinfo |connect E|read E|write E|Parse Error: |Hostname\/IP |self[- ]signed certificate|unable to |certificate |Client network socket)/,
      made: 0.75,
      says: 'A bare Node.js error text with Date and Content-Length alone is how fast-proxy fails.',
    },
  ],
  readings: [
    {
      status: 504,
      slow: true,
      causes: ['http_response_timeout', 'connection_timeout'],
      says: 'its time-out ran out',
      textTells: true,
    },
    {
      status: 503,
      causes: ['connection_refused'],
      says: 'the target refused the connection',
      textTells: true,
    },
    {
      causes: ['http_protocol_error', 'tls_certificate_error', 'connection_terminated'],
      says: 'the request to the target failed',
      textTells: true,
    },
  ],
  source: 'fastify/fast-proxy: index.js',
  examples: [
    {
      raw: 'HTTP/1.1 500 Internal Server Error\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nConnection: close\r\nContent-Length: 36\r\n\r\ngetaddrinfo ENOTFOUND no.example.com',
      causes: ['dns_error'],
    },
  ],
} satisfies Fingerprint
