// The HTTP check: one cycle, its redirects, and what the user expects of the last answer.
import type { Failure, FailureCode } from '../../model/failure.ts'
import { PHASES } from '../../model/phase.ts'
import type { Exchange } from '../../model/result.ts'
import { Deadline } from '../../util/deadline.ts'
import { mayHideFailure } from '../../wire/hidden-failure.ts'
import type { ProbeContext } from '../context.ts'
import { note } from '../recorder.ts'
import { isRedirect, RedirectTrail } from '../redirect-trail.ts'
import type { RequestPlan } from '../request.ts'
import { type Cycle, keepRaw, walkCycle } from '../steps/cycle.ts'
import { keepDecodedText } from '../steps/content.ts'
import { judgeExpectations } from '../steps/expect.ts'
import { parseTarget } from '../steps/url.ts'

export interface HttpRun {
  /** The target as it may be shown: no user, no password. */
  shown: string
  exchanges: Exchange[]
  failure: Failure | null
  /** What works but needs attention soon; the first decides. */
  attention: Failure[]
  /** The failure is for want of something on our side. */
  ours: boolean
}

/** Failures of https that make a bare name worth another try over http: nobody there speaks TLS with us. */
const TRY_HTTP_AFTER = new Set<FailureCode>([
  'connect_refused',
  'connect_timed_out',
  'connect_reset',
  'host_unreachable',
  'tls_not_spoken',
  'tls_timed_out',
  'tls_reset',
  'tls_closed',
])

/** Share of the total time that https may use of a bare name's check, so that http still gets its turn. */
const FIRST_SCHEME_SHARE = 0.5

/** Runs the check to its end. What happens on the wire is data; throws `WhydownError` for unusable options only. */
export function runHttpCheck(target: string, ctx: ProbeContext): Promise<HttpRun> {
  const { recorder } = ctx
  const parsing = recorder.begin('parse_url', {})
  const parsed = parseTarget(target)
  parsing.input = { text: parsed.shown }
  for (const says of parsed.notes) note(parsing, says)
  if (parsed.failure) {
    recorder.fail(parsing, parsed.failure)
    const run = { shown: parsed.shown, exchanges: [], failure: parsed.failure, attention: [], ours: true }
    return Promise.resolve(run)
  }
  recorder.end(parsing, { url: parsed.urls[0]?.href })
  const [first, second] = parsed.urls
  const basic = ctx.options.basic ?? parsed.basic
  return second ? firstSecure(first, second, basic, ctx) : follow(first, basic, ctx)
}

/** A name without a scheme: https, and http when nobody there speaks TLS with us. */
async function firstSecure(
  first: URL,
  second: URL,
  basic: RequestPlan['basic'],
  ctx: ProbeContext,
): Promise<HttpRun> {
  const deadline = new Deadline(ctx.io.clock, ctx.deadline.remainingMs() * FIRST_SCHEME_SHARE, ctx.deadline)
  const secure = await follow(first, basic, { ...ctx, deadline })
  deadline.close()
  if (!secure.failure || secure.exchanges.length > 1 || !TRY_HTTP_AFTER.has(secure.failure.code))
    return secure
  // https did not answer, so http gets its turn. The failure that got farther is the telling one.
  const plain = await follow(second, basic, ctx)
  const exchanges = [...secure.exchanges, ...plain.exchanges]
  const telling = plain.failure && !gotFarther(plain.failure, secure.failure) ? secure : plain
  return { ...telling, exchanges }
}

function gotFarther(one: Failure, other: Failure): boolean {
  return PHASES.indexOf(one.phase) > PHASES.indexOf(other.phase)
}

/** Follows the redirects from `url` and judges the last answer. */
async function follow(url: URL, basic: RequestPlan['basic'], ctx: ProbeContext): Promise<HttpRun> {
  const { options } = ctx
  const run: HttpRun = { shown: url.href, exchanges: [], failure: null, attention: [], ours: false }
  let plan: RequestPlan = {
    url,
    method: options.method,
    body: options.body,
    fields: options.fields,
    basic,
    bearer: options.bearer,
    cookie: null,
  }
  let trail: RedirectTrail | null = null
  for (;;) {
    const cycle = await walkCycle(plan, ctx)
    const { exchange } = cycle
    run.exchanges.push(exchange)
    run.ours = cycle.ours
    if (exchange.failure) {
      await keepDecodedText(cycle, ctx)
      return end(run, cycle, exchange.failure, ctx)
    }
    const status = exchange.response?.status ?? 0
    if (!isRedirect(status) || options.limits.redirects === 0) {
      return judge(run, cycle, ctx)
    }
    trail ??= new RedirectTrail(ctx)
    const next = trail.follow(plan, exchange)
    if (next.failure) return end(run, cycle, next.failure, ctx)
    if (options.keepRaw) keepRaw(cycle)
    plan = next.plan
  }
}

/** Closes the run with a failure of its last exchange; the bytes that came are kept. */
function end(run: HttpRun, cycle: Cycle, failed: Failure | null, ctx: ProbeContext): HttpRun {
  run.failure = failed
  cycle.exchange.failure = failed
  if (failed || ctx.options.keepRaw) keepRaw(cycle)
  return run
}

async function judge(run: HttpRun, cycle: Cycle, ctx: ProbeContext): Promise<HttpRun> {
  const judging = judgeExpectations(cycle, ctx)
  const verdict = judging instanceof Promise ? await judging : judging
  run.attention = verdict.attention
  // The check got through by another address: it works, but needs attention.
  if (cycle.deadAddress) run.attention.push(cycle.deadAddress)
  const { response, method } = cycle.exchange
  // Good as it seems, the answer may hide a failure: then its bytes are kept for a closer look.
  if (!verdict.failure && response && mayHideFailure(response, method, cycle.body, verdict.text ?? null)) {
    keepRaw(cycle)
  }
  return end(run, cycle, verdict.failure, ctx)
}
