import { describe, expect, it } from 'vitest'
import { sameJson, shownJson } from './json-value.ts'

describe('sameJson()', () => {
  it.each<[found: unknown, expected: unknown, same: boolean]>([
    [1, 1, true],
    [1, '1', false],
    [null, null, true],
    [null, {}, false],
    [{}, null, false],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [{ a: 1, b: 2 }, { a: 1 }, false],
    [{ a: 1 }, { a: 1, b: undefined }, false],
    [{ a: [1, { b: null }] }, { a: [1, { b: null }] }, true],
    [[1, 2], [2, 1], false],
    [[1], [1, 2], false],
    [[], {}, false],
    [{}, [], false],
    [{ 0: 1 }, [1], false],
    [{}, { toString: 1 }, false],
  ])('%o and %o: %o', (found, expected, same) => {
    expect(sameJson(found, expected)).toBe(same)
  })
})

describe('shownJson()', () => {
  it.each<[value: unknown, shown: string]>([
    ['a "quoted"\n', '"a \\"quoted\\"\\n"'],
    [1.5, '1.5'],
    [null, 'null'],
    [true, 'true'],
    [[1, [2, {}]], '[1,[2,{}]]'],
    [{ a: { b: 'c' }, d: [] }, '{"a":{"b":"c"},"d":[]}'],
    [[[[[[[1]]]]]], '[[[[[[...]]]]]]'],
    [{ a: { a: { a: { a: { a: {} } } } } }, '{"a":{"a":{"a":{"a":{"a":{...}}}}}}'],
  ])('%o as %s', (value, shown) => {
    expect(shownJson(value, 200)).toBe(shown)
  })

  it('is no longer than asked for, of however large a value', () => {
    const large = Array.from({ length: 100_000 }, (_, index) => ({ [`name${index}`]: 'x'.repeat(100) }))
    expect(shownJson(large, 200)).toHaveLength(200)
    expect(shownJson(large, 200).endsWith('...')).toBe(true)
    expect(shownJson('x'.repeat(1_000), 50)).toHaveLength(50)
  })

  it('survives a value deeper than the stack', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`)
    expect(shownJson(deep, 200)).toBe('[[[[[[...]]]]]]')
    expect(sameJson(deep, [[1]])).toBe(false)
  })
})
