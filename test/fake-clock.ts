// A clock that moves only when told to, so that time-outs are tested without waiting.
import type { Clock, Timer } from '../src/util/clock.ts'

interface Pending {
  dueMs: number
  run: () => void
}

export interface FakeClock extends Clock {
  /** Moves the clock on and fires what is due, in order of time. */
  advance(ms: number): void
  /** Moves the clock without the timers noticing until the next advance: an event loop that slept. */
  jump(ms: number): void
  /** Timers that wait. */
  pending(): number
}

export function fakeClock(startMs = 1_000, wallMs = Date.UTC(2026, 10, 20, 9)): FakeClock {
  let now = startMs
  const timers = new Set<Pending>()
  return {
    nowMs: () => now,
    wallMs: () => wallMs + now - startMs,
    setTimer(run, afterMs): Timer {
      const timer = { dueMs: now + afterMs, run }
      timers.add(timer)
      return timer
    },
    clearTimer: (timer) => void timers.delete(timer as Pending),
    advance(ms) {
      const end = now + ms
      for (;;) {
        const next = [...timers].filter((timer) => timer.dueMs <= end).sort((a, b) => a.dueMs - b.dueMs)[0]
        if (!next) break
        timers.delete(next)
        now = Math.max(now, next.dueMs)
        next.run()
      }
      now = end
    },
    jump(ms) {
      now += ms
    },
    pending: () => timers.size,
  }
}
