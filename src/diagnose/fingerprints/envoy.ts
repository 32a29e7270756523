// Envoy and what is built on it (Istio, Contour, App Mesh): one-sentence local replies as text/plain.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'envoy',
  name: 'Envoy',
  role: 'gateway',
  fixedBy: 'gateway_operator',
  clues: [
    { field: ['server', /^(istio-)?envoy$/], seen: 0.95, made: 0.3 },
    { body: 'upstream connect error or disconnect/reset before headers', made: 0.95 },
    { content: /^no healthy upstream$/, made: 0.9 },
    { content: /^upstream request timeout$/, made: 0.85 },
    {
      content:
        /^(stream timeout|envoy overloaded|local_rate_limited|fault filter abort|RBAC: access denied)$/,
      made: 0.85,
      unverified: true,
    },
    { field: ['x-envoy-upstream-service-time'], seen: 0.9 },
    { field: ['x-envoy-decorator-operation'], seen: 0.9 },
    { field: ['x-envoy-overloaded'], seen: 0.9, made: 0.3 },
    { field: ['x-envoy-ratelimited'], seen: 0.9, made: 0.6 },
    { field: ['x-envoy-attempt-count'], seen: 0.8 },
    {
      field: ['server', /^(istio-)?envoy$/],
      status: [404, 426, 503],
      empty: true,
      without: ['x-envoy-upstream-service-time'],
      made: 0.65,
    },
  ],
  readings: [
    {
      field: ['x-envoy-upstream-service-time'],
      causes: ['upstream_error_passed_through'],
      says: 'an upstream did answer (x-envoy-upstream-service-time is there), so the error is its own',
      link: 'origin',
      party: 'site_operator',
    },
    {
      body: 'delayed connect error: 111',
      causes: ['connection_refused'],
      says: 'the upstream refused the connection (UF)',
    },
    {
      body: 'reset reason: overflow',
      causes: ['connection_limit_reached'],
      says: 'a circuit breaker is open (UO)',
    },
    {
      body: 'reset reason: connection timeout',
      causes: ['connection_timeout'],
      says: 'the upstream did not accept in connect_timeout (UF)',
    },
    {
      body: 'CERTIFICATE_VERIFY_FAILED',
      causes: ['tls_certificate_error'],
      says: 'the certificate of the upstream does not verify',
    },
    {
      body: 'WRONG_VERSION_NUMBER',
      causes: ['tls_protocol_error'],
      says: 'the upstream does not speak TLS there: an mTLS or port mismatch',
    },
    {
      body: 'transport failure reason: TLS',
      causes: ['tls_protocol_error', 'tls_certificate_error'],
      says: 'TLS with the upstream failed',
    },
    {
      body: 'remote connection failure',
      causes: ['connection_refused', 'destination_ip_unroutable'],
      says: 'the connection to the upstream failed (UF)',
    },
    {
      body: 'reset reason: connection failure',
      causes: ['connection_refused', 'connection_timeout', 'tls_protocol_error'],
      says: 'the connection to the upstream failed (UF)',
    },
    {
      body: 'local connection failure',
      causes: ['connection_refused', 'destination_ip_unroutable'],
      says: 'the connection to the upstream failed (UF)',
    },
    {
      body: 'reset reason: connection termination',
      causes: ['connection_terminated'],
      says: 'the upstream closed before its headers (UC)',
    },
    {
      body: 'reset reason: remote re',
      causes: ['connection_terminated'],
      says: 'the upstream reset the stream (UR)',
    },
    {
      body: 'reset reason: local re',
      causes: ['connection_timeout', 'proxy_internal_error'],
      says: 'Envoy reset the stream itself (LR)',
    },
    {
      body: 'reset reason: protocol error',
      causes: ['http_protocol_error'],
      says: 'the bytes of the upstream break the protocol (UPE): often HTTP/2 towards an HTTP/1 port',
    },
    {
      body: 'dns resolution failure',
      causes: ['dns_error'],
      says: 'the name of the upstream does not resolve (DF)',
    },
    {
      body: 'upstream connect error or disconnect/reset before headers',
      causes: ['connection_refused', 'connection_terminated', 'tls_protocol_error'],
      says: 'the upstream was not reached or broke off',
    },
    {
      content: /^no healthy upstream$/,
      causes: ['destination_unavailable'],
      says: 'the cluster has no healthy endpoint (UH)',
      operator: 'istioctl proxy-config endpoints, or /clusters of the admin port.',
    },
    {
      content: /^upstream request timeout$/,
      causes: ['http_response_timeout'],
      says: 'the route time-out ran out (UT, 15 s by default)',
    },
    {
      content: /^stream timeout$/,
      causes: ['http_response_timeout'],
      says: 'the stream idled too long (SI)',
    },
    {
      content: /^(RBAC: access denied|local_rate_limited)$/,
      causes: ['http_request_denied'],
      says: 'a policy denies the request',
    },
    {
      content: /^fault filter abort$/,
      causes: ['http_request_denied'],
      says: 'a fault was injected on purpose (FI)',
    },
    {
      content: /^envoy overloaded$/,
      causes: ['connection_limit_reached'],
      says: 'Envoy itself is overloaded (OM)',
      link: 'gateway',
      party: 'gateway_operator',
    },
    {
      status: 429,
      causes: ['http_request_denied', 'connection_limit_reached'],
      says: 'a rate limit rejected the request (RL)',
    },
    {
      status: 404,
      causes: ['destination_not_found'],
      says: 'no route takes this host and path (NR)',
      link: 'gateway',
      party: 'gateway_operator',
    },
    {
      status: 503,
      causes: ['connection_refused', 'destination_unavailable', 'connection_limit_reached'],
      says: 'the cluster does not exist, or a limit is reached',
    },
    {
      status: [400, 408, 413, 426, 431],
      causes: ['http_request_error'],
      says: 'Envoy refused the request as it came (DPE)',
    },
    {
      status: [401, 403],
      causes: ['http_request_denied'],
      says: 'an authorisation filter denies the request (UAEX)',
    },
  ],
  source: 'envoy: source/common/stream_info/utility.cc, response_code_details.rst',
  examples: [
    {
      raw: 'HTTP/1.1 503 Service Unavailable\r\ncontent-length: 95\r\ncontent-type: text/plain\r\ndate: Mon, 01 Jan 2024 00:00:00 GMT\r\nserver: envoy\r\n\r\nupstream connect error or disconnect/reset before headers. reset reason: connection termination',
      causes: ['connection_terminated'],
    },
    {
      raw: 'HTTP/1.1 503 Service Unavailable\r\ncontent-length: 19\r\ncontent-type: text/plain\r\nserver: istio-envoy\r\n\r\nno healthy upstream',
      causes: ['destination_unavailable'],
    },
    {
      raw: 'HTTP/1.1 500 Internal Server Error\r\ncontent-type: application/json\r\nx-envoy-upstream-service-time: 4\r\nserver: envoy\r\ncontent-length: 12\r\n\r\n{"err":true}',
      not: true,
    },
  ],
} satisfies Fingerprint
