import packets from 'dns-packet'
import { describe, expect, test } from 'vitest'
import { WhydownError } from '../model/error.ts'
import { type DnsMessage, decodeMessage, encodeQuery } from './dns-message.ts'
import { formatIpv6 } from './dns-record.ts'
import { type DnsType, rcodeName, typeCode, typeName } from './dns-tables.ts'

const QUERY = {
  id: 0x1234,
  name: 'www.example.test',
  type: 'AAAA',
  recursionDesired: true,
  edns: null,
} as const

function decoded(bytes: Uint8Array): DnsMessage {
  const { malformed, message } = decodeMessage(bytes)
  expect(malformed).toBe(null)
  if (!message) throw new Error('no message')
  return message
}

/** A response with one answer whose data is given in hex. */
function withRecord(type: number, dataHex: string, claimed?: number): Buffer {
  const data = Buffer.from(dataHex.replaceAll(' ', ''), 'hex')
  const head = Buffer.from('00018180000000010000000001780000000001', 'hex')
  head.writeUInt16BE(type, 15)
  const rest = Buffer.from('0000012c0000', 'hex')
  rest.writeUInt16BE(claimed ?? data.length, 4)
  return Buffer.concat([head, rest, data])
}

describe('encodeQuery()', () => {
  test('writes what dns-packet reads', () => {
    const packet = packets.decode(
      Buffer.from(encodeQuery({ ...QUERY, edns: { udpBytes: 1_232, dnssecOk: true } })),
    )
    expect(packet).toMatchObject({ id: 0x1234, type: 'query', flag_rd: true, opcode: 'QUERY' })
    expect(packet.questions).toEqual([{ name: 'www.example.test', type: 'AAAA', class: 'IN' }])
    expect(packet.additionals?.[0]).toMatchObject({
      type: 'OPT',
      name: '.',
      udpPayloadSize: 1_232,
      flag_do: true,
      ednsVersion: 0,
      options: [],
    })
  })

  test('leaves out recursion and EDNS when told to', () => {
    const bytes = encodeQuery({ ...QUERY, recursionDesired: false })
    expect(packets.decode(Buffer.from(bytes))).toMatchObject({ flag_rd: false, additionals: [] })
    expect(bytes).toHaveLength(12 + 18 + 4)
  })

  test('throws a WhydownError for what no query can carry', () => {
    expect(() => encodeQuery({ ...QUERY, name: 'a..b' })).toThrow(WhydownError)
    expect(() => encodeQuery({ ...QUERY, id: 65_536 })).toThrow(WhydownError)
    expect(() => encodeQuery({ ...QUERY, type: 'TYPE65536' })).toThrow(WhydownError)
    expect(() => encodeQuery({ ...QUERY, type: 'constructor' as DnsType })).toThrow(WhydownError)
  })
})

