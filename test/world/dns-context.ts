// A ProbeContext for tests of name resolution: no real hosts file or resolv.conf, only the files a test gives.
import { type CheckOptions, DEFAULT_LIMITS } from '../../src/model/check-options.ts'
import type { Observation, Operation } from '../../src/model/observation.ts'
import type { ProbeContext } from '../../src/probe/context.ts'
import { type Io, systemIo } from '../../src/probe/io.ts'
import type { Clock } from '../../src/util/clock.ts'
import { probeContext } from './probe-context.ts'

export interface DnsContextParts {
  options?: Partial<CheckOptions>
  /** Files by path; every other path cannot be read. */
  files?: Record<string, string>
  /** Default the machine's own clock. */
  clock?: Clock
  /** The whole check's time, default 20 s. */
  totalMs?: number
  randomInt?: (max: number) => number
  progress?: NonNullable<Io['progress']>
}

/** A context; call `deadline.close()` on it when done. */
export function dnsContext(parts: DnsContextParts = {}): ProbeContext {
  const io: Io = {
    ...systemIo,
    clock: parts.clock ?? systemIo.clock,
    randomInt: parts.randomInt ?? systemIo.randomInt,
    readText: (path) => parts.files?.[path] ?? null,
    progress: parts.progress ?? null,
  }
  const limits = {
    ...DEFAULT_LIMITS,
    ...parts.options?.limits,
    totalMs: parts.totalMs ?? DEFAULT_LIMITS.totalMs,
  }
  return probeContext({ options: { ...parts.options, limits }, io })
}

/** The observations of one operation, in order. */
export function observed(ctx: ProbeContext, operation: Operation): Observation[] {
  return ctx.recorder.observations.filter((observation) => observation.operation === operation)
}
