// Which good answers are worth a closer look: all that hide something, few of the rest, and in no time.
import { describe, expect, test } from 'vitest'
import type { FieldLine } from '../model/result.ts'
import { mayHideFailure } from './hidden-failure.ts'

const HTML: FieldLine[] = [['Content-Type', 'text/html; charset=utf-8']]

function look(
  body: string,
  fields: FieldLine[] = HTML,
  more: { status?: number; method?: string } = {},
): boolean {
  const bytes = Buffer.from(body, 'latin1')
  return mayHideFailure(
    { status: more.status ?? 200, fields, bodyBytes: bytes.length },
    more.method ?? 'GET',
    bytes,
    null,
  )
}

const long = (text: string): string =>
  `<!DOCTYPE html><html><head><title>Shop</title></head><body>${text}</body></html>`

describe('mayHideFailure()', () => {
  test.each([
    ['the title of an error page', '<html><head><TITLE>\n502 Bad Gateway</TITLE></head></html>'],
    ['the title of a placeholder', '<html><head><title>Welcome to nginx!</title></head></html>'],
    ['a parking service', long('<script src="https://www.parkingcrew.net/x.js"></script>')],
    [
      'a second document at the end',
      `${long('x'.repeat(60_000))}<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN"><title>503`,
    ],
    ['an error text at the end', `${long('x'.repeat(3000))}Error: aborted`],
    [
      'a program that dies in the middle',
      `<html><body>${'x'.repeat(9000)}<b>Fatal error</b>:  Uncaught Error`,
    ],
    ['nothing at all', ''],
  ])('takes %s for worth a closer look', (_name, body) => {
    expect(look(body)).toBe(true)
  })

  test.each<[string, FieldLine[]]>([
    ['no Content-Type', [['Server', 'x']]],
    ['X-Transformed-From', [...HTML, ['X-Transformed-From', 'HTTP/0.9']]],
    ['a stale copy by X-Cache-Status', [...HTML, ['X-Cache-Status', 'STALE']]],
    ['a stale copy by Cache-Status', [...HTML, ['Cache-Status', 'edge; fwd=stale; fwd-status=503']]],
    ['a stale copy by Warning', [...HTML, ['Warning', '111 - "Revalidation Failed"']]],
    ['a copy of great Age', [...HTML, ['Age', '86400']]],
  ])('takes %s for worth a closer look', (_name, fields) => {
    expect(look(long('hello'), fields)).toBe(true)
  })

  test.each<[string, string, FieldLine[]]>([
    ['a page', long('hello'), HTML],
    ['a long page', long('x'.repeat(100_000)), HTML],
    ['a page about errors', long('<h2>What does 502 Bad Gateway mean?</h2>'), HTML],
    ['JSON', '{"title":"502 Bad Gateway"}', [['Content-Type', 'application/json']]],
    ['an image', '\x89PNG', [['Content-Type', 'image/png']]],
    ['a fresh copy', long('hello'), [...HTML, ['Age', '30'], ['X-Cache', 'HIT']]],
  ])('leaves %s alone', (_name, body, fields) => {
    expect(look(body, fields)).toBe(false)
  })

  test('expects no content where there is none to expect', () => {
    expect(look('', HTML, { method: 'HEAD' })).toBe(false)
    expect(look('', HTML, { status: 204 })).toBe(false)
  })

  test('reads the decoded text of a coded answer', () => {
    const answer = { status: 200, fields: HTML, bodyBytes: 30 }
    const coded = Buffer.from([0x1f, 0x8b, 0x08])
    expect(mayHideFailure(answer, 'GET', coded, '<title>Welcome to nginx!</title>')).toBe(true)
    expect(mayHideFailure(answer, 'GET', coded, long('fine'))).toBe(false)
  })
})
