// llhttp's own response tests, run whole against our parser: every verdict agrees, or the difference is listed here.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '../../src/model/check-options.ts'
import { ResponseParser } from '../../src/wire/http1-response.ts'

interface Message {
  version: string
  status: number
  /** llhttp: null when nothing stands after the code. */
  reason: string | null
  headers: [string, string][]
  trailers: [string, string][]
  headersComplete: boolean
  complete: boolean
  body: string
}

interface Case {
  name: string
  file: string
  line: number
  mode: string
  raw: string
  skipBody?: boolean
  expect: { verdict: string; untilClose: boolean; messages: Message[] }
}

interface Suite {
  cases?: Case[]
}

const FOLDER = new URL('../data/llhttp-response/', import.meta.url)
const CASES = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .flatMap((name) => (JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as Suite).cases ?? [])

const BARE_LF = 'RFC 9112, 2.2 lets a recipient take LF alone; curl and browsers do: noted'
const SPACES = 'RFC 9112, 4 lets a recipient split the status line on any white space; browsers do: noted'
const AFTER =
  'RFC 9112, 6.3: bytes after the final response are no second response; noted, the response itself stands'
const OTHER_PROTOCOL = 'llhttp also parses RTSP and ICE; over HTTP they are another protocol'
const EXTENSION = 'curl and Chrome ignore chunk extensions whatever they look like: noted'
const LENIENT_ONLY =
  'only a leniency of llhttp accepts it; we have one mode, and it refuses as strict llhttp does'

/** Verdicts that are not llhttp's, by file:line, each with ours, the note or failure that tells it, and the reason. */
const DIFFERENCES: Record<string, { ours: string; tells: string; reason: string }> = {
  'connection.md:164': { ours: 'complete', tells: '15 bytes after the end of the response', reason: AFTER },
  'connection.md:225': { ours: 'complete', tells: '31 bytes after the end of the response', reason: AFTER },
  'connection.md:191': { ours: 'complete', tells: '31 bytes after the end of the response', reason: AFTER },
  'invalid.md:72': { ours: 'partial until close', tells: 'not separated by single spaces', reason: SPACES },
  'invalid.md:90': { ours: 'partial until close', tells: 'not separated by single spaces', reason: SPACES },
  'invalid.md:231': { ours: 'partial until close', tells: 'not separated by single spaces', reason: SPACES },
  'invalid.md:151': { ours: 'error', tells: 'CR without LF', reason: LENIENT_ONLY },
  'invalid.md:212': {
    ours: 'partial',
    tells: '',
    reason:
      'RFC 9112, 2.2: a line of white space after the status line is refused or ignored; curl and browsers ignore it',
  },
  'invalid.md:287': { ours: 'complete', tells: 'LF without CR', reason: BARE_LF },
  'invalid.md:327': { ours: 'partial until close', tells: 'LF without CR', reason: BARE_LF },
  'sample.md:330': { ours: 'partial until close', tells: 'LF without CR', reason: BARE_LF },
  'sample.md:40': { ours: 'error', tells: 'RTSP', reason: OTHER_PROTOCOL },
  'sample.md:60': { ours: 'error', tells: 'ICE', reason: OTHER_PROTOCOL },
  'sample.md:574': {
    ours: 'complete',
    tells: 'not allowed in a field name',
    reason: 'curl keeps such a line, browsers skip it, all of them show the page: noted',
  },
  'transfer-encoding.md:4': {
    ours: 'complete',
    tells: 'white space after a chunk size',
    reason: 'old servers pad chunk sizes; curl and Chrome accept it: noted',
  },
  'transfer-encoding.md:248': { ours: 'complete', tells: 'malformed chunk extension', reason: EXTENSION },
  'transfer-encoding.md:345': { ours: 'partial', tells: 'malformed chunk extension', reason: EXTENSION },
  'transfer-encoding.md:389': {
    ours: 'partial until close',
    tells: 'folded over several lines',
    reason:
      'the verdict is the same; a fold becomes one space (RFC 9112, 5.2), llhttp keeps both of the line',
  },
  'lenient-version.md:4': { ours: 'error', tells: 'HTTP/5.6', reason: LENIENT_ONLY },
}

