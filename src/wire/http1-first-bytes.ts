// What to call an answer that does not begin with "HTTP/": another protocol, content without a head, or a status line
// gone wrong. Decides from a prefix whose length depends on the bytes alone, never on how they were cut.
import type { FailureCode } from '../model/failure.ts'
import { quote } from './http1-quote.ts'
import { recogniseProtocol } from './protocol-greeting.ts'

/** A line this long without an end is judged as it is. */
export const FIRST_LINE_BYTES = 128
/** Once a byte is not text, this many bytes tell the binary protocols we know apart. */
const BINARY_BYTES = 8

const LF = 0x0a

/** Control characters that text may hold: HTAB, LF, FF, CR, ESC. */
function isBinaryByte(byte: number): boolean {
  return (
    (byte < 0x20 && byte !== 9 && byte !== LF && byte !== 12 && byte !== 13 && byte !== 27) || byte === 0x7f
  )
}

/** Finds how many bytes it takes to judge an answer that is no HTTP; keep one per answer and feed it all bytes. */
export class FirstBytes {
  /** Bytes seen. */
  length = 0
  #binary = false
  #text = false

  /** Takes the next byte; true when what was seen is enough. */
  add(byte: number): boolean {
    this.length++
    if (isBinaryByte(byte)) this.#binary = true
    if (this.#binary) return this.length >= BINARY_BYTES
    // Empty lines in front are not the first line.
    if (byte === LF) return this.#text
    if (byte > 0x20) this.#text = true
    return this.length >= FIRST_LINE_BYTES
  }
}

/** Code and sentence for the first bytes of an answer that do not begin with "HTTP/". */
export function judgeFirstBytes(bytes: Uint8Array): { code: FailureCode; raw: string } {
  const protocol = recogniseProtocol(bytes)
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
  const seen = quote(text.trimEnd())
  if (protocol !== null) return { code: 'not_http', raw: `the peer speaks ${protocol}, not HTTP: ${seen}` }
  if (!isText(bytes))
    return { code: 'not_http', raw: `the answer is not HTTP and no protocol we know: ${seen}` }
  const broken = brokenStatusLine(text)
  if (broken) return { code: 'status_line_malformed', raw: `malformed status line ${seen}: ${broken}` }
  return { code: 'http09_answer', raw: `the answer has no status line, it begins with ${seen}` }
}

/** Why a first line looks like an attempt at a status line; null when it does not. */
function brokenStatusLine(text: string): string | null {
  const line = text.trimStart().split('\n', 1)[0] ?? ''
  const at = line.slice(0, 24).indexOf('HTTP/')
  if (at === 0) return `${text.length - text.trimStart().length} bytes of white space stand before it`
  if (at > 0) return `${at} bytes stand before "HTTP/"`
  if (line.slice(0, 5).toUpperCase() === 'HTTP/') return 'the name of the protocol is not in capital letters'
  const word = (line.split(/[\s/]/, 1)[0] ?? '').toUpperCase()
  const slash = line[word.length] === '/'
  if (slash && word.length >= 2 && word.length <= 8 && word.startsWith('H') && word.endsWith('P')) {
    return 'the name of the protocol is not "HTTP"'
  }
  if (word.startsWith('HTTP') && word.length <= 12) return 'it does not begin with "HTTP/"'
  if (/^status:/i.test(line)) return 'it begins with the Status field of CGI'
  const colon = line.indexOf(':')
  if (
    colon > 0 &&
    colon < 40 &&
    /^[A-Za-z][A-Za-z0-9-]*: ?\S/.test(line) &&
    /^(content-|server:|date:|x-|set-cookie:|location:|cache-control:|connection:|transfer-|expires:|pragma:|vary:|etag:|last-modified:)/i.test(
      line,
    )
  ) {
    return 'fields come without a status line before them'
  }
  return null
}

/** Text: no binary control character, and if many bytes are not ASCII, valid UTF-8 as far as it goes. */
function isText(bytes: Uint8Array): boolean {
  let high = 0
  for (const byte of bytes) {
    if (isBinaryByte(byte)) return false
    if (byte >= 0x80) high++
  }
  if (high * 4 <= bytes.length) return true
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch {
    return false
  }
}
