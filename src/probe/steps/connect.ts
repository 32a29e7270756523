// A socket to the first of several addresses that answers (RFC 8305). Every attempt is an observation. Knows
// nothing of names, proxies or what is said over the socket.
import { connect as dial, type OnReadOpts, type Socket, type TcpNetConnectOpts } from 'node:net'
import { hostPort } from '../../model/address.ts'
import { type Failure, type FailureCode, failure } from '../../model/failure.ts'
import type { Observation } from '../../model/observation.ts'
import type { Address } from '../../model/result.ts'
import type { Timer } from '../../util/clock.ts'
import { LOOP_LATE_MS, type StopReason } from '../../util/deadline.ts'
import { compilePolicy } from '../address-policy.ts'
import type { ProbeContext } from '../context.ts'
import { lacksFamily } from '../own-addresses.ts'
import { socketFailure, stopFailure } from '../socket-failure.ts'

/** RFC 8305, section 5: the next address is tried when the one before has not answered after this. */
export const CONNECTION_ATTEMPT_DELAY_MS = 250

/** When every address fails: the code that says most about the site comes first. */
const TELLING_ORDER: readonly FailureCode[] = [
  'cancelled',
  'connect_refused',
  'connect_reset',
  'host_unreachable',
  'network_unreachable',
  'connect_timed_out',
  'address_unusable',
  'local_limit',
  'internal_error',
  'address_forbidden',
]

/** Errors that a machine without an address of the family gives. */
const NO_ROUTE_ERRNOS = new Set(['ENETUNREACH', 'ENETDOWN', 'EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EHOSTUNREACH'])

export interface ConnectTarget {
  /** The name or address the user knows, for messages. */
  host: string
  port: number
  /** In the order they are to be tried. */
  addresses: readonly { ip: string; family: 4 | 6 }[]
  /** The operator's own proxy: the address policy guards targets, not it. */
  isProxy?: boolean
}

export interface Connected {
  /** Connected and not yet read from, without listeners; null when no address answered. */
  socket: Socket | null
  address: Address | null
  failure: Failure | null
  /** Every attempt failed because this machine has no address of that family: nothing is known of the site. */
  ours: boolean
}

export interface SocketOptions {
  /** Where the bytes go, from the first on; see `net.Socket`. */
  onread?: OnReadOpts
}

/**
 * Connects to the first address that answers: attempts in the given order, each started 250 ms after the one
 * before or as soon as that failed (RFC 8305, section 5). Bounded by `options.connectMs` per attempt, by
 * `options.limits.addresses` and by the deadline. Never rejects: what fails is in `failure`.
 */
export function connect(
  target: ConnectTarget,
  ctx: ProbeContext,
  socketOptions?: SocketOptions,
): Promise<Connected> {
  return new Promise((resolve) => new Race(target, ctx, socketOptions?.onread, resolve).start())
}

interface FailedAttempt {
  /** 1-based, in the order they began. */
  number: number
  address: { ip: string }
  failure: Failure
  /** errno, or the failure in a few words. */
  short: string
  /** For want of an address of ours. */
  ours: boolean
}

class Attempt {
  readonly #race: Race
  readonly number: number
  readonly observation: Observation
  readonly address: { ip: string; family: 4 | 6 }
  socket: Socket | null = null
  timer: Timer | null = null
  /** Monotonic time at which `timer` is due. */
  dueMs = 0

  constructor(race: Race, number: number, observation: Observation, address: { ip: string; family: 4 | 6 }) {
    this.#race = race
    this.number = number
    this.observation = observation
    this.address = address
  }

  onConnect = (): void => this.#race.connected(this)
  onError = (error: NodeJS.ErrnoException): void => this.#race.refused(this, error)
  onTimeout = (): void => this.#race.timedOut(this)
}

class Race {
  readonly #target: ConnectTarget
  readonly #ctx: ProbeContext
  readonly #onread: OnReadOpts | undefined
  readonly #count: number
  readonly #open: Attempt[] = []
  readonly #failed: FailedAttempt[] = []
  #resolve: ((connected: Connected) => void) | null
  #next = 0
  #delay: Timer | null = null

