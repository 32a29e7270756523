// What holds for every response, however it is written and however it is cut: no throw, no byte out of bounds, the same
// reading, and what a writer wrote is what the parser reads.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ResponseParser } from '../../src/wire/http1-response.ts'
import { recogniseProtocol } from '../../src/wire/protocol-greeting.ts'
import { cutAt, oneByOne, outcomeOf, wire } from './http1-outcome.ts'

const RUNS = 400

/** Pieces that make responses, right and wrong ones. */
const FRAGMENTS = [
  'HTTP/1.1 200 OK\r\n',
  'HTTP/1.0 404 \r\n',
  'HTTP/1.1 100 C\r\n\r\n',
  'HTTP/2 200\r\n',
  'HTTP/1.1 ',
  'HTTP/',
  '204',
  ' 999 x',
  'Content-Length: 5\r\n',
  'content-length:7\r\n',
  'Content-Length: x\r\n',
  'Transfer-Encoding: chunked\r\n',
  'TE: a, b',
  'transfer-encoding: gzip\r\n',
  'A: b\r\n',
  ' fold\r\n',
  ': \r\n',
  'x y:z\n',
  '\r\n',
  '\n',
  '\r',
  '\0',
  ' ',
  '\t',
  ':',
  ';',
  '"',
  '5\r\nhello\r\n',
  '0\r\n',
  '0\r\n\r\n',
  'a;b=c\r\n',
  '1',
  'ffffffff',
  'hello',
  '<html>',
  'SSH-2.0-',
  '\x15\x03\x01',
  '\xff\xfb\x01',
]

