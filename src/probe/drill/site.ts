// The site as all looks share it: every further request goes through here, so that the budget, the number of
// connections at a time and the harmless methods are kept in one place. Concludes nothing from the answers.
import { createHash } from 'node:crypto'
import type { CheckOptions } from '../../model/check-options.ts'
import type { Glance } from '../../model/drill.ts'
import type { Failure } from '../../model/failure.ts'
import type { FieldLine } from '../../model/result.ts'
import { Deadline, type StopReason } from '../../util/deadline.ts'
import type { ProbeContext } from '../context.ts'
import type { RequestPlan } from '../request.ts'
import { walkCycle } from '../steps/cycle.ts'
import { judgeExpectations } from '../steps/expect.ts'
import { type Ask, type ErrorTime, type Glanced, LOOK_METHODS, type Site, type Subject } from './look.ts'
import { errorMsOf } from './pace.ts'
import { exchangeMs, type Seen, verdictOf } from './verdict.ts'

/** Connections to the site at one time: a site in trouble must not get more of it from us. */
export const CONNECTIONS_AT_ONCE = 4

/** Bounds on one request: so much longer than the error of the check took, but within these. */
const LEAST_BOUND_MS = 3_000
const MOST_BOUND_MS = 6_000
const SILENT_BOUND_MS = 4_000

/** Read of one answer. */
const HEAD_BYTES = 128 * 1024
const BODY_BYTES = 256 * 1024
const KEPT_BYTES = 16 * 1024

/** Fields of a request that ask a cache or the site for less than everything, and cookies. */
const STATE_FIELDS = new Set([
  'cookie',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
  'if-range',
  'range',
])

/** Fields that must go to nobody but the origin they are for, and only when that has proved who it is. */
const SECRET_FIELDS = new Set([
  'authorization',
  'cookie',
  'x-api-key',
  'x-auth-token',
  'api-key',
  'proxy-authorization',
])

export class SharedSite implements Site {
  readonly #subject: Omit<Subject, 'site'>
  readonly #seen: Seen
  readonly #boundMs: number
  #left: number
  #spent = false
  #open = 0
  readonly #waiting: (() => void)[] = []
  readonly #sameAgain: ErrorTime[] = []

