import { describe, expect, test } from 'vitest'
import { harErrors } from '../../../test/golden/har-rules.ts'
import { NO_TIMES, sampleExchange, sampleResponse, sampleResult } from '../../../test/golden/sample-result.ts'
import { failure } from '../../model/failure.ts'
import type { CheckResult, Exchange } from '../../model/result.ts'
import har from './har.ts'

const OPTIONS = { width: 80, color: false, ascii: false, version: '1.2.3' }

interface Entry {
  time: number
  timings: Record<string, number>
  request: Record<string, unknown>
  response: Record<string, unknown> & { content: Record<string, unknown> }
  _failure?: unknown
}

function rendered(result: CheckResult): Entry[] {
  const document = JSON.parse(har.render(result, OPTIONS)) as { log: { entries: Entry[]; creator: unknown } }
  expect(harErrors(document)).toEqual([])
  expect(document.log.creator).toEqual({ name: 'whydown', version: '1.2.3' })
  return document.log.entries
}

function entryOf(over: Partial<Exchange>): Entry {
  const exchange = sampleExchange(over)
  const [entry] = rendered(sampleResult({ exchanges: [exchange], failure: exchange.failure }))
  if (!entry) throw new Error('no entry')
  return entry
}

describe('harErrors()', () => {
  test('finds what is wrong', () => {
    const document = JSON.parse(har.render(sampleResult({ exchanges: [sampleExchange()] }), OPTIONS))
    expect(harErrors(document)).toEqual([])
    document.log.entries[0].time += 1
    expect(harErrors(document)).toEqual([expect.stringContaining('sum up')])
    document.log.entries[0].extra = 1
    delete document.log.entries[0].cache
    expect(harErrors(document)).toEqual([
      'har.log.entries[0].cache is missing',
      'har.log.entries[0].extra is not of HAR 1.2',
    ])
  })
})

describe('har.render()', () => {
  test('tells the phases in the words of HAR, connect including ssl', () => {
    const timings = { resolve: 1, connect: 2, tls: 4, send: 0.5, wait: 10, receive: 1 }
    const entry = entryOf({ timings, response: sampleResponse('HTTP/1.1 200 OK\r\n\r\n', '') })
    expect(entry.timings).toEqual({
      blocked: -1,
      dns: 1,
      connect: 6,
      ssl: 4,
      send: 0.5,
      wait: 10,
      receive: 1,
    })
    expect(entry.time).toBe(18.5)
  })

  test('keeps status 0 and the reason for what had no response', () => {
    const failed = failure('connect_refused', 'connect ECONNREFUSED 192.0.2.7:80')
    const entry = entryOf({
      failure: failed,
      request: null,
      timings: { ...NO_TIMES, resolve: 1, connect: 2 },
    })
    expect(entry.response['status']).toBe(0)
    expect(entry.response['_error']).toBe('connect_refused: connect ECONNREFUSED 192.0.2.7:80')
    expect(entry['_failure']).toEqual(failed)
    expect(entry.time).toBe(3)
  })

  test('keeps what came in when it was no response', () => {
    const failed = failure('not_http', 'SSH')
    expect(entryOf({ failure: failed, unparsed: 'U1NI' }).response['_unparsed']).toBe('U1NI')
  })

  test('gives text content as text, without its framing', () => {
    const head = 'HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n'
    const response = sampleResponse(head, '5\r\nhello\r\n0\r\n\r\n', { bodyBytes: 5 })
    expect(entryOf({ response }).response.content).toEqual({ size: 5, mimeType: 'text/html', text: 'hello' })
  })

  test('gives binary content as base64', () => {
    const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0])
    const { content } = entryOf({ response: sampleResponse('HTTP/1.1 200 OK\r\n\r\n', bytes) }).response
    expect(content).toEqual({
      size: 6,
      mimeType: 'x-unknown',
      text: bytes.toString('base64'),
      encoding: 'base64',
    })
  })

  test('gives decoded content where the probe decoded it, and no coded bytes as text', () => {
    const head = 'HTTP/1.1 500 Oops\r\nContent-Encoding: gzip\r\n\r\n'
    const decoded = entryOf({ response: sampleResponse(head, 'coded', { text: 'plain é' }) }).response.content
    expect(decoded).toEqual({ size: 8, mimeType: 'x-unknown', text: 'plain é' })
    expect(entryOf({ response: sampleResponse(head, 'coded') }).response.content).not.toHaveProperty('text')
  })

  test('lists query, cookies and redirect target', () => {
    const head =
      'HTTP/1.1 302 Found\r\nLocation: /next\r\nSet-Cookie: a=b; Path=/\r\nSet-Cookie: c=d=e\r\nSet-Cookie: none\r\n\r\n'
    const entry = entryOf({ url: 'http://www.example.test/?q=1&q=2', response: sampleResponse(head, '') })
    expect(entry.response['redirectURL']).toBe('/next')
    expect(entry.response['cookies']).toEqual([
      { name: 'a', value: 'b' },
      { name: 'c', value: 'd=e' },
    ])
    expect(entry.request['queryString']).toEqual([
      { name: 'q', value: '1' },
      { name: 'q', value: '2' },
    ])
  })

  test('has one entry for each exchange, in order', () => {
    const response = sampleResponse('HTTP/1.1 301 Moved\r\nLocation: /b\r\n\r\n', '')
    expect(
      rendered(sampleResult({ exchanges: [sampleExchange({ response }), sampleExchange()] })),
    ).toHaveLength(2)
  })

  test('is valid without a single exchange', () => {
    expect(rendered(sampleResult({ exchanges: [], failure: failure('bad_url', 'no URL') }))).toEqual([])
  })
})
