// Status line and field section of an HTTP/1 response as bytes in, values out (RFC 9112, 2-5). Lenient where curl
// and browsers both are, and then a deviation is noted. Knows nothing about framing or about where bytes come from.
import type { FailureCode } from '../model/failure.ts'
import type { FieldLine } from '../model/result.ts'
import type { Deviations } from './http1-deviations.ts'
import { quote } from './http1-quote.ts'

/** Field lines in one section; curl's bound too. */
export const FIELD_LINES_LIMIT = 5000

export interface ResponseHead {
  /** "1.1", "1.0", or what the peer wrote when it is one digit, dot, one digit. */
  version: string
  status: number
  reason: string
  fields: FieldLine[]
}

/** What makes a response unusable, and the stream offset of the first byte at fault. */
export interface WireFault {
  code: FailureCode
  raw: string
  offset: number
}

export interface HeadReading {
  /** As much as could be read; null when there is no status line worth showing. */
  head: ResponseHead | null
  fault: WireFault | null
}

const HTAB = 0x09
const LF = 0x0a
const CR = 0x0d
const SP = 0x20
const COLON = 0x3a
const ZERO = 0x30
const NINE = 0x39

/** 1: may stand in a token (RFC 9110, 5.6.2). */
const TOKEN = new Uint8Array(256)
for (const character of "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") {
  TOKEN[character.charCodeAt(0)] = 1
}

/** 1: may stand in a field value or a reason phrase (RFC 9110, 5.5): HTAB, SP, visible, obs-text. */
const VALUE = new Uint8Array(256)
for (let byte = 0; byte < 256; byte++) {
  VALUE[byte] = byte === HTAB || (byte >= SP && byte !== 0x7f) ? 1 : 0
}

export function isTokenByte(byte: number): boolean {
  return TOKEN[byte] === 1
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE
}

function isBlank(byte: number | undefined): boolean {
  return byte === SP || byte === HTAB
}

/**
 * Reads bytes[start, end): complete lines, the last byte an LF; "HTTP/" stands at `start`. Offsets in faults are
 * those of `bytes`, which begins where the stream begins. The empty line may be there or not.
 */
export function readHead(bytes: Buffer, start: number, end: number, deviations: Deviations): HeadReading {
  if (end <= start) return { head: null, fault: null }
  const text = bytes.toString('latin1', start, end)
  const lineEnd = bytes.indexOf(LF, start)
  const head: ResponseHead = { version: '', status: 0, reason: '', fields: [] }
  const fault = readStatusLine(bytes, start, lineEnd, head, deviations)
  if (fault && head.status < 0) return { head: null, fault }
  const fieldFault = readFields(bytes, lineEnd + 1, end, text, start, head.fields, false, deviations)
  return { head, fault: fault ?? fieldFault }
}

