// Fly.io: fly-request-id, Via: 1.1 fly.io; 502 and 503 without content.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'fly',
  name: 'Fly.io proxy',
  role: 'gateway',
  fixedBy: 'site_operator',
  clues: [
    { field: ['fly-request-id', /^[0-9A-Z]{20,32}(-[a-z]{3})?$/], seen: 0.95, made: 0.1 },
    { field: ['server', /^Fly\//], seen: 0.95, made: 0.3, unverified: true },
    { field: ['via', /^\d(\.\d)? fly\.io$/], seen: 0.95 },
    { field: ['server', /^Fly\//], status: [502, 503], empty: true, made: 0.7, unverified: true },
  ],
  readings: [
    {
      status: 502,
      causes: ['connection_refused', 'connection_terminated', 'http_protocol_error'],
      says: 'a Machine was chosen and the app on it did not answer properly (PC01, PC02, PU02 in the app log)',
      operator: 'fly logs: the error code; does the app listen on 0.0.0.0 and internal_port?',
    },
    { status: 503, causes: ['destination_unavailable'], says: 'no healthy Machine (PR01, PR03)' },
    {
      status: 504,
      causes: ['http_response_timeout', 'connection_timeout'],
      says: 'the app did not answer in time',
    },
    {
      causes: ['proxy_internal_error', 'destination_not_found'],
      says: 'the proxy of Fly.io answered by itself',
      link: 'gateway',
      party: 'site_operator',
    },
  ],
  source: 'superfly/docs: monitoring/error-codes.html.md',
  examples: [
    {
      raw: 'HTTP/1.1 502 Bad Gateway\r\nserver: Fly/a1b2c3d4e5 (2024-01-01)\r\nvia: 1.1 fly.io\r\nfly-request-id: 01HKABCDEFGHJKMNPQRSTVWXYZ-fra\r\ncontent-length: 0\r\ndate: Mon, 01 Jan 2024 00:00:00 GMT\r\n\r\n',
      causes: ['connection_refused', 'connection_terminated'],
    },
  ],
} satisfies Fingerprint
