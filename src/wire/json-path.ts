// Finds values in JSON by a path: RFC 9535 without filters and functions, and the plain `items[0].id` people type.
// A path that does not parse is the caller's mistake; a path that finds nothing is an empty list.
import { WhydownError } from '../model/error.ts'

/** Longest path, and most steps, that are taken. */
export const MAX_PATH_CHARS = 1024
export const MAX_STEPS = 64
/** Selectors of one bracket. */
const MAX_SELECTORS = 64
/** Values that one search gives back at most. */
export const MAX_MATCHES = 1000
/** Values that one search looks at at most: `..` twice over a large document would look at very many. */
export const MAX_VISITS = 1_000_000

type Selector =
  | { kind: 'name'; name: string }
  | { kind: 'index'; index: number }
  | { kind: 'slice'; start: number | null; end: number | null; step: number }
  | { kind: 'all' }

interface Step {
  /** `..`: on the value and everything below it. */
  descend: boolean
  selectors: Selector[]
}

export interface JsonPath {
  /** As it was written. */
  text: string
  steps: Step[]
}

export interface JsonMatches {
  values: unknown[]
  /** False: the search was ended by its bounds, so there may be more. */
  complete: boolean
}

/**
 * Reads a path: `$`, `.name`, `['name']`, `[0]`, `[-1]`, `[1:3]`, `[*]`, `.*`, `..name`, `['a','b']`. The `$` may
 * be left out, as in `status.ok`. Names after a dot may hold anything but `.[]()'"*?,` and white space. Throws
 * WhydownError with the position and the remedy; filters `[?...]` are refused so.
 */
export function parseJsonPath(text: string): JsonPath {
  const reader = new PathReader(text)
  return { text, steps: reader.read() }
}

class PathReader {
  readonly text: string
  at = 0

  constructor(text: string) {
    this.text = text
  }

  refuse(says: string, hint: string, at = this.at): never {
    const shown = this.text.length > 100 ? `${this.text.slice(0, 100)}...` : this.text
    const path = JSON.stringify(shown)
    throw new WhydownError('usage', `The JSON path ${path} ${says} at position ${at + 1}`, { hint })
  }

  read(): Step[] {
    const { text } = this
    if (text.trim() === '')
      this.refuse('is empty', 'Write "$" for the whole document, or a path such as status.ok', 0)
    if (text.length > MAX_PATH_CHARS) {
      this.refuse(`is longer than ${MAX_PATH_CHARS} characters`, 'Shorten it', MAX_PATH_CHARS)
    }
    const steps: Step[] = []
    if (text[0] === '$' && (text.length === 1 || text[1] === '.' || text[1] === '[')) this.at = 1
    else if (text[0] !== '[' && text[0] !== '.') steps.push({ descend: false, selectors: [this.shorthand()] })
    while (this.at < text.length) {
      steps.push(this.step())
      if (steps.length > MAX_STEPS) this.refuse(`has more than ${MAX_STEPS} steps`, 'Use ".." to skip levels')
    }
    return steps
  }

  step(): Step {
    const { text } = this
    if (text[this.at] === '[') return { descend: false, selectors: this.brackets() }
    if (text[this.at] !== '.') {
      this.refuse(
        `has ${this.here()} where "." or "[" must follow`,
        `Names with such characters go in ['...']`,
      )
    }
    this.at++
    if (text[this.at] !== '.') return { descend: false, selectors: [this.shorthand()] }
    this.at++
    if (text[this.at] === '[') return { descend: true, selectors: this.brackets() }
    return { descend: true, selectors: [this.shorthand()] }
  }

