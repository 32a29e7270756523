// One resource record: what its data says, by type. Unknown types keep their bytes; data that does not fit its
// type is marked and kept as bytes, so that one odd record does not hide the others.
import { DnsCursor, type DnsMalformed, toHex } from './dns-cursor.ts'
import { escapeLabelByte } from './dns-name.ts'
import { type DnsType, type RawType, serviceKeyName, typeName } from './dns-tables.ts'

/** RFC 1035 3.3.13. Names in presentation form, times in seconds. */
export interface SoaData {
  primary: string
  mailbox: string
  serial: number
  refresh: number
  retry: number
  expire: number
  minimum: number
}

/** Data as it came, hex. */
export interface RawData {
  hex: string
}

/** RFC 9460: one service parameter; the value as readable text, lists split. */
export interface ServiceParam {
  key: string
  value: string | number | string[]
}

interface RecordHead {
  /** Presentation form, without the dot at the end, case as it came. */
  name: string
  /** 1 is IN. */
  class: number
  /** Seconds. */
  ttl: number
}

type RecordData =
  | { type: 'A' | 'AAAA' | 'CNAME' | 'NS' | 'PTR' | 'DNAME'; data: string }
  | { type: 'SOA'; data: SoaData }
  | { type: 'MX'; data: { preference: number; exchange: string } }
  | { type: 'TXT'; data: string[] }
  | { type: 'SRV'; data: { priority: number; weight: number; port: number; target: string } }
  | { type: 'DS'; data: { keyTag: number; algorithm: number; digestType: number; digest: string } }
  | { type: 'DNSKEY'; data: { flags: number; protocol: number; algorithm: number; keyBytes: number } }
  | {
      type: 'RRSIG'
      data: {
        covers: DnsType
        algorithm: number
        labels: number
        originalTtl: number
        /** Seconds since 1970 UTC, as the 32 bits that are on the wire. */
        expiration: number
        inception: number
        keyTag: number
        signer: string
      }
    }
  | { type: 'HTTPS' | 'SVCB'; data: { priority: number; target: string; params: ServiceParam[] } }
  | { type: 'CAA'; data: { critical: boolean; tag: string; value: string } }
  | { type: RawType; data: RawData }
  /** Data that does not fit `ofType`. */
  | { type: 'MALFORMED'; ofType: DnsType; data: RawData; malformed: DnsMalformed }

export type DnsRecord = RecordHead & RecordData

/** Reads the record whose head (name, type, class, TTL) was read already; the cursor ends behind its data. */
export function readRecordData(cursor: DnsCursor, head: RecordHead, code: number): DnsRecord {
  const length = cursor.u16('record data length')
  const from = cursor.at
  const raw = cursor.take(length, 'record data')
  const inner = new DnsCursor(cursor.bytes, from, from + raw.length)
  const made = decodeData(inner, code)
  if (!inner.malformed && inner.remaining() > 0)
    inner.fail(inner.at, 'the record data is longer than its content')
  if (inner.malformed) {
    const malformed = inner.malformed
    return { ...head, type: 'MALFORMED', ofType: typeName(code), data: { hex: toHex(raw) }, malformed }
  }
  return { ...head, ...made }
}

function decodeData(cursor: DnsCursor, code: number): RecordData {
  const type = typeName(code)
  switch (type) {
    case 'A':
      return { type, data: formatIpv4(cursor.take(4, 'A')) }
    case 'AAAA':
      return { type, data: formatIpv6(cursor.take(16, 'AAAA')) }
    case 'CNAME':
    case 'NS':
    case 'PTR':
    case 'DNAME':
      return { type, data: cursor.name(type) }
    case 'SOA':
      return {
        type,
        data: {
          primary: cursor.name('SOA primary'),
          mailbox: cursor.name('SOA mailbox'),
          serial: cursor.u32('SOA serial'),
          refresh: cursor.u32('SOA refresh'),
          retry: cursor.u32('SOA retry'),
          expire: cursor.u32('SOA expire'),
          minimum: cursor.u32('SOA minimum'),
        },
      }
    case 'MX':
      return { type, data: { preference: cursor.u16('MX preference'), exchange: cursor.name('MX exchange') } }
    case 'TXT':
      return { type, data: readTexts(cursor) }
    case 'SRV':
      return {
        type,
        data: {
          priority: cursor.u16('SRV priority'),
          weight: cursor.u16('SRV weight'),
          port: cursor.u16('SRV port'),
          target: cursor.name('SRV target'),
        },
      }
    case 'DS':
      return {
        type,
        data: {
          keyTag: cursor.u16('DS key tag'),
          algorithm: cursor.u8('DS algorithm'),
          digestType: cursor.u8('DS digest type'),
          digest: toHex(cursor.rest()),
        },
      }
    case 'DNSKEY':
      return {
        type,
        data: {
          flags: cursor.u16('DNSKEY flags'),
          protocol: cursor.u8('DNSKEY protocol'),
          algorithm: cursor.u8('DNSKEY algorithm'),
          keyBytes: cursor.rest().length,
        },
      }
    case 'RRSIG': {
      const data = {
        covers: typeName(cursor.u16('RRSIG type covered')),
        algorithm: cursor.u8('RRSIG algorithm'),
        labels: cursor.u8('RRSIG labels'),
        originalTtl: cursor.u32('RRSIG original TTL'),
        expiration: cursor.u32('RRSIG expiration'),
        inception: cursor.u32('RRSIG inception'),
        keyTag: cursor.u16('RRSIG key tag'),
        signer: cursor.name('RRSIG signer'),
      }
      cursor.rest()
      return { type, data }
    }
    case 'HTTPS':
    case 'SVCB':
      return {
        type,
        data: {
          priority: cursor.u16(`${type} priority`),
          target: cursor.name(`${type} target`),
          params: readServiceParams(cursor),
        },
      }
    case 'CAA': {
      const critical = (cursor.u8('CAA flags') & 0x80) !== 0
      const tag = latin(cursor.take(cursor.u8('CAA tag length'), 'CAA tag'))
      return { type, data: { critical, tag, value: latin(cursor.rest()) } }
    }
    default:
      return { type, data: { hex: toHex(cursor.rest()) } }
  }
}

