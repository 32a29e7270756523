// Asks an HTTP proxy for a tunnel to the target: CONNECT (RFC 9110, 9.3.6). The answer is read with the parser
// all answers are read with, and kept, because it is the decisive evidence.
import type { Socket } from 'node:net'
import { hostPort } from '../../model/address.ts'
import { type Failure, failure } from '../../model/failure.ts'
import type { Deadline } from '../../util/deadline.ts'
import { ResponseParser } from '../../wire/http1-response.ts'
import type { ProbeContext } from '../context.ts'
import { basicCredentials, maskFields } from '../request.ts'
import type { FieldLine } from '../../model/result.ts'
import { note } from '../recorder.ts'
import { connectFailure } from './connect-answer.ts'
import { Conversation, PROXY_KEPT_BYTES } from './conversation.ts'
import type { ProxyTarget } from './proxy-url.ts'

/** Head of the proxy's answer, and what is read of the page it may send with a refusal. */
const PROXY_HEAD_BYTES = 64 * 1024
const PROXY_BODY_BYTES = PROXY_KEPT_BYTES

/** Value of Proxy-Authorization for an HTTP proxy, null when it has no credentials. */
export function proxyAuthorization(proxy: ProxyTarget): string | null {
  return proxy.credentials ? basicCredentials(proxy.credentials.user, proxy.credentials.password) : null
}

/**
 * Opens a tunnel to `destination` through the proxy at the other end of `socket`. On success the socket is let go
 * with everything that came behind the answer's head still in it; on failure it is destroyed.
 */
export async function openTunnel(
  socket: Socket,
  proxy: ProxyTarget,
  destination: { host: string; port: number },
  ctx: ProbeContext,
  deadline: Deadline,
): Promise<Failure | null> {
  const { recorder, options } = ctx
  const target = hostPort(destination.host, destination.port)
  const authorization = proxyAuthorization(proxy)
  const fields: FieldLine[] = [
    ['Host', target],
    ['User-Agent', options.userAgent],
  ]
  if (authorization) fields.push(['Proxy-Authorization', authorization])
  const observation = recorder.begin('proxy_handshake', {
    kind: proxy.kind,
    proxy: proxy.shown,
    target,
    request: requestHead(target, maskFields(fields)),
  })
  const conversation = new Conversation(socket, deadline)
  conversation.write(requestHead(target, fields))

  const parser = new ResponseParser({
    requestMethod: 'CONNECT',
    limits: {
      ...options.limits,
      headBytes: PROXY_HEAD_BYTES,
      bodyBytes: PROXY_BODY_BYTES,
      keptBytes: PROXY_KEPT_BYTES,
    },
  })
  let back: Uint8Array | null = null
  while (parser.phase !== 'done' && parser.phase !== 'failed') {
    const bytes = await conversation.some()
    if (!bytes) {
      parser.end(conversation.ended?.how ?? 'closed')
      break
    }
    parser.feed(bytes)
    back = bytes.subarray(bytes.length - parser.restBytes)
  }

  const { head } = parser
  for (const says of parser.notes) note(observation, says)
  const answer = head ? { status: head.status, reason: head.reason, fields: head.fields } : {}
  const output = { ...answer, raw: conversation.received().toString('base64') }
  const openMs = recorder.nowMs() - observation.startMs
  // The status of a refusal counts even when the rest of it is damaged; a success must be whole.
  const judged = head && (parser.headComplete || head.status >= 300)
  const refused = judged ? connectFailure(head.status, head.reason, head.fields) : null
  const seen = refused ?? (parser.headComplete ? null : answerFailure(parser, conversation, openMs))
  if (seen) {
    conversation.abandon()
    recorder.fail(observation, seen, output)
  } else {
    conversation.release(back)
    recorder.end(observation, output)
  }
  return seen
}

function requestHead(target: string, fields: readonly FieldLine[]): string {
  let head = `CONNECT ${target} HTTP/1.1\r\n`
  for (const [name, value] of fields) head += `${name}: ${value}\r\n`
  return `${head}\r\n`
}

/** No status came: nothing at all, or something that is no HTTP answer. */
function answerFailure(parser: ResponseParser, conversation: Conversation, openMs: number): Failure {
  const { failure: malformed } = parser
  if (!malformed || parser.receivedBytes === 0) return conversation.failure('answer to CONNECT', openMs)
  return failure(
    'proxy_failed',
    `the proxy's answer to CONNECT: ${malformed.raw}`,
    malformed.at ? { at: malformed.at } : {},
  )
}
