import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sampleResponse } from '../../test/golden/sample-result.ts'
import { contentOf, splitMessage, unchunk } from './received.ts'

const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('latin1')

describe('splitMessage()', () => {
  test('finds the end of the head', () => {
    const split = splitMessage(sampleResponse('HTTP/1.1 200 OK\r\nA: b\r\n\r\n', 'body\r\n\r\nmore'))
    expect(text(split?.head)).toBe('HTTP/1.1 200 OK\r\nA: b\r\n\r\n')
    expect(text(split?.body)).toBe('body\r\n\r\nmore')
  })

  test('skips interim responses', () => {
    const interim = [{ status: 103, reason: 'Early Hints', fields: [] }]
    const head = 'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 502 Bad Gateway\r\n\r\n'
    expect(text(splitMessage(sampleResponse(head, 'x', { interim }))?.head)).toBe(
      'HTTP/1.1 502 Bad Gateway\r\n\r\n',
    )
  })

  test('takes lines that end in LF alone', () => {
    expect(text(splitMessage(sampleResponse('HTTP/1.1 200 OK\nA: b\n\n', 'x'))?.body)).toBe('x')
  })

  test('takes a head that never ends for a head', () => {
    const split = splitMessage(sampleResponse('HTTP/1.1 200 OK\r\nA', ''))
    expect(text(split?.head)).toBe('HTTP/1.1 200 OK\r\nA')
    expect(split?.body).toHaveLength(0)
  })

  test('knows that nothing was kept', () => {
    expect(splitMessage(sampleResponse('HTTP/1.1 200 OK\r\n\r\n', '', { raw: null }))).toBeNull()
  })
})

describe('unchunk()', () => {
  test.each([
    ['whole chunks', '3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n', 'abcde'],
    ['lines that end in LF', '3\nabc\n0\n\n', 'abc'],
    ['upper-case sizes', 'A\r\n0123456789\r\n0\r\n', '0123456789'],
    ['a chunk cut off', '5\r\nab', 'ab'],
    ['rubbish where a size should be', '3\r\nabc\r\nzz\r\nde', 'abc'],
    ['a size beyond all bounds', 'fffffffff\r\nab', ''],
    ['nothing', '', ''],
  ])('reads %s', (_name, framed, content) => {
    expect(text(unchunk(Buffer.from(framed)))).toBe(content)
  })

  test('never reads past its end, whatever comes in', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(unchunk(bytes).length).toBeLessThanOrEqual(bytes.length)
      }),
    )
  })
})

describe('contentOf()', () => {
  test('removes the framing', () => {
    const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
    expect(text(contentOf(sampleResponse(head, '2\r\nhi\r\n0\r\n\r\n'))?.bytes)).toBe('hi')
  })

  test('names the coding that is still on it', () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n'
    expect(contentOf(sampleResponse(head, 'xx'))?.coding).toBe('gzip')
    expect(
      contentOf(sampleResponse('HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\n\r\n', 'x'))?.coding,
    ).toBeNull()
  })
})