describe('decodeMessage() agrees with dns-packet on', () => {
  const name = 'www.example.test'
  const rows: { type: string; data: unknown; expected?: unknown }[] = [
    { type: 'A', data: '192.0.2.1' },
    { type: 'AAAA', data: '2001:db8::1' },
    { type: 'CNAME', data: 'cdn.example.net' },
    { type: 'NS', data: 'ns.example.net' },
    { type: 'PTR', data: 'host.example.net' },
    { type: 'DNAME', data: 'example.net' },
    {
      type: 'SOA',
      data: {
        mname: 'ns.a',
        rname: 'admin.a',
        serial: 4_294_967_295,
        refresh: 1,
        retry: 2,
        expire: 3,
        minimum: 4,
      },
      expected: {
        primary: 'ns.a',
        mailbox: 'admin.a',
        serial: 4_294_967_295,
        refresh: 1,
        retry: 2,
        expire: 3,
        minimum: 4,
      },
    },
    { type: 'MX', data: { preference: 10, exchange: 'mx.a' } },
    { type: 'TXT', data: ['v=spf1 -all', 'two'] },
    { type: 'SRV', data: { priority: 1, weight: 2, port: 443, target: 'a.b' } },
    {
      type: 'DS',
      data: { keyTag: 60485, algorithm: 5, digestType: 1, digest: Buffer.from('2bb183af', 'hex') },
      expected: { keyTag: 60485, algorithm: 5, digestType: 1, digest: '2bb183af' },
    },
    {
      type: 'DNSKEY',
      data: { flags: 257, algorithm: 13, key: Buffer.alloc(64) },
      expected: { flags: 257, protocol: 3, algorithm: 13, keyBytes: 64 },
    },
    {
      type: 'RRSIG',
      data: {
        typeCovered: 'A',
        algorithm: 13,
        labels: 3,
        originalTTL: 300,
        expiration: 1_700_000_000,
        inception: 1_600_000_000,
        keyTag: 7,
        signersName: 'a.b',
        signature: Buffer.alloc(64),
      },
      expected: {
        covers: 'A',
        algorithm: 13,
        labels: 3,
        originalTtl: 300,
        expiration: 1_700_000_000,
        inception: 1_600_000_000,
        keyTag: 7,
        signer: 'a.b',
      },
    },
    {
      type: 'CAA',
      data: { issuerCritical: true, tag: 'issue', value: 'ca.example; x=1' },
      expected: { critical: true, tag: 'issue', value: 'ca.example; x=1' },
    },
  ]
  for (const { type, data, expected } of rows) {
    test(type, () => {
      // dns-packet turns the texts it is given into bytes in place.
      const bytes = packets.encode({
        type: 'response',
        answers: [{ name, type, ttl: 77, data: Array.isArray(data) ? [...data] : data }],
      })
      expect(decoded(bytes).answers).toEqual([{ name, class: 1, ttl: 77, type, data: expected ?? data }])
    })
  }

  test('header bits, sections and EDNS', () => {
    const bytes = packets.encode({
      id: 77,
      type: 'response',
      flags:
        packets.AUTHORITATIVE_ANSWER |
        packets.TRUNCATED_RESPONSE |
        packets.AUTHENTIC_DATA |
        packets.CHECKING_DISABLED |
        3,
      questions: [{ name, type: 'UNKNOWN_65' }],
      authorities: [{ name, type: 'NS', ttl: 1, data: 'b' }],
      additionals: [
        { name: 'b', type: 'A', ttl: 1, data: '192.0.2.9' },
        {
          name: '.',
          type: 'OPT',
          udpPayloadSize: 4_096,
          extendedRcode: 1,
          ednsVersion: 1,
          flags: 0x8000,
          options: [
            { code: 15, data: Buffer.from('0006c3a4', 'hex') },
            { code: 15, data: Buffer.from('ffff', 'hex') },
            { code: 65_001, data: Buffer.from('aabb', 'hex') },
          ],
        },
      ],
    })
    const message = decoded(bytes)
    expect(message).toMatchObject({ id: 77, rcode: 19, rcodeName: 'BADMODE', trailingBytes: 0 })
    expect(message.flags).toEqual({
      qr: true,
      opcode: 0,
      aa: true,
      tc: true,
      rd: false,
      ra: false,
      ad: true,
      cd: true,
    })
    expect(message.questions).toEqual([{ name, type: 'HTTPS', class: 1 }])
    expect(message.authorities).toHaveLength(1)
    expect(message.additionals).toHaveLength(1)
    expect(message.edns).toMatchObject({ udpBytes: 4_096, version: 1, dnssecOk: true })
    expect(message.edns?.extendedErrors).toEqual([
      { code: 6, name: 'DNSSEC Bogus', text: 'ä' },
      { code: 65_535, name: 'EDE 65535', text: '' },
    ])
    expect(message.edns?.options[2]).toEqual({ code: 65_001, name: 'option 65001', hex: 'aabb' })
  })
})

