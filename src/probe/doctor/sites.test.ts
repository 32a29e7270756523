import { expect, test } from 'vitest'
import { clockFinding, clockOffset } from './sites.ts'

const NOON = Date.UTC(2026, 10, 20, 12)
const DATE = 'Fri, 20 Nov 2026 12:00:00 GMT'

test.each<[string, [string, string][], number | null]>([
  ['the middle of the second', [['Date', DATE]], -500],
  [
    'what a cache kept is older by its Age',
    [
      ['date', DATE],
      ['Age', '60'],
    ],
    -60_500,
  ],
  ['no Date', [['Server', 'x']], null],
  ['a Date that is none', [['Date', 'tomorrow']], null],
  ['another way of writing it', [['Date', '2026-11-20T12:00:00Z']], null],
])('clockOffset(): %s', (_name, fields, expected) => {
  expect(clockOffset({ fields }, NOON)).toBe(expected)
})

test('clockFinding() takes the median and says whether the sites agree', () => {
  const dated = (...offsets: number[]) =>
    offsets.map((offsetMs, index) => ({ url: `http://${index}.test/`, offsetMs }))
  expect(clockFinding([])).toMatchObject({ offsetMs: null, sure: false })
  expect(clockFinding(dated(7))).toMatchObject({ offsetMs: 7, sure: false })
  expect(clockFinding(dated(100, 90_000, 300))).toMatchObject({ offsetMs: 300, sure: true })
  expect(clockFinding(dated(0, 3_600_000))).toMatchObject({ sure: false })
  expect(
    clockFinding([
      { url: 'http://a.test/', offsetMs: 1 },
      { url: 'http://a.test/x', offsetMs: 2 },
    ]).sure,
  ).toBe(false)
})
