// Tencent: EO and X-NWS ids, statuses 566 and 567.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'tencent-edgeone',
  name: 'Tencent EdgeOne and CDN',
  role: 'cdn',
  builtOn: ['nginx', 'tengine'],
  fixedBy: 'cdn_operator',
  clues: [
    { field: ['server', /^TencentEdgeOne$/], seen: 0.95, made: 0.3, unverified: true },
    { field: ['eo-log-uuid'], seen: 0.9, unverified: true },
    { field: ['x-nws-log-uuid'], seen: 0.9, unverified: true },
    { status: [566, 567], made: 0.75, unverified: true },
    { body: 'waf.tencent-cloud.com', made: 0.9 },
  ],
  readings: [
    {
      status: [403, 429, 566, 567],
      causes: ['http_request_denied'],
      says: 'the WAF or bot control denies the request',
      link: 'cdn',
      party: 'cdn_operator',
    },
    {
      status: 504,
      causes: ['http_response_timeout', 'connection_timeout'],
      says: 'the origin did not answer in time',
    },
    {
      causes: ['connection_terminated', 'connection_refused', 'http_protocol_error'],
      says: 'the origin failed',
    },
  ],
  source: 'wafw00f; fields unverified',
  examples: [
    {
      raw: 'HTTP/1.1 567 Unknown\r\nServer: TencentEdgeOne\r\nEO-LOG-UUID: 1\r\nContent-Type: text/html\r\nContent-Length: 7\r\n\r\nblocked',
      causes: ['http_request_denied'],
    },
  ],
} satisfies Fingerprint
