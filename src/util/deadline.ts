// How long something may take, and the one way to be told to stop. Knows nothing about what is stopped.
import type { Clock, Timer } from './clock.ts'

/** timed_out: the time is over; cancelled: somebody asked; loop_late: our own event loop slept through it. */
export type StopReason = 'timed_out' | 'cancelled' | 'loop_late'

/** A timer that fires this much after it was due says that our own loop was busy, not that the peer was slow. */
export const LOOP_LATE_MS = 500

/**
 * A bound in time with listeners. One timer for a whole check: the phase that is open when it fires is the
 * one that ran out of time. A child ends no later than its parent.
 */
export class Deadline {
  readonly dueMs: number
  readonly #clock: Clock
  readonly #parent: Deadline | null
  #timer: Timer | null
  #listeners: ((reason: StopReason) => void)[] = []
  /** Why it stopped, null while it runs. */
  reason: StopReason | null = null

  constructor(clock: Clock, afterMs: number, parent: Deadline | null = null) {
    this.#clock = clock
    this.#parent = parent
    this.dueMs = clock.nowMs() + afterMs
    this.#timer = clock.setTimer(this.#fire, Math.max(0, afterMs))
    if (parent?.reason) this.stop(parent.reason)
    else parent?.listen(this.stop)
  }

  #fire = (): void => {
    this.#timer = null
    this.stop(this.#clock.nowMs() - this.dueMs > LOOP_LATE_MS ? 'loop_late' : 'timed_out')
  }

  /** Milliseconds left, never below zero. */
  remainingMs(): number {
    return this.reason ? 0 : Math.max(0, this.dueMs - this.#clock.nowMs())
  }

  /** Calls back once when it stops; at once when it has stopped already. */
  listen(listener: (reason: StopReason) => void): void {
    if (this.reason) listener(this.reason)
    else this.#listeners.push(listener)
  }

  unlisten(listener: (reason: StopReason) => void): void {
    const index = this.#listeners.lastIndexOf(listener)
    if (index >= 0) this.#listeners.splice(index, 1)
  }

  /** Ends it now, for the given reason, and tells the listeners. Later calls do nothing. */
  stop = (reason: StopReason): void => {
    if (this.reason) return
    this.reason = reason
    const listeners = this.#listeners
    this.close()
    for (const listener of listeners) listener(reason)
  }

  /** Gives up timer and listeners without telling anybody: the work is done. */
  close(): void {
    if (this.#timer) this.#clock.clearTimer(this.#timer)
    this.#timer = null
    this.#listeners = []
    this.#parent?.unlisten(this.stop)
  }
}
