// SonicWall and Sophos: block pages of the visitor's network.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'sonicwall-sophos',
  name: 'SonicWall and Sophos filters',
  role: 'proxy',
  fixedBy: 'access_provider',
  clues: [
    { field: ['server', /^SonicWALL/], made: 0.9 },
    { body: 'nsa_banner', made: 0.8 },
    { body: 'this site is blocked by the sonicwall', made: 0.95 },
    { body: 'powered by utm web protection', made: 0.95 },
  ],
  readings: [
    {
      causes: ['http_request_denied'],
      says: 'the filter of the network the visitor sits in blocks this site',
      link: 'network',
      party: 'access_provider',
    },
  ],
  source: 'wafw00f',
  examples: [
    {
      raw: 'HTTP/1.0 403 Forbidden\r\nServer: SonicWALL\r\nContent-Type: text/html\r\nContent-Length: 30\r\n\r\n<h1>Web Site Blocked</h1> nsa ',
      causes: ['http_request_denied'],
    },
  ],
} satisfies Fingerprint
