// The folder of rules is whole: every file in the list, in an order that holds, and every code and look has a rule.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { RULES } from '../../../src/diagnose/rules.ts'
import { DRILL_STEPS } from '../../../src/model/drill.ts'
import { FAILURE_CODES, type FailureCode } from '../../../src/model/failure.ts'

const FOLDER = join(import.meta.dirname, '../../../src/diagnose/rules')
const ids = RULES.map(({ id }) => id)

test('RULES holds every file of the folder once', () => {
  const files = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => name.slice(0, -3))
  expect([...ids].sort()).toEqual(files.sort())
})

test.each(RULES.map(({ id, after }, index) => ({ id, after, index })))(
  'RULES has $id after those it builds on',
  ({ after, index }) => {
    for (const earlier of after) expect(ids.slice(0, index)).toContain(earlier)
  },
)

test('RULES has a rule that begins a verdict for every failure code', () => {
  const begun = new Set(RULES.flatMap(({ codes, id }) => (id === 'hosts-file' ? [] : (codes ?? []))))
  const missing = (Object.keys(FAILURE_CODES) as FailureCode[]).filter((code) => !begun.has(code))
  expect(missing).toEqual([])
})

test('RULES read every look of the drill', () => {
  // Proxy and half-dead addresses are judged with and without their look, so they need none.
  const needed = new Set([...RULES.flatMap(({ needs }) => [...needs]), 'proxy', 'addresses'])
  expect(DRILL_STEPS.filter((step) => !needed.has(step))).toEqual([])
})
