// A first look at a good answer: may it hide a failure (an error page, a placeholder, a stale copy, nothing at all)?
// Cheap on purpose, for every healthy check pays for it; it only says whether a closer look is worth it.
import type { FieldLine } from '../model/result.ts'

/** Characters read at the start, where the title is, and at the end, where an error is appended. */
const HEAD_CHARACTERS = 1024
const TAIL_CHARACTERS = 2048
/** Parking and block pages are small; larger pages are looked at at both ends only. */
const WHOLE_CHARACTERS = 16 * 1024
/** An appended error text stands this close to the end. */
const APPENDED_CHARACTERS = 240
const TITLE_CHARACTERS = 100

/** Beginnings of titles of error, placeholder and block pages, lower-case. */
const TITLES =
  /^(?:[45]\d\d\b|error\b|bad gateway|service unavailable|gateway time|internal server|welcome to (?:nginx|openresty|centos|caddy|tengine|angie)|apache2? |test page|http server test|iis |iis7|caddy works|default web|plesk|domain default|default page|index of \/|request rejected|access denied|web filter|blocked|just a moment|attention required|web page blocked|database error|fatal error|an error occurred|whoops|.{0,20}(?:wi-?fi|hotspot|captive)|site not found|there isn't a|no such app|application error|heroku)/

/** Phrases of parking and stand-in pages without a telling title, in the spelling they come in. */
const PHRASES = [
  'window.park = "',
  'sedoparking.com',
  'parkingcrew.net',
  'domain may be for sale',
  '/cgi-sys/defaultwebpage.cgi',
  '<h1>It works!</h1>',
]

/** What runtimes print into a page as they die. */
const DYING = [
  'atal error',
  'arse error',
  'Traceback (most',
  'OutOfMemoryError',
  'Maximum execution time',
  'Allowed memory size',
]

interface Head {
  /** A field by which a cache or proxy says that something is wrong. */
  tells: boolean
  hasType: boolean
  isPage: boolean
}

function readHead(fields: readonly FieldLine[]): Head {
  const head: Head = { tells: false, hasType: false, isPage: true }
  for (let index = 0; index < fields.length; index++) {
    const line = fields[index] as FieldLine
    const name = line[0]
    switch (name.length) {
      case 3:
        // A copy that is long past its time shows by its Age alone; a fresh one needs no closer look.
        if (name.toLowerCase() === 'age' && line[1].length >= 4) head.tells = true
        break
      case 7:
        if (name.toLowerCase() === 'warning' && /^11[012]/.test(line[1])) head.tells = true
        else if (/^x-cache$/i.test(name) && /stale|error/i.test(line[1])) head.tells = true
        break
      case 12:
        if (name.toLowerCase() === 'content-type') {
          head.hasType = true
          const type = line[1].slice(0, 21).toLowerCase()
          head.isPage =
            type.startsWith('text/html') ||
            type.startsWith('text/plain') ||
            type.startsWith('application/xhtml+xml')
        } else if (/^cache-status$/i.test(name) && /stale|ttl=-/i.test(line[1])) head.tells = true
        break
      case 14:
        if (/^x-cache-status$/i.test(name) && /stale|updating|error/i.test(line[1])) head.tells = true
        break
      case 15:
        if (/^cf-cache-status$/i.test(name) && /stale|updating/i.test(line[1])) head.tells = true
        break
      case 18:
        if (name.toLowerCase() === 'x-transformed-from') head.tells = true
        break
      default:
    }
  }
  return head
}

function titleOf(start: string): string {
  const at = start.search(/<title>/i)
  return at < 0
    ? ''
    : start
        .slice(at + 7, at + 7 + TITLE_CHARACTERS)
        .trimStart()
        .toLowerCase()
}

/**
 * True when an answer with a good status deserves a closer look. `body` is the content as received, `text` the same
 * decoded when it came coded. Microseconds on pages of any size.
 */
export function mayHideFailure(
  answer: { status: number; fields: readonly FieldLine[]; bodyBytes: number },
  method: string,
  body: Uint8Array | null,
  text: string | null,
): boolean {
  const { status, bodyBytes } = answer
  const head = readHead(answer.fields)
  if (head.tells) return true
  if (bodyBytes === 0 || body === null) return status === 200 && method === 'GET'
  if (!head.hasType) return true
  if (!head.isPage) return false
  const bytes = text === null ? Buffer.from(body.buffer, body.byteOffset, body.byteLength) : null
  const length = text?.length ?? body.length
  const part = (from: number, to: number): string =>
    text?.slice(from, to) ?? bytes?.toString('latin1', from, to) ?? ''
  const whole = length <= WHOLE_CHARACTERS
  const start = part(0, whole ? length : HEAD_CHARACTERS)
  if (TITLES.test(titleOf(start.slice(0, HEAD_CHARACTERS)))) return true
  const tail = part(Math.max(0, length - TAIL_CHARACTERS), length)
  const second = Math.max(tail.lastIndexOf('<!DOCTYPE'), tail.lastIndexOf('<!doctype'))
  // A document begins in the tail, and it is not the one that the page began with.
  if (second >= 0 && length - tail.length + second > 64) return true
  // A page that comes to its proper end did not die in the middle.
  if (!tail.slice(-40).trimEnd().endsWith('</html>')) {
    if (tail.lastIndexOf('Error: ') >= Math.max(0, tail.length - APPENDED_CHARACTERS)) return true
    if (DYING.some((sign) => tail.includes(sign))) return true
  }
  return whole && PHRASES.some((phrase) => start.includes(phrase))
}
