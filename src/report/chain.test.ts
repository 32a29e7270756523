import { describe, expect, test } from 'vitest'
import {
  sampleDiagnosis,
  sampleExchange,
  sampleObservation,
  sampleResult,
} from '../../test/golden/sample-result.ts'
import { FAILURE_CODES, type FailureCode, failure } from '../model/failure.ts'
import type { Phase } from '../model/phase.ts'
import type { Exchange } from '../model/result.ts'
import type { ChainLink, Diagnosis } from '../model/diagnosis.ts'
import { chainOf, hopParts } from './chain.ts'

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

describe('chainOf() with a diagnosis', () => {
  const links: ChainLink[] = [
    { link: 'you', name: 'you', state: 'ok', howWeKnow: 'here', evidence: ['o1'] },
    { link: 'network', name: 'network to 192.0.2.7', state: 'ok', howWeKnow: 'connected', evidence: ['o1'] },
    { link: 'gateway', name: 'nginx 1.22.1', state: 'ok', howWeKnow: 'its page', evidence: ['o1'] },
    { link: 'upstream', name: 'upstream', state: 'broken', howWeKnow: 'the gateway says so', evidence: [] },
    { link: 'origin', name: 'the site', state: 'unreached', howWeKnow: '', evidence: [] },
  ]

  function drawn(diagnosis: Diagnosis): string[] {
    return chainOf(sampleResult({ exchanges: [sampleExchange()], diagnosis })).map(
      (part) => `${part.name} ${part.state} ${part.who}${part.inferred ? ' (inferred)' : ''}`,
    )
  }

  test('draws its links, and marks what was only concluded', () => {
    expect(drawn(sampleDiagnosis({ links }))).toEqual([
      'you ok ',
      'network ok network to 192.0.2.7',
      'gateway ok nginx 1.22.1',
      'upstream broken  (inferred)',
      'origin unreached the site',
    ])
  })

  test('a hop that is only possible is inferred, whatever evidence it has', () => {
    const [hop] = sampleDiagnosis().chain
    if (!hop) throw new Error('no hop')
    expect(drawn(sampleDiagnosis({ links, chain: [{ ...hop, confidence: 'possible' }] }))[2]).toContain(
      '(inferred)',
    )
  })

  test('without links of its own the walked ones are drawn', () => {
    expect(drawn(sampleDiagnosis())).toEqual(['you ok ', 'network ok ', 'server ok '])
  })
})

describe('hopParts()', () => {
  const server = {
    ...sampleDiagnosis().chain[0],
    role: 'server',
    name: 'Apache',
    madeThePage: false,
  } as Diagnosis['chain'][0]
  const gateway = sampleDiagnosis().chain[0] as Diagnosis['chain'][0]

  test.each<[string, Partial<Diagnosis>, string]>([
    ['behind the hops', { link: 'upstream' }, 'gateway ok, upstream broken'],
    ['the hop that made the page', { link: 'gateway' }, 'gateway broken'],
    ['the server among the hops', { link: 'origin', chain: [gateway, server] }, 'gateway ok, server broken'],
    ['a server that no hop shows', { link: 'content' }, 'gateway ok, content broken'],
    ['before all hops', { link: 'network' }, 'network broken, gateway ok'],
    ['no hop at all', { link: 'origin', chain: [] }, 'origin broken'],
    ['a remark', { link: 'gateway', effect: 'remark' }, 'gateway attention'],
    ['our side', { link: 'proxy', effect: 'unknown' }, 'gateway ok, proxy unknown'],
  ])('blames %s', (_name, over, drawn) => {
    const parts = hopParts(sampleDiagnosis(over))
    expect(parts.map(({ name, state }) => `${name} ${state}`).join(', ')).toBe(drawn)
  })
})