describe('decodeMessage() reads a service record', () => {
  const rows: { name: string; hex: string; expected: unknown }[] = [
    { name: 'in alias form', hex: '0000 01610000', expected: null },
    {
      name: 'in alias form at a name',
      hex: '0000 0161 00',
      expected: { priority: 0, target: 'a', params: [] },
    },
    {
      name: 'with all the usual parameters',
      hex: '0001 00 0000 0002 0001 0001 0006 026832 026833 0002 0000 0003 0002 01bb 0004 0004 c0000201 0005 0002 abcd 0006 0010 20010db8000000000000000000000001 0007 0004 2f7b787d 029b 0001 ff',
      expected: {
        priority: 1,
        target: '.',
        params: [
          { key: 'mandatory', value: ['alpn'] },
          { key: 'alpn', value: ['h2', 'h3'] },
          { key: 'no-default-alpn', value: '' },
          { key: 'port', value: 443 },
          { key: 'ipv4hint', value: ['192.0.2.1'] },
          { key: 'ech', value: 'abcd' },
          { key: 'ipv6hint', value: ['2001:db8::1'] },
          { key: 'dohpath', value: '/{x}' },
          { key: 'key667', value: 'ff' },
        ],
      },
    },
    { name: 'not with keys out of order', hex: '0001 00 0003 0002 01bb 0001 0003 026832', expected: null },
    { name: 'not with a key twice', hex: '0001 00 0003 0002 01bb 0003 0002 01bb', expected: null },
    { name: 'not with an odd port', hex: '0001 00 0003 0003 01bb00', expected: null },
    { name: 'not with half an address', hex: '0001 00 0004 0003 c00002', expected: null },
    { name: 'not with an empty list', hex: '0001 00 0001 0000', expected: null },
    { name: 'not with a value cut off', hex: '0001 00 0003 0002 01', expected: null },
  ]
  for (const { name, hex, expected } of rows) {
    test(name, () => {
      const [record] = decoded(withRecord(65, hex)).answers
      if (expected === null) expect(record).toMatchObject({ type: 'MALFORMED', ofType: 'HTTPS' })
      else expect(record).toMatchObject({ type: 'HTTPS', data: expected })
    })
  }
})

describe('decodeMessage() marks a record whose data does not fit and keeps its bytes', () => {
  const rows: { name: string; type: number; hex: string; reason: RegExp }[] = [
    { name: 'A of three bytes', type: 1, hex: 'c00002', reason: /4 bytes wanted, 3 left/ },
    { name: 'A of five bytes', type: 1, hex: 'c000020101', reason: /longer than its content/ },
    { name: 'AAAA of four bytes', type: 28, hex: 'c0000201', reason: /16 bytes wanted/ },
    { name: 'CNAME with a name that leaves it', type: 5, hex: '0361', reason: /past the end/ },
    { name: 'CNAME that points to itself', type: 5, hex: 'c019', reason: /does not lead back/ },
    { name: 'TXT without a string', type: 16, hex: '', reason: /1 bytes wanted/ },
    { name: 'CAA with a tag that leaves it', type: 257, hex: '000a6973', reason: /10 bytes wanted/ },
  ]
  for (const { name, type, hex, reason } of rows) {
    test(name, () => {
      const [record] = decoded(withRecord(type, hex)).answers
      expect(record).toMatchObject({ type: 'MALFORMED', ofType: typeName(type), data: { hex } })
      if (record?.type === 'MALFORMED') expect(record.malformed.reason).toMatch(reason)
    })
  }
})

