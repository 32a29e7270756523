// Values of options: text to durations, sizes, ranges, addresses, field lines. Knows no option's meaning; every
// mistake is one sentence that names the option and says what would work.
import { isIP } from 'node:net'
import { WhydownError } from '../model/error.ts'
import type { StatusRange } from '../model/check-options.ts'
import type { FieldLine } from '../model/result.ts'

/** Longest duration accepted; longer ones do not fit a timer. */
const MAX_DURATION_MS = 24 * 60 * 60 * 1000
/** Longest value repeated in a message. */
const MAX_QUOTED = 80

/** A mistake in an option, in one sentence. */
export function mistake(says: string, cause?: unknown): WhydownError {
  return new WhydownError('usage', says, cause === undefined ? {} : { cause })
}

/** A value in quotes, short enough for a message. */
export function quoted(value: string): string {
  return `"${value.length > MAX_QUOTED ? `${value.slice(0, MAX_QUOTED)}...` : value}"`
}

/** `500ms`, `20s`, `1.5s`, `2m`, a plain number as seconds; to milliseconds. */
export function parseDuration(option: string, text: string): number {
  const match = /^(\d{1,9}(?:\.\d{1,6})?)(ms|s|m|min|h)?$/.exec(text.trim())
  const factor = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 }[match?.[2] ?? 's'] ?? 1000
  const ms = match ? Number(match[1]) * factor : Number.NaN
  if (!(ms > 0 && ms <= MAX_DURATION_MS)) {
    throw mistake(
      `${option} ${quoted(text)} is not a duration above zero and up to 24h; write for example 500ms, 20s or 2m`,
    )
  }
  return ms
}

/** `4096`, `64k`, `4m` (1024s); to bytes. */
export function parseSize(option: string, text: string): number {
  const match = /^(\d{1,12})\s*(b|k|kb|kib|m|mb|mib)?$/i.exec(text.trim())
  const unit = (match?.[2] ?? 'b').charAt(0).toLowerCase()
  const bytes = match ? Number(match[1]) * (unit === 'm' ? 1_048_576 : unit === 'k' ? 1024 : 1) : Number.NaN
  if (!(bytes >= 1 && bytes <= 1_073_741_824)) {
    throw mistake(
      `${option} ${quoted(text)} is not a size from 1 byte to 1024m; write for example 65536, 64k or 4m`,
    )
  }
  return bytes
}

/** A whole number between two bounds. */
export function parseCount(option: string, text: string, from: number, to: number): number {
  const number = /^\d{1,9}$/.test(text.trim()) ? Number(text) : Number.NaN
  if (!(number >= from && number <= to)) {
    throw mistake(`${option} ${quoted(text)} is not a whole number from ${from} to ${to}`)
  }
  return number
}

/** `200-399,404`, `2xx`; to ranges with both ends included. */
export function parseStatusRanges(option: string, text: string): StatusRange[] {
  return text.split(',').map((part): StatusRange => {
    const klass = /^([1-5])xx$/i.exec(part.trim())
    if (klass) return [Number(klass[1]) * 100, Number(klass[1]) * 100 + 99]
    const match = /^(\d{3})(?:-(\d{3}))?$/.exec(part.trim())
    const from = Number(match?.[1])
    const to = Number(match?.[2] ?? match?.[1])
    if (!match || from < 100 || to > 599 || from > to) {
      throw mistake(
        `${option} ${quoted(part)} is not a range of statuses from 100 to 599; write for example 200-399,404`,
      )
    }
    return [from, to]
  })
}

/** `ip`, `ip:port`, `[v6]:port`, `v6`; port null when not given. Names are refused: nothing is looked up here. */
export function parseEndpoint(option: string, text: string): { ip: string; port: number | null } {
  const given = text.trim()
  const bracketed = /^\[([^\]]*)\](?::(\d{1,5}))?$/.exec(given)
  const bare = isIP(given) !== 0 ? ([given, given, undefined] as const) : null
  const parts = bracketed ?? bare ?? /^([^:]*):(\d{1,5})$/.exec(given)
  const ip = parts?.[1] ?? ''
  const family = isIP(ip)
  const port = parts?.[2] === undefined ? null : Number(parts[2])
  if (family === 0 || (bracketed && family !== 6) || (port !== null && (port < 1 || port > 65_535))) {
    throw mistake(
      `${option} ${quoted(text)} is not an IP address with or without a port from 1 to 65535; write for example 192.0.2.7, 192.0.2.7:8080 or [2001:db8::7]:8080`,
    )
  }
  return { ip, port }
}

const FIELD_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
/** What would break the framing that we write ourselves. */
const OWN_FIELDS = new Set(['content-length', 'transfer-encoding'])

/** `Name: value` to a field line; the value's bytes are UTF-8. */
export function parseFieldLine(option: string, text: string): FieldLine {
  if (/[\r\n\0]/.test(text)) {
    throw mistake(`${option} ${quoted(text)} holds a line break; give each field with an option of its own`)
  }
  const colon = text.indexOf(':')
  const name = text.slice(0, Math.max(0, colon)).trim()
  if (colon < 0 || !FIELD_NAME.test(name)) {
    throw mistake(`${option} ${quoted(text)} is not a field line; write it as 'Name: value'`)
  }
  if (OWN_FIELDS.has(name.toLowerCase())) {
    throw mistake(`${option} ${name} cannot be set, because it is counted from what is sent; leave it out`)
  }
  const value = text.slice(colon + 1).trim()
  if (/[\x01-\x08\x0b-\x1f\x7f]/.test(value)) {
    throw mistake(`${option} ${quoted(name)} holds a control character; remove it`)
  }
  return [name, Buffer.from(value, 'utf8').toString('latin1')]
}

/** `path=value` or `path`. The value is JSON when it parses as such, else a text. */
export function splitJsonExpectation(text: string): { path: string; value?: unknown } {
  let depth = 0
  let quote = ''
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index)
    if (quote !== '') {
      if (character === '\\') index++
      else if (character === quote) quote = ''
    } else if (depth > 0 && (character === '"' || character === "'")) quote = character
    else if (character === '[') depth++
    else if (character === ']') depth--
    else if (character === '=' && depth <= 0) {
      const value = text.slice(index + 1)
      return { path: text.slice(0, index).trim(), value: jsonOrText(value) }
    }
  }
  return { path: text.trim() }
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
