// Why a text is not found although a person sees it on the page: other letter case, other white space, character
// references, markup in between. Only explains; what is not found stays not found.

/** How much of a text is looked through for near misses. */
const LOOKED_AT_CHARS = 256 * 1024
const SHOWN_CHARS = 100

export interface NearMiss {
  /** How it differs, as part of a sentence. */
  difference: string
  /** What stands there, in the form that was compared. */
  found: string
}

const REFERENCES: Record<string, string> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '&nbsp;': ' ',
  '&shy;': '',
}

/** Each step compares what the one before left over, one more difference forgiven. */
const STEPS: { difference: string; forgive: (text: string) => string }[] = [
  { difference: 'other white space', forgive: collapsed },
  { difference: 'another Unicode form', forgive: (text) => text.normalize('NFC') },
  { difference: 'character references', forgive: (text) => collapsed(withoutReferences(text)) },
  { difference: 'markup in between', forgive: (text) => collapsed(withoutTags(text)) },
]

/** The first way in which `word` would be found in `text`; null when none. Linear in the length of the text. */
export function findNearMiss(text: string, word: string): NearMiss | null {
  if (word.trim() === '') return null
  let page = text.length > LOOKED_AT_CHARS ? text.slice(0, LOOKED_AT_CHARS) : text
  let wanted = word
  const otherCase = ignoringCase(page, wanted)
  if (otherCase !== null) return { difference: 'other letter case', found: otherCase }
  for (const { difference, forgive } of STEPS) {
    page = forgive(page)
    // The word is taken as it is: a "<" in it is meant.
    wanted = forgive === STEPS[3]?.forgive ? wanted : forgive(wanted)
    if (wanted.trim() === '') return null
    const at = page.indexOf(wanted)
    if (at >= 0) return { difference, found: page.slice(at, at + Math.min(wanted.length, SHOWN_CHARS)) }
    const anyCase = ignoringCase(page, wanted)
    if (anyCase !== null) return { difference: `${difference} and other letter case`, found: anyCase }
  }
  return null
}

function ignoringCase(page: string, wanted: string): string | null {
  const lower = page.toLowerCase()
  const at = lower.indexOf(wanted.toLowerCase())
  if (at < 0) return null
  // Lower case is longer than the original for a few letters; then only the lower-case form can be cut out.
  const from = lower.length === page.length ? page : lower
  return from.slice(at, at + Math.min(wanted.length, SHOWN_CHARS))
}

function collapsed(text: string): string {
  return text.replace(/\s+/g, ' ')
}

function withoutReferences(text: string): string {
  return text.replace(/&(?:[a-z]{2,4}|#\d{1,7}|#x[0-9a-f]{1,6});/gi, (reference) => {
    const named = REFERENCES[reference.toLowerCase()]
    if (named !== undefined) return named
    const hex = reference[2] === 'x' || reference[2] === 'X'
    const code = hex ? Number.parseInt(reference.slice(3, -1), 16) : Number(reference.slice(2, -1))
    return code >= 0x20 && code <= 0x10ffff ? String.fromCodePoint(code) : reference
  })
}

/** By hand, because a pattern would look for ">" to the end of the text from every "<". */
function withoutTags(text: string): string {
  let plain = ''
  let from = 0
  for (let open = text.indexOf('<'); open >= 0; open = text.indexOf('<', from)) {
    const close = text.indexOf('>', open)
    if (close < 0) break
    plain += text.slice(from, open)
    from = close + 1
  }
  return plain + text.slice(from)
}
