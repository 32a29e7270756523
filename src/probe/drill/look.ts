// What a further look at a check is: when it applies, what it does, what it gives back. Knows no look and sends
// nothing.
import type { DrillFinding, DrillStepId, Glance, GlanceVerdict } from '../../model/drill.ts'
import type { TlsOptions } from '../../model/check-options.ts'
import type { Failure } from '../../model/failure.ts'
import type { Observation } from '../../model/observation.ts'
import type { Exchange, FieldLine, Outcome } from '../../model/result.ts'
import type { ProbeContext } from '../context.ts'
import type { RequestPlan } from '../request.ts'
import type { Cycle } from '../steps/cycle.ts'

/** The methods a look may use: none of them changes anything at the site (RFC 9110, 9.2.1). */
export const LOOK_METHODS = ['GET', 'HEAD', 'OPTIONS', 'TRACE'] as const

export type LookMethod = (typeof LOOK_METHODS)[number]

/** One further request: what is to be different from the request of the check. Everything else stays. */
export interface Ask {
  /** Undefined: the URL of the check's failing exchange. */
  url?: URL
  method?: LookMethod
  /** Fields to add; they replace those of the same name. */
  fields?: FieldLine[]
  /** Without the check's cookies, conditions (If-*, Range) and cached state. */
  bare?: boolean
  /** Dial this, keep Host and server name. Undefined: the address the check used; null: ask the resolver afresh. */
  connectTo?: { ip: string; port: number | null } | null
  http?: 'auto' | '1.1' | '2'
  tls?: Partial<TlsOptions>
  /** Past the proxy of the options. */
  direct?: boolean
  /** What the answer is held against: all expectations of the check, its accepted statuses alone (another page). */
  expects?: 'all' | 'status'
  /** Body bytes that are read; undefined: the bound of every look. */
  bodyBytes?: number
  /** Bound on this one request, milliseconds; undefined: what fits the time the check's own error took. */
  boundMs?: number
}

/** A further exchange: the short form for the finding, and what it was made of. */
export interface Glanced {
  glance: Glance
  /**
   * Against the check's own failure. Null: cannot be told, because our own bound on the look was shorter than the
   * error takes, or the trouble was ours.
   */
  verdict: GlanceVerdict | null
  cycle: Cycle
}

/** Milliseconds from the request to the error, and of the round trip before; null when it is not known. */
export interface ErrorTime {
  errorMs: number
  connectMs: number | null
}

/** The site as the looks share it: one budget of requests, few connections at a time. */
export interface Site {
  /**
   * Sends one request to the site and waits for its end. Null when it was not sent: the budget is spent or the
   * time of the look is over. Never rejects for what the wire does.
   */
  ask(ask: Ask, ctx: ProbeContext): Promise<Glanced | null>
  /** Requests that may still be sent, by all looks together. */
  requestsLeft(): number
  /** A request was not sent for want of budget. */
  isSpent(): boolean
  /** How long the failure of the check took each time its very request was sent again, in the order of the ends. */
  sameAgain(): readonly ErrorTime[]
}

/** What is looked at: the check as it ended. */
export interface Subject {
  /** Of the failing exchange, of the last one when none failed. No user, no password in it. */
  url: URL
  exchanges: readonly Exchange[]
  /** The failing exchange, the last one when none failed. */
  last: Exchange
  /** What the check ended with; null when all was well. */
  failure: Failure | null
  outcome: Outcome
  /** The request of the failing exchange as a look may send it: GET or HEAD, without body. */
  plan: RequestPlan
  /** The plan is not what the check sent, because that may change something at the site (POST and the like). */
  planIsTamer: boolean
  /** What the name of `url` led to, in order of trying; the address of the option when one was given. */
  addresses: readonly { ip: string; family: 4 | 6 }[]
  /** Of this machine or network: nobody outside can know it or be asked about it. */
  isLocalTarget: boolean
  /** Of the check, without those of the drill. */
  observations: readonly Observation[]
  site: Site
}

/** What a look gives back: a finding, or why it could not be had after all. */
export type Looked = { summary: string; finding: DrillFinding } | { skipped: string }

/**
 * One look, default export of `steps/drill/<id>.ts`. `skip` says why it cannot apply, null when it can; it sends
 * nothing. `run` gets a context of its own: a recorder that knows what is this look's, and a deadline of the look.
 */
export interface Look {
  id: DrillStepId
  /** alone: it would disturb others or be disturbed by them, so it runs after them, by itself. */
  when: 'side-by-side' | 'alone'
  skip(subject: Subject, ctx: ProbeContext): string | null
  run(subject: Subject, ctx: ProbeContext): Promise<Looked>
}

/** Why no request was sent, as the reason for skipping a look that would have needed it. */
export function notSent(subject: Subject): string {
  return subject.site.isSpent() ? 'the budget of requests to the site is spent' : 'no time left for it'
}
