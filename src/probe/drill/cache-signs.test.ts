import { describe, expect, test } from 'vitest'
import { cacheSign, looksSigned, withFreshQuery } from './cache-signs.ts'

describe('cacheSign()', () => {
  test.each<[name: string, value: string, sign: boolean]>([
    ['Age', '12', true],
    ['age', '0', false],
    ['Age', 'many', false],
    ['X-Cache', 'HIT from edge-7', true],
    ['X-Cache', 'MISS, HIT', true],
    ['X-Cache', 'MISS from edge-7', false],
    ['X-Cache', 'Error from cloudfront', false],
    ['CF-Cache-Status', 'STALE', true],
    ['CF-Cache-Status', 'DYNAMIC', false],
    ['Cache-Status', 'edge; hit; ttl=40', true],
    ['Cache-Status', 'origin; hit, edge; fwd=miss', true],
    ['Cache-Status', 'edge; fwd=miss; detail=hits', false],
    ['X-Cache-Hits', '0, 3', true],
    ['X-Cache-Hits', '0, 0', false],
    ['X-Varnish', '32770 3', true],
    ['X-Varnish', '32770', false],
    ['Warning', '110 - "Response is stale"', true],
    ['Warning', '199 - "hit"', false],
    ['Server', 'hit', false],
  ])('%s: %s is %s', (name, value, sign) => {
    expect(
      cacheSign([
        ['Date', 'x'],
        [name, value],
      ]),
    ).toBe(sign ? `${name}: ${value}` : null)
  })

  test('looks at a bounded part of a value', () => {
    expect(cacheSign([['X-Cache', `${' '.repeat(5_000)}HIT`]])).toBe(null)
  })
})

test.each([
  ['https://shop.test/', false],
  ['https://shop.test/?page=2', false],
  ['https://shop.test/?X-Amz-Signature=1', true],
  ['https://shop.test/?Expires=1&Signature=2&Key-Pair-Id=3', true],
  ['https://shop.test/?access_token=1', true],
  ['https://shop.test/?sig=a', true],
])('looksSigned(%s) is %s', (url, signed) => {
  expect(looksSigned(new URL(url))).toBe(signed)
})

test.each([
  ['https://shop.test/a', 'https://shop.test/a?whydown=1x'],
  ['https://shop.test/a?b=%20c', 'https://shop.test/a?b=%20c&whydown=1x'],
])('withFreshQuery(%s)', (url, fresh) => {
  expect(withFreshQuery(new URL(url), '1x').href).toBe(fresh)
})
