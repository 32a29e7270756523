// The one sentence of a diagnosis: which link, why, who must act. Fits a line of a pager, whatever peers sent.
import { PARTY_NAMES, LINK_NAMES } from './who.ts'
import { plain } from './plain.ts'
import type { Confidence, Link, Party } from '../../model/diagnosis.ts'

/** Longest headline, characters. */
export const HEADLINE_CHARACTERS = 160

const HEDGES: Readonly<Record<Confidence, string>> = {
  certain: '',
  likely: ' (likely)',
  possible: ' (possibly)',
}

/** `what` is a clause without a full stop. At most 160 characters, on one line. */
export function headline(given: { link: Link; party: Party; what: string; confidence: Confidence }): string {
  const lead = `${LINK_NAMES[given.link]}${HEDGES[given.confidence]}: `
  const end = `; ${PARTY_NAMES[given.party]}.`
  return lead + plain(given.what, HEADLINE_CHARACTERS - lead.length - end.length) + end
}
