// Suites that need programs of the lab: skipped loudly where those are missing, failed where they must not be.
import { describe, test } from 'vitest'
import { findProgram } from './lab.ts'

/**
 * A suite that needs these programs. When one is missing the suite is skipped with a reason that the test
 * run repeats at its end; with CI set in the environment it fails instead.
 */
export function labSuite(programs: readonly string[], name: string, define: () => void): void {
  const missing = programs.filter((program) => findProgram(program) === null)
  if (missing.length === 0) {
    describe(name, () => define())
    return
  }
  test(`${name} needs ${missing.join(', ')}`, (context) => {
    const reason = `${missing.join(', ')} not installed; run scripts/lab-setup as root`
    if (process.env['CI']) throw new Error(reason)
    context.skip(reason)
  })
}
