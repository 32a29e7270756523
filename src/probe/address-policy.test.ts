import fc from 'fast-check'
import { BlockList } from 'node:net'
import { describe, expect, test } from 'vitest'
import { formatIp } from '../model/address.ts'
import { WhydownError } from '../model/error.ts'
import {
  CLOUD_METADATA,
  compilePolicy,
  LINK_LOCAL,
  LOOPBACK,
  PRIVATE_NETWORKS,
  SPECIAL_PURPOSE,
} from './address-policy.ts'

const deny = (...entries: string[]) => compilePolicy({ allow: [], deny: entries })
const allow = (...entries: string[]) => compilePolicy({ allow: entries, deny: [] })

describe('compilePolicy() denies', () => {
  test.each([
    ['10.0.0.0/8', '10.255.255.255'],
    ['10.1.2.3/8', '10.200.0.1'],
    ['192.0.2.7', '192.0.2.7'],
    ['0.0.0.0/0', '8.8.8.8'],
    ['::/0', '2001:db8::1'],
    ['fd00::/8', 'fd12::1'],
    ['fe80::/10', 'fe80::1%eth0'],
    ['::ffff:10.0.0.0/104', '10.9.9.9'],
    ['10.0.0.0/8', '::ffff:10.0.0.1'],
    ['10.0.0.0/8', '::ffff:a00:1'],
    ['127.0.0.0/8', '64:ff9b::127.0.0.1'],
    ['127.0.0.0/8', '2002:7f00:1::1'],
    ['127.0.0.0/8', '::127.0.0.1'],
    ['127.0.0.0/8', '::ffff:0:127.0.0.1'],
    // Teredo: server 10.0.0.1, then client 127.0.0.1 with all bits turned.
    ['10.0.0.0/8', '2001:0:a00:1::'],
    ['127.0.0.0/8', '2001:0:102:304:0:0:80ff:fffe'],
  ])('with %s: %s', (entry, ip) => {
    expect(deny(entry).verdict(ip)).toContain(`the denied network ${entry}`)
  })

  test.each([
    ['10.0.0.0/8', '11.0.0.0'],
    ['10.0.0.0/8', 'a00::1'],
    ['192.0.2.7', '192.0.2.8'],
    ['::1', '::2'],
    ['127.0.0.0/8', '::1'],
    ['0.0.0.0/8', '::1'],
    ['fd00::/8', 'fc00::1'],
    ['127.0.0.0/8', '2001:db8::7f00:1'],
  ])('and with %s not %s', (entry, ip) => {
    expect(deny(entry).verdict(ip)).toBe(null)
  })

  test('names the address that a translated one leads to', () => {
    expect(deny('169.254.169.254').verdict('64:ff9b::a9fe:a9fe')).toBe(
      '64:ff9b::a9fe:a9fe leads to 169.254.169.254, which is in the denied network 169.254.169.254',
    )
  })
})

describe('compilePolicy() allows', () => {
  test.each([
    ['203.0.113.0/24', '203.0.113.9', true],
    ['203.0.113.0/24', '::ffff:203.0.113.9', true],
    ['203.0.113.0/24', '64:ff9b::203.0.113.9', true],
    // 6to4 ends at a router that may send it anywhere.
    ['203.0.113.0/24', '2002:cb00:7109::1', false],
    ['203.0.113.0/24', '198.51.100.1', false],
    ['203.0.113.0/24', '2001:db8::1', false],
    ['2001:db8::/32', '2001:db8::1', true],
  ])('with %s: %s is %s', (entry, ip, expected) => {
    expect(allow(entry).verdict(ip) === null).toBe(expected)
  })

  test('everything when the list is empty, and nothing that is denied', () => {
    expect(compilePolicy({ allow: [], deny: [] }).verdict('127.0.0.1')).toBe(null)
    const both = compilePolicy({ allow: ['10.0.0.0/8'], deny: ['10.0.0.5'] })
    expect(both.verdict('10.0.0.4')).toBe(null)
    expect(both.verdict('10.0.0.5')).toContain('10.0.0.5')
  })

  test('no text that is not an address', () => {
    expect(compilePolicy({ allow: [], deny: [] }).verdict('localhost')).toBe('localhost is not an IP address')
  })
})

test.each([
  'localhost',
  '10.0.0.0/33',
  '::/129',
  '10.0.0.0/',
  '10.0.0/8',
  '10.0.0.0/-1',
  '',
  '1.2.3.4/8/8',
  'fe80::1%eth0',
])('compilePolicy() throws for "%s" and names it', (entry) => {
  const compile = () => compilePolicy({ allow: ['10.0.0.0/8', entry], deny: [] })
  expect(compile).toThrow(WhydownError)
  expect(compile).toThrow(`"${entry}"`)
})

test('compilePolicy() remembers a policy by its identity', () => {
  const policy = { allow: [], deny: ['10.0.0.0/8'] }
  expect(compilePolicy(policy)).toBe(compilePolicy(policy))
  expect(compilePolicy({ ...policy })).not.toBe(compilePolicy(policy))
})

test('verdict() agrees with net.BlockList on IPv4 and on its mapped form', () => {
  const address = fc.uint8Array({ minLength: 4, maxLength: 4 })
  fc.assert(
    fc.property(address, address, fc.integer({ min: 0, max: 32 }), (network, ip, bits) => {
      const oracle = new BlockList()
      oracle.addSubnet(formatIp(network), bits, 'ipv4')
      const denied = oracle.check(formatIp(ip), 'ipv4')
      const policy = deny(`${formatIp(network)}/${bits}`)
      expect(policy.verdict(formatIp(ip)) !== null).toBe(denied)
      expect(policy.verdict(`::ffff:${formatIp(ip)}`) !== null).toBe(denied)
    }),
  )
})

describe('the ready-made lists', () => {
  const all = { LOOPBACK, LINK_LOCAL, PRIVATE_NETWORKS, CLOUD_METADATA, SPECIAL_PURPOSE }
  test.each(Object.entries(all))('%s compiles', (_, list) => {
    expect(deny(...list).verdict('1.1.1.1')).toBe(null)
    expect(deny(...list).verdict('2606:4700::1111')).toBe(null)
  })

  test.each([
    ['127.9.9.9', LOOPBACK],
    ['::1', LOOPBACK],
    ['fe80::1', LINK_LOCAL],
    ['172.31.0.1', PRIVATE_NETWORKS],
    ['100.127.0.1', PRIVATE_NETWORKS],
    ['fd00::1', PRIVATE_NETWORKS],
    ['169.254.169.254', CLOUD_METADATA],
    ['fd00:ec2::254', CLOUD_METADATA],
    ['0.0.0.0', SPECIAL_PURPOSE],
    ['224.0.0.1', SPECIAL_PURPOSE],
    ['255.255.255.255', SPECIAL_PURPOSE],
    ['::', SPECIAL_PURPOSE],
    ['ff02::1', SPECIAL_PURPOSE],
    ['2002:a00:1::', SPECIAL_PURPOSE],
  ])('hold %s', (ip, list) => {
    expect(deny(...list).verdict(ip)).not.toBe(null)
  })

  test('SPECIAL_PURPOSE holds the other lists but for what clouds put into public space', () => {
    const policy = deny(...SPECIAL_PURPOSE)
    const open = [...LOOPBACK, ...LINK_LOCAL, ...PRIVATE_NETWORKS, ...CLOUD_METADATA].filter(
      (entry) => policy.verdict(entry.split('/')[0] ?? '') === null,
    )
    expect(open).toEqual(['168.63.129.16/32'])
  })
})
