import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesToText, columns, fit, looksBinary, padEnd, safeText, wrap } from './safe-text.ts'

const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u

describe('safeText()', () => {
  test.each([
    ['escape sequences', 'a\x1b[31mred', 'a\\x1b[31mred'],
    ['a C1 control that starts a sequence in one byte', 'a\u009b31m', 'a\\x9b31m'],
    ['carriage return, line feed, tab and NUL', 'a\r\nb\tc\0', 'a\\x0d\\x0ab\\x09c\\x00'],
    ['DEL', '\x7f', '\\x7f'],
    ['right-to-left override', 'evil\u202etxt.exe', 'evil<U+202E>txt.exe'],
    ['isolates', '\u2066a\u2069', '<U+2066>a<U+2069>'],
    ['marks of direction', '\u200e\u200f\u061c', '<U+200E><U+200F><U+061C>'],
    ['zero width', 'pass\u200bword\ufeff', 'pass<U+200B>word<U+FEFF>'],
    ['soft hyphen', 'a\u00adb', 'a\\xadb'],
    ['line and paragraph separators', 'a\u2028b\u2029', 'a<U+2028>b<U+2029>'],
    ['a lone surrogate', 'a\ud800b', 'a<U+D800>b'],
    ['tags', 'a\u{e0041}', 'a<U+E0041>'],
    ['private use', '\ue000', '<U+E000>'],
    ['Hangul filler', 'a\u3164', 'a<U+3164>'],
    ['a combining mark with nothing before it', '\u0301a', '<U+0301>a'],
  ])('spells out %s', (_name, given, shown) => {
    expect(safeText(given)).toBe(shown)
  })

  test('leaves letters of all scripts alone', () => {
    const text = 'Größe, 汉字, עברית, é (e\u0301), 😀'
    expect(safeText(text)).toBe(text)
  })

  test('bounds a pile of combining marks', () => {
    const shown = safeText(`a${'\u0301'.repeat(10)}b`)
    expect(shown.match(/\u0301/g)).toHaveLength(3)
    expect(shown).toContain('<U+0301>')
  })

  test('cuts what is too long and says so', () => {
    expect(safeText('x'.repeat(50), { max: 10 })).toBe(`${'x'.repeat(10)}…`)
    expect(safeText('x'.repeat(50), { max: 10, ascii: true })).toBe(`${'x'.repeat(10)}...`)
  })

  test('spells out everything beyond ASCII when asked to', () => {
    expect(safeText('é€', { ascii: true })).toBe('\\xe9<U+20AC>')
  })

  test('lets nothing through that moves, hides or reorders, whatever comes in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(safeText(text)).not.toMatch(FORBIDDEN)
        expect(safeText(text, { ascii: true })).toMatch(/^[ -~]*$/)
      }),
    )
  })
})

describe('columns()', () => {
  test.each([
    ['abc', 3],
    ['é', 1],
    ['e\u0301', 1],
    ['汉字', 4],
    ['😀', 2],
    ['한', 2],
    ['✔ │ █', 5],
    ['', 0],
  ])('%j takes %i', (text, width) => {
    expect(columns(text)).toBe(width)
  })
})

describe('fit()', () => {
  test.each([
    ['short', 10, 'short'],
    ['exactly', 7, 'exactly'],
    ['too long', 5, 'too …'],
    ['汉字汉字', 5, '汉字…'],
    ['汉字汉字', 4, '汉…'],
    ['abc', 0, ''],
  ])('%j in %i columns', (text, width, shown) => {
    expect(fit(text, width)).toBe(shown)
  })

  test('never takes more columns than given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(30), fc.boolean(), (text, width, ascii) => {
        expect(columns(fit(safeText(text), width, ascii))).toBeLessThanOrEqual(width)
      }),
    )
  })
})

describe('wrap()', () => {
  test('breaks at spaces, and inside words that do not fit', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three'])
    expect(wrap('abcdefghij kl', 4)).toEqual(['abcd', 'efgh', 'ij', 'kl'])
    expect(wrap('one two three', 3, 9)).toEqual(['one', 'two three'])
    expect(wrap('', 5)).toEqual([''])
  })

  test('keeps every character and never makes a line too wide', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 2, max: 20 }), (text, width) => {
        const safe = safeText(text)
        const lines = wrap(safe, width)
        for (const line of lines) expect(columns(line)).toBeLessThanOrEqual(width)
        expect(lines.join('').replaceAll(' ', '')).toBe(safe.replaceAll(' ', ''))
      }),
    )
  })
})

test('padEnd() counts columns, not code units', () => {
  expect(padEnd('汉', 4)).toBe('汉  ')
  expect(padEnd('abcd', 2)).toBe('abcd')
})

describe('bytesToText()', () => {
  test.each([
    ['UTF-8', Buffer.from('Größe'), 'Größe'],
    ['UTF-8 cut inside a character', Buffer.from('aö').subarray(0, 2), 'a'],
    ['Latin-1', Buffer.from('Gr\xf6\xdfe', 'latin1'), 'Größe'],
    ['nothing', Buffer.alloc(0), ''],
  ])('reads %s', (_name, bytes, text) => {
    expect(bytesToText(bytes)).toBe(text)
  })
})

test('looksBinary() tells pictures from pages', () => {
  expect(looksBinary(Buffer.from('<html>\r\n\t<body>é'))).toBe(false)
  expect(looksBinary(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1]))).toBe(true)
  expect(looksBinary(Buffer.from([1, 2, 3, 4, 5, 0x41]))).toBe(true)
  expect(looksBinary(Buffer.alloc(0))).toBe(false)
})