/** Character strings (RFC 1035 3.3): at least one. */
function readTexts(cursor: DnsCursor): string[] {
  const texts: string[] = []
  do texts.push(latin(cursor.take(cursor.u8('TXT length'), 'TXT')))
  while (cursor.remaining() > 0)
  return texts
}

/** SvcParams: keys in strictly increasing order, or the record is malformed (RFC 9460 section 2.2). */
function readServiceParams(cursor: DnsCursor): ServiceParam[] {
  const params: ServiceParam[] = []
  let lastKey = -1
  while (cursor.remaining() > 0) {
    const from = cursor.at
    const key = cursor.u16('service parameter key')
    const length = cursor.u16('service parameter length')
    const value = cursor.take(length, 'service parameter')
    if (cursor.malformed) break
    if (key <= lastKey) cursor.fail(from, 'the service parameters are not in increasing order')
    lastKey = key
    const inner = new DnsCursor(cursor.bytes, cursor.at - value.length, cursor.at)
    params.push({ key: serviceKeyName(key), value: readServiceValue(inner, key) })
    if (!inner.malformed && inner.remaining() > 0)
      inner.fail(inner.at, `${serviceKeyName(key)}: the value is too long`)
    if (inner.malformed) cursor.fail(inner.malformed.offset, inner.malformed.reason)
  }
  return params
}

function readServiceValue(cursor: DnsCursor, key: number): ServiceParam['value'] {
  const name = serviceKeyName(key)
  switch (name) {
    case 'mandatory':
      return readList(cursor, name, () => serviceKeyName(cursor.u16(name)))
    case 'alpn':
      return readList(cursor, name, () => latin(cursor.take(cursor.u8(name), name)))
    case 'no-default-alpn':
    case 'ohttp':
      return ''
    case 'port':
      return cursor.u16(name)
    case 'ipv4hint':
      return readList(cursor, name, () => formatIpv4(cursor.take(4, name)))
    case 'ipv6hint':
      return readList(cursor, name, () => formatIpv6(cursor.take(16, name)))
    case 'dohpath':
      return latin(cursor.rest())
    default:
      return toHex(cursor.rest())
  }
}

/** One item or more until the value is used up. */
function readList(cursor: DnsCursor, name: string, readOne: () => string): string[] {
  const list: string[] = []
  if (cursor.remaining() === 0) cursor.fail(cursor.at, `${name}: the list is empty`)
  while (cursor.remaining() > 0) list.push(readOne())
  return list
}

/** Text of bytes that should be ASCII: what is not printable becomes \DDD, a backslash is doubled. */
function latin(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) {
    text += byte === 0x20 || byte === 0x2e ? String.fromCharCode(byte) : escapeLabelByte(byte)
  }
  return text
}

/** Four bytes as dotted decimals; empty when there are not four. */
export function formatIpv4(bytes: Uint8Array): string {
  return bytes.length === 4 ? `${bytes[0]}.${bytes[1]}.${bytes[2]}.${bytes[3]}` : ''
}

/** Sixteen bytes in the one form of RFC 5952, mapped IPv4 with dots; empty when there are not sixteen. */
export function formatIpv6(bytes: Uint8Array): string {
  if (bytes.length !== 16) return ''
  const groups: number[] = []
  for (let index = 0; index < 16; index += 2)
    groups.push(((bytes[index] ?? 0) << 8) | (bytes[index + 1] ?? 0))
  if (groups[5] === 0xffff && groups.every((group, index) => index >= 5 || group === 0)) {
    return `::ffff:${formatIpv4(bytes.subarray(12))}`
  }
  let runAt = -1
  let runLength = 1
  for (let index = 0; index < 8; index++) {
    let length = 0
    while (index + length < 8 && groups[index + length] === 0) length++
    if (length > runLength) {
      runAt = index
      runLength = length
    }
    index += length
  }
  const hex = groups.map((group) => group.toString(16))
  if (runAt < 0) return hex.join(':')
  return `${hex.slice(0, runAt).join(':')}::${hex.slice(runAt + runLength).join(':')}`
}