/** Fills version, status and reason; status stays -1 when there is no three-digit one to show. */
function readStatusLine(
  bytes: Buffer,
  start: number,
  lf: number,
  head: ResponseHead,
  deviations: Deviations,
): WireFault | null {
  let end = lf
  if (bytes[lf - 1] === CR) end--
  else deviations.add('bare_lf', lf)
  head.status = -1

  const versionStart = start + 5
  const wellFormed =
    isDigit(bytes[versionStart]) && bytes[versionStart + 1] === 0x2e && isDigit(bytes[versionStart + 2])
  // "HTTP/2 200" is how people write it, and some servers believe it; any other form has both digits.
  const versionEnd = versionStart + (wellFormed ? 3 : 1)
  const major = (bytes[versionStart] as number) - ZERO
  if (
    !(wellFormed || (isDigit(bytes[versionStart]) && major >= 2)) ||
    (versionEnd < end && !isBlank(bytes[versionEnd]))
  ) {
    return malformed(bytes, start, end, versionStart, 'the version is not one digit, a dot and one digit')
  }
  const version = bytes.toString('latin1', versionStart, versionEnd)
  if (versionEnd >= end) return malformed(bytes, start, end, versionEnd, 'there is no status code')

  let index = versionEnd
  while (isBlank(bytes[index])) index++
  if (index - versionEnd !== 1 || bytes[versionEnd] !== SP) deviations.add('status_line_space', versionEnd)
  const statusStart = index
  let status = 0
  while (isDigit(bytes[index])) {
    if (index - statusStart < 3) status = status * 10 + (bytes[index] as number) - ZERO
    index++
  }
  const digits = index - statusStart
  if (digits === 3) {
    head.version = version
    head.status = status
  }
  if (major >= 2 || (major === 0 && version !== '0.9')) {
    const raw = `the status line says HTTP/${version} on an HTTP/1.1 connection`
    return { code: 'http_version_unsupported', raw, offset: versionStart }
  }
  if (digits === 0) return malformed(bytes, start, end, statusStart, 'there is no status code')
  if (digits !== 3) {
    const shown = bytes.toString('latin1', statusStart, index)
    return {
      code: 'status_undefined',
      raw: `status code ${quote(shown)} does not have three digits`,
      offset: statusStart,
    }
  }
  if (version === '0.9') deviations.add('version_old', versionStart)
  else if (version !== '1.1' && version !== '1.0') deviations.add('version_minor', versionStart)

  if (bytes[index] === SP) index++
  else {
    deviations.add('status_without_space', index)
    if (bytes[index] === HTAB) index++
  }
  for (let at = index; at < end; at++) {
    const byte = bytes[at] as number
    if (VALUE[byte] === 1) continue
    if (byte === 0 || byte === CR) {
      head.status = -1
      return malformed(bytes, start, end, at, byte === 0 ? 'NUL byte' : 'CR without LF')
    }
    deviations.add('reason_control', at)
  }
  if (index < end) head.reason = bytes.toString('latin1', index, end)
  if (status < 100 || status > 599) {
    const shown = bytes.toString('latin1', statusStart, statusStart + 3)
    return { code: 'status_undefined', raw: `status code ${shown} is outside 100-599`, offset: statusStart }
  }
  return null
}

function malformed(bytes: Buffer, start: number, end: number, offset: number, why: string): WireFault {
  return {
    code: 'status_line_malformed',
    raw: `malformed status line ${quote(bytes.toString('latin1', start, Math.min(end, start + 256)))}: ${why}`,
    offset,
  }
}

/**
 * Reads field lines of bytes[start, end), complete lines, up to an empty one or the end, into `fields`. `text` is the
 * same bytes as Latin-1 from `base` on. In a trailer section (`lax`) a malformed line is noted and left out: the
 * content has arrived by then. Returns what makes the section unusable.
 */
