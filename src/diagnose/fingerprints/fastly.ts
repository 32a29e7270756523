// Fastly: X-Served-By, X-Timer, and reason phrases that name the failure.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'fastly',
  name: 'Fastly',
  role: 'cdn',
  builtOn: ['varnish'],
  fixedBy: 'cdn_operator',
  clues: [
    {
      field: ['x-served-by', /^cache-[a-z0-9-]{3,40}/i],
      body: '<p>varnish cache server</p>',
      made: 0.95,
      says: 'The page of Varnish with a cache node of Fastly in X-Served-By.',
    },
    {
      field: ['x-served-by', /^cache-[a-z0-9-]{3,40}/i],
      reason:
        /^(All backends failed or unhealthy|Backend is unhealthy|backend read error|first byte timeout)$/i,
      made: 0.8,
    },
    { field: ['x-served-by', /^cache-[a-z0-9-]{3,40}/i], seen: 0.9 },
    { field: ['x-timer', /^S\d{9,10}\.\d+,VS\d+/], seen: 0.9, unverified: true },
    { field: ['x-fastly-request-id'], seen: 0.95 },
    { body: 'fastly error: unknown domain', made: 0.97 },
    { body: '<p>details: cache-', made: 0.95, unverified: true },
    {
      reason:
        /^(All backends failed or unhealthy|backend read error|backend write error|first byte timeout|between bytes timeout|backend\.max_conn reached|quorum weight not reached|Loop detected)$/i,
      made: 0.7,
    },
    { status: 421, body: 'requested host does not match any subject alternative names', made: 0.9 },
  ],
  readings: [
    {
      body: 'unknown domain',
      causes: ['destination_not_found'],
      says: 'no service has this domain: the DNS points at Fastly, the configuration does not know it',
      link: 'cdn',
      party: 'cdn_operator',
    },
    {
      body: 'all backends failed or unhealthy',
      causes: ['destination_unavailable'],
      says: 'every backend is unhealthy or gave no valid answer',
    },
    {
      reason: /^All backends failed/i,
      causes: ['destination_unavailable'],
      says: 'every backend is unhealthy or gave no valid answer',
    },
    {
      body: 'error 503 backend is unhealthy',
      causes: ['destination_unavailable'],
      says: 'the health check fails, so the origin was not asked',
    },
    {
      body: 'error 503 first byte timeout',
      causes: ['http_response_timeout'],
      says: 'no first byte in time (15 s by default)',
    },
    {
      reason: /^first byte timeout$/i,
      causes: ['http_response_timeout'],
      says: 'no first byte in time (15 s by default)',
    },
    {
      body: 'error 503 backend read error',
      causes: ['connection_terminated'],
      says: 'the origin closed or reset the connection',
    },
    {
      reason: /^backend read error$/i,
      causes: ['connection_terminated'],
      says: 'the origin closed or reset the connection',
    },
    {
      reason: /^backend write error$/i,
      causes: ['connection_write_timeout', 'connection_terminated'],
      says: 'the request could not be sent',
    },
    {
      reason: /^between bytes timeout$/i,
      causes: ['connection_read_timeout'],
      says: 'the origin stalled in its answer',
    },
    {
      reason: /^backend\.max_conn reached$/i,
      causes: ['connection_limit_reached'],
      says: 'the connection limit of the backend is reached',
    },
    {
      body: 'error 503 connection timed out',
      causes: ['connection_timeout'],
      says: 'the origin did not accept in time',
    },
    {
      body: 'error 503 connection refused',
      causes: ['connection_refused'],
      says: 'the origin refused the connection',
    },
    {
      reason: /^Connection timed out$/i,
      causes: ['connection_timeout'],
      says: 'the origin did not accept in time (1 s by default)',
    },
    {
      reason: /^Connection refused$/i,
      causes: ['connection_refused'],
      says: 'the origin refused the connection',
    },
    {
      reason: /^(Network is unreachable|No route to host)$/i,
      causes: ['destination_ip_unroutable'],
      says: 'there is no route to the origin',
    },
    {
      body: 'certificate',
      causes: ['tls_certificate_error'],
      says: 'the certificate of the origin does not verify',
    },
    {
      body: 'ssl handshake error',
      causes: ['tls_protocol_error', 'tls_certificate_error'],
      says: 'TLS with the origin failed',
    },
    {
      reason: /^Loop detected$/i,
      causes: ['proxy_loop_detected'],
      says: 'the service points at itself',
      link: 'cdn',
      party: 'cdn_operator',
    },
    {
      status: 421,
      causes: ['http_request_error'],
      says: 'the host does not fit the certificate of this connection',
      link: 'you',
      party: 'cdn_operator',
    },
    {
      status: 503,
      causes: [
        'connection_refused',
        'destination_unavailable',
        'connection_terminated',
        'http_response_timeout',
      ],
      says: 'the fetch from the origin failed',
    },
    {
      causes: ['proxy_internal_response'],
      says: 'the VCL answered by itself',
      link: 'cdn',
      party: 'cdn_operator',
    },
  ],
  source: 'fastly.com/documentation/guides/vcl/errors; partly unverified',
  examples: [
    {
      raw: 'HTTP/1.1 503 first byte timeout\r\nRetry-After: 0\r\nContent-Type: text/html; charset=utf-8\r\nServer: Varnish\r\nX-Served-By: cache-fra-eddf8230051-FRA\r\nVia: 1.1 varnish\r\nContent-Length: 169\r\n\r\n<h1>Error 503 first byte timeout</h1><p>first byte timeout</p><h3>Error 54113</h3><p>Details: cache-fra-eddf8230051-FRA 1700000000 123</p><hr><p>Varnish cache server</p>',
      causes: ['http_response_timeout'],
    },
    {
      raw: 'HTTP/1.1 500 Domain Not Found\r\nServer: Varnish\r\nX-Served-By: cache-fra1-FRA\r\nContent-Length: 106\r\n\r\nFastly error: unknown domain: shop.example.com. Please check that this domain has been added to a service.',
      causes: ['destination_not_found'],
    },
  ],
} satisfies Fingerprint
