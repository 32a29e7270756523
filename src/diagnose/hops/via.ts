// Via (RFC 9110 section 7.6.3): the hops a message came through. The last entry is nearest the visitor.

/** Entries read at most. */
const ENTRIES = 32

export interface ViaEntry {
  /** "1.1", "HTTP/2": protocol and version as they came. */
  protocol: string
  /** Host, port or pseudonym. */
  receivedBy: string
  /** The comment without its parentheses; null when there is none. */
  comment: string | null
}

/** Splits at commas outside comments; comments may nest. */
function split(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '\\') at++
    else if (character === '(') depth++
    else if (character === ')') depth = Math.max(0, depth - 1)
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(start, at))
      start = at + 1
    }
  }
  parts.push(text.slice(start))
  return parts
}

/** Entries in order of the field, an unknown pseudonym included; what is no entry is left out. */
export function parseVia(lines: readonly string[]): ViaEntry[] {
  const entries: ViaEntry[] = []
  for (const line of lines) {
    for (const part of split(line.slice(0, 4096))) {
      const text = part.trim()
      const space = text.indexOf(' ')
      if (space <= 0) continue
      const rest = text.slice(space + 1).trim()
      const paren = rest.indexOf('(')
      const receivedBy = (paren < 0 ? rest : rest.slice(0, paren)).trim()
      if (receivedBy === '') continue
      const comment = paren < 0 ? null : rest.slice(paren + 1, rest.endsWith(')') ? -1 : undefined)
      entries.push({ protocol: text.slice(0, space), receivedBy, comment })
      if (entries.length >= ENTRIES) return entries
    }
  }
  return entries
}

/** Traffic Server's codes in a Via comment, decoded; the long form says more about the origin's side. */
export interface TrafficServerVia {
  cache: string | null
  server: string | null
  error: string | null
  parentFailed: boolean
  originFailed: boolean
}

const CACHE_CODES: Record<string, string> = {
  A: 'in cache, not acceptable',
  H: 'fresh hit',
  S: 'stale',
  R: 'hit in memory',
  W: 'hit while being written',
  M: 'miss',
}
const SERVER_CODES: Record<string, string> = {
  E: 'error in the response',
  S: 'connection opened',
  N: 'not modified',
}
const ERROR_CODES: Record<string, string> = {
  N: 'none',
  A: 'authorisation',
  H: 'header syntax',
  C: 'connection to the server failed',
  T: 'connection timed out',
  S: 'server error',
  D: 'DNS failure',
  F: 'request forbidden',
  R: 'cache read error',
  M: 'moved',
  L: 'loop detected',
}

/** Reads "[uScMsEf p eC:t cMi p sF]" out of a comment; null when there is no such bracket (traffic_via.cc). */
export function readTrafficServerVia(comment: string): TrafficServerVia | null {
  const codes = /\[([A-Za-z ]{4,16})(?::([A-Za-z ]{2,16}))?\s?\]/.exec(comment.slice(0, 512))
  if (!codes) return null
  const value = (text: string | undefined, field: string): string | null => {
    if (!text) return null
    for (let at = 0; at + 1 < text.length; at += 2) if (text[at] === field) return text[at + 1] ?? null
    return null
  }
  const shown = (table: Record<string, string>, code: string | null): string | null =>
    code ? (table[code] ?? null) : null
  return {
    cache: shown(CACHE_CODES, value(codes[1], 'c')),
    server: shown(SERVER_CODES, value(codes[1], 's')),
    error: shown(ERROR_CODES, value(codes[1], 'e')),
    // The detail ends with p (parent) and s (origin), each with its value; what stands before has no even width.
    parentFailed: /pFs.$/.test(codes[2] ?? ''),
    originFailed: /p.sF$/.test(codes[2] ?? ''),
  }
}
