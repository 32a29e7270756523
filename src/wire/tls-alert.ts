// The TLS alerts by number and name, and how OpenSSL spells them in its error codes. Knows no sockets and does
// not judge: which failure an alert means depends on what was going on.

export interface TlsAlert {
  number: number
  /** As the standards write it, such as "handshake_failure". */
  name: string
  /** What it means to a visitor, a half-sentence. */
  meaning: string
}

function alert(number: number, name: string, meaning: string): TlsAlert {
  return { number, name, meaning }
}

/** RFC 8446, 6; RFC 5246, 7.2; RFC 6066, 9; RFC 7301, 3.2; RFC 9849, 11.3; those of SSL 3.0 that still occur. */
export const TLS_ALERTS: readonly TlsAlert[] = [
  alert(0, 'close_notify', 'the peer is done'),
  alert(10, 'unexpected_message', 'a message came out of order'),
  alert(20, 'bad_record_mac', 'a record was damaged on the way'),
  alert(21, 'decryption_failed', 'a record could not be decrypted'),
  alert(22, 'record_overflow', 'a record was too long'),
  alert(30, 'decompression_failure', 'a record could not be decompressed'),
  alert(40, 'handshake_failure', 'no common cipher or group, or nothing is configured for this name'),
  alert(41, 'no_certificate', 'a client certificate is missing'),
  alert(42, 'bad_certificate', 'the certificate we sent, or none, was not accepted'),
  alert(43, 'unsupported_certificate', 'the kind of certificate is not supported'),
  alert(44, 'certificate_revoked', 'the certificate is revoked'),
  alert(45, 'certificate_expired', 'the certificate is not valid now'),
  alert(46, 'certificate_unknown', 'the certificate was not accepted'),
  alert(47, 'illegal_parameter', 'a value was out of range or inconsistent'),
  alert(48, 'unknown_ca', 'the issuer of the certificate is not known'),
  alert(49, 'access_denied', 'the certificate is valid but has no access'),
  alert(50, 'decode_error', 'a message could not be decoded'),
  alert(51, 'decrypt_error', 'a signature or key exchange did not verify'),
  alert(52, 'too_many_cids_requested', 'too many connection identifiers'),
  alert(60, 'export_restriction', 'export restrictions'),
  alert(70, 'protocol_version', 'no common version of TLS'),
  alert(71, 'insufficient_security', 'the ciphers offered are too weak for it'),
  alert(80, 'internal_error', 'a fault of its own, or nothing is configured for this name'),
  alert(86, 'inappropriate_fallback', 'a retry with a lower version was noticed'),
  alert(90, 'user_canceled', 'the handshake was called off'),
  alert(100, 'no_renegotiation', 'no renegotiation'),
  alert(109, 'missing_extension', 'an extension is missing'),
  alert(110, 'unsupported_extension', 'an extension was not asked for'),
  alert(111, 'certificate_unobtainable', 'the certificate could not be fetched'),
  alert(112, 'unrecognized_name', 'the server name is not known here'),
  alert(113, 'bad_certificate_status_response', 'the revocation answer is bad'),
  alert(114, 'bad_certificate_hash_value', 'the hash of the certificate is wrong'),
  alert(115, 'unknown_psk_identity', 'the pre-shared key is not known'),
  alert(116, 'certificate_required', 'a client certificate is required'),
  alert(117, 'general_error', 'a fault without a name'),
  alert(120, 'no_application_protocol', 'none of the application protocols offered is spoken'),
  alert(121, 'ech_required', 'encrypted ClientHello is required'),
]

const BY_NUMBER = new Map(TLS_ALERTS.map((known) => [known.number, known]))
const BY_NAME = new Map(TLS_ALERTS.map((known) => [known.name, known]))

/**
 * OpenSSL names an alert it received by the version that brought it, with or without the word ALERT:
 * ERR_SSL_SSLV3_ALERT_..., ERR_SSL_SSL/TLS_ALERT_... (since 3.5), ERR_SSL_TLSV1_..., ERR_SSL_TLSV13_ALERT_....
 * Its own verdicts carry no version.
 */
const RECEIVED = /^ERR_SSL_(?:SSL\/TLS|SSLV3|TLSV1|TLSV11|TLSV12|TLSV13)_(?:ALERT_)?([A-Z0-9_]+)$/

/** Where OpenSSL spells differently from the standards. */
const SPELLINGS: Record<string, string> = { user_cancelled: 'user_canceled' }

/** The alert of a number, undefined when no standard has it. */
export function findAlert(number: number): TlsAlert | undefined {
  return BY_NUMBER.get(number)
}

/**
 * The alert that the peer sent, from an OpenSSL error code as Node gives it (`ERR_SSL_...`); null when the code is
 * a verdict of our own side or no TLS error at all.
 */
export function parseAlertCode(code: string): TlsAlert | null {
  const name = RECEIVED.exec(code)?.[1]?.toLowerCase()
  if (name === undefined) return null
  return BY_NAME.get(SPELLINGS[name] ?? name) ?? null
}

/** An alert as it is shown: "handshake_failure(40)". */
export function formatAlert(shown: TlsAlert): string {
  return `${shown.name}(${shown.number})`
}
