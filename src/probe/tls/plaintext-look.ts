// A second look at a port that did not speak TLS: what does it say without? OpenSSL has swallowed the bytes of the
// first connection, so this is a new one. Gathers and names; whether it matters is decided by the caller.
import { connect, type Socket } from 'node:net'
import { hostPort } from '../../model/address.ts'
import type { Failure } from '../../model/failure.ts'
import type { Timer } from '../../util/clock.ts'
import { Deadline, type StopReason } from '../../util/deadline.ts'
import { recogniseProtocol } from '../../wire/protocol-greeting.ts'
import type { ProbeContext } from '../context.ts'
import { socketFailure, stopFailure } from '../socket-failure.ts'

/** The whole look, milliseconds; the time of the check bounds it too. */
export const LOOK_MS = 2_000
/** Servers that greet first do so at once; after this long we ask, in plain HTTP. */
export const GREETING_WAIT_MS = 150
/** Bytes kept and read. */
export const MAX_LOOK_BYTES = 4_096
/** Characters of the first line that are told. */
const MAX_LINE_CHARACTERS = 120

export const PLAIN_HTTP = 'plain HTTP'

/** Where to look: an address, or a way to get a fresh connection to it. */
export interface LookTarget {
  host: string
  port: number
  ip: string
  /** Opens another connection to the same peer; undefined: a socket to `ip` and `port`. */
  dial?: () => Promise<Socket | null>
}

export interface Looked {
  /** Such as "plain HTTP", "SSH", "SMTP"; null when the bytes prove none, or there were none. */
  protocol: string | null
  /** The first line that came, at most 120 characters of Latin-1; null when nothing came. */
  firstLine: string | null
}

/** Looks, bounded to two seconds and 4 KiB; an observation `plaintext_look` keeps the bytes. Never rejects. */
export async function lookWithoutTls(target: LookTarget, ctx: ProbeContext): Promise<Looked> {
  const request =
    `HEAD / HTTP/1.1\r\nHost: ${hostPort(target.host, target.port)}\r\n` +
    `User-Agent: ${ctx.options.userAgent}\r\nConnection: close\r\n\r\n`
  const look = new Look(target, ctx, request)
  return look.run()
}

class Look {
  readonly #target: LookTarget
  readonly #ctx: ProbeContext
  readonly #request: string
  readonly #deadline: Deadline
  #socket: Socket | null = null
  #greetingTimer: Timer | null = null
  #chunks: Buffer[] = []
  #bytes = 0
  #asked = false
  #stopped: StopReason | null = null
  #error: Error | null = null
  #done: (() => void) | null = null

  constructor(target: LookTarget, ctx: ProbeContext, request: string) {
    this.#target = target
    this.#ctx = ctx
    this.#request = request
    this.#deadline = new Deadline(ctx.io.clock, LOOK_MS, ctx.deadline)
  }

  async run(): Promise<Looked> {
    const { ip, port, dial } = this.#target
    const { recorder, io } = this.#ctx
    const seen = recorder.begin('plaintext_look', { ip, port })
    // A deadline that has run out calls back at once.
    const finished = new Promise<void>((resolve) => {
      this.#done = resolve
      this.#deadline.listen(this.#onStop)
    })
    if (!this.#stopped) void this.#start(dial)
    await finished
    if (this.#greetingTimer) io.clock.clearTimer(this.#greetingTimer)
    this.#deadline.close()
    this.#socket?.destroy()
    const bytes = Buffer.concat(this.#chunks).subarray(0, MAX_LOOK_BYTES)
    const looked: Looked = { protocol: nameProtocol(bytes), firstLine: firstLineOf(bytes) }
    const output = {
      protocol: looked.protocol,
      firstLine: looked.firstLine,
      sent: this.#asked ? this.#request : null,
      receivedBytes: this.#bytes,
      raw: bytes.toString('base64'),
    }
    const failed = this.#failure(recorder.nowMs() - seen.startMs)
    if (failed) recorder.fail(seen, failed, output)
    else recorder.end(seen, output)
    return looked
  }

  async #start(dial: (() => Promise<Socket | null>) | undefined): Promise<void> {
    let socket: Socket | null
    if (dial) {
      socket = await dial().catch(() => null)
      if (!socket) return this.#finish()
      if (this.#done === null) return void socket.destroy()
      this.#take(socket)
      this.#onConnect()
    } else {
      try {
        socket = connect({ host: this.#target.ip, port: this.#target.port })
      } catch (error) {
        this.#error = error instanceof Error ? error : new Error(String(error))
        return this.#finish()
      }
      this.#take(socket)
      socket.once('connect', this.#onConnect)
    }
  }

  #take(socket: Socket): void {
    this.#socket = socket
    socket.on('data', this.#onData)
    socket.on('error', this.#onError)
    socket.on('close', this.#finish)
  }

  #onConnect = (): void => {
    this.#greetingTimer = this.#ctx.io.clock.setTimer(this.#ask, GREETING_WAIT_MS)
  }

  #ask = (): void => {
    this.#greetingTimer = null
    if (this.#bytes > 0 || this.#done === null) return
    this.#asked = true
    this.#socket?.write(this.#request)
  }

  #onData = (chunk: Buffer): void => {
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    // A greeting is a line; an answer is over with its head. Binary protocols are told by their first bytes.
    const end = this.#asked ? '\r\n\r\n' : '\n'
    const protocol = nameProtocol(chunk)
    const told = protocol !== null && protocol !== PLAIN_HTTP
    if (told || this.#bytes >= MAX_LOOK_BYTES || chunk.includes(end)) this.#finish()
  }

  #onError = (error: Error): void => {
    this.#error = error
    this.#finish()
  }

  #onStop = (reason: StopReason): void => {
    this.#stopped = reason
    this.#finish()
  }

  #finish = (): void => {
    const done = this.#done
    this.#done = null
    done?.()
  }

  /** Only a look that got nothing failed; one that has bytes has what it wanted. */
  #failure(afterMs: number): Failure | null {
    if (this.#bytes > 0) return null
    if (this.#error)
      return socketFailure(this.#error, this.#socket?.connecting === false ? 'wait' : 'connect')
    if (this.#stopped) return stopFailure(this.#stopped, 'wait', afterMs)
    return null
  }
}

function nameProtocol(bytes: Uint8Array): string | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 16)).toString('latin1')
  if (/^HTTP\/\d/.test(text)) return PLAIN_HTTP
  return recogniseProtocol(bytes)
}

function firstLineOf(bytes: Buffer): string | null {
  if (bytes.length === 0) return null
  const text = bytes.toString('latin1', 0, MAX_LINE_CHARACTERS + 1)
  const end = text.search(/[\r\n]/)
  return (end < 0 ? text : text.slice(0, end)).slice(0, MAX_LINE_CHARACTERS)
}
