// Causes as short clauses about whoever it happened to, for headlines.
import type { Cause } from '../../model/diagnosis.ts'
import { wordsOf } from '../verdict.ts'

/** Causes joined as "a, b or c"; more than `most` of them end in "or less likely reasons". */
export function causesInWords(causes: readonly Cause[], most: number): string {
  const words = [...new Set(causes.slice(0, most).map(wordsOf))]
  const joined = words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
  return causes.length > most ? `${joined}, or less likely reasons` : joined
}
