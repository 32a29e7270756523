import { describe, expect, test } from 'vitest'
import { idleClock } from '../../test/world/idle-clock.ts'
import { DEFAULT_DRILL, DEFAULT_OPTIONS } from '../model/check-options.ts'
import { DRILL_STEPS } from '../model/drill.ts'
import { type FailureCode, failure } from '../model/failure.ts'
import type { Exchange, Outcome } from '../model/result.ts'
import { Deadline } from '../util/deadline.ts'
import type { ProbeContext } from './context.ts'
import { runDrill } from './drill.ts'
import type { Site, Subject } from './drill/look.ts'
import { subjectOf } from './drill/subject.ts'
import { type Io, systemIo } from './io.ts'
import { Recorder } from './recorder.ts'

/** A check that ended so, with a site of the test's own behind it. */
function broken(
  site: Partial<Site>,
  code: FailureCode = 'status_unaccepted',
  outcome: Outcome = 'down',
  io: Io = systemIo,
): { subject: Subject; ctx: ProbeContext } {
  const failed = failure(code, 'raw', { number: '502' })
  const last: Exchange = {
    url: 'http://127.0.0.1:9/',
    method: 'GET',
    address: { ip: '127.0.0.1', port: 9, family: 4 },
    proxy: null,
    timings: { resolve: 0, connect: 1, tls: null, send: 1, wait: 5, receive: 1 },
    tls: null,
    request: null,
    response: { status: 502, fields: [] } as unknown as Exchange['response'],
    unparsed: null,
    failure: failed,
    observations: [],
  }
  const options = { ...DEFAULT_OPTIONS, drill: { ...DEFAULT_DRILL, when: 'always' as const } }
  const made = subjectOf(
    { exchanges: [last], failure: failed, outcome, observations: [], basic: null },
    options,
  )
  if (!made) throw new Error('there is an exchange')
  const subject: Subject = {
    ...made,
    site: {
      ask: () => Promise.resolve(null),
      requestsLeft: () => 9,
      isSpent: () => false,
      sameAgain: () => [],
      ...site,
    },
  }
  return {
    subject,
    ctx: { options, io, recorder: new Recorder(io), deadline: new Deadline(io.clock, 60_000) },
  }
}

describe('runDrill()', () => {
  test('a look that breaks is a step with the reason, and the others are not lost', async () => {
    const { subject, ctx } = broken({
      ask: () => Promise.reject(new Error('the lamp is out')),
    })
    const steps = await runDrill(subject, ctx)
    expect(steps.map(({ step }) => step)).toStrictEqual(DRILL_STEPS)
    const paths = steps.find(({ step }) => step === 'paths')
    expect(paths?.skipped).toBe('a fault of this program: Error: the lamp is out')
    expect(steps.find(({ step }) => step === 'proxy')?.skipped).toBe('no proxy was used')
    ctx.deadline.close()
  })

  test('a look that never ends is given up, and the drill keeps its time', async () => {
    using idle = idleClock()
    const { subject, ctx } = broken(
      { ask: () => new Promise(() => {}) },
      'status_unaccepted',
      'down',
      idle.io,
    )
    const startMs = idle.clock.nowMs()
    const steps = await runDrill(subject, ctx)
    expect(steps.find(({ step }) => step === 'paths')?.skipped).toBe('it did not come to an end in time')
    expect(idle.clock.nowMs() - startMs).toBeLessThanOrEqual(DEFAULT_DRILL.totalMs + 200)
    ctx.deadline.close()
  })

  test('nothing that was waited for stays behind', async () => {
    using idle = idleClock()
    const { subject, ctx } = broken({}, 'status_unaccepted', 'down', idle.io)
    await runDrill(subject, ctx)
    ctx.deadline.close()
    expect(idle.clock.pending()).toBe(0)
  })

  test.each<[FailureCode, string]>([
    ['local_limit', 'this machine is out of something itself, so nothing more is asked of it'],
    ['internal_error', 'the fault is in this program, so a further look tells nothing'],
    ['address_forbidden', 'the address policy forbids the address, so nothing may be dialled'],
  ])('%s: nothing is asked', async (code, reason) => {
    let asked = 0
    const ask: Site['ask'] = () => {
      asked++
      return Promise.resolve(null)
    }
    const { subject, ctx } = broken({ ask }, code, 'unknown')
    const steps = await runDrill(subject, ctx)
    expect(steps.map(({ skipped }) => skipped)).toStrictEqual(DRILL_STEPS.map(() => reason))
    expect(asked).toBe(0)
    ctx.deadline.close()
  })

  test('a deadline that is over already leaves every applicable look for want of time', async () => {
    const { subject, ctx } = broken({})
    ctx.deadline.stop('timed_out')
    const steps = await runDrill(subject, ctx)
    expect(steps.find(({ step }) => step === 'repetition')?.skipped).toBe('no time left for it')
  })
})
