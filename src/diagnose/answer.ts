// One raw response as the judgement sees it: head as it stands on the wire, content with its framing undone as far
// as it goes. Lenient on purpose, since what is judged is often broken. Refuses to know what any of it means.
import {
  brotliDecompressSync,
  gunzipSync,
  inflateSync,
  constants as zlib,
  zstdDecompressSync,
} from 'node:zlib'
import type { FieldLine } from '../model/result.ts'

/** Bytes of a response that are read at most; whatever follows is not looked at. */
export const ANSWER_BYTES = 128 * 1024
/** Bytes of decoded content kept at most. */
const CONTENT_BYTES = 128 * 1024
/** Field lines read at most: a head with more is judged by the first ones. */
const FIELD_LINES = 4096
/** Characters of one field value that are kept. */
const VALUE_CHARACTERS = 2048
/** Interim responses read over at most. */
const INTERIM_RESPONSES = 32

/** How the connection stood after the last byte. `kept-open`: the peer left it open after a whole message. */
export type Ending = 'fin' | 'rst' | 'timeout' | 'kept-open' | 'cap' | 'unknown'

/**
 * whole: as its framing says. cut: it ends before. open: framed by the close of the connection alone, so its end
 * proves nothing. broken: framing that makes no sense (a chunk size that is none).
 */
export type Framed = 'whole' | 'cut' | 'open' | 'broken'

export interface Answer {
  raw: Uint8Array
  ended: Ending
  /** Not a status line, so not HTTP/1: everything else about the head is empty then. */
  isHttp: boolean
  /** The head never ended. */
  headCut: boolean
  statusLine: string
  /** "HTTP/1.1" as written; "" without a status line. */
  protocol: string
  /** Null when there is no number where one should be. */
  status: number | null
  reason: string
  fields: FieldLine[]
  /** Values by lower-case name, in order. */
  byName: Map<string, string[]>
  /** Status codes of the interim responses before this one. */
  interim: number[]
  /** True when only interim responses came. */
  interimOnly: boolean
  /** A field line that is none: no colon, or white space in the name. */
  badFieldLine: string | null
  framed: Framed
  /** Content-Length when it is one number, else null. */
  declaredLength: number | null
  /** Content with transfer coding and, as far as possible, content coding undone. */
  content: Uint8Array
  /** Content is longer than what is kept, or its coding could not be undone to the end. */
  contentPartial: boolean
}

const CR = 13
const LF = 10

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.max(0, to - from)).toString('latin1')
}

function startsWithHttp(bytes: Uint8Array, at: number): boolean {
  return (
    bytes.length - at >= 5 &&
    ((bytes[at] as number) | 32) === 0x68 &&
    ((bytes[at + 1] as number) | 32) === 0x74 &&
    ((bytes[at + 2] as number) | 32) === 0x74 &&
    ((bytes[at + 3] as number) | 32) === 0x70 &&
    bytes[at + 4] === 0x2f
  )
}

interface Head {
  statusLine: string
  protocol: string
  status: number | null
  reason: string
  fields: FieldLine[]
  badFieldLine: string | null
  cut: boolean
  /** Offset of the first byte after the head. */
  end: number
}

