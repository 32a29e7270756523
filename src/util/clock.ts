// Time as the probe sees it: a monotonic clock, the wall clock and timers, so that tests can bring their own.

/** A running timer, to be given back to `clearTimer`. */
export type Timer = object

export interface Clock {
  /** Monotonic milliseconds with a fraction, from an arbitrary zero. */
  nowMs(): number
  /** Wall clock, milliseconds since 1970 UTC. */
  wallMs(): number
  setTimer(run: () => void, afterMs: number): Timer
  clearTimer(timer: Timer): void
}

/** The machine's own clock. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  setTimer: (run, afterMs) => setTimeout(run, afterMs),
  clearTimer: (timer) => clearTimeout(timer as NodeJS.Timeout),
}
