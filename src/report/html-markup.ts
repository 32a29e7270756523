// HTML in which a peer's text stays text: everything put into a template is made safe and escaped unless it is markup
// made here. Knows no report.
import { safeText } from './safe-text.ts'

/** Longest text shown from one place. */
const MAX_TEXT = 4_000

/** Markup made by `html`, the only thing that goes into another template as it is. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export type Part = Markup | string | number | null | false | readonly Part[]

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
}

/** Escaped for element content and quoted attributes alike (HTML Living Standard, 13.1.2). */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => ENTITIES[character] ?? '')
}

function render(part: Part): string {
  if (part === null || part === false) return ''
  if (part instanceof Markup) return part.text
  if (typeof part === 'number') return Number.isFinite(part) ? String(part) : ''
  if (typeof part === 'string') return escapeHtml(safeText(part, { max: MAX_TEXT }))
  return part.map(render).join('')
}

/**
 * A template whose holes take markup, texts, numbers, lists of those, or nothing. Texts become one safe line: control,
 * bidirectional and invisible characters are spelled out.
 */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  let text = strings[0] ?? ''
  parts.forEach((part, index) => {
    text += render(part) + (strings[index + 1] ?? '')
  })
  return new Markup(text)
}

/** Lines of text for a `pre`: each made safe, tabs as spaces, at most `max` of them. */
export function lines(given: readonly string[], max: number): Markup {
  const shown = given
    .slice(0, max)
    .map((line) => escapeHtml(safeText(line.replaceAll('\t', '  '), { max: MAX_TEXT })))
  if (given.length > max) shown.push(`(${given.length - max} more lines)`)
  return new Markup(shown.join('\n'))
}

/** A fragment id out of an observation's id; null when it is none that we made. */
export function anchorOf(id: string): string | null {
  return /^o\d{1,6}$/.test(id) ? id : null
}
