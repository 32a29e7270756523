// Structured field values (RFC 9651): text to values and back. Knows the grammar, not what any field means.
// A malformed value is data with the offset at fault; a value that cannot be written is the caller's mistake.
import { WhydownError } from '../model/error.ts'

/** Longest value read, all field lines joined, characters. */
export const MAX_FIELD_CHARS = 256 * 1024
/** Members of a list or dictionary (RFC 9651 asks for at least 1024). */
export const MAX_MEMBERS = 4096
/** Items of one inner list and parameters of one item or inner list (RFC 9651 asks for at least 256). */
export const MAX_INNER_ITEMS = 1024
export const MAX_PARAMETERS = 1024

/** Integers and the whole parts of decimals have at most so many digits (RFC 9651, 3.3.1 and 3.3.2). */
const MAX_INTEGER = 999_999_999_999_999
const MAX_INTEGER_DIGITS = 15
const MAX_DECIMAL_WHOLE_DIGITS = 12
const MAX_DECIMAL_FRACTION_DIGITS = 3
const MAX_DECIMAL_CHARS = 16

/** A value by itself. `date` counts seconds since 1970 UTC; `display_string` is Unicode, `string` is ASCII. */
export type BareItem =
  | { type: 'integer'; value: number }
  | { type: 'decimal'; value: number }
  | { type: 'string'; value: string }
  | { type: 'token'; value: string }
  | { type: 'binary'; value: Uint8Array }
  | { type: 'boolean'; value: boolean }
  | { type: 'date'; value: number }
  | { type: 'display_string'; value: string }

/** In the order of first appearance; of a repeated key the last value counts. */
export type Parameters = Map<string, BareItem>

export interface Item {
  kind: 'item'
  bare: BareItem
  parameters: Parameters
}

export interface InnerList {
  kind: 'inner_list'
  items: Item[]
  parameters: Parameters
}

export type Member = Item | InnerList
export type List = Member[]
export type Dictionary = Map<string, Member>

/** Where parsing stopped, from the start of the joined field lines (0-based), and why in one sentence. */
export interface SyntaxFailure {
  offset: number
  says: string
}

export type Parsed<Value> = { value: Value; failure: null } | { value: null; failure: SyntaxFailure }

const SPACE = 0x20
const TAB = 0x09
const QUOTE = 0x22
const PERCENT = 0x25
const OPEN = 0x28
const CLOSE = 0x29
const COMMA = 0x2c
const MINUS = 0x2d
const DOT = 0x2e
const COLON = 0x3a
const SEMICOLON = 0x3b
const EQUALS = 0x3d
const QUESTION = 0x3f
const AT = 0x40
const BACKSLASH = 0x5c

const KEY_START = 1
const KEY = 2
const TOKEN_START = 4
const TOKEN = 8
const DIGIT = 16
const BASE64 = 32

/** What each ASCII character may be part of. */
const CLASSES = classTable()

function classTable(): Uint8Array {
  const table = new Uint8Array(128)
  const add = (characters: string, bits: number): void => {
    for (let index = 0; index < characters.length; index++) {
      const code = characters.charCodeAt(index)
      table[code] = (table[code] ?? 0) | bits
    }
  }
  add('abcdefghijklmnopqrstuvwxyz', KEY_START | KEY | TOKEN_START | TOKEN | BASE64)
  add('ABCDEFGHIJKLMNOPQRSTUVWXYZ', TOKEN_START | TOKEN | BASE64)
  add('0123456789', KEY | TOKEN | DIGIT | BASE64)
  add('*', KEY_START | KEY | TOKEN_START | TOKEN)
  add('_-.', KEY | TOKEN)
  add("!#$%&'+^`|~:/", TOKEN)
  add('+/', BASE64)
  return table
}

