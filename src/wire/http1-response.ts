// One HTTP/1 response, parsed from bytes that come in any pieces (RFC 9112). Keeps what came, names what is wrong and
// where, and notes what it tolerated. Knows no sockets, no clock and no expectation.
import type { FailureCode, OffendingBytes } from '../model/failure.ts'
import type { FieldLine } from '../model/result.ts'
import { ByteStore } from './http1-byte-store.ts'
import { ChunkedDecoder } from './http1-chunked.ts'
import { Deviations } from './http1-deviations.ts'
import { FirstBytes, judgeFirstBytes } from './http1-first-bytes.ts'
import { type Framing, readFraming } from './http1-framing.ts'
import { type ResponseHead, readHead, type WireFault } from './http1-head.ts'

/** Interim (1xx) responses before the final one. */
export const INTERIM_LIMIT = 64
/** White space tolerated before a status line, bytes. */
export const LEADING_SPACE_BYTES = 16
/** Bytes after the end of the message that are kept to be shown. */
export const REST_KEPT_BYTES = 1024
/** Bytes shown with a failure. */
const SHOWN_BYTES = 64

const LF = 0x0a
const CR = 0x0d
const PREFIX = Buffer.from('HTTP/', 'latin1')
const NOTHING = new Uint8Array(0)
const NO_HEADS: readonly ResponseHead[] = []
const NO_FIELDS: readonly FieldLine[] = []

export interface ResponseLimits {
  /** All heads, interim responses included, bytes. */
  headBytes: number
  /** Content read before we stop, bytes. */
  bodyBytes: number
  /** Bytes kept as received, from the first on. */
  keptBytes: number
  /** Content kept for `body()`; absent: bodyBytes. */
  contentBytes?: number
}

export interface ResponseParserOptions {
  /** The method that was sent: an answer to HEAD has no body, one to CONNECT may open a tunnel. */
  requestMethod: string
  limits: ResponseLimits
}

/** wait: no byte of the (next) response yet; failed and done are final. */
export type ResponsePhase = 'wait' | 'head' | 'body' | 'done' | 'failed'

export interface ResponseFailure {
  code: FailureCode
  raw: string
  /** The bytes at fault; for a cut the last bytes before it. */
  at: OffendingBytes
}

/**
 * closed: the peer ended the stream; reset: it was torn down; stopped: we gave up waiting. `stopped` makes a failure
 * only where the bytes so far already prove one, so that the caller can tell a time-out otherwise.
 */
export type StreamEnd = 'closed' | 'reset' | 'stopped'

/**
 * Feed it bytes, tell it the end, read its fields. Nothing throws; the outcome depends on the bytes, never on how they
 * were cut. Holds at most headBytes + keptBytes + contentBytes and some fixed kilobytes.
 */
export class ResponseParser {
  phase: ResponsePhase = 'wait'
  /** The final response's head; after a failure as much of it as could be read. */
  head: ResponseHead | null = null
  /** The head came to its end: framing holds. */
  headComplete = false
  /** Bytes of the final head, status line and empty line included; 0 before its end. */
  headBytes = 0
  framing: Framing = 'none'
  /** Content announced by Content-Length where that frames the body, else null. */
  expectedBytes: number | null = null
  /** Transfer codings besides chunked, outermost last; the content is still coded. */
  transferCodings: readonly string[] = []
  /** Content bytes that came, framing removed. */
  bodyBytes = 0
  /** There was more content than limits.bodyBytes; reading stopped there. */
  bodyTooLarge = false
  /** 101, or a tunnel after CONNECT: what follows is another protocol, in `rest()`. */
  upgrade = false
  failure: ResponseFailure | null = null
  /** Bytes fed so far. */
  receivedBytes = 0
  /** Stream offset behind the last byte of the message, once it is done. */
  messageBytes = 0
  /** Bytes that came after the end of the message. */
  restBytes = 0

