import { describe, expect, test } from 'vitest'
import { DnsCursor } from './dns-cursor.ts'
import { encodeName, foldName, nameProblem } from './dns-name.ts'

const LABEL = 'a'.repeat(63)

describe('encodeName() and DnsCursor.name()', () => {
  const rows: { name: string; text: string; hex: string; back?: string }[] = [
    { name: 'a plain name', text: 'ab.c', hex: '0261620163 00' },
    { name: 'the dot at the end', text: 'ab.c.', hex: '0261620163 00', back: 'ab.c' },
    { name: 'the root', text: '.', hex: '00' },
    { name: 'the empty text as root', text: '', hex: '00', back: '.' },
    { name: 'an escaped dot', text: 'a\\.b.c', hex: '03612e62 0163 00' },
    { name: 'an escaped backslash', text: 'a\\\\b', hex: '03615c62 00' },
    { name: 'a byte by number', text: 'a\\000\\255', hex: '036100ff 00' },
    { name: 'a needless escape', text: '\\a', hex: '0161 00', back: 'a' },
    { name: 'case as it is', text: 'aB', hex: '026142 00' },
    { name: 'an underscore', text: '_dmarc.c', hex: '065f646d617263 0163 00' },
  ]
  for (const { name, text, hex, back } of rows) {
    test(`take ${name}`, () => {
      const made = encodeName(text)
      const wanted = Buffer.from(hex.replaceAll(' ', ''), 'hex')
      expect('bytes' in made && Buffer.from(made.bytes).toString('hex')).toBe(wanted.toString('hex'))
      const cursor = new DnsCursor(wanted)
      expect(cursor.name('x')).toBe(back ?? text)
      expect(cursor.at).toBe(wanted.length)
      expect(cursor.malformed).toBe(null)
    })
  }
})

describe('nameProblem()', () => {
  const longest = `${LABEL}.${LABEL}.${LABEL}.${'b'.repeat(61)}`
  const rows: { name: string; text: string; problem: string | null }[] = [
    { name: '63 bytes of label', text: LABEL, problem: null },
    { name: '64 bytes of label', text: `${LABEL}a.c`, problem: 'a label is longer' },
    { name: '255 bytes of name', text: longest, problem: null },
    { name: '255 bytes of name and the dot', text: `${longest}.`, problem: null },
    { name: '256 bytes of name', text: `${longest}b`, problem: 'the name is longer' },
    {
      name: '256 bytes of name by a last label',
      text: `${LABEL}.${LABEL}.${LABEL}.${'b'.repeat(59)}.cc`,
      problem: 'the name is longer',
    },
    { name: '255 bytes and one empty label', text: `${longest}..`, problem: 'empty label' },
    { name: 'an empty label', text: 'a..b', problem: 'empty label' },
    { name: 'a dot in front', text: '.a', problem: 'empty label' },
    { name: 'not ASCII', text: 'bücher.example', problem: 'not ASCII' },
    { name: 'an escape cut off', text: 'a\\', problem: 'ends within an escape' },
    { name: 'an escape too large', text: '\\256', problem: 'not a byte' },
    { name: 'thousands of labels', text: 'a.'.repeat(5_000), problem: 'the name is longer' },
  ]
  for (const { name, text, problem } of rows) {
    test(`judges ${name}`, () => {
      if (problem === null) expect(nameProblem(text)).toBe(null)
      else expect(nameProblem(text)).toContain(problem)
    })
  }
})

test('foldName() ignores case and the dot at the end, but not an escaped one', () => {
  expect(foldName('WWW.Example.')).toBe('www.example')
  expect(foldName('a\\.')).toBe('a\\.')
  expect(foldName('.')).toBe('.')
})

describe('DnsCursor.name() follows pointers', () => {
  const header = '00'.repeat(12)
  const rows: { name: string; hex: string; at: number; result: string | RegExp; offset?: number }[] = [
    { name: 'back to an earlier name', hex: `${header} 0161 00 0162 c00c`, at: 15, result: 'b.a' },
    { name: 'not to itself', hex: `${header} c00c`, at: 12, result: /does not lead back/, offset: 12 },
    { name: 'not forward', hex: `${header} c00e 0161 00`, at: 12, result: /does not lead back/, offset: 12 },
    {
      name: 'not into its own name',
      hex: `${header} 0161 c00c`,
      at: 12,
      result: /does not lead back/,
      offset: 14,
    },
    {
      name: 'not into the header',
      hex: `${header} 0161 c002`,
      at: 12,
      result: /into the header/,
      offset: 14,
    },
    {
      name: 'not in a circle of two',
      hex: `${header} 0161 c010 0162 c00c`,
      at: 16,
      result: /does not lead back/,
      offset: 14,
    },
    { name: 'not cut in half', hex: `${header} 0161 c0`, at: 12, result: /cut off/, offset: 14 },
    { name: 'not with a reserved label type', hex: `${header} 4061`, at: 12, result: /reserved/, offset: 12 },
    { name: 'not beyond the end', hex: `${header} 0561`, at: 12, result: /past the end/, offset: 12 },
    { name: 'not without an end', hex: `${header} 0161`, at: 12, result: /past the end/, offset: 14 },
  ]
  for (const { name, hex, at, result, offset } of rows) {
    test(name, () => {
      const cursor = new DnsCursor(Buffer.from(hex.replaceAll(' ', ''), 'hex'), at)
      const text = cursor.name('x')
      if (typeof result === 'string') {
        expect(text).toBe(result)
        expect(cursor.malformed).toBe(null)
      } else {
        expect(cursor.malformed?.reason).toMatch(result)
        expect(cursor.malformed?.offset).toBe(offset)
      }
    })
  }

  test('through at most 127 pointers', () => {
    const chain = (links: number): DnsCursor => {
      // A name, then pointers each to the one before.
      const bytes = Buffer.alloc(12 + 3 + links * 2)
      bytes.set([1, 0x61, 0], 12)
      for (let link = 0; link < links; link++) {
        bytes.writeUInt16BE(0xc000 | (link === 0 ? 12 : 15 + (link - 1) * 2), 15 + link * 2)
      }
      return new DnsCursor(bytes, 15 + (links - 1) * 2)
    }
    expect(chain(127).name('x')).toBe('a')
    const tooLong = chain(128)
    tooLong.name('x')
    expect(tooLong.malformed?.reason).toMatch(/too many/)
  })

  test('only as long as the whole name has at most 255 bytes', () => {
    const label = Buffer.concat([Buffer.of(63), Buffer.alloc(63, 0x61)])
    const four = Buffer.concat([Buffer.alloc(12), label, label, label, label, Buffer.of(0)])
    const cursor = new DnsCursor(four, 12)
    cursor.name('x')
    expect(cursor.malformed?.reason).toMatch(/longer than 255/)
  })
})
