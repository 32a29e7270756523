// mockttp and HTTP Toolkit: "Error communicating with upstream server" and the Node.js error text.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'mockttp',
  name: 'mockttp',
  role: 'proxy',
  fixedBy: 'visitor',
  clues: [
    {
      status: 502,
      order: '',
      content: /^Error: ([a-z]+ E[A-Z]+|getaddrinfo E|socket hang up|Parse Error: )/,
      made: 0.65,
    },
    { reason: /^Error communicating with upstream server$/, made: 0.97 },
  ],
  readings: [
    {
      causes: ['connection_terminated', 'http_protocol_error', 'dns_error'],
      says: 'the request to the server failed; the content quotes how',
      textTells: true,
    },
  ],
  source: 'httptoolkit/mockttp: src/rules/requests/request-handlers.ts',
  examples: [
    {
      raw: 'HTTP/1.1 502 Error communicating with upstream server\r\n\r\nError: connect ECONNREFUSED 127.0.0.1:80',
      causes: ['connection_refused'],
    },
  ],
} satisfies Fingerprint
