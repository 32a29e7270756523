// Kong: fixed messages, X-Kong latencies; without an upstream latency it answered itself.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'kong',
  name: 'Kong Gateway',
  role: 'gateway',
  builtOn: ['nginx', 'openresty'],
  fixedBy: 'gateway_operator',
  clues: [
    { field: ['server', /^kong\//i], made: 0.7, seen: 0.95 },
    { field: ['via', /\bkong\//i], seen: 0.95, unverified: true },
    {
      field: ['x-kong-response-latency'],
      without: ['x-kong-upstream-latency'],
      made: 0.8,
      says: 'X-Kong-Response-Latency without an upstream latency: Kong answered itself.',
    },
    { field: ['x-kong-upstream-latency'], seen: 0.95 },
    { field: ['x-kong-proxy-latency'], seen: 0.95 },
    { field: ['x-kong-request-id'], seen: 0.9 },
    { body: 'an invalid response was received from the upstream server', made: 0.9 },
    { body: 'the upstream server is timing out', made: 0.9 },
    { body: 'the upstream server is currently unavailable', made: 0.9 },
    { body: 'failure to get a peer from the ring-balancer', made: 0.95 },
    { body: 'no route matched with those values', made: 0.95 },
  ],
  version: [
    { field: 'server', matches: /^kong\/([\w.-]{1,24})/i },
    { field: 'via', matches: /\bkong\/([\w.-]{1,24})/i },
  ],
  readings: [
    {
      body: 'name resolution failed',
      causes: ['dns_error'],
      says: 'Kong cannot resolve the host of the service',
    },
    {
      body: 'failure to get a peer from the ring-balancer',
      causes: ['destination_unavailable'],
      says: 'every target of the upstream is unhealthy, or there is none',
    },
    {
      body: 'no route matched with those values',
      causes: ['destination_not_found'],
      says: 'no route takes this host, path and method',
      link: 'gateway',
      party: 'gateway_operator',
    },
    {
      status: 502,
      causes: ['connection_terminated', 'connection_refused', 'http_protocol_error', 'tls_protocol_error'],
      says: 'no valid answer from the upstream: refused, reset, TLS or a bad header',
      operator: 'The error.log of Kong has the nginx line of that moment.',
    },
    {
      status: 504,
      causes: ['http_response_timeout', 'connection_timeout'],
      says: 'connect, write or read time-out of the service (60 s by default)',
    },
    {
      status: 503,
      causes: ['destination_unavailable', 'connection_refused'],
      says: 'the upstream is unavailable',
    },
    {
      status: 500,
      causes: ['proxy_internal_error'],
      says: 'a plugin or the database of Kong failed',
      link: 'gateway',
      party: 'gateway_operator',
    },
    { status: [401, 403, 429], causes: ['http_request_denied'], says: 'a plugin of Kong denies the request' },
    {
      status: [400, 405, 413, 417, 431],
      causes: ['http_request_error'],
      says: 'Kong refused the request as it came',
    },
    {
      status: 404,
      causes: ['destination_not_found'],
      says: 'no route takes this',
      link: 'gateway',
      party: 'gateway_operator',
    },
  ],
  source: 'Kong: kong/error_handlers.lua, kong/constants.lua',
  examples: [
    {
      raw: 'HTTP/1.1 503 Service Temporarily Unavailable\r\nContent-Type: application/json; charset=utf-8\r\nServer: kong/3.4.0\r\nX-Kong-Response-Latency: 2\r\nContent-Length: 36\r\n\r\n{"message":"name resolution failed"}',
      causes: ['dns_error'],
    },
    {
      raw: 'HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json; charset=utf-8\r\nX-Kong-Upstream-Latency: 9\r\nX-Kong-Proxy-Latency: 1\r\nVia: kong/3.4.0\r\nContent-Length: 14\r\n\r\n{"shop":"sad"}',
      not: true,
    },
  ],
} satisfies Fingerprint
