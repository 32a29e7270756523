// Look 11: how long the error took, against the round trip and the default time-outs of known products. Asks once
// more, by itself, where a second length can be had: one alone may be chance.
import type { TimingFinding } from '../../../model/drill.ts'
import type { Failure } from '../../../model/failure.ts'
import type { ProbeContext } from '../../context.ts'
import { timeoutsAsLongAs } from '../../drill/default-timeouts.ts'
import type { ErrorTime, Look, Subject } from '../../drill/look.ts'
import { errorMsOf, paceOf, roundTripOf } from '../../drill/pace.ts'
import { beforeRequest, firstReason, nothingFailed, onlyCertificateAges } from '../../drill/reasons.ts'

/** A second try gets this much more than the first took. */
const MORE_MS = 1_000

export default {
  id: 'timing',
  when: 'alone',
  skip: (subject) =>
    firstReason(
      nothingFailed(subject),
      beforeRequest(subject),
      onlyCertificateAges(subject),
      ownBound(subject.failure),
      errorMsOf(subject.last) === null ? 'no request was sent, so no error came back' : null,
    ),
  async run(subject, ctx) {
    const errorMs = errorMsOf(subject.last)
    if (errorMs === null) return { skipped: 'no request was sent, so no error came back' }
    const again = await askAgain(errorMs, subject, ctx)
    const roundTripMs = least(roundTripOf(subject.last), again?.connectMs ?? null)
    const pace = paceOf(errorMs, again?.errorMs ?? null, roundTripMs)
    const timeouts = pace === 'at_once' ? [] : timeoutsAsLongAs(errorMs, roundTripMs)
    // One that the second try does not bear out is no time-out.
    const kept =
      again && pace !== 'round' ? timeouts.filter(({ seconds }) => bears(again.errorMs, seconds)) : timeouts
    const finding: TimingFinding = { kind: 'timing', errorMs, roundTripMs, pace, timeouts: kept }
    return { summary: summaryOf(finding), finding }
  },
} satisfies Look

/** The same error once more, by itself when there is time for it, else from another look; null when it did not come. */
async function askAgain(errorMs: number, subject: Subject, ctx: ProbeContext): Promise<ErrorTime | null> {
  const { site } = subject
  const boundMs = errorMs + MORE_MS
  if (ctx.deadline.remainingMs() >= boundMs) await site.ask({ boundMs }, ctx)
  return site.sameAgain().at(-1) ?? null
}

function bears(ms: number, seconds: number): boolean {
  return timeoutsAsLongAs(ms, null).some((timeout) => timeout.seconds === seconds)
}

/** We gave up ourselves: how long that took tells about our bound, not about the site. */
function ownBound(failed: Failure | null): string | null {
  const ended = failed?.code.endsWith('_timed_out') || failed?.code === 'too_slow'
  return ended ? 'the time that ran out was our own' : null
}

function least(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other
  return Math.min(one, other)
}

function summaryOf({ errorMs, roundTripMs, pace, timeouts }: TimingFinding): string {
  const took = errorMs < 1_000 ? `${Math.round(errorMs)} ms` : `${(errorMs / 1_000).toFixed(1)} s`
  const trip = roundTripMs === null ? '' : ` (round trip ${roundTripMs.toFixed(roundTripMs < 10 ? 1 : 0)} ms)`
  if (pace === 'at_once') return `the error came at once, after ${took}${trip}: nobody waited for anything`
  const products = [...new Set(timeouts.map(({ product }) => product))]
  if (products.length > 0) {
    const some = products.slice(0, 4).join(', ')
    const more = products.length > 4 ? ' and others' : ''
    return `the error took ${took}${trip}, as long as a default time-out of ${some}${more}`
  }
  return pace === 'round'
    ? `the error took ${took}${trip}, a round number of seconds: likely somebody's time-out`
    : `the error took ${took}${trip}, no known time-out`
}
