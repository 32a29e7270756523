// CDNs known by one field each (KeyCDN, StackPath, CDN77, G-Core, Huawei ELB): their error pages are mostly those of nginx.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'small-cdns',
  name: 'Smaller CDNs',
  role: 'cdn',
  builtOn: ['nginx', 'openresty'],
  fixedBy: 'cdn_operator',
  clues: [
    { field: ['server', /^keycdn(-engine)?$/], seen: 0.95, made: 0.3 },
    { field: ['x-edge-location'], field2: ['x-shield'], seen: 0.7, unverified: true },
    { field: ['x-hw'], seen: 0.8, unverified: true },
    { field: ['server', /^NetDNA-cache\//], seen: 0.9, made: 0.3, unverified: true },
    { field: ['server', /^CDN77/], seen: 0.95, made: 0.3, unverified: true },
    { field: ['x-77-cache'], seen: 0.95, unverified: true },
    { field: ['x-cached-since'], field2: ['x-id'], seen: 0.7, unverified: true },
    { field: ['ar-request-id'], seen: 0.8, unverified: true },
    { field: ['server', /^elb$/], seen: 0.7, made: 0.2 },
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
      causes: ['connection_terminated', 'connection_refused', 'http_protocol_error'],
      says: 'the origin failed',
    },
  ],
  source: 'wafw00f; partly unverified',
  examples: [
    {
      raw: 'HTTP/1.1 500 Internal Server Error\r\nServer: keycdn\r\nX-Edge-Location: defr\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{"a":"b"}\n',
      not: true,
    },
  ],
} satisfies Fingerprint
