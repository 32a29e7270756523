// Removes content codings (RFC 9110, 8.4.1): gzip, deflate, br, zstd, one or several. What could be decoded is
// kept whatever comes after it, and nothing grows beyond its bound. Knows nothing of what the content means.
import {
  brotliDecompressSync,
  constants,
  crc32,
  createBrotliDecompress,
  createInflateRaw,
  createZstdDecompress,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from 'node:zlib'
import type { FieldLine } from '../model/result.ts'

/** Codings that one content may be wrapped in. */
export const MAX_CODINGS = 5
/** Up to this size, and this size unpacked, content is decoded at once instead of in pieces. */
const AT_ONCE_BYTES = 64 * 1024
const AT_ONCE_DECODED_BYTES = 1024 * 1024
/** Pieces that go into a decoder and come out of it. */
const PIECE_BYTES = 64 * 1024
/** A decoder that fails keeps back what its last piece held; a second run with small pieces brings most of it out. */
const FINE_PIECE_BYTES = 64
const COARSE_PIECE_BYTES = 1024
const FINE_UP_TO_BYTES = 1024 * 1024
/** Members of one gzip file; each costs a decoder of its own. */
const MAX_GZIP_MEMBERS = 1000
/** Content coded with zstd needs no window above 8 MiB (RFC 9659). */
const ZSTD_WINDOW_LOG = 23

/** Values that stand in Content-Encoding by mistake; browsers take the content as it is, and so do we. */
const MISTAKEN_CODINGS = new Set([
  'none',
  'null',
  'binary',
  '7bit',
  '8bit',
  'text',
  'utf8',
  'utf-8',
  'utf-16',
  'us-ascii',
  'iso-8859-1',
  'windows-1252',
  'chunked',
  'aws-chunked',
])

export interface CodingFailure {
  coding: string
  /** short: the bytes are sound but end too early; broken: they are not what the coding says; unknown: no such coding. */
  kind: 'short' | 'broken' | 'unknown'
  /** What is wrong, in one sentence. */
  says: string
}

export interface DecodedContent {
  /** The content, as far as it could be decoded. */
  bytes: Uint8Array
  /** Every coding was removed to its end. */
  complete: boolean
  /** It was longer than `maxBytes` and is cut there. */
  truncated: boolean
  /** Why it could not be decoded to its end. Null when nothing was wrong with the bytes. */
  failure: CodingFailure | null
  /** What was tolerated, one sentence each. */
  notes: string[]
}

/** The codings of Content-Encoding in the order they were applied, in lower case and without `identity`. */
export function contentCodings(fields: readonly FieldLine[]): string[] {
  let codings: string[] | null = null
  for (const [name, value] of fields) {
    if (name.length !== 16 || name.toLowerCase() !== 'content-encoding') continue
    for (const part of value.split(',')) {
      const coding = part.trim().toLowerCase()
      if (coding === '' || coding === 'identity') continue
      codings ??= []
      codings.push(coding)
    }
  }
  return codings ?? NO_CODINGS
}

const NO_CODINGS: string[] = []

/**
 * Removes the codings, the last applied first. `maxBytes` bounds what comes out of each of them. Malformed,
 * truncated and unknown content is data: `failure` says what, `bytes` holds what came before it.
 */
export async function decodeContent(
  bytes: Uint8Array,
  codings: readonly string[],
  maxBytes: number,
): Promise<DecodedContent> {
  const decoded: DecodedContent = { bytes, complete: true, truncated: false, failure: null, notes: [] }
  if (codings.length > MAX_CODINGS) {
    fail(decoded, codings.join(', '), `more than ${MAX_CODINGS} content codings on top of each other`)
    decoded.bytes = new Uint8Array(0)
    return decoded
  }
  for (let index = codings.length - 1; index >= 0; index--) {
    await removeCoding(decoded, codings[index] ?? '', maxBytes)
  }
  if (decoded.bytes.length > maxBytes) {
    decoded.bytes = decoded.bytes.subarray(0, maxBytes)
    decoded.truncated = true
  }
  decoded.complete = !decoded.truncated && !decoded.failure
  return decoded
}

/** The first failure counts: what goes wrong in the codings below it is its consequence. */
function fail(
  decoded: DecodedContent,
  coding: string,
  says: string,
  kind: CodingFailure['kind'] = 'broken',
): void {
  decoded.failure ??= { coding, kind, says }
  decoded.complete = false
}

async function removeCoding(decoded: DecodedContent, coding: string, maxBytes: number): Promise<void> {
  if (MISTAKEN_CODINGS.has(coding)) {
    decoded.notes.push(`Content-Encoding "${coding}" is no content coding; the content was taken as it is`)
    return
  }
  if (decoded.bytes.length === 0) {
    if (!decoded.failure) decoded.notes.push(`the content is empty although it is said to be ${coding}`)
    return
  }
  const input = decoded.bytes
  const atOnce = input.length <= AT_ONCE_BYTES ? decodeAtOnce(coding, input, maxBytes, decoded.notes) : null
  if (atOnce) {
    decoded.bytes = atOnce
    return
  }
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      decoded.bytes = await decodeGzip(decoded, coding, input, maxBytes)
      return
    case 'deflate':
      decoded.bytes = await decodeDeflate(decoded, coding, input, maxBytes)
      return
    case 'br':
      decoded.bytes = await decodePlainly(decoded, coding, input, maxBytes, makeBrotli)
      return
    case 'zstd':
      decoded.bytes = await decodePlainly(decoded, coding, input, maxBytes, makeZstd)
      return
    default: {
      const known = coding === 'compress' || coding === 'x-compress'
      const shown = coding.replace(/[^!-~]/g, '?').slice(0, 40)
      fail(
        decoded,
        shown,
        `the content coding "${shown}" ${known ? 'is not supported' : 'is unknown'}`,
        'unknown',
      )
      decoded.bytes = new Uint8Array(0)
    }
  }
}

