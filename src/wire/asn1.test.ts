import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  contextTag,
  DerReader,
  hexOf,
  integerBits,
  MAX_DEPTH,
  readOid,
  readSmallInteger,
  readText,
  readTime,
  TAG,
} from './asn1.ts'

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'))

describe('DerReader', () => {
  test('reads elements in order and says where they are', () => {
    const reader = new DerReader(bytes('02 01 05 04 02 aa bb'))
    expect(reader.next()).toEqual({ tag: TAG.integer, start: 0, content: 2, end: 3 })
    const second = reader.next()
    expect(second).toEqual({ tag: TAG.octetString, start: 3, content: 5, end: 7 })
    expect(hexOf(reader.content(second))).toBe('AABB')
    expect(reader.atEnd).toBe(true)
    expect(reader.malformed).toBeNull()
  })

  test('optional() reads nothing when another tag stands there', () => {
    const reader = new DerReader(bytes('02 01 05'))
    expect(reader.optional(TAG.boolean)).toBeNull()
    expect(reader.optional(TAG.integer)).not.toBeNull()
    expect(reader.optional(TAG.integer)).toBeNull()
    expect(reader.malformed).toBeNull()
  })

  test('a part shares the failure with the whole', () => {
    const reader = new DerReader(bytes('30 03 02 05 01'))
    const inner = reader.inside(TAG.sequence, 'it')
    inner.next()
    expect(reader.malformed).toEqual({ offset: 2, reason: 'an element is longer than what holds it' })
    expect(inner.atEnd).toBe(true)
    // Only the first failure counts, and afterwards everything is empty.
    reader.fail(9, 'another')
    expect(reader.malformed?.offset).toBe(2)
    expect(reader.next().end).toBe(0)
  })

  const broken: { name: string; hex: string; reason: RegExp }[] = [
    { name: 'one octet', hex: '30', reason: /cut off/ },
    { name: 'an indefinite length', hex: '30 80 00 00', reason: /indefinite/ },
    { name: 'a length of five octets', hex: '30 85 00 00 00 00 01 00', reason: /cannot be/ },
    { name: 'a length whose octets are missing', hex: '30 82 01', reason: /cannot be/ },
    { name: 'a content that is too short', hex: '04 05 01', reason: /longer than what holds it/ },
    { name: 'a tag of several octets', hex: '1f 81 01 00', reason: /more than one octet/ },
    { name: 'a length near 2^32', hex: '04 84 ff ff ff ff 00', reason: /longer than what holds it/ },
  ]
  for (const { name, hex, reason } of broken) {
    test(`${name} is malformed`, () => {
      const reader = new DerReader(bytes(hex))
      reader.next()
      expect(reader.malformed?.reason).toMatch(reason)
    })
  }

  test('take() names what is missing', () => {
    const reader = new DerReader(bytes('02 01 05'))
    reader.take(TAG.sequence, 'the certificate')
    expect(reader.malformed).toEqual({ offset: 0, reason: 'the certificate is missing' })
  })

  test('takes lengths longer than they need be, as OpenSSL does', () => {
    const reader = new DerReader(bytes('04 82 00 01 ff'))
    expect(hexOf(reader.content(reader.next()))).toBe('FF')
  })

  test('does not go deeper than its bound', () => {
    const outer = new DerReader(bytes('30 00'))
    let reader = outer
    for (let depth = 0; depth < MAX_DEPTH; depth++) reader = new DerReader(reader.bytes, 0, 2, reader)
    expect(outer.malformed).toBeNull()
    expect(new DerReader(reader.bytes, 0, 2, reader).atEnd).toBe(true)
    expect(outer.malformed?.reason).toMatch(/too deeply/)
  })

  test('never throws, never reads past its bytes and always comes to an end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (input) => {
        const reader = new DerReader(input)
        let count = 0
        const walk = (at: DerReader): void => {
          while (!at.atEnd) {
            const element = at.next()
            expect(element.end).toBeLessThanOrEqual(input.length)
            expect(++count).toBeLessThanOrEqual(input.length * MAX_DEPTH)
            if ((element.tag & 0x20) !== 0) walk(at.enter(element))
          }
        }
        walk(reader)
      }),
    )
  })
})

