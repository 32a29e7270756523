// The text a reader sees of a page, without a parser: tags out, scripts and styles out, entities decoded. Linear, and
// good enough for finding words; never to be shown as markup again.

/** Elements whose content nobody reads. */
const HIDDEN = ['script', 'style', 'template', 'svg'] as const

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  apos: "'",
  gt: '>',
  hellip: '…',
  lt: '<',
  mdash: '-',
  nbsp: ' ',
  ndash: '-',
  quot: '"',
  rsquo: "'",
}

/** True for text that is markup: a doctype, or one of the elements pages begin with. */
export function isMarkup(text: string): boolean {
  return /<(?:!doctype\s+html|html|head|body|title|h[1-6]|center|table|div|p|pre|meta)[\s>/]/i.test(
    text.slice(0, 65_536),
  )
}

/** The readable text of a page; elements end up on lines of their own. */
export function pageText(page: string): string {
  const parts: string[] = []
  let at = 0
  const lower = page.toLowerCase()
  while (at < page.length) {
    const open = page.indexOf('<', at)
    if (open < 0) {
      parts.push(page.slice(at))
      break
    }
    parts.push(page.slice(at, open))
    if (page.startsWith('<!--', open)) {
      const end = page.indexOf('-->', open + 4)
      at = end < 0 ? page.length : end + 3
      continue
    }
    // A lone `<` is text: a tag starts with a letter, a slash or a mark.
    if (!/[a-z/!?]/i.test(page.charAt(open + 1))) {
      parts.push('<')
      at = open + 1
      continue
    }
    const end = page.indexOf('>', open)
    if (end < 0) break
    const hidden = HIDDEN.find(
      (name) => lower.startsWith(name, open + 1) && !/[a-z0-9]/.test(lower.charAt(open + 1 + name.length)),
    )
    if (hidden && page.charAt(end - 1) !== '/') {
      const close = lower.indexOf(`</${hidden}`, end)
      at = close < 0 ? page.length : close
      continue
    }
    parts.push(
      /^<\/?(?:a|abbr|b|code|em|font|i|small|span|strong|u|wbr)\b/i.test(page.slice(open, open + 8))
        ? ''
        : '\n',
    )
    at = end + 1
  }
  return decodeEntities(parts.join(''))
    .replace(/[ \t]+/g, ' ')
    .replace(/\s*\n\s*/g, '\n')
    .trim()
}

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));?/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? whole
    const point = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal)
    return point > 0 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff)
      ? String.fromCodePoint(point)
      : ' '
  })
}
