// Colours and marks of the text report. Knows ANSI and ASCII; refuses to know what they mean.
import type { ReportOptions } from './format.ts'

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const

export type Colour = keyof typeof CODES

/** Wraps a text in ANSI codes, or gives it back as it is when there is no colour. */
export function paint(text: string, options: ReportOptions, ...colours: Colour[]): string {
  if (!options.color || text === '' || colours.length === 0) return text
  return `\x1b[${colours.map((colour) => CODES[colour]).join(';')}m${text}\x1b[0m`
}

/** The signs of the report. */
export interface Signs {
  ok: string
  /** In the chain; may be longer than one column. */
  okLink: string
  broken: string
  unknown: string
  unreached: string
  attention: string
  link: string
  brokenLink: string
  arrow: string
  gutter: string
  dot: string
  pointer: string
  looked: string
}

const UNICODE: Signs = {
  ok: '✔',
  okLink: '✔',
  broken: '✖',
  unknown: '?',
  unreached: '·',
  attention: '!',
  link: '──',
  brokenLink: '╌╌',
  arrow: '→',
  gutter: '│',
  dot: '·',
  pointer: '└',
  looked: '▸',
}

const ASCII: Signs = {
  ok: '+',
  okLink: 'ok',
  broken: 'X',
  unknown: '?',
  unreached: '.',
  attention: '!',
  link: '--',
  brokenLink: '- ',
  arrow: '->',
  gutter: '|',
  dot: ',',
  pointer: '^',
  looked: '>',
}

export function signs(options: ReportOptions): Signs {
  return options.ascii ? ASCII : UNICODE
}
