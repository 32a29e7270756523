// What is judged, and one expectation as an observation. Knows no expectation itself.
import type { Observation } from '../../model/observation.ts'
import type { Exchange } from '../../model/result.ts'
import type { ProbeContext } from '../context.ts'

/** An exchange that came to its end, with the body as it was received. */
export interface Answered {
  exchange: Exchange
  /** Content bytes, content coding not removed; null when no response came. */
  body: Uint8Array | null
  /** The body was longer than we read. */
  bodyTooLarge: boolean
  /** The whole body is there. */
  bodyComplete: boolean
}

/** Opens the observation of one expectation, as part of the exchange it is about. */
export function beginExpectation(
  exchange: Exchange,
  input: Record<string, unknown>,
  ctx: ProbeContext,
): Observation {
  const seen = ctx.recorder.begin('expect', input)
  exchange.observations.push(seen.id)
  return seen
}
