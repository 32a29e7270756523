// Azure Application Gateway: pages of nginx with its own name in the footer.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'azure-app-gateway',
  name: 'Azure Application Gateway',
  role: 'gateway',
  builtOn: ['nginx'],
  fixedBy: 'gateway_operator',
  clues: [
    {
      body: '<hr><center>Microsoft-Azure-Application-Gateway',
      made: 0.97,
      says: 'The page ends with the footer of Azure Application Gateway.',
    },
    { field: ['server', /^Microsoft-Azure-Application-Gateway(\/|$)/i], seen: 0.92, made: 0.25 },
    { field: ['server', /^Microsoft-Azure-Application-Gateway\/v\d/], made: 0.9 },
    { cookie: /^ApplicationGatewayAffinity(CORS)?=/, seen: 0.8 },
  ],
  readings: [
    {
      status: 400,
      body: 'request header or cookie too large',
      causes: ['http_request_error'],
      says: 'the request head is too large, mostly because of cookies',
      visitor: 'Delete the cookies of this site and try again.',
    },
    {
      status: [400, 405, 408, 411, 413, 414, 431],
      causes: ['http_request_error'],
      says: 'it refused the request as it came',
    },
    {
      status: [401, 403, 407, 429],
      causes: ['http_request_denied'],
      says: 'a rule of it denies the request',
    },
    {
      status: 504,
      causes: ['http_response_timeout', 'connection_timeout'],
      says: 'the upstream let a time-out run out',
      operator: 'Look for "upstream timed out" in the error log.',
    },
    {
      status: 503,
      causes: [
        'connection_refused',
        'destination_unavailable',
        'http_request_denied',
        'connection_limit_reached',
      ],
      says: 'a limit rejected the request, or the service has no endpoints',
    },
    {
      status: 502,
      causes: [
        'connection_terminated',
        'connection_refused',
        'destination_unavailable',
        'http_protocol_error',
        'tls_certificate_error',
        'dns_error',
      ],
      says: 'anything but a time-out went wrong with the upstream; only the error log says what',
      operator:
        'The error log line of that moment: "connect() failed", "upstream prematurely closed connection", "upstream sent ...", "no live upstreams".',
    },
    {
      status: 404,
      causes: ['destination_not_found'],
      says: 'no server or location of it takes this host and path',
      link: 'gateway',
      party: 'gateway_operator',
    },
    {
      status: 500,
      causes: ['proxy_internal_error', 'proxy_loop_detected'],
      says: 'it failed itself: a rewrite cycle, a Lua error, a full disk',
      link: 'gateway',
      party: 'gateway_operator',
    },
  ],
  source: 'azure-docs: application-gateway/http-response-codes.md',
  examples: [
    {
      raw: 'HTTP/1.1 502 Bad Gateway\r\nServer: Microsoft-Azure-Application-Gateway\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nContent-Type: text/html\r\nContent-Length: 180\r\nConnection: close\r\n\r\n<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>Microsoft-Azure-Application-Gateway</center>\r\n</body>\r\n</html>\r\n',
      causes: ['connection_terminated', 'connection_refused', 'destination_unavailable'],
    },
  ],
} satisfies Fingerprint