interface AtOnce {
  buffer: Uint8Array
  engine: { bytesWritten: number }
}

/** Small and sound content, the usual case. Null: something is odd about it, or it is not small unpacked. */
function decodeAtOnce(
  coding: string,
  input: Uint8Array,
  maxBytes: number,
  notes: string[],
): Uint8Array | null {
  const options = { maxOutputLength: Math.min(maxBytes, AT_ONCE_DECODED_BYTES), info: true }
  const raw = coding === 'deflate' && !hasZlibHeader(input)
  try {
    let result: unknown
    if (coding === 'gzip' || coding === 'x-gzip') result = gunzipSync(input, options)
    else if (coding === 'br') result = brotliDecompressSync(input, options)
    else if (coding === 'zstd') result = zstdDecompressSync(input, { ...options, params: zstdParams })
    else if (coding === 'deflate') result = raw ? inflateRawSync(input, options) : inflateSync(input, options)
    else return null
    const { buffer, engine } = result as AtOnce
    noteRest(input, engine.bytesWritten, coding, notes)
    if (raw) notes.push(RAW_DEFLATE)
    return buffer
  } catch {
    return null
  }
}

const RAW_DEFLATE = 'deflate without its zlib wrapper, which browsers accept'

const zstdParams = { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG }

type Make = (chunkSize: number) => Decoder
type Decoder = ReturnType<
  typeof createInflateRaw | typeof createBrotliDecompress | typeof createZstdDecompress
>

const makeInflateRaw: Make = (chunkSize) => createInflateRaw({ chunkSize })
const makeBrotli: Make = (chunkSize) => createBrotliDecompress({ chunkSize })
const makeZstd: Make = (chunkSize) => createZstdDecompress({ chunkSize, params: zstdParams })

/** What one decoder made of its input. */
interface Run {
  bytes: Uint8Array
  /** Input it took. */
  consumed: number
  /** end: of the coded stream; limit: of what it may grow to; short: the input ends too early. */
  ended: 'end' | 'limit' | 'short' | 'corrupt'
  says: string
}

async function run(make: Make, input: Uint8Array, maxBytes: number): Promise<Run> {
  const first = await runOnce(make, input, maxBytes, Math.min(PIECE_BYTES, Math.max(4096, input.length * 4)))
  if (first.ended !== 'corrupt') return first
  const fine = first.bytes.length <= FINE_UP_TO_BYTES ? FINE_PIECE_BYTES : COARSE_PIECE_BYTES
  const second = await runOnce(make, input, maxBytes, fine)
  return second.bytes.length > first.bytes.length ? second : first
}

