// Citrix NetScaler: NSC_ cookies, scrambled Connection fields, a tiny 503 page.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'netscaler',
  name: 'Citrix NetScaler (ADC)',
  role: 'gateway',
  fixedBy: 'gateway_operator',
  clues: [
    { cookie: /^(NSC_|citrix_ns_id|ns_af=)/, seen: 0.9 },
    { field: ['cneonction'], seen: 0.9 },
    { field: ['nncoection'], seen: 0.9 },
    { field: ['via', /NS-CACHE-/], seen: 0.95 },
    {
      content:
        /^<html><body><b>Http\/1\.1 (Service Unavailable|Internal Server Error( \d{1,6})?)<\/b><\/body> ?<\/html>\s*$/i,
      made: 0.65,
    },
    { body: 'appfw session id', made: 0.9 },
  ],
  readings: [
    {
      body: 'appfw session id',
      causes: ['http_request_denied'],
      says: 'the application firewall blocks the request',
      link: 'gateway',
      party: 'gateway_operator',
    },
    {
      status: 503,
      causes: ['destination_unavailable'],
      says: 'no service bound to the virtual server is up',
      operator: 'show lb vserver: the state of the bound services.',
    },
    {
      causes: ['proxy_internal_error', 'connection_terminated'],
      says: 'the NetScaler answered by itself',
      link: 'gateway',
      party: 'gateway_operator',
    },
  ],
  source: 'wafw00f; the 503 page is also returned by others',
  examples: [
    {
      raw: 'HTTP/1.1 503 Service Unavailable\r\nContent-Length: 62\r\nConnection: close\r\nCache-Control: no-cache,no-store\r\n\r\n<html><body><b>Http/1.1 Service Unavailable</b></body> </html>',
      causes: ['destination_unavailable'],
    },
  ],
} satisfies Fingerprint