  constructor(
    target: ConnectTarget,
    ctx: ProbeContext,
    onread: OnReadOpts | undefined,
    resolve: (connected: Connected) => void,
  ) {
    this.#target = target
    this.#ctx = ctx
    this.#onread = onread
    this.#resolve = resolve
    this.#count = Math.min(target.addresses.length, ctx.options.limits.addresses)
  }

  start(): void {
    const { deadline } = this.#ctx
    const first = this.#target.addresses[0]
    if (!first || this.#count === 0) {
      const nothing = failure('internal_error', `no address to dial for ${this.#target.host}`, {
        phase: 'connect',
      })
      return this.#finish({ socket: null, address: null, failure: nothing, ours: false })
    }
    if (deadline.reason) {
      const seen = stopFailure(deadline.reason, 'connect', 0)
      this.#next = 1
      this.#ctx.recorder.fail(this.#observe(first), seen)
      this.#failed.push({ number: 1, address: first, failure: seen, short: seen.raw, ours: false })
      return this.#lose()
    }
    deadline.listen(this.#onStop)
    this.#advance()
  }

  #observe(address: { ip: string; family: 4 | 6 }): Observation {
    const { port, isProxy } = this.#target
    const input: Record<string, unknown> = {
      ip: address.ip,
      port,
      family: address.family,
      attempt: this.#next,
    }
    if (isProxy) input['proxy'] = true
    else if (this.#ctx.options.connectTo) input['dialledInstead'] = true
    return this.#ctx.recorder.begin('connect', input)
  }

  /** Starts the next attempt; when there is none and nothing is open, all is lost. */
  #advance = (): void => {
    this.#delay = null
    const { options, io } = this.#ctx
    while (this.#next < this.#count) {
      const address = this.#target.addresses[this.#next++] as { ip: string; family: 4 | 6 }
      const observation = this.#observe(address)
      const forbidden = this.#forbidden(address.ip)
      if (forbidden !== null) {
        const seen = failure('address_forbidden', forbidden, { phase: 'connect' })
        this.#ctx.recorder.fail(observation, seen)
        this.#failed.push({ number: this.#next, address, failure: seen, short: forbidden, ours: false })
        continue
      }
      const attempt = new Attempt(this, this.#next, observation, address)
      this.#open.push(attempt)
      const socket = this.#dial(address)
      attempt.socket = socket
      socket.on('connect', attempt.onConnect)
      socket.on('error', attempt.onError)
      if (options.connectMs !== null) {
        attempt.dueMs = io.clock.nowMs() + options.connectMs
        attempt.timer = io.clock.setTimer(attempt.onTimeout, options.connectMs)
      }
      if (this.#next < this.#count)
        this.#delay = io.clock.setTimer(this.#advance, CONNECTION_ATTEMPT_DELAY_MS)
      return
    }
    if (this.#open.length === 0) this.#lose()
  }

  #forbidden(ip: string): string | null {
    const { addressPolicy } = this.#ctx.options
    if (this.#target.isProxy || (addressPolicy.deny.length === 0 && addressPolicy.allow.length === 0))
      return null
    return compilePolicy(addressPolicy).verdict(ip)
  }

  #dial(address: { ip: string; family: 4 | 6 }): Socket {
    const options: TcpNetConnectOpts = {
      host: address.ip,
      port: this.#target.port,
      family: address.family,
      autoSelectFamily: false,
    }
    // With `onread` one small request is all that is written; a handshake writes several messages in a row.
    if (this.#onread) options.onread = this.#onread
    else options.noDelay = true
    return dial(options)
  }

  connected(attempt: Attempt): void {
    if (!this.#take(attempt)) return
    const { recorder } = this.#ctx
    const socket = attempt.socket as Socket
    socket.removeListener('connect', attempt.onConnect)
    socket.removeListener('error', attempt.onError)
    recorder.end(attempt.observation, {
      localAddress: socket.localAddress ?? null,
      localPort: socket.localPort ?? null,
      connected: true,
    })
    for (const loser of this.#open.splice(0)) {
      this.#release(loser)
      recorder.end(loser.observation, { abandoned: true })
    }
    const { ip, family } = attempt.address
    this.#finish({ socket, address: { ip, port: this.#target.port, family }, failure: null, ours: false })
  }

  refused(attempt: Attempt, error: NodeJS.ErrnoException): void {
    if (!this.#take(attempt)) return
    const { ip, family } = attempt.address
    const ours = NO_ROUTE_ERRNOS.has(error.code ?? '') && lacksFamily(ip)
    const seen = ours
      ? failure(
          'network_unreachable',
          `this machine has no IPv${family} address to reach it from (${error.message})`,
        )
      : socketFailure(error, 'connect')
    this.#failedWith(attempt, seen, error.code ?? seen.raw, ours)
  }

  timedOut(attempt: Attempt): void {
    const lateMs = this.#ctx.io.clock.nowMs() - attempt.dueMs
    attempt.timer = null
    if (!this.#take(attempt)) return
    const openMs = this.#ctx.recorder.nowMs() - attempt.observation.startMs
    const seen = stopFailure(lateMs > LOOP_LATE_MS ? 'loop_late' : 'timed_out', 'connect', openMs)
    this.#failedWith(attempt, seen, seen.raw, false)
  }

  #failedWith(attempt: Attempt, seen: Failure, short: string, ours: boolean): void {
    this.#ctx.recorder.fail(attempt.observation, seen)
    this.#failed.push({ number: attempt.number, address: attempt.address, failure: seen, short, ours })
    // The delay runs for the attempt started last; an older one that fails changes nothing.
    if (this.#open.length > 0 && attempt.number !== this.#next) return
    if (this.#delay) this.#ctx.io.clock.clearTimer(this.#delay)
    this.#advance()
  }

  #onStop = (reason: StopReason): void => {
    const { recorder } = this.#ctx
    for (const attempt of this.#open.splice(0)) {
      this.#release(attempt)
      const seen = stopFailure(reason, 'connect', recorder.nowMs() - attempt.observation.startMs)
      recorder.fail(attempt.observation, seen)
      this.#failed.push({
        number: attempt.number,
        address: attempt.address,
        failure: seen,
        short: seen.raw,
        ours: false,
      })
    }
    this.#lose()
  }

  /** Takes an attempt out of the open ones; false when it is none any more. */
  #take(attempt: Attempt): boolean {
    const at = this.#open.indexOf(attempt)
    if (at < 0) return false
    this.#open.splice(at, 1)
    if (attempt.timer) this.#ctx.io.clock.clearTimer(attempt.timer)
    attempt.timer = null
    // Its socket is gone with the error, or goes now.
    if (attempt.socket?.connecting) attempt.socket.destroy()
    return true
  }

  /** Gives up an attempt that is out of the list already; its late errors find nobody. */
  #release(attempt: Attempt): void {
    if (attempt.timer) this.#ctx.io.clock.clearTimer(attempt.timer)
    attempt.timer = null
    attempt.socket?.destroy()
  }

  #lose(): void {
    // In the order they began, whichever ended first.
    this.#failed.sort((one, other) => one.number - other.number)
    const notTried = this.#target.addresses.length - this.#next
    // What failed for want of an address of ours says nothing, as long as something else says anything.
    const saying = this.#failed.filter((one) => !one.ours)
    const judged = saying.length > 0 ? saying : this.#failed
    let worst = judged[0]
    for (const one of judged) if (worst && rank(one.failure) < rank(worst.failure)) worst = one
    const ours = saying.length === 0 && this.#failed.length > 0
    if (!worst) return
    const seen = { ...worst.failure }
    if (this.#failed.length > 1 || notTried > 0) seen.raw = this.#summary(notTried)
    this.#finish({ socket: null, address: null, failure: seen, ours })
  }

  #summary(notTried: number): string {
    const { port } = this.#target
    const each = this.#failed.map((one) => `${hostPort(one.address.ip, port)} ${one.short}`)
    if (notTried > 0) each.push(`${notTried} more not tried`)
    return each.join('; ')
  }

  #finish(connected: Connected): void {
    const resolve = this.#resolve
    if (!resolve) return
    this.#resolve = null
    this.#next = this.#count
    this.#ctx.deadline.unlisten(this.#onStop)
    if (this.#delay) this.#ctx.io.clock.clearTimer(this.#delay)
    this.#delay = null
    resolve(connected)
  }
}

function rank({ code }: Failure): number {
  const at = TELLING_ORDER.indexOf(code)
  return at < 0 ? TELLING_ORDER.length : at
}
