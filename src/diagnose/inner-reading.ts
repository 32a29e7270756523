// What a page means by the hand of the product that wrote it, when somebody in front only relayed it. The judge of a
// single answer blames the leg behind the relay; with the whole check at hand the inner hop's own leg can be named.
import type { Cause } from '../model/diagnosis.ts'
import { readAnswer } from './answer.ts'
import { FINGERPRINTS } from './fingerprints.ts'
import { findReading, lookAt, makeFingerprintSet } from './match.ts'
import { isSlow, type ResponseInput } from './verdict.ts'

/** The causes that `product` means by this answer, likeliest first; empty when its fingerprint does not say. */
export function readByProduct(input: ResponseInput, product: string): readonly Cause[] {
  const fingerprint = FINGERPRINTS.find(({ id }) => id === product)
  if (!fingerprint) return []
  const answer = readAnswer(input.raw, input.ended, input.requestMethod)
  const look = lookAt(answer, makeFingerprintSet([fingerprint], []), input.forwardProxy ?? null)
  const circumstances = { slow: isSlow(input), method: input.requestMethod }
  return findReading(fingerprint, look, circumstances)?.causes ?? []
}
