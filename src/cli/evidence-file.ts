// Reads evidence that `--save` wrote. A file that is none, is broken, or is of another schema ends in one sentence;
// what passes has the shape that reports and rules rely on.
import { WhydownError } from '../model/error.ts'
import { type CheckResult, RESULT_SCHEMA } from '../model/result.ts'
import { evidenceFault } from './evidence-shape.ts'
import { readInput } from './input-files.ts'
import { quoted } from './values.ts'

/** Largest evidence: 64 KiB of bytes per exchange in base64, sixty looks and their observations fit ten times. */
const MAX_EVIDENCE_BYTES = 48 * 1024 * 1024

function unreadable(option: string, path: string, says: string, cause?: unknown): WhydownError {
  return new WhydownError(
    'unreadable',
    `${option} ${quoted(path)} ${says}`,
    cause === undefined ? {} : { cause },
  )
}

/**
 * The result of a check out of a file, `-` for standard input. `option` is how messages call it. Throws
 * `WhydownError`: `usage` when the file cannot be read or is too large, `unreadable` when it holds something else.
 */
export function readEvidence(option: string, path: string): CheckResult {
  const bytes = readInput(option, path, MAX_EVIDENCE_BYTES)
  if (bytes.length === 0) throw unreadable(option, path, 'is empty; name evidence that --save wrote')
  const value = parseOne(option, path, bytes)
  const says = schemaFault(value)
  if (says !== null) throw unreadable(option, path, says)
  const fault = evidenceFault(value)
  if (fault !== null)
    throw unreadable(option, path, `is damaged evidence: ${fault}; name a file as --save wrote it`)
  const result = value as CheckResult
  // Not there before the drill existed.
  return { ...result, diagnosis: result.diagnosis ?? null, drill: result.drill ?? [] }
}

function parseOne(option: string, path: string, bytes: Buffer): unknown {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw unreadable(option, path, 'is not JSON, it is not even text; name evidence that --save wrote', error)
  }
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    if (linesOfJson(text) > 1) {
      throw unreadable(
        option,
        path,
        `holds several checks, one per line, as --repeat saves them; give one of them, for example with: sed -n 1p FILE | whydown diagnose -`,
        error,
      )
    }
    throw unreadable(option, path, 'is not JSON, or only part of it; name evidence that --save wrote', error)
  }
}

/** Lines that are JSON objects each, as far as the first two tell; 0 when they are not. */
function linesOfJson(text: string): number {
  const lines = text.split('\n', 3).filter((line) => line.trim() !== '')
  try {
    return lines.slice(0, 2).filter((line) => typeof JSON.parse(line) === 'object').length
  } catch {
    return 0
  }
}

/** Why a value is no evidence of a schema that this version reads; null when it is. */
function schemaFault(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return 'is JSON, but no evidence of a check; name a file that --save wrote'
  }
  const { schema, log } = value as { schema?: unknown; log?: unknown }
  if (schema === undefined && typeof log === 'object' && log !== null) {
    return 'is an HTTP archive (HAR), from which evidence cannot be read back; save it with --save'
  }
  if (typeof schema !== 'number' || !Number.isInteger(schema)) {
    return 'is JSON, but no evidence of a check: it has no schema number; name a file that --save wrote'
  }
  if (schema > RESULT_SCHEMA) {
    return `is evidence of schema ${schema}, newer than this version of whydown reads (${RESULT_SCHEMA}); update whydown`
  }
  if (schema < RESULT_SCHEMA) {
    return `is evidence of schema ${schema}, older than this version of whydown reads (${RESULT_SCHEMA}); check again, or use the version that saved it`
  }
  return null
}
