// A probe context for tests of connecting: the real machine, but for the options and the clock a test brings.
import { type CheckOptions, DEFAULT_OPTIONS } from '../../src/model/check-options.ts'
import type { ProbeContext } from '../../src/probe/context.ts'
import { systemIo } from '../../src/probe/io.ts'
import { Recorder } from '../../src/probe/recorder.ts'
import { type Clock, systemClock } from '../../src/util/clock.ts'
import { Deadline } from '../../src/util/deadline.ts'

/** The default options but for those given; the deadline is `limits.totalMs` away. */
export function dialContext(options: Partial<CheckOptions> = {}, clock: Clock = systemClock): ProbeContext {
  const io = { ...systemIo, clock }
  const all = { ...DEFAULT_OPTIONS, ...options }
  return { options: all, io, recorder: new Recorder(io), deadline: new Deadline(clock, all.limits.totalMs) }
}
