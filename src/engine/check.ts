// One check of one target, from the URL to the outcome: what command line, service and library all call.
import { type CheckOptions, DEFAULT_OPTIONS } from '../model/check-options.ts'
import type { DrillStep } from '../model/drill.ts'
import { WhydownError } from '../model/error.ts'
import { type Failure, failure, isOurFault } from '../model/failure.ts'
import { PHASE_OF_OPERATION } from '../model/observation.ts'
import { type CheckResult, type Outcome, RESULT_SCHEMA } from '../model/result.ts'
import { type HttpRun, runHttpCheck } from '../probe/checks/http.ts'
import type { ProbeContext } from '../probe/context.ts'
import { type Io, systemIo } from '../probe/io.ts'
import { Recorder } from '../probe/recorder.ts'
import { parseTarget } from '../probe/steps/url.ts'
import { Deadline } from '../util/deadline.ts'
import { judged } from './diagnose.ts'

/**
 * Checks `target`, a URL or a host, once. Resolves to the result of the contract (schema 1), times in
 * milliseconds; whatever happens on the wire is in it, and nothing is thrown for it. Options not given take
 * their defaults (`DEFAULT_OPTIONS`). Throws `WhydownError` only for options that cannot be used, such as a
 * certificate that is none.
 */
export async function check(
  target: string,
  options: Partial<CheckOptions> = {},
  io: Io = systemIo,
): Promise<CheckResult> {
  const merged: CheckOptions = { ...DEFAULT_OPTIONS, ...options }
  const recorder = new Recorder(io)
  const deadline = new Deadline(io.clock, merged.limits.totalMs)
  const { signal } = merged
  const cancel = signal ? () => deadline.stop('cancelled') : null
  if (signal && cancel) {
    if (signal.aborted) cancel()
    else signal.addEventListener('abort', cancel, { once: true })
  }
  const ctx: ProbeContext = { options: merged, io, recorder, deadline }
  try {
    const run = await runHttpCheck(target, ctx).catch((error: unknown) => brokenRun(target, error, ctx))
    const seen = run.failure ?? run.attention[0] ?? null
    const outcome = outcomeOf(run.failure, run.ours, seen)
    const durationMs = recorder.nowMs()
    const { exchanges } = run
    let drill: DrillStep[] = []
    if (wantsDrill(merged, outcome)) {
      // Without a file descriptor left it cannot even be loaded; what was seen counts all the same.
      const looks = await import('./drill.ts').catch(() => null)
      const { observations } = recorder
      if (looks) drill = await looks.drill(target, { exchanges, failure: seen, outcome, observations }, ctx)
    }
    const result: CheckResult = {
      schema: RESULT_SCHEMA,
      url: run.shown,
      startedAt: new Date(recorder.startedWallMs).toISOString(),
      durationMs,
      outcome,
      failure: seen,
      diagnosis: null,
      exchanges,
      drill,
      observations: recorder.observations,
    }
    if (outcome === 'up' && drill.length === 0 && exchanges.at(-1)?.response?.raw == null) return result
    return await judged(result, merged.keepRaw)
  } finally {
    deadline.close()
    if (signal && cancel) signal.removeEventListener('abort', cancel)
  }
}

/** A bug of ours, as a result: what was observed before it stays, and nothing is said about the site. */
function brokenRun(target: string, error: unknown, ctx: ProbeContext): HttpRun {
  if (error instanceof WhydownError) throw error
  const open = ctx.recorder.observations.at(-1)
  const phase = open ? PHASE_OF_OPERATION[open.operation] : 'url'
  const failed = failure('internal_error', String(error), { phase })
  if (open && !open.failure) {
    open.failure = failed
    open.output = { ...open.output, stack: error instanceof Error ? error.stack : null }
  }
  return { shown: parseTarget(target).shown, exchanges: [], failure: failed, attention: [], ours: true }
}

/** Our own fault leaves the site's state open; a failure is down; what only needs attention is degraded. */
function outcomeOf(failed: Failure | null, ours: boolean, seen: Failure | null): Outcome {
  if (failed) return ours || isOurFault(failed.code) ? 'unknown' : 'down'
  return seen ? 'degraded' : 'up'
}

/** True when the options ask for further looks at a check with this outcome. */
function wantsDrill({ drill }: CheckOptions, outcome: Outcome): boolean {
  return drill.when === 'always' || (drill.when === 'on-failure' && outcome !== 'up')
}
