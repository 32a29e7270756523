// Everything a ResponseParser says about a stream, as plain data, so that two ways of cutting it can be compared.
import { DEFAULT_LIMITS } from '../../src/model/check-options.ts'
import { ResponseParser, type ResponseParserOptions, type StreamEnd } from '../../src/wire/http1-response.ts'

export interface StreamOptions extends Partial<ResponseParserOptions> {
  end?: StreamEnd
  withoutCloseNotify?: boolean
}

/** Feeds the pieces from one buffer that is overwritten after each, as a socket's read buffer is, then ends. */
export function outcomeOf(pieces: Iterable<Uint8Array>, options: StreamOptions = {}) {
  const { end = 'closed', withoutCloseNotify = false, ...rest } = options
  const parser = new ResponseParser({ requestMethod: 'GET', limits: DEFAULT_LIMITS, ...rest })
  for (const piece of pieces) {
    const reused = Uint8Array.from(piece)
    parser.feed(reused)
    reused.fill(0x2a)
  }
  const phaseBeforeEnd = parser.phase
  parser.end(end, { withoutCloseNotify })
  const { phase, head, headComplete, headBytes, framing, expectedBytes, bodyBytes, bodyTooLarge } = parser
  const { upgrade, failure, receivedBytes, messageBytes, restBytes, rawTruncated, notes } = parser
  return {
    phaseBeforeEnd,
    phase,
    head,
    headComplete,
    headBytes,
    framing,
    expectedBytes,
    transferCodings: [...parser.transferCodings],
    bodyBytes,
    bodyTooLarge,
    upgrade,
    failure,
    receivedBytes,
    messageBytes,
    restBytes,
    rawTruncated,
    notes,
    interim: [...parser.interim],
    trailers: [...parser.trailers],
    body: Buffer.from(parser.body()).toString('latin1'),
    raw: Buffer.from(parser.raw()).toString('latin1'),
    rest: Buffer.from(parser.rest()).toString('latin1'),
  }
}

/** Bytes of a text in which every character is one byte. */
export function wire(text: string): Uint8Array {
  return Buffer.from(text, 'latin1')
}

/** The bytes one at a time. */
export function oneByOne(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (_, index) => bytes.subarray(index, index + 1))
}

/** The bytes in two pieces, at every place. */
export function* everySplit(bytes: Uint8Array): Generator<Uint8Array[]> {
  for (let at = 1; at < bytes.length; at++) yield [bytes.subarray(0, at), bytes.subarray(at)]
}

/** The bytes cut at these places, in any order, outside ones ignored. */
export function cutAt(bytes: Uint8Array, places: number[]): Uint8Array[] {
  const inside = [...new Set(places.filter((place) => place > 0 && place < bytes.length))].sort(
    (a, b) => a - b,
  )
  return [0, ...inside].map((place, index) => bytes.subarray(place, inside[index] ?? bytes.length))
}
