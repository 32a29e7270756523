// A probe context for tests of single steps: the real machine but for what a test replaces.
import { type CheckOptions, DEFAULT_OPTIONS } from '../../src/model/check-options.ts'
import type { ProbeContext } from '../../src/probe/context.ts'
import { type Io, systemIo } from '../../src/probe/io.ts'
import { Recorder } from '../../src/probe/recorder.ts'
import { Deadline } from '../../src/util/deadline.ts'

/** The defaults but for what is given; the deadline is `limits.totalMs` away. */
export function probeContext(own: { options?: Partial<CheckOptions>; io?: Partial<Io> } = {}): ProbeContext {
  const io = { ...systemIo, ...own.io }
  const options = { ...DEFAULT_OPTIONS, ...own.options }
  return { options, io, recorder: new Recorder(io), deadline: new Deadline(io.clock, options.limits.totalMs) }
}
