// Reads two things out of a page without parsing HTML: its title, and a static file of the same site that it names.
// Pure; one pass over a bounded piece of text, whatever is in it.

/** Characters of a page that are searched. */
const SEARCHED_CHARS = 64 * 1024
/** Tags that are looked at, and characters of each. */
const TAGS = 400
const TAG_CHARS = 1_000
const TITLE_CHARS = 200

/** The tags that name static files, with the attribute that does. */
const FILE_TAGS: [tag: string, attribute: string][] = [
  ['<link', 'href'],
  ['<script', 'src'],
  ['<img', 'src'],
]

/** The title of a page, white space folded, at most 200 characters; null when it has none. */
export function pageTitle(page: string): string | null {
  const text = page.slice(0, SEARCHED_CHARS)
  const lower = text.toLowerCase()
  const open = lower.indexOf('<title')
  const from = open < 0 ? -1 : lower.indexOf('>', open)
  const end = from < 0 ? -1 : lower.indexOf('</title', from)
  if (end < 0) return null
  const title = text.slice(from + 1, Math.min(end, from + 1 + 4 * TITLE_CHARS))
  const folded = title.split(/\s/).filter(Boolean).join(' ')
  return folded === '' ? null : folded.slice(0, TITLE_CHARS)
}

/** The first static file of the same origin that a page names (style sheet, script, image); null when none. */
export function staticFileOf(page: string, base: URL): URL | null {
  const text = page.slice(0, SEARCHED_CHARS)
  const lower = text.toLowerCase()
  let best: URL | null = null
  for (const [tag, attribute] of FILE_TAGS) {
    best = firstFile(text, lower, tag, attribute, base)
    if (best) return best
  }
  return best
}

function firstFile(text: string, lower: string, tag: string, attribute: string, base: URL): URL | null {
  let at = lower.indexOf(tag)
  for (let seen = 0; at >= 0 && seen < TAGS; seen++) {
    const end = lower.indexOf('>', at)
    if (end < 0) return null
    const inside = text.slice(at + tag.length, Math.min(end, at + TAG_CHARS))
    const url = fileUrl(attributeOf(inside, attribute), base)
    if (url) return url
    at = lower.indexOf(tag, end)
  }
  return null
}

/** Value of an attribute within a tag, quoted or bare; null when it is not there. */
function attributeOf(inside: string, attribute: string): string | null {
  const lower = inside.toLowerCase()
  let at = lower.indexOf(attribute)
  while (at >= 0) {
    const before = inside[at - 1] ?? ' '
    let next = at + attribute.length
    while (inside[next] === ' ') next++
    if (inside[next] === '=' && before.trim() === '') {
      next++
      while (inside[next] === ' ') next++
      const quote = inside[next]
      if (quote === '"' || quote === "'") {
        const end = inside.indexOf(quote, next + 1)
        return end < 0 ? null : inside.slice(next + 1, end)
      }
      return inside.slice(next).split(/\s/, 1)[0] ?? null
    }
    at = lower.indexOf(attribute, at + attribute.length)
  }
  return null
}

/** A file of the same origin with an extension of static files, its fragment removed. */
function fileUrl(value: string | null, base: URL): URL | null {
  if (value === null || value.length > TAG_CHARS) return null
  const url = URL.parse(value.trim().replaceAll('&amp;', '&'), base)
  if (!url || url.origin !== base.origin) return null
  url.hash = ''
  return /\.(css|js|mjs|png|svg|jpe?g|gif|webp|ico|woff2?)$/i.test(url.pathname) ? url : null
}
