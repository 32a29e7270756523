// The one sentence of a diagnosis: which link, why, who must act. Fits a line of a pager, whatever peers sent.
import { PARTY_NAMES, LINK_NAMES } from './who.ts'
import { SAYS_LITTLE } from './causes.ts'
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
  // Where the sentence itself says how little is known, a hedge would cast doubt on the link too.
  const hedge = given.what.includes(SAYS_LITTLE) ? '' : HEDGES[given.confidence]
  const lead = `${LINK_NAMES[given.link]}${hedge}: `
  const end = `; ${PARTY_NAMES[given.party]}.`
  return lead + plain(given.what, HEADLINE_CHARACTERS - lead.length - end.length) + end
}
