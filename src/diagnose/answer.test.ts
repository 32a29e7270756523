import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { ANSWER_BYTES, type Answer, contentText, readAnswer } from './answer.ts'

const read = (text: string, ended: Answer['ended'] = 'fin', method = 'GET'): Answer =>
  readAnswer(Uint8Array.from(Buffer.from(text, 'latin1')), ended, method)

describe('readAnswer()', () => {
  it('keeps names with case and order, values without the space around them, folds undone', () => {
    const answer = read('HTTP/1.1 200 OK\r\nX-A:  1 \r\nx-b: 2\r\n  3\r\nX-A: 4\r\n\r\n')
    expect(answer.fields).toEqual([
      ['X-A', '1'],
      ['x-b', '2 3'],
      ['X-A', '4'],
    ])
    expect(answer.byName.get('x-a')).toEqual(['1', '4'])
  })

  it.each([
    ['HTTP/1.1 502 Bad Gateway', 502, 'Bad Gateway'],
    ['HTTP/1.1 502', 502, ''],
    ['HTTP/1.1 502 ', 502, ''],
    ['http/1.1 200 OK', 200, 'OK'],
    ['HTTP/1.1 OK', null, 'OK'],
    ['HTTP/1.1 1000 Odd', 1000, 'Odd'],
    ['HTTP/1.1 099 Odd', 99, 'Odd'],
    ['HTTP/1.1', null, ''],
  ])('%s', (line, status, reason) => {
    expect(read(`${line}\r\n\r\n`)).toMatchObject({ status, reason, isHttp: true })
  })

  it.each([
    ['length reached', 'Content-Length: 2\r\n\r\nab', 'whole', 'ab'],
    ['length not reached', 'Content-Length: 3\r\n\r\nab', 'cut', 'ab'],
    ['more than the length', 'Content-Length: 1\r\n\r\nab', 'whole', 'a'],
    ['two lengths', 'Content-Length: 1\r\nContent-Length: 2\r\n\r\nab', 'broken', 'ab'],
    ['no number', 'Content-Length: abc\r\n\r\nab', 'broken', 'ab'],
    ['no framing', 'A: b\r\n\r\nab', 'open', 'ab'],
    ['chunks', 'Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n1;x="y"\r\nb\r\n0\r\n\r\n', 'whole', 'ab'],
    ['chunks with trailers', 'Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nT: u\r\n\r\n', 'whole', 'ab'],
    ['no last chunk', 'Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n', 'cut', 'ab'],
    ['a cut chunk', 'Transfer-Encoding: chunked\r\n\r\n9\r\nab', 'cut', 'ab'],
    ['no chunk size', 'Transfer-Encoding: chunked\r\n\r\nzz\r\nab', 'broken', ''],
    ['a chunk size too large', 'Transfer-Encoding: chunked\r\n\r\nfffffffffffff\r\nab', 'broken', ''],
    ['rubbish behind a chunk', 'Transfer-Encoding: chunked\r\n\r\n2\r\nabXX', 'broken', 'ab'],
    ['bare line feeds', 'Transfer-Encoding: chunked\n\n2\nab\n0\n\n', 'whole', 'ab'],
  ])('%s', (_name, rest, framed, content) => {
    const answer = read(`HTTP/1.1 200 OK\r\n${rest}`)
    expect(answer.framed).toBe(framed)
    expect(contentText(answer, 100)).toBe(content)
  })

  it('takes text for content whose chunks a tool has undone already, but only when the ending is not known', () => {
    const text = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n<p>saved</p>'
    expect(contentText(read(text, 'unknown'), 100)).toBe('<p>saved</p>')
    expect(read(text).framed).toBe('broken')
  })

  it('goes on past interim responses, and says when nothing else came', () => {
    expect(
      read(
        'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nA: b\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n',
      ),
    ).toMatchObject({ status: 204, interim: [100, 103] })
    expect(read('HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n')).toMatchObject({
      interimOnly: true,
      interim: [103],
    })
  })

  it('undoes gzip as far as it goes, and never more than it keeps', () => {
    const packed = gzipSync('<p>all of it</p>').toString('latin1')
    expect(contentText(read(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n${packed}`), 100)).toBe(
      '<p>all of it</p>',
    )
    const bomb = gzipSync(Buffer.alloc(50_000_000)).toString('latin1')
    const answer = read(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n${bomb}`)
    expect(answer.content.length).toBeLessThanOrEqual(ANSWER_BYTES)
    expect(answer.contentPartial).toBe(true)
  })

  it('notes a line that is no field', () => {
    expect(read('HTTP/1.1 200 OK\r\nno colon here\r\n\r\n').badFieldLine).toBe('no colon here')
    expect(read('HTTP/1.1 200 OK\r\nSpace : x\r\n\r\n').badFieldLine).toBe('Space : x')
  })

  it('reads no more than its bound of a huge answer', () => {
    const answer = readAnswer(
      Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\n\r\n'), Buffer.alloc(1_000_000, 0x61)]),
      'fin',
      'GET',
    )
    expect(answer.raw.length).toBe(ANSWER_BYTES)
    expect(answer.contentPartial).toBe(true)
  })
})
