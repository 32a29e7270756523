import { describe, expect, test } from 'vitest'
import { HOSTILE } from '../../test/golden/hostile-result.ts'
import { sampleDiagnosis, sampleResponse } from '../../test/golden/sample-result.ts'
import { responseReport } from './response-report.ts'
import { columns } from './safe-text.ts'

const OPTIONS = { width: 80, color: false, ascii: false, version: '1.2.3' }
const RESPONSE = sampleResponse('HTTP/1.1 502 Bad Gateway\r\nServer: nginx\r\n\r\n', 'no luck')

describe('responseReport()', () => {
  test('tells verdict, response, chain, reasons and steps', () => {
    const report = responseReport(RESPONSE, sampleDiagnosis(), OPTIONS)
    expect(report.split('\n').slice(0, 4)).toEqual([
      'DOWN  Behind the gateway: nginx could not reach the application.',
      '      HTTP/1.1 502 Bad Gateway, 1 field, 7 bytes of content',
      '',
      '  gateway ✔ ── upstream ✖',
    ])
    expect(report).toContain('Why we say so')
    expect(report).toContain('Look into the log of nginx.')
  })

  test.each([
    [null, 'DOWN'],
    ['down', 'DOWN'],
    ['degraded', 'DEGRADED'],
    ['unknown', 'UNKNOWN'],
    ['remark', 'REMARK'],
  ] as const)('the effect %s is %s', (effect, word) => {
    expect(responseReport(RESPONSE, sampleDiagnosis({ effect }), OPTIONS)).toMatch(new RegExp(`^${word} {2}`))
  })

  test('says when nothing is wrong, and when the bytes are no response', () => {
    expect(responseReport(RESPONSE, null, OPTIONS)).toBe(
      'OK  Nothing is wrong with this response, as far as its bytes tell.\n    HTTP/1.1 502 Bad Gateway, 1 field, 7 bytes of content\n',
    )
    expect(responseReport(null, sampleDiagnosis(), OPTIONS)).toContain('these bytes are no HTTP response')
  })

  test('hostile text fits and obeys nobody', () => {
    for (const width of [24, 40, 80]) {
      const report = responseReport({ ...RESPONSE, reason: HOSTILE }, sampleDiagnosis({}, HOSTILE), {
        ...OPTIONS,
        width,
      })
      for (const line of report.split('\n')) expect(columns(line), line).toBeLessThanOrEqual(width)
      expect(report.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u)
    }
  })
})
