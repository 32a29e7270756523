// Alibaba Cloud CDN and WAF: EagleId, Via with its node names, errors.aliyun.com.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'alibaba-cdn',
  name: 'Alibaba Cloud CDN',
  role: 'cdn',
  builtOn: ['tengine'],
  fixedBy: 'cdn_operator',
  clues: [
    { field: ['eagleid'], seen: 0.9, unverified: true },
    { field: ['ali-swift-global-savetime'], seen: 0.9, unverified: true },
    { field: ['via', /\.l2[a-z0-9-]{2,20}\[/], seen: 0.85, unverified: true },
    { body: 'errors.aliyun.com', made: 0.9 },
    { body: 'errors.edgesuite.aliyun', made: 0.6 },
  ],
  readings: [
    {
      status: [403, 405, 429],
      causes: ['http_request_denied'],
      says: 'the WAF denies the request',
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
      raw: 'HTTP/1.1 405 Method Not Allowed\r\nServer: Tengine\r\nEagleId: 1\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 64\r\n\r\n<script src="https://errors.aliyun.com/error.js?s=405"></script>',
      causes: ['http_request_denied'],
    },
  ],
} satisfies Fingerprint
