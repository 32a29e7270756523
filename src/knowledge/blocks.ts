// The Markdown of articles as blocks and inline runs: headings, paragraphs, lists, tables, code. Knows the subset that
// articles use and takes everything else for text; renders nothing.

export type Block =
  | { kind: 'heading'; level: number; text: string }
  | { kind: 'paragraph'; text: string }
  | { kind: 'list'; items: ListItem[] }
  | { kind: 'table'; head: string[]; rows: string[][] }
  | { kind: 'code'; lines: string[] }

export interface ListItem {
  /** Spaces before it, two for each level. */
  indent: number
  /** `1.` or `-`. */
  mark: string
  text: string
}

export interface Run {
  kind: 'text' | 'strong' | 'emphasis' | 'code'
  text: string
}

const ITEM = /^( *)([-*]|\d{1,3}\.) +(.*)$/

/** The blocks of a Markdown text, in order. */
export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = []
  const lines = markdown.split('\n')
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    const last = blocks.at(-1)
    const follows = at > 0 && (lines[at - 1] ?? '').trim() !== ''
    if (line.trim() === '') continue
    if (line.startsWith('```')) {
      const end = lines.indexOf('```', at + 1)
      const to = end < 0 ? lines.length : end
      blocks.push({ kind: 'code', lines: lines.slice(at + 1, to) })
      at = to
      continue
    }
    const heading = /^(#{1,6}) +(.*)$/.exec(line)
    if (heading) {
      blocks.push({ kind: 'heading', level: heading[1]?.length ?? 1, text: heading[2]?.trim() ?? '' })
      continue
    }
    const isRule = /^\|?[\s|:-]+$/.test(lines[at + 1] ?? '') && (lines[at + 1] ?? '').includes('-')
    if (line.startsWith('|') && isRule) {
      const rows: string[][] = []
      let row = at + 2
      for (; (lines[row] ?? '').startsWith('|'); row++) rows.push(cellsOf(lines[row] ?? ''))
      blocks.push({ kind: 'table', head: cellsOf(line), rows })
      at = row - 1
      continue
    }
    const item = ITEM.exec(line)
    if (item) {
      const made = { indent: item[1]?.length ?? 0, mark: item[2] ?? '-', text: item[3] ?? '' }
      if (last?.kind === 'list') last.items.push(made)
      else blocks.push({ kind: 'list', items: [made] })
    } else if (follows && last?.kind === 'list') {
      const open = last.items.at(-1)
      if (open) open.text += ` ${line.trim()}`
    } else if (follows && last?.kind === 'paragraph') last.text += ` ${line.trim()}`
    else blocks.push({ kind: 'paragraph', text: line.trim() })
  }
  return blocks
}

/** Cells of a table's line; `\|` and a bar within backquotes belong to a cell. */
function cellsOf(line: string): string[] {
  const cells: string[] = []
  let cell = ''
  let quoted = false
  for (let at = line.startsWith('|') ? 1 : 0; at < line.length; at++) {
    const character = line.charAt(at)
    if (character === '\\' && line.charAt(at + 1) === '|') cell += line.charAt(++at)
    else if (character === '|' && !quoted) {
      cells.push(cell.trim())
      cell = ''
    } else {
      if (character === '`') quoted = !quoted
      cell += character
    }
  }
  if (cell.trim() !== '') cells.push(cell.trim())
  return cells
}

/** A text in runs: `code`, **strong**, *emphasis*; a mark without its partner is text. Linear. */
export function runsOf(text: string): Run[] {
  const runs: Run[] = []
  let plain = ''
  const flush = () => {
    if (plain !== '') runs.push({ kind: 'text', text: plain })
    plain = ''
  }
  let at = 0
  const lastCode = text.lastIndexOf('`')
  const lastStar = text.lastIndexOf('*')
  while (at < text.length) {
    const character = text.charAt(at)
    if (character === '`' && at < lastCode) {
      const close = text.indexOf('`', at + 1)
      flush()
      runs.push({ kind: 'code', text: text.slice(at + 1, close) })
      at = close + 1
      continue
    }
    const marks = text.startsWith('**', at) ? '**' : character === '*' ? '*' : ''
    if (marks !== '' && at < lastStar && !/\s/.test(text.charAt(at + marks.length) || ' ')) {
      const close = text.indexOf(marks, at + marks.length + 1)
      if (close > 0) {
        flush()
        const inner = text.slice(at + marks.length, close)
        runs.push({ kind: marks === '**' ? 'strong' : 'emphasis', text: inner })
        at = close + marks.length
        continue
      }
    }
    plain += character
    at++
  }
  flush()
  return runs
}
