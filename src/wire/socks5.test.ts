import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decodeSocks5Reply,
  encodeSocks5Connect,
  encodeSocks5Greeting,
  encodeSocks5Password,
  socks5ReplyBytes,
} from './socks5.ts'

const hex = (bytes: Uint8Array | null): string | null => bytes && Buffer.from(bytes).toString('hex')
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))

test('encodeSocks5Greeting() offers a login only when there is one', () => {
  expect(hex(encodeSocks5Greeting(false))).toBe('050100')
  expect(hex(encodeSocks5Greeting(true))).toBe('05020002')
})

describe('encodeSocks5Password()', () => {
  test('writes both with their lengths in bytes', () => {
    expect(hex(encodeSocks5Password('ab', 'ü'))).toBe('0102616202c3bc')
  })

  test.each([
    ['', 'x'],
    ['x', ''],
    ['x'.repeat(256), 'x'],
    ['x', 'ü'.repeat(128)],
  ])('refuses what does not fit: %s, %s', (user, password) => {
    expect(encodeSocks5Password(user, password)).toBe(null)
  })
})

describe('encodeSocks5Connect()', () => {
  test.each([
    ['192.0.2.7', 80, '05010001c00002070050'],
    ['2001:db8::1', 443, '0501000420010db800000000000000000000000101bb'],
    ['a.test', 65535, '0501000306612e74657374ffff'],
  ])('%s:%i', (host, port, expected) => {
    expect(hex(encodeSocks5Connect({ host, port }))).toBe(expected)
  })

  test('refuses a name of 256 bytes and an empty one', () => {
    expect(encodeSocks5Connect({ host: 'a'.repeat(256), port: 1 })).toBe(null)
    expect(encodeSocks5Connect({ host: 'a'.repeat(255), port: 1 })?.length).toBe(262)
    expect(encodeSocks5Connect({ host: '', port: 1 })).toBe(null)
  })
})

describe('decodeSocks5Reply()', () => {
  test.each([
    ['05 00 00 01 7f000001 1f90', 0, 'succeeded', { host: '127.0.0.1', port: 8080 }],
    ['05 00 00 04 00000000000000000000000000000001 0050', 0, 'succeeded', { host: '::1', port: 80 }],
    ['05 05 00 03 03 6c6162 0001', 5, 'connection refused', { host: 'lab', port: 1 }],
    ['05 02 00 07 00', 2, 'connection not allowed by ruleset', null],
    ['05 63', 0x63, 'reply code 99', null],
    ['05 04 00 01 7f00', 4, 'host unreachable', null],
  ])('%s', (text, code, says, bound) => {
    expect(decodeSocks5Reply(bytes(text))).toEqual({ version: 5, code, says, bound })
  })

  test('never throws, and the length it asks for is never beyond 262 bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (any) => {
        decodeSocks5Reply(any)
        expect(socks5ReplyBytes(any) ?? 0).toBeLessThanOrEqual(262)
      }),
    )
  })
})
