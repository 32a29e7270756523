import {
  brotliCompressSync,
  constants,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { contentCodings, type DecodedContent, decodeContent, MAX_CODINGS } from './content-coding.ts'

const LIMIT = 16 * 1024 * 1024

/** Text that does not compress to nothing, so that a cut or a flipped bit lands in the middle of it. */
function prose(bytes: number): Buffer {
  let text = ''
  for (let index = 0; text.length < bytes; index++)
    text += `line ${index} of ${(index * 2654435761) % 4294967296}\n`
  return Buffer.from(text.slice(0, bytes))
}

const SMALL = prose(2_000)
const LARGE = prose(600_000)

const ENCODE: Record<string, (bytes: Uint8Array) => Buffer> = {
  gzip: (bytes) => gzipSync(bytes),
  'x-gzip': (bytes) => gzipSync(bytes),
  deflate: (bytes) => deflateSync(bytes),
  br: (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  zstd: (bytes) => zstdCompressSync(bytes),
}

function textOf(decoded: DecodedContent): string {
  return Buffer.from(decoded.bytes).toString()
}

function concat(...parts: Uint8Array[]): Buffer {
  return Buffer.concat(parts)
}

function flipped(bytes: Uint8Array, at: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ 0xff
  return copy
}

describe('contentCodings()', () => {
  it.each<[values: string[], codings: string[]]>([
    [[], []],
    [['gzip'], ['gzip']],
    [['GZip'], ['gzip']],
    [['identity'], []],
    [[''], []],
    [['gzip, br'], ['gzip', 'br']],
    [
      ['gzip', 'br'],
      ['gzip', 'br'],
    ],
    [[' ,gzip,, identity '], ['gzip']],
  ])('of %o are %o', (values, codings) => {
    const fields = values.map((value): [string, string] => ['content-Encoding', value])
    expect(contentCodings([['Content-Type', 'gzip'], ...fields])).toEqual(codings)
  })
})

describe('decodeContent()', () => {
  for (const [coding, encode] of Object.entries(ENCODE)) {
    for (const [size, original] of Object.entries({ small: SMALL, large: LARGE })) {
      it(`gives back ${size} ${coding} content whole`, async () => {
        const decoded = await decodeContent(encode(original), [coding], LIMIT)
        expect(textOf(decoded)).toBe(original.toString())
        expect(decoded).toMatchObject({ complete: true, truncated: false, failure: null, notes: [] })
      })

      it(`keeps what came of ${size} ${coding} content that ends too early`, async () => {
        const coded = encode(original)
        const decoded = await decodeContent(
          coded.subarray(0, Math.floor(coded.length * 0.7)),
          [coding],
          LIMIT,
        )
        expect(decoded).toMatchObject({
          complete: false,
          truncated: false,
          failure: { coding, kind: 'short' },
        })
        expect(decoded.failure?.says).toMatch(/ends too early, after \d+ bytes/)
        expect(original.toString().startsWith(textOf(decoded))).toBe(true)
        // zstd decodes block by block, so a small content has nothing before its only block is whole.
        if (coding !== 'zstd' || size === 'large')
          expect(decoded.bytes.length).toBeGreaterThan(original.length / 4)
      })

      it(`notes what stands behind ${size} ${coding} content`, async () => {
        const coded = encode(original)
        const decoded = await decodeContent(concat(coded, Buffer.from('<!-- more -->')), [coding], LIMIT)
        expect(textOf(decoded)).toBe(original.toString())
        expect(decoded.complete).toBe(true)
        expect(decoded.notes).toEqual([
          `13 bytes that belong to nothing behind the end of the ${coding} content, at offset ${coded.length}`,
        ])
      })
    }

    it(`stops ${coding} content at the limit and keeps what is below it`, async () => {
      const decoded = await decodeContent(encode(LARGE), [coding], 100_000)
      expect(decoded).toMatchObject({ complete: false, truncated: true, failure: null })
      expect(textOf(decoded)).toBe(LARGE.toString().slice(0, 100_000))
    })

    it(`takes ${coding} content of exactly the limit`, async () => {
      const decoded = await decodeContent(encode(LARGE), [coding], LARGE.length)
      expect(decoded).toMatchObject({ complete: true, truncated: false })
    })

    it(`does not let ${coding} content explode`, async () => {
      const bomb = encode(Buffer.alloc(64 * 1024 * 1024))
      expect(bomb.length).toBeLessThan(100_000)
      const decoded = await decodeContent(bomb, [coding], 1_000_000)
      expect(decoded.truncated).toBe(true)
      expect(decoded.bytes.length).toBe(1_000_000)
    })

    it(`says when content that is said to be ${coding} is plain text`, async () => {
      const decoded = await decodeContent(Buffer.from('<!doctype html><title>Hello</title>'), [coding], LIMIT)
      expect(decoded.complete).toBe(false)
      expect(decoded.failure).toMatchObject({ coding, kind: 'broken' })
      expect(decoded.failure?.says).toMatch(/looks like plain text/)
      expect(decoded.bytes.length).toBe(0)
    })

    it(`notes empty content that is said to be ${coding}`, async () => {
      const decoded = await decodeContent(new Uint8Array(0), [coding], LIMIT)
      expect(decoded).toMatchObject({ complete: true, failure: null })
      expect(decoded.notes).toEqual([`the content is empty although it is said to be ${coding}`])
    })
  }

  it('leaves content without coding alone, up to the limit', async () => {
    expect(await decodeContent(SMALL, [], LIMIT)).toMatchObject({
      bytes: SMALL,
      complete: true,
      truncated: false,
    })
    const cut = await decodeContent(SMALL, [], 10)
    expect(cut).toMatchObject({
      bytes: SMALL.subarray(0, 10),
      complete: false,
      truncated: true,
      failure: null,
    })
  })

  it('removes several codings, the last applied first', async () => {
    const coded = brotliCompressSync(gzipSync(deflateSync(LARGE)))
    const decoded = await decodeContent(coded, ['deflate', 'gzip', 'br'], LIMIT)
    expect(textOf(decoded)).toBe(LARGE.toString())
    expect(decoded.complete).toBe(true)
  })

  it('blames the outer coding when its damage breaks the inner one', async () => {
    const outer = gzipSync(ENCODE['br']?.(LARGE) ?? LARGE)
    const decoded = await decodeContent(outer.subarray(0, outer.length >> 1), ['br', 'gzip'], LIMIT)
    expect(decoded.failure).toMatchObject({ coding: 'gzip', kind: 'short' })
    expect(LARGE.toString().startsWith(textOf(decoded))).toBe(true)
    expect(decoded.bytes.length).toBeGreaterThan(100_000)
  })

  it('blames nobody when the inner coding ends early because of our limit on the outer one', async () => {
    const incompressible = deflateRawSync(LARGE, { level: 0 })
    const decoded = await decodeContent(gzipSync(incompressible), ['deflate', 'gzip'], 200_000)
    expect(decoded).toMatchObject({ truncated: true, failure: null })
    expect(decoded.bytes.length).toBeGreaterThan(100_000)
  })

  it('refuses more codings than anybody uses', async () => {
    const decoded = await decodeContent(SMALL, Array(MAX_CODINGS + 1).fill('gzip'), LIMIT)
    expect(decoded.failure?.says).toMatch(/more than 5 content codings/)
  })

  it.each(['sdch', 'compress', 'ähm\u0000'])('cannot remove %o and says so', async (coding) => {
    const decoded = await decodeContent(SMALL, [coding], LIMIT)
    expect(decoded.failure?.kind).toBe('unknown')
    expect(decoded.failure?.says).toMatch(/the content coding "[!-~]+" is (unknown|not supported)/)
    expect(decoded.complete).toBe(false)
  })

  it.each(['utf-8', 'none', 'aws-chunked'])(
    'takes content marked %o as it is, as browsers do',
    async (coding) => {
      const decoded = await decodeContent(SMALL, [coding], LIMIT)
      expect(textOf(decoded)).toBe(SMALL.toString())
      expect(decoded.complete).toBe(true)
      expect(decoded.notes).toEqual([
        `Content-Encoding "${coding}" is no content coding; the content was taken as it is`,
      ])
    },
  )
})

describe('decodeContent() of gzip', () => {
  it('reads several members', async () => {
    const decoded = await decodeContent(concat(gzipSync(SMALL), gzipSync('tail')), ['gzip'], LIMIT)
    expect(textOf(decoded)).toBe(`${SMALL.toString()}tail`)
    expect(decoded).toMatchObject({ complete: true, notes: [] })
  })

  it('keeps the sound members before a broken one', async () => {
    const second = gzipSync(SMALL)
    const decoded = await decodeContent(concat(gzipSync('first '), flipped(second, 40)), ['gzip'], LIMIT)
    expect(decoded.failure).not.toBeNull()
    expect(textOf(decoded).startsWith('first ')).toBe(true)
  })

  it('bounds the number of members', async () => {
    const decoded = await decodeContent(
      concat(...Array(1_001).fill(gzipSync('a')), Buffer.from('x')),
      ['gzip'],
      LIMIT,
    )
    expect(decoded.failure?.says).toMatch(/more than 1000 members/)
    expect(textOf(decoded)).toBe('a'.repeat(1_000))
  })

  it('reads the optional fields of the header', async () => {
    const plain = gzipSync(SMALL)
    const header = Buffer.from(plain.subarray(0, 10))
    header[3] = 2 | 4 | 8 | 16
    const extra = Buffer.from([3, 0, 1, 2, 3])
    const coded = concat(
      header,
      extra,
      Buffer.from('name\0comment\0'),
      Buffer.from([0, 0]),
      plain.subarray(10),
    )
    // The header check sum is wrong, which the decoder at once refuses and browsers do not look at.
    const decoded = await decodeContent(coded, ['gzip'], LIMIT)
    expect(textOf(decoded)).toBe(SMALL.toString())
    expect(decoded.complete).toBe(true)
  })

  it('keeps all of a content whose check sum is wrong, and fails', async () => {
    const coded = gzipSync(SMALL)
    const decoded = await decodeContent(flipped(coded, coded.length - 8), ['gzip'], LIMIT)
    expect(textOf(decoded)).toBe(SMALL.toString())
    expect(decoded.failure).toMatchObject({ coding: 'gzip', kind: 'broken' })
    expect(decoded.failure?.says).toMatch(/check sum of the gzip content is wrong/)
    const length = await decodeContent(flipped(coded, coded.length - 1), ['gzip'], LIMIT)
    expect(length.failure?.says).toMatch(/length behind the gzip content is wrong/)
  })

  it('notes a missing check sum, because all of the content is there', async () => {
    const coded = gzipSync(SMALL)
    const decoded = await decodeContent(coded.subarray(0, coded.length - 8), ['gzip'], LIMIT)
    expect(textOf(decoded)).toBe(SMALL.toString())
    expect(decoded.complete).toBe(true)
    expect(decoded.notes).toEqual(['the check sum behind the gzip content is missing or cut short'])
  })

  it('notes zero bytes behind the end', async () => {
    const decoded = await decodeContent(concat(gzipSync(SMALL), Buffer.alloc(512)), ['gzip'], LIMIT)
    expect(decoded.complete).toBe(true)
    expect(decoded.notes[0]).toMatch(/^512 zero bytes behind the end/)
  })

  it.each<[name: string, bytes: number[], says: RegExp]>([
    ['a header cut short', [0x1f, 0x8b, 8], /within its header/],
    ['one byte', [0x1f], /within its header/],
    ['a file name without end', [0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 0, 65], /within its header/],
    ['an unknown method', [0x1f, 0x8b, 7, 0, 0, 0, 0, 0, 0, 0, 1], /unknown method 7/],
    ['reserved flags', [0x1f, 0x8b, 8, 0xe0, 0, 0, 0, 0, 0, 0, 1], /reserved flags/],
    ['another beginning', [0x50, 0x4b, 3, 4], /does not begin with the bytes 1f 8b/],
  ])('says what is wrong with %s', async (_name, bytes, says) => {
    expect((await decodeContent(Uint8Array.from(bytes), ['gzip'], LIMIT)).failure?.says).toMatch(says)
  })

  it('brings out most of what comes before damage in the middle', async () => {
    const coded = gzipSync(LARGE)
    // A block with the reserved type 3 is damage that no decoder reads over.
    const half = deflateRawSync(LARGE.subarray(0, 300_000), { finishFlush: constants.Z_SYNC_FLUSH })
    const decoded = await decodeContent(
      concat(coded.subarray(0, 10), half, Buffer.from([0x07, 1, 2])),
      ['gzip'],
      LIMIT,
    )
    expect(decoded.failure?.says).toMatch(/broken near byte \d+: invalid block type/)
    expect(decoded.bytes.length).toBeGreaterThan(299_900)
    expect(LARGE.toString().startsWith(textOf(decoded))).toBe(true)
  })

  it('brings out what comes before damage in small content, too', async () => {
    const half = deflateRawSync(SMALL.subarray(0, 600), { finishFlush: constants.Z_SYNC_FLUSH })
    const coded = concat(gzipSync('').subarray(0, 10), half, Buffer.from([0x07, 1, 2]))
    const decoded = await decodeContent(coded, ['gzip'], LIMIT)
    expect(decoded.failure?.kind).toBe('broken')
    expect(decoded.bytes.length).toBeGreaterThan(500)
  })
})

describe('decodeContent() of deflate', () => {
  it.each([
    ['small', SMALL],
    ['large', LARGE],
  ])('takes %s content without the zlib wrapper and notes it', async (_size, original) => {
    const decoded = await decodeContent(deflateRawSync(original), ['deflate'], LIMIT)
    expect(textOf(decoded)).toBe(original.toString())
    expect(decoded.notes).toEqual(['deflate without its zlib wrapper, which browsers accept'])
  })

  it.each([
    ['small', SMALL],
    ['large', LARGE],
  ])('checks the check sum of %s content', async (_size, original) => {
    const coded = deflateSync(original)
    const decoded = await decodeContent(flipped(coded, coded.length - 1), ['deflate'], LIMIT)
    expect(textOf(decoded)).toBe(original.toString())
    expect(decoded.failure?.says).toMatch(/check sum of the deflate content is wrong/)
    const cut = await decodeContent(coded.subarray(0, coded.length - 2), ['deflate'], LIMIT)
    expect(cut.complete).toBe(true)
    expect(cut.notes[0]).toMatch(/missing or cut short/)
  })

  it('says when it needs a preset dictionary', async () => {
    const coded = deflateSync(SMALL, { dictionary: SMALL.subarray(0, 100) })
    expect((await decodeContent(coded, ['deflate'], LIMIT)).failure?.says).toMatch(/preset dictionary/)
  })
})

describe('decodeContent() of zstd', () => {
  it('refuses a window that HTTP does not allow', async () => {
    const coded = zstdCompressSync(LARGE, {
      params: { [constants.ZSTD_c_windowLog]: 27, [constants.ZSTD_c_contentSizeFlag]: 0 },
    })
    const withWindow = Buffer.from(coded)
    // Frame header: descriptor without single segment, then the window descriptor 2^27 (RFC 8878, 3.1.1.1.2).
    withWindow[4] = (withWindow[4] ?? 0) & ~0x20
    withWindow[5] = (27 - 10) << 3
    const decoded = await decodeContent(withWindow, ['zstd'], LIMIT)
    expect(decoded.failure?.says).toMatch(/memory|window/i)
  })

  it('reads several frames', async () => {
    const decoded = await decodeContent(
      concat(zstdCompressSync(SMALL), zstdCompressSync('tail')),
      ['zstd'],
      LIMIT,
    )
    expect(textOf(decoded)).toBe(`${SMALL.toString()}tail`)
  })
})
