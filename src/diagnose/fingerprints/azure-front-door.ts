// Azure Front Door: X-Azure-Ref, its two apologetic pages.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'azure-front-door',
  name: 'Azure Front Door',
  role: 'cdn',
  builtOn: ['azure-websites'],
  fixedBy: 'cdn_operator',
  clues: [
    { field: ['x-azure-ref'], seen: 0.9 },
    { field: ['x-azure-externalerror'], made: 0.7, seen: 0.9, unverified: true },
    { field: ['x-azure-requestchain'], seen: 0.8, unverified: true },
    { body: "our services aren't available right now", body2: 'working to restore all services', made: 0.95 },
    { body: 'your azure front door service configuration', made: 0.95, unverified: true },
  ],
  readings: [
    {
      body: 'your azure front door service configuration',
      causes: ['destination_not_found'],
      says: 'no endpoint is configured for this host (or it is new)',
      link: 'cdn',
      party: 'cdn_operator',
    },
    {
      field: ['x-azure-externalerror', /^0x8/],
      causes: ['http_response_timeout', 'connection_terminated', 'dns_error', 'tls_certificate_error'],
      says: 'the origin leg failed; ErrorInfo in the log names the step',
    },
    {
      status: [502, 503, 504],
      slow: true,
      causes: ['http_response_timeout', 'connection_timeout'],
      says: 'the origin did not answer in time (30 s by default)',
    },
    {
      status: [502, 503, 504],
      causes: [
        'http_response_timeout',
        'tls_certificate_error',
        'http_protocol_error',
        'destination_not_found',
      ],
      says: 'the origin timed out, its certificate name does not fit, its answer is invalid, or the domain is not attached',
    },
    {
      status: 404,
      causes: ['destination_not_found'],
      says: 'no route takes this host',
      link: 'cdn',
      party: 'cdn_operator',
    },
    {
      status: [403, 429],
      causes: ['http_request_denied'],
      says: 'the WAF denies the request',
      link: 'cdn',
      party: 'cdn_operator',
    },
    {
      status: [400, 411, 413, 414],
      causes: ['destination_not_found', 'http_request_error'],
      says: 'no routing rule, or the request was refused as it came',
      link: 'cdn',
      party: 'cdn_operator',
    },
  ],
  source: 'azure-docs: articles/frontdoor/troubleshoot-issues.md',
  examples: [
    {
      raw: "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/html\r\nX-Azure-Ref: 0abc\r\nContent-Length: 137\r\n\r\n<h2>Our services aren't available right now</h2><p>We're working to restore all services as soon as possible. Please check back soon.</p>",
      causes: ['http_response_timeout', 'connection_timeout'],
      waitedMs: 30_040,
    },
  ],
} satisfies Fingerprint
