// What is expected of the content, through a whole check: real answers on real sockets, coded, cut, chunked or huge.
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { check } from '../../src/engine/check.ts'
import {
  DEFAULT_LIMITS,
  DEFAULT_OPTIONS,
  type CheckOptions,
  type Expectations,
} from '../../src/model/check-options.ts'
import type { FailureCode } from '../../src/model/failure.ts'
import type { Observation } from '../../src/model/observation.ts'
import type { CheckResult, Outcome } from '../../src/model/result.ts'
import { type Answer, httpServer, ok } from '../world/http-server.ts'

const PAGE = `<html><body>Welcome to the shop, Zoë. ${'Everything is fine. '.repeat(200)}</body></html>`

function coded(coding: string, body: Uint8Array, status = '200 OK'): Answer {
  const head = `HTTP/1.1 ${status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Encoding: ${coding}\r\n`
  return { bytes: Buffer.concat([Buffer.from(`${head}Content-Length: ${body.length}\r\n\r\n`), body]) }
}

function typed(type: string, body: string | Uint8Array): Answer {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  const head = `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: ${bytes.length}\r\n\r\n`
  return { bytes: Buffer.concat([Buffer.from(head), bytes]) }
}

/** Chunks of the given size, then trailers. */
function chunked(fields: string, body: Uint8Array, size: number): Answer {
  const parts = [Buffer.from(`HTTP/1.1 200 OK\r\n${fields}Transfer-Encoding: chunked\r\n\r\n`)]
  for (let at = 0; at < body.length; at += size) {
    const chunk = body.subarray(at, at + size)
    parts.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), Buffer.from(chunk), Buffer.from('\r\n'))
  }
  return { bytes: Buffer.concat([...parts, Buffer.from('0\r\nX-Sum: 1\r\n\r\n')]) }
}

async function run(
  answer: Answer,
  expected: Partial<Expectations>,
  more: Partial<CheckOptions> = {},
): Promise<CheckResult> {
  await using server = await httpServer(answer)
  return await check(server.url, { ...more, expect: { ...DEFAULT_OPTIONS.expect, ...expected } })
}

function expectations(result: CheckResult): Observation[] {
  return result.observations.filter(({ operation }) => operation === 'expect')
}

interface Scenario {
  name: string
  answer: Answer
  expect: Partial<Expectations>
  more?: Partial<CheckOptions>
  outcome: Outcome
  code?: FailureCode
  raw?: RegExp
}

const WELCOME = { text: ['Welcome to the shop, Zoë'] }

