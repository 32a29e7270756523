// A clock that moves on as soon as nothing happens any more, so that bounds of seconds pass in milliseconds while
// real sockets keep all the time they need.
import { type Io, systemIo } from '../../src/probe/io.ts'
import { type FakeClock, fakeClock } from '../fake-clock.ts'

/** Turns of the event loop without anything begun or ended that count as nothing happening. */
const QUIET_TURNS = 400
const STEP_MS = 100

export interface IdleClock extends Disposable {
  io: Io
  clock: FakeClock
}

/** Starts it; dispose of it to stop the clock. */
export function idleClock(): IdleClock {
  const clock = fakeClock()
  let quiet = 0
  let running = true
  const turn = (): void => {
    if (!running) return
    if (++quiet > QUIET_TURNS && clock.pending() > 0) {
      quiet = 0
      clock.advance(STEP_MS)
    }
    setImmediate(turn)
  }
  setImmediate(turn)
  const io: Io = { ...systemIo, clock, progress: () => void (quiet = 0) }
  return {
    io,
    clock,
    [Symbol.dispose]() {
      running = false
    },
  }
}
