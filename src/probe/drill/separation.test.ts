import { describe, expect, test } from 'vitest'
import { type MarkedTry, separatingMark } from './separation.ts'

/** "a! b a!": three tries with the value of X-Node, those with ! failed; "-" has none. */
function tries(text: string, more: string[] = []): MarkedTry[] {
  return text.split(' ').map((word, at) => {
    const value = word.replace('!', '')
    const marks = value === '-' ? [] : [{ what: 'field' as const, name: 'X-Node', value }]
    const others = more.map((name) => ({ what: 'field' as const, name, value: `${at % 2}` }))
    return { failed: word.endsWith('!'), marks: [...marks, ...others] }
  })
}

describe('separatingMark()', () => {
  test.each<[name: string, text: string, value: string | null]>([
    ['one machine fails, the others do not', 'a! b c a! b c a! b', 'a'],
    ['half fails', 'a! b a! b a! b a! b', 'a'],
    ['one machine fails only sometimes: the split is not complete', 'a! b a b a! b a b', null],
    ['two machines fail', 'a! b! c a! b! c a! b!', null],
    ['one failure of eight may be chance', 'a! b b b b b b b', null],
    ['too few tries', 'a! b a!', null],
    ['all fail', 'a! b! a! b!', null],
    ['none fails', 'a b a b', null],
    ['a try without a value', 'a! b - a! b b a! b', null],
    ['failures without a value', '-! b b -! b b -! b', null],
    ['a new value every time', 'a! b c! d e! f g! h', null],
    ['the same value for all', 'a! a a! a a! a a! a', null],
  ])('%s', (_name, text, value) => {
    expect(separatingMark(tries(text))?.value ?? null).toBe(value)
  })

  test('asks for more evidence the more traits there are to choose from', () => {
    const text = 'a! b c b c a! b b'
    expect(separatingMark(tries(text))?.value).toBe('a')
    expect(separatingMark(tries(text, ['X-Pod', 'X-Host', 'X-Lb']))).toBe(null)
  })
})
