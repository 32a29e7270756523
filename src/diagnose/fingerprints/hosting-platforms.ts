// Managed hosts known by one field each (Wix, Squarespace, WordPress.com, WP Engine, Webflow): only they can fix their servers.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'hosting-platforms',
  name: 'Website builders and managed hosts',
  role: 'server',
  fixedBy: 'site_operator',
  clues: [
    { field: ['server', /^(Squarespace|Pepyaka)$/], seen: 0.9, unverified: true },
    { field: ['x-wix-request-id'], seen: 0.95, unverified: true },
    { field: ['x-contextid'], seen: 0.6, unverified: true },
    { field: ['host-header', /^WordPress\.com$/i], seen: 0.95, unverified: true },
    { field: ['x-powered-by', /^WP Engine$/], seen: 0.95, unverified: true },
    { field: ['x-kinsta-cache'], seen: 0.9, unverified: true },
    { field: ['wpx'], seen: 0.7, unverified: true },
  ],
  readings: [
    {
      causes: ['upstream_error_passed_through'],
      says: 'the host itself is in trouble',
      link: 'origin',
      party: 'site_operator',
    },
  ],
  source: 'general knowledge, unverified',
  examples: [
    {
      raw: 'HTTP/1.1 502 Bad Gateway\r\nServer: Pepyaka\r\nX-Wix-Request-Id: 1\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 4\r\n\r\noops',
      not: true,
    },
  ],
} satisfies Fingerprint
