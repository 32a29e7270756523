// One request and its response over a connected socket, HTTP/1.1. Drives the parser, times the phases and says
// how it ended. Knows nothing of how the socket came about, nor whether the answer is good.
import type { Socket } from 'node:net'
import { type Failure, failure } from '../../model/failure.ts'
import type { Observation } from '../../model/observation.ts'
import type { Phase, TimedPhase } from '../../model/phase.ts'
import type { StopReason } from '../../util/deadline.ts'
import { ResponseParser } from '../../wire/http1-response.ts'
import type { ProbeContext } from '../context.ts'
import { socketFailure, stopFailure } from '../socket-failure.ts'
import { tlsFailureDuringExchange } from '../tls/exchange-failure.ts'
import { note } from '../recorder.ts'

/** One read buffer for all plain sockets: reading and parsing happen in one go, nothing of it is kept. */
const SHARED_BUFFER = new Uint8Array(64 * 1024)

/** Where bytes go that arrive on a plain socket; handed to `net.connect` before the exchange begins. */
export interface OnRead {
  buffer: Uint8Array
  callback: (bytes: number, buffer: Uint8Array) => boolean
}

/** Handlers are shared by all sockets and find their exchange here: a check makes as few closures as it can. */
const EXCHANGE = Symbol('exchange')

type Watched = Socket & { [EXCHANGE]?: Http1Exchange }

export type ExchangeTimings = Pick<Record<TimedPhase, number | null>, 'send' | 'wait' | 'receive'>

/**
 * Sends the request bytes and reads one response. Made before the socket, because a plain socket is told at its
 * birth where its bytes go (`onRead`); `run` may be called once. Failures are data; nothing is thrown.
 */
export class Http1Exchange {
  readonly parser: ResponseParser
  readonly timings: ExchangeTimings = { send: null, wait: null, receive: null }
  readonly #ctx: ProbeContext
  readonly onRead: OnRead
  #socket: Socket | null = null
  #open: Observation | null = null
  #phase: Phase = 'send'
  #phaseStartMs = 0
  #early = false
  #finish: ((failure: Failure | null) => void) | null = null

  constructor(ctx: ProbeContext, requestMethod: string) {
    this.#ctx = ctx
    this.parser = new ResponseParser({ requestMethod, limits: ctx.options.limits })
    this.onRead = {
      buffer: SHARED_BUFFER,
      callback: (bytes, buffer) => {
        this.#take(bytes === buffer.length ? buffer : buffer.subarray(0, bytes))
        return true
      },
    }
  }

