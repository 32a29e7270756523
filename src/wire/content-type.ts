// Bytes of content to text: which character encoding, from byte order mark, Content-Type, XML declaration or
// <meta>, in the order browsers look (Encoding Standard, HTML 13.2.3.2). Knows nothing about what the text says.
import type { FieldLine } from '../model/result.ts'

/** How far browsers, and we, look for a declaration inside the content. */
const SNIFFED_BYTES = 1024
const MAX_LABEL_CHARS = 40

export interface ContentType {
  /** Such as "text/html", lower case; '' when there is none or it makes no sense. */
  type: string
  /** The charset parameter as written; null when there is none. */
  charset: string | null
}

export interface DecodedText {
  /** Without byte order mark; what is not of the encoding is U+FFFD. */
  text: string
  /** The encoding used, by its name in the Encoding Standard, lower case. */
  charset: string
  /** Nothing usable said which encoding it is, so it was guessed. */
  fallback: boolean
  /** What was tolerated or guessed, one sentence each. */
  notes: string[]
}

const NO_TYPE: ContentType = { type: '', charset: null }

/** Content-Type of the fields; of several the last counts, as in Fetch. */
export function contentType(fields: readonly FieldLine[]): ContentType {
  let value: string | null = null
  for (const [name, held] of fields) {
    if (name.length === 12 && name.toLowerCase() === 'content-type') value = held
  }
  return value === null ? NO_TYPE : parseContentType(value)
}

/** Reads a Content-Type value (RFC 9110, 8.3.1) with the tolerance of browsers; other parameters are skipped. */
export function parseContentType(value: string): ContentType {
  const semicolon = value.indexOf(';')
  const written = (semicolon < 0 ? value : value.slice(0, semicolon)).trim().toLowerCase()
  const slash = written.indexOf('/')
  const type = slash > 0 && slash < written.length - 1 && !/[\s,]/.test(written) ? written : ''
  let at = semicolon < 0 ? value.length : semicolon
  while (at < value.length) {
    const parameter = readParameter(value, at + 1)
    if (parameter.name === 'charset' && parameter.value !== '') return { type, charset: parameter.value }
    at = parameter.end
  }
  return { type, charset: null }
}

/** One parameter from `start`; `end` is the semicolon behind it or the end of the text. */
function readParameter(text: string, start: number): { name: string; value: string; end: number } {
  let at = start
  while (at < text.length && text[at] !== '=' && text[at] !== ';') at++
  const name = text.slice(start, at).trim().toLowerCase()
  if (text[at] !== '=') return { name, value: '', end: at }
  at++
  while (text[at] === ' ' || text[at] === '\t') at++
  if (text[at] !== '"') {
    const end = text.indexOf(';', at)
    const value = (end < 0 ? text.slice(at) : text.slice(at, end)).trim()
    // Single quotes are a common mistake that browsers read through.
    return { name, value: value.replace(/^'(.*)'$/, '$1'), end: end < 0 ? text.length : end }
  }
  let value = ''
  for (at++; at < text.length && text[at] !== '"'; at++) {
    if (text[at] === '\\' && at + 1 < text.length) at++
    value += text[at]
  }
  const end = text.indexOf(';', at)
  return { name, value, end: end < 0 ? text.length : end }
}

/** The text of content whose codings are removed. Never throws: every byte sequence is some text. */
export function decodeText(bytes: Uint8Array, fields: readonly FieldLine[]): DecodedText {
  const marked = byteOrderMark(bytes)
  if (marked) return decodeAs(marked, bytes, false, [])
  const { type, charset } = contentType(fields)
  const notes: string[] = []
  if (charset !== null) {
    const name = encodingName(charset)
    if (name) return decodeAs(name, bytes, false, notes)
    notes.push(`the charset "${shown(charset)}" of Content-Type is unknown`)
  }
  if (type === 'application/json' || type.endsWith('+json')) return guess(bytes, charset === null, notes)
  const declared = declaredInside(bytes, type)
  if (declared !== null) {
    const name = encodingName(declared)
    if (name) return decodeAs(fromMeta(name), bytes, false, notes)
    notes.push(`the charset "${shown(declared)}" declared in the content is unknown`)
  }
  return guess(bytes, false, notes)
}

/** UTF-8 when it is, otherwise Latin-1 in the form of the web, windows-1252: every byte means something there. */
function guess(bytes: Uint8Array, utf8IsKnown: boolean, notes: string[]): DecodedText {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(withoutCutCharacter(bytes))
    // ASCII reads the same in every encoding the web uses, so nothing was guessed unless a label was unknown.
    return { text, charset: 'utf-8', fallback: !utf8IsKnown && notes.length > 0, notes }
  } catch {
    if (utf8IsKnown) return decodeAs('utf-8', bytes, false, [...notes, 'the content is not valid UTF-8'])
    notes.push('no usable charset was given and the content is not UTF-8; it was read as windows-1252')
    return decodeAs('windows-1252', bytes, true, notes)
  }
}

/** Content that was cut may end within a character; that alone does not make it something else than UTF-8. */
function withoutCutCharacter(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) break
    if (byte < 0xc0) continue
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
    return needed > back ? bytes.subarray(0, bytes.length - back) : bytes
  }
  return bytes
}

function decodeAs(name: string, bytes: Uint8Array, fallback: boolean, notes: string[]): DecodedText {
  return { text: new TextDecoder(name).decode(bytes), charset: name, fallback, notes }
}

/** The encoding a label stands for; null when no encoding has it. */
function encodingName(label: string): string | null {
  try {
    return new TextDecoder(label).encoding
  } catch {
    return null
  }
}

/** What was read as ASCII cannot be UTF-16, and x-user-defined means windows-1252 here (HTML, 13.2.3.2). */
function fromMeta(name: string): string {
  if (name.startsWith('utf-16')) return 'utf-8'
  return name === 'x-user-defined' ? 'windows-1252' : name
}

function byteOrderMark(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : null
}

/** What <meta> or the XML declaration says within the first kilobyte. */
function declaredInside(bytes: Uint8Array, type: string): string | null {
  if (type !== '' && !type.includes('html') && !type.includes('xml')) return null
  let head = ''
  const length = Math.min(bytes.length, SNIFFED_BYTES)
  for (let index = 0; index < length; index++) head += String.fromCharCode(bytes[index] ?? 0)
  head = head.toLowerCase()
  if (head.startsWith('<?xml')) {
    const declaration = head.slice(0, Math.max(0, head.indexOf('?>')))
    const encoding = /encoding\s*=\s*["']([^"']*)["']/.exec(declaration)
    if (encoding?.[1]) return encoding[1]
  }
  for (let at = head.indexOf('<meta'); at >= 0; at = head.indexOf('<meta', at + 1)) {
    if (isCommentedOut(head, at)) continue
    const end = head.indexOf('>', at)
    const tag = head.slice(at, end < 0 ? head.length : end)
    const charset = /charset\s*=\s*["']?\s*([^\s"';/>]+)/.exec(tag)
    if (charset?.[1]) return charset[1]
  }
  return null
}

function isCommentedOut(head: string, at: number): boolean {
  const opened = head.lastIndexOf('<!--', at)
  return opened >= 0 && head.indexOf('-->', opened) >= 0 ? head.indexOf('-->', opened) > at : opened >= 0
}

function shown(label: string): string {
  return label.replace(/[^ -~]/g, '?').slice(0, MAX_LABEL_CHARS)
}
