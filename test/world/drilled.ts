// A check with its drill, against a site on loopback, the way the command line runs it.
import { check } from '../../src/engine/check.ts'
import { type CheckOptions, DEFAULT_DRILL, type DrillOptions } from '../../src/model/check-options.ts'
import type { DrillFinding, DrillStep, DrillStepId } from '../../src/model/drill.ts'
import type { CheckResult } from '../../src/model/result.ts'
import { type Io, systemIo } from '../../src/probe/io.ts'

/** Checks `target` and looks further when it fails. */
export function drilled(
  target: string,
  options: Partial<Omit<CheckOptions, 'drill'>> & { drill?: Partial<DrillOptions> } = {},
  io: Io = systemIo,
): Promise<CheckResult> {
  const drill: DrillOptions = { ...DEFAULT_DRILL, when: 'on-failure', ...options.drill }
  return check(target, { ...options, drill }, io)
}

/** One step of the drill; throws when the result has none. */
export function stepOf({ drill }: CheckResult, id: DrillStepId): DrillStep {
  const step = drill.find((each) => each.step === id)
  if (!step) throw new Error(`no step ${id} in the result`)
  return step
}

type FindingOf<Id extends DrillStepId> = Extract<DrillFinding, { kind: Id }>

/** The finding of a look that has to have one; says why it was skipped otherwise. */
export function findingOf<Id extends DrillStepId>(result: CheckResult, id: Id): FindingOf<Id> {
  const { finding, skipped } = stepOf(result, id)
  if (!finding) throw new Error(`${id} was skipped: ${skipped}`)
  return finding as FindingOf<Id>
}
