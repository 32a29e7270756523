// One live chain of each kind, made of real gateways and name servers: the whole product has to say what is true. The
// bench runs them all (npm run bench:accuracy).
import { describe, expect, test } from 'vitest'
import { runOne, whyNot } from '../../bench/live/run.ts'
import type { Judged, Scenario } from '../../bench/live/scenario.ts'
import { BROKEN, HEALTHY } from '../../bench/live/scenarios.ts'
import { labSuite } from '../lab/lab-suite.ts'

const quick = [...BROKEN, ...HEALTHY].filter((scenario) => scenario.quick)
const programs = [...new Set(quick.flatMap(({ needs = [] }) => needs))]

/** What was said, short enough to read in a failed test. */
function said({ result }: Judged): string {
  const { diagnosis, failure, outcome } = result
  return `${outcome}, ${failure?.code ?? 'no failure'}: ${diagnosis?.headline ?? 'no diagnosis'} [${diagnosis?.causes.join(', ') ?? ''}]`
}

async function expectTruth(scenario: Scenario): Promise<void> {
  const judged = await runOne(scenario)
  const { verdict, link, party, outcome, generator } = judged
  if (scenario.truth === null) {
    expect(verdict, said(judged)).toBe('right')
    return
  }
  const alone = judged.result.diagnosis?.causes.length === 1
  expect(['right', 'first', 'among', 'could not tell'], said(judged)).toContain(verdict)
  expect({ link, party, outcome }, said(judged)).toStrictEqual({ link: true, party: true, outcome: true })
  expect(generator, said(judged)).not.toBe(false)
  if (scenario.truth.tellable) expect(alone, said(judged)).toBe(true)
}

labSuite(programs, 'a live chain', () => {
  for (const group of new Set(quick.map((scenario) => scenario.group))) {
    describe(group, () => {
      const scenarios = quick.filter((scenario) => scenario.group === group)
      test.for(scenarios)('$name', async (scenario, context) => {
        const because = whyNot(scenario)
        if (because !== null) context.skip(because)
        await expectTruth(scenario)
      })
    })
  }
})

test('the lists hold enough chains, each with a name of its own', () => {
  const names = [...BROKEN, ...HEALTHY].map(({ group, name }) => `${group}: ${name}`)
  expect(new Set(names).size).toBe(names.length)
  expect(BROKEN.length).toBeGreaterThanOrEqual(60)
  expect(HEALTHY.length).toBeGreaterThanOrEqual(200)
})
