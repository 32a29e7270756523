// One question to one server with the two detours every resolver makes: without EDNS for servers that choke on
// it, over TCP for answers that do not fit. Each detour is an observation of its own.
import type { Deadline } from '../../util/deadline.ts'
import type { DnsType } from '../../wire/dns-tables.ts'
import type { ProbeContext } from '../context.ts'
import { note } from '../recorder.ts'
import { type DnsReply, exchange } from './exchange.ts'
import type { DnsServer } from './resolv-conf.ts'

/** RCODEs of servers that do not know EDNS: FORMERR, NOTIMP, BADVERS (RFC 6891 section 7). */
const EDNS_REFUSALS = new Set([1, 4, 16])

export interface ServerQuestion {
  name: string
  type: DnsType
  /** Default 5000. */
  timeoutMs?: number
  /** Default 1. */
  attempt?: number
  /** False to ask an authoritative server about its own zones. Default true. */
  recursionDesired?: boolean
  /** True to have an answer also when it does not validate. Default false. */
  checkingDisabled?: boolean
  /** Default true. */
  edns?: boolean
  /** Ask for DNSSEC records. Default false. */
  dnssecOk?: boolean
  /** Default udp. */
  transport?: 'udp' | 'tcp'
}

/**
 * Asks one server and returns its last word: the message (also with a failing RCODE), the failure or null, and
 * the observation that belongs to it. `timeoutMs` holds for each exchange. Truncated over UDP and not to be had
 * over TCP is a failure; the partial answer stays in the first observation.
 * Throws a WhydownError for a name or type that no query can carry.
 */
export async function queryServer(
  server: DnsServer,
  question: ServerQuestion,
  ctx: ProbeContext,
  deadline: Deadline = ctx.deadline,
): Promise<DnsReply> {
  const options = {
    name: question.name,
    type: question.type,
    transport: question.transport ?? 'udp',
    edns: question.edns ?? true,
    dnssecOk: question.dnssecOk ?? false,
    recursionDesired: question.recursionDesired ?? true,
    checkingDisabled: question.checkingDisabled ?? false,
    timeoutMs: question.timeoutMs ?? 5_000,
    attempt: question.attempt ?? 1,
  }
  let reply = await exchange(server, options, ctx, deadline)
  if (options.edns && reply.message && EDNS_REFUSALS.has(reply.message.rcode) && !deadline.reason) {
    note(reply.observation, `${reply.message.rcodeName} to a query with EDNS: asked again without`)
    options.edns = false
    reply = await exchange(server, options, ctx, deadline)
  }
  if (reply.transport === 'udp' && reply.message?.flags.tc && !deadline.reason) {
    note(reply.observation, 'the answer is truncated: asked again over TCP')
    options.transport = 'tcp'
    reply = await exchange(server, options, ctx, deadline)
    if (reply.failure && !reply.message) {
      reply.failure.raw = `truncated over UDP, and then: ${reply.failure.raw}`
    }
  }
  return reply
}
