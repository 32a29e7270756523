import { describe, expect, it } from 'vitest'
import { WhydownError } from '../model/error.ts'
import { findByPath, MAX_MATCHES, MAX_PATH_CHARS, MAX_STEPS, parseJsonPath } from './json-path.ts'

const DOCUMENT = {
  status: { ok: true, code: 200, 'x.y': 'dotted', "it's": 'quoted', '': 'empty' },
  items: [
    { id: 1, name: 'a', tags: ['x'] },
    { id: 2, name: 'b', nested: { id: 3 } },
    { id: 4, name: null },
  ],
  numbers: [0, 1, 2, 3, 4, 5],
  'content-type': 'json',
  größe: 5,
  '0': 'zero',
  $ref: 'dollar',
}

describe('findByPath()', () => {
  it.each<[path: string, ...values: unknown[]]>([
    ['$', DOCUMENT],
    ['$.status.ok', true],
    ['status.ok', true],
    ['.status.ok', true],
    ["$['status']['ok']", true],
    ['$["status"].code', 200],
    ['status["x.y"]', 'dotted'],
    ["status['it\\'s']", 'quoted'],
    ["$.status['']", 'empty'],
    ['items[0].id', 1],
    ['items[-1].id', 4],
    ['items[ 1 ].name', 'b'],
    ['items[3].id'],
    ['items[-4].id'],
    ['items[2].name', null],
    ['items[*].id', 1, 2, 4],
    ['items.*.id', 1, 2, 4],
    ['$..id', 1, 2, 3, 4],
    ['..nested.id', 3],
    ['$..[0]', { id: 1, name: 'a', tags: ['x'] }, 'x', 0],
    ['items[0,2].id', 1, 4],
    ["items[0]['name','id']", 'a', 1],
    ['numbers[1:3]', 1, 2],
    ['numbers[:2]', 0, 1],
    ['numbers[-2:]', 4, 5],
    ['numbers[::2]', 0, 2, 4],
    ['numbers[5:2:-2]', 5, 3],
    ['numbers[::-1]', 5, 4, 3, 2, 1, 0],
    ['numbers[::0]'],
    ['numbers[9:]'],
    ['numbers[-99:1]', 0],
    ['content-type', 'json'],
    ['größe', 5],
    ['0', 'zero'],
    ["['\\u0030']", 'zero'],
    ['$ref', 'dollar'],
    ['missing'],
    ['status.missing.deeper'],
    ['status.ok.deeper'],
    ['status[0]'],
    ['items.length'],
    ['items.0'],
    ['status.toString'],
    ['constructor'],
    ['__proto__'],
  ])('%s', (path, ...values) => {
    expect(findByPath(DOCUMENT, parseJsonPath(path))).toEqual({ values, complete: true })
  })

  it('finds what JSON calls __proto__, which is a name like any other', () => {
    expect(findByPath(JSON.parse('{"__proto__":{"a":1}}'), parseJsonPath('__proto__.a')).values).toEqual([1])
  })

  it('finds nothing below a plain value', () => {
    for (const json of [null, 1, 'text', true]) {
      expect(findByPath(json, parseJsonPath('$.a')).values).toEqual([])
      expect(findByPath(json, parseJsonPath('$..*')).values).toEqual([])
      expect(findByPath(json, parseJsonPath('$')).values).toEqual([json])
    }
  })

  it('gives back a bounded number of values and says that there are more', () => {
    const many = Array.from({ length: MAX_MATCHES + 1 }, (_, index) => index)
    const found = findByPath(many, parseJsonPath('$[*]'))
    expect(found.values).toHaveLength(MAX_MATCHES)
    expect(found.complete).toBe(false)
    expect(findByPath(many.slice(1), parseJsonPath('$[*]')).complete).toBe(true)
  })

  it('ends a search that multiplies', () => {
    let deep: unknown = { a: 1 }
    for (let level = 0; level < 3000; level++) deep = { a: deep }
    const found = findByPath(deep, parseJsonPath('$..*..*..*'))
    expect(found.complete).toBe(false)
    expect(found.values.length).toBeLessThanOrEqual(MAX_MATCHES)
  })

  it('goes as deep as JSON.parse does', () => {
    const depth = 100_000
    const json: unknown = JSON.parse(`${'['.repeat(depth)}{"end":1}${']'.repeat(depth)}`)
    expect(findByPath(json, parseJsonPath('$..end')).values).toEqual([1])
  })
})

describe('parseJsonPath() refuses', () => {
  it.each<[path: string, position: number, says: RegExp]>([
    ['', 1, /is empty/],
    ['   ', 1, /is empty/],
    ['a..', 4, /ends with a dot/],
    ['a.', 3, /ends with a dot/],
    ['a.[0]', 2, /a dot before a bracket/],
    ['a b', 2, /has " " where "\." or "\["/],
    ['a[', 2, /not closed/],
    ['a[0', 2, /not closed/],
    ['a[]', 3, /has "\]" in brackets/],
    ['a[x]', 3, /has "x" in brackets/],
    ['a[0x]', 4, /has "x" where "\]" or ","/],
    ['a[01]', 3, /the index 01/],
    ['a[-0]', 3, /the index -0/],
    ['a[-]', 3, /"-" without digits/],
    ['a[9007199254740992]', 3, /the index 9007199254740992/],
    ["a['b]", 3, /a quotation that is not closed/],
    ["a['\\x']", 4, /an unknown escape/],
    ["a['\\u00g0']", 4, /an unknown escape/],
    ['a[?@.b==1]', 3, /a filter, which is not supported/],
    ['a[(@.length-1)]', 3, /a script, which is not supported/],
    ['a]b', 2, /has "\]" where/],
    ['length(a)', 7, /has "\(" where/],
    ['"a"', 1, /has "\\"" where a name must stand/],
    ['a[0],', 5, /has "," where/],
    [`a${'.a'.repeat(MAX_STEPS)}`, MAX_STEPS * 2 + 2, /more than 64 steps/],
    ['a'.repeat(MAX_PATH_CHARS + 1), MAX_PATH_CHARS + 1, /longer than 1024/],
  ])('%o at position %i', (path, position, says) => {
    let thrown: unknown
    try {
      parseJsonPath(path)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(WhydownError)
    const { message, hint, kind } = thrown as WhydownError
    expect(kind).toBe('usage')
    expect(message).toMatch(says)
    expect(message).toMatch(new RegExp(`at position ${position}$`))
    expect(hint).toBeTruthy()
  })
})
