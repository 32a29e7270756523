// Makes what peers sent fit to stand in a sentence or a command of ours: one line, no controls, of bounded length.

/** Controls (C0, C1), bidirectional and zero-width characters, line and paragraph separators, surrogates left alone. */
const INVISIBLE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff9-\ufffb]+/g
const LONE_SURROGATES = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** The text on one line without invisible characters, at most `most` UTF-16 units, cut with an ellipsis. */
export function plain(text: string, most: number): string {
  const line = text
    .slice(0, most * 4)
    .replace(INVISIBLE, ' ')
    .trim()
  if (line.length <= most) return line.replace(LONE_SURROGATES, '\ufffd')
  return `${line.slice(0, most - 1).trimEnd()}\u2026`.replace(LONE_SURROGATES, '\ufffd')
}

/** The text as one word of a POSIX shell: host names from a redirect may hold anything that a URL allows. */
export function shellWord(text: string): string {
  const line = plain(text, 300)
  return /^[A-Za-z0-9@%_+=:,./-]+$/.test(line) ? line : `'${line.replaceAll("'", `'\\''`)}'`
}