export function readFields(
  bytes: Uint8Array,
  start: number,
  end: number,
  text: string,
  base: number,
  fields: FieldLine[],
  lax: boolean,
  deviations: Deviations,
): WireFault | null {
  let index = start
  while (index < end) {
    const lineStart = index
    // The usual line first: token, colon, value without control characters, CRLF.
    while (TOKEN[bytes[index] as number] === 1) index++
    let nameEnd = index
    if (nameEnd === lineStart || bytes[index] !== COLON) {
      const first = bytes[lineStart]
      if (first === LF) {
        deviations.add('bare_lf', lineStart)
        return null
      }
      if (first === CR && bytes[lineStart + 1] === LF) return null
      if (isBlank(first)) {
        const lf = bytes.indexOf(LF, lineStart)
        const fault = readFold(bytes, lineStart, lf, text, base, fields, deviations)
        if (fault && !lax) return fault
        if (fault) deviations.add('trailer_malformed', fault.offset)
        index = lf + 1
        continue
      }
      const lf = bytes.indexOf(LF, lineStart)
      let colon = lineStart
      while (colon < lf && bytes[colon] !== COLON) colon++
      const fault = nameFault(bytes, lineStart, lf, colon, text, base)
      if (fault) {
        if (!lax) return fault
        deviations.add('trailer_malformed', lineStart)
        index = lf + 1
        continue
      }
      nameEnd = readOddName(bytes, lineStart, colon, deviations)
      index = colon
    }
    index++
    while (isBlank(bytes[index])) index++
    const valueStart = index
    while (VALUE[bytes[index] as number] === 1) index++
    if (bytes[index] !== CR || bytes[index + 1] !== LF) {
      // Up to the LF, whatever stands there.
      let usable = true
      while (bytes[index] !== LF) {
        const byte = bytes[index] as number
        if (byte === CR && bytes[index + 1] === LF) break
        if (VALUE[byte] === 0) {
          if (byte === 0 || byte === CR) {
            if (!lax) return valueFault(byte, text.slice(lineStart - base, index - base), index)
            index = bytes.indexOf(LF, index)
            usable = false
            break
          }
          deviations.add('value_control', index)
        }
        index++
      }
      if (!usable) {
        deviations.add('trailer_malformed', lineStart)
        index++
        continue
      }
    }
    let valueEnd = index
    while (valueEnd > valueStart && isBlank(bytes[valueEnd - 1])) valueEnd--
    if (bytes[index] === CR) index += 2
    else deviations.add('bare_lf', index++)
    if (fields.length >= FIELD_LINES_LIMIT) {
      const raw = `more than ${FIELD_LINES_LIMIT} field lines`
      return { code: 'header_too_large', raw, offset: lineStart }
    }
    fields.push([
      text.slice(lineStart - base, nameEnd - base),
      text.slice(valueStart - base, valueEnd - base),
    ])
  }
  return null
}

/** A line that begins with white space: continues the field before it (RFC 9112, 5.2), or is ignored (2.2). */
function readFold(
  bytes: Uint8Array,
  start: number,
  lf: number,
  text: string,
  base: number,
  fields: FieldLine[],
  deviations: Deviations,
): WireFault | null {
  let end = lf
  if (bytes[lf - 1] === CR) end--
  else deviations.add('bare_lf', lf)
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    if (VALUE[byte] === 1) continue
    if (byte === 0 || byte === CR) return valueFault(byte, text.slice(start - base, at - base), at)
    deviations.add('value_control', at)
  }
  const field = fields.at(-1)
  if (!field) {
    deviations.add('space_line', start)
    return null
  }
  deviations.add('obs_fold', start)
  let from = start
  while (from < end && isBlank(bytes[from])) from++
  while (end > from && isBlank(bytes[end - 1])) end--
  if (end > from) field[1] += (field[1] === '' ? '' : ' ') + text.slice(from - base, end - base)
  return null
}

/** Why a line that does not begin with "token:" is no field line; null when it is. `colon` is `lf` when there is none. */
function nameFault(
  bytes: Uint8Array,
  start: number,
  lf: number,
  colon: number,
  text: string,
  base: number,
): WireFault | null {
  for (let at = start; at < colon; at++) {
    const byte = bytes[at]
    if (byte === 0 || (byte === CR && at !== lf - 1)) {
      return valueFault(byte, text.slice(start - base, at - base), at)
    }
  }
  if (colon < lf) return null
  const line = text.slice(start - base, lf - base).trimEnd()
  return { code: 'header_malformed', raw: `field line ${quote(line)} has no colon`, offset: start }
}

function valueFault(byte: number, before: string, offset: number): WireFault {
  const what = byte === 0 ? 'NUL byte' : 'CR without LF'
  return { code: 'header_malformed', raw: `${what} in a field line, after ${quote(before)}`, offset }
}

/** Notes what is wrong with a name; returns where it ends without the white space before the colon. */
function readOddName(bytes: Uint8Array, start: number, colon: number, deviations: Deviations): number {
  let end = colon
  while (end > start && isBlank(bytes[end - 1])) end--
  if (end < colon) deviations.add('space_before_colon', end)
  if (end === start) deviations.add('name_empty', start)
  for (let at = start; at < end; at++) {
    if (TOKEN[bytes[at] as number] === 0) {
      deviations.add('name_illegal', at)
      break
    }
  }
  return end
}
