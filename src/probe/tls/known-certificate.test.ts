import { X509Certificate } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { issue, makeAuthority } from '../../../test/world/certificates.ts'
import { isoOf, KnownCertificate, knownCertificate } from './known-certificate.ts'

const DAY_MS = 86_400_000
const { root, intermediate } = makeAuthority()

describe('KnownCertificate.facts()', () => {
  const notAfter = new Date('2027-03-01T12:00:00Z')
  const leaf = new KnownCertificate(issue({ notAfter }, intermediate).der)
  const days: [nowMs: number, left: number][] = [
    [notAfter.getTime() - 10 * DAY_MS, 10],
    [notAfter.getTime() - 10 * DAY_MS + 1, 9],
    [notAfter.getTime() - 9 * DAY_MS, 9],
    [notAfter.getTime() - 1, 0],
    [notAfter.getTime(), 0],
    [notAfter.getTime() + 1, -1],
    [notAfter.getTime() + DAY_MS, -1],
    [notAfter.getTime() + DAY_MS + 1, -2],
    [notAfter.getTime() - 100 * DAY_MS, 100],
  ]
  for (const [nowMs, left] of days) {
    test(`${left} days left at ${isoOf(nowMs)}`, () => expect(leaf.facts(nowMs).daysLeft).toBe(left))
  }

  test('makes them anew only when the days left have changed', () => {
    const at = notAfter.getTime() - 5 * DAY_MS - 1000
    expect(leaf.facts(at)).toBe(leaf.facts(at + 500))
    expect(leaf.facts(at)).not.toBe(leaf.facts(at + 2000))
  })

  test('cannot be changed by one who shares them', () => {
    expect(Object.isFrozen(leaf.facts(0))).toBe(true)
  })

  test('has the fingerprint that OpenSSL has', () => {
    const theirs = new X509Certificate(leaf.raw).fingerprint256.replaceAll(':', '').toLowerCase()
    expect(leaf.facts(0).fingerprint).toBe(theirs)
  })
})

describe('KnownCertificate that our reader cannot read', () => {
  // The outermost length as "until the end": BER that OpenSSL takes and DER forbids.
  const { der } = issue({ commonName: 'odd', names: ['odd.test', '192.0.2.1'] }, intermediate)
  const odd = Buffer.concat([Buffer.from([0x30, 0x80]), der.subarray(4), Buffer.from([0, 0])])
  const known = new KnownCertificate(odd)

  test('is read by OpenSSL instead', () => {
    expect(known.unreadable).toMatch(/indefinite length/)
    const straight = new KnownCertificate(der).facts(0)
    expect(known.facts(0)).toMatchObject({
      subject: straight.subject,
      issuer: straight.issuer,
      notBefore: straight.notBefore,
      notAfter: straight.notAfter,
      names: ['odd.test', '192.0.2.1'],
      serialNumber: straight.serialNumber,
      signature: null,
    })
  })

  test('still tells its issuer', () => {
    expect(known.isIssuedBy(new KnownCertificate(intermediate.der))).toBe(true)
    expect(known.isIssuedBy(new KnownCertificate(root.der))).toBe(false)
    expect(known.isSelfSigned).toBe(false)
  })
})

test('isIssuedBy() wants the name and the signature', () => {
  const leaf = new KnownCertificate(issue({}, intermediate).der)
  const namesake = issue({ commonName: 'Test Intermediate', ca: true }, root)
  expect(leaf.isIssuedBy(new KnownCertificate(intermediate.der))).toBe(true)
  expect(leaf.isIssuedBy(new KnownCertificate(namesake.der))).toBe(false)
  expect(new KnownCertificate(root.der).isSelfSigned).toBe(true)
})

test('knownCertificate() reads the same bytes once', () => {
  const { der } = issue()
  expect(knownCertificate(der)).toBe(knownCertificate(Buffer.from(der)))
  expect(knownCertificate(der)).not.toBe(knownCertificate(issue().der))
})
