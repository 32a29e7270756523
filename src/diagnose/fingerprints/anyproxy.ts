// AnyProxy: Proxy-Error and Proxy-Error-Message with the Node.js error as JSON.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'anyproxy',
  name: 'AnyProxy',
  role: 'proxy',
  fixedBy: 'access_provider',
  clues: [
    { field: ['proxy-error', /^true$/], field2: ['proxy-error-message'], made: 0.97 },
    { body: '<title>anyproxy inner error</title>', made: 0.9 },
    { field: ['x-anyproxy-origin-content-length'], seen: 0.95 },
    { field: ['x-anyproxy-origin-connection'], seen: 0.95 },
  ],
  readings: [
    { field: ['proxy-error-message', /ENOTFOUND/], causes: ['dns_error'], says: 'the name does not resolve' },
    {
      field: ['proxy-error-message', /EAI_AGAIN/],
      causes: ['dns_error'],
      says: 'the resolver did not answer',
    },
    {
      field: ['proxy-error-message', /ECONNREFUSED/],
      causes: ['connection_refused'],
      says: 'the connection was refused',
    },
    {
      field: ['proxy-error-message', /E(HOST|NET)UNREACH/],
      causes: ['destination_ip_unroutable'],
      says: 'there is no route to the server',
    },
    {
      field: ['proxy-error-message', /ETIMEDOUT/],
      causes: ['connection_timeout'],
      says: 'the connection attempt timed out',
    },
    {
      field: ['proxy-error-message', /(ECONNRESET|EPIPE)/],
      causes: ['connection_terminated'],
      says: 'the server closed or reset the connection',
    },
    {
      field: ['proxy-error-message', /HPE_HEADER_OVERFLOW/],
      causes: ['http_response_header_section_size'],
      says: 'the header of the answer is too large',
    },
    {
      field: ['proxy-error-message', /HPE_/],
      causes: ['http_protocol_error'],
      says: 'the answer of the server cannot be parsed',
    },
    {
      causes: ['http_protocol_error', 'connection_terminated', 'tls_certificate_error'],
      says: 'the request to the server failed',
      textTells: true,
    },
  ],
  source: 'alibaba/anyproxy: lib/requestErrorHandler.js',
  examples: [
    {
      raw: 'HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/html; charset=utf-8\r\nProxy-Error: true\r\nProxy-Error-Message: {"errno":-111,"code":"ECONNREFUSED","syscall":"connect"}\r\nContent-Length: 0\r\n\r\n',
      causes: ['connection_refused'],
    },
  ],
} satisfies Fingerprint