  /** Runs it to its end and gives the failure, null when a whole response came. The socket is destroyed. */
  run(socket: Socket, request: Uint8Array, usesOnRead: boolean): Promise<Failure | null> {
    this.#socket = socket
    return new Promise((resolve) => {
      this.#finish = resolve
      const watched: Watched = socket
      watched[EXCHANGE] = this
      socket.on('error', Http1Exchange.#onError)
      socket.on('end', Http1Exchange.#onEnd)
      socket.on('close', Http1Exchange.#onEnd)
      this.#begin('send', { bytes: request.length })
      this.#ctx.deadline.listen(this.#onStop)
      if (this.#finish === null) return
      if (socket.destroyed) return this.#closed('closed')
      socket.write(request, this.#onSent)
      if (!usesOnRead) socket.on('data', Http1Exchange.#onData)
      // What came before we had spoken (a greeting, an early 408) is in the parser already.
      if (this.#early) this.#progress()
    })
  }

  #begin(phase: TimedPhase, input: Record<string, unknown>): void {
    const { recorder } = this.#ctx
    this.#phase = phase
    this.#open = recorder.begin(phase as 'send' | 'wait' | 'receive', input)
    this.#phaseStartMs = this.#open.startMs
  }

  /** Closes the open phase as done. */
  #end(output: Record<string, unknown> | null): void {
    if (!this.#open) return
    this.#ctx.recorder.end(this.#open, output)
    this.timings[this.#phase as keyof ExchangeTimings] = this.#open.endMs - this.#phaseStartMs
    this.#open = null
  }

  #onSent = (error?: Error | null): void => {
    if (error || this.#finish === null || this.#phase !== 'send') return
    this.#end(null)
    this.#begin('wait', {})
  }

  static #onData(this: Watched, chunk: Uint8Array): void {
    const exchange = this[EXCHANGE]
    if (exchange) exchange.#take(chunk)
  }

  #take(chunk: Uint8Array): void {
    if (this.#socket === null) this.#early = true
    else if (this.#finish === null) return
    else this.#firstByte()
    this.parser.feed(chunk)
    if (this.#socket !== null) this.#progress()
  }

  /** An answer may come while we still send: then sending ends here, as far as it is worth telling. */
  #firstByte(): void {
    if (this.#phase === 'receive') return
    if (this.#phase === 'send') {
      this.#end(null)
      this.#begin('wait', {})
    }
    this.#end(null)
    this.#begin('receive', {})
  }

  #progress(): void {
    this.#firstByte()
    const { phase } = this.parser
    if (phase === 'done') this.#settle(null)
    else if (phase === 'failed') this.#settle(this.#parserFailure())
  }

  #parserFailure(): Failure | null {
    const seen = this.parser.failure
    if (!seen) return null
    return failure(seen.code, seen.raw, seen.at ? { at: seen.at } : {})
  }

  static #onEnd(this: Watched): void {
    const exchange = this[EXCHANGE]
    if (exchange) exchange.#closed('closed')
  }

  /** Stays on the socket: an error can still come from one that is being destroyed, and is nobody's news any more. */
  static #onError(this: Watched, error: Error): void {
    const exchange = this[EXCHANGE]
    if (exchange) exchange.#broken(error)
  }

  #broken(error: Error): void {
    if (this.#finish === null) return
    const tls = tlsFailureDuringExchange(error, this.#ctx.options.tls.certificate !== null)
    if (tls) return this.#settle(tls)
    const seen = socketFailure(error, this.#phase)
    if (seen.code === 'local_limit' || seen.code === 'internal_error' || this.#phase === 'send') {
      return this.#settle(seen)
    }
    this.#closed('reset', seen.raw)
  }

  /** The peer ended the connection: the parser knows whether that was too early. */
  #closed(how: 'closed' | 'reset', raw?: string): void {
    if (this.#finish === null) return
    if (this.#phase === 'send') {
      this.#end(null)
      this.#begin('wait', {})
    }
    this.parser.end(how)
    const seen = this.#parserFailure()
    if (seen && raw) seen.raw = `${seen.raw} (${raw})`
    this.#settle(seen, how)
  }

  #onStop = (reason: StopReason): void => {
    if (this.#finish === null || !this.#open) return
    const openMs = this.#ctx.recorder.nowMs() - this.#phaseStartMs
    if (reason === 'timed_out' && this.#phase === 'receive') {
      // The bytes so far may prove more than that the rest is missing: a greeting of another protocol, say.
      this.parser.end('stopped')
      const proven = this.#parserFailure()
      if (proven) return this.#settle(proven)
    }
    this.#settle(stopFailure(reason, this.#phase, openMs))
  }

  #settle(seen: Failure | null, ended: 'closed' | 'reset' | null = null): void {
    const finish = this.#finish
    const socket = this.#socket
    if (!finish || !socket) return
    this.#finish = null
    this.#ctx.deadline.unlisten(this.#onStop)
    if (this.#open) {
      const open = this.#open
      const { parser } = this
      const output = parser.receivedBytes > 0 ? this.#facts(ended) : null
      for (const says of parser.notes) note(open, says)
      if (seen) {
        this.#ctx.recorder.fail(open, seen, output)
        this.timings[this.#phase as keyof ExchangeTimings] = open.endMs - this.#phaseStartMs
        this.#open = null
      } else this.#end(output)
    }
    socket.destroy()
    finish(seen)
  }

  #facts(ended: 'closed' | 'reset' | null): Record<string, unknown> {
    const { parser } = this
    return {
      status: parser.head?.status ?? null,
      headBytes: parser.headBytes,
      bodyBytes: parser.bodyBytes,
      framing: parser.framing,
      expectedBytes: parser.expectedBytes,
      endedBy: ended === null ? 'us' : ended === 'closed' ? 'peer' : 'reset',
    }
  }
}
