// Whatever codes, looks and bytes come together: a diagnosis with fields that agree, fit to be shown, blaming nobody
// for a fault of ours.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diagnoseEvidence } from '../../../src/diagnose/diagnose.ts'
import { judgeResponse } from '../../../src/diagnose/response.ts'
import { RULES } from '../../../src/diagnose/rules.ts'
import { CONFIDENCES, type Diagnosis, isCause, LINKS, PARTIES } from '../../../src/model/diagnosis.ts'
import type { DrillFinding } from '../../../src/model/drill.ts'
import { FAILURE_CODES, type FailureCode, isOurFault } from '../../../src/model/failure.ts'
import {
  addresses,
  application,
  cached,
  difference,
  direct,
  failing,
  glance,
  hops,
  nginx,
  origin,
  path,
  paths,
  protocols,
  references,
  repetition,
  resolvers,
  resultOf,
  timing,
  type World,
} from './evidence.ts'

const RUNS = 3000

const code = fc.constantFrom(...(Object.keys(FAILURE_CODES) as FailureCode[]))
const verdict = fc.constantFrom('same' as const, 'other' as const, 'works' as const)
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.constantFrom('\u001b[31m\u202e\u0000', 'x'.repeat(3000), '\ud800', '`$(id)`\n; rm -rf /'),
)
const seen = fc.oneof(
  fc.constant(glance()),
  code.map((one) => failing(one)),
  fc.tuple(code, hostile).map(([one, raw]) => failing(one, raw)),
  fc.integer({ min: 100, max: 999 }).map((status) => glance({ status })),
)

const finding: fc.Arbitrary<DrillFinding> = fc.oneof(
  fc
    .constantFrom('all_fail' as const, 'some_fail' as const, 'all_work' as const)
    .chain((extent) => code.map((one) => references(extent, one))),
  fc
    .tuple(
      fc.constantFrom(
        'agree',
        'differ',
        'resolver_fails',
        'zone_fails',
        'dnssec',
        'missing',
        'parent_missing',
        'stale',
        'unknown' as const,
      ),
      fc.option(hostile),
    )
    .map(([what, parked]) => resolvers(what as 'agree', parked)),
  fc.array(verdict, { maxLength: 5 }).map((each) => addresses(...each)),
  fc.tuple(verdict, seen).map(([what, one]) => origin(what, one)),
  fc.tuple(fc.option(fc.boolean()), fc.option(seen)).map(([is, bare]) => cached(is, { bare })),
  fc.constantFrom('site' as const, 'page' as const, 'method' as const, 'unknown' as const).map(paths),
  fc
    .tuple(fc.nat(9), fc.nat(9), fc.option(hostile))
    .map(([one, other, value]) =>
      repetition(
        Math.min(one, other),
        Math.max(one, other),
        value === null ? null : { what: 'field', name: value, value },
      ),
    ),
  fc
    .record({
      otherScheme: fc.option(seen),
      http1: fc.option(seen),
      http2: fc.option(seen),
      withoutName: fc.option(seen),
      unverified: fc.option(seen),
    })
    .map(protocols),
  fc
    .tuple(fc.constantFrom('reached', 'firewall', 'silence', 'unknown' as const), fc.option(fc.boolean()))
    .map(([end, mtu]) => path(end as 'reached', mtu)),
  fc
    .tuple(
      fc.constantFrom('at_once', 'round', 'other' as const),
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      hostile,
    )
    .map(([pace, ms, setting]) => timing(pace as 'round', ms, [{ seconds: 60, setting, product: 'nginx' }])),
  fc.array(hostile, { maxLength: 3 }).map((servers) => hops(...servers)),
  fc
    .tuple(fc.constantFrom('same' as const, 'works' as const), verdict)
    .map(([through, without]) => direct(through, without)),
  fc.array(fc.tuple(hostile, hostile, hostile), { maxLength: 6 }).map((changes) => difference(...changes)),
)

const answer = fc.oneof(
  fc.constantFrom(
    nginx(502, 'Bad Gateway'),
    nginx(404, 'Not Found'),
    application(500, 'Oops'),
    application(401, 'Unauthorized'),
    application(429, ''),
  ),
  fc
    .tuple(fc.integer({ min: 100, max: 599 }), hostile)
    .map(([status, body]) => `HTTP/1.1 ${status} X\r\nServer: ${body.replace(/[\r\n]/g, '')}\r\n\r\n${body}`),
)

const world: fc.Arbitrary<World> = fc
  .record({
    code: fc.option(code),
    raw: hostile,
    url: fc.constantFrom(
      'https://shop.example.org/',
      'http://shop.test:8080/a',
      'https://[2001:db8::1]/',
      'http://intranet/',
      'no url',
    ),
    drill: fc.uniqueArray(finding, { selector: ({ kind }) => kind, maxLength: 8 }),
    answer: fc.option(answer),
    outcome: fc.option(
      fc.constantFrom('up' as const, 'degraded' as const, 'down' as const, 'unknown' as const),
    ),
    proxy: fc.option(fc.constantFrom('http://192.0.2.8:3128', 'socks5://192.0.2.8')),
    certificates: fc.option(fc.array(fc.record({ subject: hostile, issuer: hostile }), { maxLength: 3 })),
    skipped: fc.dictionary(fc.constantFrom('timing', 'path'), hostile, { maxKeys: 2 }),
  })
  .map((given) => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)) as World)

