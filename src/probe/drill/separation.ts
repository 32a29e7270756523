// Whether failures go with one machine: a trait that all failures share and no success has. Pure arithmetic; claims
// nothing that chance could have made.
import type { Mark } from './backend-marks.ts'

/** One try that could be told: did it fail, and the traits of its answer. */
export interface MarkedTry {
  failed: boolean
  marks: readonly Mark[]
}

/** A split that shuffled tries would show more often than this is not claimed. */
const CHANCE = 0.05

/**
 * The trait that separates failures from successes, null when none does. The rule: every try has a value for it; all
 * failures have the same value and no success has that one; and the chance that tries shuffled at random would split
 * just so, 1 in (n choose failures), times the number of traits that were tried, is at most 5 %.
 */
export function separatingMark(tries: readonly MarkedTry[]): Mark | null {
  const failures = tries.filter(({ failed }) => failed)
  const successes = tries.filter(({ failed }) => !failed)
  if (failures.length === 0 || successes.length === 0) return null
  const candidates = candidatesOf(tries)
  const chance = candidates.length / choose(tries.length, failures.length)
  if (chance > CHANCE) return null
  for (const { what, name } of candidates) {
    const of = ({ marks }: MarkedTry): string | undefined =>
      marks.find((mark) => mark.what === what && mark.name === name)?.value
    const values = new Set(failures.map(of))
    const [value] = values
    if (values.size === 1 && value !== undefined && successes.every((each) => of(each) !== value)) {
      return { what, name, value }
    }
  }
  return null
}

/** The traits that every try has, and not all with the same value. */
function candidatesOf(tries: readonly MarkedTry[]): Pick<Mark, 'what' | 'name'>[] {
  const found: Pick<Mark, 'what' | 'name'>[] = []
  for (const { what, name } of tries[0]?.marks ?? []) {
    const values = tries.map(
      ({ marks }) => marks.find((mark) => mark.what === what && mark.name === name)?.value,
    )
    const everywhere = values.every((value) => value !== undefined)
    if (everywhere && new Set(values).size > 1) found.push({ what, name })
  }
  return found
}

/** n over k. */
function choose(n: number, k: number): number {
  let ways = 1
  for (let index = 1; index <= k; index++) ways = (ways * (n - k + index)) / index
  return ways
}
