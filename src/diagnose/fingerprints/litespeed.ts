// LiteSpeed: pages that name it; 503 where others say 502.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'litespeed',
  name: 'LiteSpeed',
  role: 'server',
  fixedBy: 'site_operator',
  clues: [
    { field: ['server', /^LiteSpeed$/i], seen: 0.9, made: 0.3 },
    { body: 'proudly powered by litespeed web server', made: 0.95, unverified: true },
    {
      body: 'proudly powered by <a style="color:#fff;" href="http://www.litespeedtech.com',
      made: 0.9,
      unverified: true,
    },
  ],
  readings: [
    {
      status: 503,
      causes: [
        'connection_refused',
        'destination_unavailable',
        'connection_terminated',
        'upstream_error_passed_through',
      ],
      says: 'the LSAPI or proxy backend failed; LiteSpeed says 503 for it',
      link: 'upstream',
      party: 'site_operator',
    },
    { status: [401, 403, 429], causes: ['http_request_denied'], says: 'LiteSpeed denies the request' },
    {
      status: [400, 405, 408, 411, 413, 414],
      causes: ['http_request_error'],
      says: 'LiteSpeed refused the request as it came',
    },
    {
      status: 508,
      causes: ['connection_limit_reached'],
      says: 'the resource limits of the hosting account are used up',
      link: 'origin',
      party: 'site_operator',
    },
    {
      status: 404,
      causes: ['upstream_error_passed_through'],
      says: 'there is no such file',
      link: 'origin',
      party: 'site_operator',
    },
    {
      causes: ['upstream_error_passed_through'],
      says: 'the script failed',
      link: 'origin',
      party: 'site_operator',
    },
  ],
  source: 'LiteSpeed (general knowledge, unverified)',
  examples: [
    {
      raw: 'HTTP/1.1 503 Service Unavailable\r\nServer: LiteSpeed\r\nContent-Type: text/html\r\nContent-Length: 46\r\n\r\n<p>Proudly powered by LiteSpeed Web Server</p>',
      causes: ['connection_refused', 'destination_unavailable', 'connection_terminated'],
    },
  ],
} satisfies Fingerprint
