// The result as JSON, schema 1: what scripts read. Nothing is added, changed or left out.
import type { CheckResult } from '../../model/result.ts'
import type { ReportFormat } from '../format.ts'
import { jsonText } from '../json-text.ts'

/** Top-level keys in the order of the contract, whatever order they were made in; what is new comes last. */
function ordered(result: CheckResult): CheckResult {
  const { schema, url, startedAt, durationMs, outcome, failure, diagnosis, exchanges, drill } = result
  return Object.assign(
    { schema, url, startedAt, durationMs, outcome, failure, diagnosis, exchanges, drill },
    result,
  )
}

/** The result on one line, without a line break; for JSON Lines. */
export function jsonLine(result: CheckResult): string {
  return jsonText(ordered(result))
}

export default {
  id: 'json',
  name: 'JSON',
  mediaType: 'application/json',
  extension: 'json',
  render(result) {
    return `${jsonText(ordered(result), 2)}\n`
  },
} satisfies ReportFormat
