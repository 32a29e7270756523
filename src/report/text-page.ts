// Lines of a text report as they are gathered: headings, paragraphs, bullets, all within the width and made safe.
// Knows columns and colours; refuses to know what is reported.
import type { ReportOptions } from './format.ts'
import { type Colour, paint, type Signs, signs } from './paint.ts'
import { columns, safeText, wrap } from './safe-text.ts'

/** Least width that is laid out for; narrower terminals wrap by themselves. */
const MIN_WIDTH = 24

export interface Page {
  options: ReportOptions
  width: number
  signs: Signs
  lines: string[]
}

export function newPage(options: ReportOptions): Page {
  return { options, width: Math.max(MIN_WIDTH, options.width), signs: signs(options), lines: [] }
}

export function pageText(page: Page): string {
  return `${page.lines.join('\n')}\n`
}

/** What a peer sent, fit for this page. */
export function clean(page: Page, text: string, max?: number): string {
  return safeText(
    text,
    max === undefined ? { ascii: page.options.ascii } : { ascii: page.options.ascii, max },
  )
}

/** An empty line and a heading, made safe. */
export function heading(page: Page, text: string): void {
  page.lines.push('')
  for (const part of wrap(clean(page, text), page.width - 2)) {
    page.lines.push(`  ${paint(part, page.options, 'bold')}`)
  }
}

/** A text made safe and wrapped behind an indent. */
export function paragraph(page: Page, text: string, indent: number, ...colours: Colour[]): void {
  for (const part of wrap(clean(page, text), page.width - indent)) {
    page.lines.push(' '.repeat(indent) + paint(part, page.options, ...colours))
  }
}

/** A bullet with its text made safe; `tail` is put behind it, dimmed, on the same line where it fits. */
export function bullet(page: Page, text: string, tail = '', max?: number): void {
  const parts = wrap(clean(page, text, max), page.width - 4)
  parts.forEach((part, index) => {
    page.lines.push(`  ${index === 0 ? `${page.options.ascii ? '-' : '•'} ` : '  '}${part}`)
  })
  if (tail === '') return
  const safe = clean(page, tail)
  const last = page.lines.at(-1) ?? ''
  const painted = paint(safe, page.options, 'dim')
  if (columns(parts.at(-1) ?? '') + 5 + columns(safe) <= page.width)
    page.lines[page.lines.length - 1] = `${last} ${painted}`
  else
    for (const part of wrap(safe, page.width - 4)) page.lines.push(`    ${paint(part, page.options, 'dim')}`)
}
