// Several checks of one target in one line: how many of each outcome, and how long they took.
import type { CheckResult, Outcome } from '../model/result.ts'
import { duration } from './figures.ts'
import type { ReportOptions } from './format.ts'
import { paint } from './paint.ts'

const COLOURS = { up: 'green', degraded: 'yellow', down: 'red', unknown: 'yellow' } as const

/** `10 checks: 9 up, 1 down; min 1.2 ms, median 1.5 ms, max 9.0 ms`. Needs at least one result for the times. */
export function summaryLine(results: CheckResult[], options: ReportOptions): string {
  const counts = (['up', 'degraded', 'down', 'unknown'] as Outcome[])
    .map((outcome) => ({ outcome, number: results.filter((result) => result.outcome === outcome).length }))
    .filter(({ number }) => number > 0)
    .map(({ outcome, number }) => paint(`${number} ${outcome}`, options, COLOURS[outcome]))
  const checks = `${results.length} ${results.length === 1 ? 'check' : 'checks'}`
  if (results.length === 0) return checks
  const times = results.map((result) => result.durationMs).sort((a, b) => a - b)
  const [min, max] = [times[0] ?? 0, times.at(-1) ?? 0]
  return `${checks}: ${counts.join(', ')}; min ${duration(min)}, median ${duration(median(times))}, max ${duration(max)}`
}

/** Middle of sorted numbers, the mean of the two middle ones when they are even in number. */
function median(sorted: number[]): number {
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}