// Everything that could move a cursor, turn text around or break a line.
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/

function agree(diagnosis: Diagnosis, known: Set<string>): void {
  expect(LINKS).toContain(diagnosis.link)
  expect(PARTIES).toContain(diagnosis.party)
  expect(CONFIDENCES).toContain(diagnosis.confidence)
  expect(diagnosis.causes.length).toBeGreaterThan(0)
  expect(diagnosis.cause).toBe(diagnosis.causes[0])
  expect(new Set(diagnosis.causes).size).toBe(diagnosis.causes.length)
  for (const cause of diagnosis.causes) expect(isCause(cause)).toBe(true)
  expect(diagnosis.headline.length).toBeLessThanOrEqual(160)
  expect(diagnosis.headline).not.toMatch(/\b(undefined|null|NaN)\b|\[object/)
  expect(diagnosis.article).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  const texts = [
    diagnosis.headline,
    ...diagnosis.reasons.map(({ says }) => says),
    ...diagnosis.todo.visitor,
    ...diagnosis.todo.operator,
    ...(diagnosis.links ?? []).flatMap(({ name, howWeKnow }) => [name, howWeKnow]),
    ...(diagnosis.undecided ?? []).map(({ because }) => because),
  ]
  for (const text of texts) {
    expect(text).not.toMatch(INVISIBLE)
    expect(text.isWellFormed()).toBe(true)
  }
  expect(diagnosis.reasons.length).toBeGreaterThan(0)
  for (const { evidence } of [...diagnosis.reasons, ...(diagnosis.links ?? [])]) {
    expect(evidence.length).toBeGreaterThan(0)
    for (const id of evidence) expect(known.has(id)).toBe(true)
  }
}

describe('diagnoseEvidence()', () => {
  test('gives a diagnosis that agrees with itself for any failure and any findings', () => {
    fc.assert(
      fc.property(world, (given) => {
        const result = resultOf(given)
        const before = JSON.stringify(result)
        const diagnosis = diagnoseEvidence(result, { rules: RULES, judgeResponse })
        expect(JSON.stringify(result)).toBe(before)
        if (result.failure) expect(diagnosis).not.toBeNull()
        if (diagnosis) agree(diagnosis, new Set(result.observations.map(({ id }) => id)))
        expect(diagnoseEvidence(result, { rules: RULES, judgeResponse })).toEqual(diagnosis)
      }),
      { numRuns: RUNS },
    )
  })

  test('never blames the site for a fault of ours', () => {
    const ours = (Object.keys(FAILURE_CODES) as FailureCode[]).filter((one) => isOurFault(one))
    fc.assert(
      fc.property(world, fc.constantFrom(...ours), (given, one) => {
        const result = resultOf({ ...given, code: one, outcome: 'unknown' })
        const diagnosis = diagnoseEvidence(result, { rules: RULES, judgeResponse })
        expect(['visitor', 'access_provider', 'monitor_operator']).toContain(diagnosis?.party)
        expect(['you', 'resolver', 'network', 'proxy', 'monitor']).toContain(diagnosis?.link)
      }),
      { numRuns: RUNS },
    )
  })

  test('never blames the site when nothing at all can be reached before an answer', () => {
    const before = (Object.keys(FAILURE_CODES) as FailureCode[]).filter((one) =>
      ['resolve', 'connect'].includes(FAILURE_CODES[one].phase ?? ''),
    )
    fc.assert(
      fc.property(world, fc.constantFrom(...before), (given, one) => {
        if (one === 'dns_alias_loop' || one === 'address_unusable') return
        const drill = [
          ...(given.drill ?? []).filter(({ kind }) => kind !== 'references'),
          references('all_fail'),
        ]
        const diagnosis = diagnoseEvidence(resultOf({ ...given, code: one, drill }), {
          rules: RULES,
          judgeResponse,
        })
        if (one === 'proxy_failed' && given.proxy) return
        expect(diagnosis?.party).not.toBe('site_operator')
      }),
      { numRuns: RUNS },
    )
  })

  test('takes evidence without observations and without exchanges', () => {
    for (const one of Object.keys(FAILURE_CODES) as FailureCode[]) {
      const result = { ...resultOf({ code: one }), observations: [], exchanges: [] }
      const diagnosis = diagnoseEvidence(result, { rules: RULES, judgeResponse })
      expect(diagnosis?.causes.length).toBeGreaterThan(0)
      // No reason without evidence.
      expect(diagnosis?.reasons).toEqual([])
    }
  })
})
