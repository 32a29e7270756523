// Perlbal: HTTP/1.0 relay, its own pages are rare; X-Perlbal fields or "Perlbal" in the content.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'perlbal',
  name: 'Perlbal',
  role: 'gateway',
  fixedBy: 'gateway_operator',
  clues: [
    { field: ['server', /^Perlbal/], made: 0.8 },
    { field: ['x-perlbal'], seen: 0.8 },
    { status: 503, body: 'no backend available', made: 0.4 },
    { body: '<small><i>perlbal', made: 0.7 },
  ],
  readings: [
    {
      status: [500, 502, 503],
      causes: ['connection_refused', 'destination_unavailable', 'connection_terminated'],
      says: 'no backend of the pool could be used',
    },
    { status: [400, 413], causes: ['http_request_error'], says: 'Perlbal refused the request as it came' },
    { status: 403, causes: ['http_request_denied'], says: 'Perlbal denies the request' },
  ],
  source: 'perlbal: lib/Perlbal/ClientHTTPBase.pm',
  examples: [
    {
      raw: 'HTTP/1.0 503 Service Unavailable\r\nServer: Perlbal\r\nContent-Type: text/html\r\nContent-Length: 40\r\n\r\n<h1>503 - Service Unavailable</h1>\nsorry',
      causes: ['connection_refused', 'destination_unavailable', 'connection_terminated'],
    },
  ],
} satisfies Fingerprint
