// Steers the fake clock by what the probe does: as soon as an operation is open, time is over.
import type { Operation } from '../../src/model/observation.ts'
import { type Io, systemIo } from '../../src/probe/io.ts'
import { type FakeClock, fakeClock } from '../fake-clock.ts'

export interface Steered {
  io: Io
  clock: FakeClock
}

/** Turns of the event loop that bytes under way get before time is over. */
const TURNS = 25

/** An `io` whose clock moves by `ms` once `operation` has begun and the loop has had its turns. */
export function timeOutDuring(operation: Operation, ms = 60_000): Steered {
  const clock = fakeClock()
  let fired = false
  const io: Io = {
    ...systemIo,
    clock,
    progress: (seen, open) => {
      if (!open || seen.operation !== operation || fired) return
      fired = true
      let turns = TURNS
      const turn = (): void => {
        if (turns-- > 0) setImmediate(turn)
        else clock.advance(ms)
      }
      turn()
    },
  }
  return { io, clock }
}