function readHead(raw: Uint8Array, start: number, limit: number): Head {
  let at = start
  const line = (): string | null => {
    const lf = raw.indexOf(LF, at)
    if (lf < 0 || lf >= limit) return null
    const text = latin1(raw, at, lf > at && raw[lf - 1] === CR ? lf - 1 : lf)
    at = lf + 1
    return text
  }
  const head: Head = {
    statusLine: '',
    protocol: '',
    status: null,
    reason: '',
    fields: [],
    badFieldLine: null,
    cut: false,
    end: limit,
  }
  const first = line()
  if (first === null) {
    head.statusLine = latin1(raw, start, Math.min(limit, start + VALUE_CHARACTERS))
    head.cut = true
  } else {
    head.statusLine = first.slice(0, VALUE_CHARACTERS)
  }
  const space = head.statusLine.indexOf(' ')
  head.protocol = space < 0 ? head.statusLine : head.statusLine.slice(0, space)
  const rest = space < 0 ? '' : head.statusLine.slice(space + 1)
  const code = /^ *(\d{1,5})(?= |$)/.exec(rest)
  if (code) {
    head.status = Number(code[1])
    head.reason = rest.slice(code[0].length + 1)
  } else {
    head.reason = rest
  }
  if (head.cut) return head
  for (let lines = 0; lines < FIELD_LINES; lines++) {
    const text = line()
    if (text === null) {
      head.cut = true
      break
    }
    if (text === '') {
      head.end = at
      break
    }
    const previous = head.fields[head.fields.length - 1]
    if ((text[0] === ' ' || text[0] === '\t') && previous) {
      previous[1] = `${previous[1]} ${text.trim()}`.slice(0, VALUE_CHARACTERS)
      continue
    }
    const colon = text.indexOf(':')
    if (colon <= 0) {
      head.badFieldLine ??= text.slice(0, 120)
      continue
    }
    const name = text.slice(0, Math.min(colon, 256))
    if (name.endsWith(' ') || name.endsWith('\t')) head.badFieldLine ??= text.slice(0, 120)
    head.fields.push([name.trimEnd(), text.slice(colon + 1, colon + 1 + VALUE_CHARACTERS).trim()])
  }
  return head
}

/** Undoes chunked coding as far as it goes. */
function dechunk(body: Uint8Array): { content: Uint8Array; framed: Framed } {
  const pieces: Uint8Array[] = []
  let kept = 0
  let at = 0
  const done = (framed: Framed): { content: Uint8Array; framed: Framed } => ({
    content: pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces),
    framed,
  })
  for (;;) {
    let size = 0
    let digits = 0
    let byte = body[at]
    while (byte !== undefined && digits < 9) {
      const digit = byte <= 0x39 ? byte - 0x30 : (byte | 32) - 0x57
      if (digit < 0 || digit > 15 || (byte > 0x39 && (byte | 32) < 0x61)) break
      size = size * 16 + digit
      digits++
      byte = body[++at]
    }
    if (byte === undefined) return done('cut')
    if (digits === 0 || (byte !== CR && byte !== LF && byte !== 0x3b && byte !== 0x20)) return done('broken')
    const lf = body.indexOf(LF, at)
    if (lf < 0) return done('cut')
    at = lf + 1
    if (size === 0) {
      // Trailers are skipped: nothing is judged by them but the fact that the message ended.
      for (;;) {
        const end = body.indexOf(LF, at)
        if (end < 0) return done('cut')
        if (end === at || (end === at + 1 && body[at] === CR)) return done('whole')
        at = end + 1
      }
    }
    const end = Math.min(at + size, body.length)
    if (kept < CONTENT_BYTES) {
      const piece = body.subarray(at, Math.min(end, at + CONTENT_BYTES - kept))
      pieces.push(piece)
      kept += piece.length
    }
    if (at + size > body.length) return done('cut')
    at = end
    if (body[at] === CR) at++
    if (at >= body.length) return done('cut')
    if (body[at] !== LF) return done('broken')
    at++
  }
}

/** Undoes one content coding; null when it cannot be undone at all. Cut streams give what was decoded. */
function decode(content: Uint8Array, coding: string): Uint8Array | null {
  const options = { maxOutputLength: CONTENT_BYTES, finishFlush: zlib.Z_SYNC_FLUSH }
  try {
    switch (coding) {
      case 'gzip':
      case 'x-gzip':
        return gunzipSync(content, options)
      case 'deflate':
        return inflateSync(content, options)
      case 'br':
        return brotliDecompressSync(content, {
          maxOutputLength: CONTENT_BYTES,
          finishFlush: zlib.BROTLI_OPERATION_FLUSH,
        })
      case 'zstd':
        return zstdDecompressSync(content, { maxOutputLength: CONTENT_BYTES })
      default:
        return null
    }
  } catch {
    // Broken or far too large: the coded bytes are all there is.
    return null
  }
}

/**
 * Reads one response from the first byte a peer sent. Never fails: what cannot be read is said in the fields.
 * `requestMethod` decides whether content is expected at all (RFC 9112 section 6.3).
 */
