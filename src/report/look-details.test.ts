import { expect, test } from 'vitest'
import { hostileResult } from '../../test/golden/hostile-result.ts'
import { sampleGlance } from '../../test/golden/sample-result.ts'
import { DRILL_STEPS } from '../model/drill.ts'
import { failure } from '../model/failure.ts'
import { lookTable } from './look-details.ts'

test('lookTable() lists every kind of finding, as many cells a row as its head has', () => {
  const { drill } = hostileResult('peer')
  expect(drill.map(({ finding }) => finding?.kind)).toEqual([...DRILL_STEPS])
  for (const { step, finding } of drill) {
    const table = lookTable(finding)
    expect(table?.rows.length, step).toBeGreaterThan(0)
    for (const row of table?.rows ?? []) expect(row, step).toHaveLength(table?.head.length ?? -1)
    expect(JSON.stringify(table)).toContain('peer')
  }
})

test('lookTable() says what came of a request in a few words', () => {
  const refused = {
    ...sampleGlance(),
    status: null,
    bodyBytes: null,
    failure: failure('connect_refused', 'ECONNREFUSED'),
  }
  const silent = { ...sampleGlance(), status: null, bodyBytes: null }
  const each = [sampleGlance(), refused, silent].map((glance) => ({
    path: '/',
    method: 'GET',
    verdict: 'same' as const,
    glance,
  }))
  const table = lookTable({ kind: 'paths', each, extent: 'site' })
  expect(table?.rows.map((row) => row[2])).toEqual([
    'status 502, 157 bytes',
    'connect_refused: ECONNREFUSED',
    'nothing',
  ])
})

test('lookTable() is null when there is nothing to list, and bounds what it lists', () => {
  expect(lookTable(null)).toBeNull()
  expect(lookTable({ kind: 'difference', changes: [], goodStartedAt: '' })).toBeNull()
  const changes = Array.from({ length: 100 }, (_, index) => ({ what: `${index}`, before: null, now: null }))
  const table = lookTable({ kind: 'difference', changes, goodStartedAt: '' })
  expect(table?.rows).toHaveLength(41)
  expect(table?.rows.at(-1)).toEqual(['and 60 more'])
})
