// Bytes copied out of somebody else's buffer, up to a bound. Knows nothing about what they mean.

const NOTHING = Buffer.alloc(0)

/** Smallest growth, so that a peer that sends byte by byte does not make us copy for each. */
const GROWTH_BYTES = 1024

export class ByteStore {
  /** Only the first `length` bytes are ours; the rest is room to grow. */
  bytes: Buffer = NOTHING
  length = 0
  /** Never holds more than this many bytes. May be raised or lowered; what is held stays. */
  limit: number

  constructor(limit: number) {
    this.limit = limit
  }

  /** Copies source[start, end) as far as the bound allows. */
  append(source: Uint8Array, start: number, end: number): void {
    const room = this.limit - this.length
    const wanted = end - start
    const count = wanted < room ? wanted : room
    if (count <= 0) return
    const needed = this.length + count
    if (needed > this.bytes.length) this.#grow(needed)
    if (start === 0 && count === source.length) this.bytes.set(source, this.length)
    else this.bytes.set(source.subarray(start, start + count), this.length)
    this.length = needed
  }

  /** The first bytes come in a buffer of their size, because most responses are one piece; then it doubles. */
  #grow(needed: number): void {
    const capacity =
      this.length === 0 ? needed : Math.min(this.limit, Math.max(needed, 2 * this.bytes.length, GROWTH_BYTES))
    const grown = Buffer.allocUnsafe(capacity)
    if (this.length > 0) grown.set(this.bytes.subarray(0, this.length))
    this.bytes = grown
  }

  /** A view on [start, end), as much of it as is held. */
  view(start = 0, end = this.length): Uint8Array {
    return this.bytes.subarray(Math.min(start, this.length), Math.min(end, this.length))
  }
}
