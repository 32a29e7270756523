// Reads DER (X.690) piece by piece, bounded by the bytes it is given. The first thing that is wrong is remembered
// and everything after reads as empty, so that a decoder needs no exceptions. Knows tags, not what they are for.

/** Structures nest this deep in no certificate and no OCSP answer. */
export const MAX_DEPTH = 24
/** Longer texts in a name are cut: a name is to be read, and to be compared with names as long. */
export const MAX_TEXT_BYTES = 4096
/** Longer object identifiers are nobody's. */
const MAX_OID_BYTES = 64

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const

/** Where a structure stops making sense: offset from its first byte, and why. */
export interface DerMalformed {
  offset: number
  reason: string
}

/** One element: its identifier octet, where it starts, where its content starts and where it ends. */
export interface DerElement {
  tag: number
  start: number
  content: number
  end: number
}

const NOTHING: DerElement = { tag: -1, start: 0, content: 0, end: 0 }

/** Identifier octet of a context-specific element; constructed ones hold others. */
export function contextTag(number: number, constructed: boolean): number {
  return (constructed ? 0xa0 : 0x80) | number
}

export class DerReader {
  readonly bytes: Uint8Array
  readonly #end: number
  readonly #depth: number
  readonly #root: DerReader
  #at: number
  #malformed: DerMalformed | null = null