interface Outcome {
  verdict: string
  messages: Message[]
  tells: string
}

/** Each message with a parser of its own: what one leaves over is fed to the next, as on a kept connection. */
function run(one: Case, pieceBytes: number): Outcome {
  const bytes = Buffer.from(one.raw, 'base64')
  const outcome: Outcome = { verdict: '', messages: [], tells: '' }
  let offset = 0
  for (;;) {
    const parser = new ResponseParser({
      requestMethod: one.skipBody ? 'HEAD' : 'GET',
      limits: DEFAULT_LIMITS,
    })
    for (let at = offset; at < bytes.length; at += pieceBytes)
      parser.feed(bytes.subarray(at, at + pieceBytes))
    const { head } = parser
    for (const interim of parser.interim) outcome.messages.push(toMessage(interim, [], '', true))
    if (head) {
      const body = Buffer.from(parser.body()).toString('base64')
      outcome.messages.push(toMessage(head, parser.trailers, body, parser.phase === 'done'))
    }
    outcome.tells += [...parser.notes, parser.failure?.raw ?? ''].join('; ')
    outcome.verdict =
      parser.phase === 'failed'
        ? 'error'
        : parser.phase !== 'done'
          ? `partial${parser.framing === 'close' && parser.phase === 'body' ? ' until close' : ''}`
          : parser.upgrade
            ? 'upgrade'
            : 'complete'
    const closes = head?.fields.some(([name, value]) => name === 'Connection' && value === 'close')
    const endsKeepAlive = closes && one.mode !== 'lenient-keep-alive'
    if (parser.phase !== 'done' || parser.upgrade || parser.restBytes === 0 || endsKeepAlive) return outcome
    offset += parser.messageBytes
  }
}

function toMessage(
  head: { version: string; status: number; reason: string; fields: [string, string][] },
  trailers: readonly [string, string][],
  body: string,
  complete: boolean,
): Message {
  const { version, status, reason, fields } = head
  return {
    version,
    status,
    reason,
    headers: fields,
    trailers: [...trailers],
    headersComplete: true,
    complete,
    body,
  }
}

/** llhttp leaves white space at the end of values. */
function trimmed(fields: [string, string][]): [string, string][] {
  return fields.map(([name, value]) => [name, value.replace(/[ \t]+$/, '')])
}

describe('ResponseParser on the response tests of llhttp', () => {
  test('has all 85 cases', () => {
    expect(CASES).toHaveLength(85)
    const known = new Set(CASES.map(({ file, line }) => `${file.replace('test/response/', '')}:${line}`))
    expect(Object.keys(DIFFERENCES).filter((key) => !known.has(key))).toEqual([])
  })

  for (const one of CASES) {
    const key = `${one.file.replace('test/response/', '')}:${one.line}`
    const difference = DIFFERENCES[key]
    const theirs = `${one.expect.verdict}${one.expect.untilClose ? ' until close' : ''}`
    test(`${key} ${one.name}: ${difference ? `${difference.ours} instead of ${theirs}` : theirs}`, () => {
      const ours = run(one, one.raw.length)
      expect(run(one, 1)).toEqual(ours)
      if (difference) {
        expect(ours.verdict).toBe(difference.ours)
        expect(ours.verdict === theirs && one.mode === 'strict', 'no difference any more').toBe(false)
        expect(ours.tells).toContain(difference.tells)
        return
      }
      expect(ours.verdict).toBe(theirs)
      // Of a head that did not come to its end llhttp reports the parts, we report nothing yet.
      const expected = one.expect.messages.filter((message) => message.headersComplete)
      // On an error both show what they had by then, which is not the same amount.
      const both = theirs === 'error' ? Math.min(expected.length, ours.messages.length) : expected.length
      expected.splice(both)
      if (theirs === 'error') ours.messages.splice(both)
      expect(ours.messages).toEqual(
        expected.map(({ version, status, reason, headers, trailers, complete, body }) => ({
          version,
          status,
          reason: reason ?? '',
          headers: trimmed(headers),
          trailers: trimmed(trailers),
          headersComplete: true,
          complete,
          body,
        })),
      )
    })
  }
})
