// LinkedIn: status 999 for robots, whatever the state of the site.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'linkedin',
  name: 'LinkedIn',
  role: 'server',
  fixedBy: 'site_operator',
  clues: [
    { status: 999, field: ['x-li-fabric'], made: 0.9, unverified: true },
    { field: ['x-li-uuid'], seen: 0.9, unverified: true },
  ],
  readings: [
    {
      causes: ['http_request_denied'],
      says: 'LinkedIn turns robots away: this is no outage',
      link: 'origin',
      party: 'site_operator',
    },
  ],
  source: 'status 999 in public lists; fields unverified',
  examples: [
    {
      raw: 'HTTP/1.1 999 Request denied\r\nX-Li-Fabric: prod-lva1\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 2\r\n\r\nno',
      not: true,
    },
  ],
} satisfies Fingerprint
