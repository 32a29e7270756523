// Pantheon: its texts name the layer that failed.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'pantheon',
  name: 'Pantheon',
  role: 'server',
  fixedBy: 'site_operator',
  clues: [
    { field: ['x-pantheon-styx-hostname'], seen: 0.95, unverified: true },
    { field: ['x-styx-req-id'], seen: 0.8, unverified: true },
    { body: '404 error unknown site!', made: 0.95 },
    {
      reason:
        /^(Upstream Header Too Big|Routing failure|Target Not Responding|Target in Maintenance|Database not responding|Target Response Timeout|User cache server timeout)/i,
      made: 0.7,
      unverified: true,
    },
  ],
  readings: [
    {
      body: 'unknown site',
      causes: ['destination_not_found'],
      says: 'no site has this host name',
      link: 'origin',
      party: 'site_operator',
    },
    {
      reason: /^Upstream Header Too Big/i,
      causes: ['http_response_header_section_size'],
      says: 'the header of the application is too large',
    },
    {
      reason: /Timeout$/i,
      causes: ['http_response_timeout'],
      says: 'the application did not answer in time',
    },
    {
      reason: /^Target in Maintenance/i,
      causes: ['destination_unavailable'],
      says: 'the site is in maintenance',
      link: 'origin',
      party: 'site_operator',
    },
    {
      causes: ['connection_refused', 'destination_unavailable', 'connection_terminated'],
      says: 'the application container does not respond',
    },
  ],
  source: 'can-i-take-over-xyz; partly unverified',
  examples: [
    {
      raw: 'HTTP/1.1 404 Unknown site\r\nContent-Type: text/html\r\nContent-Length: 32\r\n\r\n<h1>404 error unknown site!</h1>',
      causes: ['destination_not_found'],
    },
  ],
} satisfies Fingerprint
