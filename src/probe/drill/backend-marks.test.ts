import { describe, expect, test } from 'vitest'
import type { FieldLine } from '../../model/result.ts'
import { backendMarks } from './backend-marks.ts'

describe('backendMarks()', () => {
  test.each<[FieldLine, [string, string, string] | null]>([
    [
      ['X-Backend', ' app3 '],
      ['field', 'X-Backend', 'app3'],
    ],
    [
      ['X-Served-By', 'cache-fra-7'],
      ['field', 'X-Served-By', 'cache-fra-7'],
    ],
    [
      ['Server-Timing', 'db;dur=5, backend;dur=3;desc="app3"'],
      ['field', 'Server-Timing backend', 'app3'],
    ],
    [['Server-Timing', 'backend;dur=3'], null],
    [
      ['Set-Cookie', 'SERVERID=s2; path=/'],
      ['cookie', 'SERVERID', 's2'],
    ],
    [
      ['Set-Cookie', 'BIGipServerpool_web=1677787402.20480.0000; path=/'],
      ['cookie', 'BIGipServerpool_web', '1677787402.20480.0000'],
    ],
    [
      ['Set-Cookie', 'JSESSIONID=4B1D5A.node2; Path=/shop'],
      ['cookie', 'JSESSIONID', 'node2'],
    ],
    [['Set-Cookie', 'JSESSIONID=4B1D5A; Path=/shop'], null],
    [
      ['Set-Cookie', 'ROUTEID=.1'],
      ['cookie', 'ROUTEID', '.1'],
    ],
    [['Set-Cookie', 'cart=SERVERID'], null],
    [['Set-Cookie', 'nonsense'], null],
    [['Server', 'nginx'], null],
    [['Content-Length', '12'], null],
    [['X-Backend', ''], null],
  ])('%j', (field, mark) => {
    const expected = mark ? [{ what: mark[0], name: mark[1], value: mark[2] }] : []
    expect(backendMarks([field])).toStrictEqual(expected)
  })

  test('takes the first of a repeated name and a bounded number', () => {
    const many: FieldLine[] = Array.from({ length: 500 }, (_, at) => ['Set-Cookie', `BIGipServer${at}=1.2.0`])
    expect(backendMarks(many)).toHaveLength(16)
    expect(
      backendMarks([
        ['X-Node', 'a'],
        ['X-Node', 'b'],
      ]),
    ).toStrictEqual([{ what: 'field', name: 'X-Node', value: 'a' }])
  })
})