function isOf(code: number, bits: number): boolean {
  // Beyond the end charCodeAt gives NaN, beyond ASCII the table has nothing: both are of no class.
  return ((CLASSES[code] ?? 0) & bits) !== 0
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Reads one value from left to right; each method returns null after setting `failure`. */
class Reader {
  readonly text: string
  at = 0
  failure: SyntaxFailure | null = null

  constructor(text: string) {
    this.text = text
    if (text.length > MAX_FIELD_CHARS) this.fail(`longer than ${MAX_FIELD_CHARS} characters`, MAX_FIELD_CHARS)
  }

  fail(says: string, offset = this.at): null {
    this.failure ??= { offset, says }
    return null
  }

  get atEnd(): boolean {
    return this.at >= this.text.length
  }

  code(): number {
    return this.text.charCodeAt(this.at)
  }

  skipSpaces(): void {
    while (this.code() === SPACE) this.at++
  }

  skipOptionalWhiteSpace(): void {
    for (;;) {
      const code = this.code()
      if (code !== SPACE && code !== TAB) return
      this.at++
    }
  }

  /** Names the character that stands here, safe to show. */
  here(): string {
    if (this.atEnd) return 'the end'
    const code = this.code()
    if (code > SPACE && code < 0x7f) return `"${this.text[this.at]}"`
    return `character 0x${code.toString(16).padStart(2, '0')}`
  }

  /** RFC 9651, 4.2.1.1. */
  member(): Member | null {
    return this.code() === OPEN ? this.innerList() : this.item()
  }

  /** RFC 9651, 4.2.1.2. */
  innerList(): InnerList | null {
    this.at++
    const items: Item[] = []
    for (;;) {
      this.skipSpaces()
      if (this.atEnd) return this.fail('the inner list is not closed by ")"')
      if (this.code() === CLOSE) {
        this.at++
        const parameters = this.parameters()
        return parameters && { kind: 'inner_list', items, parameters }
      }
      if (items.length === MAX_INNER_ITEMS)
        return this.fail(`more than ${MAX_INNER_ITEMS} items in an inner list`)
      const item = this.item()
      if (!item) return null
      items.push(item)
      const code = this.code()
      if (code !== SPACE && code !== CLOSE && !this.atEnd) {
        return this.fail(`${this.here()} where a space or ")" must follow an item of an inner list`)
      }
    }
  }

  item(): Item | null {
    const bare = this.bareItem()
    if (!bare) return null
    const parameters = this.parameters()
    return parameters && { kind: 'item', bare, parameters }
  }

  /** RFC 9651, 4.2.3.2. */
  parameters(): Parameters | null {
    const parameters: Parameters = new Map()
    while (this.code() === SEMICOLON) {
      this.at++
      this.skipSpaces()
      const key = this.key()
      if (key === null) return null
      let value: BareItem | null = { type: 'boolean', value: true }
      if (this.code() === EQUALS) {
        this.at++
        value = this.bareItem()
        if (!value) return null
      }
      parameters.set(key, value)
      if (parameters.size > MAX_PARAMETERS) return this.fail(`more than ${MAX_PARAMETERS} parameters`)
    }
    return parameters
  }

  key(): string | null {
    const start = this.at
    if (!isOf(this.code(), KEY_START)) {
      return this.fail(`${this.here()} where a key must begin (a lower-case letter or "*")`)
    }
    do this.at++
    while (isOf(this.code(), KEY))
    return this.text.slice(start, this.at)
  }

  /** RFC 9651, 4.2.3.1. */
  bareItem(): BareItem | null {
    const code = this.code()
    if (code === MINUS || isOf(code, DIGIT)) return this.number()
    if (code === QUOTE) return this.string()
    if (isOf(code, TOKEN_START)) return this.token()
    if (code === COLON) return this.binary()
    if (code === QUESTION) return this.boolean()
    if (code === AT) return this.date()
    if (code === PERCENT) return this.displayString()
    return this.fail(`${this.here()} where a value must begin`)
  }

  /** RFC 9651, 4.2.4. */
  number(): Extract<BareItem, { type: 'integer' | 'decimal' }> | null {
    const signed = this.at
    if (this.code() === MINUS) this.at++
    const start = this.at
    if (!isOf(this.code(), DIGIT)) return this.fail(`${this.here()} where a digit must follow "-"`)
    let dot = -1
    for (;;) {
      const code = this.code()
      if (code === DOT && dot < 0) {
        if (this.at - start > MAX_DECIMAL_WHOLE_DIGITS) {
          return this.fail(`more than ${MAX_DECIMAL_WHOLE_DIGITS} digits before the decimal point`, start)
        }
        dot = this.at
      } else if (!isOf(code, DIGIT)) break
      this.at++
      if (this.at - start > (dot < 0 ? MAX_INTEGER_DIGITS : MAX_DECIMAL_CHARS)) {
        return this.fail('a number with too many digits', start)
      }
    }
    // Adding zero makes -0 the plain zero it is on the wire.
    const value = Number(this.text.slice(signed, this.at)) + 0
    if (dot < 0) return { type: 'integer', value }
    const fraction = this.at - dot - 1
    if (fraction === 0) return this.fail('no digit after the decimal point')
    if (fraction > MAX_DECIMAL_FRACTION_DIGITS) {
      return this.fail(`more than ${MAX_DECIMAL_FRACTION_DIGITS} digits after the decimal point`, dot)
    }
    return { type: 'decimal', value }
  }

  /** RFC 9651, 4.2.5. */
  string(): BareItem | null {
    const opened = this.at
    let value = ''
    let from = ++this.at
    for (;;) {
      const code = this.code()
      if (code === QUOTE) {
        value += this.text.slice(from, this.at++)
        return { type: 'string', value }
      }
      if (this.atEnd) return this.fail('the string is not closed by a quotation mark', opened)
      if (code < SPACE || code >= 0x7f) return this.fail(`${this.here()} in a string`)
      if (code === BACKSLASH) {
        value += this.text.slice(from, this.at++)
        const escaped = this.code()
        if (escaped !== QUOTE && escaped !== BACKSLASH) return this.fail(`${this.here()} after a backslash`)
        from = this.at
      }
      this.at++
    }
  }

  token(): BareItem {
    const start = this.at
    do this.at++
    while (isOf(this.code(), TOKEN))
    return { type: 'token', value: this.text.slice(start, this.at) }
  }

  /** RFC 9651, 4.2.7. Padding may be missing; it may not stand anywhere but at the end. */
  binary(): BareItem | null {
    const start = ++this.at
    while (isOf(this.code(), BASE64)) this.at++
    const digits = this.at - start
    while (this.code() === EQUALS && this.at - start - digits < 2) this.at++
    if (this.code() !== COLON) return this.fail(`${this.here()} in a byte sequence, which ends with ":"`)
    if (digits % 4 === 1) return this.fail('a byte sequence of impossible length', start)
    const bytes = Buffer.from(this.text.slice(start, start + digits), 'base64')
    this.at++
    return { type: 'binary', value: new Uint8Array(bytes) }
  }

  boolean(): BareItem | null {
    this.at++
    const code = this.code()
    if (code !== 0x30 && code !== 0x31) return this.fail(`${this.here()} where 0 or 1 must follow "?"`)
    this.at++
    return { type: 'boolean', value: code === 0x31 }
  }

  date(): BareItem | null {
    const start = ++this.at
    if (this.code() !== MINUS && !isOf(this.code(), DIGIT)) {
      return this.fail(`${this.here()} where the seconds of a date must follow "@"`)
    }
    const number = this.number()
    if (!number) return null
    if (number.type !== 'integer') return this.fail('a date with a fraction of a second', start)
    return { type: 'date', value: number.value }
  }

  /** RFC 9651, 4.2.10. */
  displayString(): BareItem | null {
    const opened = this.at++
    if (this.code() !== QUOTE) return this.fail(`${this.here()} where a quotation mark must follow "%"`)
    const start = ++this.at
    let coded = false
    for (;;) {
      const code = this.code()
      if (this.atEnd) return this.fail('the display string is not closed by a quotation mark', opened)
      if (code < SPACE || code >= 0x7f) return this.fail(`${this.here()} in a display string`)
      if (code === QUOTE) break
      this.at++
      if (code !== PERCENT) continue
      coded = true
      if (lowerHex(this.code()) < 0 || lowerHex(this.text.charCodeAt(this.at + 1)) < 0) {
        return this.fail('"%" in a display string without two lower-case hexadecimal digits', this.at - 1)
      }
      this.at += 2
    }
    const written = this.text.slice(start, this.at++)
    if (!coded) return { type: 'display_string', value: written }
    try {
      return { type: 'display_string', value: strictUtf8.decode(percentDecoded(written)) }
    } catch {
      return this.fail('a display string that is not UTF-8', opened)
    }
  }
}

/** Value of 0-9 and a-f; -1 for anything else. */
function lowerHex(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  if (code >= 0x61 && code <= 0x66) return code - 0x57
  return -1
}

function percentDecoded(written: string): Uint8Array {
  const bytes = new Uint8Array(written.length)
  let length = 0
  for (let index = 0; index < written.length; index++) {
    const code = written.charCodeAt(index)
    if (code === PERCENT) {
      bytes[length++] = lowerHex(written.charCodeAt(index + 1)) * 16 + lowerHex(written.charCodeAt(index + 2))
      index += 2
    } else bytes[length++] = code
  }
  return bytes.subarray(0, length)
}

function joined(lines: string | readonly string[]): string {
  return typeof lines === 'string' ? lines : lines.length === 1 ? (lines[0] ?? '') : lines.join(', ')
}

/** The common frame of RFC 9651, 4.2: spaces around, and nothing after the value. */
function parse<Value>(
  lines: string | readonly string[],
  read: (reader: Reader) => Value | null,
): Parsed<Value> {
  const reader = new Reader(joined(lines))
  if (!reader.failure) {
    reader.skipSpaces()
    const value = read(reader)
    if (value !== null) {
      reader.skipSpaces()
      if (reader.atEnd) return { value, failure: null }
      reader.fail(`${reader.here()} after the end of the value`)
    }
  }
  return { value: null, failure: reader.failure ?? { offset: reader.at, says: 'unreadable' } }
}

/** Reads an Item (RFC 9651, 4.2.3) from a field's value or its field lines. */
export function parseItem(lines: string | readonly string[]): Parsed<Item> {
  return parse(lines, (reader) => reader.item())
}

/** Reads a List (RFC 9651, 4.2.1) from a field's value or its field lines; an empty value is an empty list. */
export function parseList(lines: string | readonly string[]): Parsed<List> {
  return parse(lines, readList)
}

/** Reads a Dictionary (RFC 9651, 4.2.2) from a field's value or its field lines; an empty value is an empty one. */
export function parseDictionary(lines: string | readonly string[]): Parsed<Dictionary> {
  return parse(lines, readDictionary)
}

function readList(reader: Reader): List | null {
  const list: List = []
  while (!reader.atEnd) {
    const member = reader.member()
    if (!member) return null
    list.push(member)
    if (list.length > MAX_MEMBERS) return reader.fail(`more than ${MAX_MEMBERS} members`)
    const more = readComma(reader)
    if (more === null) return null
    if (!more) break
  }
  return list
}

function readDictionary(reader: Reader): Dictionary | null {
  const dictionary: Dictionary = new Map()
  while (!reader.atEnd) {
    const key = reader.key()
    if (key === null) return null
    let member: Member | null
    if (reader.code() === EQUALS) {
      reader.at++
      member = reader.member()
    } else {
      const parameters = reader.parameters()
      member = parameters && { kind: 'item', bare: { type: 'boolean', value: true }, parameters }
    }
    if (!member) return null
    dictionary.set(key, member)
    if (dictionary.size > MAX_MEMBERS) return reader.fail(`more than ${MAX_MEMBERS} members`)
    const more = readComma(reader)
    if (more === null) return null
    if (!more) break
  }
  return dictionary
}

/** True: a comma and more behind it; false: the end; null: neither. */
function readComma(reader: Reader): boolean | null {
  reader.skipOptionalWhiteSpace()
  if (reader.atEnd) return false
  if (reader.code() !== COMMA) return reader.fail(`${reader.here()} where a comma must stand between members`)
  const comma = reader.at++
  reader.skipOptionalWhiteSpace()
  return reader.atEnd ? reader.fail('a comma with nothing behind it', comma) : true
}

/** The text of a string, token or display string; null for every other type. */
export function textOf(bare: BareItem): string | null {
  return bare.type === 'string' || bare.type === 'token' || bare.type === 'display_string' ? bare.value : null
}

function refuse(says: string): never {
  throw new WhydownError('usage', `${says} cannot be written as a structured field`)
}

/** Writes an Item in its canonical form (RFC 9651, 4.1.3). Throws WhydownError for what has no such form. */
export function serializeItem(item: Item): string {
  return serializeBareItem(item.bare) + serializeParameters(item.parameters)
}

/** Writes a List in its canonical form (RFC 9651, 4.1.1); '' means that the field is not sent at all. */
export function serializeList(list: List): string {
  return list.map(serializeMember).join(', ')
}

/** Writes a Dictionary in its canonical form (RFC 9651, 4.1.2); '' means that the field is not sent at all. */
export function serializeDictionary(dictionary: Dictionary): string {
  const members: string[] = []
  for (const [key, member] of dictionary) {
    const bareTrue = member.kind === 'item' && member.bare.type === 'boolean' && member.bare.value
    members.push(
      serializeKey(key) + (bareTrue ? serializeParameters(member.parameters) : `=${serializeMember(member)}`),
    )
  }
  return members.join(', ')
}

function serializeMember(member: Member): string {
  if (member.kind === 'item') return serializeItem(member)
  return `(${member.items.map(serializeItem).join(' ')})${serializeParameters(member.parameters)}`
}

function serializeParameters(parameters: Parameters): string {
  let text = ''
  for (const [key, bare] of parameters) {
    text += `;${serializeKey(key)}`
    if (bare.type !== 'boolean' || !bare.value) text += `=${serializeBareItem(bare)}`
  }
  return text
}

function serializeKey(key: string): string {
  if (!isOf(key.charCodeAt(0), KEY_START)) refuse(`The key ${JSON.stringify(key)}`)
  for (let index = 1; index < key.length; index++) {
    if (!isOf(key.charCodeAt(index), KEY)) refuse(`The key ${JSON.stringify(key)}`)
  }
  return key
}

/** RFC 9651, 4.1.3.1. */
export function serializeBareItem(bare: BareItem): string {
  switch (bare.type) {
    case 'integer':
      return serializeInteger(bare.value)
    case 'decimal':
      return serializeDecimal(bare.value)
    case 'string':
      return serializeString(bare.value)
    case 'token':
      return serializeToken(bare.value)
    case 'binary':
      return `:${Buffer.from(bare.value).toString('base64')}:`
    case 'boolean':
      return bare.value ? '?1' : '?0'
    case 'date':
      return `@${serializeInteger(bare.value)}`
    case 'display_string':
      return serializeDisplayString(bare.value)
    default:
      return bare satisfies never
  }
}

function serializeInteger(value: number): string {
  if (!Number.isInteger(value) || Math.abs(value) > MAX_INTEGER) refuse(`The integer ${value}`)
  return String(value + 0)
}

/**
 * RFC 9651, 4.1.5: rounded half to even, in the decimal digits that the number is written with, because in
 * binary hardly any half is one.
 */
function serializeDecimal(value: number): string {
  if (!Number.isFinite(value) || Math.abs(value) >= 1e12) refuse(`The decimal ${value}`)
  const magnitude = Math.abs(value)
  // Below 1e-6 numbers are written with an exponent; all of them round to zero.
  const [whole = '0', fraction = ''] = (magnitude < 1e-6 ? '0' : String(magnitude)).split('.')
  let thousandths = Number(whole) * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'))
  const rest = fraction.slice(3)
  if (rest > '5' || (rest === '5' && thousandths % 2 === 1)) thousandths++
  const integer = Math.floor(thousandths / 1000)
  if (String(integer).length > MAX_DECIMAL_WHOLE_DIGITS) refuse(`The decimal ${value}`)
  const digits = String(thousandths % 1000).padStart(3, '0')
  const sign = value < 0 && thousandths > 0 ? '-' : ''
  return `${sign}${integer}.${digits.replace(/0{1,2}$/, '')}`
}

function serializeString(value: string): string {
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index)
    if (code < SPACE || code >= 0x7f) refuse('A string with a character outside printable ASCII')
  }
  return `"${value.replace(/["\\]/g, '\\$&')}"`
}

function serializeToken(value: string): string {
  if (!isOf(value.charCodeAt(0), TOKEN_START)) refuse(`The token ${JSON.stringify(value)}`)
  for (let index = 1; index < value.length; index++) {
    if (!isOf(value.charCodeAt(index), TOKEN)) refuse(`The token ${JSON.stringify(value)}`)
  }
  return value
}

function serializeDisplayString(value: string): string {
  if (!value.isWellFormed()) refuse('A display string with half of a surrogate pair')
  let text = '%"'
  for (const byte of Buffer.from(value, 'utf8')) {
    if (byte === PERCENT || byte === QUOTE || byte < SPACE || byte >= 0x7f) {
      text += `%${byte.toString(16).padStart(2, '0')}`
    } else text += String.fromCharCode(byte)
  }
  return `${text}"`
}
