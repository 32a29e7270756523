// DNS messages: writes queries, reads whatever comes back (RFC 1035, EDNS of RFC 6891, errors of RFC 8914).
// Knows no sockets, asks nobody, and holds no opinion on what an answer means.
import { WhydownError } from '../model/error.ts'
import { DnsCursor, type DnsMalformed, toHex } from './dns-cursor.ts'
import { encodeName } from './dns-name.ts'
import { type DnsRecord, readRecordData } from './dns-record.ts'
import {
  type DnsType,
  ednsOptionName,
  extendedErrorName,
  RAW_TYPES,
  rcodeName,
  typeCode,
  typeName,
} from './dns-tables.ts'

export const CLASS_IN = 1
const HEADER_BYTES = 12
const OPT_BYTES = 11
const EXTENDED_ERROR_OPTION = 15

export interface DnsQuery {
  /** 0 to 65535. */
  id: number
  /** Presentation form, ASCII. */
  name: string
  type: DnsType
  recursionDesired: boolean
  /** The CD bit (RFC 4035, 3.2.2): answer also what does not validate. Default false. */
  checkingDisabled?: boolean
  /** The OPT record to send; null: none. */
  edns: { udpBytes: number; dnssecOk: boolean } | null
}

export interface DnsFlags {
  qr: boolean
  opcode: number
  aa: boolean
  tc: boolean
  rd: boolean
  ra: boolean
  ad: boolean
  cd: boolean
}

export interface DnsQuestion {
  name: string
  type: DnsType
  class: number
}

/** Extended DNS Error (RFC 8914). The text is the peer's own, as it came. */
export interface ExtendedError {
  code: number
  name: string
  text: string
}

export interface Edns {
  udpBytes: number
  version: number
  dnssecOk: boolean
  /** All options as they came, data in hex. */
  options: { code: number; name: string; hex: string }[]
  extendedErrors: ExtendedError[]
}

export interface DnsMessage {
  id: number
  flags: DnsFlags
  /** With the upper bits from the OPT record. */
  rcode: number
  rcodeName: string
  questions: DnsQuestion[]
  answers: DnsRecord[]
  authorities: DnsRecord[]
  /** Without the OPT record, which is in `edns`. */
  additionals: DnsRecord[]
  edns: Edns | null
  /** Bytes behind the last record that the header counted. */
  trailingBytes: number
}

/** A message, or where it breaks together with all that could be read before (null: not even a header). */
export type Decoded =
  | { malformed: null; message: DnsMessage }
  | { malformed: DnsMalformed; message: DnsMessage | null }

/**
 * A query as wire bytes (RFC 1035 4.1, RFC 6891 6.1.2).
 * Throws a WhydownError for a name, type or id that no query can carry.
 */
export function encodeQuery(query: DnsQuery): Uint8Array {
  const { id, edns } = query
  if (!Number.isInteger(id) || id < 0 || id > 65_535) {
    throw new WhydownError('usage', `The DNS message id ${id} is not a 16-bit number.`)
  }
  const type = typeCode(query.type)
  if (type === null) {
    throw new WhydownError('usage', `"${query.type}" is not a DNS record type.`, {
      hint: 'Use a name such as AAAA, or TYPE and a number.',
    })
  }
  const name = encodeName(query.name)
  if ('problem' in name) {
    throw new WhydownError('usage', `"${query.name}" cannot be asked for: ${name.problem}.`)
  }
  const nameEnd = HEADER_BYTES + name.bytes.length
  const bytes = new Uint8Array(nameEnd + 4 + (edns ? OPT_BYTES : 0))
  const view = new DataView(bytes.buffer)
  view.setUint16(0, id)
  view.setUint16(2, (query.recursionDesired ? 0x0100 : 0) | (query.checkingDisabled ? 0x0010 : 0))
  view.setUint16(4, 1)
  view.setUint16(10, edns ? 1 : 0)
  bytes.set(name.bytes, HEADER_BYTES)
  view.setUint16(nameEnd, type)
  view.setUint16(nameEnd + 2, CLASS_IN)
  if (edns) {
    // The name of an OPT record is the root: one zero byte, which is there already.
    view.setUint16(nameEnd + 5, RAW_TYPES.OPT)
    view.setUint16(nameEnd + 7, edns.udpBytes)
    view.setUint32(nameEnd + 9, edns.dnssecOk ? 0x8000 : 0)
  }
  return bytes
}

/**
 * Reads one message. Never throws and never reads past the end; a broken one comes back as the offset and the
 * reason, with what stood before the break. A record whose data alone is broken is of type MALFORMED.
 */
