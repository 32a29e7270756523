// HTTP.sys: the kernel driver of Windows answered, no site or application pool was reached.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'http-sys',
  name: 'HTTP.sys of Windows',
  role: 'server',
  fixedBy: 'site_operator',
  clues: [
    { field: ['server', /^Microsoft-HTTPAPI\/[\d.]+$/], made: 0.9 },
    { body: '<h2>service unavailable</h2>', body2: 'http error 503. the service is unavailable.', made: 0.9 },
    { body: '<h2>bad request - invalid hostname</h2>', made: 0.95 },
    { body: 'http error 404. the requested resource is not found.', made: 0.9 },
  ],
  version: [{ field: 'server', matches: /^Microsoft-HTTPAPI\/([\d.]{1,8})/ }],
  readings: [
    {
      status: 503,
      causes: ['destination_unavailable'],
      says: 'the application pool is stopped (rapid-fail protection, or by hand)',
      link: 'origin',
      party: 'site_operator',
      operator: 'Start the application pool; the WAS events in the system log say why it stopped.',
    },
    {
      status: 400,
      body: 'invalid hostname',
      causes: ['destination_not_found', 'http_request_error'],
      says: 'no site is bound to this host name',
      link: 'origin',
      party: 'site_operator',
    },
    {
      status: 404,
      causes: ['destination_not_found'],
      says: 'no site is bound to this host name or address',
      link: 'origin',
      party: 'site_operator',
    },
    {
      status: [400, 411, 413, 414, 431, 505],
      causes: ['http_request_error'],
      says: 'the driver refused the request as it came',
    },
    {
      causes: ['destination_unavailable'],
      says: 'the request reached no application',
      link: 'origin',
      party: 'site_operator',
    },
  ],
  source: 'Microsoft KB 943891',
  examples: [
    {
      raw: 'HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/html; charset=us-ascii\r\nServer: Microsoft-HTTPAPI/2.0\r\nContent-Length: 0\r\n\r\n',
      causes: ['destination_unavailable'],
    },
  ],
} satisfies Fingerprint
