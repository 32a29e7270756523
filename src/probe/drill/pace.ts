// How long an error took against the round trip and round numbers of seconds. Pure arithmetic.
import type { TimingFinding } from '../../model/drill.ts'
import type { Exchange } from '../../model/result.ts'
import { isAsLong } from './default-timeouts.ts'

/** An error within so many round trips and a moment of computing came without anybody waiting for anything. */
const AT_ONCE_ROUND_TRIPS = 3
const AT_ONCE_MS = 60

/** From here on a round number of seconds is worth a remark: shorter ones are hit by chance too often. */
const ROUND_FROM_SECONDS = 2

/** Two tries that a timer ended are as long as each other within this. */
const SAME_LENGTH_MS = 150
const SAME_LENGTH_SHARE = 0.01

/** Milliseconds from the request to the error: the first byte of the answer, or the end without one; null when nothing was sent. */
export function errorMsOf({ timings, response }: Exchange): number | null {
  const { send, wait, receive } = timings
  if (send === null && wait === null) return null
  // An answer has its time at its first byte; a connection that broke has it at its end.
  return (send ?? 0) + (wait ?? 0) + (response === null ? (receive ?? 0) : 0)
}

/** Milliseconds of a round trip as connecting showed it; null when the connection never stood. */
export function roundTripOf(exchange: Exchange): number | null {
  const { failure, timings, proxy } = exchange
  // Through a proxy connecting takes its conversation too.
  if (proxy !== null || failure?.phase === 'connect' || failure?.phase === 'resolve') return null
  return timings.connect
}

/**
 * at_once: nobody waited for anything; round: as long as a timer of whole seconds (five, from ten on), and the second
 * try, where there was one, took just as long; other: neither.
 */
export function paceOf(
  errorMs: number,
  again: number | null,
  roundTripMs: number | null,
): TimingFinding['pace'] {
  const shorter = again === null ? errorMs : Math.min(errorMs, again)
  if (shorter <= AT_ONCE_ROUND_TRIPS * (roundTripMs ?? 0) + AT_ONCE_MS) return 'at_once'
  const alike = again === null || Math.abs(again - errorMs) <= SAME_LENGTH_MS + SAME_LENGTH_SHARE * errorMs
  return alike && isRound(errorMs, roundTripMs) ? 'round' : 'other'
}

function isRound(ms: number, roundTripMs: number | null): boolean {
  const step = ms < 9_900 ? 1 : 5
  const seconds = Math.round(ms / 1_000 / step) * step
  return seconds >= ROUND_FROM_SECONDS && isAsLong(ms, seconds, roundTripMs)
}
