import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { WhydownError } from '../model/error.ts'
import {
  type BareItem,
  type Dictionary,
  type Item,
  type List,
  MAX_FIELD_CHARS,
  MAX_INNER_ITEMS,
  MAX_MEMBERS,
  MAX_PARAMETERS,
  type Member,
  type Parameters,
  type Parsed,
  parseDictionary,
  parseItem,
  parseList,
  serializeBareItem,
  serializeDictionary,
  serializeItem,
  serializeList,
  textOf,
} from './structured-fields.ts'

const SUITE = new URL('../../test/data/structured-field-tests/', import.meta.url)

interface SuiteCase {
  name: string
  raw?: string[]
  header_type: 'item' | 'list' | 'dictionary'
  expected?: unknown
  must_fail?: boolean
  can_fail?: boolean
  canonical?: string[]
}

/** A JSON number as the suite writes it: 1.0 is a decimal, 1 is an integer, which plain JSON.parse forgets. */
class WrittenNumber {
  readonly source: string
  constructor(source: string) {
    this.source = source
  }
}

type Reviver = (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown

function readSuite(folder: URL): { file: string; cases: SuiteCase[] }[] {
  const keepNumbers: Reviver = (_key, value, context) =>
    typeof value === 'number' ? new WrittenNumber(context.source ?? String(value)) : value
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({
      file,
      cases: JSON.parse(
        readFileSync(new URL(file, folder), 'utf8'),
        keepNumbers as () => unknown,
      ) as SuiteCase[],
    }))
}

function base32Decoded(text: string): Uint8Array {
  const bytes: number[] = []
  let bits = 0
  let held = 0
  for (const letter of text.replace(/=+$/, '')) {
    held = held * 32 + 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter)
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes.push(Math.floor(held / 2 ** bits))
      held %= 2 ** bits
    }
  }
  return Uint8Array.from(bytes)
}

function bareOf(expected: unknown): BareItem {
  if (expected instanceof WrittenNumber) {
    const type = expected.source.includes('.') ? 'decimal' : 'integer'
    return { type, value: Number(expected.source) + 0 }
  }
  if (typeof expected === 'string') return { type: 'string', value: expected }
  if (typeof expected === 'boolean') return { type: 'boolean', value: expected }
  const { __type, value } = expected as { __type: string; value: unknown }
  switch (__type) {
    case 'token':
      return { type: 'token', value: value as string }
    case 'binary':
      return { type: 'binary', value: base32Decoded(value as string) }
    case 'date':
      return { type: 'date', value: Number((value as WrittenNumber).source) }
    case 'displaystring':
      return { type: 'display_string', value: value as string }
    default:
      throw new Error(`unknown type ${__type} in the suite`)
  }
}

function parametersOf(expected: unknown): Parameters {
  return new Map((expected as [string, unknown][]).map(([key, value]) => [key, bareOf(value)]))
}

function itemOf(expected: unknown): Item {
  const [bare, parameters] = expected as [unknown, unknown]
  return { kind: 'item', bare: bareOf(bare), parameters: parametersOf(parameters) }
}

function memberOf(expected: unknown): Member {
  const [first, parameters] = expected as [unknown, unknown]
  if (!Array.isArray(first)) return itemOf(expected)
  return { kind: 'inner_list', items: first.map(itemOf), parameters: parametersOf(parameters) }
}

type Value = Item | List | Dictionary

function valueOf(suiteCase: SuiteCase): Value {
  const { expected } = suiteCase
  if (suiteCase.header_type === 'item') return itemOf(expected)
  if (suiteCase.header_type === 'list') return (expected as unknown[]).map(memberOf)
  return new Map((expected as [string, unknown][]).map(([key, member]) => [key, memberOf(member)]))
}

const READ: Record<SuiteCase['header_type'], (raw: string[]) => Parsed<Value>> = {
  item: parseItem,
  list: parseList,
  dictionary: parseDictionary,
}

function written(type: SuiteCase['header_type'], value: Value): string {
  if (type === 'item') return serializeItem(value as Item)
  return type === 'list' ? serializeList(value as List) : serializeDictionary(value as Dictionary)
}

/** Map compares by content and order only as entries. */
function comparable(value: unknown): unknown {
  if (value instanceof Map) return ['map', ...[...value].map(([key, held]) => [key, comparable(held)])]
  if (value instanceof Uint8Array) return { bytes: [...value] }
  if (Array.isArray(value)) return value.map(comparable)
  if (value && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, comparable(held)]))
  }
  return value
}

