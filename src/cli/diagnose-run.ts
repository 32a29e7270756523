// Runs `whydown diagnose`: saved evidence or one raw response in, report out, no network. Loaded only when it runs.
import { diagnose, diagnoseResponse, withDiagnosis } from '../engine/diagnose.ts'
import { WhydownError } from '../model/error.ts'
import type { Diagnosis } from '../model/diagnosis.ts'
import { type CheckResult, RESULT_SCHEMA } from '../model/result.ts'
import { exitStatus } from './ending.ts'
import { readEvidence } from './evidence-file.ts'
import { readInput } from './input-files.ts'
import { formatName, loadFormat, type OutputFlags, reportOptions } from './output.ts'
import { mistake, quoted } from './values.ts'
import { packageVersion } from './version.ts'

export interface DiagnoseFlags extends OutputFlags {
  response?: string
}

/** Largest response that is read; far more than any error page. */
const MAX_RESPONSE_BYTES = 8 * 1024 * 1024

/** Formats of a response on its own: the others tell of a check around it. */
const RESPONSE_FORMATS = ['text', 'json']

/** Judges saved evidence again and prints it; gives the exit status of its outcome. */
export async function diagnoseFile(path: string, flags: DiagnoseFlags): Promise<number> {
  const format = await loadFormat(formatName(flags))
  const report = reportOptions(flags, packageVersion())
  const saved = readEvidence('FILE', path)
  const { result, text } = await replay(path, async () => {
    const judged = keepContact(withDiagnosis(saved, await diagnose(saved)), saved)
    return { result: judged, text: format.render(judged, report) }
  })
  process.stdout.write(text)
  return exitStatus(result.outcome)
}

/** The contacts were asked for when the evidence was saved; without a network they cannot be found anew. */
function keepContact(result: CheckResult, saved: CheckResult): CheckResult {
  const { diagnosis } = result
  const before = saved.diagnosis
  if (!diagnosis || !before?.contact) return result
  const kept: Diagnosis = { ...diagnosis, contact: before.contact }
  if (before.contactDetails) kept.contactDetails = before.contactDetails
  return { ...result, diagnosis: kept }
}

/** Evidence has the right shape, and yet may hold what no check writes: whatever breaks on it is the file's fault. */
async function replay<Value>(path: string, run: () => Promise<Value>): Promise<Value> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof WhydownError) throw error
    throw new WhydownError(
      'unreadable',
      `FILE ${quoted(path)} holds evidence that no check writes: ${String(error)}`,
      {
        cause: error,
      },
    )
  }
}

/** Judges one raw response and prints what is said of it; 0 when nothing is wrong with it. */
export async function diagnoseRawResponse(path: string, flags: DiagnoseFlags): Promise<number> {
  const format = formatName(flags)
  if (!RESPONSE_FORMATS.includes(format)) {
    throw mistake(
      `--response and --format ${format} contradict each other; a response alone is shown as text or json`,
    )
  }
  const report = reportOptions(flags, packageVersion())
  const bytes = readInput('--response', path, MAX_RESPONSE_BYTES)
  if (bytes.length === 0) {
    throw new WhydownError(
      'unreadable',
      `--response ${quoted(path)} is empty; give the bytes as they were received`,
    )
  }
  const { response, diagnosis } = await diagnoseResponse(bytes)
  if (format === 'json') {
    const { jsonText } = await import('../report/json-text.ts')
    process.stdout.write(`${jsonText({ schema: RESULT_SCHEMA, response, diagnosis }, 2)}\n`)
  } else {
    const { responseReport } = await import('../report/response-report.ts')
    process.stdout.write(responseReport(response, diagnosis, report))
  }
  return statusOf(diagnosis)
}

/** Nothing wrong, or only a remark: 0; else as the outcome that the diagnosis means for a visitor. */
function statusOf(diagnosis: Diagnosis | null): number {
  if (!diagnosis || diagnosis.effect === 'remark') return exitStatus('up')
  return exitStatus(diagnosis.effect ?? 'down')
}