  constructor(subject: Omit<Subject, 'site'>, options: CheckOptions) {
    const { last } = subject
    this.#subject = subject
    this.#left = options.drill.requests
    const ms = exchangeMs(last)
    this.#seen = {
      failure: subject.failure,
      status: last.response?.status ?? null,
      ms,
      maxMs: options.expect.maxMs,
    }
    const silent = subject.failure?.code.endsWith('timed_out') ?? false
    const fitting = Math.min(MOST_BOUND_MS, Math.max(LEAST_BOUND_MS, 2 * ms + 1_000))
    this.#boundMs = silent ? SILENT_BOUND_MS : fitting
  }

  requestsLeft(): number {
    return this.#left
  }

  isSpent(): boolean {
    return this.#spent
  }

  sameAgain(): readonly ErrorTime[] {
    return this.#sameAgain
  }

  async ask(ask: Ask, ctx: ProbeContext): Promise<Glanced | null> {
    const { method } = ask
    if (method !== undefined && !LOOK_METHODS.includes(method)) {
      throw new Error(`a look must not use ${method}`)
    }
    const url = ask.url ?? this.#subject.url
    // A handshake that fails brings a second connection, which says a word without TLS.
    const cost = url.protocol === 'https:' ? 2 : 1
    if (this.#left < cost) {
      this.#spent = true
      return null
    }
    this.#left -= cost
    if (!(await this.#enter(ctx.deadline))) {
      this.#left += cost
      return null
    }
    try {
      const glanced = await this.#send(url, ask, ctx)
      const looked = ctx.recorder.observations.some(
        ({ id, operation }) => operation === 'plaintext_look' && glanced.glance.observations.includes(id),
      )
      if (!looked) this.#left += cost - 1
      this.#remember(glanced)
      return glanced
    } finally {
      this.#leave()
    }
  }

  #remember({ verdict, cycle, glance }: Glanced): void {
    const { exchange } = cycle
    const { last, plan } = this.#subject
    if (verdict !== 'same' || exchange.url !== last.url || exchange.method !== plan.method) return
    const errorMs = errorMsOf(exchange)
    if (errorMs !== null) this.#sameAgain.push({ errorMs, connectMs: glance.connectMs })
  }

  /** Waits for one of the connections; false when the time is over before. */
  #enter(deadline: Deadline): Promise<boolean> {
    if (deadline.reason) return Promise.resolve(false)
    if (this.#open < CONNECTIONS_AT_ONCE) {
      this.#open++
      return Promise.resolve(true)
    }
    return new Promise((resolve) => {
      const turn = (): void => {
        deadline.unlisten(stop)
        this.#open++
        resolve(true)
      }
      const stop = (_reason: StopReason): void => {
        const at = this.#waiting.indexOf(turn)
        if (at >= 0) this.#waiting.splice(at, 1)
        resolve(false)
      }
      this.#waiting.push(turn)
      deadline.listen(stop)
    })
  }

  #leave(): void {
    this.#open--
    this.#waiting.shift()?.()
  }

  async #send(url: URL, ask: Ask, outer: ProbeContext): Promise<Glanced> {
    const deadline = new Deadline(outer.io.clock, ask.boundMs ?? this.#boundMs, outer.deadline)
    const recorder = outer.recorder.scope()
    const options = this.#optionsFor(url, ask, outer.options)
    const ctx: ProbeContext = { options, io: outer.io, recorder, deadline }
    const plan = this.#planFor(url, ask)
    const startMs = recorder.nowMs()
    try {
      const cycle = await walkCycle(plan, ctx)
      const ms = recorder.nowMs() - startMs
      const { exchange } = cycle
      const stopped = deadline.reason !== null && exchange.failure !== null
      const failed = exchange.failure ?? (await judgeExpectations(cycle, ctx)).failure
      const verdict = verdictOf({ failure: failed, cycle, ms, stopped }, this.#seen)
      const glance: Glance = {
        asked: `${plan.method} ${exchange.url}`,
        ip: exchange.address?.ip ?? options.connectTo?.ip ?? null,
        failure: failed,
        status: exchange.response?.status ?? null,
        ms,
        connectMs: stood(exchange.failure) ? exchange.timings.connect : null,
        bodyBytes: exchange.response?.bodyBytes ?? null,
        fields: exchange.response?.fields ?? [],
        bodyHash: cycle.body && cycle.body.length > 0 && cycle.bodyComplete ? hashOf(cycle.body) : null,
        observations: recorder.own.map(({ id }) => id),
      }
      return { glance, verdict, cycle }
    } finally {
      deadline.close()
    }
  }

  #optionsFor(url: URL, ask: Ask, options: CheckOptions): CheckOptions {
    const { limits, expect, tls } = options
    const whole = ask.expects !== 'status' && (ask.method ?? this.#subject.plan.method) === 'GET'
    const direct = ask.direct || (ask.connectTo !== undefined && ask.connectTo !== null)
    return {
      ...options,
      http: ask.http ?? options.http,
      tls: ask.tls ? { ...tls, ...ask.tls } : tls,
      proxy: direct ? { http: null, https: null, bypass: [] } : options.proxy,
      connectTo: this.#dialFor(url, ask, options),
      limits: {
        ...limits,
        headBytes: Math.min(limits.headBytes, HEAD_BYTES),
        bodyBytes: Math.min(limits.bodyBytes, ask.bodyBytes ?? BODY_BYTES),
        decodedBytes: Math.min(limits.decodedBytes, 8 * BODY_BYTES),
        keptBytes: Math.min(limits.keptBytes, KEPT_BYTES),
      },
      expect: {
        ...expect,
        maxMs: null,
        certificateDays: null,
        ...(whole ? {} : { text: [], rejectText: [], json: [] }),
      },
    }
  }

  /** Where to dial: one address, that of the check unless told otherwise, so that tries can be compared. */
  #dialFor(url: URL, ask: Ask, options: CheckOptions): CheckOptions['connectTo'] {
    if (ask.connectTo !== undefined) return ask.connectTo
    const { last, url: asked, addresses } = this.#subject
    if (url.hostname !== asked.hostname) return null
    if (options.connectTo) {
      const { ip, port } = options.connectTo
      return { ip, port: url.origin === asked.origin ? port : null }
    }
    // Through a proxy the name goes to the proxy, as it did in the check.
    if (last.proxy !== null) return null
    const ip = last.address?.ip ?? addresses[0]?.ip
    return ip === undefined ? null : { ip, port: null }
  }

  #planFor(url: URL, ask: Ask): RequestPlan {
    const { plan, url: asked } = this.#subject
    let fields: FieldLine[] = plan.fields
    if (ask.bare) fields = without(fields, STATE_FIELDS)
    // A request that does not verify whom it talks to, although the check does, carries no secret.
    const trusted = url.origin === asked.origin && ask.tls?.verify !== false
    if (!trusted) fields = without(fields, SECRET_FIELDS)
    if (ask.fields) {
      const replaced = new Set(ask.fields.map(([name]) => name.toLowerCase()))
      fields = [...without(fields, replaced), ...ask.fields]
    }
    return {
      url,
      method: ask.method ?? plan.method,
      body: null,
      fields,
      basic: trusted ? plan.basic : null,
      bearer: trusted ? plan.bearer : null,
      cookie: trusted && !ask.bare ? plan.cookie : null,
    }
  }
}

/** The connection came to stand. */
function stood(failed: Failure | null): boolean {
  return failed === null || (failed.phase !== 'resolve' && failed.phase !== 'connect')
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function without(fields: readonly FieldLine[], names: ReadonlySet<string>): FieldLine[] {
  return fields.filter(([name]) => !names.has(name.toLowerCase()))
}