describe('the suite of the HTTP working group', () => {
  let parsed = 0
  let serialized = 0

  for (const { file, cases } of readSuite(SUITE)) {
    it(`parse and serialize agree with ${file}`, () => {
      for (const suiteCase of cases) {
        parsed++
        const { name, raw = [], header_type: type } = suiteCase
        const result = READ[type](raw)
        if (suiteCase.must_fail) {
          expect(result.failure, `${name} must fail`).not.toBeNull()
          expect(result.failure?.says).not.toBe('')
          expect(result.failure?.offset).toBeLessThanOrEqual(raw.join(', ').length)
          continue
        }
        // We fail none of the cases that a parser may fail.
        expect(result.failure, name).toBeNull()
        if (result.failure) continue
        expect(comparable(result.value), name).toEqual(comparable(valueOf(suiteCase)))
        const canonical = suiteCase.canonical ?? raw
        expect(written(type, result.value), `${name}, written again`).toBe(canonical.join(', '))
        serialized++
      }
    })
  }

  for (const { file, cases } of readSuite(new URL('serialisation-tests/', SUITE))) {
    it(`serialize agrees with serialisation-tests/${file}`, () => {
      for (const suiteCase of cases) {
        serialized++
        const write = (): string => written(suiteCase.header_type, valueOf(suiteCase))
        if (suiteCase.must_fail) expect(write, `${suiteCase.name} must fail`).toThrow(WhydownError)
        else expect(write(), suiteCase.name).toBe((suiteCase.canonical ?? []).join(', '))
      }
    })
  }

  it('was run whole', () => {
    expect(parsed).toBe(1591)
    expect(serialized).toBe(1591 - 864 + 544)
  })
})

describe('parse failures', () => {
  const cases: [read: (text: string) => Parsed<unknown>, text: string, offset: number, says: RegExp][] = [
    [parseItem, '', 0, /the end where a value must begin/],
    [parseItem, '"abc', 0, /not closed/],
    [parseItem, '"a\\b"', 3, /"b" after a backslash/],
    [parseItem, '  12 x', 5, /"x" after the end of the value/],
    [parseItem, '1.2345', 1, /more than 3 digits/],
    [parseItem, '%"%FF"', 2, /lower-case hexadecimal/],
    [parseItem, '%"%ff"', 0, /not UTF-8/],
    [parseItem, 'a\r\nb', 1, /character 0x0d after the end/],
    [parseList, 'a, ', 1, /a comma with nothing behind it/],
    [parseList, 'a b', 2, /"b" where a comma/],
    [parseList, 'a, (b c', 7, /not closed by "\)"/],
    [parseDictionary, 'a=1, B=2', 5, /"B" where a key must begin/],
    [parseList, 'ä', 0, /character 0xe4 where a value must begin/],
  ]
  it.each(cases)('%o of %o points at offset %i', (read, text, offset, says) => {
    const { failure } = read(text)
    expect(failure?.offset).toBe(offset)
    expect(failure?.says).toMatch(says)
  })
})

describe('limits', () => {
  it('parseList() takes as many members as allowed and not one more', () => {
    expect(parseList(Array(MAX_MEMBERS).fill('a')).value).toHaveLength(MAX_MEMBERS)
    expect(parseList(Array(MAX_MEMBERS + 1).fill('a')).failure?.says).toMatch(/more than 4096 members/)
  })

  it('parseItem() takes as many parameters as allowed and not one more', () => {
    const named = (count: number): string =>
      `a${Array.from({ length: count }, (_, index) => `;k${index}`).join('')}`
    expect(parseItem(named(MAX_PARAMETERS)).value?.parameters.size).toBe(MAX_PARAMETERS)
    expect(parseItem(named(MAX_PARAMETERS + 1)).failure?.says).toMatch(/parameters/)
  })

  it('parseList() bounds inner lists and the length of all', () => {
    expect(parseList(`(${'a '.repeat(MAX_INNER_ITEMS)})`).failure).toBeNull()
    expect(parseList(`(${'a '.repeat(MAX_INNER_ITEMS + 1)})`).failure?.says).toMatch(/inner list/)
    expect(parseItem(`"${'a'.repeat(MAX_FIELD_CHARS)}"`).failure?.offset).toBe(MAX_FIELD_CHARS)
  })
})

describe('textOf()', () => {
  it('gives the text of strings, tokens and display strings only', () => {
    const texts = ['a', '"b"', '%"c"', '1', '?1', ':AA==:', '@0', '1.5'].map((raw) => {
      const { value } = parseItem(raw)
      return value && textOf(value.bare)
    })
    expect(texts).toEqual(['a', 'b', 'c', null, null, null, null, null])
  })
})

describe('serializeBareItem()', () => {
  it.each<[BareItem, string]>([
    [{ type: 'decimal', value: 1 }, '1.0'],
    [{ type: 'decimal', value: -0 }, '0.0'],
    [{ type: 'decimal', value: -0.0004 }, '0.0'],
    [{ type: 'decimal', value: 1e-7 }, '0.0'],
    [{ type: 'decimal', value: 0.00051 }, '0.001'],
    [{ type: 'decimal', value: 123456789012.125 }, '123456789012.125'],
    [{ type: 'decimal', value: 2.2 }, '2.2'],
    [{ type: 'decimal', value: 2.25 }, '2.25'],
    [{ type: 'integer', value: -0 }, '0'],
    [{ type: 'display_string', value: 'ü "50%"' }, '%"%c3%bc %2250%25%22"'],
  ])('writes %o as %s', (bare, text) => {
    expect(serializeBareItem(bare)).toBe(text)
  })

  it.each<BareItem>([
    { type: 'decimal', value: 999_999_999_999.9999 },
    { type: 'decimal', value: Number.NaN },
    { type: 'integer', value: 1.5 },
    { type: 'string', value: 'ü' },
    { type: 'token', value: '' },
    { type: 'token', value: 'a b' },
    { type: 'display_string', value: '\ud800' },
    { type: 'date', value: 0.5 },
  ])('refuses %o', (bare) => {
    expect(() => serializeBareItem(bare)).toThrow(WhydownError)
  })
})
