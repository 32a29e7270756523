// What came in, taken apart for showing: head text and body bytes out of the kept raw bytes.
// A reader for people, not a parser: it never judges, and takes what it can get.
import type { Exchange, ResponseFacts } from '../model/result.ts'

const CR = 0x0d
const LF = 0x0a
/** Digits of a chunk size read here; longer ones end the reading. */
const MAX_CHUNK_DIGITS = 8

/** Base64 of kept bytes back to bytes; null when none were kept. */
export function keptBytes(base64: string | null | undefined): Uint8Array | null {
  return typeof base64 === 'string' ? Buffer.from(base64, 'base64') : null
}

/** Offset just behind the blank line that ends a head starting at `from`; -1 when it does not end. */
function headEnd(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(LF, from); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at + 1] === LF) return at + 2
    if (bytes[at + 1] === CR && bytes[at + 2] === LF) return at + 3
  }
  return -1
}

/** Splits the kept bytes of a response behind its interim responses: the head's bytes and what follows them. */
export function splitMessage(response: ResponseFacts): { head: Uint8Array; body: Uint8Array } | null {
  const raw = keptBytes(response.raw)
  if (!raw) return null
  let start = 0
  // The head of HTTP/2 is written out afterwards, without the interim ones.
  const interims = response.version === '2' ? 0 : response.interim.length
  for (let interim = 0; interim < interims; interim++) {
    const end = headEnd(raw, start)
    if (end < 0) break
    start = end
  }
  const end = headEnd(raw, start)
  if (end < 0) return { head: raw.subarray(start), body: raw.subarray(raw.length) }
  return { head: raw.subarray(start, end), body: raw.subarray(end) }
}

/** Removes chunked framing as far as it is whole; what follows a broken chunk is left out. */
export function unchunk(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = []
  let at = 0
  while (at < bytes.length) {
    const lineEnd = bytes.indexOf(LF, at)
    if (lineEnd < 0) break
    let size = 0
    let digits = 0
    for (; at < lineEnd && digits <= MAX_CHUNK_DIGITS; at++, digits++) {
      const digit = hexDigit(bytes[at] ?? 0)
      if (digit < 0) break
      size = size * 16 + digit
    }
    if (digits === 0 || digits > MAX_CHUNK_DIGITS || size === 0) break
    const start = lineEnd + 1
    parts.push(bytes.subarray(start, start + size))
    at = start + size
    if (bytes[at] === CR) at++
    if (bytes[at] === LF) at++
  }
  return Buffer.concat(parts)
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  if (byte >= 0x41 && byte <= 0x46) return byte - 0x37
  if (byte >= 0x61 && byte <= 0x66) return byte - 0x57
  return -1
}

/** The value of the first field of a name, case aside; null when there is none. */
export function fieldValue(response: ResponseFacts, name: string): string | null {
  for (const [known, value] of response.fields) if (known.toLowerCase() === name) return value
  return null
}

export interface Content {
  /** Text after content decoding, when the probe decoded it; the bytes are then the coded ones. */
  text: string | null
  /** The content's bytes, framing removed, as far as they were kept. */
  bytes: Uint8Array
  /** Content coding as the peer named it, null when there is none. */
  coding: string | null
}

/** The content of a response as far as it was kept; null when no raw bytes were kept. */
export function contentOf(response: ResponseFacts): Content | null {
  const message = splitMessage(response)
  if (!message && response.text === null) return null
  const body = message?.body ?? new Uint8Array()
  const chunked = /chunked/i.test(fieldValue(response, 'transfer-encoding') ?? '')
  const coding = fieldValue(response, 'content-encoding')
  return {
    text: response.text,
    bytes: chunked ? unchunk(body) : body,
    coding: coding === null || /^\s*(identity)?\s*$/i.test(coding) ? null : coding,
  }
}

/** Everything received in the exchange, response or not, as far as it was kept. */
export function receivedBytes(exchange: Exchange): Uint8Array | null {
  return keptBytes(exchange.response?.raw) ?? keptBytes(exchange.unparsed)
}
