import { expect, test } from 'vitest'
import { sampleResult } from '../../test/golden/sample-result.ts'
import { summaryLine } from './summary.ts'

const OPTIONS = { width: 80, color: false, ascii: false, version: '1.2.3' }
const took = (durationMs: number, outcome: 'up' | 'down') =>
  sampleResult({ exchanges: [], durationMs, outcome })

test('summaryLine() counts outcomes and gives minimum, median and maximum', () => {
  const results = [took(9, 'down'), took(1, 'up'), took(2, 'up'), took(4, 'up')]
  expect(summaryLine(results, OPTIONS)).toBe('4 checks: 3 up, 1 down; min 1.0 ms, median 3.0 ms, max 9.0 ms')
  expect(summaryLine(results.slice(1), OPTIONS)).toContain('median 2.0 ms')
  expect(summaryLine([], OPTIONS)).toBe('0 checks')
})
