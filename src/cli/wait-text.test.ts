import { describe, expect, test } from 'vitest'
import type { Stretch, WaitSummary } from '../engine/wait-state.ts'
import { splitCommand } from './wait-run.ts'
import { liveLine, newsLines, stretchWords, summaryText, timeSpan } from './wait-text.ts'

const OPTIONS = { width: 80, color: false, ascii: true, version: '1' }

function stretch(given: Partial<Stretch> = {}): Stretch {
  return {
    seen: 'down',
    fromMs: 0,
    toMs: 65_000,
    looks: 3,
    code: 'status_unaccepted',
    number: '502',
    headline: 'It got no good answer.',
    cause: 'connection_refused',
    article: 'http-502',
    failing: [],
    ...given,
  }
}

test.each([
  [0, '0 s'],
  [59_400, '59 s'],
  [60_000, '1 min'],
  [192_000, '3 min 12 s'],
  [7_500_000, '2 h 5 min'],
  [90_000_000, '1 d 1 h'],
])('timeSpan() of %i is %s', (ms, text) => {
  expect(timeSpan(ms)).toBe(text)
})

describe('stretchWords()', () => {
  test.each([
    [stretch(), 'down: 502 status_unaccepted, connection refused'],
    [stretch({ cause: null }), 'down: 502 status_unaccepted'],
    [
      stretch({ code: 'connect_refused', cause: 'connect_refused', number: '006' }),
      'down: 006 connect_refused',
    ],
    [stretch({ seen: 'up', code: null }), 'up'],
    [
      stretch({ seen: 'unknown', code: 'local_limit', number: null, cause: null }),
      'cannot tell (the fault is on our side): local_limit',
    ],
  ])('puts %j into words', (given, words) => {
    expect(stretchWords(given, OPTIONS)).toBe(words)
  })
})

test('newsLines() keeps hostile text of a peer harmless', () => {
  const news = {
    kind: 'changed',
    atMs: 0,
    stretch: stretch({ headline: 'a\x1b[2J\u202eb' }),
    before: null,
  } as const
  expect(newsLines(news, '09:00:00', OPTIONS).join('\n')).not.toMatch(/\x1b|\u202e/)
})

test('liveLine() fits its line', () => {
  const line = liveLine(stretch(), 3, 65_000, 70_000, { ...OPTIONS, width: 40 })
  expect(line.length).toBeLessThan(40)
  expect(liveLine(stretch(), 3, 65_000, 70_000, { ...OPTIONS, width: 120 })).toContain(
    'for 1 min 5 s , 3 looks , next look in 5 s',
  )
})

test('summaryText() tells the last failures of a long story', () => {
  const summary: WaitSummary = {
    until: 'up',
    end: 'time_over',
    waitedMs: 600_000,
    looks: 40,
    downMs: 600_000,
    unknownMs: 0,
    stretches: Array.from({ length: 20 }, (_, at) => stretch({ number: String(500 + at) })),
    changes: [],
    ours: false,
  }
  const text = summaryText('http://x/', summary, OPTIONS)
  expect(text).toContain('Gave up on http://x/: last seen down: 519')
  expect(text).not.toContain('down: 511 ')
  expect(text.split('\n').every((line) => line.length <= 80)).toBe(true)
})

describe('splitCommand()', () => {
  test.each([
    ['echo hi', ['echo', 'hi']],
    ['  a   b\tc ', ['a', 'b', 'c']],
    [`say "two words" 'and "these"' ""`, ['say', 'two words', 'and "these"', '']],
    ['a\\ b "c\\"d" \'e\\f\'', ['a b', 'c"d', 'e\\f']],
    ['x="y z"', ['x=y z']],
    ['$HOME | rm *', ['$HOME', '|', 'rm', '*']],
  ])('splits %s', (text, words) => {
    expect(splitCommand(text)).toEqual(words)
  })

  test.each(['"open', "it's", '', '   '])('refuses %j', (text) => {
    expect(() => splitCommand(text)).toThrow(/--then/)
  })
})