  readonly #limits: ResponseLimits
  readonly #requestMethod: string
  readonly #deviations = new Deviations()
  /** The stream from its first byte, up to what is needed; also holds unchunked content. */
  readonly #store: ByteStore
  #interim: ResponseHead[] | null = null
  #chunked: ChunkedDecoder | null = null
  /** Decoded content of a chunked body. */
  #content: ByteStore | null = null
  #rest: ByteStore | null = null
  #firstBytes: FirstBytes | null = null
  /** Last bytes of the stream, kept apart once the store is full. */
  #tail: Buffer | null = null
  #tailBytes = 0
  /** Where the head that is being read begins, and how far its bytes were looked at. */
  #headStart = 0
  #scanned = 0
  #prefixSeen = false
  #ended = false
  #bodyStart = 0

  constructor(options: ResponseParserOptions) {
    const { limits } = options
    this.#limits = limits
    this.#requestMethod = options.requestMethod
    this.#store = new ByteStore(limits.headBytes > limits.keptBytes ? limits.headBytes : limits.keptBytes)
  }

  /** Interim responses (1xx) that came before the final one. */
  get interim(): readonly ResponseHead[] {
    return this.#interim ?? NO_HEADS
  }

  /** Trailer fields of a chunked body, known when the message is done. */
  get trailers(): readonly FieldLine[] {
    return this.#chunked?.trailers ?? NO_FIELDS
  }

  /** What was tolerated, one sentence a kind, with offsets in the stream. */
  get notes(): string[] {
    const notes = this.#deviations.notes()
    if (this.restBytes > 0 && !this.upgrade) {
      const first = toHex(this.rest(), 0, 16)
      notes.push(
        `${this.restBytes} bytes after the end of the response, ignored: ${first} (at byte ${this.messageBytes})`,
      )
    }
    return notes
  }

  /** The bytes as received, from the first on, at most limits.keptBytes. A view: valid while the parser lives. */
  raw(): Uint8Array {
    return this.#store.view(0, this.#limits.keptBytes)
  }

