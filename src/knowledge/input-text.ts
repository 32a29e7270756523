// Bytes of whatever was pasted or saved, to text; what is no text is refused by its name. Knows encodings and magic
// numbers, not errors.
import { WhydownError } from '../model/error.ts'

/** Longest text looked at, in code units; more is the caller's mistake. */
export const MAX_INPUT_BYTES = 4 * 1024 * 1024

/** Looked at for bytes that no text has. */
const SAMPLE_BYTES = 16 * 1024

const MAGIC: readonly (readonly [bytes: string, name: string])[] = [
  ['PK\x03\x04', 'a zip archive'],
  ['\x1f\x8b', 'compressed with gzip'],
  ['BZh', 'compressed with bzip2'],
  ['\xfd7zXZ', 'compressed with xz'],
  ['\x28\xb5\x2f\xfd', 'compressed with zstd'],
  ['7z\xbc\xaf', 'a 7z archive'],
  ['Rar!\x1a', 'a rar archive'],
  ['%PDF-', 'a PDF document'],
  ['\x89PNG', 'a picture'],
  ['GIF8', 'a picture'],
  ['\xff\xd8\xff', 'a picture'],
  ['\x7fELF', 'a program'],
  ['MZ\x90', 'a program'],
  ['\xd4\xc3\xb2\xa1', 'a capture of packets'],
  ['\x0a\x0d\x0d\x0a', 'a capture of packets'],
  ['SQLite format 3', 'a database'],
]

function unreadable(says: string, hint: string): WhydownError {
  return new WhydownError('unreadable', says, { hint })
}

/**
 * The text in these bytes: UTF-8, UTF-16 when they say so or look like it, else Latin-1. A response keeps whatever
 * content it has. Throws `WhydownError` for archives, pictures and other bytes that are no text, and for more than
 * `MAX_INPUT_BYTES`.
 */
export function textOfInput(bytes: Uint8Array): string {
  if (bytes.length > MAX_INPUT_BYTES) throw tooLong()
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const start = buffer.toString('latin1', 0, 16)
  for (const [magic, name] of MAGIC) {
    if (start.startsWith(magic))
      throw unreadable(`The input is ${name}, not text`, 'Unpack it and give the text inside')
  }
  if (/^HTTP\/\d/.test(start)) return buffer.toString('latin1')
  const wide = wideEncoding(bytes)
  if (wide) return new TextDecoder(wide).decode(bytes)
  const sample = bytes.subarray(0, SAMPLE_BYTES)
  let odd = 0
  for (const byte of sample) {
    if (byte === 0) throw notText()
    if ((byte < 0x20 && !(byte >= 0x08 && byte <= 0x0d) && byte !== 0x1b) || byte === 0x7f) odd++
  }
  if (odd * 20 > sample.length) throw notText()
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return buffer.toString('latin1')
  }
}

export function tooLong(): WhydownError {
  return unreadable(
    `The input is longer than ${MAX_INPUT_BYTES / 1_048_576} MiB`,
    'Give the part with the error, for example with tail -n 200',
  )
}

function notText(): WhydownError {
  return unreadable(
    'The input is binary, not text',
    'Give the error as text, or a response as it was received',
  )
}

/** By its byte order mark, or by every other byte being zero, as PowerShell writes files. */
function wideEncoding(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  const pairs = Math.min(32, bytes.length >> 1)
  if (pairs < 2) return null
  let [low, high] = [0, 0]
  for (let at = 0; at < pairs * 2; at += 2) {
    if (bytes[at] === 0) high++
    if (bytes[at + 1] === 0) low++
  }
  if (low === pairs && high === 0) return 'utf-16le'
  return high === pairs && low === 0 ? 'utf-16be' : null
}
