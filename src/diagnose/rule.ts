// The shape of a rule: one way in which a link breaks, what it must see, and what it makes of it. Knows no rule.
import type { Cause, Confidence, Diagnosis, Link, Party, Reason } from '../model/diagnosis.ts'
import type { DrillStepId } from '../model/drill.ts'
import type { FailureCode } from '../model/failure.ts'
import type { Evidence } from './evidence.ts'

/** What is concluded so far. Rules hand on a new one; they never change the one they got. */
export interface Draft {
  link: Link
  party: Party
  /** Likeliest first, never empty. */
  causes: readonly Cause[]
  confidence: Confidence
  /** What failed, as a clause without a full stop: the heart of the headline. */
  what: string
  reasons: readonly Reason[]
  visitor: readonly string[]
  operator: readonly string[]
  effect: Diagnosis['effect']
  /** The judgement on the response, when one carries this verdict: generator, chain, references come from it. */
  response: Diagnosis | null
  article: string | null
  /** A root: what later rules would add are only its consequences. */
  final: boolean
}

/** A look, or `response`: an answer that can be judged. */
export type Need = DrillStepId | 'response' | 'failure'

export interface Rule {
  id: string
  /** The failures it is about; null: any, also none. */
  codes: readonly FailureCode[] | null
  /** Without these it could not tell, and says so. */
  needs: readonly Need[]
  /** Ids of the rules that must have spoken before. */
  after: readonly string[]
  /** The next draft; null: nothing to say. */
  judge(evidence: Evidence, draft: Draft | null): Draft | null
}

/** A first verdict, with what every draft needs. */
export function begin(
  evidence: Evidence,
  given: Pick<Draft, 'link' | 'party' | 'causes' | 'confidence' | 'what'> & Partial<Draft>,
): Draft {
  return {
    reasons: [],
    visitor: [],
    operator: [],
    effect: null,
    response: null,
    article: null,
    final: false,
    ...given,
    ...(given.reasons ? {} : { reasons: seenReason(evidence) }),
  }
}

function seenReason(evidence: Evidence): Reason[] {
  const { failure } = evidence
  return failure
    ? [{ says: `In phase ${failure.phase}: ${failure.raw || failure.code}.`, evidence: evidence.failing() }]
    : []
}

/** A draft with one more reason, at the end. */
export function withReason(draft: Draft, says: string, evidence: readonly string[]): Draft {
  return { ...draft, reasons: [...draft.reasons, { says, evidence: [...evidence] }] }
}

/** A reason that outweighs those before it. */
export function withFirstReason(draft: Draft, says: string, evidence: readonly string[]): Draft {
  return { ...draft, reasons: [{ says, evidence: [...evidence] }, ...draft.reasons] }
}

/** The same list with these causes in front. */
export function causesFirst(causes: readonly Cause[], first: readonly Cause[]): Cause[] {
  return [...new Set([...first, ...causes])]
}
