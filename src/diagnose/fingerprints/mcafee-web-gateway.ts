// McAfee Web Gateway: its name on the page and in Via.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'mcafee-web-gateway',
  name: 'Skyhigh (McAfee) Web Gateway',
  role: 'proxy',
  fixedBy: 'access_provider',
  clues: [
    { field: ['via', /\(McAfee Web Gateway/], seen: 0.95, unverified: true },
    { body: 'mcafee web gateway', made: 0.85, unverified: true },
    { body: 'the proxy could not connect to the destination in time.', made: 0.7, unverified: true },
  ],
  readings: [
    {
      body: 'could not connect to the destination in time',
      causes: ['connection_timeout'],
      says: 'the site did not accept the connection in time',
    },
    { body: 'host not found', causes: ['dns_error'], says: 'the name does not resolve for the proxy' },
    {
      status: [403, 407],
      causes: ['http_request_denied'],
      says: 'a policy of the company proxy denies',
      link: 'proxy',
      party: 'access_provider',
    },
    {
      causes: ['connection_terminated', 'dns_error', 'connection_timeout'],
      says: 'the company proxy did not get an answer',
    },
  ],
  source: 'general knowledge, unverified',
  examples: [
    {
      raw: 'HTTP/1.1 502 cannotconnect\r\nVia: 1.1 10.0.0.1 (McAfee Web Gateway 9.2)\r\nContent-Type: text/html\r\nContent-Length: 103\r\n\r\n<title>McAfee Web Gateway - Notification</title>The proxy could not connect to the destination in time.',
      causes: ['connection_timeout'],
    },
  ],
} satisfies Fingerprint
