// Where the body of a response ends, decided from its head alone (RFC 9112, 6.3). Lenient about repetition, strict
// where two readers could disagree about the end. Reads no body.
import type { FieldLine } from '../model/result.ts'
import type { Deviations } from './http1-deviations.ts'
import type { ResponseHead, WireFault } from './http1-head.ts'
import { quote } from './http1-quote.ts'

/** none: no body; length: Content-Length bytes; chunked; close: until the connection closes. */
export type Framing = 'none' | 'length' | 'chunked' | 'close'

export interface FramingReading {
  framing: Framing
  /** Content bytes announced by Content-Length, null without. */
  expectedBytes: number | null
  /** Transfer codings besides chunked, in the order in which they were applied. */
  codings: string[]
  /** The connection now belongs to another protocol: 101, or a tunnel after CONNECT. */
  upgrade: boolean
  fault: WireFault | null
}

const NO_CODINGS: string[] = []

/**
 * Decides the framing of the body that follows `head`. `bytes`[start, end) is the head section, only looked at to find
 * the offset of a line at fault.
 */
export function readFraming(
  head: ResponseHead,
  requestMethod: string,
  bytes: Uint8Array,
  start: number,
  end: number,
  deviations: Deviations,
): FramingReading {
  const { status, fields } = head
  let lengthIndex = -1
  let codingIndex = -1
  let length: number | null = null
  let fault: WireFault | null = null
  for (let index = 0; index < fields.length; index++) {
    const [name, value] = fields[index] as FieldLine
    // Told apart by their length first: nearly every field is neither.
    if (name.length === 14 && name.toLowerCase() === 'content-length') {
      const before: number | null = length
      length = parseLength(value)
      if (length === null || length < 0 || before !== null || value.includes(',')) {
        const place = offsetOfField(bytes, start, end, index)
        if (length === null) fault ??= lengthFault(value, place)
        else if (length < 0) {
          const raw = `Content-Length ${quote(value)} gives different lengths`
          fault ??= { code: 'framing_conflict', raw, offset: place }
        } else if (before !== null && before !== length) {
          const raw = `Content-Length is given as ${before} and as ${length}`
          fault ??= { code: 'framing_conflict', raw, offset: place }
        } else deviations.add('length_repeated', place)
        length = before ?? length
      }
      lengthIndex = index
    } else if (name.length === 17 && name.toLowerCase() === 'transfer-encoding') codingIndex = index
  }

  const tunnel = requestMethod === 'CONNECT' && status >= 200 && status < 300
  if (requestMethod === 'HEAD' || status < 200 || status === 204 || status === 304 || tunnel) {
    if ((lengthIndex >= 0 || codingIndex >= 0) && (status < 200 || status === 204 || tunnel)) {
      const index = lengthIndex >= 0 ? lengthIndex : codingIndex
      deviations.add('framing_without_body', offsetOfField(bytes, start, end, index))
    }
    const upgrade = status === 101 || tunnel
    return { framing: 'none', expectedBytes: null, codings: NO_CODINGS, upgrade, fault: null }
  }

  if (codingIndex >= 0) {
    const place = offsetOfField(bytes, start, end, codingIndex)
    if (lengthIndex >= 0) {
      const raw = 'Content-Length and Transfer-Encoding in the same response: its end is ambiguous'
      const offset = offsetOfField(bytes, start, end, Math.max(lengthIndex, codingIndex))
      fault ??= { code: 'framing_conflict', raw, offset }
    }
    if (head.version === '1.0' || head.version === '0.9') deviations.add('transfer_encoding_old', place)
    const codings = transferCodings(fields)
    const framing = codings.at(-1) === 'chunked' ? 'chunked' : 'close'
    if (framing === 'close') deviations.add('chunked_not_last', place, codings.join(', '))
    else if (codings.indexOf('chunked') < codings.length - 1) deviations.add('chunked_repeated', place)
    const others = codings.filter((coding) => coding !== 'chunked')
    if (framing === 'chunked' && others.length > 0) {
      deviations.add('transfer_coding_other', place, others.join(', '))
    }
    return { framing, expectedBytes: null, codings: others, upgrade: false, fault }
  }
  const framing = length === null ? 'close' : 'length'
  return { framing, expectedBytes: length, codings: NO_CODINGS, upgrade: false, fault }
}

/** Content-Length: digits, or a list of equal numbers; -1: unequal ones; null: not a length we can count to. */
function parseLength(value: string): number | null {
  const list = value.includes(',') ? value.split(',') : null
  if (!list) return parseDigits(value)
  let length: number | null = null
  for (const member of list) {
    const one = parseDigits(member.trim())
    if (one === null) return null
    if (length !== null && length !== one) return -1
    length = one
  }
  return length
}

function parseDigits(text: string): number | null {
  if (text === '') return null
  let number = 0
  for (let index = 0; index < text.length; index++) {
    const digit = text.charCodeAt(index) - 0x30
    if (digit < 0 || digit > 9) return null
    number = number * 10 + digit
    if (number > Number.MAX_SAFE_INTEGER) return null
  }
  return number
}

function lengthFault(value: string, offset: number): WireFault {
  const raw = `Content-Length ${quote(value)} is not a whole number up to 2^53-1`
  return { code: 'header_malformed', raw, offset }
}

/** Names of all transfer codings in lower case, lines joined as one list (RFC 9110, 5.3), empty members left out. */
function transferCodings(fields: FieldLine[]): string[] {
  const codings: string[] = []
  for (const [name, value] of fields) {
    if (name.length !== 17 || name.toLowerCase() !== 'transfer-encoding') continue
    for (const member of value.split(',')) {
      const coding = member.trim().toLowerCase()
      if (coding !== '') codings.push(coding)
    }
  }
  return codings
}

/** Offset of the index-th field line (0-based) in a head section: lines that begin with white space belong to the one before. */
function offsetOfField(bytes: Uint8Array, start: number, end: number, index: number): number {
  let left = index
  let at = bytes.indexOf(0x0a, start) + 1
  while (at > 0 && at < end) {
    if (bytes[at] !== 0x20 && bytes[at] !== 0x09 && left-- === 0) return at
    at = bytes.indexOf(0x0a, at) + 1
  }
  return start
}
