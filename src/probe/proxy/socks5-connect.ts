// Talks a SOCKS5 proxy into a connection to the target (RFC 1928, RFC 1929). The messages are made in wire.
import type { Socket } from 'node:net'
import { hostPort } from '../../model/address.ts'
import { type Failure, failure } from '../../model/failure.ts'
import type { Deadline } from '../../util/deadline.ts'
import { recogniseProtocol } from '../../wire/protocol-greeting.ts'
import {
  decodeSocks5Reply,
  encodeSocks5Connect,
  encodeSocks5Greeting,
  encodeSocks5Password,
  SOCKS5_METHODS,
  SOCKS5_REPLY_START_BYTES,
  SOCKS5_VERSION,
  type Socks5Destination,
  type Socks5Reply,
  socks5ReplyBytes,
} from '../../wire/socks5.ts'
import type { ProbeContext } from '../context.ts'
import { Conversation } from './conversation.ts'
import type { ProxyTarget } from './proxy-url.ts'

/** Bytes of a stranger's greeting that are quoted in a failure. */
const QUOTED_BYTES = 32

/** Not allowed by the ruleset of the proxy. */
const REPLY_DENIED = 2

interface Outcome {
  failure: Failure | null
  /** The reply to our request, when it came that far. */
  reply: Socks5Reply | null
}

/**
 * Opens a connection to `destination` through the proxy at the other end of `socket`. On success the socket is
 * let go with everything that came behind the reply still in it; on failure it is destroyed. The observation
 * `proxy_handshake` keeps what the proxy said, base64.
 */
export async function openSocks5(
  socket: Socket,
  proxy: ProxyTarget,
  destination: Socks5Destination,
  ctx: ProbeContext,
  deadline: Deadline,
): Promise<Outcome> {
  const { recorder } = ctx
  const observation = recorder.begin('proxy_handshake', {
    kind: 'socks5',
    proxy: proxy.shown,
    target: hostPort(destination.host, destination.port),
    credentials: proxy.credentials !== null,
  })
  const conversation = new Conversation(socket, deadline)
  const openMs = (): number => recorder.nowMs() - observation.startMs
  const { method, reply, failure: seen } = await negotiate(conversation, proxy, destination, openMs)
  const output: Record<string, unknown> = { method }
  if (reply) Object.assign(output, { reply: reply.code, says: reply.says, bound: reply.bound })
  output['raw'] = conversation.received().toString('base64')
  if (seen) {
    conversation.abandon()
    recorder.fail(observation, seen, output)
  } else {
    conversation.release()
    recorder.end(observation, output)
  }
  return { failure: seen, reply }
}

interface Negotiated extends Outcome {
  method: number | null
}

async function negotiate(
  conversation: Conversation,
  proxy: ProxyTarget,
  destination: Socks5Destination,
  openMs: () => number,
): Promise<Negotiated> {
  const done: Negotiated = { method: null, reply: null, failure: null }
  const over = (seen: Failure): Negotiated => ({ ...done, failure: seen })
  const { credentials } = proxy
  const login = credentials ? encodeSocks5Password(credentials.user, credentials.password) : null
  const request = encodeSocks5Connect(destination)
  if (!request)
    return over(failure('proxy_failed', 'the name of the target is too long for SOCKS5 (255 bytes)'))

  conversation.write(encodeSocks5Greeting(login !== null))
  const choice = await conversation.exactly(2)
  if (!choice) return over(unanswered(conversation, 'choice of a login method', openMs))
  if (choice[0] !== SOCKS5_VERSION) return over(notSocks(conversation))
  done.method = choice[1] ?? null
  if (done.method === SOCKS5_METHODS.password && login) {
    conversation.write(login)
    const verdict = await conversation.exactly(2)
    if (!verdict) return over(conversation.failure('answer to user and password', openMs()))
    // RFC 1929, section 2: anything but zero is a refusal.
    if (verdict[1] !== 0)
      return over(failure('proxy_auth_required', 'the proxy refuses user and password (SOCKS5)'))
  } else if (done.method !== SOCKS5_METHODS.none) return over(methodFailure(done.method, login !== null))

  conversation.write(request)
  const head = await conversation.exactly(2)
  if (!head) return over(unanswered(conversation, 'reply to the SOCKS5 request', openMs))
  if (head[0] !== SOCKS5_VERSION) return over(notSocks(conversation))
  done.reply = decodeSocks5Reply(head)
  const start = await conversation.exactly(SOCKS5_REPLY_START_BYTES - 2)
  const length = start ? socks5ReplyBytes(Buffer.concat([head, start])) : null
  const rest = start && length !== null ? await conversation.exactly(length - SOCKS5_REPLY_START_BYTES) : null
  // A refusal is known by its code; only a success needs the whole reply.
  if (start && rest) done.reply = decodeSocks5Reply(Buffer.concat([head, start, rest]))
  if (done.reply.code !== 0) return over(replyFailure(done.reply))
  if (start && length === null) {
    return over(failure('proxy_failed', `SOCKS5 reply with the unknown address type ${start[1]}`))
  }
  if (!rest) return over(conversation.failure('whole SOCKS5 reply', openMs()))
  return done
}

/** It ended before a whole message: what came of one may show that this is no SOCKS at all. */
function unanswered(conversation: Conversation, doing: string, openMs: () => number): Failure {
  const first = conversation.received()[0]
  if (first !== undefined && first !== SOCKS5_VERSION) return notSocks(conversation)
  return conversation.failure(doing, openMs())
}

function notSocks(conversation: Conversation): Failure {
  conversation.rest()
  const bytes = conversation.received()
  const quoted = bytes.subarray(0, QUOTED_BYTES)
  const text = quoted.toString('latin1').replace(/[^\x20-\x7e]/g, '.')
  const spoken = text.startsWith('HTTP/') ? 'HTTP' : recogniseProtocol(bytes)
  const instead = spoken ? ` but ${spoken}` : ''
  return failure('proxy_failed', `the proxy does not speak SOCKS5${instead}; it said "${text}"`, {
    at: { offset: 0, hex: quoted.toString('hex') },
  })
}

function methodFailure(method: number | null, offeredPassword: boolean): Failure {
  if (method === SOCKS5_METHODS.unacceptable) {
    const offered = offeredPassword
      ? 'neither no login nor user and password'
      : 'no connection without a login'
    return failure('proxy_auth_required', `the proxy accepts ${offered} (SOCKS5)`)
  }
  if (method === SOCKS5_METHODS.password) {
    return failure('proxy_auth_required', 'the proxy wants user and password (SOCKS5)')
  }
  return failure('proxy_failed', `the proxy chose SOCKS5 login method ${method}, which was not offered`)
}

function replyFailure(reply: Socks5Reply): Failure {
  const raw = `SOCKS5 reply ${reply.code}: ${reply.says}`
  return failure(reply.code === REPLY_DENIED ? 'proxy_denied' : 'proxy_failed', raw)
}
