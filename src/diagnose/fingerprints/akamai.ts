// Akamai: short pages with a reference number, Server: AkamaiGHost.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'akamai',
  name: 'Akamai',
  role: 'cdn',
  fixedBy: 'cdn_operator',
  clues: [
    { field: ['server', /^AkamaiGHost$/], made: 0.9 },
    { field: ['server', /^AkamaiNetStorage$/], made: 0.6 },
    { field: ['x-akamai-request-id'], seen: 0.9, unverified: true },
    { field: ['akamai-grn'], seen: 0.9, unverified: true },
    { field: ['server-timing', /(^|, ?)(cdn-cache; ?desc=|ak_p)/], seen: 0.6, unverified: true },
    { body: 'https://errors.edgesuite.net/', made: 0.95 },
    { body: 'reference&#32;&#35;', made: 0.9, unverified: true },
    {
      body: 'the proxy server did not receive a timely response from the upstream server.',
      body2: 'reference',
      made: 0.85,
    },
  ],
  readings: [
    {
      status: 504,
      causes: ['http_response_timeout', 'connection_timeout'],
      says: 'the origin did not accept or answer in time',
      operator: 'Translate the reference number with the Error Translator of the Control Center.',
    },
    {
      status: 503,
      causes: ['dns_error', 'connection_refused', 'tls_protocol_error', 'tls_certificate_error'],
      says: 'the origin was not reached: DNS, connecting or TLS',
      operator: 'Translate the reference number with the Error Translator of the Control Center.',
    },
    {
      status: 502,
      causes: ['http_protocol_error', 'connection_terminated'],
      says: 'the answer of the origin is invalid or broke off',
    },
    {
      status: 403,
      causes: ['http_request_denied'],
      says: 'a WAF, bot or geo rule denies the request (reference #18)',
      link: 'cdn',
      party: 'cdn_operator',
    },
    {
      status: 400,
      causes: ['http_request_error', 'destination_not_found'],
      says: 'the request is malformed, or the edge does not know this host (reference #9)',
      link: 'cdn',
      party: 'cdn_operator',
    },
    {
      status: [405, 408, 411, 413, 414, 416],
      causes: ['http_request_error'],
      says: 'the edge refused the request as it came',
    },
    {
      status: 404,
      causes: ['destination_not_found'],
      says: 'the edge has nothing for this',
      link: 'cdn',
      party: 'cdn_operator',
    },
    {
      causes: ['proxy_internal_error', 'proxy_configuration_error'],
      says: 'the edge itself failed',
      link: 'cdn',
      party: 'cdn_operator',
    },
  ],
  source: 'wafw00f; techdocs.akamai.com; ip-info.xyz (partly unverified)',
  examples: [
    {
      raw: 'HTTP/1.1 504 Gateway Time-out\r\nServer: AkamaiGHost\r\nMime-Version: 1.0\r\nContent-Type: text/html\r\nContent-Length: 149\r\n\r\n<HTML><H1>Gateway Timeout</H1>The proxy server did not receive a timely response from the upstream server.<P>Reference&#32;&#35;1&#46;2f0b3b17</HTML>',
      causes: ['http_response_timeout', 'connection_timeout'],
    },
  ],
} satisfies Fingerprint
