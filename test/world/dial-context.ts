// A probe context for tests of connecting: the real machine, but for the options and the clock a test brings.
import type { CheckOptions } from '../../src/model/check-options.ts'
import type { ProbeContext } from '../../src/probe/context.ts'
import { type Clock, systemClock } from '../../src/util/clock.ts'
import { probeContext } from './probe-context.ts'

/** The default options but for those given; the deadline is `limits.totalMs` away. */
export function dialContext(options: Partial<CheckOptions> = {}, clock: Clock = systemClock): ProbeContext {
  return probeContext({ options, io: { clock } })
}
