// Runs live chains, some at a time, and judges what was said of each. Prints nothing.
import { findProgram } from '../../test/lab/lab.ts'
import { OWN_NETWORK } from './alone.ts'
import { type Judged, judge, type Scenario } from './scenario.ts'
import { World } from './world.ts'

/** A chain that takes longer has hung; none may. */
const SCENARIO_MS = 60_000

export interface Broken {
  scenario: Scenario
  /** Why the world could not be made or the check could not be run. */
  error: unknown
}

export interface Run {
  judged: Judged[]
  broken: Broken[]
  /** Chains that this machine cannot make, with the reason. */
  skipped: { scenario: Scenario; because: string }[]
}

/** Why this machine cannot make the world; null when it can. */
export function whyNot({ needs = [], ownNetwork }: Scenario): string | null {
  const missing = needs.filter((program) => findProgram(program) === null)
  if (missing.length > 0) return `${missing.join(', ')} not installed; run scripts/lab-setup as root`
  if (ownNetwork && !OWN_NETWORK) return 'this machine does not let us make a network namespace (unshare -n)'
  return null
}

/** Makes the world of one chain, checks it and judges what was said. Throws when the world cannot be made. */
export async function runOne(scenario: Scenario): Promise<Judged> {
  await using world = new World()
  const start = performance.now()
  const tooLate = Promise.withResolvers<never>()
  const timer = setTimeout(() => tooLate.reject(new Error(`hung for ${SCENARIO_MS / 1000} s`)), SCENARIO_MS)
  try {
    const result = await Promise.race([scenario.run(world), tooLate.promise])
    return judge(scenario, result, performance.now() - start)
  } finally {
    clearTimeout(timer)
  }
}

/** Runs all, `atOnce` at a time, in the order given; calls `done` after each. */
export async function runAll(
  scenarios: readonly Scenario[],
  atOnce: number,
  done: (count: number) => void = () => {},
): Promise<Run> {
  const outcomes: (Judged | Broken | { because: string })[] = []
  let next = 0
  let count = 0
  const worker = async (): Promise<void> => {
    for (let index = next++; index < scenarios.length; index = next++) {
      const scenario = scenarios[index]
      if (!scenario) return
      const because = whyNot(scenario)
      outcomes[index] =
        because === null
          ? await runOne(scenario).catch((error: unknown) => ({ scenario, error }))
          : { because }
      done(++count)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  const run: Run = { judged: [], broken: [], skipped: [] }
  for (const [index, outcome] of outcomes.entries()) {
    const scenario = scenarios[index]
    if (!scenario || !outcome) continue
    if ('verdict' in outcome) run.judged.push(outcome)
    else if ('error' in outcome) run.broken.push(outcome)
    else run.skipped.push({ scenario, because: outcome.because })
  }
  return run
}
