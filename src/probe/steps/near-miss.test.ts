import { describe, expect, it } from 'vitest'
import { findNearMiss } from './near-miss.ts'

describe('findNearMiss()', () => {
  it.each<[text: string, word: string, difference: string, found: string]>([
    ['say HELLO now', 'Hello', 'other letter case', 'HELLO'],
    ['say Hello\n  World', 'Hello World', 'other white space', 'Hello World'],
    ['say Hello\u00a0World', 'Hello World', 'other white space', 'Hello World'],
    ['say HELLO\n  World', 'Hello World', 'other white space and other letter case', 'HELLO World'],
    ['Scho\u0308n', 'Schön', 'another Unicode form', 'Schön'],
    ['Fish &amp; Chips', 'Fish & Chips', 'character references', 'Fish & Chips'],
    ['Sch&#246;n &#xfc;ber', 'Schön über', 'character references', 'Schön über'],
    ['Fish&nbsp;Chips', 'Fish Chips', 'character references', 'Fish Chips'],
    ['Hello <b class="x">World</b>', 'Hello World', 'markup in between', 'Hello World'],
    ['Hello <B>world</B>!', 'Hello World!', 'markup in between and other letter case', 'Hello world!'],
  ])('%o has %o with %s', (text, word, difference, found) => {
    expect(findNearMiss(text, word)).toEqual({ difference, found })
  })

  it.each<[text: string, word: string]>([
    ['', 'Hello'],
    ['Goodbye', 'Hello'],
    ['text', ' '],
    ['&bogus; &#0; &#99999999;', 'Hello'],
    ['a < b', 'Hello'],
  ])('%o has nothing like %o', (text, word) => {
    expect(findNearMiss(text, word)).toBeNull()
  })

  it('shows a bounded piece', () => {
    expect(findNearMiss('X'.repeat(1_000), 'x'.repeat(1_000))?.found).toHaveLength(100)
  })
})
