// Breaks chains on loopback, checks and diagnoses them, and writes docs/accuracy-live.md: npm run bench:accuracy.
import { writeFileSync } from 'node:fs'
import { runAll } from './live/run.ts'
import { BROKEN, HEALTHY } from './live/scenarios.ts'
import { livePage, liveSummary } from './live/table.ts'

/** Chains wait more than they compute; more of them at a time would make late what is measured. */
const AT_ONCE = 6

const scenarios = [...BROKEN, ...HEALTHY]
const start = performance.now()
const run = await runAll(scenarios, AT_ONCE, (count) => {
  if (process.stderr.isTTY) process.stderr.write(`\r${count} of ${scenarios.length} chains`)
})
if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
writeFileSync(new URL('../docs/accuracy-live.md', import.meta.url), livePage(run))
console.log(liveSummary(run))
console.log(`\n${scenarios.length} chains in ${((performance.now() - start) / 1000).toFixed(0)} s`)