/** One pass through a decoder. Its last input is flushed apart, because an error swallows the output of its piece. */
function runOnce(make: Make, input: Uint8Array, maxBytes: number, chunkSize: number): Promise<Run> {
  return new Promise((resolve) => {
    const decoder = make(chunkSize)
    const chunks: Uint8Array[] = []
    let length = 0
    let offset = 0
    let settled = false
    const settle = (ended: Run['ended'], says = ''): void => {
      if (settled) return
      settled = true
      const consumed = decoder.bytesWritten
      decoder.destroy()
      const bytes = Buffer.concat(chunks, Math.min(length, maxBytes))
      resolve({ bytes, consumed, ended, says })
    }
    const feed = (): void => {
      if (settled) return
      if (offset >= input.length) {
        decoder.end()
        return
      }
      const piece = input.subarray(offset, offset + PIECE_BYTES)
      offset += piece.length
      decoder.write(piece, feed)
    }
    decoder.on('data', (chunk: Uint8Array) => {
      if (settled) return
      chunks.push(chunk)
      length += chunk.length
      if (length > maxBytes) settle('limit')
    })
    decoder.on('end', () => settle('end'))
    decoder.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'Z_BUF_ERROR') settle('short')
      else settle('corrupt', `${error.message} (${error.code ?? 'no code'})`)
    })
    feed()
  })
}

async function decodePlainly(
  decoded: DecodedContent,
  coding: string,
  input: Uint8Array,
  maxBytes: number,
  make: Make,
): Promise<Uint8Array> {
  const { bytes, consumed, ended, says } = await run(make, input, maxBytes)
  judge(decoded, coding, input, 0, { bytes, consumed, ended, says })
  if (ended === 'end') noteRest(input, consumed, coding, decoded.notes)
  return bytes
}

/** Writes down how a run ended; a cut input that we cut ourselves is no failure of the peer's. */
function judge(decoded: DecodedContent, coding: string, input: Uint8Array, from: number, ended: Run): void {
  if (ended.ended === 'limit') decoded.truncated = true
  else if (ended.ended === 'short' && !decoded.truncated) {
    fail(decoded, coding, `the ${coding} content ends too early, after ${input.length} bytes`, 'short')
  } else if (ended.ended === 'corrupt') {
    const where = `near byte ${from + ended.consumed}`
    const plain = ended.bytes.length === 0 && from === 0 ? plainTextSays(input) : ''
    fail(decoded, coding, `the ${coding} content is broken ${where}: ${ended.says}${plain}`)
  }
}

/** A server that says gzip and sends text is the usual reason. */
function plainTextSays(input: Uint8Array): string {
  const beginning = input.subarray(0, 64)
  // Bytes above ASCII are letters of some language; control characters are in no text, but soon in coded content.
  const text = beginning.every((byte) => (byte >= 0x20 && byte !== 0x7f) || (byte >= 9 && byte <= 13))
  const printable = text && (beginning[0] ?? 0) < 0x80
  return printable ? '; it looks like plain text that was never encoded' : ''
}

function noteRest(input: Uint8Array, consumed: number, coding: string, notes: string[]): void {
  const rest = input.length - consumed
  if (rest <= 0) return
  const zeros = input.subarray(consumed).every((byte) => byte === 0)
  const kind = zeros ? 'zero bytes' : 'bytes that belong to nothing'
  notes.push(`${rest} ${kind} behind the end of the ${coding} content, at offset ${consumed}`)
}

/** RFC 1952, member by member, so that a broken one does not take what was sound with it. */
async function decodeGzip(
  decoded: DecodedContent,
  coding: string,
  input: Uint8Array,
  maxBytes: number,
): Promise<Uint8Array> {
  const members: Uint8Array[] = []
  let length = 0
  let at = 0
  while (at < input.length) {
    if (members.length === MAX_GZIP_MEMBERS) {
      fail(decoded, coding, `the gzip content has more than ${MAX_GZIP_MEMBERS} members`)
      break
    }
    if (members.length > 0 && !(input[at] === 0x1f && input[at + 1] === 0x8b)) {
      noteRest(input, at, coding, decoded.notes)
      break
    }
    const header = gzipHeaderEnd(input, at)
    if (typeof header === 'string') {
      if (header !== ENDS_EARLY || !decoded.truncated) {
        const plain = at === 0 && header !== ENDS_EARLY ? plainTextSays(input) : ''
        fail(
          decoded,
          coding,
          `the gzip content ${header}${plain}`,
          header === ENDS_EARLY ? 'short' : 'broken',
        )
      }
      break
    }
    const inflated = await run(makeInflateRaw, input.subarray(header), maxBytes - length)
    members.push(inflated.bytes)
    length += inflated.bytes.length
    judge(decoded, coding, input, header, inflated)
    if (inflated.ended !== 'end') break
    const trailer = header + inflated.consumed
    if (!gzipTrailerHolds(decoded, coding, input, trailer, inflated.bytes)) break
    at = trailer + 8
  }
  return members.length === 1 ? (members[0] ?? new Uint8Array(0)) : Buffer.concat(members, length)
}

