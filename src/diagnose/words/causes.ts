// Causes as short clauses about whoever it happened to, for headlines.
import type { Cause } from '../../model/diagnosis.ts'
import { wordsOf } from '../verdict.ts'

/** What can be said in a headline of a gateway that gives one answer for nearly everything. */
export const SAYS_LITTLE = 'it got no good answer from behind and does not say why'

/**
 * Causes joined as "a, b or c"; more than `most` of them end in "or less likely reasons"; very
 * open lists are not begun, because a few of them would read as the answer.
 */
export function causesInWords(causes: readonly Cause[], most: number): string {
  // Two of many would read as if it were one of these.
  if (causes.length > most + 1 && causes.includes('connection_refused')) return SAYS_LITTLE
  const words = [...new Set(causes.slice(0, most).map(wordsOf))]
  const joined = words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
  return causes.length > most ? `${joined}, or less likely reasons` : joined
}