const hostile = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...FRAGMENTS) },
      {
        weight: 1,
        arbitrary: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
      },
    ),
    { maxLength: 24 },
  )
  .chain((parts) =>
    fc
      .constantFrom('', 'HTTP/1.1 200 OK\r\n', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
      .map((start) => wire(start + parts.join(''))),
  )

const places = fc.array(fc.nat({ max: 400 }), { maxLength: 6 })
const ends = fc.constantFrom('closed' as const, 'reset' as const, 'stopped' as const)
const methods = fc.constantFrom('GET', 'HEAD', 'CONNECT')
const limits = fc.record({
  headBytes: fc.integer({ min: 0, max: 120 }),
  bodyBytes: fc.integer({ min: 0, max: 40 }),
  keptBytes: fc.integer({ min: 0, max: 160 }),
  contentBytes: fc.integer({ min: 0, max: 50 }),
})

describe('ResponseParser on any bytes', () => {
  test('reads the same however they are cut', () => {
    fc.assert(
      fc.property(hostile, places, ends, methods, (bytes, cuts, end, requestMethod) => {
        const whole = outcomeOf([bytes], { end, requestMethod })
        expect(outcomeOf(cutAt(bytes, cuts), { end, requestMethod })).toEqual(whole)
        expect(outcomeOf(oneByOne(bytes), { end, requestMethod })).toEqual(whole)
      }),
      { numRuns: RUNS },
    )
  })

  test('reads the same however they are cut, under narrow bounds, and keeps to them', () => {
    fc.assert(
      fc.property(hostile, places, ends, limits, (bytes, cuts, end, bounds) => {
        const whole = outcomeOf([bytes], { end, limits: bounds })
        expect(outcomeOf(cutAt(bytes, cuts), { end, limits: bounds })).toEqual(whole)
        expect(outcomeOf(oneByOne(bytes), { end, limits: bounds })).toEqual(whole)
        expect(whole.raw.length).toBeLessThanOrEqual(bounds.keptBytes)
        expect(whole.bodyBytes).toBeLessThanOrEqual(bounds.bodyBytes)
        expect(whole.body.length).toBeLessThanOrEqual(Math.min(bounds.bodyBytes, bounds.contentBytes))
        expect(whole.headBytes).toBeLessThanOrEqual(bounds.headBytes)
      }),
      { numRuns: RUNS },
    )
  })

  test('gives back what came: raw is its beginning, every failure points at bytes that stand there', () => {
    fc.assert(
      fc.property(hostile, ends, (bytes, end) => {
        const { raw, failure, receivedBytes, phase, head } = outcomeOf([bytes], { end })
        expect(raw).toBe(Buffer.from(bytes).toString('latin1'))
        expect(receivedBytes).toBe(bytes.length)
        expect(failure !== null).toBe(phase === 'failed')
        if (phase === 'done') expect(head).not.toBeNull()
        if (failure) {
          const { offset, hex } = failure.at
          expect(hex).toBe(Buffer.from(bytes.subarray(offset, offset + 64)).toString('hex'))
          expect(offset).toBeLessThanOrEqual(bytes.length)
          expect(hex !== '' || bytes.length === 0).toBe(true)
          // biome-ignore lint: the point is that no control character is in there
          expect(failure.raw).not.toMatch(/[\x00-\x1f\x7f-\xff]/)
        }
        if (end !== 'stopped') expect(['done', 'failed']).toContain(phase)
      }),
      { numRuns: RUNS },
    )
  })

  test('reads nothing outside the piece it is given', () => {
    fc.assert(
      fc.property(hostile, places, (bytes, cuts) => {
        const parser = new ResponseParser({ requestMethod: 'GET', limits: LIMITS })
        for (const piece of cutAt(bytes, cuts)) {
          // The piece lies in the middle of bytes that would make another response of it.
          const around = Buffer.from(
            `HTTP/1.1 500 Bad\r\n\r\n${' '.repeat(piece.length)}\r\nX: y\r\n\r\n0\r\n\r\n`,
            'latin1',
          )
          around.set(piece, 20)
          parser.feed(around.subarray(20, 20 + piece.length))
        }
        parser.end('closed')
        const expected = outcomeOf([bytes], { limits: LIMITS })
        expect([parser.phase, parser.head, parser.failure, parser.notes]).toEqual([
          expected.phase,
          expected.head,
          expected.failure,
          expected.notes,
        ])
      }),
      { numRuns: RUNS },
    )
  })

  test('never throws on random bytes, nor does recogniseProtocol()', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        outcomeOf([bytes])
        recogniseProtocol(bytes)
      }),
      { numRuns: 1000 },
    )
  })

  test('holds no more memory than its bounds and some fixed kilobytes', () => {
    const bounds = { headBytes: 200_000, bodyBytes: 300_000, keptBytes: 100_000, contentBytes: 150_000 }
    fc.assert(
      fc.property(
        fc.constantFrom(
          'HTTP/1.1 200 OK\r\n\r\n',
          'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40000\r\n',
          'HTTP/1.1 200 OK\r\nX: ',
        ),
        fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 8, maxLength: 16 }),
        (start, sizes) => {
          const parser = new ResponseParser({ requestMethod: 'GET', limits: bounds })
          parser.feed(wire(start))
          for (const size of sizes) parser.feed(Buffer.alloc(size, 0x61))
          const held = new Set([parser.raw(), parser.body(), parser.rest()].map((view) => view.buffer))
          const bytes = [...held].reduce((sum, buffer) => sum + buffer.byteLength, 0)
          expect(bytes).toBeLessThanOrEqual(
            bounds.headBytes + bounds.contentBytes + bounds.keptBytes + 3 * 65_600,
          )
          expect(parser.raw().length).toBeLessThanOrEqual(bounds.keptBytes)
          expect(parser.body().length).toBeLessThanOrEqual(bounds.contentBytes)
        },
      ),
      { numRuns: 60 },
    )
  })
})

const LIMITS = { headBytes: 4096, bodyBytes: 4096, keptBytes: 4096 }

// A writer of valid responses (RFC 9112), the counterpart of the parser.

const TOKEN_CHARACTERS = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
const token = fc.string({ unit: fc.constantFrom(...TOKEN_CHARACTERS.split('')), minLength: 1, maxLength: 12 })
const visible = fc
  .integer({ min: 0x21, max: 0xff })
  .filter((code) => code !== 0x7f)
  .map((code) => String.fromCharCode(code))