  /** A name or `*` behind a dot. */
  shorthand(): Selector {
    const { text } = this
    if (text[this.at] === '*') {
      this.at++
      return { kind: 'all' }
    }
    const start = this.at
    while (this.at < text.length && !/[.[\]()'"*?,\s]/.test(text[this.at] ?? '')) this.at++
    if (this.at > start) return { kind: 'name', name: text.slice(start, this.at) }
    if (text[this.at] === '[')
      this.refuse('has a dot before a bracket', 'Leave out the dot: items[0]', this.at - 1)
    if (this.at >= text.length) this.refuse('ends with a dot', 'Write a name behind it, or leave it out')
    return this.refuse(
      `has ${this.here()} where a name must stand`,
      `Names with such characters go in ['...']`,
    )
  }

  brackets(): Selector[] {
    const opened = this.at++
    const selectors: Selector[] = []
    for (;;) {
      this.skipSpaces()
      selectors.push(this.selector(opened))
      if (selectors.length > MAX_SELECTORS)
        this.refuse(`selects more than ${MAX_SELECTORS} things at once`, 'Use [*]')
      this.skipSpaces()
      const mark = this.text[this.at]
      if (mark === ']') {
        this.at++
        return selectors
      }
      if (mark !== ',') {
        this.refuse(
          mark === undefined
            ? 'opens a bracket that is not closed'
            : `has ${this.here()} where "]" or "," must follow`,
          `An index is written [0], a name ['name']`,
          mark === undefined ? opened : this.at,
        )
      }
      this.at++
    }
  }

  selector(opened: number): Selector {
    const mark = this.text[this.at]
    if (mark === "'" || mark === '"') return { kind: 'name', name: this.quotedName(mark) }
    if (mark === '*') {
      this.at++
      return { kind: 'all' }
    }
    if (mark === '?') {
      this.refuse(
        'holds a filter, which is not supported,',
        'Name the element by its index, or use [*] to look at all',
      )
    }
    if (mark === '(') this.refuse('holds a script, which is not supported,', 'Count from the end with [-1]')
    if (mark === undefined) {
      this.refuse('opens a bracket that is not closed', `An index is written [0], a name ['name']`, opened)
    }
    return this.indexOrSlice()
  }

  indexOrSlice(): Selector {
    const start = this.integer()
    this.skipSpaces()
    if (this.text[this.at] !== ':') {
      if (start !== null) return { kind: 'index', index: start }
      return this.refuse(
        `has ${this.here()} in brackets`,
        `An index is written [0], a name in quotes: ['name']`,
      )
    }
    this.at++
    this.skipSpaces()
    const end = this.integer()
    this.skipSpaces()
    let step: number | null = null
    if (this.text[this.at] === ':') {
      this.at++
      this.skipSpaces()
      step = this.integer()
    }
    return { kind: 'slice', start, end, step: step ?? 1 }
  }

  /** RFC 9535, 2.3.3: no leading zeros, no -0, within the exact integers. */
  integer(): number | null {
    const start = this.at
    if (this.text[this.at] === '-') this.at++
    const digits = this.at
    while (/[0-9]/.test(this.text[this.at] ?? '')) this.at++
    const written = this.text.slice(start, this.at)
    if (this.at === digits) {
      if (written === '-') this.refuse('has "-" without digits', 'The last element is [-1]', start)
      return null
    }
    const value = Number(written)
    const odd = (this.text[digits] === '0' && this.at > digits + 1) || Object.is(value, -0)
    if (odd || !Number.isSafeInteger(value)) {
      this.refuse(`has the index ${written}, which is no plain number,`, 'Write [0], [1] or [-1]', start)
    }
    return value
  }

  quotedName(quote: string): string {
    const opened = this.at++
    let name = ''
    for (;;) {
      const mark = this.text[this.at]
      if (mark === undefined) this.refuse('opens a quotation that is not closed', `Write ['name']`, opened)
      this.at++
      if (mark === quote) return name
      name += mark === '\\' ? this.escape() : mark
    }
  }

  /** RFC 9535, 2.3.1.1: the escapes of JSON, and both quotation marks. */
  escape(): string {
    const mark = this.text[this.at] ?? ''
    const plain = ESCAPES[mark]
    if (plain !== undefined) {
      this.at++
      return plain
    }
    const hex = mark === 'u' ? this.text.slice(this.at + 1, this.at + 5) : ''
    if (!/^[0-9a-f]{4}$/i.test(hex)) {
      this.refuse('has an unknown escape', `Escapes are those of JSON: \\', \\\\, \\n, \\u0041`, this.at - 1)
    }
    this.at += 5
    return String.fromCharCode(Number.parseInt(hex, 16))
  }

  skipSpaces(): void {
    while (/[ \t\r\n]/.test(this.text[this.at] ?? '')) this.at++
  }

  here(): string {
    return this.at >= this.text.length ? 'its end' : JSON.stringify(this.text[this.at])
  }
}

const ESCAPES: Record<string, string> = {
  "'": "'",
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/** The values at the path, in the order of the document. Bounded by MAX_MATCHES and MAX_VISITS. */
export function findByPath(json: unknown, path: JsonPath): JsonMatches {
  const search = new Search()
  let values: unknown[] = [json]
  for (const step of path.steps) {
    const found: unknown[] = []
    for (const value of values) {
      if (step.descend) search.below(value, step.selectors, found)
      else search.select(value, step.selectors, found)
      if (search.exhausted) break
    }
    values = found
  }
  const tooMany = values.length > MAX_MATCHES
  return { values: tooMany ? values.slice(0, MAX_MATCHES) : values, complete: !tooMany && !search.exhausted }
}

class Search {
  visits = 0

  get exhausted(): boolean {
    return this.visits > MAX_VISITS
  }

  /** The value itself, then what is below it, each before what it holds (RFC 9535, 2.5.2). */
  below(value: unknown, selectors: Selector[], found: unknown[]): void {
    const waiting: unknown[] = [value]
    while (waiting.length > 0 && !this.exhausted) {
      const current = waiting.pop()
      this.visits++
      this.select(current, selectors, found)
      const held = children(current)
      for (let index = held.length - 1; index >= 0; index--) {
        const child = held[index]
        if (child !== null && typeof child === 'object') waiting.push(child)
      }
    }
  }

  select(value: unknown, selectors: Selector[], found: unknown[]): void {
    if (value === null || typeof value !== 'object') return
    for (const selector of selectors) this.selectOne(value, selector, found)
  }

  selectOne(value: object, selector: Selector, found: unknown[]): void {
    switch (selector.kind) {
      case 'name':
        if (!Array.isArray(value) && Object.hasOwn(value, selector.name)) {
          this.take((value as Record<string, unknown>)[selector.name], found)
        }
        return
      case 'index': {
        if (!Array.isArray(value)) return
        const index = selector.index < 0 ? value.length + selector.index : selector.index
        if (index >= 0 && index < value.length) this.take(value[index], found)
        return
      }
      case 'all':
        for (const child of children(value)) {
          if (this.exhausted) return
          this.take(child, found)
        }
        return
      case 'slice':
        if (Array.isArray(value)) this.slice(value, selector, found)
        return
      default:
        selector satisfies never
    }
  }

  /** RFC 9535, 2.3.4.2. */
  slice(array: unknown[], { start, end, step }: Selector & { kind: 'slice' }, found: unknown[]): void {
    const { length } = array
    const from = (bound: number): number => (bound >= 0 ? bound : length + bound)
    if (step > 0) {
      const upper = Math.min(Math.max(from(end ?? length), 0), length)
      for (let index = Math.max(from(start ?? 0), 0); index < upper && !this.exhausted; index += step) {
        this.take(array[index], found)
      }
    } else if (step < 0) {
      const lower = end === null ? -1 : Math.max(from(end), -1)
      const first = Math.min(start === null ? length - 1 : from(start), length - 1)
      for (let index = first; index > lower && !this.exhausted; index += step) this.take(array[index], found)
    }
  }

  take(value: unknown, found: unknown[]): void {
    this.visits++
    found.push(value)
  }
}

function children(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  return value !== null && typeof value === 'object' ? Object.values(value) : []
}
