// Captive portals: 511, or a login page where the site was expected (RFC 6585 section 6).
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'captive-portal',
  name: 'Captive portal',
  role: 'proxy',
  fixedBy: 'visitor',
  clues: [
    {
      status: 511,
      made: 0.9,
      says: 'Status 511 is only ever sent by a network that wants a login (RFC 6585).',
    },
    { body: 'the client needs to authenticate to gain', made: 0.9 },
    { body: '<wispaccessgatewayparam', made: 0.97, unverified: true },
    { body: 'wispr', body2: 'loginurl', made: 0.9, unverified: true },
  ],
  readings: [
    {
      causes: ['captive_portal'],
      says: 'the network wants a login before it lets anybody out',
      link: 'network',
      party: 'visitor',
      visitor: 'Open any http:// page in a browser and log in to the network.',
    },
  ],
  source: 'RFC 6585 section 6; WISPr',
  examples: [
    {
      raw: 'HTTP/1.1 511 Network Authentication Required\r\nContent-Type: text/html\r\nContent-Length: 20\r\n\r\n<a href="/login">log',
      causes: ['captive_portal'],
    },
  ],
} satisfies Fingerprint
