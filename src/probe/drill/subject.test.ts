import { describe, expect, test } from 'vitest'
import { type CheckOptions, DEFAULT_OPTIONS } from '../../model/check-options.ts'
import { type Failure, failure } from '../../model/failure.ts'
import type { Observation } from '../../model/observation.ts'
import type { Exchange, FieldLine } from '../../model/result.ts'
import { subjectOf } from './subject.ts'

function exchange(
  url: string,
  more: { fields?: FieldLine[]; failure?: Failure; method?: string } = {},
): Exchange {
  return {
    url,
    method: more.method ?? 'GET',
    address: null,
    proxy: null,
    timings: { resolve: 1, connect: 1, tls: null, send: 1, wait: 1, receive: 1 },
    tls: null,
    request: null,
    response: more.failure
      ? null
      : ({ status: 302, fields: more.fields ?? [] } as unknown as Exchange['response']),
    unparsed: null,
    failure: more.failure ?? null,
    observations: ['o1'],
  }
}

function subject(
  exchanges: Exchange[],
  options: Partial<CheckOptions> = {},
  observations: Observation[] = [],
) {
  const failed = exchanges.at(-1)?.failure ?? null
  const checked = {
    exchanges,
    failure: failed,
    outcome: 'down' as const,
    observations,
    basic: { user: 'ann', password: 'p' },
  }
  return subjectOf(checked, { ...DEFAULT_OPTIONS, ...options })
}

const cut = failure('closed_without_answer', '')

describe('subjectOf()', () => {
  test('no exchange, no subject', () => {
    expect(subject([])).toBe(null)
  })

  test('the failing exchange, also when a later one of another scheme is there', () => {
    const https = exchange('https://shop.test/', { failure: cut })
    const http = exchange('http://shop.test/', { failure: failure('connect_refused', '') })
    const checked = {
      exchanges: [https, http],
      failure: cut,
      outcome: 'down' as const,
      observations: [],
      basic: null,
    }
    expect(subjectOf(checked, DEFAULT_OPTIONS)?.url.href).toBe('https://shop.test/')
  })

  test('credentials and cookies stay where they belong', () => {
    const options: Partial<CheckOptions> = {
      bearer: 't',
      fields: [
        ['Cookie', 'own=1'],
        ['X-Shop', '2'],
      ],
    }
    const cookie: FieldLine[] = [['Set-Cookie', 'seen=1; Path=/']]
    const here = subject(
      [exchange('http://shop.test/', { fields: cookie }), exchange('http://shop.test/b', { failure: cut })],
      options,
    )
    expect(here?.plan).toMatchObject({
      bearer: 't',
      basic: { user: 'ann' },
      cookie: 'seen=1',
      fields: options.fields,
    })
    const away = subject(
      [exchange('http://shop.test/', { fields: cookie }), exchange('http://other.test/', { failure: cut })],
      options,
    )
    expect(away?.plan).toMatchObject({ bearer: null, basic: null, cookie: null, fields: [['X-Shop', '2']] })
  })

  test('the other scheme of a bare name is no redirect', () => {
    const failed = exchange('https://shop.test/', { failure: cut })
    const plain = subject([
      failed,
      exchange('http://shop.test/', { failure: failure('status_unaccepted', '502') }),
    ])
    expect(plain?.plan.basic).toStrictEqual({ user: 'ann', password: 'p' })
  })

  test.each([
    ['GET', 'GET', false],
    ['HEAD', 'HEAD', false],
    ['OPTIONS', 'GET', false],
    ['POST', 'GET', true],
    ['DELETE', 'GET', true],
  ])('%s is asked again as %s', (method, plan, tamer) => {
    const options = { body: Buffer.from('x'), fields: [['Content-Type', 'a/b']] as FieldLine[] }
    const made = subject([exchange('http://shop.test/', { method, failure: cut })], options)
    expect(made).toMatchObject({ plan: { method: plan, body: null, fields: [] }, planIsTamer: tamer })
  })

  test('the addresses of the name, not those of the proxy', () => {
    const seen = (id: string, host: string, ip: string): Observation => ({
      id,
      operation: 'resolve',
      startMs: 0,
      endMs: 1,
      input: { host },
      output: { addresses: [{ ip, family: 4 }] },
      failure: null,
    })
    const observations = [seen('o1', 'proxy.test', '192.0.2.8'), seen('o2', 'shop.test', '8.8.8.8')]
    const last = { ...exchange('http://shop.test/', { failure: cut }), observations: ['o1', 'o2'] }
    expect(subject([last], {}, observations)?.addresses).toStrictEqual([{ ip: '8.8.8.8', family: 4 }])
    const given = subject([last], { connectTo: { ip: '::1', port: null } }, observations)
    expect(given?.addresses).toStrictEqual([{ ip: '::1', family: 6 }])
  })
})
