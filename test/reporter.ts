// The last lines of a test run: what was skipped and why, then one plain line with the counts.
import type { Reporter, SerializedError, TestModule } from 'vitest/node'

export interface Counts {
  passed: number
  failed: number
  skipped: number
  /** Reasons for skipping and how many tests each holds back. */
  reasons: Map<string, number>
}

/** Counts tests; a file that could not be loaded and an error outside of any test are failures as well. */
export function countTests(modules: readonly TestModule[], stray: readonly SerializedError[]): Counts {
  const counts: Counts = { passed: 0, failed: stray.length, skipped: 0, reasons: new Map() }
  for (const module of modules) {
    counts.failed += module.errors().length
    for (const suite of module.children.allSuites()) counts.failed += suite.errors().length
    for (const test of module.children.allTests()) {
      const result = test.result()
      if (result.state === 'passed') counts.passed += 1
      else if (result.state === 'failed') counts.failed += 1
      else {
        counts.skipped += 1
        const reason = (result.state === 'skipped' && result.note) || 'not run'
        counts.reasons.set(reason, (counts.reasons.get(reason) ?? 0) + 1)
      }
    }
  }
  return counts
}

/** The lines for `counts`; the last one is for programs: "N passed, N failed", and ", N skipped" if any were. */
export function closingLines({ passed, failed, skipped, reasons }: Counts): string {
  const lines = [...reasons].map(
    ([reason, tests]) => `SKIPPED ${tests} ${tests === 1 ? 'test' : 'tests'}: ${reason}`,
  )
  lines.push(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  return lines.join('\n')
}

export default class CountsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], stray: readonly SerializedError[]): void {
    console.log(closingLines(countTests(modules, stray)))
  }
}
