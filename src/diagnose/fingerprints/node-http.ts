// The HTTP server of Node.js itself: its bare refusals of requests it cannot parse. Says nothing about the program on it.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'node-http',
  name: 'Node.js HTTP server',
  role: 'server',
  fixedBy: 'site_operator',
  clues: [
    {
      status: [400, 408, 413, 431],
      order: 'Connection',
      empty: true,
      seen: 0.75,
      says: 'A bare status line with Connection: close is how Node.js refuses a request.',
    },
    { field: ['x-powered-by', /^(Express|Next\.js|Nuxt|Hono)/], seen: 0.7 },
    {
      orderLike: /(^|,)Date,Connection(,Transfer-Encoding|,Keep-Alive|,Content-Length)?$/,
      seen: 0.6,
      says: 'Date and Connection at the end of the head are what Node.js adds itself.',
    },
    {
      orderLike:
        /(^|,)(server|content-type|content-length|transfer-encoding),(.{0,400},)?(Date|Connection|Transfer-Encoding)(,|$)/,
      without: ['x-http2-push'],
      seen: 0.6,
      says: 'Lower-case names followed by Date or Connection with capitals show a Node.js program that relays.',
    },
  ],
  readings: [{ causes: ['http_request_error'], says: 'Node.js refused the request as it came' }],
  source: 'nodejs/node: lib/_http_server.js',
  examples: [
    {
      raw: 'HTTP/1.1 200 OK\r\nX-Powered-By: Express\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 2\r\n\r\nok',
      not: true,
    },
  ],
} satisfies Fingerprint
