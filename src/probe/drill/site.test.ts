import { describe, expect, test } from 'vitest'
import { answerOf, type Pool, SILENCE, startPool } from '../../../test/world/pool.ts'
import { idleClock } from '../../../test/world/idle-clock.ts'
import { type CheckOptions, DEFAULT_DRILL, DEFAULT_OPTIONS } from '../../model/check-options.ts'
import { failure } from '../../model/failure.ts'
import type { Exchange } from '../../model/result.ts'
import { Deadline } from '../../util/deadline.ts'
import type { ProbeContext } from '../context.ts'
import { type Io, systemIo } from '../io.ts'
import { Recorder } from '../recorder.ts'
import type { Ask, LookMethod, Subject } from './look.ts'
import { CONNECTIONS_AT_ONCE } from './site.ts'
import { subjectOf } from './subject.ts'

const ONE = ['127.0.0.1']

/** A check of the pool that ended with 502, and a context for looks at it. */
function lookAt(
  pool: Pool,
  options: Partial<CheckOptions> = {},
  io: Io = systemIo,
): { subject: Subject; ctx: ProbeContext } {
  const all = { ...DEFAULT_OPTIONS, ...options }
  const last: Exchange = {
    url: `http://127.0.0.1:${pool.port}/page`,
    method: 'GET',
    address: { ip: '127.0.0.1', port: pool.port, family: 4 },
    proxy: null,
    timings: { resolve: 0, connect: 1, tls: null, send: 1, wait: 5, receive: 1 },
    tls: null,
    request: null,
    response: { status: 502, fields: [] } as unknown as Exchange['response'],
    unparsed: null,
    failure: failure('status_unaccepted', '502', { number: '502' }),
    observations: [],
  }
  const checked = {
    exchanges: [last],
    failure: last.failure,
    outcome: 'down' as const,
    observations: [],
    basic: all.basic,
  }
  const subject = subjectOf(checked, all)
  if (!subject) throw new Error('there is an exchange')
  const recorder = new Recorder(io)
  return { subject, ctx: { options: all, io, recorder, deadline: new Deadline(io.clock, 10_000) } }
}

const drill = (requests: number) => ({ drill: { ...DEFAULT_DRILL, requests } })

