// Palo Alto: the block page of the visitor's network.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'palo-alto',
  name: 'Palo Alto Networks firewall',
  role: 'proxy',
  fixedBy: 'access_provider',
  clues: [
    { body: 'palo alto next generation security platform', made: 0.95 },
    { body: 'has been blocked in accordance with company policy', made: 0.85 },
  ],
  readings: [
    {
      causes: ['http_request_denied'],
      says: 'the firewall of the network the visitor sits in blocks this site',
      link: 'network',
      party: 'access_provider',
    },
  ],
  source: 'wafw00f',
  examples: [
    {
      raw: 'HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/html; charset=UTF-8\r\nContent-Length: 131\r\n\r\n<h1>Web Page Blocked</h1><p>Access to the web page you were trying to visit has been blocked in accordance with company policy.</p>',
      causes: ['http_request_denied'],
    },
  ],
} satisfies Fingerprint
