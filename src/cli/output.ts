// Where and how the report is shown: which format, how wide, in colour or not.
import type { ReportFormat, ReportOptions } from '../report/format.ts'
import { asciiFromEnvironment, colourFromEnvironment, columnsFromEnvironment } from './environment.ts'
import { mistake, parseCount, quoted } from './values.ts'

/** The flags about output, which several commands share. */
export interface OutputFlags {
  json?: true
  format?: string
  ascii?: true
  color?: boolean
  width?: string
  redact?: boolean
}

/** Columns when nobody says. */
const DEFAULT_WIDTH = 80
/** Wider terminals are not used up: lines of text are hard to follow. */
const MAX_TERMINAL_WIDTH = 120

/** Formats by the name `--format` takes; each is loaded only when it is used. */
const FORMATS: Record<string, () => Promise<{ default: ReportFormat }>> = {
  text: () => import('../report/formats/text.ts'),
  json: () => import('../report/formats/json.ts'),
  markdown: () => import('../report/formats/markdown.ts'),
  html: () => import('../report/formats/html.ts'),
  har: () => import('../report/formats/har.ts'),
}

/** The format's name from the flags; throws when there is no such one. */
export function formatName(flags: OutputFlags): string {
  if (flags.json && flags.format !== undefined && flags.format !== 'json') {
    throw mistake(`--json and --format ${quoted(flags.format)} contradict each other; give one of them`)
  }
  const name = flags.json ? 'json' : (flags.format ?? 'text')
  if (!Object.hasOwn(FORMATS, name)) {
    throw mistake(`--format ${quoted(name)} is not known; use one of ${Object.keys(FORMATS).join(', ')}`)
  }
  return name
}

export async function loadFormat(name: string): Promise<ReportFormat> {
  const load = FORMATS[name]
  if (!load) throw mistake(`--format ${quoted(name)} is not known`)
  return (await load()).default
}

/** How the report may look, from flags, environment and terminal. */
export function reportOptions(flags: OutputFlags, version: string): ReportOptions {
  const terminal = process.stdout.isTTY
  const width =
    flags.width === undefined
      ? terminal
        ? Math.min(process.stdout.columns || columnsFromEnvironment() || DEFAULT_WIDTH, MAX_TERMINAL_WIDTH)
        : DEFAULT_WIDTH
      : parseCount('--width', flags.width, 24, 500)
  return {
    width,
    color: flags.color ?? colourFromEnvironment(terminal),
    ascii: flags.ascii === true || asciiFromEnvironment(),
    version,
    redact: flags.redact !== false,
  }
}
