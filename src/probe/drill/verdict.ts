// A further exchange against the failure of the check: the same, another, or none. Pure; sends nothing.
import type { GlanceVerdict } from '../../model/drill.ts'
import { type Failure, isOurFault } from '../../model/failure.ts'
import type { Exchange } from '../../model/result.ts'
import type { Cycle } from '../steps/cycle.ts'

/** Shorter silence than this says nothing, whatever the check itself saw. */
const TELLING_SILENCE_MS = 1_500

/** A try may take this many times as long as the check's own error before its silence counts as another failure. */
const PATIENCE = 2
const PATIENCE_MS = 500

/** What the check saw, as far as a verdict needs it. */
export interface Seen {
  failure: Failure | null
  /** Status of the failing exchange; null when no response came. */
  status: number | null
  /** Whole time of the failing exchange, milliseconds. */
  ms: number
  /** The bound of `too_slow`; null when there is none. */
  maxMs: number | null
}

/** What a try gave. */
export interface Tried {
  failure: Failure | null
  cycle: Pick<Cycle, 'exchange' | 'ours'>
  ms: number
  /** Our own bound ended it, not the peer. */
  stopped: boolean
}

/**
 * same: the failure of the check again; works: what the check expected came; other: another failure. Null when it
 * cannot be told: the trouble was ours, or we stopped it before the error of the check could have come.
 */
export function verdictOf(tried: Tried, seen: Seen): GlanceVerdict | null {
  const own = seen.failure
  const { failure, ms } = tried
  if (!failure) {
    if (own?.code === 'too_slow' && seen.maxMs !== null && ms > seen.maxMs) return 'same'
    const status = tried.cycle.exchange.response?.status ?? null
    // One exchange alone sees no loop, only that it is sent on just like then.
    if (own?.code.startsWith('redirect_') && status === seen.status) return 'same'
    return 'works'
  }
  const same = own !== null && own.code === failure.code && own.number === failure.number
  if (tried.stopped) {
    if (same) return ms >= TELLING_SILENCE_MS ? 'same' : null
    return ms >= PATIENCE * seen.ms + PATIENCE_MS ? 'other' : null
  }
  if (same) return 'same'
  return tried.cycle.ours || isOurFault(failure.code) ? null : 'other'
}

/** Milliseconds that all phases of an exchange took together. */
export function exchangeMs({ timings }: Exchange): number {
  const { resolve, connect, tls, send, wait, receive } = timings
  return (resolve ?? 0) + (connect ?? 0) + (tls ?? 0) + (send ?? 0) + (wait ?? 0) + (receive ?? 0)
}
