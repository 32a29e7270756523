// Runs one look of the drill on its own: a real check first, then this look at how it ended.
import { check } from '../../src/engine/check.ts'
import {
  type CheckOptions,
  DEFAULT_DRILL,
  DEFAULT_OPTIONS,
  type DrillOptions,
} from '../../src/model/check-options.ts'
import type { Observation } from '../../src/model/observation.ts'
import type { CheckResult } from '../../src/model/result.ts'
import type { Look, Looked, Subject } from '../../src/probe/drill/look.ts'
import { subjectOf } from '../../src/probe/drill/subject.ts'
import { type Io, systemIo } from '../../src/probe/io.ts'
import { Recorder } from '../../src/probe/recorder.ts'
import { Deadline } from '../../src/util/deadline.ts'

export interface LookRun {
  result: CheckResult
  subject: Subject
  looked: Looked
  /** Of the look alone. */
  observations: readonly Observation[]
}

/** Checks `target` and looks; a reason to skip comes back as `{ skipped }`. */
export async function runLook(
  look: Look,
  target: string,
  own: {
    options?: Partial<CheckOptions>
    drill?: Partial<DrillOptions>
    io?: Partial<Io>
    change?: (subject: Subject) => void
  } = {},
): Promise<LookRun> {
  const io = { ...systemIo, readText: () => null, ...own.io }
  const drill = { ...DEFAULT_DRILL, ...own.drill }
  const options = { ...DEFAULT_OPTIONS, ...own.options, drill }
  const result = await check(target, { ...options, drill: { ...drill, when: 'never' } }, io)
  const subject = subjectOf({ ...result, basic: null }, options)
  if (!subject) throw new Error('the check did not come to an exchange')
  own.change?.(subject)
  const recorder = new Recorder(io)
  const deadline = new Deadline(io.clock, drill.totalMs)
  const ctx = { options, io, recorder, deadline }
  try {
    const skipped = look.skip(subject, ctx)
    const looked = skipped === null ? await look.run(subject, ctx) : { skipped }
    return { result, subject, looked, observations: recorder.observations }
  } finally {
    deadline.close()
  }
}
