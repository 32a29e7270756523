import { describe, expect, test } from 'vitest'
import type { Article } from './article.ts'
import { Knowledge } from './knowledge.ts'
import { recognise } from './recognise.ts'

function article(id: string, facts: Partial<Article>): Article {
  return {
    id,
    title: id,
    summary: `${id}.`,
    link: null,
    phase: null,
    party: null,
    codes: [],
    phrases: [],
    causes: [],
    related: [],
    sources: [],
    body: '',
    ...facts,
  }
}

const knowledge = new Knowledge([
  article('http-502', {
    title: '502 Bad Gateway',
    codes: ['502', '0x80244021', 'SH--'],
    phrases: ['The server returned an invalid or incomplete response'],
    causes: ['upstream_unspecified'],
  }),
  article('http-404', { title: '404 Not Found', codes: ['404', '0x80244019'] }),
  article('heroku-h12', { title: 'Heroku H12: request timeout', codes: ['H12'] }),
  article('connect-refused', {
    codes: ['ECONNREFUSED', 'errno 111', 'curl: (7)', 'java.net.ConnectException', '10061', '-102'],
    phrases: ['Connection refused', '连接被拒绝了吗现在'],
  }),
  article('connect-reset', {
    codes: ['ECONNRESET', 'curl: (56)', 'errno 104'],
    phrases: ['Connection reset by peer'],
  }),
  article('certificate-untrusted', {
    phrases: ['unable to find valid certification path to requested target'],
  }),
  article('tls-handshake', { codes: ['SSLHandshakeException'] }),
  article('dns-refused', { codes: ['REFUSED'] }),
  article('nginx-refused', {
    phrases: ['connect() failed (111: Connection refused) while connecting to upstream'],
  }),
])

const first = (text: string) => recognise(text, knowledge)[0]?.article.id

describe('recognise()', () => {
  test.each([
    ['Request failed with status code 502', 'http-502'],
    ['"GET / HTTP/1.1" 502 157', 'http-502'],
    ['the upstream answered 502', 'http-502'],
    ['we see many 502 errors today', 'http-502'],
    ['502 Bad\n  Gateway', 'http-502'],
    ['The server returned an invalid\nor incomplete   response.', 'http-502'],
    ['(Exception from HRESULT: 0x80244021)', 'http-502'],
    ['error -2145107935 while updating', 'http-502'],
    ['at=error code=H12 desc="Request timeout"', 'heroku-h12'],
    ['curl: (56) something unheard of', 'connect-reset'],
    ['cURL error 7: see libcurl-errors', 'connect-refused'],
    ['connect ECONNREFUSED 127.0.0.1:80', 'connect-refused'],
    ['{ errno: -104, syscall: "read" }', 'connect-reset'],
    ['OSError: [Errno 111] what', 'connect-refused'],
    ['net_error -102 seen, error: -102', 'connect-refused'],
    ['proxy-status: gw; error=upstream_unspecified', 'http-502'],
    ['提示:连接被拒绝了吗现在。', 'connect-refused'],
    [';; ->>HEADER<<- opcode: QUERY, status: REFUSED, id: 7', 'dns-refused'],
  ])('leads %j to %s', (text, id) => {
    expect(first(text)).toBe(id)
  })

  test.each([
    'We meet in room 502 at noon',
    'It took 502 ms and no error',
    'The status 502 ms later was fine',
    'error in line 404 of the script',
    'He refused the offer',
    'http://502.example.test/404',
    'Version 5.0.2 of HTTP server 4.0.4',
    'Total: 502 euro, 404 items',
    'call 111 or 104',
    '',
  ])('leads %j nowhere', (text) => {
    expect(recognise(text, knowledge)).toEqual([])
  })

  test('prefers the longer phrase to a shorter one inside it', () => {
    const line = 'connect() failed (111: Connection refused) while connecting to upstream, client: 1.2.3.4'
    expect(first(line)).toBe('nginx-refused')
    expect(recognise(line, knowledge).map(({ article: { id } }) => id)).not.toContain('dns-refused')
  })

  test('prefers the innermost cause of a Java trace', () => {
    const trace = [
      'javax.net.ssl.SSLHandshakeException: Connection reset by peer',
      '  at a.b.C.d(C.java:1)',
      'Caused by: sun.security.ValidatorException: unable to find valid certification path to requested target',
    ].join('\n')
    expect(first(trace)).toBe('certificate-untrusted')
  })

  test('prefers the first traceback of a Python chain', () => {
    const trace = [
      'ConnectionRefusedError: [Errno 111] Connection refused',
      'During handling of the above exception, another exception occurred:',
      'SomethingError: Connection reset by peer, errno 104, ECONNRESET',
    ].join('\n')
    expect(first(trace)).toBe('connect-refused')
  })

  test('stays linear on hostile text', () => {
    const hostile = [
      'connect() failed (111: Connection '.repeat(20_000),
      'error 502 '.repeat(60_000),
      'ECONNREFUSED '.repeat(60_000),
      'curl error error '.repeat(40_000),
      'a'.repeat(1_000_000),
      'Caused by '.repeat(60_000),
    ]
    for (const text of hostile) expect(recognise(text, knowledge).length).toBeLessThan(10)
  })
})
