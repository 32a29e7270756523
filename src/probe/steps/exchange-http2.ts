// One request and its response over a connected socket, HTTP/2 (RFC 9113). Node's own framing does the wire;
// this file times the phases and turns stream and session errors into failures.
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect as connectHttp2,
  constants,
} from 'node:http2'
import type { Socket } from 'node:net'
import { type Failure, failure } from '../../model/failure.ts'
import type { Observation } from '../../model/observation.ts'
import type { Phase } from '../../model/phase.ts'
import type { FieldLine } from '../../model/result.ts'
import type { StopReason } from '../../util/deadline.ts'
import type { ProbeContext } from '../context.ts'
import type { PlannedRequest } from '../request.ts'
import { socketFailure, stopFailure } from '../socket-failure.ts'
import { tlsFailureDuringExchange } from '../tls/exchange-failure.ts'
import type { ExchangeTimings } from './exchange-http1.ts'

/** Interim responses read before it is called a flood. */
const MAX_INTERIM = 20

/** Fields of HTTP/1.1 that a request over HTTP/2 must not carry (RFC 9113, 8.2.2). */
const CONNECTION_FIELDS = new Set([
  'connection',
  'host',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
])

/** Names of the error codes of RFC 9113, section 7, by number. */
const ERROR_NAMES = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
]

function errorName(code: number): string {
  return `${ERROR_NAMES[code] ?? 'unknown'} (${code})`
}

function fieldLines(raw: string[]): FieldLine[] {
  const lines: FieldLine[] = []
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? ''
    if (!name.startsWith(':')) lines.push([name, raw[index + 1] ?? ''])
  }
  return lines
}

/** What came, in the words the HTTP/1.1 parser uses, so that both are told alike. */
export interface Http2Response {
  status: number
  fields: FieldLine[]
  trailers: FieldLine[]
  interim: { status: number; reason: string; fields: FieldLine[] }[]
  bodyBytes: number
  body: Uint8Array
  bodyTooLarge: boolean
}

/** Sends one request over HTTP/2 and reads its response. `run` may be called once; failures are data. */
export class Http2Exchange {
  readonly timings: ExchangeTimings = { send: null, wait: null, receive: null }
  response: Http2Response | null = null
  readonly #ctx: ProbeContext
  #socket: Socket | null = null
  #session: ClientHttp2Session | null = null
  #stream: ClientHttp2Stream | null = null
  #open: Observation | null = null
  #phase: Phase = 'send'
  #interim: Http2Response['interim'] = []
  #chunks: Uint8Array[] = []
  #goaway: number | null = null
  #finish: ((failure: Failure | null) => void) | null = null

  constructor(ctx: ProbeContext) {
    this.#ctx = ctx
  }

