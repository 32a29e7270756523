// Waits until a site is back (or down): performs what the state machine wants, with real checks and timers. What is
// told and shown is the caller's business.
import type { CheckOptions } from '../model/check-options.ts'
import type { CheckResult } from '../model/result.ts'
import { type Io, systemIo } from '../probe/io.ts'
import type { Timer } from '../util/clock.ts'
import { check } from './check.ts'
import {
  initialState,
  type News,
  next,
  type Sighting,
  seenIn,
  summaryOf,
  type WaitEvent,
  type WaitSettings,
  type WaitSummary,
} from './wait-state.ts'

export interface WaitOptions extends WaitSettings {
  /** Give up after this, milliseconds; null: never. */
  timeoutMs: number | null
  /** How each check is made; its drill and signal are not used. */
  check: Partial<CheckOptions>
  /** Ends the waiting; the summary so far is given. */
  signal: AbortSignal | null
}

/** Addresses looked at one by one in one round. */
const MOST_ADDRESSES = 8
const CHANCE_STEPS = 1_000_000
/** Failures to connect that say nothing about the address. */
const OUR_TROUBLE: ReadonlySet<string> = new Set([
  'network_unreachable',
  'cancelled',
  'local_limit',
  'internal_error',
])

/**
 * Waits for `target`. Calls `tell` for everything that happens and resolves to the summary, whichever way it ends; all
 * times in both are milliseconds since the call.
 * Throws `WhydownError` only for options that no check can use.
 */
export function waitFor(
  target: string,
  options: WaitOptions,
  tell: (news: News) => void = () => {},
  io: Io = systemIo,
): Promise<WaitSummary> {
  return new Promise((resolve, reject) => {
    let state = initialState(options)
    let pause: Timer | null = null
    const stop = new AbortController()
    const checkOptions: Partial<CheckOptions> = { ...options.check, signal: stop.signal }
    const { drill: _drill, ...plain } = checkOptions
    const zeroMs = io.clock.nowMs()
    const nowMs = () => Math.round((io.clock.nowMs() - zeroMs) * 10) / 10
    const interrupt = () => step({ kind: 'interrupted', atMs: nowMs() })
    const limit =
      options.timeoutMs === null
        ? null
        : io.clock.setTimer(() => step({ kind: 'time_over', atMs: nowMs() }), options.timeoutMs)
    const close = () => {
      if (pause) io.clock.clearTimer(pause)
      if (limit) io.clock.clearTimer(limit)
      options.signal?.removeEventListener('abort', interrupt)
      stop.abort()
    }
    const fail = (error: unknown) => {
      close()
      reject(error)
    }
    const step = (event: WaitEvent): void => {
      const after = next(state, event)
      state = after.state
      for (const action of after.actions) {
        switch (action.do) {
          case 'look':
            look(target, plain, action.watched, io).then(
              (sighting) =>
                step({
                  kind: 'looked',
                  atMs: nowMs(),
                  sighting,
                  chance: io.randomInt(CHANCE_STEPS) / CHANCE_STEPS,
                }),
              fail,
            )
            break
          case 'sleep':
            pause = io.clock.setTimer(() => {
              pause = null
              step({ kind: 'due', atMs: nowMs() })
            }, action.ms)
            break
          case 'tell':
            tell(action.news)
            break
          case 'end':
            close()
            resolve(summaryOf(state))
            break
          default:
            action satisfies never
        }
      }
    }
    options.signal?.addEventListener('abort', interrupt, { once: true })
    step({ kind: 'started', atMs: nowMs() })
    if (options.signal?.aborted) interrupt()
  })
}

/**
 * One look at the site: a check like any other, and one for each address that failed before. When it fails for the
 * first time, every address is asked, so that all of those that fail are known.
 */
async function look(
  target: string,
  options: Partial<CheckOptions>,
  watched: readonly string[],
  io: Io,
): Promise<Sighting> {
  const whole = await check(target, options, io)
  const sighting = sightingOf(whole)
  const { addresses } = sighting.facts
  if (!addresses || addresses.length < 2 || !choosesAddresses(options) || sighting.outcome === 'unknown')
    return sighting
  const isDown = seenIn(sighting) === 'down'
  // A site known to be down needs no proof by its other addresses again.
  if (isDown && watched.length > 0) return sighting
  const tried = whole.exchanges.at(-1)?.address?.ip
  const wanted = isDown
    ? addresses
    : addresses.filter((ip) => watched.includes(ip) || sighting.failing.includes(ip))
  const others = wanted.filter((ip) => ip !== tried).slice(0, MOST_ADDRESSES)
  const results = await Promise.all(
    others.map((ip) => check(target, { ...options, connectTo: { ip, port: null } }, io)),
  )
  const failing = new Set(isDown && tried ? [tried] : [])
  let worst: Sighting = sighting
  for (const [index, result] of results.entries()) {
    const seen = sightingOf(result)
    if (seenIn(seen) !== 'down' || isOurRoute(result)) continue
    failing.add(others[index] ?? '')
    if (seenIn(worst) === 'up') worst = seen
  }
  return { ...worst, failing: [...failing], facts: { ...worst.facts, addresses } }
}

/** The check looks the name up and dials what it finds: nobody else decides about the address. */
function choosesAddresses({ connectTo, proxy }: Partial<CheckOptions>): boolean {
  return !connectTo && !proxy?.http && !proxy?.https
}

/** No route from here to that family says nothing about the site. */
function isOurRoute({ failure }: CheckResult): boolean {
  return failure?.code === 'network_unreachable'
}

/** What waiting needs of a check's result. */
export function sightingOf(result: CheckResult): Sighting {
  const { outcome, failure, diagnosis, exchanges, observations } = result
  const last = exchanges.at(-1)
  const response = last?.response ?? null
  const field = (name: string) =>
    response?.fields.find(([known]) => known.toLowerCase() === name)?.[1] ?? null
  const failed: string[] = []
  let addresses: string[] | null = null
  for (const { operation, input, output, failure: seen } of observations) {
    if (operation === 'resolve' && addresses === null) addresses = ipsOf(output?.['addresses'])
    const ip = input['ip']
    if (operation === 'connect' && seen && !OUR_TROUBLE.has(seen.code) && typeof ip === 'string')
      failed.push(ip)
  }
  const retry = diagnosis?.retryAfterSeconds ?? null
  return {
    outcome,
    failure,
    headline: diagnosis?.headline ?? null,
    // One of several candidates would only look like knowledge.
    cause: diagnosis?.causes.length === 1 ? diagnosis.cause : null,
    article: diagnosis?.article ?? null,
    retryAfterMs: retry === null ? null : retry * 1000,
    failing: [...new Set(failed)],
    facts: {
      status: response?.status ?? null,
      addresses,
      server: field('server'),
      certificate: last?.tls?.certificates[0]?.fingerprint ?? null,
      finalUrl: response ? (last?.url ?? null) : null,
    },
  }
}

function ipsOf(value: unknown): string[] | null {
  if (!Array.isArray(value)) return null
  const ips = value.flatMap((entry: unknown) => {
    const ip = typeof entry === 'object' && entry !== null && 'ip' in entry ? entry.ip : null
    return typeof ip === 'string' ? [ip] : []
  })
  return ips.length > 0 ? ips.sort() : null
}
