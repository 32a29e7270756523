import { describe, expect, test } from 'vitest'
import { sampleExchange, sampleObservation, sampleResult } from '../../test/golden/sample-result.ts'
import { FAILURE_CODES, type FailureCode, failure } from '../model/failure.ts'
import type { Phase } from '../model/phase.ts'
import type { Exchange } from '../model/result.ts'
import { chainOf } from './chain.ts'

function chain(code: FailureCode | null, over: Partial<Exchange> = {}, phase?: Phase): string {
  const failed = code === null ? null : failure(code, 'raw', phase ? { phase } : {})
  const exchange = sampleExchange({ failure: failed, ...over })
  const queries = [sampleObservation('dns_query', { name: 'www.example.test' }, {})]
  return chainOf(sampleResult({ exchanges: [exchange], failure: failed }, queries))
    .map((link) => `${link.name} ${link.state}`)
    .join(', ')
}

describe('chainOf()', () => {
  test.each<[FailureCode | null, string]>([
    [null, 'you ok, resolver ok, network ok, server ok'],
    ['dns_name_not_found', 'you ok, resolver broken, network unreached, server unreached'],
    ['host_unreachable', 'you ok, resolver ok, network broken, server unreached'],
    ['connect_timed_out', 'you ok, resolver ok, network unknown, server unknown'],
    ['connect_refused', 'you ok, resolver ok, network ok, server broken'],
    ['certificate_expired', 'you ok, resolver ok, network ok, server broken'],
    ['status_unaccepted', 'you ok, resolver ok, network ok, server broken'],
    ['local_limit', 'you broken, resolver unknown, network unknown, server unknown'],
    ['address_forbidden', 'you broken, resolver unknown, network unknown, server unknown'],
  ])('%s', (code, links) => {
    expect(chain(code)).toBe(links)
  })

  test('what works but needs attention breaks no link', () => {
    const failed = failure('connect_refused', 'one of two')
    const result = sampleResult({ exchanges: [sampleExchange()], failure: failed, outcome: 'degraded' })
    expect(chainOf(result).map((link) => link.state)).toEqual(['ok', 'ok', 'attention'])
  })

  test('a cancelled check blames nobody', () => {
    expect(chain('cancelled', {}, 'wait')).toBe('you ok, resolver ok, network ok, server unknown')
    expect(chain('cancelled', {}, 'resolve')).toBe(
      'you ok, resolver unknown, network unreached, server unreached',
    )
  })

  test('a proxy that refuses is the broken link', () => {
    const over = { proxy: 'http://proxy.test:3128', url: 'https://www.example.test/' }
    expect(chain('proxy_denied', over)).toBe(
      'you ok, resolver ok, network ok, proxy broken, server unreached',
    )
  })

  test('behind a tunnel the server speaks for itself, behind a plain proxy nobody can tell', () => {
    const proxy = 'http://proxy.test:3128'
    expect(chain('status_unaccepted', { proxy, url: 'https://www.example.test/' })).toContain(
      'proxy ok, server broken',
    )
    expect(chain('status_unaccepted', { proxy })).toContain('proxy unknown, server unknown')
  })

  test('leaves out the resolver when nobody was asked', () => {
    const failed = failure('connect_refused', 'raw')
    const result = sampleResult({ exchanges: [sampleExchange({ failure: failed })], failure: failed })
    expect(chainOf(result).map((link) => link.name)).toEqual(['you', 'network', 'server'])
  })

  test.each(Object.keys(FAILURE_CODES) as FailureCode[])('%s marks a link', (code) => {
    const proxy = code.startsWith('proxy_') ? { proxy: 'http://proxy.test:3128' } : {}
    expect(chain(code, proxy)).toMatch(/broken|unknown/)
  })
})
