// http-proxy-middleware for Express and kin: "Error occurred while trying to proxy", status by the error's code.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'http-proxy-middleware',
  name: 'http-proxy-middleware',
  role: 'gateway',
  fixedBy: 'gateway_operator',
  clues: [{ body: 'error occurred while trying to proxy', made: 0.95 }],
  readings: [
    {
      status: 502,
      reason: /^OK$/,
      causes: ['http_protocol_error'],
      says: 'the answer had begun well when its body turned out to be broken',
    },
    {
      status: 502,
      causes: ['http_protocol_error'],
      says: 'the answer of the target cannot be parsed (an HPE_ code)',
    },
    {
      status: 504,
      slow: true,
      causes: [
        'http_response_timeout',
        'connection_read_timeout',
        'connection_timeout',
        'proxy_loop_detected',
      ],
      says: 'the target did not answer in proxyTimeout',
    },
    {
      status: 504,
      causes: ['connection_terminated', 'connection_refused', 'dns_error'],
      says: 'ECONNRESET, ECONNREFUSED or ENOTFOUND: this package says 504 for all of them',
    },
    {
      status: 200,
      causes: ['http_response_incomplete', 'connection_terminated'],
      says: 'the body of the target broke off and the error text was put behind it',
    },
    {
      causes: [
        'tls_certificate_error',
        'tls_alert_received',
        'http_response_header_section_size',
        'http_protocol_error',
        'destination_ip_unroutable',
        'dns_error',
      ],
      says: 'any other error code: TLS, header overflow, no route, resolver trouble',
    },
  ],
  source: 'chimurai/http-proxy-middleware: src/plugins/default/error-response-plugin.ts',
  examples: [
    {
      raw: 'HTTP/1.1 504 Gateway Timeout\r\nX-Powered-By: Express\r\nTransfer-Encoding: chunked\r\n\r\n38\r\nError occurred while trying to proxy: shop.example.com/\r\n0\r\n\r\n',
      causes: ['connection_terminated', 'connection_refused'],
      waitedMs: 2,
    },
  ],
} satisfies Fingerprint
