import fc from 'fast-check'
import { isIP, SocketAddress } from 'node:net'
import { describe, expect, test } from 'vitest'
import { formatIp, hostPort, parseIp } from './address.ts'

const TEXTS = [
  ...[
    '0.0.0.0',
    '127.0.0.1',
    '255.255.255.255',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '01.2.3.4',
    '1.2.3.',
    '',
    ' 1.2.3.4',
  ],
  ...[
    '::',
    '::1',
    '1::',
    '2001:db8::1',
    'fe80::1%eth0',
    '::ffff:1.2.3.4',
    '1:2:3:4:5:6:1.2.3.4',
    '64:ff9b::192.0.2.1',
  ],
  ...[
    '1:2:3:4:5:6:7:8',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '::1::',
    ':::',
    ':1',
    '1:',
    '1:2:3:4:5:6:7::',
    '::2:3:4:5:6:7:8',
  ],
  ...[
    '12345::',
    'g::',
    '1.2.3.4::',
    '::1.2.3.4:5',
    '::1.2.3',
    '[::1]',
    '1::2%',
    '1:2:3:4:5:6:7:1.2.3.4',
    '0:0:0:0:0:0:0:0',
  ],
]

describe('parseIp()', () => {
  test.each(TEXTS)('reads %s exactly when node:net does', (text) => {
    expect(parseIp(text)?.length ?? 0).toBe({ 0: 0, 4: 4, 6: 16 }[isIP(text)])
  })

  test('reads the bytes', () => {
    expect(parseIp('192.0.2.7')).toEqual(Uint8Array.of(192, 0, 2, 7))
    expect(parseIp('::ffff:192.0.2.7')).toEqual(
      Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 192, 0, 2, 7),
    )
    expect(parseIp('2001:db8::8000:1%en0')).toEqual(
      Uint8Array.of(32, 1, 13, 184, 0, 0, 0, 0, 0, 0, 0, 0, 128, 0, 0, 1),
    )
  })

  test('never throws and agrees with node:net on arbitrary text', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-f:.%]{0,45}$/), (text) => {
        expect(parseIp(text) !== null).toBe(isIP(text) !== 0)
      }),
    )
  })
})

describe('formatIp()', () => {
  test.each([
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['1:0:0:0:0:0:0:0', '1::'],
    ['2001:DB8::A', '2001:db8::a'],
  ])('writes %s as %s (RFC 5952)', (text, expected) => {
    expect(formatIp(parseIp(text) ?? new Uint8Array())).toBe(expected)
  })

  test('is read back, by us and by node:net', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        const text = formatIp(bytes)
        expect(parseIp(text)).toEqual(bytes)
        const other = new SocketAddress({ address: text, family: 'ipv6' })
        expect(parseIp(other.address)).toEqual(bytes)
      }),
    )
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), (bytes) => {
        expect(parseIp(formatIp(bytes))).toEqual(bytes)
      }),
    )
  })
})

test('hostPort() brackets IPv6 alone', () => {
  expect(hostPort('127.0.0.1', 80)).toBe('127.0.0.1:80')
  expect(hostPort('::1', 443)).toBe('[::1]:443')
  expect(hostPort('example.test', 8080)).toBe('example.test:8080')
})
