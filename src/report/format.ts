// What a report format is. Formats read a finished result and nothing else: no clock, no files, no terminal.
import type { CheckResult } from '../model/result.ts'

/** How the report may look; everything the outside world decides. */
export interface ReportOptions {
  /** Columns a line may take. */
  width: number
  /** ANSI colours. */
  color: boolean
  /** Nothing but ASCII. */
  ascii: boolean
  /** Version of whydown, for formats that name their maker. */
  version: string
  /** False: reports for strangers keep cookies, tokens and passwords. They take them out when nobody says. */
  redact?: boolean
}

export interface ReportFormat {
  /** Equal to the file's name and to what `--format` takes. */
  id: string
  name: string
  mediaType: string
  /** Of a saved file, without the dot. */
  extension: string
  /** The report, ending with a line break. */
  render(result: CheckResult, options: ReportOptions): string
}
