// An article for a terminal: wrapped to its width, tables that fit or turn into lists, drawn in colour when wanted.
// Knows how it looks, not what it says.
import type { Article } from '../knowledge/article.ts'
import { type Block, blocksOf, runsOf } from '../knowledge/blocks.ts'
import type { ReportOptions } from '../report/format.ts'
import { paint } from '../report/paint.ts'
import { columns, padEnd, safeText, wrap } from '../report/safe-text.ts'

const MARGIN = '  '
/** Narrower columns of a table are no help: it turns into a list. */
const NARROWEST_CELL = 14

/** The article, ending with a line break. */
export function articleText(article: Article, options: ReportOptions): string {
  const lines = [paint(safe(article.title, options), options, 'bold')]
  lines.push(...paragraph(article.summary, '', options), '')
  for (const block of blocksOf(article.body)) {
    if (block.kind === 'heading' && lines.at(-1) !== '') lines.push('')
    lines.push(...blockLines(block, options))
    if (block.kind !== 'heading') lines.push('')
  }
  if (article.related.length > 0) lines.push(...labelled('See also: ', article.related.join(', '), options))
  if (article.sources.length > 0) lines.push(...labelled('Sources: ', article.sources.join('; '), options))
  return `${lines.join('\n').trimEnd()}\n`
}

function blockLines(block: Block, options: ReportOptions): string[] {
  switch (block.kind) {
    case 'heading':
      return [
        block.level <= 2
          ? paint(safe(block.text.toUpperCase(), options), options, 'bold')
          : MARGIN + paint(safe(block.text, options), options, 'bold'),
      ]
    case 'paragraph':
      return paragraph(block.text, MARGIN, options)
    case 'code':
      return block.lines.map((line) =>
        `${MARGIN}${MARGIN}${paint(safe(line, options), options, 'cyan')}`.trimEnd(),
      )
    case 'list':
      return block.items.flatMap(({ indent, mark, text }) => {
        const sign = /\d/.test(mark) ? `${mark} ` : options.ascii ? '- ' : '• '
        const before = MARGIN + ' '.repeat(indent)
        return hanging(text, before + sign, ' '.repeat(before.length + columns(sign)), options)
      })
    case 'table':
      return tableLines(block.head, block.rows, options)
    default:
      return block satisfies never
  }
}

/** Side by side when the columns get room enough, else one paragraph a row. */
function tableLines(head: string[], rows: string[][], options: ReportOptions): string[] {
  const gap = 2
  const room = options.width - MARGIN.length - gap * (head.length - 1)
  const texts = [head, ...rows].map((row) => head.map((_, at) => plainOf(row[at] ?? '', options)))
  const wanted = head.map((_, at) => Math.max(...texts.map((row) => columns(row[at] ?? ''))))
  const widths = shareOut(wanted, room)
  if (!widths) {
    return rows.flatMap((row) => {
      const said = row.map((cell, at) => (at === 0 ? `**${cell}**` : `${head[at] ?? ''}: ${cell}`)).join('; ')
      return hanging(said, `${MARGIN}${options.ascii ? '- ' : '• '}`, `${MARGIN}  `, options)
    })
  }
  const lines: string[] = []
  for (const [index, row] of texts.entries()) {
    const cells = row.map((cell, at) => wrap(cell, widths[at] ?? 1))
    const height = Math.max(...cells.map((cell) => cell.length))
    for (let line = 0; line < height; line++) {
      const drawn = cells.map((cell, at) => padEnd(cell[line] ?? '', widths[at] ?? 1)).join(' '.repeat(gap))
      const whole = `${MARGIN}${drawn}`.trimEnd()
      lines.push(index === 0 ? paint(whole, options, 'bold') : whole)
    }
    if (index === 0)
      lines.push(
        MARGIN + widths.map((width) => (options.ascii ? '-' : '─').repeat(width)).join(' '.repeat(gap)),
      )
  }
  return lines
}

/** Widths of columns within the room: what they want when it is enough, else the wide ones give. Null: too narrow. */
function shareOut(wanted: readonly number[], room: number): number[] | null {
  const widths = [...wanted]
  let over = widths.reduce((sum, width) => sum + width, 0) - room
  while (over > 0) {
    const widest = widths.indexOf(Math.max(...widths))
    const width = widths[widest] ?? 0
    if (width <= NARROWEST_CELL) return null
    widths[widest] = width - 1
    over--
  }
  return widths
}

function paragraph(text: string, margin: string, options: ReportOptions): string[] {
  return hanging(text, margin, margin, options)
}

function labelled(label: string, text: string, options: ReportOptions): string[] {
  const [first = '', ...rest] = wrap(label + safe(text, options), options.width)
  return [paint(first, options, 'dim'), ...rest.map((line) => paint(line, options, 'dim'))]
}

/** Wrapped text with runs in their colours; the marks are put on after wrapping, so that they never count as columns. */
function hanging(text: string, first: string, rest: string, options: ReportOptions): string[] {
  const shown = shownRuns(text, options)
  const plain = shown.map((run) => run.text).join('')
  let at = 0
  return wrap(plain, options.width - columns(first), options.width - columns(rest)).map((line, index) => {
    // Wrapping leaves out spaces and nothing else: each line stands in the text, behind the one before.
    const from = Math.max(at, plain.indexOf(line, at))
    at = from + line.length
    const drawn = options.color ? paintRuns(shown, from, at, options) : line
    return ((index === 0 ? first : rest) + drawn).trimEnd()
  })
}

interface ShownRun {
  text: string
  colour: 'cyan' | 'bold' | null
}

/** The runs of a text as they are shown; code gets quotes where there is no colour to tell it. */
function shownRuns(text: string, options: ReportOptions): ShownRun[] {
  return runsOf(text).map(({ kind, text: inner }) => {
    if (kind === 'code') return { text: safe(options.color ? inner : `'${inner}'`, options), colour: 'cyan' }
    if (kind === 'text') return { text: safe(inner, options), colour: null }
    return { text: plainOf(inner, options), colour: 'bold' }
  })
}

function plainOf(text: string, options: ReportOptions): string {
  return shownRuns(text, options)
    .map((run) => run.text)
    .join('')
}

/** The part [from, to) of the runs' text, painted. */
function paintRuns(runs: readonly ShownRun[], from: number, to: number, options: ReportOptions): string {
  let painted = ''
  let start = 0
  for (const { text, colour } of runs) {
    const part = text.slice(Math.max(0, from - start), Math.max(0, to - start))
    painted += colour ? paint(part, options, colour) : part
    start += text.length
  }
  return painted
}

function safe(text: string, options: ReportOptions): string {
  const drawn = options.ascii ? text.replaceAll('─', '-').replaceAll('→', '->') : text
  return safeText(drawn, { ascii: options.ascii, max: 20_000 })
}
