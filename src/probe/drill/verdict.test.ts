import { describe, expect, test } from 'vitest'
import { type Failure, type FailureCode, failure } from '../../model/failure.ts'
import type { Exchange } from '../../model/result.ts'
import { type Seen, verdictOf } from './verdict.ts'

function seen(failed: Failure | null, more: Partial<Seen> = {}): Seen {
  return { failure: failed, status: null, ms: 20, maxMs: null, ...more }
}

function tried(
  failed: Failure | null,
  more: { ms?: number; stopped?: boolean; ours?: boolean; status?: number } = {},
) {
  const response = more.status === undefined ? null : { status: more.status }
  const exchange = { response } as unknown as Exchange
  return {
    failure: failed,
    cycle: { exchange, ours: more.ours ?? false },
    ms: more.ms ?? 20,
    stopped: more.stopped ?? false,
  }
}

const status = (number: string): Failure => failure('status_unaccepted', number, { number })
const of = (code: FailureCode): Failure => failure(code, 'raw')

describe('verdictOf()', () => {
  test.each([
    ['the same status', tried(status('502')), seen(status('502')), 'same'],
    ['another status', tried(status('503')), seen(status('502')), 'other'],
    ['no failure', tried(null), seen(status('502')), 'works'],
    ['the same code', tried(of('connect_refused')), seen(of('connect_refused')), 'same'],
    ['another code', tried(of('connect_refused')), seen(of('tls_closed')), 'other'],
    ['a failure where the check had none', tried(of('connect_refused')), seen(null), 'other'],
    ['trouble of ours', tried(of('local_limit')), seen(status('502')), null],
    [
      'no way to that family from here',
      tried(of('network_unreachable'), { ours: true }),
      seen(status('502')),
      null,
    ],
    [
      'no way to anywhere, as in the check',
      tried(of('network_unreachable'), { ours: true }),
      seen(of('network_unreachable')),
      'same',
    ],
    [
      'silence much longer than the error took',
      tried(of('answer_timed_out'), { stopped: true, ms: 3_000 }),
      seen(status('502'), { ms: 1_000 }),
      'other',
    ],
    [
      'silence not much longer than the error took',
      tried(of('answer_timed_out'), { stopped: true, ms: 6_000 }),
      seen(status('504'), { ms: 5_000 }),
      null,
    ],
    [
      'silence as in the check, shorter than there',
      tried(of('answer_timed_out'), { stopped: true, ms: 4_000 }),
      seen(of('answer_timed_out'), { ms: 20_000 }),
      'same',
    ],
    [
      'silence that was cut at once',
      tried(of('answer_timed_out'), { stopped: true, ms: 200 }),
      seen(of('answer_timed_out'), { ms: 20_000 }),
      null,
    ],
    [
      'one redirect of a loop',
      tried(null, { status: 302 }),
      seen(of('redirect_loop'), { status: 302 }),
      'same',
    ],
    [
      'an answer where the check went round in a loop',
      tried(null, { status: 200 }),
      seen(of('redirect_loop'), { status: 302 }),
      'works',
    ],
    ['as slow as the check', tried(null, { ms: 900 }), seen(of('too_slow'), { maxMs: 500 }), 'same'],
    ['quicker than the check', tried(null, { ms: 90 }), seen(of('too_slow'), { maxMs: 500 }), 'works'],
  ])('%s', (_name, one, other, verdict) => {
    expect(verdictOf(one, other)).toBe(verdict)
  })
})
