import { X509Certificate } from 'node:crypto'
import { getCACertificates } from 'node:tls'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { der, issue, oid, SERVER_AUTH, sequence } from '../../test/world/certificates.ts'
import { type Certificate, formatKey, KEY_USAGE, keyUsageAllows, parseCertificate } from './certificate.ts'

function read(bytes: Uint8Array): Certificate {
  const certificate = parseCertificate(bytes)
  if ('malformed' in certificate) throw new Error(certificate.malformed)
  return certificate
}

describe('parseCertificate() of the roots in use', () => {
  const roots = getCACertificates('bundled').map((pem) => new X509Certificate(pem))

  test('reads each as OpenSSL does', () => {
    expect(roots.length).toBeGreaterThan(50)
    for (const root of roots) {
      const ours = read(root.raw)
      // OpenSSL writes the number zero with one digit.
      expect(BigInt(`0x${ours.serialNumber}`), root.subject).toBe(BigInt(`0x${root.serialNumber}`))
      expect(ours.notBeforeMs).toBe(Date.parse(root.validFrom))
      expect(ours.notAfterMs).toBe(Date.parse(root.validTo))
      expect(ours.isCa === true, root.subject).toBe(root.ca)
      expect(ours.selfIssued).toBe(root.checkIssued(root))
      expect(ours.unread).toEqual([])
      const { asymmetricKeyType, asymmetricKeyDetails } = root.publicKey
      if (asymmetricKeyType === 'rsa')
        expect(ours.key).toMatchObject({ kind: 'RSA', bits: asymmetricKeyDetails?.modulusLength })
      else expect(formatKey(ours.key)).toMatch(/^EC P-\d+$/)
      expect(ours.signatureHash).toMatch(/^sha(1|256|384|512)$/)
    }
  })

  test('writes each name with the parts that OpenSSL has', () => {
    for (const root of roots) {
      const theirs = root.subject.split('\n').reverse().join(', ')
      // OpenSSL escapes what is not ASCII and what stands for a separator in its own way.
      if (/[\\,]/.test(root.subject)) continue
      expect(read(root.raw).subject.text).toBe(theirs)
    }
  })
})

