// Edgio: Server ECAcc, ECS or ECD, X-LLID (shut down in 2025, still seen in old pages).
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'edgecast',
  name: 'Edgio (Edgecast, Limelight)',
  role: 'cdn',
  fixedBy: 'cdn_operator',
  clues: [
    { field: ['server', /^(ECAcc|ECS|ECD) \(/], seen: 0.95, made: 0.3 },
    { field: ['server', /^EdgePrism/], seen: 0.95 },
    { field: ['x-llid'], seen: 0.8 },
    { field: ['server', /^(ECAcc|ECS|ECD) \(/], status: [502, 503, 504], made: 0.4 },
  ],
  readings: [
    {
      status: 504,
      causes: ['http_response_timeout', 'connection_timeout'],
      says: 'the origin did not answer in time',
    },
    {
      status: [403, 429],
      causes: ['http_request_denied'],
      says: 'a rule of the CDN denies',
      link: 'cdn',
      party: 'cdn_operator',
    },
    {
      status: 404,
      causes: ['destination_not_found', 'upstream_error_passed_through'],
      says: 'the CDN has nothing for this host or path',
      link: 'cdn',
      party: 'cdn_operator',
    },
    {
      causes: ['connection_terminated', 'connection_refused', 'http_protocol_error'],
      says: 'the origin failed',
    },
  ],
  source: 'wafw00f',
  examples: [
    {
      raw: 'HTTP/1.1 200 OK\r\nServer: ECAcc (frc/8F2A)\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 2\r\n\r\nok',
      not: true,
    },
  ],
} satisfies Fingerprint
