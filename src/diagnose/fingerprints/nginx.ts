// nginx: its built-in pages, the packaged 50x.html, its Server field. One 502 stands for some forty faults behind it.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'nginx',
  name: 'nginx',
  role: 'gateway',
  fixedBy: 'gateway_operator',
  clues: [
    { field: ['server', /^nginx(\/[\d.]+)?( \([A-Za-z]+\))?$/], seen: 0.9, made: 0.2 },
    { body: '<hr><center>nginx</center>', made: 0.95, says: 'The page ends with the footer of nginx.' },
    { body: '<hr><center>nginx/', made: 0.95, says: 'The page ends with the footer of nginx.' },
    {
      body: 'sorry, the page you are looking for is currently unavailable.<br/>',
      made: 0.8,
      says: 'The page is the 50x.html that comes with nginx.',
    },
    {
      body: 'please contact the system administrator if you are',
      body2: 'faithfully yours, nginx',
      made: 0.9,
    },
    {
      reason:
        /^(Request-URI Too Large|Not Allowed|Requested Range Not Satisfiable|Service Temporarily Unavailable|Gateway Time-out|Moved Temporarily)$/,
      seen: 0.2,
      made: 0.1,
    },
    { order: 'Server,Date,Content-Type,Content-Length,Connection', made: 0.1, seen: 0.1 },
    { body: 'if you see this page, the nginx web server is successfully installed', made: 0.95 },
    { body: 'welcome to nginx!', made: 0.8 },
  ],
  version: [
    { body: '<hr><center>nginx/', matches: /nginx\/([\d.]{1,16})/i },
    { field: 'server', matches: /^nginx\/([\d.]{1,16})/ },
  ],
  readings: [
    {
      status: 400,
      body: 'the plain http request was sent to https port',
      causes: ['upstream_error_passed_through', 'http_request_error'],
      says: 'a plain HTTP request reached a port where nginx expects TLS: the hop before it talks the wrong protocol, or we did',
      link: 'upstream',
      party: 'gateway_operator',
      operator:
        'Make the hop in front use https towards this port, or open a plain port for it (status 497 in the access log).',
    },
    {
      status: 400,
      body: 'no required ssl certificate was sent',
      causes: ['http_request_denied'],
      says: 'nginx demands a client certificate (status 496): typical for an origin that only trusts its CDN',
      link: 'gateway',
      party: 'gateway_operator',
    },
    {
      status: 400,
      body: 'the ssl certificate error',
      causes: ['http_request_denied'],
      says: 'the client certificate did not pass verification (status 495)',
      link: 'gateway',
      party: 'gateway_operator',
    },
    {
      status: 400,
      body: 'request header or cookie too large',
      causes: ['http_request_error'],
      says: 'the request head is larger than large_client_header_buffers (status 494), mostly because of cookies',
      visitor: 'Delete the cookies of this site and try again.',
    },
    {
      status: [400, 405, 408, 411, 413, 414, 415, 416, 417, 431],
      causes: ['http_request_error'],
      says: 'nginx itself refused the request as it came',
    },
    {
      status: [401, 403, 407, 429],
      causes: ['http_request_denied'],
      says: 'a rule of nginx denies the request',
      operator:
        'Look for "access forbidden by rule", "limiting requests" or "is forbidden" in the error log.',
    },
    {
      status: 404,
      causes: ['destination_not_found', 'upstream_error_passed_through'],
      says: 'nginx looked for a file of its own: no location or server block takes this name and path to the application',
      link: 'gateway',
      party: 'gateway_operator',
    },
    {
      status: 504,
      slow: false,
      causes: ['upstream_error_passed_through', 'http_response_timeout', 'connection_timeout'],
      says: 'a time-out is reported although no time went by: the upstream itself said 504 and nginx put its own page in its place, or a cached error',
      link: 'origin',
      party: 'site_operator',
    },
    {
      status: 504,
      causes: ['http_response_timeout', 'connection_timeout'],
      says: 'proxy_read_timeout, proxy_send_timeout or proxy_connect_timeout ran out',
      operator:
        'Look for "upstream timed out (110: Connection timed out) while ..." in the error log: the words after "while" name the phase.',
    },
    {
      status: [500, 503],
      body: 'sorry, the page you are looking for is currently unavailable.<br/>',
      causes: [
        'upstream_error_passed_through',
        'http_request_denied',
        'proxy_internal_error',
        'proxy_loop_detected',
      ],
      says: 'the packaged page stands for an error of nginx itself, a limit, or (proxy_intercept_errors) for the error of the application',
      link: 'origin',
      party: 'site_operator',
    },
    {
      status: 503,
      causes: [
        'http_request_denied',
        'connection_limit_reached',
        'connection_refused',
        'destination_unavailable',
      ],
      says: 'limit_req or limit_conn rejected the request, the configuration says "return 503", or (ingress-nginx) the service has no endpoints',
      link: 'gateway',
      party: 'gateway_operator',
      operator:
        'Look for "limiting requests" or "limiting connections" in the error log; in Kubernetes: kubectl get endpoints.',
    },
    {
      status: 500,
      causes: ['proxy_internal_error', 'proxy_loop_detected', 'proxy_configuration_error'],
      says: 'nginx itself failed: a rewrite cycle, worker_connections used up (also by a loop), a full disk, an auth_request error',
      link: 'gateway',
      party: 'gateway_operator',
      operator:
        'Look for "rewrite or internal redirection cycle" or "worker_connections are not enough" in the error log.',
    },
    {
      status: 502,
      slow: true,
      causes: [
        'connection_terminated',
        'dns_error',
        'connection_refused',
        'destination_unavailable',
        'tls_protocol_error',
      ],
      says: 'the upstream took the request and then died or hung up, or its name could not be resolved in time',
      operator:
        'Look for "upstream prematurely closed connection" or "could not be resolved (110: Operation timed out)" in the error log.',
    },
    {
      status: 502,
      causes: [
        'connection_terminated',
        'connection_refused',
        'destination_unavailable',
        'http_protocol_error',
        'tls_certificate_error',
        'http_response_header_section_size',
        'dns_error',
        'tls_protocol_error',
      ],
      says: 'anything but a time-out: refused, reset, closed early, bad or too large header, TLS or name trouble; nginx tells only its error log which',
      operator:
        'The error log says which: "connect() failed (111: Connection refused)", "upstream prematurely closed connection", "upstream sent too big header", "upstream sent invalid header", "no live upstreams", "could not be resolved", "SSL_do_handshake() failed".',
    },
    { status: [501, 505], causes: ['http_request_error'], says: 'nginx does not support this request' },
  ],
  source: 'nginx: src/http/ngx_http_special_response.c, ngx_http_upstream.c',
  examples: [
    {
      raw: 'HTTP/1.1 502 Bad Gateway\r\nServer: nginx/1.25.3\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nContent-Type: text/html\r\nContent-Length: 157\r\nConnection: close\r\n\r\n<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.25.3</center>\r\n</body>\r\n</html>\r\n',
      causes: ['connection_terminated', 'connection_refused', 'destination_unavailable'],
    },
    {
      raw: 'HTTP/1.1 504 Gateway Time-out\r\nServer: nginx\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nContent-Type: text/html\r\nContent-Length: 160\r\nConnection: close\r\n\r\n<html>\r\n<head><title>504 Gateway Time-out</title></head>\r\n<body>\r\n<center><h1>504 Gateway Time-out</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n',
      causes: ['http_response_timeout', 'connection_timeout'],
      waitedMs: 60_020,
    },
    {
      raw: 'HTTP/1.1 502 Bad Gateway\r\nServer: nginx\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{"error":"shop"}',
      not: true,
    },
  ],
} satisfies Fingerprint