const word = fc.string({ unit: visible, maxLength: 12 })
const value = fc.array(word, { maxLength: 4 }).map((words) => words.filter((one) => one !== '').join(' '))
const space = fc.constantFrom('', ' ', '\t', '  \t')
const field = fc.record({
  name: token.filter((name) => !/^(content-length|transfer-encoding)$/i.test(name)),
  value,
  before: space,
  after: space,
})
const fields = fc.array(field, { maxLength: 6 })
const content = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('latin1'))
const extension = fc.record({
  name: token,
  value: fc.option(
    fc.oneof(
      token,
      word.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`),
    ),
    { nil: null },
  ),
})
const chunk = fc.record({
  data: content.filter((data) => data !== ''),
  zeros: fc.nat({ max: 4 }),
  upper: fc.boolean(),
  extensions: fc.array(extension, { maxLength: 2 }),
})
const response = fc.record({
  interim: fc.array(fc.record({ status: fc.integer({ min: 102, max: 199 }), fields }), { maxLength: 3 }),
  version: fc.constantFrom('1.0', '1.1'),
  status: fc.integer({ min: 200, max: 599 }).filter((status) => status !== 204 && status !== 304),
  reason: value,
  fields,
  body: fc.oneof(
    fc.record({ kind: fc.constant('length' as const), content }),
    fc.record({ kind: fc.constant('close' as const), content }),
    fc.record({
      kind: fc.constant('chunked' as const),
      chunks: fc.array(chunk, { maxLength: 5 }),
      trailers: fields,
    }),
  ),
})

type Field = { name: string; value: string; before: string; after: string }

function writeFields(list: Field[]): string {
  return list.map((one) => `${one.name}:${one.before}${one.value}${one.after}\r\n`).join('')
}

function readBack(list: Field[]): [string, string][] {
  return list.map((one) => [one.name, one.value])
}

describe('ResponseParser and a writer of responses', () => {
  test('what is written is what is read, however it is cut', () => {
    fc.assert(
      fc.property(response, places, ({ interim, version, status, reason, fields: list, body }, cuts) => {
        let sent = interim.map((one) => `HTTP/1.1 ${one.status} \r\n${writeFields(one.fields)}\r\n`).join('')
        const written = readBack(list)
        const head = `HTTP/${version} ${status} ${reason}\r\n${writeFields(list)}`
        let expectedBody = ''
        if (body.kind === 'chunked') {
          written.push(['Transfer-Encoding', 'chunked'])
          sent += `${head}Transfer-Encoding: chunked\r\n\r\n`
          for (const { data, zeros, upper, extensions } of body.chunks) {
            const size = data.length.toString(16)
            const shown = extensions
              .map((one) => `;${one.name}${one.value === null ? '' : `=${one.value}`}`)
              .join('')
            sent += `${'0'.repeat(zeros)}${upper ? size.toUpperCase() : size}${shown}\r\n${data}\r\n`
            expectedBody += data
          }
          sent += `0\r\n${writeFields(body.trailers)}\r\n`
        } else {
          expectedBody = body.content
          if (body.kind === 'length') {
            written.push(['Content-Length', String(expectedBody.length)])
            sent += `${head}Content-Length: ${expectedBody.length}\r\n\r\n${expectedBody}`
          } else sent += `${head}\r\n${expectedBody}`
        }
        const outcome = outcomeOf(cutAt(wire(sent), cuts))
        expect(outcome.failure).toBeNull()
        expect(outcome).toMatchObject({ phase: 'done', framing: body.kind, headComplete: true, restBytes: 0 })
        expect(outcome.head).toEqual({ version, status, reason, fields: written })
        expect(outcome.interim).toEqual(
          interim.map((one) => ({
            version: '1.1',
            status: one.status,
            reason: '',
            fields: readBack(one.fields),
          })),
        )
        expect(outcome.body).toBe(expectedBody)
        expect(outcome.bodyBytes).toBe(expectedBody.length)
        expect(outcome.trailers).toEqual(body.kind === 'chunked' ? readBack(body.trailers) : [])
        expect(outcome.messageBytes).toBe(sent.length)
        const old = version === '1.0' && body.kind === 'chunked'
        expect(outcome.notes).toEqual(old ? [expect.stringContaining('HTTP/1.0')] : [])
      }),
      { numRuns: RUNS },
    )
  })
})
