import { describe, expect, test } from 'vitest'
import type { ServerSaid } from '../../model/drill.ts'
import { isRegistryZone, judgeResolvers } from './judge-resolvers.ts'

function said(role: ServerSaid['role'], addresses: string[], more: Partial<ServerSaid> = {}): ServerSaid {
  return {
    server: `${role}-server`,
    role,
    name: role === 'authority' ? 'ns1.shop.test' : null,
    rcode: 'NOERROR',
    addresses,
    aliases: [],
    ttl: addresses.length > 0 ? 300 : null,
    extendedErrors: [],
    lame: false,
    failure: null,
    ...more,
  }
}

function verdict(...all: ServerSaid[]): string {
  return judgeResolvers({ said: all, delegation: [], endZone: null, walkFailure: null }).verdict
}

describe('isRegistryZone()', () => {
  test.each([
    ['.', true],
    ['com', true],
    ['co.uk', true],
    ['com.au', true],
    ['shop.test', false],
    ['example.uk', false],
    ['co.com', false],
    ['www.co.uk', false],
  ])('%s: %s', (zone, expected) => {
    expect(isRegistryZone(zone)).toBe(expected)
  })
})

describe('judgeResolvers() on addresses', () => {
  const none = (role: ServerSaid['role']): ServerSaid => said(role, [], { rcode: 'NXDOMAIN' })

  test.each<[string, ServerSaid[], string]>([
    ['the same', [said('used', ['203.0.113.7']), said('authority', ['203.0.113.7'])], 'agree'],
    [
      'one in common',
      [said('used', ['203.0.113.7', '198.51.100.1']), said('authority', ['192.0.2.1', '203.0.113.7'])],
      'agree',
    ],
    ['one network in common', [said('used', ['203.0.1.7']), said('authority', ['203.0.99.1'])], 'agree'],
    [
      'one IPv6 network in common',
      [said('used', ['2001:db8:1::1']), said('authority', ['2001:db8:ffff::9'])],
      'agree',
    ],
    [
      'each asker its own',
      [said('used', ['203.0.113.7']), said('other', ['198.51.100.1']), said('authority', ['192.0.2.1'])],
      'agree',
    ],
    [
      'ours alone, from a cache',
      [
        said('used', ['203.0.113.7'], { ttl: 12 }),
        said('other', ['192.0.2.1']),
        said('authority', ['192.0.2.1']),
      ],
      'stale',
    ],
    [
      'ours alone, with a full TTL',
      [
        said('used', ['10.0.0.1'], { ttl: 300 }),
        said('other', ['192.0.2.1']),
        said('authority', ['192.0.2.1']),
      ],
      'differ',
    ],
    [
      'ours alone, without a walk',
      [said('used', ['10.0.0.1'], { ttl: 12 }), said('other', ['192.0.2.1'])],
      'differ',
    ],
    ['ours against names unknown to others', [said('used', ['10.0.0.1']), none('other')], 'differ'],
    ['none of ours, all others some', [none('used'), said('other', ['192.0.2.1'])], 'resolver_fails'],
    [
      'none of ours and of another resolver, some of the zone',
      [none('used'), none('other'), said('authority', ['192.0.2.1'])],
      'stale',
    ],
    [
      'none of ours, some of one other resolver',
      [none('used'), none('other'), said('other', ['192.0.2.1'])],
      'differ',
    ],
    ['none anywhere', [none('used'), none('other')], 'agree'],
    ['only ours', [said('used', ['192.0.2.1'])], 'unknown'],
    ['nobody', [], 'unknown'],
  ])('%s', (_name, all, expected) => {
    expect(verdict(...all)).toBe(expected)
  })
})