const ENDS_EARLY = 'ends too early, within its header'

/** Where the header of the member that begins at `start` ends; a string says what is wrong with it. */
function gzipHeaderEnd(input: Uint8Array, start: number): number | string {
  if (input[start] !== 0x1f || (input[start + 1] ?? 0x8b) !== 0x8b) {
    return 'does not begin with the bytes 1f 8b of gzip'
  }
  if (start + 10 > input.length) return ENDS_EARLY
  if (input[start + 2] !== 8) return `uses the unknown method ${input[start + 2]}`
  const flags = input[start + 3] ?? 0
  if (flags & 0xe0) return 'has reserved flags set in its header'
  let at = start + 10
  if (flags & 4) at += 2 + (input[at] ?? 0) + (input[at + 1] ?? 0) * 256
  // File name and comment, each up to a zero byte.
  for (const flag of [8, 16]) {
    if (!(flags & flag)) continue
    const zero = input.indexOf(0, at)
    if (zero < 0) return ENDS_EARLY
    at = zero + 1
  }
  if (flags & 2) at += 2
  return at >= input.length ? ENDS_EARLY : at
}

/** Checks the check sum and length behind a member. A trailer cut short harms nobody: all the content is there. */
function gzipTrailerHolds(
  decoded: DecodedContent,
  coding: string,
  input: Uint8Array,
  at: number,
  bytes: Uint8Array,
): boolean {
  if (at + 8 > input.length) {
    if (!decoded.truncated)
      decoded.notes.push('the check sum behind the gzip content is missing or cut short')
    return false
  }
  const view = new DataView(input.buffer, input.byteOffset + at, 8)
  if (view.getUint32(0, true) !== crc32(bytes)) {
    fail(
      decoded,
      coding,
      'the check sum of the gzip content is wrong: it was damaged on its way or at the server',
    )
    return false
  }
  if (view.getUint32(4, true) !== bytes.length % 2 ** 32) {
    fail(decoded, coding, 'the length behind the gzip content is wrong')
    return false
  }
  return true
}

/** RFC 1950, 2.2: method 8 and a header that is a multiple of 31. */
function hasZlibHeader(input: Uint8Array): boolean {
  const first = input[0] ?? 0
  return (first & 0x0f) === 8 && first >> 4 <= 7 && (first * 256 + (input[1] ?? 0)) % 31 === 0
}

/** "deflate" means the zlib format (RFC 1950); some servers send bare deflate, which every browser takes. */
async function decodeDeflate(
  decoded: DecodedContent,
  coding: string,
  input: Uint8Array,
  maxBytes: number,
): Promise<Uint8Array> {
  const wrapped = hasZlibHeader(input)
  if (wrapped && (input[1] ?? 0) & 0x20) {
    fail(decoded, coding, 'the deflate content needs a preset dictionary, which HTTP does not have')
    return new Uint8Array(0)
  }
  const from = wrapped ? 2 : 0
  const inflated = await run(makeInflateRaw, input.subarray(from), maxBytes)
  judge(decoded, coding, input, from, inflated)
  if (inflated.ended !== 'end') return inflated.bytes
  if (!wrapped) {
    decoded.notes.push(RAW_DEFLATE)
    noteRest(input, inflated.consumed, coding, decoded.notes)
    return inflated.bytes
  }
  const trailer = from + inflated.consumed
  if (trailer + 4 > input.length) {
    if (!decoded.truncated)
      decoded.notes.push('the check sum behind the deflate content is missing or cut short')
    return inflated.bytes
  }
  if (new DataView(input.buffer, input.byteOffset + trailer, 4).getUint32(0) !== adler32(inflated.bytes)) {
    fail(
      decoded,
      coding,
      'the check sum of the deflate content is wrong: it was damaged on its way or at the server',
    )
  }
  noteRest(input, trailer + 4, coding, decoded.notes)
  return inflated.bytes
}

/** RFC 1950, 8.2, with the remainder taken only as often as keeps the sums exact. */
function adler32(bytes: Uint8Array): number {
  let low = 1
  let high = 0
  for (let from = 0; from < bytes.length; from += 5552) {
    const to = Math.min(from + 5552, bytes.length)
    for (let index = from; index < to; index++) {
      low += bytes[index] ?? 0
      high += low
    }
    low %= 65521
    high %= 65521
  }
  return high * 65536 + low
}
