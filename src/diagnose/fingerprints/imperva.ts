// Imperva: incident ids, error codes of the origin leg, visid_incap cookies.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'imperva',
  name: 'Imperva (Incapsula)',
  role: 'cdn',
  fixedBy: 'cdn_operator',
  clues: [
    { cookie: /^(visid_incap_|incap_ses_|nlbi_)/, seen: 0.95 },
    { field: ['x-iinfo'], seen: 0.8, unverified: true },
    { field: ['x-cdn', /^(Imperva|Incapsula)/i], seen: 0.95 },
    { body: 'incapsula incident id:', made: 0.97 },
    { body: '_incapsula_resource', made: 0.9 },
    { body: 'powered by incapsula', made: 0.95 },
    { body: 'powered by</span> <a href="https://www.imperva.com', made: 0.8 },
  ],
  readings: [
    {
      status: [403, 406, 429],
      causes: ['http_request_denied'],
      says: 'a security rule or bot challenge',
      link: 'cdn',
      party: 'cdn_operator',
    },
    {
      status: 200,
      causes: ['http_request_denied'],
      says: 'a bot challenge with a good status',
      link: 'cdn',
      party: 'cdn_operator',
    },
    {
      causes: ['connection_timeout', 'connection_refused', 'tls_protocol_error', 'dns_error'],
      says: 'the origin leg failed; the error code of the page names the step',
      operator: 'Look up the error code of the page in the Imperva documentation.',
    },
  ],
  source: 'wafw00f; error codes unverified',
  examples: [
    {
      raw: 'HTTP/1.1 503 Service Unavailable\r\nX-Iinfo: 9-1-0 0NNN RT(1) q(0 -1 -1 0) r(0 -1)\r\nContent-Type: text/html\r\nContent-Length: 49\r\n\r\n<p>Error code 8</p>Incapsula incident ID: 123-456',
      causes: ['connection_timeout', 'connection_refused'],
    },
  ],
} satisfies Fingerprint
