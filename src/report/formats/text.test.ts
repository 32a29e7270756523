import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  base64,
  NO_TIMES,
  sampleDiagnosis,
  sampleExchange,
  sampleObservation,
  sampleResponse,
  sampleResult,
} from '../../../test/golden/sample-result.ts'
import { hostileResult } from '../../../test/golden/hostile-result.ts'
import { failure } from '../../model/failure.ts'
import { columns } from '../safe-text.ts'
import text, { textLine } from './text.ts'

const OPTIONS = { width: 80, color: false, ascii: false, version: '1.2.3' }

describe('text.render()', () => {
  test('begins with the verdict, on one line when it fits', () => {
    const exchange = sampleExchange({ response: sampleResponse('HTTP/1.1 200 OK\r\n\r\n', '') })
    expect(text.render(sampleResult({ exchanges: [exchange] }), OPTIONS).split('\n')[0]).toBe(
      'UP  http://www.example.test/  200 OK from 192.0.2.7 in 15.0 ms',
    )
  })

  test('marks the broken link, keeps the open phase and names what was not reached', () => {
    const failed = failure('connect_refused', 'connect ECONNREFUSED 192.0.2.7:80')
    const exchange = sampleExchange({
      failure: failed,
      request: null,
      timings: { ...NO_TIMES, resolve: 0, connect: 3 },
    })
    const report = text.render(sampleResult({ exchanges: [exchange], failure: failed }), OPTIONS)
    expect(report).toContain('192.0.2.7:80 refuses the connection (connect 006, after 15.0 ms)')
    expect(report).toMatch(/server ✖\n +└ broken here\n/)
    expect(report).toMatch(/✖ connect +3\.0 ms/)
    expect(report).toContain('connect_refused (006): connect ECONNREFUSED 192.0.2.7:80')
    expect(report).toContain('not reached: send, wait, receive, status')
  })

  test('shows the answer, made safe, and says how much was left out', () => {
    const failed = failure('status_unaccepted', '500 \x1b[2JOops', { number: '500' })
    const body = Array.from({ length: 60 }, (_, index) => `line ${index} \u202e\u009b31m`).join('\n')
    const response = sampleResponse('HTTP/1.1 500 Oops\r\nX-Evil: \x1b]0;owned\x07\r\n\r\n', body)
    const report = text.render(
      sampleResult({ exchanges: [sampleExchange({ failure: failed, response })], failure: failed }),
      OPTIONS,
    )
    expect(report).toContain('500 \\x1b[2JOops from the server at 192.0.2.7')
    expect(report).toContain('X-Evil: \\x1b]0;owned\\x07')
    expect(report).toContain('line 0 <U+202E>\\x9b31m')
    expect(report).toMatch(/and \d+ more lines/)
    expect(report.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })

  test('shows the bytes at fault with their offset', () => {
    const failed = failure('header_malformed', 'bad name', { at: { offset: 17, hex: '01' } })
    const exchange = sampleExchange({
      failure: failed,
      unparsed: base64('HTTP/1.1 200 OK\r\n\x01: x\r\n\r\n'),
    })
    const report = text.render(sampleResult({ exchanges: [exchange], failure: failed }), OPTIONS)
    expect(report).toContain('The bytes at fault (offset 17)')
    expect(report).toMatch(/00000010 {2}0a 01 3a .*\n.* {13}\^\^\n/)
  })

  test('shows the bytes at fault even when the kept bytes end before them', () => {
    const failed = failure('chunk_malformed', 'bad size', { at: { offset: 70_000, hex: '7a7a0d0a' } })
    const response = sampleResponse('HTTP/1.1 200 OK\r\n\r\n', 'x', { bodyTruncated: true })
    const report = text.render(
      sampleResult({ exchanges: [sampleExchange({ failure: failed, response })], failure: failed }),
      OPTIONS,
    )
    expect(report).toContain('00011170  7a 7a 0d 0a')
  })

  test('shows what the proxy answered', () => {
    const failed = failure('proxy_denied', '403 Forbidden')
    const handshake = sampleObservation(
      'proxy_handshake',
      {},
      { raw: base64('HTTP/1.1 403 Forbidden\r\nX-Squid-Error: ERR_ACCESS_DENIED 0\r\n\r\n') },
      failed,
    )
    const exchange = sampleExchange({
      failure: failed,
      proxy: 'http://proxy.test:3128',
      url: 'https://www.example.test/',
    })
    const report = text.render(sampleResult({ exchanges: [exchange], failure: failed }, [handshake]), OPTIONS)
    expect(report).toContain('What the proxy answered')
    expect(report).toContain('X-Squid-Error: ERR_ACCESS_DENIED 0')
    expect(report).toMatch(/proxy ✖ ╌╌ server/)
  })

  test('shows what each resolver said', () => {
    const failed = failure('dns_name_not_found', 'NXDOMAIN from 192.0.2.53')
    const query = sampleObservation(
      'dns_query',
      { name: 'www.example.test', type: 'A', server: '192.0.2.53', transport: 'udp' },
      {
        rcodeName: 'NXDOMAIN',
        answers: [],
        extendedErrors: [{ code: 22, name: 'No Reachable Authority', text: 'hm' }],
      },
      failed,
    )
    const exchange = sampleExchange({
      failure: failed,
      address: null,
      request: null,
      timings: { ...NO_TIMES, resolve: 2 },
    })
    const report = text.render(sampleResult({ exchanges: [exchange], failure: failed }, [query]), OPTIONS)
    expect(report).toContain('www.example.test A at 192.0.2.53 udp: NXDOMAIN, No Reachable Authority hm (2')
    expect(report).toMatch(/resolver ✖ ╌╌ network ╌╌ server/)
  })

  test('keeps binary content from the terminal', () => {
    const failed = failure('status_unaccepted', '500 Oops', { number: '500' })
    const response = sampleResponse('HTTP/1.1 500 Oops\r\n\r\n', new Uint8Array([0, 1, 2, 0x1b, 0x5b]))
    const report = text.render(
      sampleResult({ exchanges: [sampleExchange({ failure: failed, response })], failure: failed }),
      OPTIONS,
    )
    expect(report).toContain('00000000  00 01 02 1b 5b')
  })

  test('lists what was tolerated, once each', () => {
    const noted = () => ({ ...sampleObservation('receive', {}, {}), notes: ['bare LF'] })
    const exchange = sampleExchange({ response: sampleResponse('HTTP/1.1 200 OK\r\n\r\n', '') })
    const report = text.render(sampleResult({ exchanges: [exchange] }, [noted(), noted()]), OPTIONS)
    expect(report.match(/bare LF/g)).toHaveLength(1)
  })

  test('colours only when asked to, and never changes the words', () => {
    const failed = failure('connect_refused', 'ECONNREFUSED')
    const result = sampleResult({ exchanges: [sampleExchange({ failure: failed })], failure: failed })
    const coloured = text.render(result, { ...OPTIONS, color: true })
    const bare = coloured.replace(/\x1b\[[\d;]*m/g, '')
    expect(coloured).not.toBe(bare)
    expect(bare).toBe(text.render(result, OPTIONS))
  })

  test.each([24, 30, 40, 63, 64, 80, 120])('keeps every line within %i columns', (width) => {
    const failed = failure('status_unaccepted', `502 ${'漢字'.repeat(60)}`, { number: '502' })
    const response = sampleResponse(
      `HTTP/1.1 502 x\r\nServer: ${'y'.repeat(300)}\r\n\r\n`,
      `<title>${'汉'.repeat(200)}e${'\u0301'.repeat(90)}</title>\n${'\u202eab'.repeat(90)}`,
      { bodyTruncated: true },
    )
    const exchange = sampleExchange({
      url: `http://www.example.test/${'a'.repeat(300)}`,
      failure: failed,
      response,
    })
    for (const ascii of [false, true]) {
      const report = text.render(sampleResult({ exchanges: [exchange], failure: failed }), {
        ...OPTIONS,
        width,
        ascii,
      })
      for (const line of report.split('\n')) expect(columns(line), line).toBeLessThanOrEqual(width)
      if (ascii) expect(report).toMatch(/^[\n -~]*$/)
    }
  })

  test('is safe and within its width, whatever a peer sends', () => {
    const peer = fc.string({ unit: 'binary', maxLength: 120 })
    fc.assert(
      fc.property(
        peer,
        peer,
        peer,
        fc.boolean(),
        fc.integer({ min: 24, max: 100 }),
        (reason, value, body, ascii, width) => {
          const failed = failure('status_unaccepted', `500 ${reason}`, { number: '500' })
          const response = sampleResponse('HTTP/1.1 500 x\r\n\r\n', Buffer.from(body), {
            reason,
            fields: [
              ['Content-Type', value],
              ['Location', value],
              ['Content-Encoding', value],
            ],
          })
          const seen = { ...sampleObservation('receive', {}, {}), notes: [value] }
          const exchange = sampleExchange({ url: `http://x.test/${value}`, failure: failed, response })
          const report = text.render(sampleResult({ exchanges: [exchange], failure: failed }, [seen]), {
            ...OPTIONS,
            ascii,
            width,
          })
          expect(report.replaceAll('\n', '')).not.toMatch(
            ascii ? /[^ -~]/ : /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u,
          )
          for (const line of report.split('\n')) expect(columns(line), line).toBeLessThanOrEqual(width)
        },
      ),
    )
  })

  test('every exchange of a redirect has its own block', () => {
    const first = sampleExchange({
      response: sampleResponse('HTTP/1.1 301 Moved Permanently\r\nLocation: https://b.test/\r\n\r\n', ''),
    })
    const second = sampleExchange({
      url: 'https://b.test/',
      response: sampleResponse('HTTP/1.1 200 OK\r\n\r\n', ''),
    })
    const report = text.render(sampleResult({ exchanges: [first, second] }), OPTIONS)
    expect(report).toContain('GET http://www.example.test/\n')
    expect(report).toContain('to https://b.test/')
    expect(report).toContain('GET https://b.test/\n')
  })
})

test('textLine() is one line within the width', () => {
  const failed = failure('status_unaccepted', `502 ${'漢字'.repeat(60)}\n`, { number: '502' })
  const result = sampleResult({ exchanges: [sampleExchange({ failure: failed })], failure: failed })
  const line = textLine(result, '12', OPTIONS)
  expect(line).toMatch(/^12 DOWN +15\.0 ms {2}502 漢/)
  expect(columns(line)).toBeLessThanOrEqual(80)
  expect(line).not.toContain('\n')
})

describe('text.render() with a diagnosis', () => {
  const failed = failure('status_unaccepted', '502 Bad Gateway', { number: '502' })
  const exchange = sampleExchange({
    failure: failed,
    response: sampleResponse('HTTP/1.1 502 Bad Gateway\r\n\r\n', 'no luck'),
  })

  function render(over: Parameters<typeof sampleDiagnosis>[0] = {}, outcome: 'down' | 'up' = 'down'): string {
    const result = sampleResult({
      exchanges: [exchange],
      failure: outcome === 'up' ? null : failed,
      outcome,
      diagnosis: sampleDiagnosis(over),
      drill: [
        {
          step: 'cache',
          summary: 'past the cache it fails alike',
          skipped: null,
          finding: null,
          observations: [],
        },
        { step: 'proxy', summary: 'skipped: none', skipped: 'none', finding: null, observations: [] },
        { step: 'hops', summary: 'no hop answers', skipped: null, finding: null, observations: [] },
      ],
    })
    return text.render(result, OPTIONS)
  }

  test('begins with its headline, and tells what was seen below it', () => {
    const lines = render().split('\n')
    expect(lines[0]).toBe('DOWN  Behind the gateway: nginx could not reach the application.')
    expect(lines.slice(1, 3).join(' ')).toMatch(
      /^ {6}http:\/\/www\.example\.test\/ .*502 Bad Gateway .*\(status, after/,
    )
  })

  test('gives reasons with their observations, candidates, weight and steps, in this order', () => {
    const report = render()
    const order = [
      'Why we say so',
      '• The page ends with nginx. [o1]',
      'One of these, likeliest first: connection refused, dns error.',
      'likely, not certain; where: the leg behind the last gateway',
      'What to do',
      '• Wait for nginx.',
      '• Look into the log of nginx.',
      'To quote',
      '• request id: nginx',
      'the peer asks to wait 2 min',
      '✔ connect',
      'What else we looked at',
      'What the server sent',
    ].map((part) => report.indexOf(part))
    expect(order.toSorted((a, b) => a - b)).toEqual(order)
    expect(order).not.toContain(-1)
  })

  test('one cause alone is not called one of several', () => {
    expect(render({ causes: ['connection_refused'] })).not.toContain('One of these')
  })

  test('shows the looks that were taken before those that were not', () => {
    expect(render().match(/^ {2}[▸·] (cache|hops|proxy) .*$/gm)).toEqual([
      '  ▸ cache       past the cache it fails alike',
      '  ▸ hops        no hop answers',
      '  · proxy       skipped: none',
    ])
  })

  test('says whom to write to only when that was asked, and why nobody is known', () => {
    expect(render()).not.toContain('Whom to write to')
    expect(render({ contact: ['abuse@net.test (abuse contact)'] })).toMatch(
      /Whom to write to\n {2}• abuse@net\.test/,
    )
    const contactDetails = {
      ip: null,
      network: null,
      people: [],
      security: null,
      missing: ['No registry.'],
      observations: [],
    }
    expect(render({ contact: [], contactDetails })).toMatch(/Whom to write to\n {4}No registry\./)
  })

  test('a remark on a site that is up keeps its verdict', () => {
    expect(render({ effect: 'remark' }, 'up')).toMatch(/^UP {2}Behind the gateway/)
  })

  test.each([24, 40, 80, 120])('hostile evidence fits %i columns and obeys nobody', (width) => {
    for (const ascii of [false, true]) {
      const report = text.render(hostileResult(), { ...OPTIONS, width, ascii })
      for (const line of report.split('\n')) expect(columns(line), line).toBeLessThanOrEqual(width)
      expect(report.replaceAll('\n', '')).not.toMatch(ascii ? /[^ -~]/ : /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
    }
  })
})
