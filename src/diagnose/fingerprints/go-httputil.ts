// Go's httputil.ReverseProxy with its default error handler: 502 with Date and Content-Length: 0, nothing else.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'go-httputil',
  name: 'Go httputil.ReverseProxy',
  role: 'gateway',
  fixedBy: 'gateway_operator',
  clues: [
    {
      status: 502,
      order: 'Date,Content-Length',
      empty: true,
      made: 0.8,
      says: 'Date and Content-Length: 0 alone are the default 502 of Go.',
    },
    {
      status: 502,
      order: 'Date,Content-Length,Connection',
      empty: true,
      made: 0.8,
      says: 'Date and Content-Length: 0 alone are the default 502 of Go.',
    },
    { status: 502, order: 'Connection,Date,Content-Length', empty: true, made: 0.8 },
    {
      status: 400,
      order: 'Content-Type,Connection',
      content: /^400 Bad Request(: .{1,100})?$/,
      made: 0.4,
      seen: 0.6,
      says: 'This is how net/http of Go refuses a request it cannot read.',
    },
    {
      status: [431, 501, 505, 400],
      order: 'Content-Type,Connection',
      content: /^\d{3} [A-Z][\w ]{2,60}(: .{1,100})?$/,
      made: 0.3,
    },
  ],
  readings: [
    {
      status: 502,
      slow: true,
      causes: ['http_response_timeout', 'dns_error', 'connection_timeout', 'proxy_loop_detected'],
      says: 'a time-out of the transport ran out',
      operator: 'The log line "http: proxy error: ..." carries the Go error text.',
    },
    {
      status: 502,
      causes: [
        'http_protocol_error',
        'tls_protocol_error',
        'connection_refused',
        'destination_unavailable',
        'connection_terminated',
        'tls_certificate_error',
        'dns_error',
      ],
      says: 'the round trip failed in whatever way; only the log of the program says which',
      operator: 'The log line "http: proxy error: ..." carries the Go error text.',
    },
    {
      status: [400, 431, 501, 505],
      causes: ['http_request_error'],
      says: 'the HTTP server of Go refused the request as it came',
    },
  ],
  source: 'go: net/http/httputil/reverseproxy.go, net/http/server.go',
  examples: [
    {
      raw: 'HTTP/1.1 502 Bad Gateway\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nContent-Length: 0\r\n\r\n',
      causes: ['http_protocol_error', 'tls_protocol_error'],
      waitedMs: 2,
    },
  ],
} satisfies Fingerprint
