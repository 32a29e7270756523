// JSON paths against all inputs: a path parses or is refused in words, and what it finds is what plain code finds.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WhydownError } from '../../src/model/error.ts'
import { findByPath, type JsonPath, MAX_MATCHES, parseJsonPath } from '../../src/wire/json-path.ts'

const anyPath = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .array(
      fc.constantFrom(
        '$',
        '.',
        '..',
        'a',
        'name',
        '[',
        ']',
        '0',
        '-1',
        ':',
        '*',
        "'",
        '"',
        ',',
        ' ',
        '\\',
        '?',
        '[0]',
        "['a']",
      ),
      { maxLength: 14 },
    )
    .map((pieces) => pieces.join('')),
)

function parsed(text: string): JsonPath | WhydownError {
  try {
    return parseJsonPath(text)
  } catch (error) {
    if (error instanceof WhydownError) return error
    throw error
  }
}

/** A name between quotation marks, with the escapes of RFC 9535. */
function quotedName(name: string): string {
  return `'${JSON.stringify(name).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}

/** A place in a document as the list of names and indexes that lead there. */
function places(json: unknown, at: (string | number)[] = []): (string | number)[][] {
  if (json === null || typeof json !== 'object') return [at]
  const held = Array.isArray(json) ? json.map((value, index) => [index, value]) : Object.entries(json)
  return [at, ...held.flatMap(([name, value]) => places(value, [...at, name as string | number]))]
}

function valueAt(json: unknown, place: (string | number)[]): unknown {
  return place.reduce((held, name) => (held as Record<string | number, unknown>)[name], json)
}

function lengthOf(json: unknown, place: (string | number)[]): number {
  return (valueAt(json, place) as unknown[]).length
}

const document = fc.jsonValue({ maxDepth: 4 }).map((json) => JSON.parse(JSON.stringify(json)) as unknown)

describe('parseJsonPath()', () => {
  it('takes a path or refuses it with a sentence and a remedy', () => {
    let taken = 0
    fc.assert(
      fc.property(anyPath, (text) => {
        const path = parsed(text)
        if (!(path instanceof WhydownError)) {
          taken++
          expect(path.text).toBe(text)
          return
        }
        expect(path.kind).toBe('usage')
        expect(path.message).toMatch(/at position \d+$/)
        expect(Number(/(\d+)$/.exec(path.message)?.[1])).toBeLessThanOrEqual(text.length + 1)
        expect(path.hint).toBeTruthy()
      }),
      { numRuns: 5_000 },
    )
    expect(taken).toBeGreaterThan(500)
  })
})

describe('findByPath()', () => {
  it('finds bounded many values of any document by any path', () => {
    fc.assert(
      fc.property(document, anyPath, (json, text) => {
        const path = parsed(text)
        if (path instanceof WhydownError) return
        expect(findByPath(json, path).values.length).toBeLessThanOrEqual(MAX_MATCHES)
      }),
      { numRuns: 3_000 },
    )
  })

  it('finds every place of a document by its name and index', () => {
    fc.assert(
      fc.property(document, fc.nat(), fc.boolean(), (json, pick, fromTheEnd) => {
        const all = places(json)
        const place = all[pick % all.length] ?? []
        const steps = place.map((name, depth) => {
          if (typeof name === 'string') return `[${quotedName(name)}]`
          return fromTheEnd ? `[${name - lengthOf(json, place.slice(0, depth))}]` : `[${name}]`
        })
        expect(findByPath(json, parseJsonPath(`$${steps.join('')}`))).toEqual({
          values: [valueAt(json, place)],
          complete: true,
        })
      }),
      { numRuns: 3_000 },
    )
  })

  it('finds with ".." and "*" all that is below, once', () => {
    fc.assert(
      fc.property(document, (json) => {
        const { values } = findByPath(json, parseJsonPath('$..*'))
        expect(values).toHaveLength(Math.min(MAX_MATCHES, places(json).length - 1))
      }),
      { numRuns: 1_000 },
    )
  })

  it('cuts arrays as Array.prototype.slice does', () => {
    const bound = fc.option(fc.integer({ min: -12, max: 12 }), { nil: null })
    fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 8 }), bound, bound, (array, start, end) => {
        const { values } = findByPath(array, parseJsonPath(`$[${start ?? ''}:${end ?? ''}]`))
        expect(values).toEqual(array.slice(start ?? 0, end ?? array.length))
      }),
      { numRuns: 3_000 },
    )
  })

  it('cuts arrays backwards from any start to any end', () => {
    const bound = fc.integer({ min: -12, max: 12 })
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { maxLength: 8 }),
        bound,
        bound,
        fc.integer({ min: 1, max: 4 }),
        (array, start, end, by) => {
          const from = start < 0 ? start + array.length : start
          const to = end < 0 ? end + array.length : end
          const expected: number[] = []
          for (let index = Math.min(from, array.length - 1); index > to && index >= 0; index -= by) {
            expected.push(array[index] ?? Number.NaN)
          }
          fc.pre(!Object.is(start, -0) && !Object.is(end, -0))
          expect(findByPath(array, parseJsonPath(`$[${start}:${end}:-${by}]`)).values).toEqual(expected)
        },
      ),
      { numRuns: 3_000 },
    )
  })
})
