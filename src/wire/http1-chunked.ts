// The chunked transfer coding (RFC 9112, 7.1) as a state machine over bytes in any pieces. Lenient where curl and
// Chrome are; never where two readers could see another chunk border. Knows nothing about the head before it.
import type { FieldLine } from '../model/result.ts'
import { ByteStore } from './http1-byte-store.ts'
import type { Deviations } from './http1-deviations.ts'
import { isTokenByte, readFields, type WireFault } from './http1-head.ts'
import { quote } from './http1-quote.ts'

/** Hexadecimal digits of one chunk size, leading zeros included. */
export const CHUNK_SIZE_DIGITS = 16
/** Chunk extensions and padding of one response, bytes. */
export const CHUNK_EXTENSION_BYTES = 16 * 1024
/** Trailer section, bytes. */
export const TRAILER_BYTES = 16 * 1024

const LF = 0x0a
const CR = 0x0d

// States of the machine.
const SIZE_START = 0
const SIZE = 1
const SIZE_SPACE = 2
const EXTENSION = 3
const SIZE_LF = 4
const DATA = 5
const DATA_END = 6
const DATA_LF = 7
const TRAILER_START = 8
const TRAILER_LF = 9
const TRAILER_LINE = 10
const DONE = 11

// Where in an extension (RFC 9112, 7.1.1): ";" BWS name BWS [ "=" BWS ( token / quoted-string ) ].
const NAME_START = 0
const NAME = 1
const NAME_SPACE = 2
const VALUE_START = 3
const VALUE = 4
const QUOTED = 5
const QUOTED_PAIR = 6
const VALUE_SPACE = 7
const MALFORMED = 8

export class ChunkedDecoder {
  /** Content bytes seen so far. */
  contentBytes = 0
  readonly trailers: FieldLine[] = []
  /** The zero-sized chunk has come: all content is there, only trailers may follow. */
  lastChunkSeen = false
  done = false
  /** More content than the limit; reading stopped there. */
  tooLarge = false
  fault: WireFault | null = null
  readonly #content: ByteStore
  readonly #limit: number
  readonly #deviations: Deviations
  #state = SIZE_START
  #extension = NAME_START
  #size = 0
  #digits = 0
  #left = 0
  #extensionBytes = 0
  #trailerBytes: ByteStore | null = null
  #trailerOffset = 0

  /** Content goes to `content`; more than `limit` bytes of it end the reading. */
  constructor(content: ByteStore, limit: number, deviations: Deviations) {
    this.#content = content
    this.#limit = limit
    this.#deviations = deviations
  }

