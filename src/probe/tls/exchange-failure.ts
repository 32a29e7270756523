// TLS errors that come while a request is sent or its answer awaited. TLS 1.3 servers turn down a client only then:
// the client is done with the handshake before the server has seen its certificate (RFC 8446, 4.4.2.4).
import type { Failure } from '../../model/failure.ts'
import { opensslFailure } from './openssl-failure.ts'

/**
 * The error of a TLS socket during an exchange as a failure of the phase tls; null when it is no TLS error and the
 * phase that was open failed by itself. `sentCertificate`: we were given a client certificate to send; null: unknown,
 * and then only the alert that says so itself means that one was required.
 */
export function tlsFailureDuringExchange(
  error: unknown,
  sentCertificate: boolean | null = null,
): Failure | null {
  // After the handshake an alert about certificates can only be about the client's: it was asked for.
  const requested = sentCertificate === null ? null : true
  return opensslFailure(error, { requested, sent: sentCertificate ?? false })
}
