// Squid: X-Squid-Error with the errno, its page, Via and X-Cache. Says more than most about the leg behind it.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'squid',
  name: 'Squid',
  role: 'proxy',
  fixedBy: 'gateway_operator',
  clues: [
    {
      field: ['x-squid-error', /^ERR_[A-Z0-9_]+ -?\d+/],
      made: 0.97,
      says: 'The answer has the field X-Squid-Error.',
    },
    { field: ['server', /^squid(\/|$)/], made: 0.85 },
    { field: ['via', /\(squid(\/[\w.-]+)?\)/], seen: 0.95 },
    { field: ['x-cache-lookup', /^\w+ from /], seen: 0.5 },
    { field: ['x-transformed-from', /^HTTP\/0\.9$/], made: 0.5, seen: 0.9 },
    { body: '<p>your cache administrator is', made: 0.5 },
    { body: 'the requested url could not be retrieved</h2>', made: 0.8 },
    { body: 'while trying to retrieve the url', body2: '(squid', made: 0.9 },
  ],
  version: [
    { field: 'server', matches: /^squid\/([\w.-]{1,24})/ },
    { field: 'via', matches: /\(squid\/([\w.-]{1,24})\)/ },
  ],
  readings: [
    {
      field: ['x-squid-error', /^ERR_DNS_FAIL /],
      causes: ['dns_error'],
      says: 'the resolver of Squid could not resolve the name (its resolver may differ from yours)',
    },
    {
      field: ['x-squid-error', /^ERR_CONNECT_FAIL 111/],
      causes: ['connection_refused'],
      says: 'the connection was refused',
    },
    {
      field: ['x-squid-error', /^ERR_CONNECT_FAIL 110/],
      causes: ['connection_timeout'],
      says: 'the connection attempt timed out',
    },
    {
      field: ['x-squid-error', /^ERR_CONNECT_FAIL (113|101)/],
      causes: ['destination_ip_unroutable'],
      says: 'there is no route to the address',
    },
    {
      field: ['x-squid-error', /^ERR_CONNECT_FAIL 104/],
      causes: ['connection_terminated', 'tls_protocol_error'],
      says: 'the connection was reset while it was opened',
    },
    {
      field: ['x-squid-error', /^ERR_CONNECT_FAIL/],
      causes: ['destination_unavailable', 'connection_refused'],
      says: 'the connection could not be opened',
    },
    {
      field: ['x-squid-error', /^ERR_SECURE_CONNECT_FAIL/],
      body: 'X509_V_ERR',
      causes: ['tls_certificate_error'],
      says: 'the certificate of the server does not verify; the page names the reason',
    },
    {
      field: ['x-squid-error', /^ERR_SECURE_CONNECT_FAIL 104/],
      causes: ['tls_protocol_error'],
      says: 'the connection was reset during the TLS handshake',
    },
    {
      field: ['x-squid-error', /^ERR_SECURE_CONNECT_FAIL 110/],
      causes: ['connection_timeout', 'tls_protocol_error'],
      says: 'the TLS handshake timed out',
    },
    {
      field: ['x-squid-error', /^ERR_SECURE_CONNECT_FAIL/],
      body: 'TLS_LIB_ERR',
      causes: ['tls_protocol_error'],
      says: 'the TLS handshake failed; the page quotes the OpenSSL error',
    },
    {
      field: ['x-squid-error', /^ERR_SECURE_CONNECT_FAIL/],
      body: 'TLS_IO_ERR=5',
      causes: ['tls_protocol_error'],
      says: 'the server hung up during the TLS handshake',
    },
    {
      field: ['x-squid-error', /^ERR_SECURE_CONNECT_FAIL/],
      body: 'TLS_IO_ERR=1',
      causes: ['tls_certificate_error'],
      says: 'Squid itself broke the handshake off without an error of the TLS library: it does not trust the certificate',
    },
    {
      field: ['x-squid-error', /^ERR_SECURE_CONNECT_FAIL/],
      causes: ['tls_certificate_error', 'tls_protocol_error'],
      says: 'the TLS handshake failed',
    },
    {
      field: ['x-squid-error', /^ERR_READ_TIMEOUT/],
      causes: ['http_response_timeout'],
      says: 'the server took the request and sent nothing in read_timeout',
    },
    {
      field: ['x-squid-error', /^ERR_READ_ERROR 0/],
      causes: ['dns_error', 'connection_refused', 'destination_unavailable', 'connection_terminated'],
      says: 'Squid never tried: the peer is counted dead or its name does not resolve (errno 0)',
    },
    {
      field: ['x-squid-error', /^ERR_READ_ERROR/],
      causes: ['connection_terminated'],
      says: 'the connection broke while the answer was read',
    },
    {
      field: ['x-squid-error', /^ERR_ZERO_SIZE_OBJECT/],
      causes: ['connection_terminated'],
      says: 'the server closed the connection without a byte',
    },
    {
      field: ['x-squid-error', /^ERR_INVALID_RESP/],
      causes: ['http_protocol_error'],
      says: 'the answer of the server is no valid HTTP',
    },
    {
      field: ['x-squid-error', /^ERR_WRITE_ERROR/],
      causes: ['connection_terminated', 'connection_write_timeout'],
      says: 'the request could not be sent whole',
    },
    {
      field: ['x-squid-error', /^ERR_CANNOT_FORWARD/],
      method: ['CONNECT'],
      causes: ['dns_error'],
      says: 'a tunnel to a name that does not resolve',
    },
    {
      field: ['x-squid-error', /^ERR_CANNOT_FORWARD/],
      causes: ['dns_error', 'connection_refused', 'destination_unavailable'],
      says: 'no peer or path to the server is left',
    },
    {
      field: ['x-squid-error', /^ERR_TOO_BIG/],
      status: 502,
      causes: ['http_response_header_section_size'],
      says: 'the answer exceeds a size limit of Squid',
    },
    {
      field: ['x-squid-error', /^ERR_TOO_BIG/],
      causes: ['http_request_error'],
      says: 'the request exceeds a size limit of Squid',
    },
    {
      field: ['x-squid-error', /^ERR_(ACCESS_DENIED|FORWARDING_DENIED|CACHE_MGR_ACCESS_DENIED)/],
      causes: ['http_request_denied'],
      says: 'an access rule of Squid denies the request',
    },
    {
      field: ['x-squid-error', /^ERR_CACHE_ACCESS_DENIED/],
      causes: ['proxy_auth_required'],
      says: 'the proxy wants a login',
      party: 'visitor',
    },
    {
      field: ['x-squid-error', /^ERR_CONFLICT_HOST/],
      causes: ['http_request_error'],
      says: 'the Host does not resolve to the address the visitor went to, as the intercepting proxy sees it',
      link: 'proxy',
      party: 'access_provider',
    },
    {
      field: ['x-squid-error', /^ERR_ONLY_IF_CACHED_MISS/],
      causes: ['http_request_error'],
      says: 'only a stored answer was asked for and there is none',
    },
    {
      field: ['x-squid-error', /^ERR_(SOCKET_FAILURE|GATEWAY_FAILURE|SHUTTING_DOWN|ICAP_FAILURE)/],
      causes: ['proxy_internal_error'],
      says: 'Squid itself is in trouble',
      link: 'proxy',
      party: 'gateway_operator',
    },
    {
      field: ['x-squid-error', /^ERR_(INVALID_|UNSUP_|PROTOCOL_UNKNOWN|URN_|LIFETIME)/],
      causes: ['http_request_error'],
      says: 'Squid refused the request as it came',
    },
    {
      body: 'unable to determine ip address from host name',
      causes: ['dns_error'],
      says: 'the resolver of Squid could not resolve the name',
    },
    {
      body: 'failed to establish a secure connection to',
      causes: ['tls_certificate_error', 'tls_protocol_error'],
      says: 'the TLS handshake with the server failed',
    },
    { body: '(111) connection refused', causes: ['connection_refused'], says: 'the connection was refused' },
    {
      status: 407,
      causes: ['proxy_auth_required'],
      says: 'the proxy wants a login',
      party: 'visitor',
    },
    { status: 403, causes: ['http_request_denied'], says: 'an access rule of Squid denies the request' },
    {
      status: 504,
      causes: ['http_response_timeout', 'connection_timeout'],
      says: 'the server did not answer in time',
    },
    {
      status: 503,
      causes: [
        'connection_refused',
        'destination_unavailable',
        'dns_error',
        'tls_certificate_error',
        'tls_protocol_error',
      ],
      says: 'no connection to the server',
    },
    {
      status: 502,
      causes: ['connection_terminated', 'http_protocol_error', 'dns_error'],
      says: 'no usable answer from the server',
    },
    {
      status: [400, 405, 409, 411, 413, 414, 417, 501, 505],
      causes: ['http_request_error'],
      says: 'Squid refused the request as it came',
    },
    {
      status: 500,
      causes: ['proxy_internal_error', 'dns_error', 'connection_refused', 'destination_unavailable'],
      says: 'Squid could not forward the request',
    },
  ],
  source: 'squid: src/errorpage.cc, src/FwdState.cc, errors/templates',
  examples: [
    {
      raw: 'HTTP/1.1 503 Service Unavailable\r\nServer: squid/6.6\r\nMime-Version: 1.0\r\nContent-Type: text/html;charset=utf-8\r\nContent-Length: 0\r\nX-Squid-Error: ERR_CONNECT_FAIL 111\r\nVia: 1.1 gate.test (squid/6.6)\r\n\r\n',
      causes: ['connection_refused'],
    },
    {
      raw: 'HTTP/1.1 503 Service Unavailable\r\nServer: squid\r\nX-Squid-Error: ERR_DNS_FAIL 0\r\nContent-Length: 0\r\n\r\n',
      causes: ['dns_error'],
    },
    {
      raw: 'HTTP/1.1 500 Internal Server Error\r\nServer: shop\r\nVia: 1.1 gate.test (squid/6.6)\r\nX-Cache: MISS from gate.test\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 4\r\n\r\noops',
      not: true,
    },
  ],
} satisfies Fingerprint