export function decodeMessage(bytes: Uint8Array): Decoded {
  if (bytes.length < HEADER_BYTES) {
    const reason = `header: ${HEADER_BYTES} bytes wanted, ${bytes.length} came`
    return { malformed: { offset: bytes.length, reason }, message: null }
  }
  const cursor = new DnsCursor(bytes)
  const id = cursor.u16('id')
  const bits = cursor.u16('flags')
  const counts = [cursor.u16('count'), cursor.u16('count'), cursor.u16('count'), cursor.u16('count')] as const
  const message: DnsMessage = {
    id,
    flags: {
      qr: (bits & 0x8000) !== 0,
      opcode: (bits >> 11) & 15,
      aa: (bits & 0x0400) !== 0,
      tc: (bits & 0x0200) !== 0,
      rd: (bits & 0x0100) !== 0,
      ra: (bits & 0x0080) !== 0,
      ad: (bits & 0x0020) !== 0,
      cd: (bits & 0x0010) !== 0,
    },
    rcode: bits & 15,
    rcodeName: rcodeName(bits & 15),
    questions: [],
    answers: [],
    authorities: [],
    additionals: [],
    edns: null,
    trailingBytes: 0,
  }
  readQuestions(cursor, counts[0], message.questions)
  readRecords(cursor, counts[1], 'answer', message.answers, message)
  readRecords(cursor, counts[2], 'authority', message.authorities, message)
  readRecords(cursor, counts[3], 'additional', message.additionals, message)
  if (cursor.malformed) return { malformed: cursor.malformed, message }
  message.trailingBytes = cursor.remaining()
  return { malformed: null, message }
}

/** The loop ends with the bytes, whatever the count in the header promises. */
function readQuestions(cursor: DnsCursor, count: number, into: DnsQuestion[]): void {
  for (let index = 0; index < count; index++) {
    const name = cursor.name(`question ${index + 1} of ${count}`)
    const type = cursor.u16('question type')
    const classCode = cursor.u16('question class')
    if (cursor.malformed) return
    into.push({ name, type: typeName(type), class: classCode })
  }
}

function readRecords(
  cursor: DnsCursor,
  count: number,
  section: 'answer' | 'authority' | 'additional',
  into: DnsRecord[],
  message: DnsMessage,
): void {
  for (let index = 0; index < count && !cursor.malformed; index++) {
    const from = cursor.at
    const name = cursor.name(`${section} record ${index + 1} of ${count}`)
    const type = cursor.u16('record type')
    const classCode = cursor.u16('record class')
    const ttl = cursor.u32('record TTL')
    if (type === RAW_TYPES.OPT && section === 'additional' && !cursor.malformed) {
      if (message.edns) cursor.fail(from, 'a second OPT record (RFC 6891, 6.1.1)')
      else if (name !== '.') cursor.fail(from, 'the OPT record is not at the root (RFC 6891, 6.1.2)')
      else readEdns(cursor, classCode, ttl, message)
      continue
    }
    // RFC 2181, section 8: a TTL with the top bit set counts as zero.
    const record = readRecordData(cursor, { name, class: classCode, ttl: ttl > 0x7fff_ffff ? 0 : ttl }, type)
    if (!cursor.malformed) into.push(record)
  }
}

/** RFC 6891 6.1.3: class is the UDP size; the TTL holds the upper RCODE bits, the version and the DO bit. */
function readEdns(cursor: DnsCursor, udpBytes: number, ttl: number, message: DnsMessage): void {
  const edns: Edns = {
    udpBytes,
    version: (ttl >>> 16) & 0xff,
    dnssecOk: (ttl & 0x8000) !== 0,
    options: [],
    extendedErrors: [],
  }
  message.edns = edns
  message.rcode |= (ttl >>> 24) << 4
  message.rcodeName = rcodeName(message.rcode)
  const length = cursor.u16('OPT data length')
  if (cursor.remaining() < length)
    cursor.fail(cursor.at, `OPT data: ${length} bytes wanted, ${cursor.remaining()} left`)
  const inner = new DnsCursor(cursor.bytes, cursor.at, cursor.at + (cursor.malformed ? 0 : length))
  while (inner.remaining() > 0) {
    const code = inner.u16('EDNS option code')
    const data = inner.take(inner.u16('EDNS option length'), 'EDNS option')
    if (inner.malformed) break
    edns.options.push({ code, name: ednsOptionName(code), hex: toHex(data) })
    if (code === EXTENDED_ERROR_OPTION && data.length >= 2) {
      const infoCode = ((data[0] ?? 0) << 8) | (data[1] ?? 0)
      const text = new TextDecoder().decode(data.subarray(2))
      edns.extendedErrors.push({ code: infoCode, name: extendedErrorName(infoCode), text })
    }
  }
  if (inner.malformed) cursor.fail(inner.malformed.offset, inner.malformed.reason)
  cursor.take(length, 'OPT data')
}
