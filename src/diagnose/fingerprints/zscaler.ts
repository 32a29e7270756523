// Zscaler: the proxy of the visitor's company.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'zscaler',
  name: 'Zscaler',
  role: 'proxy',
  fixedBy: 'access_provider',
  clues: [
    { field: ['server', /^Zscaler\//], made: 0.9 },
    { body: 'internet security by zscaler', made: 0.95 },
    { body: 'https://login.zscaler', made: 0.7, unverified: true },
  ],
  readings: [
    {
      status: [403, 307],
      causes: ['http_request_denied'],
      says: 'a policy of the company proxy blocks this',
      link: 'proxy',
      party: 'access_provider',
    },
    {
      status: 407,
      causes: ['proxy_auth_required'],
      says: 'the company proxy wants a login',
      party: 'visitor',
    },
    {
      status: [502, 503, 504],
      causes: ['connection_timeout', 'dns_error', 'connection_refused', 'tls_certificate_error'],
      says: 'the company proxy could not reach the site',
    },
    {
      causes: ['http_request_denied'],
      says: 'the company proxy answered by itself',
      link: 'proxy',
      party: 'access_provider',
    },
  ],
  source: 'wafw00f; partly unverified',
  examples: [
    {
      raw: 'HTTP/1.1 403 Forbidden\r\nServer: Zscaler/6.2\r\nContent-Type: text/html\r\nContent-Length: 40\r\n\r\n<p>Internet Security by Zscaler</p> ....',
      causes: ['http_request_denied'],
    },
  ],
} satisfies Fingerprint
