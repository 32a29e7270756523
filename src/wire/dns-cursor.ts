// Reads bounded pieces of a DNS message. The first thing out of bounds is remembered and everything after reads
// as empty, so that a decoder needs no exceptions. Knows names, not records.
import { escapeLabelByte, MAX_NAME_BYTES } from './dns-name.ts'

/** A name has at most 127 labels, so more pointers than that serve only to keep us busy. */
const MAX_POINTERS = 127
const HEADER_BYTES = 12
const HEX = '0123456789abcdef'

/** Where a message stops making sense: offset from its first byte, and why. */
export interface DnsMalformed {
  offset: number
  reason: string
}

export class DnsCursor {
  readonly bytes: Uint8Array
  readonly end: number
  at: number
  malformed: DnsMalformed | null = null

  /** Reads `bytes` from `at` up to but not including `end`; names may point back to anywhere after the header. */
  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes
    this.at = at
    this.end = end
  }

  remaining(): number {
    return this.malformed ? 0 : this.end - this.at
  }

  /** Remembers the first thing that is wrong. */
  fail(offset: number, reason: string): void {
    this.malformed ??= { offset, reason }
  }

  u8(what: string): number {
    return this.#has(1, what) ? (this.bytes[this.at++] ?? 0) : 0
  }

  u16(what: string): number {
    if (!this.#has(2, what)) return 0
    const value = ((this.bytes[this.at] ?? 0) << 8) | (this.bytes[this.at + 1] ?? 0)
    this.at += 2
    return value
  }

  u32(what: string): number {
    if (!this.#has(4, what)) return 0
    const { bytes, at } = this
    this.at += 4
    return (
      (bytes[at] ?? 0) * 0x1000000 +
      (((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0))
    )
  }

  /** The next bytes, not copied. */
  take(count: number, what: string): Uint8Array {
    if (!this.#has(count, what)) return this.bytes.subarray(0, 0)
    this.at += count
    return this.bytes.subarray(this.at - count, this.at)
  }

  /** All that is left, not copied. */
  rest(): Uint8Array {
    return this.take(this.remaining(), 'rest')
  }

  /**
   * A name in presentation form without the dot at the end, "." for the root (RFC 1035 3.1, 4.1.4).
   * Every pointer has to lead further back than the one before, so a loop cannot be built.
   */
  name(what: string): string {
    if (this.malformed) return ''
    const { bytes } = this
    const startAt = this.at
    let pos = startAt
    let limit = this.end
    let lowest = startAt
    let pointers = 0
    let wireBytes = 1
    let text = ''
    for (;;) {
      if (pos >= limit) return this.#broken(pos, `${what}: the name runs past the end`)
      const length = bytes[pos] ?? 0
      if (length === 0) {
        if (pointers === 0) this.at = pos + 1
        return text === '' ? '.' : text
      }
      if (length >= 0xc0) {
        if (pos + 1 >= limit) return this.#broken(pos, `${what}: the compression pointer is cut off`)
        const target = ((length & 0x3f) << 8) | (bytes[pos + 1] ?? 0)
        if (target >= lowest) return this.#broken(pos, `${what}: the compression pointer does not lead back`)
        if (target < HEADER_BYTES)
          return this.#broken(pos, `${what}: the compression pointer leads into the header`)
        if (pointers === 0) this.at = pos + 2
        if (++pointers > MAX_POINTERS) return this.#broken(pos, `${what}: too many compression pointers`)
        lowest = target
        pos = target
        limit = bytes.length
        continue
      }
      if (length >= 0x40) return this.#broken(pos, `${what}: the label type is reserved`)
      wireBytes += length + 1
      if (wireBytes > MAX_NAME_BYTES)
        return this.#broken(pos, `${what}: the name is longer than ${MAX_NAME_BYTES} bytes`)
      if (pos + 1 + length > limit) return this.#broken(pos, `${what}: the label runs past the end`)
      if (text !== '') text += '.'
      for (let index = pos + 1; index <= pos + length; index++) text += escapeLabelByte(bytes[index] ?? 0)
      pos += length + 1
    }
  }

  #broken(offset: number, reason: string): string {
    this.fail(offset, reason)
    return ''
  }

  #has(count: number, what: string): boolean {
    if (this.malformed) return false
    if (this.at + count <= this.end) return true
    this.fail(this.at, `${what}: ${count} bytes wanted, ${this.end - this.at} left`)
    return false
  }
}

/** Bytes in lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += HEX.charAt(byte >> 4) + HEX.charAt(byte & 15)
  return text
}
