import { describe, expect, test } from 'vitest'
import { findAlert, formatAlert, parseAlertCode, TLS_ALERTS } from './tls-alert.ts'

describe('parseAlertCode()', () => {
  // As seen from Node 24 and 26 with a server that sends each alert.
  const table: [code: string, number: number | null][] = [
    ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', 40],
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 40],
    ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', 42],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 48],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 70],
    ['ERR_SSL_TLSV1_ALERT_USER_CANCELLED', 90],
    ['ERR_SSL_TLSV13_ALERT_MISSING_EXTENSION', 109],
    ['ERR_SSL_TLSV1_UNSUPPORTED_EXTENSION', 110],
    ['ERR_SSL_TLSV1_UNRECOGNIZED_NAME', 112],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 116],
    ['ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL', 120],
    // Verdicts of our own side have the same words.
    ['ERR_SSL_UNEXPECTED_MESSAGE', null],
    ['ERR_SSL_WRONG_VERSION_NUMBER', null],
    ['ERR_SSL_NO_APPLICATION_PROTOCOL', null],
    ['ERR_SSL_TLSV1_ALERT_SOMETHING_NEW', null],
    ['ECONNRESET', null],
    ['', null],
  ]
  for (const [code, number] of table) {
    test(code || 'nothing', () => expect(parseAlertCode(code)?.number ?? null).toBe(number))
  }
})

test('findAlert() knows every alert of the table once', () => {
  for (const known of TLS_ALERTS) expect(findAlert(known.number)).toBe(known)
  expect(new Set(TLS_ALERTS.map((known) => known.name)).size).toBe(TLS_ALERTS.length)
  expect(findAlert(200)).toBeUndefined()
})

test('formatAlert() shows name and number', () => {
  const known = findAlert(112)
  expect(known && formatAlert(known)).toBe('unrecognized_name(112)')
})
