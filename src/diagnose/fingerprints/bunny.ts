// bunny.net: CDN- fields and Server: BunnyCDN.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'bunny',
  name: 'bunny.net',
  role: 'cdn',
  fixedBy: 'cdn_operator',
  clues: [
    { field: ['server', /^BunnyCDN/], seen: 0.95, made: 0.3 },
    { field: ['cdn-pullzone'], seen: 0.95 },
    { field: ['cdn-requestid'], seen: 0.9 },
    { field: ['server', /^BunnyCDN/], status: [502, 503, 504], without: ['cdn-status'], made: 0.5 },
    { body: 'domain suspended or not configured', made: 0.8, unverified: true },
  ],
  readings: [
    {
      field: ['cdn-status', /^[45]\d\d$/],
      causes: ['upstream_error_passed_through'],
      says: 'CDN-Status is the status of the origin',
      link: 'origin',
      party: 'site_operator',
    },
    {
      status: 403,
      causes: ['destination_not_found', 'http_request_denied'],
      says: 'the domain is not configured, or a rule denies',
      link: 'cdn',
      party: 'cdn_operator',
    },
    {
      status: 504,
      causes: ['http_response_timeout', 'connection_timeout'],
      says: 'the origin did not answer in time',
    },
    {
      status: [502, 503],
      causes: ['connection_refused', 'connection_terminated', 'dns_error', 'tls_certificate_error'],
      says: 'the origin could not be reached',
    },
    {
      causes: ['proxy_internal_response'],
      says: 'the edge answered by itself',
      link: 'cdn',
      party: 'cdn_operator',
    },
  ],
  source: 'public fixtures (fields); error texts unverified',
  examples: [
    {
      raw: 'HTTP/1.1 502 Bad Gateway\r\nServer: BunnyCDN-DE1-1081\r\nCDN-PullZone: 1\r\nCDN-RequestId: a\r\nContent-Type: text/html\r\nContent-Length: 19\r\n\r\n<h1>502</h1> origin',
      causes: ['connection_refused', 'connection_terminated'],
    },
  ],
} satisfies Fingerprint
