// Vercel: X-Vercel-Error with a code, X-Vercel-Id with the regions.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'vercel',
  name: 'Vercel',
  role: 'cdn',
  fixedBy: 'cdn_operator',
  clues: [
    { field: ['x-vercel-error', /^[A-Z_]{4,60}$/], made: 0.97 },
    { field: ['server', /^Vercel$/], seen: 0.95, made: 0.1 },
    { field: ['x-vercel-id'], seen: 0.95 },
    { body: '<title>vercel security checkpoint</title>', made: 0.95 },
    { body: 'code: `', body2: 'id: `', made: 0.5 },
  ],
  readings: [
    {
      field: ['x-vercel-error', /^FUNCTION_INVOCATION_TIMEOUT$/],
      causes: ['http_response_timeout'],
      says: 'the function was slower than its limit',
    },
    {
      field: ['x-vercel-error', /^(EDGE_FUNCTION|MIDDLEWARE)_INVOCATION_TIMEOUT$/],
      causes: ['http_response_timeout'],
      says: 'edge code did not begin its answer in time',
    },
    {
      field: ['x-vercel-error', /^FUNCTION_INVOCATION_FAILED$/],
      causes: ['connection_terminated'],
      says: 'the function crashed',
    },
    {
      field: [
        'x-vercel-error',
        /^((EDGE_FUNCTION|MIDDLEWARE)_INVOCATION_FAILED|MICROFRONTENDS_MIDDLEWARE_ERROR)$/,
      ],
      causes: ['proxy_internal_error'],
      says: 'edge code threw an exception',
      link: 'origin',
      party: 'site_operator',
    },
    {
      field: ['x-vercel-error', /^NO_RESPONSE_FROM_FUNCTION$/],
      causes: ['http_response_incomplete'],
      says: 'the function returned nothing',
    },
    {
      field: ['x-vercel-error', /^BODY_NOT_A_STRING_FROM_FUNCTION$/],
      causes: ['http_protocol_error'],
      says: 'the function returned a body of the wrong type',
    },
    {
      field: ['x-vercel-error', /^FUNCTION_RESPONSE_PAYLOAD_TOO_LARGE$/],
      causes: ['http_response_body_size'],
      says: 'the answer of the function is too large',
    },
    {
      field: ['x-vercel-error', /^FUNCTION_THROTTLED$/],
      causes: ['connection_limit_reached'],
      says: 'the concurrency limit is reached',
    },
    {
      field: ['x-vercel-error', /^ROUTER_EXTERNAL_TARGET_ERROR$/],
      causes: ['connection_terminated'],
      says: 'the target of a rewrite failed',
    },
    {
      field: ['x-vercel-error', /^ROUTER_EXTERNAL_TARGET_CONNECTION_ERROR$/],
      causes: ['connection_refused'],
      says: 'the target of a rewrite cannot be connected to',
    },
    {
      field: ['x-vercel-error', /^ROUTER_EXTERNAL_TARGET_HANDSHAKE_ERROR$/],
      causes: ['tls_protocol_error'],
      says: 'TLS with the target of a rewrite failed',
    },
    {
      field: [
        'x-vercel-error',
        /^(ROUTER_CANNOT_MATCH|ROUTER_TOO_MANY_HAS_SELECTIONS|TOO_MANY_FILESYSTEM_CHECKS|TOO_MANY_FORKS)$/,
      ],
      causes: ['proxy_configuration_error'],
      says: 'the routing configuration cannot be followed',
      link: 'cdn',
      party: 'cdn_operator',
    },
    {
      field: ['x-vercel-error', /^DNS_HOSTNAME_RESOLVED_PRIVATE$/],
      causes: ['destination_ip_prohibited'],
      says: 'the target of a rewrite has a private address',
      link: 'cdn',
      party: 'cdn_operator',
    },
    {
      field: ['x-vercel-error', /^DNS_HOSTNAME_[A-Z_]+$/],
      causes: ['dns_error'],
      says: 'the name of a rewrite target does not resolve',
    },
    {
      field: [
        'x-vercel-error',
        /^(DEPLOYMENT_NOT_FOUND|DEPLOYMENT_DELETED|SANDBOX_NOT_FOUND|SANDBOX_STOPPED)$/,
      ],
      causes: ['destination_not_found'],
      says: 'the name points to no deployment (any more)',
      link: 'cdn',
      party: 'cdn_operator',
    },
    {
      field: ['x-vercel-error', /^(DEPLOYMENT_DISABLED|DEPLOYMENT_PAUSED|DEPLOYMENT_NOT_READY_REDIRECTING)$/],
      causes: ['destination_unavailable'],
      says: 'the deployment is paused, unpaid or not ready',
      link: 'cdn',
      party: 'cdn_operator',
    },
    {
      field: ['x-vercel-error', /^DEPLOYMENT_BLOCKED$/],
      causes: ['http_request_denied'],
      says: 'the deployment is blocked',
      link: 'cdn',
      party: 'cdn_operator',
    },
    {
      field: ['x-vercel-error', /^INFINITE_LOOP_DETECTED$/],
      causes: ['proxy_loop_detected'],
      says: 'a function calls itself',
      link: 'origin',
      party: 'site_operator',
    },
    {
      field: ['x-vercel-error', /^MIDDLEWARE_RUNTIME_DEPRECATED$/],
      causes: ['proxy_configuration_error'],
      says: 'the runtime is too old',
      link: 'origin',
      party: 'site_operator',
    },
    {
      field: ['x-vercel-error', /^SANDBOX_NOT_LISTENING$/],
      causes: ['connection_refused'],
      says: 'nothing listens in the sandbox',
    },
    {
      field: ['x-vercel-error', /^OPTIMIZED_EXTERNAL_IMAGE_[A-Z_]+$/],
      causes: ['connection_terminated'],
      says: 'the source of an image failed',
    },
    {
      field: ['x-vercel-error', /^INTERNAL_[A-Z_]+$/],
      causes: ['proxy_internal_error'],
      says: 'Vercel itself failed',
      link: 'cdn',
      party: 'cdn_operator',
    },
    {
      field: ['x-vercel-error', /^[A-Z_]+$/],
      causes: ['http_request_error'],
      says: 'the request itself was refused',
    },
    {
      body: 'security checkpoint',
      causes: ['http_request_denied'],
      says: 'a bot challenge',
      link: 'cdn',
      party: 'cdn_operator',
    },
    {
      body: 'function_invocation_timeout',
      causes: ['http_response_timeout'],
      says: 'the function was slower than its limit',
    },
    {
      body: 'deployment_not_found',
      causes: ['destination_not_found'],
      says: 'the name points to no deployment',
      link: 'cdn',
      party: 'cdn_operator',
    },
    {
      status: 404,
      causes: ['destination_not_found'],
      says: 'nothing is deployed under this name or path',
      link: 'cdn',
      party: 'cdn_operator',
    },
    { status: 504, causes: ['http_response_timeout'], says: 'a function did not answer in time' },
    {
      causes: ['upstream_error_passed_through', 'proxy_internal_error'],
      says: 'the deployment or the platform failed',
    },
  ],
  source: 'vercel.com/docs/errors',
  examples: [
    {
      raw: 'HTTP/1.1 504 Gateway Timeout\r\nServer: Vercel\r\nX-Vercel-Error: FUNCTION_INVOCATION_TIMEOUT\r\nX-Vercel-Id: fra1::abcde-1700000000000-0123456789ab\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 68\r\n\r\nAn error occurred with your deployment\n\nFUNCTION_INVOCATION_TIMEOUT\n',
      causes: ['http_response_timeout'],
    },
    {
      raw: 'HTTP/1.1 404 Not Found\r\nServer: Vercel\r\nX-Vercel-Error: DEPLOYMENT_NOT_FOUND\r\nContent-Length: 0\r\n\r\n',
      causes: ['destination_not_found'],
    },
  ],
} satisfies Fingerprint
