// What the drill may cost: its budget, its time, its manners; and sites that would abuse it.
import { describe, expect, test } from 'vitest'
import { DEFAULT_DRILL } from '../../src/model/check-options.ts'
import { DRILL_STEPS } from '../../src/model/drill.ts'
import type { CheckResult } from '../../src/model/result.ts'
import { issue } from '../world/certificates.ts'
import { drilled, findingOf, stepOf } from '../world/drilled.ts'
import { ok } from '../world/http-server.ts'
import { idleClock } from '../world/idle-clock.ts'
import { answerOf, type PoolScript, SILENCE, startPool } from '../world/pool.ts'
import { startTls } from '../world/tls-server.ts'

const ONE = ['127.0.0.1']
const HARMLESS = ['GET', 'HEAD', 'OPTIONS', 'TRACE']
const bad: PoolScript = () => answerOf(502, 'bad')

/** Milliseconds between the check's end and the drill's, on the clock of the check. */
function drillMs(result: CheckResult): number {
  return Math.max(...result.observations.map(({ endMs }) => endMs)) - result.durationMs
}

test('every step is there once and in order, each with a finding or a reason', async () => {
  await using pool = await startPool(ONE, bad)
  const { drill, observations } = await drilled(`http://127.0.0.1:${pool.port}/`)
  expect(drill.map(({ step }) => step)).toStrictEqual(DRILL_STEPS)
  const known = new Set(observations.map(({ id }) => id))
  for (const { summary, skipped, finding, observations: own, step } of drill) {
    expect([step, summary === '', (skipped === null) === (finding !== null)]).toStrictEqual([
      step,
      false,
      true,
    ])
    expect(own.every((id) => known.has(id))).toBe(true)
    if (finding) expect(finding.kind).toBe(step)
  }
})

test('observations of looks side by side are kept apart', async () => {
  await using pool = await startPool(ONE, bad)
  const { drill, exchanges } = await drilled(`http://127.0.0.1:${pool.port}/`)
  const all = [
    ...exchanges.flatMap(({ observations }) => observations),
    ...drill.flatMap((step) => step.observations),
  ]
  expect(new Set(all).size).toBe(all.length)
  expect(drill.find(({ step }) => step === 'paths')?.observations.length).toBeGreaterThan(10)
})

test.each([
  ['never', 'never', 502, 0],
  ['on failure, and the site works', 'on-failure', 200, 0],
  ['always, and the site works', 'always', 200, DRILL_STEPS.length],
] as const)('when to drill: %s', async (_name, when, status, steps) => {
  await using pool = await startPool(ONE, () => answerOf(status))
  const { drill } = await drilled(`http://127.0.0.1:${pool.port}/`, { drill: { when } })
  expect(drill).toHaveLength(steps)
})

test('a URL that is none is not looked at further', async () => {
  const { drill, outcome } = await drilled('gopher://127.0.0.1/')
  expect([outcome, drill]).toStrictEqual(['unknown', []])
})

describe('manners', () => {
  test('only harmless methods arrive, whatever the check sends, and never its body again', async () => {
    await using pool = await startPool(ONE, bad)
    const body = Buffer.from('{"order":1}')
    await drilled(`http://127.0.0.1:${pool.port}/order`, { method: 'DELETE', body })
    expect(pool.requests[0]?.method).toBe('DELETE')
    const further = pool.requests.slice(1)
    expect(further.length).toBeGreaterThan(10)
    expect(further.filter(({ method }) => !HARMLESS.includes(method))).toStrictEqual([])
    expect(further.filter(({ head }) => /^content-length: [1-9]/im.test(head))).toStrictEqual([])
  })

  test('at most four requests at a time', async () => {
    await using pool = await startPool(['127.0.0.1', '127.0.0.2'], bad)
    await drilled(`http://127.0.0.1:${pool.port}/`)
    expect(pool.mostAtOnce()).toBeGreaterThan(1)
    expect(pool.mostAtOnce()).toBeLessThanOrEqual(4)
  })

  test.each([0, 1, 5, 12])('never more requests than the budget of %d', async (requests) => {
    await using pool = await startPool(ONE, bad)
    const result = await drilled(`http://127.0.0.1:${pool.port}/`, { drill: { requests } })
    // The check's own request comes on top.
    expect(pool.requests.length - 1).toBeLessThanOrEqual(requests)
    expect(stepOf(result, 'repetition').skipped).toBe('the budget of requests to the site is spent')
  })

  test('credentials go to no other origin than that of the check', async () => {
    await using pool = await startPool(ONE, bad)
    const secret = {
      basic: { user: 'ann', password: 'secret' },
      fields: [['X-Api-Key', 'k1']] as [string, string][],
    }
    const result = await drilled(`http://127.0.0.1:${pool.port}/`, secret)
    const withKey = pool.requests.filter(({ head }) => head.includes('X-Api-Key'))
    expect(withKey.length).toBeGreaterThan(5)
    expect(withKey.every(({ head }) => head.includes('Authorization: Basic'))).toBe(true)
    expect(JSON.stringify(result)).not.toContain('secret')
  })
})

