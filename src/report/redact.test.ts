import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  base64,
  sampleDiagnosis,
  sampleExchange,
  sampleObservation,
  sampleResponse,
  sampleResult,
} from '../../test/golden/sample-result.ts'
import { failure } from '../model/failure.ts'
import { redactField, redactResult, redactText } from './redact.ts'

describe('redactText()', () => {
  test.each<[string, string]>([
    ['http://a.test/?token=abc&page=2', 'http://a.test/?token=***&page=2'],
    [
      'http://a.test/?page=2&access_token=abc#id_token=xyz',
      'http://a.test/?page=2&access_token=***#id_token=***',
    ],
    ['/x;jsessionid=ABC123', '/x;jsessionid=******'],
    ['?X-Amz-Signature=ff00&X-Amz-Date=1', '?X-Amz-Signature=****&X-Amz-Date=1'],
    ['?api%5Fkey=abc&userPassword=def', '?api%5Fkey=***&userPassword=***'],
    ['<a href="/?a=1&amp;sid=abc">', '<a href="/?a=1&amp;sid=***">'],
    ['https://me:hunter2@a.test/', 'https://**********@a.test/'],
    ['Authorization: Bearer abcdefgh12', 'Authorization: Bearer **********'],
    ['got eyJhbGciOiJI.eyJzdWIiOiIx.c2ln here', `got ${'*'.repeat(30)} here`],
    ['{"access_token": "abc", "page": "2"}', '{"access_token": "***", "page": "2"}'],
    [
      '<input type=hidden name="csrf_token" value="abc">',
      '<input type=hidden name="csrf_token" value="***">',
    ],
    [
      '?error_code=502&status_code=1&keyword=shoes&monkey=1',
      '?error_code=502&status_code=1&keyword=shoes&monkey=1',
    ],
    ['curl -v user@host', 'curl -v user@host'],
    ['plain words, nothing secret', 'plain words, nothing secret'],
  ])('%s', (text, redacted) => {
    expect(redactText(text)).toBe(redacted)
  })

  test('keeps the length of everything', () => {
    const piece = fc.constantFrom(
      '?',
      '&',
      'token=',
      'a',
      '@',
      '//',
      'Bearer ',
      'eyJ',
      '.',
      '"',
      '":"',
      ';',
      '=',
      '%',
      ' ',
      '\u00e9',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (parts) => {
        const text = parts.join('')
        expect(redactText(text)).toHaveLength(text.length)
      }),
    )
  })
})

describe('redactField()', () => {
  test.each<[string, string, string]>([
    ['Set-Cookie', 'sid=abc; Path=/; HttpOnly', 'sid=***; Path=/; HttpOnly'],
    ['set-cookie', 'abc', '***'],
    ['Cookie', 'a=b; c=d', '********'],
    ['X-CSRF-Token', 'abc', '***'],
    ['X-Api-Key', 'abc', '***'],
    ['Location', '/login?ticket=abc&next=/', '/login?ticket=***&next=/'],
    ['X-Request-Id', 'abc', 'abc'],
    ['CF-RAY', '8c1d22aa', '8c1d22aa'],
    ['WWW-Authenticate', 'Basic realm="shop"', 'Basic realm="shop"'],
  ])('%s: %s', (name, value, redacted) => {
    expect(redactField(name, value)).toBe(redacted)
  })
})

describe('redactResult()', () => {
  const SECRET = 'hunter2hunter2'
  const head = `HTTP/1.1 500 Oops\r\nSet-Cookie: sid=${SECRET}; Path=/\r\nLocation: /?token=${SECRET}\r\n\r\n`
  const body = `<a href="/?session=${SECRET}">`

  function secretResult() {
    const url = `http://www.example.test/?token=${SECRET}`
    const failed = failure('status_unaccepted', `500 at ${url}`)
    const exchange = sampleExchange({
      url,
      failure: failed,
      response: sampleResponse(head, body, {
        interim: [{ status: 103, reason: 'Early Hints', fields: [['Set-Cookie', `a=${SECRET}`]] }],
        trailers: [['X-Auth-Token', SECRET]],
        raw: base64(`HTTP/1.1 103 Early Hints\r\nSet-Cookie: a=${SECRET}\r\n\r\n${head}${body}`),
      }),
      request: {
        target: `/?token=${SECRET}`,
        fields: [['Referer', url]],
        bodyBytes: 0,
        head: `GET /?token=${SECRET} HTTP/1.1\r\nReferer: ${url}\r\n\r\n`,
      },
    })
    return sampleResult(
      { url, exchanges: [exchange], failure: failed, diagnosis: sampleDiagnosis({}, url) },
      [
        sampleObservation('redirect', { location: [url] }, { to: url }),
        sampleObservation(
          'proxy_handshake',
          {},
          { raw: base64(`HTTP/1.1 407 No\r\nSet-Cookie: a=${SECRET}\r\n\r\n`) },
        ),
        sampleObservation('receive', { fields: [['Set-Cookie', `a=${SECRET}`]] }, null),
      ],
    )
  }

  test('leaves no secret in any text or bytes, and the rest as it was', () => {
    const result = secretResult()
    const before = JSON.stringify(result)
    const redacted = redactResult(result)
    expect(JSON.stringify(result)).toBe(before)
    const all = JSON.stringify(redacted)
    const decoded = all.replace(/[A-Za-z0-9+/]{40,}={0,2}/g, (text) =>
      Buffer.from(text, 'base64').toString('latin1'),
    )
    expect(decoded).toContain('103 Early Hints')
    expect(decoded).not.toContain(SECRET)
    expect(redacted.exchanges[0]?.response?.raw).toHaveLength(result.exchanges[0]?.response?.raw?.length ?? 0)
    expect(redacted.exchanges[0]?.timings).toEqual(result.exchanges[0]?.timings)
    expect(redacted.startedAt).toBe(result.startedAt)
  })

  test('drops coded bytes that cannot be looked through, but only when their text is there', () => {
    const coded = sampleResponse(
      `HTTP/1.1 500 Oops\r\nContent-Encoding: gzip\r\n\r\n`,
      Buffer.from([0x1f, 0x8b, 8, 0]),
      {
        text: `?token=${SECRET}`,
      },
    )
    const raw = (text: string | null): string | null =>
      redactResult(sampleResult({ exchanges: [sampleExchange({ response: { ...coded, text } })] }))
        .exchanges[0]?.response?.raw ?? null
    expect(Buffer.from(raw('x') ?? '', 'base64').toString('latin1')).toMatch(/gzip\r\n\r\n$/)
    expect(raw(null)).toBe(coded.raw)
  })

  test('what came in and was no response is looked through, too', () => {
    const unparsed = base64(`ICY 200 OK\r\nSet-Cookie: sid=${SECRET}\r\n\r\n`)
    const redacted = redactResult(sampleResult({ exchanges: [sampleExchange({ unparsed })] }))
    expect(Buffer.from(redacted.exchanges[0]?.unparsed ?? '', 'base64').toString()).toBe(
      `ICY 200 OK\r\nSet-Cookie: sid=${'*'.repeat(SECRET.length)}\r\n\r\n`,
    )
  })
})

test('redactText() takes linear time for what a peer may send', () => {
  for (const piece of [
    '?a',
    '&token=',
    '//',
    'eyJ',
    'eyJ-',
    'Bearer ',
    '"a":"',
    'name="a" value="',
    '@',
    'a=',
  ]) {
    const text = piece.repeat(Math.ceil(65_536 / piece.length))
    expect(redactText(text)).toHaveLength(text.length)
  }
})
