import type { NetworkInterfaceInfo } from 'node:os'
import { expect, test } from 'vitest'
import { lacksFamily } from './own-addresses.ts'

function machine(...addresses: string[]): NodeJS.Dict<NetworkInterfaceInfo[]> {
  const infos = addresses.map((address): NetworkInterfaceInfo => {
    const base = { address, netmask: '', mac: '', internal: false, cidr: null }
    return address.includes(':') ? { ...base, family: 'IPv6', scopeid: 0 } : { ...base, family: 'IPv4' }
  })
  return { eth0: infos }
}

test.each([
  ['2001:db8::1', ['127.0.0.1', '::1', '192.168.0.2'], true],
  ['2001:db8::1', ['::1', 'fe80::2', 'fd00::2'], true],
  ['2001:db8::1', ['2001:db8:5::2'], false],
  ['fd00::1', ['fd00::2'], false],
  ['fd00::1', ['fe80::2'], true],
  ['fe80::1', ['fe80::2'], false],
  ['::1', ['::1'], false],
  ['::1', [], true],
  ['203.0.113.1', ['127.0.0.1', '169.254.3.4', '2001:db8::2'], true],
  ['203.0.113.1', ['127.0.0.1', '10.0.0.2'], false],
  ['10.0.0.1', ['127.0.0.1'], true],
  ['127.0.0.1', ['127.0.0.1'], false],
  ['127.0.0.1', [], true],
])('lacksFamily() %s from %j is %s', (ip, own, expected) => {
  expect(lacksFamily(ip, machine(...own))).toBe(expected)
})

test('lacksFamily() looks at this machine when told nothing', () => {
  expect(lacksFamily('127.0.0.1')).toBe(false)
})
