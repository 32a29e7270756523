// Sucuri firewall: pages that name the cause, X-Sucuri fields.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'sucuri',
  name: 'Sucuri',
  role: 'cdn',
  builtOn: ['nginx', 'cloudflare'],
  fixedBy: 'cdn_operator',
  clues: [
    { field: ['server', /^Sucuri\/Cloudproxy$/], seen: 0.95, made: 0.3 },
    { field: ['x-sucuri-id'], seen: 0.95 },
    { field: ['x-sucuri-cache'], seen: 0.9 },
    { field: ['x-sucuri-block'], made: 0.95 },
    { body: 'access denied - sucuri website firewall', made: 0.97 },
    { body: 'sucuri website firewall', made: 0.7 },
  ],
  readings: [
    {
      body: 'access denied',
      causes: ['http_request_denied'],
      says: 'the firewall blocks the request; the page has the reason and an id',
      link: 'cdn',
      party: 'cdn_operator',
    },
    {
      body: 'connection refused',
      causes: ['connection_refused'],
      says: 'the hosting server refuses connections from Sucuri',
    },
    {
      body: 'connection timeout',
      causes: ['connection_timeout', 'http_response_timeout'],
      says: 'the hosting server does not answer Sucuri',
      operator: 'Let the addresses of Sucuri through the firewall of the host.',
    },
    {
      status: 504,
      causes: ['http_response_timeout', 'connection_timeout'],
      says: 'the hosting server did not answer in time',
    },
    {
      causes: ['connection_refused', 'connection_terminated', 'http_protocol_error'],
      says: 'the hosting server failed',
    },
  ],
  source: 'wafw00f; error pages unverified',
  examples: [
    {
      raw: 'HTTP/1.1 403 Forbidden\r\nServer: Sucuri/Cloudproxy\r\nX-Sucuri-ID: 11005\r\nX-Sucuri-Block: XSS\r\nContent-Type: text/html\r\nContent-Length: 54\r\n\r\n<title>Access Denied - Sucuri Website Firewall</title>',
      causes: ['http_request_denied'],
    },
  ],
} satisfies Fingerprint