export function readAnswer(bytes: Uint8Array, ended: Ending, requestMethod: string): Answer {
  const raw = bytes.length > ANSWER_BYTES ? bytes.subarray(0, ANSWER_BYTES) : bytes
  const answer: Answer = {
    raw,
    ended,
    isHttp: startsWithHttp(raw, 0),
    headCut: false,
    statusLine: '',
    protocol: '',
    status: null,
    reason: '',
    fields: [],
    byName: new Map(),
    interim: [],
    interimOnly: false,
    badFieldLine: null,
    framed: 'open',
    declaredLength: null,
    content: raw,
    contentPartial: bytes.length > raw.length || ended === 'cap',
  }
  if (!answer.isHttp) return answer

  let head = readHead(raw, 0, raw.length)
  while (
    head.status !== null &&
    head.status >= 100 &&
    head.status < 200 &&
    head.status !== 101 &&
    !head.cut &&
    answer.interim.length < INTERIM_RESPONSES
  ) {
    answer.interim.push(head.status)
    if (!startsWithHttp(raw, head.end)) {
      answer.interimOnly = true
      break
    }
    head = readHead(raw, head.end, raw.length)
  }
  answer.headCut = head.cut
  answer.statusLine = head.statusLine
  answer.protocol = head.protocol
  answer.status = head.status
  answer.reason = head.reason
  answer.fields = head.fields
  answer.badFieldLine = head.badFieldLine
  for (const [name, value] of head.fields) {
    const key = name.toLowerCase()
    const values = answer.byName.get(key)
    if (values) values.push(value)
    else answer.byName.set(key, [value])
  }
  const body = raw.subarray(head.end)
  if (head.cut || answer.interimOnly) {
    answer.content = raw.subarray(raw.length)
    answer.framed = 'cut'
    return answer
  }
  readContent(answer, body, requestMethod)
  return answer
}

/** The first byte of a page or of JSON: < { [ */
function isText(byte: number | undefined): boolean {
  return byte === 0x3c || byte === 0x7b || byte === 0x5b
}

function readContent(answer: Answer, body: Uint8Array, requestMethod: string): void {
  const { status } = answer
  const lengths = answer.byName.get('content-length')
  const length = lengths?.length === 1 && /^\d{1,15}$/.test(lengths[0] as string) ? Number(lengths[0]) : null
  answer.declaredLength = length
  const coding = answer.byName.get('transfer-encoding')?.join(',').toLowerCase().trim() ?? ''
  const noContent =
    requestMethod === 'HEAD' ||
    status === 204 ||
    status === 304 ||
    status === 101 ||
    (requestMethod === 'CONNECT' && status !== null && status >= 200 && status < 300)
  if (noContent) {
    answer.content = body
    answer.framed = 'whole'
    return
  }
  let content = body
  if (coding.endsWith('chunked')) {
    const undone = dechunk(body)
    if (undone.framed === 'broken' && answer.ended === 'unknown' && isText(body[0])) {
      // Saved by a tool that undoes the chunks and leaves the field.
      answer.framed = 'open'
    } else {
      content = undone.content
      answer.framed = undone.framed
    }
  } else if (coding === '' && length !== null) {
    content = body.subarray(0, length)
    answer.framed = body.length >= length ? 'whole' : 'cut'
  } else if (lengths && length === null && coding === '') {
    answer.framed = 'broken'
  }
  if (answer.contentPartial && answer.framed === 'cut') answer.framed = 'open'
  for (const name of (answer.byName.get('content-encoding')?.join(',') ?? '')
    .split(',')
    .reverse()
    .slice(0, 4)) {
    const wanted = name.trim().toLowerCase()
    if (wanted === '' || wanted === 'identity' || content.length === 0) continue
    const undone = decode(content, wanted)
    if (!undone) {
      answer.contentPartial = true
      break
    }
    content = undone
  }
  answer.content = content
}

/** The first value of a field, by lower-case name; undefined when it is absent. */
export function fieldOf(answer: Answer, name: string): string | undefined {
  return answer.byName.get(name)?.[0]
}

/** Content as latin1 text from its start, at most so many bytes of it. */
export function contentText(answer: Answer, bytes: number): string {
  return latin1(answer.content, 0, Math.min(answer.content.length, bytes))
}
