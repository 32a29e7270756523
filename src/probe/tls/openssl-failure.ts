// OpenSSL's and Node's errors of a TLS connection as failures of the phase tls. Reads codes, never the text of a
// message, and knows nothing of certificates of the peer: those are judged elsewhere.
import { type Failure, type FailureCode, failure } from '../../model/failure.ts'
import { findAlert, formatAlert, parseAlertCode, type TlsAlert } from '../../wire/tls-alert.ts'

/** What a server says about the certificate of a client: alerts that without one mean that it wanted one. */
const ABOUT_CLIENT_CERTIFICATE = new Set([40, 41, 42, 43, 44, 45, 46, 48, 49, 116])

const ALERT_CODES: Record<number, FailureCode> = {
  70: 'tls_version_unsupported',
  86: 'tls_version_unsupported',
  // Alert 40 is also what some servers send for a name they have no certificate for; `raw` says so.
  40: 'tls_no_shared_cipher',
  71: 'tls_no_shared_cipher',
  112: 'tls_unrecognized_name',
  116: 'tls_client_certificate_required',
  120: 'tls_no_application_protocol',
}

/** OpenSSL's verdicts of our own side. What is not here ended with an alert that we sent: `tls_alert`. */
const LOCAL_CODES: Record<string, FailureCode> = {
  ERR_SSL_WRONG_VERSION_NUMBER: 'tls_not_spoken',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'tls_not_spoken',
  ERR_SSL_DATA_LENGTH_TOO_LONG: 'tls_not_spoken',
  ERR_SSL_ENCRYPTED_LENGTH_TOO_LONG: 'tls_not_spoken',
  ERR_SSL_RECORD_TOO_SMALL: 'tls_not_spoken',
  ERR_SSL_RECORD_LENGTH_MISMATCH: 'tls_not_spoken',
  ERR_SSL_BAD_RECORD_TYPE: 'tls_not_spoken',
  ERR_SSL_UNKNOWN_PROTOCOL: 'tls_not_spoken',
  ERR_SSL_HTTP_REQUEST: 'tls_not_spoken',
  ERR_SSL_HTTPS_PROXY_REQUEST: 'tls_not_spoken',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'tls_version_unsupported',
  ERR_SSL_UNSUPPORTED_SSL_VERSION: 'tls_version_unsupported',
  ERR_SSL_WRONG_SSL_VERSION: 'tls_version_unsupported',
  ERR_SSL_VERSION_TOO_LOW: 'tls_version_unsupported',
  ERR_SSL_VERSION_TOO_HIGH: 'tls_version_unsupported',
  ERR_SSL_INAPPROPRIATE_FALLBACK: 'tls_version_unsupported',
  ERR_SSL_NO_SHARED_CIPHER: 'tls_no_shared_cipher',
  ERR_SSL_NO_CIPHERS_AVAILABLE: 'tls_no_shared_cipher',
  ERR_SSL_UNKNOWN_CIPHER_RETURNED: 'tls_no_shared_cipher',
  ERR_SSL_WRONG_CIPHER_RETURNED: 'tls_no_shared_cipher',
  ERR_SSL_UNSUPPORTED_ELLIPTIC_CURVE: 'tls_no_shared_cipher',
  ERR_SSL_WRONG_CURVE: 'tls_no_shared_cipher',
  ERR_SSL_DH_KEY_TOO_SMALL: 'tls_no_shared_cipher',
  ERR_SSL_WRONG_SIGNATURE_TYPE: 'tls_no_shared_cipher',
  ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM: 'tls_no_shared_cipher',
  ERR_SSL_UNEXPECTED_EOF_WHILE_READING: 'tls_closed',
  ERR_SSL_MALLOC_FAILURE: 'local_limit',
}

/** Where the name of a verdict says little: what OpenSSL says of a record whose code for integrity is wrong. */
const DAMAGED = 'a record was damaged on the way'
const WORDS: Record<string, string> = {
  ERR_SSL_CIPHER_OPERATION_FAILED: DAMAGED,
  ERR_SSL_DECRYPTION_FAILED: DAMAGED,
  ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC: DAMAGED,
}

/** What is known about the client certificate: null when nobody told. */
export interface ClientCertificateState {
  /** The server asked for one; null when that is not known. */
  requested: boolean | null
  /** We were given one to send. */
  sent: boolean
}

/**
 * A TLS error as a failure, or null when the error is none of TLS (a reset, say). `clientCertificate` decides what
 * the alerts about certificates mean.
 */
export function opensslFailure(error: unknown, clientCertificate: ClientCertificateState): Failure | null {
  const { code, message } = error as NodeJS.ErrnoException
  if (typeof code !== 'string') return null
  const alert = parseAlertCode(code)
  if (alert) return alertFailure(alert, clientCertificate)
  const local = LOCAL_CODES[code]
  if (local) return failure(local, `${code}: ${wordsOf(code)}`, { phase: 'tls' })
  if (code.startsWith('ERR_SSL_')) {
    // The reason carries the number of an alert that no name is known for.
    const number = unnamedAlert(message)
    const found = number === null ? undefined : findAlert(number)
    if (found) return alertFailure(found, clientCertificate)
    const raw =
      number === null
        ? `${code}: ${wordsOf(code)}, we ended the connection`
        : `alert ${number} from the server`
    return failure('tls_alert', raw, { phase: 'tls' })
  }
  if (code.startsWith('ERR_OSSL_') || code.startsWith('ERR_TLS_')) {
    return failure('tls_alert', `${code}: ${wordsOf(code)}, we ended the connection`, { phase: 'tls' })
  }
  return null
}

/** The failure that an alert of the server means. */
export function alertFailure(alert: TlsAlert, clientCertificate: ClientCertificateState): Failure {
  const { requested, sent } = clientCertificate
  const shown = `${formatAlert(alert)} from the server: ${alert.meaning}`
  if (ABOUT_CLIENT_CERTIFICATE.has(alert.number) && requested) {
    if (!sent) {
      const raw = `${formatAlert(alert)} from the server, which had asked for a client certificate and got none`
      return failure('tls_client_certificate_required', raw, { phase: 'tls' })
    }
    if (alert.number !== 40)
      return failure('tls_alert', `${shown} (about our client certificate)`, { phase: 'tls' })
  }
  return failure(ALERT_CODES[alert.number] ?? 'tls_alert', shown, { phase: 'tls' })
}

function wordsOf(code: string): string {
  const words = WORDS[code]
  if (words !== undefined) return words
  return code
    .replace(/^ERR_(?:SSL|OSSL|TLS)_/, '')
    .replaceAll('_', ' ')
    .toLowerCase()
}

/** Reasons from 1000 on are alerts: the packed number stands in the message as error:0A0003E8 and so on. */
function unnamedAlert(message: string | undefined): number | null {
  const packed = /error:0A([0-9A-F]{6}):/.exec(message ?? '')?.[1]
  if (packed === undefined) return null
  const number = Number.parseInt(packed, 16) - 1000
  return number >= 0 && number <= 255 ? number : null
}
