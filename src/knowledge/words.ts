// Cuts a text into the words by which codes and phrases are found: however it was wrapped, quoted or punctuated, the
// words stay. Knows no meaning of any word.

/** 1: letters, digits, underscore; 2: stands alone (East Asian scripts, which put no spaces); 0: separates. */
function kindOf(unit: number): 0 | 1 | 2 {
  if (unit < 0x80) {
    const letter = (unit | 32) >= 0x61 && (unit | 32) <= 0x7a
    return letter || (unit >= 0x30 && unit <= 0x39) || unit === 0x5f ? 1 : 0
  }
  if (unit < 0xc0 || unit === 0xd7 || unit === 0xf7 || unit === 0xfeff) return 0
  if (unit >= 0x2000 && unit <= 0x2bff) return 0
  if (unit >= 0x3000 && unit <= 0x303f) return 0
  if (unit >= 0xff00 && unit <= 0xff0f) return 0
  if ((unit >= 0x2e80 && unit <= 0x9fff) || (unit >= 0xac00 && unit <= 0xd7a3)) return 2
  return 1
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39
}

export interface Words {
  /** Lower case. */
  words: string[]
  /** Where each word starts in the text, in code units. */
  starts: readonly number[]
  text: string
}

/**
 * The words of a text. A number keeps its minus sign and its inner dots (`-1004`, `502.3`, `10.0.0.1`), everything
 * else breaks at whatever is no letter, digit or underscore. One pass, linear.
 */
export function wordsOf(text: string): Words {
  const words: string[] = []
  const starts: number[] = []
  const end = text.length
  let at = 0
  let before: 0 | 1 | 2 = 0
  while (at < end) {
    const unit = text.charCodeAt(at)
    const kind = kindOf(unit)
    const minus = unit === 0x2d && before === 0 && at + 1 < end && isDigit(text.charCodeAt(at + 1))
    if (kind === 0 && !minus) {
      at++
      before = 0
      continue
    }
    const start = at++
    if (kind !== 2) {
      while (at < end) {
        const next = text.charCodeAt(at)
        if (kindOf(next) === 1) at++
        else if (
          next === 0x2e &&
          isDigit(text.charCodeAt(at - 1)) &&
          at + 1 < end &&
          isDigit(text.charCodeAt(at + 1))
        )
          at += 2
        else break
      }
    }
    before = kind === 2 ? 2 : 1
    words.push(text.slice(start, at).toLowerCase())
    starts.push(start)
  }
  return { words, starts, text }
}

/** The text of one word as it was written. */
export function written({ words, starts, text }: Words, index: number): string {
  const start = starts[index] ?? 0
  return text.slice(start, start + (words[index]?.length ?? 0))
}