describe('readOid()', () => {
  const table: [hex: string, expected: string][] = [
    ['55 04 03', '2.5.4.3'],
    ['2a 86 48 86 f7 0d 01 01 0b', '1.2.840.113549.1.1.11'],
    ['2b 06 01 04 01 d6 79 02 04 02', '1.3.6.1.4.1.11129.2.4.2'],
    ['00', '0.0'],
    ['4f', '1.39'],
    ['88 37', '2.999'],
    ['', ''],
    ['2a 86', ''],
    ['2a ff ff ff ff ff ff ff ff ff 7f', ''],
  ]
  for (const [hex, expected] of table) {
    test(`${hex || 'nothing'} is ${expected || 'malformed'}`, () =>
      expect(readOid(bytes(hex))).toBe(expected))
  }
  test('is bounded', () => expect(readOid(new Uint8Array(65).fill(1))).toBe(''))
})

describe('readTime()', () => {
  const at = (iso: string): number => Date.parse(iso)
  const table: [tag: number, text: string, expected: number | null][] = [
    [TAG.utcTime, '260102030405Z', at('2026-01-02T03:04:05Z')],
    [TAG.utcTime, '2601020304Z', at('2026-01-02T03:04:00Z')],
    [TAG.utcTime, '491231235959Z', at('2049-12-31T23:59:59Z')],
    [TAG.utcTime, '500101000000Z', at('1950-01-01T00:00:00Z')],
    [TAG.generalizedTime, '20500101000000Z', at('2050-01-01T00:00:00Z')],
    [TAG.generalizedTime, '99991231235959Z', at('9999-12-31T23:59:59Z')],
    [TAG.generalizedTime, '20260101000000.5Z', at('2026-01-01T00:00:00Z')],
    [TAG.generalizedTime, '00500101000000Z', null],
    [TAG.utcTime, '260230000000Z', null],
    [TAG.utcTime, '261301000000Z', null],
    [TAG.utcTime, '260101250000Z', null],
    [TAG.utcTime, '260101000000+0100', null],
    [TAG.utcTime, '', null],
    [TAG.integer, '260101000000Z', null],
  ]
  for (const [tag, text, expected] of table) {
    test(`${tag} ${text || 'nothing'}`, () => expect(readTime(tag, latin1(text))).toBe(expected))
  }
})

describe('readText()', () => {
  const table: [name: string, tag: number, hex: string, expected: string | null][] = [
    ['UTF8String', TAG.utf8String, Buffer.from('Zürich').toString('hex'), 'Zürich'],
    ['PrintableString', TAG.printableString, Buffer.from('Test').toString('hex'), 'Test'],
    ['TeletexString as Latin-1', TAG.teletexString, '5a fc 72', 'Zür'],
    ['BMPString', TAG.bmpString, '00 5a 00 fc', 'Zü'],
    ['UniversalString', TAG.universalString, '00 00 00 5a 00 01 f6 00', 'Z😀'],
    ['UniversalString beyond Unicode', TAG.universalString, '00 ff ff ff', '\ufffd'],
    ['something else', TAG.integer, '01', null],
    ['bad UTF-8', TAG.utf8String, 'ff 41', '\ufffdA'],
  ]
  for (const [name, tag, hex, expected] of table) {
    test(name, () => expect(readText(tag, bytes(hex))).toBe(expected))
  }
  test('is bounded', () =>
    expect(readText(TAG.ia5String, new Uint8Array(10_000).fill(65))).toHaveLength(4096))
})

describe('readSmallInteger() and integerBits()', () => {
  const table: [hex: string, value: number | null, bits: number][] = [
    ['05', 5, 3],
    ['00 ff', 255, 8],
    ['00', 0, 0],
    ['7f ff ff ff', 0x7fff_ffff, 31],
    ['00 80 00 00 00', null, 32],
    ['ff', null, 8],
    ['', null, 0],
  ]
  for (const [hex, value, bits] of table) {
    test(hex || 'nothing', () => {
      expect(readSmallInteger(bytes(hex))).toBe(value)
      expect(integerBits(bytes(hex))).toBe(bits)
    })
  }
})

test('contextTag() makes the identifier octet', () => {
  expect(contextTag(0, true)).toBe(0xa0)
  expect(contextTag(2, false)).toBe(0x82)
})
