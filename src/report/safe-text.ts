// Makes text from a peer safe to show: nothing in it can move the cursor, reorder the line or hide.
// Knows code points and columns; refuses to know where the text came from or where it goes.

/** Longest text shown from one place of a peer's answer, in code units, unless the caller says otherwise. */
export const MAX_SHOWN = 2_000

/** Combining marks in a row that are still drawn; more would climb over the lines above. */
const MAX_COMBINING = 3

const COMBINING = /^[\p{Mn}\p{Me}]$/u
/** Controls, formats (bidi, zero width), surrogates, private use, unassigned, line and paragraph separators. */
const HIDDEN = /^[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]$/u
/** Letters that draw nothing (combining grapheme joiner, Hangul fillers, Khmer inherent vowels, Braille blank). */
const BLANK_LETTERS = new Set([0x34f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xffa0])

/** First and last code point of what takes two columns (Unicode East Asian Width W and F, rounded up). */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x2329, 0x232a],
  [0x23e9, 0x23f3],
  [0x25fd, 0x25fe],
  [0x2600, 0x26ff],
  [0x2705, 0x2705],
  [0x270a, 0x270b],
  [0x2728, 0x2728],
  [0x274c, 0x274e],
  [0x2753, 0x2757],
  [0x2795, 0x2797],
  [0x27b0, 0x27bf],
  [0x2b1b, 0x2b1c],
  [0x2b50, 0x2b55],
  [0x2e80, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x1f000, 0x1faff],
  [0x20000, 0x3fffd],
]

/** A character nobody may see raw, spelled out: `\x1b` below U+0100, `<U+202E>` above. */
function spelled(point: number): string {
  return point < 0x100
    ? `\\x${point.toString(16).padStart(2, '0')}`
    : `<U+${point.toString(16).toUpperCase().padStart(4, '0')}>`
}

/**
 * The text with every control character (C0, DEL, C1), bidirectional control, zero-width and unassigned character
 * spelled out, runs of combining marks bounded, and no longer than `max` code units (an ellipsis says it was cut).
 * The result is one line. With `ascii` everything beyond ASCII is spelled out too.
 */
export function safeText(text: string, options: { ascii?: boolean; max?: number } = {}): string {
  const max = options.max ?? MAX_SHOWN
  const cut = text.length > max
  const given = cut ? text.slice(0, max) : text
  if (isPlain(given)) return cut ? given + ellipsis(options.ascii) : given
  let safe = ''
  let marks = 0
  for (const character of given) {
    const point = character.codePointAt(0) ?? 0
    if (point >= 0x20 && point < 0x7f) {
      safe += character
      marks = 0
      continue
    }
    if (COMBINING.test(character) && !BLANK_LETTERS.has(point)) {
      // A mark with nothing to stand on would change our own text before it.
      marks = safe === '' ? MAX_COMBINING + 1 : marks + 1
      safe += marks > MAX_COMBINING || options.ascii ? spelled(point) : character
      continue
    }
    marks = 0
    safe += options.ascii || HIDDEN.test(character) || BLANK_LETTERS.has(point) ? spelled(point) : character
  }
  return cut ? safe + ellipsis(options.ascii) : safe
}

function isPlain(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit < 0x20 || unit >= 0x7f) return false
  }
  return true
}

function ellipsis(ascii: boolean | undefined): string {
  return ascii ? '...' : '…'
}

/** Columns a character takes on a terminal: 0 for combining marks, 2 for wide ones, else 1. */
function columnsOf(character: string): number {
  const point = character.codePointAt(0) ?? 0
  if (point < 0x300) return 1
  if (COMBINING.test(character)) return 0
  if (point < 0x1100) return 1
  let low = 0
  let high = WIDE.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const [from, to] = WIDE[middle] as readonly [number, number]
    if (point < from) high = middle - 1
    else if (point > to) low = middle + 1
    else return 2
  }
  return 1
}

/** Columns a safe text takes on a terminal; rounded up where terminals disagree. */
export function columns(text: string): number {
  if (isPlain(text)) return text.length
  let sum = 0
  for (const character of text) sum += columnsOf(character)
  return sum
}

/** The text cut to so many columns, an ellipsis in the last one when something was cut. */
export function fit(text: string, width: number, ascii = false): string {
  if (columns(text) <= width) return text
  const mark = ellipsis(ascii)
  if (width <= mark.length) return mark.slice(0, Math.max(0, width))
  return takeColumns(text, width - mark.length) + mark
}

/** The longest beginning of the text that takes at most so many columns. */
function takeColumns(text: string, width: number): string {
  let sum = 0
  let taken = ''
  for (const character of text) {
    sum += columnsOf(character)
    if (sum > width) break
    taken += character
  }
  return taken
}

/** The text filled with spaces on the right to so many columns. */
export function padEnd(text: string, width: number): string {
  const missing = width - columns(text)
  return missing > 0 ? text + ' '.repeat(missing) : text
}

/**
 * Breaks a safe text into lines of at most `first` columns for the first and `rest` for the others, at spaces
 * where there are some and inside a word where there are none. Never empty.
 */
export function wrap(text: string, first: number, rest = first): string[] {
  const lines: string[] = []
  let line = ''
  let room = Math.max(1, first)
  const next = () => {
    lines.push(line)
    line = ''
    room = Math.max(1, rest)
  }
  for (const word of text.split(' ')) {
    if (line !== '' && columns(line) + 1 + columns(word) <= room) {
      line += ` ${word}`
      continue
    }
    if (line !== '') next()
    let left = word
    while (columns(left) > room) {
      const taken = takeColumns(left, room) || left.slice(0, (left.codePointAt(0) ?? 0) > 0xffff ? 2 : 1)
      line = taken
      left = left.slice(taken.length)
      next()
    }
    line = left
  }
  if (line !== '' || lines.length === 0) lines.push(line)
  return lines
}

/**
 * Bytes from a peer as text: UTF-8 when they are valid UTF-8 (a character cut at the end is forgiven), else Latin-1.
 * Not safe yet: give it to `safeText`.
 */
export function bytesToText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
  } catch {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  }
}

/** True when so much of it is control bytes that it is no text. */
export function looksBinary(bytes: Uint8Array): boolean {
  const looked = Math.min(bytes.length, 1024)
  let odd = 0
  for (let index = 0; index < looked; index++) {
    const byte = bytes[index] ?? 0
    if (byte === 0) return true
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x0c && byte !== 0x1b)
      odd++
    if (byte === 0x7f) odd++
  }
  return odd * 10 > looked
}
