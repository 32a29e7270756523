// The parser's interface: phases, bounds, what is kept, interim responses, tunnels and the end of the stream.
import { describe, expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '../model/check-options.ts'
import { everySplit, oneByOne, outcomeOf, wire } from '../../test/property/http1-outcome.ts'
import { REST_KEPT_BYTES, ResponseParser, type ResponseParserOptions } from './http1-response.ts'

const GET: ResponseParserOptions = { requestMethod: 'GET', limits: DEFAULT_LIMITS }
const OK = 'HTTP/1.1 200 OK\r\n'
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`

function parse(sent: string, options = GET): ResponseParser {
  const parser = new ResponseParser(options)
  parser.feed(wire(sent))
  return parser
}

describe('ResponseParser reads', () => {
  test('status line, field names with their case, order and repeats, values without white space around', () => {
    const parser = parse(
      'HTTP/1.1 502 Bad Gateway\r\nserver: a\r\nSet-Cookie: b=1\r\nSET-cookie:\tc=2 \r\n\r\n',
    )
    expect(parser.head).toEqual({
      version: '1.1',
      status: 502,
      reason: 'Bad Gateway',
      fields: [
        ['server', 'a'],
        ['Set-Cookie', 'b=1'],
        ['SET-cookie', 'c=2'],
      ],
    })
    expect(parser.headComplete).toBe(true)
    expect(parser.headBytes).toBe(parser.receivedBytes)
    expect(parser.notes).toEqual([])
  })

  test('bytes beyond ASCII as Latin-1', () => {
    expect(parse(`${OK}X: \xc3\xa4\r\n\r\n`).head?.fields).toEqual([['X', '\xc3\xa4']])
  })

  test('any number of interim responses before the final one', () => {
    const sent = `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${OK}Content-Length: 2\r\n\r\nhi`
    const parser = parse(sent)
    expect(parser.interim).toEqual([
      { version: '1.1', status: 100, reason: 'Continue', fields: [] },
      { version: '1.1', status: 103, reason: 'Early Hints', fields: [['Link', '</a>']] },
    ])
    expect(parser.head?.status).toBe(200)
    expect(parser.headBytes).toBe(38)
    expect(Buffer.from(parser.body()).toString()).toBe('hi')
    expect(parser.phase).toBe('done')
  })

  test('the phase as it goes: wait, head, wait after an interim response, head, body, done', () => {
    const parser = new ResponseParser(GET)
    const seen: string[] = [parser.phase]
    for (const piece of [
      'H',
      'TTP/1.1 100 C\r\n\r\n',
      '\r\n',
      'HTTP',
      `/1.1 200 OK\r\nContent-Length: 2\r\n\r\n`,
      'h',
      'i',
    ]) {
      parser.feed(wire(piece))
      seen.push(parser.phase)
    }
    expect(seen).toEqual(['wait', 'head', 'wait', 'wait', 'head', 'body', 'body', 'done'])
  })

  test('a body of no bytes as done with the head', () => {
    for (const sent of [
      `${OK}Content-Length: 0\r\n\r\n`,
      'HTTP/1.1 204 No Content\r\n\r\n',
      'HTTP/1.1 304 Not Modified\r\n\r\n',
    ]) {
      expect(parse(sent).phase).toBe('done')
    }
    expect(parse(`${OK}Content-Length: 7\r\n\r\n`, { ...GET, requestMethod: 'HEAD' })).toMatchObject({
      phase: 'done',
      framing: 'none',
      expectedBytes: null,
    })
  })

  test('a body that the close ends only when it closes', () => {
    const parser = parse(`${OK}\r\nhel`)
    expect([parser.phase, parser.framing, parser.expectedBytes]).toEqual(['body', 'close', null])
    parser.feed(wire('lo'))
    parser.end('closed')
    expect([parser.phase, parser.bodyBytes, parser.messageBytes]).toEqual(['done', 5, 24])
    expect(Buffer.from(parser.body()).toString()).toBe('hello')
  })

  test('chunked content without its framing, raw with it', () => {
    const sent = `${CHUNKED}5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nX-Sum: 1\r\n\r\n`
    const parser = parse(sent)
    expect(Buffer.from(parser.body()).toString()).toBe('hello world')
    expect(Buffer.from(parser.raw()).toString()).toBe(sent)
    expect(parser.trailers).toEqual([['X-Sum', '1']])
    expect([parser.phase, parser.framing, parser.bodyBytes]).toEqual(['done', 'chunked', 11])
  })

  test('transfer codings besides chunked for whoever decodes', () => {
    expect(parse(`${OK}Transfer-Encoding: gzip, chunked\r\n\r\n`).transferCodings).toEqual(['gzip'])
    expect(parse(`${OK}Transfer-Encoding: chunked, gzip\r\n\r\n`).transferCodings).toEqual(['gzip'])
  })

  test('101 as the end of HTTP, with what follows in rest()', () => {
    const parser = parse('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x00')
    expect([parser.phase, parser.upgrade, parser.head?.status, parser.restBytes]).toEqual([
      'done',
      true,
      101,
      2,
    ])
    expect([...parser.rest()]).toEqual([0x81, 0])
    expect(parser.notes).toEqual([])
  })

  test('a 2xx to CONNECT as a tunnel, another status as a response with a body', () => {
    const connect = { ...GET, requestMethod: 'CONNECT' }
    const tunnel = parse('HTTP/1.1 200 OK\r\n\r\n\x16\x03', connect)
    expect([tunnel.phase, tunnel.upgrade, tunnel.restBytes, tunnel.notes.length]).toEqual([
      'done',
      true,
      2,
      0,
    ])
    const refusal = parse('HTTP/1.1 407 Who\r\nContent-Length: 2\r\n\r\nno', connect)
    expect([refusal.phase, refusal.upgrade, refusal.bodyBytes]).toEqual(['done', false, 2])
  })

  test('nothing but the count and the first bytes of what comes after the message', () => {
    const parser = parse(`${OK}Content-Length: 0\r\n\r\n`)
    for (let round = 0; round < 3; round++) parser.feed(Buffer.alloc(1000, 0x61))
    expect(parser.restBytes).toBe(3000)
    expect(parser.rest().length).toBe(REST_KEPT_BYTES)
    expect(parser.notes[0]).toContain('3000 bytes after the end of the response')
    expect(parser.head?.status).toBe(200)
  })

  test('evidence of a status outside 100-599: head and fields', () => {
    const parser = parse('HTTP/1.1 999 Request denied\r\nServer: x\r\n\r\n<p>')
    expect(parser.failure?.code).toBe('status_undefined')
    expect(parser.head).toEqual({
      version: '1.1',
      status: 999,
      reason: 'Request denied',
      fields: [['Server', 'x']],
    })
  })

  test('the fields before a malformed one and before a cut', () => {
    const malformed = parse(`${OK}Server: x\r\nBroken\r\n\r\n`)
    expect([malformed.head?.fields, malformed.headComplete]).toEqual([[['Server', 'x']], false])
    const cut = parse(`${OK}Server: x\r\nDate: Fri`)
    cut.end('closed')
    expect([cut.head?.status, cut.head?.fields]).toEqual([200, [['Server', 'x']]])
  })
})

describe('ResponseParser.end()', () => {
  test('stopped leaves a time-out to the caller', () => {
    for (const [sent, phase] of [
      ['', 'wait'],
      ['HTTP/1.1 100 C\r\n\r\n', 'wait'],
      ['HTTP/1.1 200', 'head'],
      [`${OK}Server: x\r\n`, 'head'],
      [`${OK}\r\nhello`, 'body'],
    ]) {
      const parser = new ResponseParser(GET)
      if (sent) parser.feed(wire(sent))
      parser.end('stopped')
      expect([parser.phase, parser.failure]).toEqual([phase, null])
    }
  })

  test('stopped names what the bytes prove: another protocol, a malformed line', () => {
    const telnet = parse('\xff\xfd\x18')
    expect(telnet.phase).toBe('head')
    telnet.end('stopped')
    expect(telnet.failure).toMatchObject({ code: 'not_http', raw: expect.stringContaining('Telnet') })
    const line = parse('HTTP/1.1 abc\r\n')
    line.end('stopped')
    expect(line.failure?.code).toBe('status_line_malformed')
  })

  test('counts once', () => {
    const parser = parse('HTTP/1.1 200 OK\nServer')
    parser.end('stopped')
    parser.end('closed')
    expect(parser.notes).toEqual(['line ended by LF without CR (at byte 15)'])
  })

  test('changes nothing after the message is done', () => {
    const parser = parse(`${OK}Content-Length: 2\r\n\r\nhi`)
    parser.end('reset')
    expect([parser.phase, parser.failure, parser.notes]).toEqual(['done', null, []])
  })
})

describe('ResponseParser keeps to its bounds', () => {
  const limits = { headBytes: 64, bodyBytes: 10, keptBytes: 40 }
  const body = 'abcdefghijklmnopqrstuvwxyz'
  const bodies = {
    length: `${OK}Content-Length: 26\r\n\r\n${body}`,
    close: `${OK}\r\n${body}`,
    chunked: `${CHUNKED}4\r\nabcd\r\n16\r\n${body.slice(4)}\r\n0\r\n\r\n`,
  }
  for (const [framing, sent] of Object.entries(bodies)) {
    test(`content of a ${framing} body beyond bodyBytes is not read`, () => {
      const whole = outcomeOf([wire(sent)], { limits })
      expect(whole).toMatchObject({
        phase: 'done',
        bodyTooLarge: true,
        bodyBytes: 10,
        framing,
        restBytes: 0,
        notes: [],
      })
      expect(whole.body).toBe('abcdefghij')
      expect(whole.raw).toBe(sent.slice(0, 40))
      expect(whole.rawTruncated).toBe(true)
      expect(outcomeOf(oneByOne(wire(sent)), { limits })).toEqual(whole)
      for (const pieces of everySplit(wire(sent))) expect(outcomeOf(pieces, { limits })).toEqual(whole)
    })

    test(`content of a ${framing} body of exactly bodyBytes is whole`, () => {
      const outcome = outcomeOf([wire(sent)], { limits: { ...limits, bodyBytes: 26 } })
      expect(outcome).toMatchObject({ phase: 'done', bodyTooLarge: false, bodyBytes: 26, body })
    })

    test(`content of a ${framing} body is kept up to contentBytes and counted further`, () => {
      const outcome = outcomeOf([wire(sent)], { limits: { ...limits, bodyBytes: 100, contentBytes: 3 } })
      expect(outcome).toMatchObject({ phase: 'done', bodyTooLarge: false, bodyBytes: 26, body: 'abc' })
    })
  }

  test('a head of exactly headBytes is read, of one more is not', () => {
    const sent = `${OK}A: ${'b'.repeat(40)}\r\n\r\n`
    expect(sent.length).toBe(64)
    expect(parse(sent, { ...GET, limits }).headComplete).toBe(true)
    expect(parse(sent.replace('A', 'AA'), { ...GET, limits }).failure?.code).toBe('header_too_large')
  })

  test('content is kept whole although raw is not', () => {
    const big = 'x'.repeat(200_000)
    for (const sent of [
      `${OK}Content-Length: 200000\r\n\r\n${big}`,
      `${OK}\r\n${big}`,
      `${CHUNKED}30d40\r\n${big}\r\n0\r\n\r\n`,
    ]) {
      const bytes = wire(sent)
      const whole = outcomeOf([bytes])
      expect(whole.body).toBe(big)
      expect(whole.raw).toBe(sent.slice(0, DEFAULT_LIMITS.keptBytes))
      expect(whole.rawTruncated).toBe(true)
      const packets = Array.from({ length: Math.ceil(bytes.length / 1460) }, (_, n) =>
        bytes.subarray(n * 1460, (n + 1) * 1460),
      )
      expect(outcomeOf(packets)).toEqual(whole)
    }
  })

  test('the last bytes before a cut are shown even when they are not kept', () => {
    const sent = `${CHUNKED}ffff\r\n${'x'.repeat(1000)}the end`
    for (const pieces of [[wire(sent)], oneByOne(wire(sent))]) {
      const { failure } = outcomeOf(pieces, {
        limits: { headBytes: 100, bodyBytes: 5000, keptBytes: 100, contentBytes: 10 },
      })
      expect(failure?.code).toBe('body_truncated')
      expect(failure?.at.offset).toBe(sent.length - 64)
      expect(Buffer.from(failure?.at.hex ?? '', 'hex').toString()).toBe(sent.slice(-64))
    }
  })

  test('a length that promises much takes no memory before it comes', () => {
    const parser = parse(`${OK}Content-Length: 4000000\r\n\r\nabc`)
    expect(parser.expectedBytes).toBe(4_000_000)
    expect(parser.body().buffer.byteLength).toBeLessThanOrEqual(2 * 65_536)
  })
})
