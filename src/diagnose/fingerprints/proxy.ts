// The npm package "proxy": bare 404 and 500 without content. Only told from other Node.js programs as a visitor's proxy.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'proxy',
  name: 'proxy for Node.js',
  role: 'proxy',
  fixedBy: 'access_provider',
  clues: [
    { forward: true, status: [404, 500], order: 'Date,Connection,Transfer-Encoding', empty: true, made: 0.7 },
    { forward: true, status: [404, 500], order: 'Date,Connection', empty: true, made: 0.7 },
  ],
  readings: [
    { status: 404, causes: ['dns_error'], says: 'the name does not resolve' },
    {
      slow: true,
      causes: ['dns_error', 'http_response_timeout', 'connection_timeout'],
      says: 'the resolver or the server did not answer in time',
    },
    {
      causes: ['http_protocol_error', 'connection_terminated', 'dns_error'],
      says: 'any other error on the way to the server',
    },
  ],
  source: 'TooTallNate/proxy-agents: packages/proxy/src/proxy.ts',
  examples: [
    {
      raw: 'HTTP/1.1 500 Internal Server Error\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\noops',
      not: true,
    },
  ],
} satisfies Fingerprint
