import { describe, expect, test } from 'vitest'
import type { FieldLine } from '../../model/result.ts'
import { challengeSchemes, connectFailure } from './connect-answer.ts'

describe('connectFailure()', () => {
  test.each([200, 204, 299])('%i is a tunnel', (status) => {
    expect(connectFailure(status, 'OK', [])).toBe(null)
  })

  test.each([
    [101, 'proxy_failed'],
    [302, 'proxy_denied'],
    [400, 'proxy_denied'],
    [403, 'proxy_denied'],
    [405, 'proxy_denied'],
    [407, 'proxy_auth_required'],
    [451, 'proxy_denied'],
    [500, 'proxy_failed'],
    [502, 'proxy_failed'],
    [503, 'proxy_failed'],
    [504, 'proxy_failed'],
    [599, 'proxy_failed'],
  ])('%i is %s', (status, code) => {
    expect(connectFailure(status, 'Reason', [])).toMatchObject({ code, phase: 'connect', number: '008' })
  })

  test('quotes what the proxy gives as reason', () => {
    const fields: FieldLine[] = [
      ['Server', 'squid'],
      ['X-Squid-Error', 'ERR_DNS_FAIL 0'],
      ['Proxy-Status', `p; error=dns_error; details="${'x'.repeat(500)}"`],
    ]
    const raw = connectFailure(503, 'Service Unavailable', fields)?.raw ?? ''
    expect(raw).toContain(
      '503 Service Unavailable; X-Squid-Error: ERR_DNS_FAIL 0; Proxy-Status: p; error=dns_error',
    )
    expect(raw.length).toBeLessThan(300)
  })

  test('names the schemes of a 407, and their absence', () => {
    expect(connectFailure(407, '', [['Proxy-Authenticate', 'NTLM']])?.raw).toBe(
      '407; Proxy-Authenticate: NTLM',
    )
    expect(connectFailure(407, 'No', [])?.raw).toBe('407 No; Proxy-Authenticate: missing')
  })
})

test.each([
  ['Basic realm="a, b", Negotiate', ['Basic', 'Negotiate']],
  ['Digest realm="x", qop="auth,auth-int", nonce=abc , Basic realm=y', ['Digest', 'Basic']],
  ['NTLM', ['NTLM']],
  ['Basic realm="un\\"quoted, Negotiate', ['Basic']],
  ['Digest realm = "x", nonce = "y"', ['Digest']],
  ['', []],
  [', ,', []],
])('challengeSchemes() %s', (value, expected) => {
  expect(challengeSchemes([['PROXY-AUTHENTICATE', value]])).toEqual(expected)
})
