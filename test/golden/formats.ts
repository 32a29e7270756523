// Which renderings of a golden result are kept beside it.
import type { CheckResult } from '../../src/model/result.ts'
import type { ReportFormat, ReportOptions } from '../../src/report/format.ts'
import har from '../../src/report/formats/har.ts'
import markdown from '../../src/report/formats/markdown.ts'
import text from '../../src/report/formats/text.ts'

export interface GoldenFormat {
  /** What follows the scenario's name. */
  suffix: string
  format: ReportFormat
  options: ReportOptions
}

const PLAIN: ReportOptions = { width: 80, color: false, ascii: false, version: '0.0.0' }

export const GOLDEN_FORMATS: GoldenFormat[] = [
  { suffix: '.txt', format: text, options: PLAIN },
  { suffix: '.narrow.txt', format: text, options: { ...PLAIN, width: 40, ascii: true } },
  { suffix: '.md', format: markdown, options: PLAIN },
  { suffix: '.har', format: har, options: PLAIN },
]

export function renderGolden(result: CheckResult, golden: GoldenFormat): string {
  return golden.format.render(result, golden.options)
}
