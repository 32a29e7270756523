// From the evidence of a check to its diagnosis: runs the rules in order, stops at a root, puts the draft into words.
// Knows no rule by name, and no network.
import type { Cause, Diagnosis, Reason, Undecided } from '../model/diagnosis.ts'
import type { FailureCode } from '../model/failure.ts'
import type { CheckResult } from '../model/result.ts'
import { drawLinks } from './draw-links.ts'
import { Evidence, type JudgeResponse, type ReadByProduct } from './evidence.ts'
import { begin, type Draft, type Need, type Rule } from './rule.ts'
import { headline } from './words/headline.ts'
import { plain } from './words/plain.ts'
import { stepsFor } from './words/steps.ts'

/** Causes, reasons and steps named at most: longer lists are read by nobody. */
const MOST_CAUSES = 8
const MOST_REASONS = 14
const MOST_STEPS = 6
const REASON_CHARACTERS = 320
const STEP_CHARACTERS = 600

/** What the judgement is made with: handed in, so that it can be run without fingerprints. */
export interface Parts {
  rules: readonly Rule[]
  judgeResponse: JudgeResponse
  /** What a product means by an answer that it wrote; absent: only what the judge of the answer says. */
  readByProduct?: ReadByProduct
}

/**
 * Judges a whole check: null when nothing is wrong with it as far as the evidence tells. Pure, never throws for any
 * well-formed result. The same evidence gives the same diagnosis.
 */
export function diagnoseEvidence(result: CheckResult, parts: Parts): Diagnosis | null {
  const evidence = new Evidence(result, parts.judgeResponse, parts.readByProduct)
  const undecided: Undecided[] = []
  let draft: Draft | null = null
  for (const rule of parts.rules) {
    // A root, or a fault on our side of the site: what further looks say of the site changes nothing.
    if (draft?.final || draft?.effect === 'unknown') break
    const code = result.failure?.code
    if (rule.codes && (code === undefined || !rule.codes.includes(code))) continue
    const lacking = rule.needs.find((need) => !has(need, evidence))
    if (lacking !== undefined) {
      if (lacking !== 'failure') undecided.push({ rule: rule.id, because: whyLacking(lacking, evidence) })
      continue
    }
    draft = rule.judge(evidence, draft) ?? draft
  }
  draft ??= fallback(evidence)
  return draft ? finish(draft, evidence, draft.final || draft.effect === 'unknown' ? [] : undecided) : null
}

function has(need: Need, evidence: Evidence): boolean {
  if (need === 'failure') return evidence.failure !== null && !evidence.hidden
  if (need === 'response') return evidence.exchange?.response != null
  return evidence.finding(need) !== null
}

function whyLacking(need: Need, evidence: Evidence): string {
  if (need === 'response' || need === 'failure') return 'no answer came that could be judged'
  return plain(evidence.whyNot(need), REASON_CHARACTERS)
}

/** A failure that no rule had enough evidence for: what was seen is said, and nothing more. */
function fallback(evidence: Evidence): Draft | null {
  const { failure } = evidence
  if (!failure) return null
  return begin(evidence, {
    link: 'origin',
    party: 'site_operator',
    causes: [failure.code],
    confidence: 'possible',
    what: `${failure.code.replaceAll('_', ' ')}; the evidence tells no more`,
  })
}

function finish(draft: Draft, evidence: Evidence, undecided: Undecided[]): Diagnosis {
  const { result, failure } = evidence
  const causes = [...new Set(draft.causes)].slice(0, MOST_CAUSES)
  const steps = failure && !evidence.hidden ? stepsFor(failure.code, evidence) : { visitor: [], operator: [] }
  const { response } = draft
  const diagnosis: Diagnosis = {
    headline: headline(draft),
    link: draft.link,
    cause: causes[0] as Cause,
    causes,
    party: draft.party,
    confidence: draft.confidence,
    generator: response?.generator ?? null,
    effect: draft.effect,
    chain: response?.chain ?? [],
    links: [],
    reasons: reasonsOf(draft.reasons, evidence),
    todo: {
      visitor: stepsOf(draft.visitor.length > 0 ? draft.visitor : steps.visitor),
      operator: stepsOf([...draft.operator, ...steps.operator]),
    },
    references: response?.references ?? [],
    retryAfterSeconds: response?.retryAfterSeconds ?? null,
    contact: null,
    article:
      draft.article ??
      articleOf(evidence.hidden ? null : (failure?.code ?? null), result, causes[0] as Cause),
    undecided,
  }
  diagnosis.links = drawLinks(diagnosis, evidence)
  return diagnosis
}

/** Sentences fit to be shown, each once, and each with an observation that exists; the others are dropped. */
function reasonsOf(reasons: readonly Reason[], evidence: Evidence): Reason[] {
  const said = new Map<string, Reason>()
  for (const reason of reasons) {
    const says = plain(reason.says, REASON_CHARACTERS)
    const ids = evidence.existing(reason.evidence)
    if (says !== '' && ids.length > 0 && !said.has(says)) said.set(says, { says, evidence: ids })
    if (said.size >= MOST_REASONS) break
  }
  return [...said.values()]
}

function stepsOf(steps: readonly string[]): string[] {
  return [...new Set(steps.map((step) => plain(step, STEP_CHARACTERS)).filter((step) => step !== ''))].slice(
    0,
    MOST_STEPS,
  )
}

/**
 * The id of the article: `http-502` for an answer with that status, the failure code with hyphens for anything else
 * that failed, and for a good status that hides a failure the cause with hyphens.
 */
export function articleOf(code: FailureCode | null, result: CheckResult, cause: Cause): string {
  if (code === 'status_unaccepted') {
    const status = result.failure?.number
    return status && /^\d{3}$/.test(status) ? `http-${status}` : 'status-unaccepted'
  }
  return (code ?? cause).replaceAll('_', '-')
}