  get rawTruncated(): boolean {
    return this.receivedBytes > Math.min(this.#store.length, this.#limits.keptBytes)
  }

  /** Content bytes, framing removed, as far as kept. A view: valid while the parser lives. */
  body(): Uint8Array {
    if (this.#content) return this.#content.view()
    if (!this.headComplete || this.bodyBytes === 0) return NOTHING
    const kept = Math.min(this.bodyBytes, this.#contentLimit())
    return this.#store.view(this.#bodyStart, this.#bodyStart + kept)
  }

  /** The first bytes after the end of the message, at most 1 KiB. */
  rest(): Uint8Array {
    return this.#rest?.view() ?? NOTHING
  }

  /** Takes the next bytes of the stream. They are copied: the buffer may be used again. Never throws. */
  feed(chunk: Uint8Array): void {
    const count = chunk.length
    if (count === 0) return
    const base = this.receivedBytes
    this.receivedBytes += count
    switch (this.phase) {
      case 'wait':
      case 'head':
        this.#store.append(chunk, 0, count)
        this.#feedHead(chunk, base)
        break
      case 'body':
        this.#store.append(chunk, 0, count)
        this.#feedBody(chunk, 0, base)
        break
      case 'done':
        this.#store.append(chunk, 0, count)
        this.#feedRest(chunk, 0)
        break
      case 'failed':
        this.#store.append(chunk, 0, count)
        this.#showMore(chunk, base)
        break
      default:
        this.phase satisfies never
    }
    if (this.#store.length < this.receivedBytes) this.#keepTail(chunk, base)
  }

  /** The stream is over. Later calls change nothing. */
  end(how: StreamEnd, more: { withoutCloseNotify?: boolean } = {}): void {
    if (this.#ended || this.phase === 'done' || this.phase === 'failed') return
    this.#ended = true
    if (how === 'stopped') {
      if (this.phase !== 'body') this.#judgeUnfinishedHead()
      return
    }
    const verb = how === 'reset' ? 'connection reset' : 'connection closed'
    if (this.phase !== 'body') this.#endHead(how, verb)
    else this.#endBody(how, verb, more.withoutCloseNotify === true)
  }

  #contentLimit(): number {
    const { bodyBytes, contentBytes } = this.#limits
    return contentBytes === undefined || contentBytes > bodyBytes ? bodyBytes : contentBytes
  }

  // --- the head

  #feedHead(chunk: Uint8Array, base: number): void {
    const { bytes } = this.#store
    const limit = this.#limits.headBytes
    for (;;) {
      const end = Math.min(this.#store.length, limit)
      if (this.#firstBytes) return this.#feedFirstBytes(end, chunk, base)
      if (!this.#prefixSeen && !this.#seekPrefix(end)) {
        if (this.#firstBytes) continue
        if (this.receivedBytes > limit) this.#refuseLongHead(chunk, base)
        return
      }
      const headEnd = this.#seekHeadEnd(bytes, end)
      if (headEnd < 0) {
        if (this.receivedBytes > limit) this.#refuseLongHead(chunk, base)
        return
      }
      const { head, fault } = readHead(bytes, this.#headStart, headEnd, this.#deviations)
      if (fault || !head) {
        this.head = head
        if (fault) this.#fail(fault, chunk, base)
        return
      }
      if (head.status < 200 && head.status !== 101) {
        // Read for its notes alone: an interim response never has a body (RFC 9112, 6.3).
        readFraming(head, this.#requestMethod, bytes, this.#headStart, headEnd, this.#deviations)
        this.#interim ??= []
        if (this.#interim.length >= INTERIM_LIMIT) {
          const raw = `more than ${INTERIM_LIMIT} interim responses`
          return this.#fail({ code: 'header_too_large', raw, offset: this.#headStart }, chunk, base)
        }
        this.#interim.push(head)
        this.#headStart = headEnd
        this.#scanned = headEnd
        this.#prefixSeen = false
        this.phase = 'wait'
        continue
      }
      return this.#beginBody(head, headEnd, chunk, base)
    }
  }

  /** Skips white space and looks for "HTTP/"; false when it is not there yet, or when something else is. */
  #seekPrefix(end: number): boolean {
    const { bytes } = this.#store
    const start = this.#headStart
    const lastSpace = Math.min(end, start + LEADING_SPACE_BYTES)
    let index = start
    while (index < lastSpace && isSpace(bytes[index] as number)) index++
    // After an interim response we wait again until more than an empty line has come.
    if (this.#interim === null || index < end) this.phase = 'head'
    for (let at = 0; at < 5; at++) {
      if (index + at >= end) return false
      if (bytes[index + at] !== PREFIX[at]) {
        this.#firstBytes = new FirstBytes()
        this.#scanned = start
        return false
      }
    }
    if (index > start) this.#deviations.add('leading_space', start)
    this.#headStart = index
    this.#scanned = index + 5
    this.#prefixSeen = true
    return true
  }

  /** Offset behind the empty line that ends the head; -1 when it has not come. Looks at each byte once. */
  #seekHeadEnd(bytes: Buffer, end: number): number {
    let index = this.#scanned
    while (index < end) {
      if (bytes[index] === LF) {
        // The line that ends here is empty when its LF follows an LF, with or without a CR between.
        const before = bytes[index - 1]
        if (before === LF || (before === CR && bytes[index - 2] === LF)) {
          this.#scanned = index + 1
          return index + 1
        }
      }
      index++
    }
    this.#scanned = index
    return -1
  }

  #feedFirstBytes(end: number, chunk: Uint8Array, base: number): void {
    const { bytes } = this.#store
    const seeker = this.#firstBytes
    while (seeker && this.#scanned < end) {
      if (seeker.add(bytes[this.#scanned++] as number)) return this.#judgeFirstBytes(chunk, base)
    }
    if (this.receivedBytes > this.#limits.headBytes) this.#judgeFirstBytes(chunk, base)
  }

  #judgeFirstBytes(chunk: Uint8Array, base: number): void {
    const bytes = this.#store.view(this.#headStart, this.#scanned)
    const { code, raw } = judgeFirstBytes(bytes)
    const after = this.#interim ? 'after an interim response, ' : ''
    this.#fail({ code, raw: after + raw, offset: this.#headStart }, chunk, base)
  }

  /** The bound on the head is reached: a malformed line before it says more than its size. */
  #refuseLongHead(chunk: Uint8Array, base: number): void {
    const limit = this.#limits.headBytes
    if (this.#readCompleteLines(limit, chunk, base)) return
    const raw = `the head is longer than ${limit} bytes`
    const offset = Math.min(this.#headStart, limit)
    this.#fail({ code: 'header_too_large', raw, offset }, chunk, base)
  }

  /** Reads the lines of an unfinished head that are whole; true when one of them is a failure. */
  #readCompleteLines(end: number, chunk: Uint8Array, base: number): boolean {
    if (!this.#prefixSeen) return false
    const lines = this.#store.view(0, end).lastIndexOf(LF) + 1
    const { head, fault } = readHead(this.#store.bytes, this.#headStart, lines, this.#deviations)
    this.head = head
    if (fault) this.#fail(fault, chunk, base)
    return fault !== null
  }

  #judgeUnfinishedHead(): boolean {
    if (!this.#firstBytes) return this.#readCompleteLines(this.#store.length, NOTHING, this.receivedBytes)
    this.#judgeFirstBytes(NOTHING, this.receivedBytes)
    return true
  }

  #endHead(how: StreamEnd, verb: string): void {
    if (this.receivedBytes === 0 || (this.phase === 'wait' && this.#interim)) {
      const code = how === 'reset' ? 'reset_without_answer' : 'closed_without_answer'
      const raw = this.#interim
        ? `${verb} after ${this.#interim.length} interim response${this.#interim.length === 1 ? '' : 's'} (${this.#interim.at(-1)?.status}) and no final one`
        : `${verb} before a single byte of an answer`
      return this.#failCut(code, raw)
    }
    if (this.#judgeUnfinishedHead()) return
    this.#failCut('header_truncated', `${verb} within the head, after ${this.receivedBytes} bytes`)
  }

  // --- the body

  #beginBody(head: ResponseHead, headEnd: number, chunk: Uint8Array, base: number): void {
    const reading = readFraming(
      head,
      this.#requestMethod,
      this.#store.bytes,
      this.#headStart,
      headEnd,
      this.#deviations,
    )
    this.head = head
    this.headComplete = true
    this.headBytes = headEnd - this.#headStart
    this.#bodyStart = headEnd
    this.framing = reading.framing
    this.expectedBytes = reading.expectedBytes
    this.transferCodings = reading.codings
    this.upgrade = reading.upgrade
    if (reading.fault) return this.#fail(reading.fault, chunk, base)

    const { keptBytes, bodyBytes } = this.#limits
    if (reading.framing === 'chunked') {
      this.#content = new ByteStore(this.#contentLimit())
      this.#chunked = new ChunkedDecoder(this.#content, bodyBytes, this.#deviations)
      this.#store.limit = keptBytes
    } else {
      // Unchunked content stays where it came in: behind the head.
      const announced = reading.framing === 'none' ? 0 : (reading.expectedBytes ?? Number.POSITIVE_INFINITY)
      const content = Math.min(announced, this.#contentLimit())
      this.#store.limit = Math.max(keptBytes, headEnd + content)
    }
    // What the bound on heads kept out of the store, and the new one lets in.
    const kept = this.#store.length - base
    if (kept < chunk.length) this.#store.append(chunk, kept, chunk.length)
    this.phase = 'body'
    this.#feedBody(chunk, headEnd - base, base)
  }

  #feedBody(chunk: Uint8Array, start: number, base: number): void {
    if (this.#chunked) return this.#feedChunked(this.#chunked, chunk, start, base)
    const available = chunk.length - start
    const announced = this.framing === 'none' ? 0 : (this.expectedBytes ?? Number.POSITIVE_INFINITY)
    const limit = this.#limits.bodyBytes
    const wanted = Math.min(announced, limit) - this.bodyBytes
    const count = available < wanted ? available : wanted
    this.bodyBytes += count
    if (this.bodyBytes === announced) this.#finish(chunk, start + count, base)
    else if (this.bodyBytes === limit && (announced !== Number.POSITIVE_INFINITY || available > count)) {
      this.#stopTooLarge(base + start + count)
    }
  }

  #feedChunked(decoder: ChunkedDecoder, chunk: Uint8Array, start: number, base: number): void {
    const index = decoder.feed(chunk, start, base)
    this.bodyBytes = decoder.contentBytes
    if (decoder.fault) this.#fail(decoder.fault, chunk, base)
    else if (decoder.tooLarge) this.#stopTooLarge(base + index)
    else if (decoder.done) this.#finish(chunk, index, base)
  }

  #stopTooLarge(offset: number): void {
    this.bodyTooLarge = true
    this.phase = 'done'
    this.messageBytes = offset
  }

  #finish(chunk: Uint8Array, end: number, base: number): void {
    this.phase = 'done'
    this.messageBytes = base + end
    if (end < chunk.length) this.#feedRest(chunk, end)
  }

  #feedRest(chunk: Uint8Array, start: number): void {
    // Behind a body that was cut at our bound comes more of the body.
    if (this.bodyTooLarge) return
    this.restBytes += chunk.length - start
    this.#rest ??= new ByteStore(REST_KEPT_BYTES)
    this.#rest.append(chunk, start, chunk.length)
  }

  #endBody(how: StreamEnd, verb: string, withoutCloseNotify: boolean): void {
    const code = how === 'reset' ? 'body_reset' : 'body_truncated'
    if (this.#chunked) {
      if (!this.#chunked.end(this.receivedBytes)) {
        const raw = `${verb} within a chunked body, ${this.#chunked.missing()} after ${this.bodyBytes} bytes of content`
        return this.#failCut(code, raw)
      }
      if (this.#chunked.fault) return this.#fail(this.#chunked.fault, NOTHING, this.receivedBytes)
    } else if (this.framing === 'length') {
      const raw = `${verb} after ${this.bodyBytes} of ${this.expectedBytes} bytes of the body`
      return this.#failCut(code, raw)
    } else if (how === 'reset') {
      const raw = `${verb} after ${this.bodyBytes} bytes of a body that only an orderly close would end`
      return this.#failCut(code, raw)
    } else if (withoutCloseNotify) this.#deviations.add('no_close_notify', this.receivedBytes)
    this.phase = 'done'
    this.messageBytes = this.receivedBytes
  }

  // --- failures and the bytes they show

  /** `chunk` is the piece that is being read, `base` its offset: the bytes at fault may be there, or begin before it. */
  #fail(fault: WireFault, chunk: Uint8Array, base: number): void {
    const at = { offset: fault.offset, hex: '' }
    if (fault.offset < base) at.hex = toHex(this.#store.view(0, base), fault.offset, SHOWN_BYTES)
    const shown = at.hex.length / 2
    const next = fault.offset + shown - base
    if (next >= 0) at.hex += toHex(chunk, next, SHOWN_BYTES - shown)
    this.phase = 'failed'
    this.failure = { code: fault.code, raw: fault.raw, at }
  }

  #failCut(code: FailureCode, raw: string): void {
    const last = this.#lastBytes()
    this.phase = 'failed'
    this.failure = {
      code,
      raw,
      at: { offset: this.receivedBytes - last.length, hex: toHex(last, 0, SHOWN_BYTES) },
    }
  }

  /** Bytes that come after a failure complete those it shows, so that they do not depend on the pieces. */
  #showMore(chunk: Uint8Array, base: number): void {
    const at = this.failure?.at
    if (!at) return
    const shown = at.hex.length / 2
    if (shown < SHOWN_BYTES && at.offset + shown === base) at.hex += toHex(chunk, 0, SHOWN_BYTES - shown)
  }

  #lastBytes(): Uint8Array {
    if (this.#tail) return this.#tail.subarray(0, this.#tailBytes)
    return this.#store.view(Math.max(0, this.#store.length - SHOWN_BYTES))
  }

  #keepTail(chunk: Uint8Array, base: number): void {
    if (!this.#tail) {
      // Until this piece the store held everything.
      const before = this.#store.view(Math.max(0, base - SHOWN_BYTES), base)
      this.#tail = Buffer.alloc(SHOWN_BYTES)
      this.#tail.set(before)
      this.#tailBytes = before.length
    }
    const tail = this.#tail
    if (chunk.length >= SHOWN_BYTES) {
      tail.set(chunk.subarray(chunk.length - SHOWN_BYTES))
      this.#tailBytes = SHOWN_BYTES
      return
    }
    const stay = Math.min(this.#tailBytes, SHOWN_BYTES - chunk.length)
    tail.copyWithin(0, this.#tailBytes - stay, this.#tailBytes)
    tail.set(chunk, stay)
    this.#tailBytes = stay + chunk.length
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === CR || byte === LF
}

function toHex(bytes: Uint8Array, start: number, count: number): string {
  const end = Math.min(bytes.length, start + count)
  if (start >= end) return ''
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('hex')
}