describe('time', () => {
  test('a site that hangs takes no longer than the time of the drill, and the rest is skipped', async () => {
    using idle = idleClock()
    await using pool = await startPool(ONE, () => SILENCE)
    const result = await drilled(`http://127.0.0.1:${pool.port}/`, {}, idle.io)
    expect(result.drill).toHaveLength(DRILL_STEPS.length)
    expect(drillMs(result)).toBeLessThanOrEqual(DEFAULT_DRILL.totalMs)
  })

  test('a drill of no time at all skips everything with that reason', async () => {
    await using pool = await startPool(ONE, bad)
    const result = await drilled(`http://127.0.0.1:${pool.port}/`, { drill: { totalMs: 0 } })
    expect(stepOf(result, 'paths').skipped).toBe('no time left for it')
    expect(pool.requests).toHaveLength(1)
  })

  test('cancelling during the drill ends it at once', async () => {
    const control = new AbortController()
    await using pool = await startPool(ONE, ({ before }) => {
      if (before < 3) return answerOf(502)
      control.abort()
      return SILENCE
    })
    const result = await drilled(`http://127.0.0.1:${pool.port}/`, { signal: control.signal })
    expect(result.failure?.number).toBe('502')
    expect(result.drill.filter(({ skipped }) => skipped !== null).length).toBeGreaterThan(5)
    expect(pool.requests.length).toBeLessThan(9)
  })
})

describe('hostile sites', () => {
  const ENDLESS = `HTTP/1.1 502 Bad\r\nContent-Length: 99999999999\r\n\r\n${'x'.repeat(600_000)}`
  const HUGE_HEAD = `HTTP/1.1 502 Bad\r\n${'X-Filler: 1234567890\r\n'.repeat(20_000)}`

  test.each<[string, PoolScript]>([
    ['endless bodies', ({ before }) => (before === 0 ? answerOf(502) : { bytes: ENDLESS, ending: 'stay' })],
    ['endless heads', ({ before }) => (before === 0 ? answerOf(502) : { bytes: HUGE_HEAD, ending: 'stay' })],
    ['resets', ({ before }) => (before === 0 ? answerOf(502) : { bytes: '', ending: 'reset' })],
    ['redirects to itself', ({ target }) => answerOf(302, '', `Location: ${target}\r\n`)],
    ['rubbish', ({ before }) => (before === 0 ? answerOf(502) : '\0\xff\0 not http at all')],
    ['a page of tags', () => answerOf(502, '<link href='.repeat(20_000), 'Content-Type: text/html\r\n')],
  ])('%s are survived within the budget', async (_name, script) => {
    await using pool = await startPool(ONE, script)
    const result = await drilled(`http://127.0.0.1:${pool.port}/page`)
    expect(result.drill).toHaveLength(DRILL_STEPS.length)
    expect(result.drill.filter(({ skipped }) => skipped?.includes('a fault of this program'))).toStrictEqual(
      [],
    )
    expect(pool.requests.length).toBeLessThanOrEqual(DEFAULT_DRILL.requests + 1)
  })

  test('a redirect loop is the same failure wherever it goes round', async () => {
    await using pool = await startPool(ONE, ({ target }) => answerOf(302, '', `Location: ${target}\r\n`))
    const result = await drilled(`http://127.0.0.1:${pool.port}/`)
    expect(result.failure?.code).toBe('redirect_loop')
    expect(findingOf(result, 'repetition')).toMatchObject({ failed: 8, of: 8 })
  })
})

describe('secure sites', () => {
  test('a bad certificate alone: without verification all is well, and no secret was sent there', async () => {
    const heads: string[] = []
    const world = await startTls({
      chain: [issue({ commonName: 'other.test', names: ['other.test'] })],
      serve: (socket) =>
        socket.once('data', (chunk) => {
          heads.push(chunk.toString('latin1'))
          socket.end(ok())
        }),
    })
    const result = await drilled(`https://localhost:${world.port}/`, { bearer: 'secret', family: 4 })
    await world.stop()
    expect(result.failure?.phase).toBe('tls')
    const finding = findingOf(result, 'protocols')
    expect(finding.unverified).toMatchObject({ status: 200, failure: null })
    expect(finding.withoutName).toMatchObject({ status: 200, failure: null })
    expect(stepOf(result, 'protocols').summary).toContain('without verification works (200)')
    expect(heads.length).toBeGreaterThan(0)
    expect(heads.join('')).not.toContain('secret')
    expect(stepOf(result, 'cache').skipped).toBe(
      'no secure connection came about, so no request could be sent',
    )
  })
})
