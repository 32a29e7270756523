import { describe, expect, test } from 'vitest'
import type { FailureCode } from '../../model/failure.ts'
import { tlsFailureDuringExchange } from './exchange-failure.ts'
import { type ClientCertificateState, opensslFailure } from './openssl-failure.ts'

const UNASKED: ClientCertificateState = { requested: false, sent: false }
const WANTING: ClientCertificateState = { requested: true, sent: false }
const REFUSED: ClientCertificateState = { requested: true, sent: true }

function error(code: string | undefined, message = ''): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code })
}

describe('opensslFailure()', () => {
  const table: [
    code: string,
    state: ClientCertificateState,
    expected: FailureCode | null,
    raw: RegExp | null,
  ][] = [
    ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', UNASKED, 'tls_no_shared_cipher', /handshake_failure\(40\)/],
    [
      'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE',
      WANTING,
      'tls_client_certificate_required',
      /\(40\).*got none/,
    ],
    ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', REFUSED, 'tls_no_shared_cipher', /\(40\)/],
    ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', UNASKED, 'tls_alert', /bad_certificate\(42\)/],
    ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', WANTING, 'tls_client_certificate_required', /got none/],
    [
      'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
      REFUSED,
      'tls_alert',
      /unknown_ca\(48\).*about our client certificate/,
    ],
    ['ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED', REFUSED, 'tls_alert', /our client certificate/],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', UNASKED, 'tls_client_certificate_required', /\(116\)/],
    ['ERR_SSL_TLSV1_UNRECOGNIZED_NAME', UNASKED, 'tls_unrecognized_name', /\(112\)/],
    ['ERR_SSL_TLSV1_ALERT_INAPPROPRIATE_FALLBACK', UNASKED, 'tls_version_unsupported', /\(86\)/],
    ['ERR_SSL_UNSUPPORTED_PROTOCOL', UNASKED, 'tls_version_unsupported', /unsupported protocol/],
    ['ERR_SSL_DH_KEY_TOO_SMALL', UNASKED, 'tls_no_shared_cipher', /dh key too small/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', UNASKED, 'tls_not_spoken', /wrong version number/],
    ['ERR_SSL_PACKET_LENGTH_TOO_LONG', UNASKED, 'tls_not_spoken', /./],
    ['ERR_SSL_UNEXPECTED_EOF_WHILE_READING', UNASKED, 'tls_closed', /unexpected eof/],
    ['ERR_SSL_MALLOC_FAILURE', UNASKED, 'local_limit', /./],
    ['ERR_SSL_BAD_EXTENSION', UNASKED, 'tls_alert', /bad extension, we ended the connection/],
    ['ERR_OSSL_ASN1_WRONG_TAG', UNASKED, 'tls_alert', /asn1 wrong tag/],
    ['ECONNRESET', UNASKED, null, null],
    ['EMFILE', UNASKED, null, null],
  ]
  for (const [code, state, expected, raw] of table) {
    test(`${code}, ${JSON.stringify(state)}`, () => {
      const failed = opensslFailure(error(code), state)
      expect(failed?.code ?? null).toBe(expected)
      if (raw) expect(failed?.raw).toMatch(raw)
      if (failed) expect(failed.phase).toBe('tls')
    })
  }

  test('finds an alert without a name by the number of the reason', () => {
    const named = opensslFailure(error('ERR_SSL_SOMETHING_NEW', '00:error:0A000461:SSL routines:x'), UNASKED)
    expect(named).toMatchObject({ code: 'tls_alert', raw: expect.stringContaining('ech_required(121)') })
    const unnamed = opensslFailure(
      error('ERR_SSL_SOMETHING_NEW', '00:error:0A0004B0:SSL routines:x'),
      UNASKED,
    )
    expect(unnamed).toMatchObject({ code: 'tls_alert', raw: 'alert 200 from the server' })
  })

  test('is null for an error without a code', () => {
    expect(opensslFailure(error(undefined, 'hello'), UNASKED)).toBeNull()
  })
})

describe('tlsFailureDuringExchange()', () => {
  const table: [code: string, sent: boolean | null, expected: FailureCode | null][] = [
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', null, 'tls_client_certificate_required'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', false, 'tls_client_certificate_required'],
    // Older Go servers say so when no certificate came.
    ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', false, 'tls_client_certificate_required'],
    ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', true, 'tls_alert'],
    ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', null, 'tls_alert'],
    ['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', null, 'tls_alert'],
    ['EPIPE', null, null],
  ]
  for (const [code, sent, expected] of table) {
    test(`${code}, certificate sent: ${sent}`, () => {
      expect(tlsFailureDuringExchange(error(code), sent)?.code ?? null).toBe(expected)
    })
  }
})
