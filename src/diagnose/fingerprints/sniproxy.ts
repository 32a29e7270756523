// sniproxy: one sentence when it has no backend for a host; else it only relays.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'sniproxy',
  name: 'sniproxy',
  role: 'gateway',
  fixedBy: 'gateway_operator',
  clues: [
    { status: 503, content: /^Backend not available$/, made: 0.85 },
    { status: 503, order: 'Content-Type,Connection', reason: /^Service Temporarily Unavailable$/, made: 0.4 },
  ],
  readings: [
    {
      causes: ['dns_error', 'destination_ip_unroutable', 'http_request_error', 'destination_not_found'],
      says: 'no backend for this host: its name does not resolve, it cannot be reached, or the request names no host',
      link: 'upstream',
    },
  ],
  source: 'dlundquist/sniproxy: src/http.c',
  examples: [
    {
      raw: 'HTTP/1.1 503 Service Temporarily Unavailable\r\nContent-Type: text/html\r\nConnection: close\r\n\r\nBackend not available',
      causes: ['dns_error', 'destination_ip_unroutable'],
    },
  ],
} satisfies Fingerprint
