// Bytes to and fro with a proxy until the tunnel stands, read so that what comes behind stays in the socket.
// Knows no proxy protocol.
import type { Socket } from 'node:net'
import { type Failure, failure } from '../../model/failure.ts'
import type { Deadline, StopReason } from '../../util/deadline.ts'
import { socketFailure, stopFailure } from '../socket-failure.ts'

/** Of what a proxy says before the tunnel stands, this much is kept as evidence. */
export const PROXY_KEPT_BYTES = 64 * 1024

type Ended = { how: 'closed' } | { how: 'reset'; error: Error } | { how: 'stopped'; reason: StopReason }

/**
 * Reads from a socket on demand: `exactly` some bytes or `some`, whatever is there. One read at a time. When the
 * connection ends first or the deadline stops it, a read gives null and `ended` says why.
 */
export class Conversation {
  readonly #socket: Socket
  readonly #deadline: Deadline
  readonly #kept: Uint8Array[] = []
  #keptBytes = 0
  #size: number | null = null
  #waiting: ((bytes: Buffer | null) => void) | null = null
  ended: Ended | null = null

  constructor(socket: Socket, deadline: Deadline) {
    this.#socket = socket
    this.#deadline = deadline
    socket.on('readable', this.#pump)
    socket.on('end', this.#onClosed)
    socket.on('close', this.#onClosed)
    socket.on('error', this.#onError)
    deadline.listen(this.#onStop)
    if (socket.destroyed) this.#onClosed()
  }

  write(bytes: Uint8Array | string): void {
    if (!this.ended) this.#socket.write(bytes)
  }

  /** The next `size` bytes; null when it ended before so many had come. */
  exactly(size: number): Promise<Buffer | null> {
    return this.#read(size)
  }

  /** At least one byte; null when it ended. */
  some(): Promise<Buffer | null> {
    return this.#read(null)
  }

  /** What has come and nobody asked for yet, taken out of the socket. */
  rest(): Buffer {
    const bytes = (this.#socket.read() as Buffer | null) ?? Buffer.alloc(0)
    this.#keep(bytes)
    return bytes
  }

  /** All that was read so far, from its beginning, at most PROXY_KEPT_BYTES. */
  received(): Buffer {
    return Buffer.concat(this.#kept)
  }

  /** Lets go of the socket, without listeners of ours; `back` is put in front of what it still holds. */
  release(back: Uint8Array | null = null): void {
    this.#detach()
    if (back && back.length > 0) this.#socket.unshift(back)
  }

  /** Ends the connection; its late errors are nobody's news. */
  abandon(): void {
    this.#detach()
    this.#socket.on('error', ignore)
    this.#socket.destroy()
  }

  /** Why it ended, as a failure of the proxy's. `doing` is what we waited for, `openMs` for how long. */
  failure(doing: string, openMs: number): Failure {
    const { ended } = this
    if (ended?.how === 'stopped') {
      if (ended.reason !== 'timed_out') return stopFailure(ended.reason, 'connect', openMs)
      return failure('proxy_failed', `the proxy gave no ${doing} within ${Math.round(openMs)} ms`)
    }
    if (ended?.how === 'reset') {
      const seen = socketFailure(ended.error, 'connect')
      if (seen.code === 'local_limit') return seen
      return failure('proxy_failed', `the proxy reset the connection before its ${doing} (${seen.raw})`)
    }
    return failure('proxy_failed', `the proxy closed the connection before its ${doing}`)
  }

  #read(size: number | null): Promise<Buffer | null> {
    return new Promise((resolve) => {
      this.#size = size
      this.#waiting = resolve
      this.#pump()
    })
  }

  #pump = (): void => {
    if (!this.#waiting) return
    // A stream that has ended gives the rest, even when that is less than asked for.
    const bytes = (this.#size === null ? this.#socket.read() : this.#socket.read(this.#size)) as Buffer | null
    if (bytes) {
      this.#keep(bytes)
      if (this.#size === null || bytes.length === this.#size) this.#give(bytes)
    }
    if (this.ended) this.#give(null)
  }

  #keep(bytes: Buffer): void {
    const kept = bytes.subarray(0, PROXY_KEPT_BYTES - this.#keptBytes)
    if (kept.length === 0) return
    this.#keptBytes += kept.length
    this.#kept.push(kept)
  }

  #give(bytes: Buffer | null): void {
    const waiting = this.#waiting
    this.#waiting = null
    waiting?.(bytes)
  }

  #onClosed = (): void => this.#end({ how: 'closed' })
  #onError = (error: Error): void => this.#end({ how: 'reset', error })
  #onStop = (reason: StopReason): void => this.#end({ how: 'stopped', reason })

  #end(ended: Ended): void {
    if (this.ended) return
    this.ended = ended
    this.#pump()
    this.#give(null)
  }

  #detach(): void {
    this.#deadline.unlisten(this.#onStop)
    this.#socket.removeListener('readable', this.#pump)
    this.#socket.removeListener('end', this.#onClosed)
    this.#socket.removeListener('close', this.#onClosed)
    this.#socket.removeListener('error', this.#onError)
  }
}

function ignore(): void {}
