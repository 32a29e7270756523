// Answers without a usable head: silence, half a head, another protocol, a status line that is none.
import type { Cause } from '../model/diagnosis.ts'
import { recogniseProtocol } from '../wire/protocol-greeting.ts'
import type { Answer } from './answer.ts'
import { isRoundWait, isSlow, type ResponseInput, stalled, type Verdict, waitedMs } from './verdict.ts'

/** A head that has not ended after this many bytes is too large for anybody. */
const HUGE_HEAD_BYTES = 48 * 1024

function verdict(causes: readonly Cause[], says: string[], more: Partial<Verdict> = {}): Verdict {
  return { causes, says, operator: [], visitor: [], author: null, ...more }
}

/**
 * Nothing came at all. `tunnel`: nothing came through a tunnel that a proxy had opened; `connectedFirst`: that proxy
 * is of the kind that opens its connection before it says so.
 */
export function judgeSilence(input: ResponseInput, tunnel: boolean, connectedFirst = false): Verdict {
  const slow = isSlow(input)
  const waited = waitedMs(input)
  const round =
    waited !== null && isRoundWait(waited)
      ? ` after ${Math.round(waited / 1000)} s, a round time as time-outs have`
      : ''
  const operator = [
    'Look into the log of the hop that closed at that moment; nginx writes 444 for a deliberate close and 499 for our hanging up.',
  ]
  if (input.requestMethod === 'CONNECT' && !tunnel) {
    return slow
      ? verdict(
          ['connection_timeout', 'dns_error', 'http_response_timeout'],
          ['The proxy gave no answer to CONNECT in time.'],
          { operator },
        )
      : verdict(
          ['dns_error', 'destination_ip_unroutable', 'connection_terminated', 'connection_refused'],
          ['The proxy closed the connection instead of answering CONNECT.'],
          { operator },
        )
  }
  if (tunnel && slow === null) {
    return verdict(
      ['connection_terminated', 'http_response_timeout', 'destination_unavailable'],
      ['The proxy said that the tunnel stands, then nothing came through it.'],
      { operator },
    )
  }
  if (tunnel) {
    const opened = 'The proxy said that the tunnel stands, then nothing came through it'
    if (input.ended === 'timeout') {
      return verdict(
        connectedFirst
          ? ['http_response_timeout']
          : ['http_response_timeout', 'destination_unavailable', 'dns_error'],
        [`${opened}; some proxies say so before they have a connection.`],
        { operator },
      )
    }
    return slow
      ? verdict(
          connectedFirst ? ['http_response_timeout'] : ['http_response_timeout', 'connection_timeout'],
          [`${opened}, and it was closed${round}.`],
          { operator },
        )
      : verdict(
          connectedFirst ? ['connection_terminated'] : ['connection_terminated', 'connection_refused'],
          [`${opened}, and it was closed at once.`],
          { operator },
        )
  }
  if (input.ended === 'timeout') {
    if (!mayCarryContent(input.requestMethod)) {
      return verdict(
        ['http_response_timeout', 'destination_unavailable', 'connection_terminated', 'http_protocol_error'],
        ['The request was taken and nothing came back until we gave up.'],
        { operator },
      )
    }
    return verdict(
      ['http_response_timeout', 'connection_write_timeout', 'destination_unavailable'],
      ['The request was taken, maybe not whole, and nothing came back until we gave up.'],
      { operator },
    )
  }
  if (input.ended === 'rst') {
    return slow
      ? verdict(
          ['connection_timeout', 'http_response_timeout'],
          [`The connection was reset without a byte${round}.`],
          { operator },
        )
      : verdict(
          ['connection_terminated', 'http_request_error', 'destination_unavailable'],
          [
            'The connection was reset without a byte: a layer-4 hop without a live backend, a crash, or a request it will not read.',
          ],
          { operator },
        )
  }
  if (slow === null) {
    return verdict(
      ['connection_terminated', 'http_response_timeout', 'destination_unavailable', 'http_protocol_error'],
      ['Not a byte came; how long it took is not known.'],
      { operator },
    )
  }
  if (slow) {
    return verdict(
      ['http_response_timeout', 'destination_unavailable', 'http_request_error', 'http_protocol_error'],
      [
        `The connection was closed without a byte${round}: a hop that gives up silently when its own time-out runs out.`,
      ],
      { operator },
    )
  }
  return verdict(
    ['connection_terminated', 'http_protocol_error', 'destination_unavailable'],
    [
      'The connection was closed at once without a byte: a hop that lost its upstream or could not read its answer, a dead worker, or a rule that drops the request.',
    ],
    { operator },
  )
}

function mayCarryContent(method: string): boolean {
  return method === 'POST' || method === 'PUT' || method === 'PATCH'
}

/** What came is no HTTP/1 at all. */
export function judgeForeignBytes(answer: Answer): Verdict {
  const protocol = recogniseProtocol(answer.raw)
  const said = protocol
    ? `The first bytes are ${protocol}: that service answers on this port, or a gateway relays it raw from the wrong port behind it.`
    : 'The first bytes are no HTTP status line: another service answers, or a gateway relays what it got as HTTP/0.9.'
  return verdict(['http_protocol_error'], [said], {
    operator: ['Check which service listens on the port that the gateway (or the name) points at.'],
    confidence: protocol ? 'certain' : 'likely',
  })
}

/** HTTP began, but the head never ended. */
export function judgeHalfHead(answer: Answer, input: ResponseInput): Verdict {
  if (input.ended === 'cap' || answer.contentPartial || answer.raw.length >= HUGE_HEAD_BYTES) {
    return verdict(
      ['http_response_header_section_size'],
      ['The header of the answer is larger than what is read of it.'],
      { operator: ['Find the field that grows: mostly Set-Cookie, Link or Content-Security-Policy.'] },
    )
  }
  const cut = `The answer ends in the middle of its head, after ${answer.raw.length} bytes.`
  if (stalled(input) !== false) {
    return verdict(
      stalled(input)
        ? ['http_response_timeout', 'http_response_incomplete']
        : ['http_response_incomplete', 'http_response_timeout'],
      [cut],
    )
  }
  return verdict(['http_response_incomplete'], [cut])
}

/** Only interim responses came and then the end. */
export function judgeInterimOnly(answer: Answer, input: ResponseInput): Verdict {
  const said = `Only interim responses came (${answer.interim.join(', ')}), never a final one.`
  return stalled(input)
    ? verdict(['http_response_timeout', 'connection_terminated'], [said])
    : verdict(['http_response_incomplete'], [said])
}

/** A status line that no recipient can take at its word; null when it is in order. */
export function judgeStatusLine(answer: Answer): Verdict | null {
  const { status, protocol } = answer
  const shown = JSON.stringify(answer.statusLine.slice(0, 80))
  const broken = (says: string): Verdict =>
    verdict(['http_protocol_error'], [`${says}: ${shown}.`], {
      operator: [
        'Look at what the application writes as its status line; a gateway should have answered 502 for it.',
      ],
    })
  // Tools print answers of HTTP/2 and HTTP/3 in this form: it is not what was on the wire, and no fault.
  if (/^HTTP\/[23](\.0)?$/.test(protocol)) return null
  if (!/^HTTP\/\d\.\d$/.test(protocol)) return broken('The status line does not begin with an HTTP version')
  if (protocol !== 'HTTP/1.1' && protocol !== 'HTTP/1.0')
    return broken('The status line names a version that HTTP/1 does not have')
  if (status === null) return broken('The status line has no status code')
  if (status < 100 || status > 999) return broken('The status code is not one of three digits from 100 on')
  return null
}
