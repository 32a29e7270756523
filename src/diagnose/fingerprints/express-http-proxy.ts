// express-http-proxy: a 504 with X-Timeout-Reason; its other errors end in the error page of Express.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'express-http-proxy',
  name: 'express-http-proxy',
  role: 'gateway',
  fixedBy: 'gateway_operator',
  clues: [{ field: ['x-timeout-reason', /^express-http-proxy /], made: 0.97 }],
  readings: [
    {
      slow: true,
      causes: ['http_response_timeout', 'connection_timeout', 'dns_error', 'proxy_loop_detected'],
      says: 'its time-out ran out',
    },
    { causes: ['connection_terminated'], says: 'the host hung up; the package says 504 for a reset' },
  ],
  source: 'villadora/express-http-proxy: lib/handleProxyErrors.js',
  examples: [
    {
      raw: 'HTTP/1.1 504 Gateway Timeout\r\nX-Powered-By: Express\r\nX-Timeout-Reason: express-http-proxy reset the request.\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n',
      causes: ['connection_terminated'],
      waitedMs: 3,
    },
  ],
} satisfies Fingerprint
