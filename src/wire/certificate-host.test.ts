import { X509Certificate } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { issue } from '../../test/world/certificates.ts'
import { type Certificate, parseCertificate } from './certificate.ts'
import { findForbiddenName, matchesName, namesHost, plainHost } from './certificate-host.ts'

function read(der: Uint8Array): Certificate {
  const certificate = parseCertificate(der)
  if ('malformed' in certificate) throw new Error(certificate.malformed)
  return certificate
}

describe('matchesName()', () => {
  const table: [name: string, host: string, matches: boolean][] = [
    ['shop.test', 'shop.test', true],
    ['SHOP.test', 'shop.test', true],
    ['shop.test.', 'shop.test', true],
    ['shop.test', 'www.shop.test', false],
    ['www.shop.test', 'shop.test', false],
    ['*.shop.test', 'www.shop.test', true],
    ['*.shop.test', 'shop.test', false],
    ['*.shop.test', 'a.b.shop.test', false],
    ['*.shop.test', '.shop.test', false],
    ['w*.shop.test', 'www.shop.test', false],
    ['www.*.test', 'www.shop.test', false],
    ['*.*.test', 'www.shop.test', false],
    ['*.test', 'shop.test', false],
    ['*', 'shop', false],
    ['*.', 'shop.', false],
    ['', '', false],
    ['xn--bcher-kva.test', 'xn--bcher-kva.test', true],
    ['*.xn--bcher-kva.test', 'www.xn--bcher-kva.test', true],
  ]
  for (const [name, host, matches] of table) {
    test(`${name} ${matches ? 'is' : 'is not'} for ${host}`, () =>
      expect(matchesName(name, host)).toBe(matches))
  }

  test('agrees with OpenSSL wherever no wildcard is partial', () => {
    for (const [name, host] of table) {
      // OpenSSL takes "w*" for a pattern, as RFC 6125 allowed, a host with a dot in front for all below it, and no
      // dot behind a name.
      if (name.startsWith('w*') || name.endsWith('.') || name === '' || host.startsWith('.')) continue
      const { der } = issue({ names: [name] })
      const theirs = new X509Certificate(der).checkHost(host, { subject: 'never' }) !== undefined
      expect(namesHost(read(der), host), `${name} for ${host}`).toBe(theirs)
    }
  })
})

describe('namesHost()', () => {
  const certificate = read(issue({ names: ['shop.test', '192.0.2.1', '::1'] }).der)
  const table: [host: string, named: boolean][] = [
    ['shop.test', true],
    ['192.0.2.1', true],
    ['192.0.2.2', false],
    ['::1', true],
    ['::2', false],
    ['other.test', false],
  ]
  for (const [host, named] of table) {
    test(`${host}: ${named}`, () => expect(namesHost(certificate, host)).toBe(named))
  }

  test('an address written as a DNS name does not count', () => {
    const wrong = { ...certificate, dnsNames: ['192.0.2.9'], ipAddresses: [] }
    expect(namesHost(wrong, '192.0.2.9')).toBe(false)
  })
})

describe('plainHost()', () => {
  const table: [host: string, plain: string][] = [
    ['Shop.Test', 'shop.test'],
    ['shop.test.', 'shop.test'],
    ['[::1]', '::1'],
    ['[0:0:0:0:0:0:0:1]', '::1'],
    ['192.0.2.1', '192.0.2.1'],
  ]
  for (const [host, plain] of table) test(host, () => expect(plainHost(host)).toBe(plain))
})

describe('findForbiddenName()', () => {
  const leaf = read(issue({ names: ['www.shop.test', 'shop.test', '10.1.2.3'] }).der)
  const bound = (options: Parameters<typeof issue>[0]): string | null => {
    const { nameConstraints } = read(issue({ ca: true, ...options }).der)
    if (!nameConstraints) throw new Error('no constraints')
    return findForbiddenName(nameConstraints, leaf)
  }
  const table: { name: string; options: Parameters<typeof issue>[0]; forbidden: string | null }[] = [
    { name: 'a domain that holds them all', options: { permittedDns: ['shop.test'] }, forbidden: null },
    { name: 'any domain', options: { permittedDns: [''] }, forbidden: null },
    { name: 'only what is below', options: { permittedDns: ['.shop.test'] }, forbidden: 'shop.test' },
    { name: 'another domain', options: { permittedDns: ['pshop.test'] }, forbidden: 'www.shop.test' },
    { name: 'one of several', options: { permittedDns: ['a.test', 'shop.test'] }, forbidden: null },
    { name: 'an excluded one', options: { excludedDns: ['www.shop.test'] }, forbidden: 'www.shop.test' },
    { name: 'an excluded stranger', options: { excludedDns: ['b.test'] }, forbidden: null },
    {
      name: 'the network',
      options: { permittedIp: { ip: [10, 0, 0, 0], mask: [255, 0, 0, 0] } },
      forbidden: null,
    },
    {
      name: 'another network',
      options: { permittedIp: { ip: [10, 2, 0, 0], mask: [255, 255, 0, 0] } },
      forbidden: '10.1.2.3',
    },
  ]
  for (const { name, options, forbidden } of table) test(name, () => expect(bound(options)).toBe(forbidden))
})