  /** Reads `bytes`; a reader of a part is made by `enter`, and shares the failure with the one it came from. */
  constructor(bytes: Uint8Array, at = 0, end = bytes.length, outer: DerReader | null = null) {
    this.bytes = bytes
    this.#at = at
    this.#end = end
    this.#root = outer ? outer.#root : this
    this.#depth = outer ? outer.#depth + 1 : 0
    if (this.#depth > MAX_DEPTH) this.fail(at, 'nested too deeply')
  }

  /** The first thing that was wrong, anywhere in the structure; null so far. */
  get malformed(): DerMalformed | null {
    return this.#root.#malformed
  }

  fail(offset: number, reason: string): void {
    this.#root.#malformed ??= { offset, reason }
  }

  get atEnd(): boolean {
    return this.#root.#malformed !== null || this.#at >= this.#end
  }

  /** The identifier octet of the next element, -1 at the end. */
  peek(): number {
    return this.atEnd ? -1 : (this.bytes[this.#at] ?? -1)
  }

  /** The next element whatever it is; an empty one when there is none or it is malformed. */
  next(): DerElement {
    if (this.malformed) return NOTHING
    const start = this.#at
    if (this.#end - start < 2) {
      this.fail(start, 'an element is cut off')
      return NOTHING
    }
    const tag = this.bytes[start] ?? 0
    if ((tag & 0x1f) === 0x1f) {
      this.fail(start, 'a tag of more than one octet')
      return NOTHING
    }
    let content = start + 2
    let length = this.bytes[start + 1] ?? 0
    if (length >= 0x80) {
      // Lengths longer than they need be are BER, not DER; OpenSSL takes them, so they are read. Indefinite ones are not.
      const octets = length & 0x7f
      if (octets === 0 || octets > 4 || content + octets > this.#end) {
        this.fail(start, octets === 0 ? 'an indefinite length' : 'a length that cannot be')
        return NOTHING
      }
      length = 0
      for (let index = 0; index < octets; index++) length = length * 256 + (this.bytes[content++] ?? 0)
    }
    if (length > this.#end - content) {
      this.fail(start, 'an element is longer than what holds it')
      return NOTHING
    }
    this.#at = content + length
    return { tag, start, content, end: this.#at }
  }

  /** The next element, which must have this tag. */
  take(tag: number, what: string): DerElement {
    if (this.malformed) return NOTHING
    if (this.peek() !== tag) {
      this.fail(this.#at, `${what} is missing`)
      return NOTHING
    }
    return this.next()
  }

  /** The next element when it has this tag, else null and nothing is read. */
  optional(tag: number): DerElement | null {
    return this.peek() === tag ? this.next() : null
  }

  /** A reader of what is in an element. */
  enter(element: DerElement): DerReader {
    return new DerReader(this.bytes, element.content, element.end, this)
  }

  /** A reader of the next element's content, which must have this tag. */
  inside(tag: number, what: string): DerReader {
    return this.enter(this.take(tag, what))
  }

  content(element: DerElement): Uint8Array {
    return this.bytes.subarray(element.content, element.end)
  }
}

/** Bytes in upper-case hex, two digits each. */
export function hexOf(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte < 16 ? `0${byte.toString(16)}` : byte.toString(16)
  return text.toUpperCase()
}

/** A small non-negative INTEGER or ENUMERATED; null when it is negative, empty or past 2^31. */
export function readSmallInteger(content: Uint8Array): number | null {
  if (content.length === 0 || content.length > 5 || (content[0] ?? 0) >= 0x80) return null
  let value = 0
  for (const byte of content) value = value * 256 + byte
  return value < 0x8000_0000 ? value : null
}

/** The bits of an unsigned INTEGER, leading zeros not counted: 2048 for an RSA modulus of that size. */
export function integerBits(content: Uint8Array): number {
  let first = 0
  while (first < content.length && content[first] === 0) first++
  if (first === content.length) return 0
  return (content.length - first) * 8 - (Math.clz32(content[first] ?? 0) - 24)
}

/** An OBJECT IDENTIFIER in dotted form; empty when it is malformed (X.690, 8.19). */
export function readOid(content: Uint8Array): string {
  if (content.length === 0 || content.length > MAX_OID_BYTES) return ''
  let text = ''
  let value = 0
  for (const [index, byte] of content.entries()) {
    if (value > 2 ** 44) return ''
    value = value * 128 + (byte & 0x7f)
    if (byte >= 0x80) {
      if (index === content.length - 1) return ''
      continue
    }
    if (text === '') {
      const first = value < 80 ? Math.floor(value / 40) : 2
      text = `${first}.${value - first * 40}`
    } else text += `.${value}`
    value = 0
  }
  return text
}

const UTF8 = new TextDecoder('utf-8')
const LATIN1 = new TextDecoder('latin1')
const UTF16 = new TextDecoder('utf-16be')

/** A string of any of the string types as text, cut at 4096 bytes; null when the tag is no string's. */
export function readText(tag: number, content: Uint8Array): string | null {
  const bounded = content.length > MAX_TEXT_BYTES ? content.subarray(0, MAX_TEXT_BYTES) : content
  switch (tag) {
    case TAG.utf8String:
      return UTF8.decode(bounded)
    case TAG.printableString:
    case TAG.ia5String:
    case TAG.teletexString:
    case TAG.numericString:
    case TAG.visibleString:
      return LATIN1.decode(bounded)
    case TAG.bmpString:
      return UTF16.decode(bounded)
    case TAG.universalString:
      return readUniversal(bounded)
    default:
      return null
  }
}

function readUniversal(content: Uint8Array): string {
  let text = ''
  for (let at = 0; at + 4 <= content.length; at += 4) {
    const point = ((content[at + 1] ?? 0) << 16) | ((content[at + 2] ?? 0) << 8) | (content[at + 3] ?? 0)
    text += content[at] === 0 && point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd'
  }
  return text
}

const UTC_TIME = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?Z$/
const GENERALIZED_TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:\.\d{1,9})?Z$/

/**
 * UTCTime or GeneralizedTime as milliseconds since 1970, null when it is neither or no such moment exists.
 * Two-digit years from 50 on are of the last century (RFC 5280, 4.1.2.5.1).
 */
export function readTime(tag: number, content: Uint8Array): number | null {
  const pattern = tag === TAG.utcTime ? UTC_TIME : tag === TAG.generalizedTime ? GENERALIZED_TIME : null
  if (!pattern || content.length > 32) return null
  const parts = pattern.exec(LATIN1.decode(content))
  if (!parts) return null
  const [, yearText, month, day, hour, minute, second] = parts
  let year = Number(yearText)
  if (tag === TAG.utcTime) year += year < 50 ? 2000 : 1900
  const ms = Date.UTC(year, Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second ?? 0))
  // Date.UTC takes the years 0 to 99 for those of the last century, and carries the 31st of February over.
  const read = new Date(ms)
  const exists = read.getUTCMonth() === Number(month) - 1 && read.getUTCDate() === Number(day)
  return year >= 100 && exists && Number(hour) < 24 && Number(minute) < 60 ? ms : null
}
