// The proxy of Vite's development server: an empty 502 as text/plain with Vary: Origin.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'vite',
  name: 'Vite development server',
  role: 'gateway',
  fixedBy: 'site_operator',
  clues: [
    {
      status: [500, 502],
      order: 'Vary,Content-Type,Date,Connection,Transfer-Encoding',
      field: ['vary', /^Origin$/],
      empty: true,
      made: 0.75,
    },
    {
      status: [500, 502],
      order: 'Access-Control-Allow-Origin,Content-Type,Date,Connection,Transfer-Encoding',
      empty: true,
      made: 0.65,
    },
    { body: '/@vite/client', seen: 0.7 },
  ],
  readings: [
    {
      slow: true,
      causes: ['http_response_timeout', 'dns_error', 'connection_timeout'],
      says: 'proxyTimeout ran out or the name did not resolve',
    },
    {
      causes: [
        'http_protocol_error',
        'connection_terminated',
        'connection_refused',
        'destination_unavailable',
        'tls_certificate_error',
        'dns_error',
        'destination_ip_unroutable',
      ],
      says: 'the request to the target failed; the terminal of the development server says how ("http proxy error")',
    },
  ],
  source: 'vitejs/vite: packages/vite/src/node/server/middlewares/proxy.ts',
  examples: [
    {
      raw: 'HTTP/1.1 502 Bad Gateway\r\nVary: Origin\r\nContent-Type: text/plain\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      causes: ['http_protocol_error', 'connection_terminated'],
      waitedMs: 2,
    },
  ],
} satisfies Fingerprint
