// http-mitm-proxy for Node: 504 "Proxy Error" with its event name and the Node.js error text.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'http-mitm-proxy',
  name: 'http-mitm-proxy',
  role: 'proxy',
  fixedBy: 'access_provider',
  clues: [
    { body: 'proxy_to_server_request_error', made: 0.97 },
    { body: 'server_to_proxy_response_error', made: 0.97 },
    { body: 'proxy_to_client_response_error', made: 0.9 },
  ],
  readings: [
    {
      causes: ['http_protocol_error', 'connection_terminated', 'dns_error'],
      says: 'the request to the server failed; the content quotes how',
      textTells: true,
    },
  ],
  source: 'joeferner/node-http-mitm-proxy: lib/proxy.ts',
  examples: [
    {
      raw: 'HTTP/1.1 504 Proxy Error\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n34\r\nPROXY_TO_SERVER_REQUEST_ERROR: Error: socket hang up\r\n0\r\n\r\n',
      causes: ['connection_terminated'],
      waitedMs: 1,
    },
  ],
} satisfies Fingerprint
