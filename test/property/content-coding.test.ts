// Content codings against all inputs: what was encoded comes back, what is broken or cut never throws, never grows
// beyond its limit and never shows a byte that was not there.
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeContent, MAX_CODINGS } from '../../src/wire/content-coding.ts'
import { decodeText } from '../../src/wire/content-type.ts'

const LIMIT = 1024 * 1024

const ENCODE: Record<string, (bytes: Uint8Array) => Buffer> = {
  gzip: (bytes) => gzipSync(bytes),
  deflate: (bytes) => deflateSync(bytes),
  br: (bytes) => brotliCompressSync(bytes),
  zstd: (bytes) => zstdCompressSync(bytes),
}

const coding = fc.constantFrom(...Object.keys(ENCODE))

/** Bytes with repetition in them, so that codings have something to refer back to. */
const content = fc
  .array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 40 })), {
    maxLength: 20,
  })
  .map((parts) => Buffer.concat(parts.flatMap(([bytes, times]) => Array<Uint8Array>(times).fill(bytes))))

function encoded(bytes: Uint8Array, codings: string[]): Buffer {
  return codings.reduce((inner: Buffer, name) => ENCODE[name]?.(inner) ?? inner, Buffer.from(bytes))
}

describe('decodeContent()', () => {
  it('gives back what was encoded, whatever codings lie on top of each other', async () => {
    await fc.assert(
      fc.asyncProperty(content, fc.array(coding, { maxLength: MAX_CODINGS }), async (bytes, codings) => {
        const decoded = await decodeContent(encoded(bytes, codings), codings, LIMIT)
        expect(Buffer.compare(decoded.bytes, bytes)).toBe(0)
        expect(decoded).toMatchObject({ complete: true, truncated: false, failure: null })
      }),
      { numRuns: 300 },
    )
  })

  it('takes deflate with and without its wrapper', async () => {
    await fc.assert(
      fc.asyncProperty(content, async (bytes) => {
        const decoded = await decodeContent(deflateRawSync(bytes), ['deflate'], LIMIT)
        expect(Buffer.compare(decoded.bytes, bytes)).toBe(0)
        expect(decoded.complete).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('keeps a beginning of what was encoded when the bytes end too early', async () => {
    await fc.assert(
      fc.asyncProperty(content, coding, fc.nat(), async (bytes, name, cut) => {
        const whole = encoded(bytes, [name])
        const length = cut % whole.length
        const decoded = await decodeContent(whole.subarray(0, length), [name], LIMIT)
        expect(Buffer.compare(decoded.bytes, bytes.subarray(0, decoded.bytes.length))).toBe(0)
        if (decoded.complete && length > 0) expect(decoded.bytes.length).toBe(bytes.length)
        else if (length > 0) expect(decoded.failure?.kind).toBe('short')
      }),
      { numRuns: 500 },
    )
  })

  it('never grows beyond its limit and then shows exactly the beginning', async () => {
    await fc.assert(
      fc.asyncProperty(content, coding, fc.integer({ min: 1, max: 4_000 }), async (bytes, name, limit) => {
        const decoded = await decodeContent(encoded(bytes, [name]), [name], limit)
        expect(Buffer.compare(decoded.bytes, bytes.subarray(0, limit))).toBe(0)
        expect(decoded.truncated).toBe(bytes.length > limit)
        expect(decoded.failure).toBeNull()
      }),
      { numRuns: 500 },
    )
  })

  it('answers to any bytes under any codings with data', async () => {
    const names = fc.array(fc.oneof(coding, fc.constantFrom('compress', 'utf-8', ''), fc.string()), {
      maxLength: 3,
    })
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), names, async (bytes, codings) => {
        const decoded = await decodeContent(bytes, codings, 1_000)
        expect(decoded.bytes.length).toBeLessThanOrEqual(1_000)
        expect(decoded.complete).toBe(decoded.failure === null && !decoded.truncated)
        if (decoded.failure) expect(decoded.failure.says).toMatch(/^[ -~]+$/)
      }),
      { numRuns: 1_000 },
    )
  })

  it('answers to damaged content with data', async () => {
    await fc.assert(
      fc.asyncProperty(
        content,
        coding,
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (bytes, name, at, flip) => {
          const whole = encoded(bytes, [name])
          const place = at % whole.length
          whole[place] = (whole[place] ?? 0) ^ flip
          const decoded = await decodeContent(whole, [name], LIMIT)
          expect(decoded.bytes.length).toBeLessThanOrEqual(LIMIT)
          // gzip carries a check sum: what it calls whole is what was encoded, unless the damage is outside of it.
          if (name === 'gzip' && decoded.complete && decoded.notes.length === 0) {
            expect(Buffer.compare(decoded.bytes, bytes)).toBe(0)
          }
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('decodeText()', () => {
  it('makes some text of any bytes under any Content-Type', () => {
    const type = fc.oneof(
      fc.string(),
      fc.string().map((charset) => `text/html; charset=${charset}`),
      fc.constantFrom(
        'text/html',
        'application/json',
        'text/html; charset=utf-16',
        'text/html; charset="gbk"',
      ),
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), type, (bytes, value) => {
        const { text, charset } = decodeText(bytes, [['Content-Type', value]])
        expect(typeof text).toBe('string')
        expect(charset).toMatch(/^[a-z0-9-_]+$/)
      }),
      { numRuns: 2_000 },
    )
  })

  it('reads all of Unicode as UTF-8, declared or not', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.boolean(), (text, declared) => {
        fc.pre(!text.startsWith('\ufeff'))
        const bytes = new TextEncoder().encode(text)
        const read = decodeText(bytes, declared ? [['Content-Type', 'text/plain; charset=utf-8']] : [])
        if (declared || !/<meta|<\?xml/i.test(text)) expect(read.text).toBe(text)
      }),
      { numRuns: 2_000 },
    )
  })
})