  /** Runs it to its end and gives the failure, null when a whole response came. The socket is destroyed. */
  run(socket: Socket, request: PlannedRequest, url: URL): Promise<Failure | null> {
    return new Promise((resolve) => {
      this.#finish = resolve
      this.#begin('send')
      this.#ctx.deadline.listen(this.#onStop)
      if (this.#finish === null) {
        socket.destroy()
        return
      }
      const session = connectHttp2(url.origin, { createConnection: () => socket })
      this.#socket = socket
      this.#session = session
      session.on('error', this.#onError)
      session.on('goaway', (code) => {
        this.#goaway = code
      })
      session.on('close', this.#onClose)
      const stream = session.request(this.#pseudoFields(request, url), { endStream: !request.body })
      this.#stream = stream
      stream.on('error', this.#onError)
      stream.on('headers', this.#onInterim)
      stream.on('response', (_fields, _flags, raw) => this.#onHead(fieldLines(raw), Number(raw[1])))
      stream.on('trailers', (_fields, _flags, raw) => {
        if (this.response) this.response.trailers = fieldLines(raw)
      })
      stream.on('data', this.#onData)
      stream.on('end', this.#onEnd)
      stream.on('close', this.#onClose)
      // Node tells when a body is out; fields alone go out with the loop's next turn.
      if (request.body) stream.once('finish', this.#onSent).end(request.body)
      else setImmediate(this.#onSent)
    })
  }

  #pseudoFields(request: PlannedRequest, url: URL): string[] {
    const raw = [':method', request.method, ':scheme', url.protocol.slice(0, -1)]
    const host = request.fields.find(([name]) => name.toLowerCase() === 'host')
    raw.push(':authority', host?.[1] ?? url.host, ':path', request.target)
    for (const [name, value] of request.fields) {
      const lower = name.toLowerCase()
      if (!CONNECTION_FIELDS.has(lower)) raw.push(lower, value)
    }
    return raw
  }

  #begin(phase: 'send' | 'wait' | 'receive'): void {
    this.#phase = phase
    this.#open = this.#ctx.recorder.begin(phase, { protocol: 'h2' })
  }

  #end(output: Record<string, unknown> | null): void {
    if (!this.#open) return
    this.#ctx.recorder.end(this.#open, output)
    this.timings[this.#phase as keyof ExchangeTimings] = this.#open.endMs - this.#open.startMs
    this.#open = null
  }

  #onSent = (): void => {
    if (this.#finish === null || this.#phase !== 'send') return
    this.#end(null)
    this.#begin('wait')
  }

  #firstByte(): void {
    if (this.#phase === 'receive') return
    this.#onSent()
    this.#end(null)
    this.#begin('receive')
  }

  #onInterim = (fields: Record<string, unknown>, _flags: number, raw?: string[]): void => {
    if (this.#finish === null) return
    this.#firstByte()
    this.#interim.push({ status: Number(fields[':status']), reason: '', fields: fieldLines(raw ?? []) })
    if (this.#interim.length > MAX_INTERIM) {
      this.#settle(failure('not_http', `more than ${MAX_INTERIM} interim responses`))
    }
  }

  #onHead(fields: FieldLine[], status: number): void {
    if (this.#finish === null) return
    this.#firstByte()
    this.response = {
      status,
      fields,
      trailers: [],
      interim: this.#interim,
      bodyBytes: 0,
      body: new Uint8Array(0),
      bodyTooLarge: false,
    }
    const bytes = fields.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0)
    if (bytes > this.#ctx.options.limits.headBytes) {
      this.#settle(
        failure('header_too_large', `the head has more than ${this.#ctx.options.limits.headBytes} bytes`),
      )
    }
  }

  #onData = (chunk: Uint8Array): void => {
    const { response } = this
    if (this.#finish === null || !response) return
    const room = this.#ctx.options.limits.bodyBytes - response.bodyBytes
    const taken = chunk.length > room ? chunk.subarray(0, room) : chunk
    this.#chunks.push(taken)
    response.bodyBytes += taken.length
    if (taken.length < chunk.length) {
      response.bodyTooLarge = true
      this.#settle(null)
    }
  }

  #onEnd = (): void => {
    // A stream that ends by RST_STREAM emits an error of its own; a clean end has code 0.
    if (this.response && this.#stream?.rstCode === constants.NGHTTP2_NO_ERROR) this.#settle(null)
  }

  #onError = (error: Error): void => {
    if (this.#finish === null) return
    this.#settle(
      tlsFailureDuringExchange(error, this.#ctx.options.tls.certificate !== null) ?? this.#failureOf(error),
    )
  }

  #failureOf(error: NodeJS.ErrnoException): Failure {
    const { code = '', message } = error
    const answered = this.response !== null
    const rst = this.#stream?.rstCode ?? 0
    if (this.#goaway !== null && this.#goaway !== 0) {
      const raw = `GOAWAY ${errorName(this.#goaway)}`
      return failure(answered ? 'body_truncated' : 'closed_without_answer', raw, { phase: this.#waitPhase() })
    }
    if (code === 'ERR_HTTP2_STREAM_ERROR' && rst !== 0 && !this.#connectionGone()) {
      const raw = `the stream was reset: ${errorName(rst)}`
      return failure(answered ? 'body_reset' : 'reset_without_answer', raw, { phase: this.#waitPhase() })
    }
    if (code === 'ERR_HTTP2_ERROR' || code === 'ERR_HTTP2_SESSION_ERROR') {
      return failure('not_http', `the peer does not speak proper HTTP/2: ${message}`)
    }
    if (code.startsWith('ERR_HTTP2_')) {
      return failure(answered ? 'body_truncated' : 'closed_without_answer', `${code}: ${message}`, {
        phase: this.#waitPhase(),
      })
    }
    return socketFailure(error, this.#phase)
  }

  #connectionGone(): boolean {
    return this.#socket === null || this.#socket.destroyed || this.#socket.readableEnded
  }

  /** A failure of waiting stays one even when it came before our frames were flushed. */
  #waitPhase(): Phase {
    return this.response ? 'receive' : 'wait'
  }

  #onClose = (): void => {
    if (this.#finish === null) return
    const rst = this.#stream?.rstCode ?? 0
    if (rst !== 0)
      return this.#settle(this.#failureOf(Object.assign(new Error(), { code: 'ERR_HTTP2_STREAM_ERROR' })))
    if (this.#goaway) return this.#settle(this.#failureOf(new Error()))
    this.#settle(
      this.response
        ? failure(
            'body_truncated',
            `the connection closed after ${this.response.bodyBytes} bytes of the body`,
          )
        : failure('closed_without_answer', 'the connection closed before a response came'),
    )
  }

  #onStop = (reason: StopReason): void => {
    if (this.#finish === null || !this.#open) return
    const openMs = this.#ctx.recorder.nowMs() - this.#open.startMs
    this.#settle(stopFailure(reason, this.#phase, openMs))
  }

  #settle(seen: Failure | null): void {
    const finish = this.#finish
    if (!finish) return
    this.#finish = null
    this.#ctx.deadline.unlisten(this.#onStop)
    const { response } = this
    if (response) response.body = Buffer.concat(this.#chunks)
    const output = response
      ? { status: response.status, bodyBytes: response.bodyBytes, framing: 'http2' }
      : null
    if (this.#open) {
      if (seen) {
        this.#ctx.recorder.fail(this.#open, seen, output)
        this.timings[this.#phase as keyof ExchangeTimings] = this.#open.endMs - this.#open.startMs
        this.#open = null
      } else this.#end(output)
    }
    this.#session?.destroy()
    finish(seen)
  }
}
