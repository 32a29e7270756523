// The options of a live check in full. Starts nothing.
import {
  type CheckOptions,
  DEFAULT_DRILL,
  DEFAULT_LIMITS,
  DEFAULT_OPTIONS,
  type DrillOptions,
  type Expectations,
  type Limits,
  type TlsOptions,
} from '../../src/model/check-options.ts'

/** A check gives up after this long; gateways in here answer for a silent upstream after one or two seconds. */
const CHECK_MS = 6_000
const DRILL_MS = 8_000

export type LiveOptions = Partial<Omit<CheckOptions, 'drill' | 'limits' | 'tls' | 'expect'>> & {
  drill?: Partial<DrillOptions>
  limits?: Partial<Limits>
  tls?: Partial<TlsOptions>
  expect?: Partial<Expectations>
}

/** The options of a check in full: the drill on failure, times that suit a lab. */
export function liveOptions(own: LiveOptions): CheckOptions {
  return {
    ...DEFAULT_OPTIONS,
    ...own,
    limits: { ...DEFAULT_LIMITS, totalMs: CHECK_MS, ...own.limits },
    tls: { ...DEFAULT_OPTIONS.tls, ...own.tls },
    expect: { ...DEFAULT_OPTIONS.expect, ...own.expect },
    drill: { ...DEFAULT_DRILL, when: 'on-failure', totalMs: DRILL_MS, ...own.drill },
  }
}
