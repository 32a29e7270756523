// Which known code a misspelt one may have been meant to be. Suggests, and never decides.
import { editDistance } from '../util/edit-distance.ts'
import { codeKey, MAX_CODE_CHARS } from './code-key.ts'

const MOST_SHOWN = 5
/** Slips allowed per letters of the word, and at most. */
const LETTERS_PER_SLIP = 5
const MOST_SLIPS = 3

/** The spellings next to `text`, nearest first, in the order given among equals. A number never stands for another. */
export function nearestSpellings(text: string, spellings: readonly string[]): string[] {
  const key = codeKey(text)
  if (key.length < 3 || text.length > MAX_CODE_CHARS) return []
  const status = /^[45]\d\d$/.test(key)
  // RFC 9110, 15: a status that is not known counts as the first of its class.
  if (status) return spellings.includes(`${key.charAt(0)}00`) ? [`${key.charAt(0)}00`] : []
  if (/^-?[\d.]+$/.test(key)) return []
  const most = Math.min(MOST_SLIPS, Math.max(1, Math.floor(key.length / LETTERS_PER_SLIP)))
  const found = new Map<string, { spelling: string; slips: number }>()
  for (const spelling of spellings) {
    const other = codeKey(spelling)
    if (other.length < 3 || found.has(other)) continue
    // Digits carry all the meaning of a code like H12: only letters may be wrong.
    if (digitsOf(other) !== digitsOf(key)) continue
    const slips = editDistance(key, other, most)
    if (slips <= most) found.set(other, { spelling, slips })
  }
  return [...found.values()]
    .sort((a, b) => a.slips - b.slips)
    .slice(0, MOST_SHOWN)
    .map(({ spelling }) => spelling)
}

function digitsOf(text: string): string {
  return text.replace(/\D+/g, '')
}