describe('decodeMessage() says where a message breaks', () => {
  const good = packets.encode({
    type: 'response',
    questions: [{ name: 'a.b', type: 'A' }],
    answers: [{ name: 'a.b', type: 'A', ttl: 1, data: '192.0.2.1' }],
  })
  test('for every length that is too short', () => {
    for (let length = 0; length < good.length; length++) {
      const { malformed, message } = decodeMessage(good.subarray(0, length))
      expect(malformed?.offset).toBeLessThanOrEqual(length)
      expect(message === null).toBe(length < 12)
      if (message) expect(message.questions).toHaveLength(length < 21 ? 0 : 1)
    }
  })

  test('when the counts promise more than there is', () => {
    const bytes = Buffer.from(good)
    bytes.writeUInt16BE(65_535, 6)
    const { malformed, message } = decodeMessage(bytes)
    expect(malformed).toEqual({
      offset: good.length,
      reason: 'answer record 2 of 65535: the name runs past the end',
    })
    expect(message?.answers).toHaveLength(1)
  })

  test('when the record data leaves the message', () => {
    expect(decodeMessage(withRecord(1, 'c0000201', 5)).malformed?.reason).toBe(
      'record data: 5 bytes wanted, 4 left',
    )
  })

  test('when there are two OPT records, or one that is not at the root', () => {
    const opt = { name: '.', type: 'OPT', options: [] }
    expect(decodeMessage(packets.encode({ additionals: [opt, opt] })).malformed?.reason).toMatch(/second OPT/)
    const bytes = packets.encode({ additionals: [opt] })
    const moved = Buffer.concat([bytes.subarray(0, 12), Buffer.from('0161', 'hex'), bytes.subarray(12)])
    expect(decodeMessage(moved).malformed?.reason).toMatch(/not at the root/)
  })

  test('when an EDNS option leaves the OPT record', () => {
    const bytes = packets.encode({
      additionals: [{ name: '.', type: 'OPT', options: [{ code: 15, data: Buffer.alloc(4) }] }],
    })
    bytes.writeUInt16BE(9, bytes.length - 6)
    expect(decodeMessage(bytes).malformed?.reason).toBe('EDNS option: 9 bytes wanted, 4 left')
  })

  test('but not when bytes follow, which it counts', () => {
    expect(decoded(Buffer.concat([good, Buffer.alloc(3)])).trailingBytes).toBe(3)
  })
})

test('decodeMessage() takes a TTL with the top bit set as zero', () => {
  const bytes = withRecord(1, 'c0000201')
  bytes.writeUInt32BE(0x8000_0001, 19)
  expect(decoded(bytes).answers[0]?.ttl).toBe(0)
})

test('decodeMessage() keeps the data of unknown types', () => {
  expect(decoded(withRecord(65_280, 'deadbeef')).answers[0]).toMatchObject({
    type: 'TYPE65280',
    data: { hex: 'deadbeef' },
  })
})

test('decodeMessage() makes text out of any byte without control characters', () => {
  expect(decoded(withRecord(16, '0461 1b 22 ff')).answers[0]).toMatchObject({
    type: 'TXT',
    data: ['a\\027"\\255'],
  })
})

test('typeName() and typeCode() are a pair', () => {
  for (let code = 0; code < 300; code++) expect(typeCode(typeName(code))).toBe(code)
  expect(typeCode('TYPE' as DnsType)).toBe(null)
  expect(typeCode('TYPE1.5')).toBe(null)
})

test('rcodeName() names the unknown', () => {
  expect(rcodeName(3)).toBe('NXDOMAIN')
  expect(rcodeName(4_095)).toBe('RCODE4095')
})

describe('formatIpv6() writes the form of RFC 5952', () => {
  const rows: [hex: string, text: string][] = [
    ['00000000000000000000000000000000', '::'],
    ['00000000000000000000000000000001', '::1'],
    ['20010db8000000000000000000000000', '2001:db8::'],
    ['20010db8000000010001000100010001', '2001:db8:0:1:1:1:1:1'],
    ['20010db8000000000001000000000001', '2001:db8::1:0:0:1'],
    ['20010000000000010000000000000001', '2001:0:0:1::1'],
    ['20010db80001000200030004000500ab', '2001:db8:1:2:3:4:5:ab'],
    ['00000000000000000000ffffc0000201', '::ffff:192.0.2.1'],
  ]
  for (const [hex, text] of rows) test(text, () => expect(formatIpv6(Buffer.from(hex, 'hex'))).toBe(text))
})
