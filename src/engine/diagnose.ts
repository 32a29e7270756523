// Judges a finished check, live or from a file. Loads rules and fingerprints only when there is something to judge, so
// that a healthy check pays nothing.
import type { LoneResponse } from '../diagnose/lone-response.ts'
import type { Diagnosis } from '../model/diagnosis.ts'
import { type Failure, failure, isOurFault } from '../model/failure.ts'
import type { CheckResult, Outcome } from '../model/result.ts'

/** Phases in which nothing of the site was read yet: fingerprints have nothing to say there. */
const BEFORE_AN_ANSWER = new Set(['url', 'resolve', 'tls'])

/**
 * The diagnosis of a check, null when nothing is wrong with it as far as its evidence tells. Needs no network and
 * changes nothing. A check that is up is judged only when bytes of its answer were kept, or looks were taken.
 */
export async function diagnose(result: CheckResult): Promise<Diagnosis | null> {
  if (!isWorthJudging(result)) return null
  const [{ diagnoseEvidence }, { RULES }, judges] = await Promise.all([
    import('../diagnose/diagnose.ts'),
    import('../diagnose/rules.ts'),
    needsFingerprints(result) ? loadJudges() : NO_JUDGES,
  ])
  return diagnoseEvidence(result, { rules: RULES, ...judges })
}

const NO_JUDGES = { judgeResponse: () => null }

async function loadJudges() {
  const [{ judgeResponse }, { readByProduct }] = await Promise.all([
    import('../diagnose/response.ts'),
    import('../diagnose/inner-reading.ts'),
  ])
  return { judgeResponse, readByProduct }
}

function isWorthJudging({ failure: seen, exchanges, drill }: CheckResult): boolean {
  return seen !== null || exchanges.at(-1)?.response?.raw != null || drill.length > 0
}

function needsFingerprints({ failure: seen, exchanges }: CheckResult): boolean {
  if (exchanges.length === 0) return false
  if (seen === null) return exchanges.at(-1)?.response?.raw != null
  if (isOurFault(seen.code) && !seen.code.startsWith('proxy_')) return false
  if (seen.phase === 'connect') return seen.code.startsWith('proxy_')
  return !BEFORE_AN_ANSWER.has(seen.phase)
}

/**
 * The result with its diagnosis, and with the outcome and failure that follow from it: a fault on our side leaves
 * the site's state open, a failure hidden in a good answer is one, what fails now and then is degraded.
 */
export function withDiagnosis(result: CheckResult, diagnosis: Diagnosis | null): CheckResult {
  if (!diagnosis) return { ...result, diagnosis: null }
  const outcome = outcomeWith(result.outcome, diagnosis.effect)
  const hidden = outcome === 'down' && result.failure === null ? hiddenFailure(diagnosis) : null
  return { ...result, outcome, failure: hidden ?? result.failure, diagnosis }
}

function outcomeWith(outcome: Outcome, effect: Diagnosis['effect']): Outcome {
  switch (effect) {
    case null:
    case 'remark':
      return outcome
    case 'unknown':
      return 'unknown'
    case 'degraded':
      return outcome === 'unknown' ? outcome : 'degraded'
    case 'down':
      return outcome === 'unknown' ? outcome : 'down'
    default:
      return effect satisfies never
  }
}

/** What a good answer hides, as a failure of its content. */
function hiddenFailure(diagnosis: Diagnosis): Failure {
  const raw = diagnosis.reasons[0]?.says ?? diagnosis.headline
  return failure(diagnosis.cause === 'empty_success' ? 'text_missing' : 'text_unwanted', raw)
}

/**
 * A live check with its diagnosis. A judgement that cannot be made (a bug of ours, no file descriptor left to load it
 * with) must not cost the evidence: it becomes a note on the last observation. `keepRaw`: the bytes of a good answer
 * stay even when nothing is wrong.
 */
export async function judged(result: CheckResult, keepRaw: boolean): Promise<CheckResult> {
  let diagnosis: Diagnosis | null
  try {
    diagnosis = await diagnose(result)
  } catch (error) {
    const last = result.observations.at(-1)
    if (last) last.notes = [...(last.notes ?? []), `no judgement could be made: ${String(error)}`]
    diagnosis = result.failure && isOurFault(result.failure.code) ? ownFault(result.failure, last?.id) : null
  }
  const response = result.exchanges.at(-1)?.response
  if (!diagnosis && !result.failure && !keepRaw && response) response.raw = null
  return withDiagnosis(result, diagnosis)
}

/** What can be said without loading a single rule: a machine that is out of everything cannot open their files. */
function ownFault(seen: Failure, id: string | undefined): Diagnosis {
  return {
    headline: "This monitor: this machine ran out of something; this monitor's operator must act.",
    link: 'monitor',
    cause: seen.code,
    causes: [seen.code],
    party: 'monitor_operator',
    confidence: 'certain',
    generator: null,
    effect: 'unknown',
    chain: [],
    reasons: id === undefined ? [] : [{ says: `In phase ${seen.phase}: ${seen.raw}.`, evidence: [id] }],
    todo: {
      visitor: [],
      operator: ['Look at the limits of the machine that runs this check (ulimit -n, free -m).'],
    },
    references: [],
    retryAfterSeconds: null,
    contact: null,
    article: seen.code.replaceAll('_', '-'),
  }
}

/** Judges one raw response on its own: status line, fields and content as received. Never throws on any bytes. */
export async function diagnoseResponse(bytes: Uint8Array): Promise<LoneResponse> {
  const { judgeLoneResponse } = await import('../diagnose/lone-response.ts')
  return judgeLoneResponse(bytes)
}
