import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bar } from './bars.ts'

describe('bar()', () => {
  test.each([
    ['the whole time', 0, 10, 10, '████'],
    ['the first half', 0, 5, 10, '██  '],
    ['the second half', 5, 5, 10, '  ██'],
    ['almost nothing', 0, 0.001, 10, '▏   '],
    ['an eighth of a column', 0, 10 / 32, 10, '▏   '],
    ['a start at the very end', 10, 1, 10, '   ▍'],
    ['an unknown scale', 0, 1, 0, '    '],
    ['a time that is no number', 0, Number.NaN, 10, '    '],
  ])('draws %s', (_name, start, length, total, drawn) => {
    expect(bar(start, length, total, 4, false)).toBe(drawn)
  })

  test('draws in ASCII', () => {
    expect(bar(5, 5, 10, 4, true)).toBe('  ==')
  })

  test('is always exactly as wide as asked', () => {
    fc.assert(
      fc.property(
        fc.double(),
        fc.double(),
        fc.double(),
        fc.nat(40),
        fc.boolean(),
        (start, length, total, width, ascii) => {
          expect(bar(start, length, total, width, ascii)).toHaveLength(width)
        },
      ),
    )
  })
})
