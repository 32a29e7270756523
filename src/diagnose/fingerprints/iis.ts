// IIS with Application Request Routing: friendly pages, sub-status codes and WinHTTP errors when it is allowed to show them.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'iis',
  name: 'Microsoft IIS and ARR',
  role: 'gateway',
  fixedBy: 'gateway_operator',
  clues: [
    { field: ['server', /^Microsoft-IIS\/[\d.]+$/], seen: 0.9, made: 0.3 },
    { field: ['x-powered-by', /^ARR\//], seen: 0.9, made: 0.2 },
    { field: ['x-powered-by', /^ASP\.NET$/], seen: 0.6 },
    { field: ['x-aspnet-version'], seen: 0.6 },
    { body: 'web server received an invalid response while acting as a gateway or proxy server', made: 0.95 },
    { body: 'there is a problem with the page you are looking for, and it cannot be displayed', made: 0.9 },
    { body: '<h2>http error 50', made: 0.5 },
    { body: '<title>iis ', body2: 'detailed error', made: 0.95 },
    { body: 'http error 502.', made: 0.6 },
    { body: 'http error 500.', made: 0.6 },
    { body: 'server error in application', made: 0.8 },
    { body: '<h2>404 - file or directory not found.</h2>', made: 0.9 },
    { body: '<h2>403 - forbidden: access is denied.</h2>', made: 0.9 },
    { body: '<h2>500 - internal server error.</h2>', made: 0.9 },
  ],
  version: [{ field: 'server', matches: /^Microsoft-IIS\/([\d.]{1,8})/ }],
  readings: [
    {
      body: '0x80072ee2',
      causes: ['http_response_timeout', 'connection_timeout'],
      says: 'WinHTTP time-out (12002): the proxy time-out of ARR ran out',
      operator:
        'Raise the proxy time-out of the server farm, or find out why the member is slow; compare time-taken.',
    },
    {
      body: '0x80072ee7',
      causes: ['dns_error'],
      says: 'the name of the farm member does not resolve (12007)',
    },
    {
      body: '0x80072efd',
      causes: ['connection_refused', 'destination_unavailable'],
      says: 'the farm member cannot be connected to (12029)',
    },
    {
      body: '0x80072efe',
      causes: ['connection_terminated'],
      says: 'the farm member closed the connection without an answer (12030)',
    },
    { body: '0x80072eff', causes: ['connection_terminated'], says: 'the connection was reset (12031)' },
    {
      body: '0x80072f78',
      causes: ['http_protocol_error'],
      says: 'the answer of the farm member is cut or cannot be parsed (12152)',
    },
    {
      body: '0x80072f8f',
      causes: ['tls_certificate_error'],
      says: 'the certificate of the farm member is not trusted (12175)',
    },
    {
      body: 'http error 502.5',
      causes: ['connection_refused', 'http_upgrade_failed'],
      says: 'the .NET process did not start (ASP.NET Core module), or a WebSocket failed (ARR)',
      operator: 'Event log of the ASP.NET Core module; stdoutLogEnabled in web.config.',
    },
    {
      body: 'http error 502.4',
      causes: ['destination_unavailable'],
      says: 'no appropriate server is online in the farm',
    },
    {
      body: 'http error 502.2',
      causes: ['connection_terminated'],
      says: 'the CGI or FastCGI process ended before complete headers',
    },
    { body: 'http error 502.1', causes: ['http_response_timeout'], says: 'the CGI application timed out' },
    {
      body: 'http error 500.19',
      causes: ['proxy_configuration_error'],
      says: 'web.config is invalid',
      link: 'origin',
      party: 'site_operator',
    },
    {
      body: 'http error 500.3',
      causes: ['upstream_error_passed_through', 'proxy_configuration_error'],
      says: 'the application did not start in the ASP.NET Core module',
      link: 'origin',
      party: 'site_operator',
    },
    {
      status: 502,
      slow: true,
      causes: ['http_response_timeout', 'connection_timeout', 'connection_terminated'],
      says: "ARR got no usable answer and took a time-out's time for it",
    },
    {
      status: 502,
      causes: [
        'connection_terminated',
        'connection_refused',
        'http_protocol_error',
        'destination_unavailable',
      ],
      says: 'ARR or CGI got no usable answer; the sub-status in the log says why (502.3 with a WinHTTP code, 502.4 no server)',
      operator:
        'IIS log: sc-substatus and sc-win32-status (12002 time-out, 12007 DNS, 12029 connect, 12030 closed, 12152 invalid).',
    },
    {
      status: 503,
      causes: ['connection_refused', 'destination_unavailable', 'connection_limit_reached'],
      says: 'the application is stopped, or a queue is full',
      link: 'origin',
      party: 'site_operator',
    },
    {
      status: 504,
      causes: ['http_response_timeout', 'connection_timeout'],
      says: 'the farm member did not answer in time',
    },
    { status: [401, 403], causes: ['http_request_denied'], says: 'IIS denies the request' },
    {
      status: [400, 405, 406, 408, 411, 412, 413, 414, 431],
      causes: ['http_request_error'],
      says: 'IIS refused the request as it came',
    },
    {
      status: 404,
      causes: ['upstream_error_passed_through', 'destination_not_found'],
      says: 'this IIS has no such file or route',
      link: 'origin',
      party: 'site_operator',
    },
    {
      status: 500,
      causes: ['upstream_error_passed_through'],
      says: 'the application failed',
      link: 'origin',
      party: 'site_operator',
    },
  ],
  source: 'Microsoft KB 943891; Troubleshooting 502 errors in ARR',
  examples: [
    {
      raw: 'HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nServer: Microsoft-IIS/10.0\r\nX-Powered-By: ASP.NET\r\nContent-Length: 189\r\n\r\n<h2>502 - Web server received an invalid response while acting as a gateway or proxy server.</h2>\r\n<h3>There is a problem with the page you are looking for, and it cannot be displayed.</h3>',
      causes: ['connection_terminated', 'connection_refused'],
      waitedMs: 10,
    },
    {
      raw: 'HTTP/1.1 502 Bad Gateway\r\nServer: Microsoft-IIS/10.0\r\nContent-Type: text/html\r\nContent-Length: 77\r\n\r\n<h2>HTTP Error 502.3 - Bad Gateway</h2><td>Error Code</td><td>0x80072ee2</td>',
      causes: ['http_response_timeout', 'connection_timeout'],
    },
  ],
} satisfies Fingerprint