describe('SharedSite.ask()', () => {
  test('gives what came, the verdict and the observations it made', async () => {
    await using pool = await startPool(ONE, () => answerOf(502, 'bad', 'Server: nginx\r\n'))
    const { subject, ctx } = lookAt(pool)
    const glanced = await subject.site.ask({}, ctx)
    expect(glanced).toMatchObject({ verdict: 'same', glance: { status: 502, ip: '127.0.0.1', bodyBytes: 3 } })
    expect(glanced?.glance.fields).toContainEqual(['Server', 'nginx'])
    expect(glanced?.glance.bodyHash).toBe('2f05d4b689d270cafb02285f35f44866f7dc8a2d368a3f9d1124373eeab31fb1')
    expect(glanced?.glance.observations).toStrictEqual(ctx.recorder.own.map(({ id }) => id))
    ctx.deadline.close()
  })

  test('has four connections at a time and serves the others in turn', async () => {
    await using pool = await startPool(ONE, () => answerOf(502))
    const { subject, ctx } = lookAt(pool)
    const all = await Promise.all(Array.from({ length: 12 }, () => subject.site.ask({}, ctx)))
    expect(all.every((glanced) => glanced?.verdict === 'same')).toBe(true)
    expect(pool.mostAtOnce()).toBe(CONNECTIONS_AT_ONCE)
    ctx.deadline.close()
  })

  test('sends nothing any more when the budget is spent, and says so', async () => {
    await using pool = await startPool(ONE, () => answerOf(502))
    const { subject, ctx } = lookAt(pool, drill(2))
    const all = await Promise.all([1, 2, 3].map(() => subject.site.ask({}, ctx)))
    expect(all.map((glanced) => glanced === null)).toStrictEqual([false, false, true])
    expect([subject.site.isSpent(), subject.site.requestsLeft(), pool.requests.length]).toStrictEqual([
      true,
      0,
      2,
    ])
    ctx.deadline.close()
  })

  test('what waits for a connection when the time is over is not sent and costs nothing', async () => {
    using idle = idleClock()
    await using pool = await startPool(ONE, () => SILENCE)
    const { subject, ctx } = lookAt(pool, drill(9), idle.io)
    const deadline = new Deadline(idle.clock, 1_000, ctx.deadline)
    const all = await Promise.all(Array.from({ length: 6 }, () => subject.site.ask({}, { ...ctx, deadline })))
    expect(all.filter((glanced) => glanced === null)).toHaveLength(2)
    expect([pool.requests.length, subject.site.requestsLeft()]).toStrictEqual([4, 5])
    ctx.deadline.close()
  })

  test('refuses a method that may change something', async () => {
    await using pool = await startPool(ONE, () => answerOf(200))
    const { subject, ctx } = lookAt(pool)
    await expect(subject.site.ask({ method: 'POST' as LookMethod }, ctx)).rejects.toThrow('must not use POST')
    expect(pool.requests).toHaveLength(0)
    ctx.deadline.close()
  })

  test.each<[name: string, ask: (port: number) => Ask, has: string[], lacks: string[]]>([
    [
      'as the check',
      () => ({}),
      ['Authorization: Basic', 'X-Api-Key: k', 'Cookie: a=1', 'Range: bytes=0-'],
      [],
    ],
    ['bare', () => ({ bare: true }), ['Authorization: Basic'], ['Cookie', 'Range']],
    [
      'with a field of its own',
      () => ({ fields: [['Range', 'bytes=9-']] }),
      ['Range: bytes=9-'],
      ['bytes=0-'],
    ],
    [
      'without verification',
      () => ({ tls: { verify: false } }),
      [],
      ['Authorization', 'X-Api-Key', 'Cookie'],
    ],
    [
      'to another origin',
      (port) => ({ url: new URL(`http://localhost:${port}/`) }),
      ['Host: localhost'],
      ['Authorization', 'X-Api-Key', 'Cookie'],
    ],
    ['to another address', () => ({ connectTo: { ip: '127.0.0.1', port: null } }), ['Host: 127.0.0.1'], []],
    ['with another method', () => ({ method: 'HEAD' }), ['HEAD /page'], []],
  ])('%s', async (_name, ask, has, lacks) => {
    await using pool = await startPool(ONE, () => answerOf(200))
    const { subject, ctx } = lookAt(pool, {
      basic: { user: 'ann', password: 'p' },
      fields: [
        ['X-Api-Key', 'k'],
        ['Cookie', 'a=1'],
        ['Range', 'bytes=0-'],
      ],
      family: 4,
    })
    expect((await subject.site.ask(ask(pool.port), ctx))?.verdict).toBe('works')
    const head = pool.requests[0]?.head ?? ''
    expect(has.filter((text) => !head.includes(text))).toStrictEqual([])
    expect(lacks.filter((text) => head.includes(text))).toStrictEqual([])
    ctx.deadline.close()
  })

  test('holds the answer against what the check expects, or its status alone', async () => {
    await using pool = await startPool(ONE, () => answerOf(200, 'closed for today'))
    const expected = { ...DEFAULT_OPTIONS.expect, text: ['welcome'] }
    const { subject, ctx } = lookAt(pool, { expect: expected })
    const whole = await subject.site.ask({}, ctx)
    expect([whole?.verdict, whole?.glance.failure?.code]).toStrictEqual(['other', 'text_missing'])
    expect((await subject.site.ask({ expects: 'status' }, ctx))?.verdict).toBe('works')
    expect((await subject.site.ask({ method: 'HEAD' }, ctx))?.verdict).toBe('works')
    ctx.deadline.close()
  })

  test('reads a bounded part of an answer and gives no hash of a part', async () => {
    await using pool = await startPool(ONE, () => answerOf(200, 'x'.repeat(900_000)))
    const { subject, ctx } = lookAt(pool)
    const glanced = await subject.site.ask({}, ctx)
    expect(glanced?.cycle.body?.length).toBeLessThanOrEqual(256 * 1024)
    expect(glanced?.glance.bodyHash).toBe(null)
    ctx.deadline.close()
  })
})