  /** What was missing when the bytes ended, in words. */
  missing(): string {
    if (this.#state === DATA) return `${this.#left} of ${this.#size} bytes of a chunk missing`
    return this.lastChunkSeen ? 'the end of the trailer section missing' : 'the last chunk missing'
  }

  /**
   * Takes bytes from `start` on, of which bytes[0] stands at `base` in the stream. Returns the index behind the last
   * one used: the end, unless `done`, `tooLarge` or `fault` was set.
   */
  feed(bytes: Uint8Array, start: number, base: number): number {
    const end = bytes.length
    let index = start
    while (index < end) {
      const byte = bytes[index] as number
      switch (this.#state) {
        case SIZE_START:
        case SIZE: {
          const digit = hexDigit(byte)
          if (digit >= 0) {
            if (!this.#addDigit(digit, base + index)) return index
          } else if (this.#state === SIZE_START) {
            return this.#refuse(`${told(byte)} where a chunk size begins`, base + index, index)
          } else if (byte === 0x3b) this.#beginExtension()
          else if (byte === CR) this.#state = SIZE_LF
          else if (byte === LF) this.#endSizeLine(base + index, true)
          else if (byte === 0x20 || byte === 0x09) {
            this.#deviations.add('chunk_size_space', base + index)
            this.#state = SIZE_SPACE
          } else return this.#refuse(`${told(byte)} in a chunk size`, base + index, index)
          break
        }
        case SIZE_SPACE:
          if (byte === 0x3b) this.#beginExtension()
          else if (byte === CR) this.#state = SIZE_LF
          else if (byte === LF) this.#endSizeLine(base + index, true)
          else if (byte !== 0x20 && byte !== 0x09) {
            return this.#refuse(`${told(byte)} after a chunk size`, base + index, index)
          } else if (++this.#extensionBytes > CHUNK_EXTENSION_BYTES) return this.#tooMuch(base + index, index)
          break
        case EXTENSION:
          if (byte === CR || byte === LF) {
            this.#endExtension(base + index)
            if (byte === CR) this.#state = SIZE_LF
            else this.#endSizeLine(base + index, true)
          } else {
            if (++this.#extensionBytes > CHUNK_EXTENSION_BYTES) return this.#tooMuch(base + index, index)
            this.#readExtension(byte, base + index)
          }
          break
        case SIZE_LF:
          if (byte !== LF) return this.#refuse('CR without LF after a chunk size', base + index, index)
          this.#endSizeLine(base + index, false)
          break
        case DATA: {
          const count = Math.min(this.#left, end - index, this.#limit - this.contentBytes)
          if (count === 0) {
            this.tooLarge = true
            return index
          }
          this.#content.append(bytes, index, index + count)
          this.contentBytes += count
          this.#left -= count
          index += count
          if (this.#left === 0) this.#state = DATA_END
          continue
        }
        case DATA_END:
          if (byte === CR) this.#state = DATA_LF
          else if (byte === LF) {
            this.#deviations.add('bare_lf', base + index)
            this.#state = SIZE_START
          } else
            return this.#refuse(
              `${told(byte)} where a chunk of ${this.#size} bytes ends`,
              base + index,
              index,
            )
          break
        case DATA_LF:
          if (byte !== LF) return this.#refuse('CR without LF after a chunk', base + index, index)
          this.#state = SIZE_START
          break
        case TRAILER_START:
          if (byte === CR) this.#state = TRAILER_LF
          else if (byte === LF) {
            this.#deviations.add('bare_lf', base + index)
            return this.#finish(index + 1)
          } else {
            this.#state = TRAILER_LINE
            continue
          }
          break
        case TRAILER_LF:
          if (byte === LF) return this.#finish(index + 1)
          // A line that begins with a bare CR: kept as it is, to be noted as malformed.
          if (!this.#keepTrailer(CR_ALONE, 0, 1, base + index - 1)) return index
          this.#state = TRAILER_LINE
          continue
        case TRAILER_LINE: {
          const lf = bytes.indexOf(LF, index)
          const lineEnd = lf < 0 ? end : lf + 1
          if (!this.#keepTrailer(bytes, index, lineEnd, base + index)) return index
          index = lineEnd
          if (lf >= 0) this.#state = TRAILER_START
          continue
        }
        default:
          return index
      }
      index++
    }
    return index
  }

  /** The connection ended: true when the message counts as whole (the zero-sized chunk came, RFC 9112, 8). */
  end(offset: number): boolean {
    if (this.done) return true
    if (!this.lastChunkSeen || this.fault) return false
    this.#deviations.add('last_line_missing', offset)
    this.#readTrailers()
    return true
  }

  #addDigit(digit: number, offset: number): boolean {
    if (this.#state === SIZE_START) {
      this.#state = SIZE
      this.#size = 0
      this.#digits = 0
    }
    this.#size = this.#size * 16 + digit
    if (++this.#digits <= CHUNK_SIZE_DIGITS && this.#size <= Number.MAX_SAFE_INTEGER) return true
    this.fault = { code: 'chunk_malformed', raw: 'chunk size too large to count', offset }
    return false
  }

  #endSizeLine(offset: number, bareLf: boolean): void {
    if (bareLf) this.#deviations.add('bare_lf', offset)
    this.#left = this.#size
    this.lastChunkSeen = this.#size === 0
    this.#state = this.lastChunkSeen ? TRAILER_START : DATA
  }

  #beginExtension(): void {
    this.#state = EXTENSION
    this.#extension = NAME_START
  }

  #endExtension(offset: number): void {
    const at = this.#extension
    if (at === NAME_START || at === VALUE_START || at === QUOTED || at === QUOTED_PAIR) {
      this.#deviations.add('chunk_extension_malformed', offset)
    }
  }

  /** One step of the extension grammar; what does not fit is noted and the rest of the line ignored. */
  #readExtension(byte: number, offset: number): void {
    const blank = byte === 0x20 || byte === 0x09
    const token = isTokenByte(byte)
    let next = MALFORMED
    switch (this.#extension) {
      case NAME_START:
        next = blank ? NAME_START : token ? NAME : MALFORMED
        break
      case NAME:
      case NAME_SPACE:
        if (token && this.#extension === NAME) next = NAME
        else if (blank) next = NAME_SPACE
        else if (byte === 0x3d) next = VALUE_START
        else if (byte === 0x3b) next = NAME_START
        break
      case VALUE_START:
        next = blank ? VALUE_START : byte === 0x22 ? QUOTED : token ? VALUE : MALFORMED
        break
      case VALUE:
      case VALUE_SPACE:
        if (token && this.#extension === VALUE) next = VALUE
        else if (blank) next = VALUE_SPACE
        else if (byte === 0x3b) next = NAME_START
        break
      case QUOTED:
        if (byte === 0x22) next = VALUE_SPACE
        else if (byte === 0x5c) next = QUOTED_PAIR
        else if (blank || (byte > 0x20 && byte !== 0x7f)) next = QUOTED
        break
      case QUOTED_PAIR:
        if (blank || (byte > 0x20 && byte !== 0x7f)) next = QUOTED
        break
      default:
        return
    }
    this.#extension = next
    if (next === MALFORMED) this.#deviations.add('chunk_extension_malformed', offset)
  }

  #keepTrailer(bytes: Uint8Array, start: number, end: number, offset: number): boolean {
    if (!this.#trailerBytes) {
      this.#trailerBytes = new ByteStore(TRAILER_BYTES)
      this.#trailerOffset = offset
    }
    const room = TRAILER_BYTES - this.#trailerBytes.length
    this.#trailerBytes.append(bytes, start, end)
    if (end - start <= room) return true
    const raw = `trailer section of more than ${TRAILER_BYTES} bytes`
    this.fault = { code: 'header_too_large', raw, offset: offset + room }
    return false
  }

  #finish(index: number): number {
    this.done = true
    this.#state = DONE
    this.#readTrailers()
    return index
  }

  #readTrailers(): void {
    const store = this.#trailerBytes
    if (!store) return
    // A line that the connection cut has no LF: it is not read.
    const end = store.view().lastIndexOf(LF) + 1
    const text = store.bytes.toString('latin1', 0, end)
    this.#deviations.shift = this.#trailerOffset
    const fault = readFields(store.bytes, 0, end, text, 0, this.trailers, true, this.#deviations)
    this.#deviations.shift = 0
    if (fault) this.fault = { ...fault, offset: fault.offset + this.#trailerOffset }
  }

  #refuse(what: string, offset: number, index: number): number {
    this.fault = { code: 'chunk_malformed', raw: `malformed chunk: ${what}`, offset }
    return index
  }

  #tooMuch(offset: number, index: number): number {
    return this.#refuse(`more than ${CHUNK_EXTENSION_BYTES} bytes of chunk extensions`, offset, index)
  }
}

const CR_ALONE = new Uint8Array([CR])

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

function told(byte: number): string {
  return quote(String.fromCharCode(byte))
}
