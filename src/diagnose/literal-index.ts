// Finds many literals in one text in one pass, in linear time whatever the text. Knows nothing about what they mean.

/** How many bytes of a literal serve as its key. */
const KEY_BYTES = 4
const TABLE_BITS = 14
const TABLE_MASK = (1 << TABLE_BITS) - 1
/** Literals that share a key are all compared at each hit: more than this many would cost time on hostile text. */
const MOST_PER_KEY = 12
/** Full comparisons allowed in one pass. An honest page needs a few hundred; hostile text gets no more than this. */
const MOST_COMPARISONS = 60_000

const LOWER = new Uint8Array(256)
for (let byte = 0; byte < 256; byte++) LOWER[byte] = byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte

interface Entry {
  id: number
  bytes: Uint8Array
  /** Where in the literal its key starts. */
  keyAt: number
}

function keyOf(bytes: Uint8Array, at: number): number {
  const key =
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  return Math.imul(key ^ (key >>> 15), 0x2c1b3c6d) >>> (32 - TABLE_BITS)
}

/**
 * An index over literals of at least four latin1 characters, found without regard to ASCII case. Each literal is
 * keyed by the four bytes of it that the fewest others use, so a hit is nearly always a find.
 */
export class LiteralIndex {
  readonly #table: (Entry[] | undefined)[] = new Array(TABLE_MASK + 1)
  readonly #used = new Uint8Array(TABLE_MASK + 1)
  readonly #ids = new Map<string, number>()

  /** Takes any literals, doubles included; one that is too short throws, since it would match everything. */
  constructor(literals: Iterable<string>) {
    for (const literal of literals) {
      const folded = literal.toLowerCase()
      if (folded.length < KEY_BYTES)
        throw new RangeError(`A literal needs ${KEY_BYTES} characters: ${literal}`)
      if (!this.#ids.has(folded)) this.#ids.set(folded, this.#ids.size)
    }
    const uses = new Map<number, number>()
    const all: { id: number; bytes: Uint8Array }[] = []
    for (const [literal, id] of this.#ids) {
      const bytes = Uint8Array.from(literal, (character) => character.charCodeAt(0) & 0xff)
      all.push({ id, bytes })
      for (let at = 0; at + KEY_BYTES <= bytes.length; at++) {
        const key = keyOf(bytes, at)
        uses.set(key, (uses.get(key) ?? 0) + 1)
      }
    }
    for (const { id, bytes } of all) {
      let best = 0
      let fewest = Number.POSITIVE_INFINITY
      for (let at = 0; at + KEY_BYTES <= bytes.length; at++) {
        const key = keyOf(bytes, at)
        const cost = (uses.get(key) ?? 0) + (this.#table[key]?.length ?? 0) * 8
        if (cost < fewest) {
          fewest = cost
          best = at
        }
      }
      const key = keyOf(bytes, best)
      const entries = this.#table[key] ?? []
      entries.push({ id, bytes, keyAt: best })
      if (entries.length > MOST_PER_KEY) throw new RangeError('Too many literals share a key')
      this.#table[key] = entries
      this.#used[key] = 1
    }
  }

  get size(): number {
    return this.#ids.size
  }

  /** The id of a literal given to the constructor. */
  idOf(literal: string): number {
    const id = this.#ids.get(literal.toLowerCase())
    if (id === undefined) throw new RangeError(`Not in this index: ${literal}`)
    return id
  }

  /**
   * Where each literal first occurs: one offset per id, -1 where it does not. Reads text[from, to) only.
   */
  find(text: Uint8Array, from = 0, to = text.length): Int32Array {
    const found = new Int32Array(this.#ids.size).fill(-1)
    const end = Math.min(to, text.length)
    let comparisons = 0
    if (end - from < KEY_BYTES) return found
    let window =
      ((LOWER[text[from] as number] as number) << 8) |
      ((LOWER[text[from + 1] as number] as number) << 16) |
      ((LOWER[text[from + 2] as number] as number) << 24)
    for (let at = from; at + KEY_BYTES <= end; at++) {
      window = (window >>> 8) | ((LOWER[text[at + 3] as number] as number) << 24)
      const key = Math.imul(window ^ (window >>> 15), 0x2c1b3c6d) >>> (32 - TABLE_BITS)
      if (this.#used[key] === 0) continue
      for (const entry of this.#table[key] as Entry[]) {
        if (found[entry.id] !== -1) continue
        if (++comparisons > MOST_COMPARISONS) return found
        const start = at - entry.keyAt
        const { bytes } = entry
        if (start < from || start + bytes.length > end) continue
        let same = 0
        while (same < bytes.length && LOWER[text[start + same] as number] === bytes[same]) same++
        if (same === bytes.length) found[entry.id] = start
      }
    }
    return found
  }
}
