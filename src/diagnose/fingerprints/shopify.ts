// Shopify: its own statuses and the page of a closed shop.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'shopify',
  name: 'Shopify',
  role: 'server',
  fixedBy: 'site_operator',
  clues: [
    { field: ['powered-by', /^Shopify$/], seen: 0.95, unverified: true },
    { field: ['x-shopid'], seen: 0.95, unverified: true },
    { field: ['x-sorting-hat-podid'], seen: 0.9, unverified: true },
    { body: 'sorry, this shop is currently unavailable.', made: 0.95 },
    { body: 'there was a problem loading this website', made: 0.6, unverified: true },
  ],
  readings: [
    {
      body: 'sorry, this shop is currently unavailable',
      causes: ['destination_not_found', 'connection_refused', 'destination_unavailable'],
      says: 'the shop is closed, or the domain is connected to none',
      link: 'origin',
      party: 'site_operator',
    },
    {
      status: [402, 423],
      causes: ['destination_unavailable'],
      says: 'the shop is frozen',
      link: 'origin',
      party: 'site_operator',
    },
    {
      status: [403, 429, 430],
      causes: ['http_request_denied'],
      says: 'Shopify turns this visitor away',
      link: 'origin',
      party: 'site_operator',
    },
    {
      causes: ['upstream_error_passed_through'],
      says: 'Shopify itself is in trouble',
      link: 'origin',
      party: 'site_operator',
    },
  ],
  source: 'can-i-take-over-xyz; partly unverified',
  examples: [
    {
      raw: 'HTTP/1.1 404 Not Found\r\nServer: cloudflare\r\npowered-by: Shopify\r\nContent-Type: text/html\r\nContent-Length: 51\r\n\r\n<h1>Sorry, this shop is currently unavailable.</h1>',
      causes: ['destination_not_found', 'connection_refused', 'destination_unavailable'],
    },
  ],
} satisfies Fingerprint
