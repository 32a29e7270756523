// What common error texts of runtimes and libraries mean, wherever a page prints them: Node, Go, Python, Java, .NET,
// OpenSSL, libc. Knows nothing about who printed it.
import type { Cause } from '../model/diagnosis.ts'

export interface ErrorText {
  text: string
  causes: readonly Cause[]
  says: string
  /** When the answer came late enough to be a time-out. */
  slow?: readonly Cause[]
}

const CERTIFICATE: readonly Cause[] = ['tls_certificate_error']
const TLS: readonly Cause[] = ['tls_protocol_error']
const ALERT: readonly Cause[] = ['tls_alert_received']
const DNS: readonly Cause[] = ['dns_error']
const CLOSED: readonly Cause[] = ['connection_terminated']
const REFUSED: readonly Cause[] = ['connection_refused']
const UNROUTABLE: readonly Cause[] = ['destination_ip_unroutable']
const CONNECT_TIMEOUT: readonly Cause[] = ['connection_timeout']
const TIMEOUT: readonly Cause[] = ['http_response_timeout']
const PROTOCOL: readonly Cause[] = ['http_protocol_error']
const HEADER_SIZE: readonly Cause[] = ['http_response_header_section_size']

/** The first text found counts: the more telling ones stand first. */
export const ERROR_TEXTS: readonly ErrorText[] = [
  { text: 'HPE_HEADER_OVERFLOW', causes: HEADER_SIZE, says: 'the header of the response is too large' },
  {
    text: 'Parse Error: Header overflow',
    causes: HEADER_SIZE,
    says: 'the header of the response is too large',
  },
  { text: 'HPE_INVALID_CHUNK_SIZE', causes: ['http_protocol_error'], says: 'a chunk size is none' },
  { text: 'Invalid character in chunk size', causes: ['http_protocol_error'], says: 'a chunk size is none' },
  { text: 'Parse Error: ', causes: PROTOCOL, says: 'the response cannot be parsed' },
  { text: 'HPE_INVALID', causes: PROTOCOL, says: 'the response cannot be parsed' },
  { text: 'HPE_UNEXPECTED', causes: PROTOCOL, says: 'the response contradicts itself' },
  { text: 'ENOTFOUND', causes: DNS, says: 'the name does not resolve' },
  { text: 'EAI_AGAIN', causes: DNS, says: 'the resolver did not answer' },
  { text: 'EAI_NONAME', causes: DNS, says: 'the name does not resolve' },
  { text: 'Name or service not known', causes: DNS, says: 'the name does not resolve' },
  { text: 'nodename nor servname', causes: DNS, says: 'the name does not resolve' },
  { text: 'Temporary failure in name resolution', causes: DNS, says: 'the resolver did not answer' },
  { text: 'no such host', causes: DNS, says: 'the name does not resolve' },
  { text: 'server misbehaving', causes: DNS, says: 'the resolver failed' },
  { text: 'UnknownHostException', causes: DNS, says: 'the name does not resolve' },
  { text: 'Could not resolve host', causes: DNS, says: 'the name does not resolve' },
  { text: 'name resolution failed', causes: DNS, says: 'the name does not resolve' },
  { text: 'NameResolutionError', causes: DNS, says: 'the name does not resolve' },
  { text: 'dns resolution failure', causes: DNS, says: 'the name does not resolve' },
  { text: 'CERT_HAS_EXPIRED', causes: CERTIFICATE, says: 'the certificate has expired' },
  { text: 'certificate has expired', causes: CERTIFICATE, says: 'the certificate has expired' },
  { text: 'certificate is not yet valid', causes: CERTIFICATE, says: 'the certificate is not valid yet' },
  { text: 'SELF_SIGNED_CERT', causes: CERTIFICATE, says: 'the certificate is self-signed' },
  { text: 'self-signed certificate', causes: CERTIFICATE, says: 'the certificate is self-signed' },
  { text: 'self signed certificate', causes: CERTIFICATE, says: 'the certificate is self-signed' },
  {
    text: 'unable to get local issuer certificate',
    causes: CERTIFICATE,
    says: 'the certificate has an unknown issuer',
  },
  {
    text: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    causes: CERTIFICATE,
    says: 'the certificate has an unknown issuer',
  },
  {
    text: 'unable to verify the first certificate',
    causes: CERTIFICATE,
    says: 'an intermediate certificate is missing',
  },
  { text: 'ERR_TLS_CERT_ALTNAME_INVALID', causes: CERTIFICATE, says: 'the certificate is for another name' },
  {
    text: "does not match certificate's altnames",
    causes: CERTIFICATE,
    says: 'the certificate is for another name',
  },
  { text: 'hostname mismatch', causes: CERTIFICATE, says: 'the certificate is for another name' },
  { text: 'certificate verify failed', causes: CERTIFICATE, says: 'the certificate does not verify' },
  { text: 'CERTIFICATE_VERIFY_FAILED', causes: CERTIFICATE, says: 'the certificate does not verify' },
  { text: 'PKIX path building failed', causes: CERTIFICATE, says: 'the certificate has an unknown issuer' },
  { text: 'x509: certificate', causes: CERTIFICATE, says: 'the certificate does not verify' },
  { text: 'tls: failed to verify certificate', causes: CERTIFICATE, says: 'the certificate does not verify' },
  {
    text: 'server gave HTTP response to HTTPS client',
    causes: TLS,
    says: 'it speaks plain HTTP where TLS was expected',
  },
  { text: 'does not speak TLS', causes: TLS, says: 'it does not speak TLS' },
  { text: 'wrong version number', causes: TLS, says: 'it does not speak TLS there' },
  { text: 'WRONG_VERSION_NUMBER', causes: TLS, says: 'it does not speak TLS there' },
  { text: 'packet length too long', causes: TLS, says: 'it does not speak TLS there' },
  {
    text: 'before secure TLS connection was established',
    causes: ['tls_protocol_error', 'connection_terminated'],
    says: 'it hung up during the TLS handshake',
  },
  { text: 'alert handshake failure', causes: ALERT, says: 'it refused the TLS handshake' },
  { text: 'alert protocol version', causes: ALERT, says: 'no TLS version in common' },
  { text: 'unrecognized name', causes: ALERT, says: 'it does not know this server name' },
  { text: 'remote error: tls:', causes: ALERT, says: 'it sent a TLS alert' },
  { text: 'SSLHandshakeException', causes: TLS, says: 'the TLS handshake failed' },
  { text: 'ssl handshake fail', causes: ALERT, says: 'the TLS handshake failed' },
  { text: 'EPROTO', causes: ALERT, says: 'the TLS handshake failed' },
  { text: 'OpenSSL Error(', causes: ALERT, says: 'the TLS handshake failed' },
  { text: 'ECONNREFUSED', causes: REFUSED, says: 'the connection was refused' },
  { text: 'connection refused', causes: REFUSED, says: 'the connection was refused' },
  { text: 'actively refused it', causes: REFUSED, says: 'the connection was refused' },
  { text: '[Errno 111] Connect', causes: REFUSED, says: 'the connection was refused' },
  { text: '[Errno 104] Connect', causes: CLOSED, says: 'the connection was reset' },
  { text: 'EHOSTUNREACH', causes: UNROUTABLE, says: 'there is no route to it' },
  { text: 'ENETUNREACH', causes: UNROUTABLE, says: 'its network cannot be reached' },
  { text: 'no route to host', causes: UNROUTABLE, says: 'there is no route to it' },
  { text: 'network is unreachable', causes: UNROUTABLE, says: 'its network cannot be reached' },
  { text: 'NoRouteToHostException', causes: UNROUTABLE, says: 'there is no route to it' },
  { text: 'ETIMEDOUT', causes: CONNECT_TIMEOUT, says: 'it did not accept the connection in time' },
  { text: 'connection timed out', causes: CONNECT_TIMEOUT, says: 'it did not accept the connection in time' },
  { text: 'connect timed out', causes: CONNECT_TIMEOUT, says: 'it did not accept the connection in time' },
  { text: 'ConnectTimeout', causes: CONNECT_TIMEOUT, says: 'it did not accept the connection in time' },
  { text: 'ESOCKETTIMEDOUT', causes: TIMEOUT, says: 'it did not answer in time' },
  { text: 'timeout awaiting response headers', causes: TIMEOUT, says: 'it did not answer in time' },
  {
    text: 'context deadline exceeded',
    causes: ['http_response_timeout', 'connection_timeout'],
    says: 'it did not answer in time',
  },
  {
    text: 'i/o timeout',
    causes: ['connection_timeout', 'http_response_timeout'],
    says: 'it did not answer in time',
  },
  { text: 'Read timed out', causes: TIMEOUT, says: 'it did not answer in time' },
  { text: 'ReadTimeout', causes: TIMEOUT, says: 'it did not answer in time' },
  {
    text: 'SocketTimeoutException',
    causes: ['http_response_timeout', 'connection_timeout'],
    says: 'it did not answer in time',
  },
  { text: 'malformed HTTP response', causes: PROTOCOL, says: 'the response is no HTTP' },
  { text: 'malformed MIME header', causes: PROTOCOL, says: 'the header of the response is malformed' },
  { text: 'unexpected server response: b', causes: PROTOCOL, says: 'the response is no HTTP' },
  { text: 'Cannot parse HTTP response', causes: PROTOCOL, says: 'the response cannot be parsed' },
  {
    text: 'without sending complete message body',
    causes: ['http_response_incomplete'],
    says: 'the body ended early',
  },
  { text: 'HTTP/1 protocol error: ', causes: PROTOCOL, says: 'the response breaks the rules of HTTP' },
  {
    text: 'socket hang up',
    causes: CLOSED,
    says: 'it closed the connection without an answer',
    slow: ['http_response_timeout', 'connection_timeout'],
  },
  { text: 'ECONNRESET', causes: CLOSED, says: 'it reset the connection' },
  { text: 'ECONNABORTED', causes: CLOSED, says: 'the connection was aborted' },
  { text: 'connection reset by peer', causes: CLOSED, says: 'it reset the connection' },
  {
    text: 'Remote end closed connection',
    causes: CLOSED,
    says: 'it closed the connection without an answer',
  },
  { text: 'server closed connection', causes: CLOSED, says: 'it closed the connection without an answer' },
  { text: 'RemoteDisconnected', causes: CLOSED, says: 'it closed the connection without an answer' },
  { text: 'Error: aborted', causes: ['http_response_incomplete'], says: 'the body ended early' },
  { text: 'broken pipe', causes: CLOSED, says: 'it closed the connection while the request was sent' },
  { text: '<p>connection closed</p>', causes: TLS, says: 'it closed the connection' },
]

/** The literals to index. */
export const ERROR_TEXT_LITERALS: readonly string[] = ERROR_TEXTS.map(({ text }) => text)

/** The first known error text for which `has` is true, undefined when there is none. */
export function findErrorText(has: (literal: string) => boolean): ErrorText | undefined {
  for (const text of ERROR_TEXTS) if (has(text.text)) return text
  return undefined
}
