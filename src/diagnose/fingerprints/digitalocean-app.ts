// DigitalOcean App Platform: Envoy flags in brackets on its page, x-do fields.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'digitalocean-app',
  name: 'DigitalOcean App Platform',
  role: 'gateway',
  builtOn: ['cloudflare', 'envoy'],
  fixedBy: 'site_operator',
  clues: [
    { field: ['x-do-app-origin'], seen: 0.9 },
    { field: ['x-do-orig-status'], seen: 0.9 },
    { body: 'app platform failed to forward this request to the application', made: 0.9, unverified: true },
    { body: 'via_upstream (', made: 0.6, unverified: true },
  ],
  readings: [
    { body: '(503 uh)', causes: ['destination_unavailable'], says: 'no healthy instance (UH)' },
    { body: '(503 uf', causes: ['connection_refused'], says: 'the connection to the instance failed (UF)' },
    { body: '(504 ut)', causes: ['http_response_timeout'], says: 'the instance did not answer in time (UT)' },
    {
      body: 'via_upstream',
      causes: ['upstream_error_passed_through'],
      says: 'the application itself answered so',
      link: 'origin',
      party: 'site_operator',
    },
    {
      causes: ['connection_refused', 'destination_unavailable', 'connection_terminated'],
      says: 'the platform could not forward the request to the application',
    },
  ],
  source: 'public posts quoting the fields; body unverified',
  examples: [
    {
      raw: 'HTTP/1.1 503 Service Unavailable\r\nServer: cloudflare\r\nContent-Type: text/html\r\nContent-Length: 98\r\n\r\n<p>App Platform failed to forward this request to the application.</p><p>via_upstream (503 UH)</p>',
      causes: ['destination_unavailable'],
    },
  ],
} satisfies Fingerprint
