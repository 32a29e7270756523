import { describe, expect, test } from 'vitest'
import { failure } from '../../model/failure.ts'
import type { Exchange } from '../../model/result.ts'
import { DEFAULT_TIMEOUTS, isAsLong, timeoutsAsLongAs } from './default-timeouts.ts'
import { errorMsOf, paceOf, roundTripOf } from './pace.ts'

test.each<[errorMs: number, again: number | null, roundTrip: number | null, pace: string]>([
  [12, null, 5, 'at_once'],
  [250, null, 80, 'at_once'],
  [250, null, 5, 'other'],
  [900, 20, 5, 'at_once'],
  [3_020, null, 5, 'round'],
  [3_020, 3_004, 5, 'round'],
  [3_020, 4_100, 5, 'other'],
  [3_600, null, 5, 'other'],
  [60_040, null, 20, 'round'],
  [61_500, null, 20, 'other'],
  [12_020, null, 20, 'other'],
  [1_010, null, 20, 'other'],
])('paceOf(%d, %s, %s) is %s', (errorMs, again, roundTrip, pace) => {
  expect(paceOf(errorMs, again, roundTrip)).toBe(pace)
})

describe('timeoutsAsLongAs()', () => {
  test.each<[ms: number, products: string[]]>([
    [60_050, ['nginx', 'Apache httpd', 'Varnish', 'Kong']],
    [30_040, ['Heroku', 'Amazon CloudFront', 'Google Cloud Load Balancing']],
    [29_030, ['Amazon API Gateway']],
    [3_510, ['Varnish']],
    [100_200, ['Cloudflare']],
    [230_400, ['Azure App Service']],
  ])('%d ms', (ms, products) => {
    const found = timeoutsAsLongAs(ms, 10).map(({ product }) => product)
    expect(found).toStrictEqual(expect.arrayContaining(products))
  })

  test.each([500, 7_000, 29_500, 59_000, 45_000])('%d ms is nobody’s default', (ms) => {
    expect(timeoutsAsLongAs(ms, 10)).toStrictEqual([])
  })

  test('the table is in order of length', () => {
    const lengths = DEFAULT_TIMEOUTS.map(({ seconds }) => seconds)
    expect(lengths).toStrictEqual(lengths.toSorted((one, other) => one - other))
  })
})

test('isAsLong() allows for a slow network', () => {
  expect(isAsLong(5_800, 5, 10)).toBe(false)
  expect(isAsLong(5_800, 5, 200)).toBe(true)
  expect(isAsLong(4_900, 5, 200)).toBe(false)
})

describe('errorMsOf() and roundTripOf()', () => {
  const timings = { resolve: 1, connect: 7, tls: 9, send: 1, wait: 40, receive: 300 }
  const exchange = (more: Partial<Exchange>): Exchange =>
    ({ timings, response: null, failure: null, proxy: null, ...more }) as Exchange

  test('an answer has its time at its first byte, a broken connection at its end', () => {
    expect(errorMsOf(exchange({ response: {} as Exchange['response'] }))).toBe(41)
    expect(errorMsOf(exchange({}))).toBe(341)
    expect(errorMsOf(exchange({ timings: { ...timings, send: null, wait: null } }))).toBe(null)
  })

  test('no round trip without a connection, nor through a proxy', () => {
    expect(roundTripOf(exchange({}))).toBe(7)
    expect(roundTripOf(exchange({ failure: failure('connect_refused', '') }))).toBe(null)
    expect(roundTripOf(exchange({ proxy: 'http://proxy.test:3128' }))).toBe(null)
  })
})