const SCENARIOS: Scenario[] = [
  { name: 'the check word is there', answer: typed('text/html', PAGE), expect: WELCOME, outcome: 'up' },
  { name: 'gzip', answer: coded('gzip', gzipSync(PAGE)), expect: WELCOME, outcome: 'up' },
  { name: 'x-gzip', answer: coded('x-gzip', gzipSync(PAGE)), expect: WELCOME, outcome: 'up' },
  { name: 'deflate', answer: coded('deflate', deflateSync(PAGE)), expect: WELCOME, outcome: 'up' },
  { name: 'bare deflate', answer: coded('deflate', deflateRawSync(PAGE)), expect: WELCOME, outcome: 'up' },
  { name: 'br', answer: coded('br', brotliCompressSync(PAGE)), expect: WELCOME, outcome: 'up' },
  { name: 'zstd', answer: coded('zstd', zstdCompressSync(PAGE)), expect: WELCOME, outcome: 'up' },
  {
    name: 'gzip below br',
    answer: coded('gzip, br', brotliCompressSync(gzipSync(PAGE))),
    expect: WELCOME,
    outcome: 'up',
  },
  {
    name: 'gzip in small chunks',
    answer: chunked('Content-Encoding: gzip\r\n', gzipSync(PAGE), 7),
    expect: WELCOME,
    outcome: 'up',
  },
  {
    name: 'a word across the border of two chunks',
    answer: chunked('', Buffer.from('Welcome to the shop, Zoë'), 5),
    expect: WELCOME,
    outcome: 'up',
  },
  {
    name: 'Latin-1',
    answer: typed('text/html; charset=iso-8859-1', Buffer.from(PAGE, 'latin1')),
    expect: WELCOME,
    outcome: 'up',
  },
  {
    name: 'UTF-16',
    answer: typed('text/html', Buffer.from(`\ufeff${PAGE}`, 'utf16le')),
    expect: WELCOME,
    outcome: 'up',
  },
  {
    name: 'the check word is missing',
    answer: typed('text/html', '<h1>Index of /</h1>'),
    expect: WELCOME,
    outcome: 'down',
    code: 'text_missing',
    raw: /"Welcome to the shop, Zoë" is not in the 19 characters of the content/,
  },
  {
    name: 'the check word in another charset than declared',
    answer: typed('text/html; charset=utf-8', Buffer.from('Zoë', 'latin1')),
    expect: { text: ['Zoë'] },
    outcome: 'down',
    code: 'text_missing',
  },
  {
    name: 'the check word in other case',
    answer: typed('text/html', 'WELCOME'),
    expect: { text: ['Welcome'] },
    outcome: 'down',
    code: 'text_missing',
    raw: /other letter case: "WELCOME"/,
  },
  {
    name: 'an empty 200',
    answer: typed('text/html', ''),
    expect: WELCOME,
    outcome: 'down',
    code: 'text_missing',
    raw: /the content is empty/,
  },
  {
    name: 'an error message in a page with 200',
    answer: coded('gzip', gzipSync('<p>Fatal error: no database</p>')),
    expect: { rejectText: ['Fatal error'] },
    outcome: 'down',
    code: 'text_unwanted',
  },
  {
    name: 'gzip that is none',
    answer: coded('gzip', Buffer.from(PAGE)),
    expect: WELCOME,
    outcome: 'down',
    code: 'body_undecodable',
    raw: /plain text that was never encoded/,
  },
  {
    name: 'gzip that ends too early in a message that does not',
    answer: coded('gzip', gzipSync(PAGE).subarray(0, 60)),
    expect: { text: ['</html>'] },
    outcome: 'down',
    code: 'body_undecodable',
    raw: /ends too early/,
  },
  {
    name: 'a coding nobody knows',
    answer: coded('sdch', Buffer.from(PAGE)),
    expect: WELCOME,
    outcome: 'down',
    code: 'body_undecodable',
    raw: /"sdch" is unknown/,
  },
  {
    name: 'a bomb',
    answer: coded('gzip', gzipSync(Buffer.alloc(17 * 1024 * 1024))),
    expect: WELCOME,
    outcome: 'down',
    code: 'body_too_large',
    raw: /only the first 16777216 bytes of it were decoded/,
  },
  {
    name: 'a body beyond the limit, the word in front',
    answer: typed('text/html', `${PAGE}${'x'.repeat(100_000)}`),
    expect: WELCOME,
    more: { limits: { ...DEFAULT_LIMITS, bodyBytes: 20_000 } },
    outcome: 'up',
  },
  {
    name: 'a body beyond the limit, the word behind it',
    answer: typed('text/html', `${'x'.repeat(100_000)}${PAGE}`),
    expect: WELCOME,
    more: { limits: { ...DEFAULT_LIMITS, bodyBytes: 20_000 } },
    outcome: 'down',
    code: 'body_too_large',
    raw: /only its first 20000 bytes were read/,
  },
  {
    name: 'JSON as expected',
    answer: typed('application/json', '{"status":{"ok":true},"checks":[{"up":true},{"up":true}]}'),
    expect: {
      json: [
        { path: 'status.ok', value: true },
        { path: '$.checks[*].up', value: true },
        { path: 'checks[1]' },
      ],
    },
    outcome: 'up',
  },
  {
    name: 'JSON with another value',
    answer: typed('application/json', '{"status":{"ok":false}}'),
    expect: { json: [{ path: 'status.ok', value: true }] },
    outcome: 'down',
    code: 'json_mismatch',
    raw: /"status\.ok" is false, true expected/,
  },
  {
    name: 'a login page where JSON is expected',
    answer: typed('text/html', '<!doctype html><title>Log in</title>'),
    expect: { json: [{ path: 'status.ok' }] },
    outcome: 'down',
    code: 'json_mismatch',
    raw: /not JSON \(Content-Type text\/html\)/,
  },
  {
    name: 'no certificate to look at on plain http',
    answer: typed('text/html', PAGE),
    expect: { certificateDays: 14 },
    outcome: 'up',
  },
]

describe('the content of an answer', () => {
  test.each(SCENARIOS)('$name', async ({ answer, expect: expected, more, outcome, code, raw }) => {
    const result = await run(answer, expected, more)
    expect(result.failure?.code).toBe(code)
    expect(result.outcome).toBe(outcome)
    if (code) {
      expect(result.failure?.phase).toBe(code === 'body_undecodable' ? 'receive' : 'content')
      expect(result.failure?.number).toBe(code === 'body_undecodable' ? '003' : '010')
      expect(result.exchanges[0]?.response?.raw).toBeTruthy()
    }
    if (raw) expect(result.failure?.raw).toMatch(raw)
    const ids = new Set(result.exchanges[0]?.observations)
    for (const { id } of expectations(result)) expect(ids.has(id)).toBe(true)
  })

  test('slower than expected is degraded, not down', async () => {
    const result = await run(typed('text/html', PAGE), { maxMs: 0 })
    expect(result).toMatchObject({
      outcome: 'degraded',
      failure: { phase: 'content', code: 'too_slow', number: null },
    })
  })

  test('a status that is not accepted hides what it leads to', async () => {
    const result = await run(coded('gzip', gzipSync('<h1>Bad Gateway</h1>'), '502 Bad Gateway'), WELCOME)
    expect(result.failure).toMatchObject({ code: 'status_unaccepted', number: '502', raw: '502 Bad Gateway' })
    expect(expectations(result).map(({ input }) => input['kind'])).toEqual(['status'])
    expect(result.exchanges[0]?.response?.text).toBe('<h1>Bad Gateway</h1>')
  })

  test('a coded body that nobody can read is down, although nothing is expected of it', async () => {
    const result = await run(coded('gzip', Buffer.from('no gzip at all')), {})
    expect(result).toMatchObject({ outcome: 'down', failure: { code: 'body_undecodable' } })
    expect(expectations(result)).toHaveLength(1)
  })

  test('a plain body of which nothing is expected is not decoded', async () => {
    const result = await run({ bytes: ok('hello') }, {})
    expect(result.outcome).toBe('up')
    expect(result.observations.some(({ operation }) => operation === 'decode')).toBe(false)
  })

  test('an answer to HEAD has no content to be coded', async () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 500\r\n\r\n'
    const result = await run({ bytes: head }, { rejectText: ['error'] }, { method: 'HEAD' })
    expect(result).toMatchObject({ outcome: 'up', failure: null })
  })
})