describe('parseCertificate()', () => {
  test('reads what a leaf says', () => {
    const root = issue({ commonName: 'Root', ca: true })
    const leaf = issue(
      {
        commonName: 'shop',
        names: ['shop.test', '*.shop.test', '192.0.2.1', '::1'],
        caIssuers: 'http://a.test/i',
        ocsp: 'http://a.test/o',
        mustStaple: true,
        receipts: true,
        purposes: [SERVER_AUTH, '1.2.3.4'],
        keyUsage: [0],
      },
      root,
    )
    expect(read(leaf.der)).toMatchObject({
      subject: { text: 'CN=shop, O=Whydown Test', commonNames: ['shop'] },
      issuer: { text: 'CN=Root, O=Whydown Test' },
      dnsNames: ['shop.test', '*.shop.test'],
      ipAddresses: ['192.0.2.1', '::1'],
      nameCount: 4,
      key: { kind: 'EC', bits: 256, curve: 'P-256' },
      signature: 'ecdsa-with-SHA256',
      signatureHash: 'sha256',
      isCa: null,
      extendedKeyUsage: ['serverAuth', '1.2.3.4'],
      caIssuers: ['http://a.test/i'],
      ocspUrls: ['http://a.test/o'],
      hasTransparencyReceipts: true,
      mustStaple: true,
      nameConstraints: null,
      selfIssued: false,
      unread: [],
    })
  })

  test('reads what an authority says', () => {
    const certificate = read(
      issue({ ca: true, pathLength: 2, keyUsage: [5, 6], permittedDns: ['shop.test'] }).der,
    )
    expect(certificate).toMatchObject({ isCa: true, pathLength: 2, selfIssued: true, nameCount: null })
    expect(certificate.nameConstraints?.permitted.dns).toEqual(['shop.test'])
    expect(keyUsageAllows(certificate, KEY_USAGE.keyCertSign)).toBe(true)
    expect(keyUsageAllows(certificate, KEY_USAGE.digitalSignature)).toBe(false)
  })

  test('takes a missing key usage for leave to do all', () => {
    expect(keyUsageAllows(read(issue().der), KEY_USAGE.keyCertSign)).toBe(true)
  })

  const keys: [key: Parameters<typeof issue>[0], shown: string, signature: string][] = [
    [{ key: 'RSA-1024' }, 'RSA 1024', 'sha256WithRSAEncryption'],
    [{ key: 'RSA-2048', hash: 'sha1' }, 'RSA 2048', 'sha1WithRSAEncryption'],
    [{ key: 'P-384', hash: 'sha384' }, 'EC P-384', 'ecdsa-with-SHA384'],
    [{ key: 'P-192' }, 'EC P-192', 'ecdsa-with-SHA256'],
    [{ key: 'Ed25519' }, 'Ed25519', 'Ed25519'],
  ]
  for (const [options, shown, signature] of keys) {
    test(`knows the key ${shown} and the signature ${signature}`, () => {
      const certificate = read(issue(options).der)
      expect(formatKey(certificate.key)).toBe(shown)
      expect(certificate.signature).toBe(signature)
    })
  }

  test('escapes what would be taken for a separator in a name', () => {
    expect(read(issue({ commonName: 'Shop, Inc. + "Co"' }).der).subject.text).toBe(
      'CN=Shop\\, Inc. \\+ \\"Co\\", O=Whydown Test',
    )
  })

  test('compares names without case and without double spaces', () => {
    const one = read(issue({ commonName: 'The  Shop ' }).der)
    const other = read(issue({ commonName: 'the shop' }).der)
    expect(one.subject.key).toBe(other.subject.key)
    expect(one.subject.text).not.toBe(other.subject.text)
  })

  test('leaves a malformed extension out and says so', () => {
    const broken = sequence(oid('2.5.29.37'), der(4, Buffer.from([0x30, 0x05, 0x06])))
    const certificate = read(issue({ extensions: [broken] }).der)
    expect(certificate.extendedKeyUsage).toBeNull()
    expect(certificate.unread).toEqual(['extension 2.5.29.37: an element is longer than what holds it'])
    expect(certificate.dnsNames).toContain('localhost')
  })

  test('counts the names it does not keep', () => {
    const names = Array.from({ length: 1200 }, (_, index) => `n${index}.test`)
    const certificate = read(issue({ names }).der)
    expect(certificate.dnsNames).toHaveLength(1000)
    expect(certificate.nameCount).toBe(1200)
  })

  test('says what is wrong with bytes that are no certificate', () => {
    expect(parseCertificate(new Uint8Array(0))).toEqual({
      malformed: 'the certificate is missing, at byte 0',
    })
    expect(parseCertificate(Buffer.from('3003020101', 'hex'))).toMatchObject({
      malformed: expect.stringMatching(/certificate body/),
    })
    const { der: whole } = issue()
    expect(parseCertificate(whole.subarray(0, 100))).toHaveProperty('malformed')
  })

  test('never throws on a damaged certificate', () => {
    const { der: whole } = issue({
      caIssuers: 'http://a.test/',
      permittedDns: ['a.test'],
      names: ['a.test'],
      keyUsage: [0],
    })
    const change = fc.record({ at: fc.nat(whole.length - 1), to: fc.nat(255) })
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 1, maxLength: 8 }),
        fc.nat(whole.length),
        (changes, length) => {
          const damaged = Buffer.from(whole.subarray(0, length))
          for (const { at, to } of changes) if (at < damaged.length) damaged[at] = to
          const certificate = parseCertificate(damaged)
          expect('malformed' in certificate || certificate.subject.text !== undefined).toBe(true)
        },
      ),
      { numRuns: 2000 },
    )
  })
})
