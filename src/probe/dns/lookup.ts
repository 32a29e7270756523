// The addresses of one name and one family: over all servers and rounds, along all aliases.
// Asks, and says what came of it; the order of addresses and the other family are not its business.
import { type Failure, type FailureCode, failure, isOurFault } from '../../model/failure.ts'
import type { Deadline } from '../../util/deadline.ts'
import { CLASS_IN, type DnsMessage, type ExtendedError } from '../../wire/dns-message.ts'
import { foldName } from '../../wire/dns-name.ts'
import type { ProbeContext } from '../context.ts'
import { note } from '../recorder.ts'
import { stopFailure } from '../socket-failure.ts'
import { extendedErrorText, followAliases, MAX_ALIASES, negativeSoa } from './answer.ts'
import type { DnsReply } from './exchange.ts'
import { queryServer } from './query-server.ts'
import { formatServer, type ResolverConfig } from './resolv-conf.ts'

export type AddressType = 'A' | 'AAAA'

export interface Lookup {
  type: AddressType
  /** In the order of the answer. */
  addresses: { ip: string; ttl: number }[]
  /** Every name that the asked one is an alias for, in order. */
  aliases: string[]
  /** The name at the chain's end. */
  canonicalName: string
  /** Null with addresses; `dns_no_address` when the name has none of this family. */
  failure: Failure | null
  answeredBy: string | null
  /** Seconds a negative answer may be kept, null when nobody said. */
  negativeTtl: number | null
  extendedErrors: ExtendedError[]
}

/** Causes joined into one: more than this says no more. */
const MAX_JOINED_CAUSES = 4

/**
 * Failures of several questions about one name, the one that decides first. A name that does not exist has no
 * type at all (RFC 8020), so that beats whatever happened to the other question. Then what keeps us from
 * knowing, and at the end what is known to be empty.
 */
const WEIGHT: Partial<Record<FailureCode, number>> = {
  cancelled: 11,
  dns_name_not_found: 10,
  local_limit: 9,
  internal_error: 8,
  dns_alias_loop: 7,
  dns_server_failure: 6,
  dns_refused: 5,
  dns_malformed_answer: 4,
  dns_timed_out: 3,
  dns_resolver_unreachable: 2,
  dns_no_address: 1,
}

/** The failure that decides, with the causes of the others behind its own. At least one has to be given. */
export function joinFailures(failures: Failure[]): Failure {
  const sorted = failures.toSorted((a, b) => (WEIGHT[b.code] ?? 0) - (WEIGHT[a.code] ?? 0))
  const first = sorted[0]
  if (!first) return failure('internal_error', 'no failure to join', { phase: 'resolve' })
  const causes = [...new Set(sorted.map((one) => one.raw))]
  const raw = causes.slice(0, MAX_JOINED_CAUSES).join('; ')
  const more = causes.length > MAX_JOINED_CAUSES ? `; and ${causes.length - MAX_JOINED_CAUSES} more` : ''
  return failure(first.code, raw + more, { phase: 'resolve', ...(first.at ? { at: first.at } : {}) })
}

/** Looks a name up for one family. Never rejects; `name` has to be one that can be asked for. */
export async function lookupAddresses(
  name: string,
  type: AddressType,
  config: ResolverConfig,
  ctx: ProbeContext,
  deadline: Deadline,
): Promise<Lookup> {
  const result: Lookup = {
    type,
    addresses: [],
    aliases: [],
    canonicalName: name,
    failure: null,
    answeredBy: null,
    negativeTtl: null,
    extendedErrors: [],
  }
  const seen = new Set<string>()
  let aliasTtl = Number.POSITIVE_INFINITY
  for (;;) {
    const asked = result.canonicalName
    const reply = await askServers(asked, result, config, ctx, deadline)
    const message = 'message' in reply ? reply.message : null
    result.failure = reply.failure
    if (!('message' in reply) || !message) return result
    const server = formatServer(reply.server)
    const walk = followAliases(message.answers, asked, seen)
    result.aliases.push(...walk.aliases)
    result.canonicalName = walk.end
    if (walk.doubled)
      note(
        reply.observation,
        `"${walk.doubled}" has two different aliases (RFC 1034, 3.6.2): the first was taken`,
      )
    if (walk.trouble) {
      const chain = [name, ...result.aliases].slice(-4).join(' -> ')
      const what = walk.trouble === 'loop' ? 'aliases in a circle' : `more than ${MAX_ALIASES} aliases`
      result.failure = failure('dns_alias_loop', `${what} from ${server}: ${chain}`)
      return result
    }
    const negative = negativeSoa(message)
    result.negativeTtl = negative?.negativeTtl ?? null
    if (reply.failure) {
      if (result.aliases.length > 0)
        result.failure = {
          ...reply.failure,
          raw: `${reply.failure.raw}, for "${walk.end}", of which "${name}" is an alias`,
        }
      return result
    }
    aliasTtl = Math.min(aliasTtl, walk.ttl ?? aliasTtl)
    collect(message, walk.end, type, aliasTtl, result)
    if (result.addresses.length > 0) return result
    // A chain that ends nowhere, and nobody vouches that there is nothing: ask for its end.
    if (walk.aliases.length > 0 && !negative && !deadline.reason) continue
    const whose = result.aliases.length > 0 ? ` for "${walk.end}", of which "${name}" is an alias` : ''
    const errors = extendedErrorText(message.edns?.extendedErrors ?? [])
    result.failure = failure('dns_no_address', `NOERROR without ${type} from ${server}${whose}${errors}`)
    return result
  }
}

function collect(
  message: DnsMessage,
  owner: string,
  type: AddressType,
  aliasTtl: number,
  into: Lookup,
): void {
  const folded = foldName(owner)
  for (const record of message.answers) {
    if (record.type !== type || record.class !== CLASS_IN || foldName(record.name) !== folded) continue
    into.addresses.push({ ip: record.data, ttl: Math.min(record.ttl, aliasTtl) })
  }
}

/**
 * One question to the servers in their order, round after round, as glibc does: the first usable answer and the
 * first NXDOMAIN are final; SERVFAIL, REFUSED, rubbish and silence lead to the next server. A server that has
 * answered is not asked again in the next round. From the second round on without EDNS, because some
 * middleboxes drop what they do not know. Who answered, and its extended errors, go `into` the lookup.
 */
async function askServers(
  name: string,
  into: Lookup,
  config: ResolverConfig,
  ctx: ProbeContext,
  deadline: Deadline,
): Promise<DnsReply | { failure: Failure }> {
  const { type } = into
  const { servers } = config
  const startMs = ctx.recorder.nowMs()
  const failures: Failure[] = []
  const spoken = new Set<number>()
  const first = config.rotate && servers.length > 1 ? ctx.io.randomInt(servers.length) : 0
  for (let attempt = 1; attempt <= config.attempts; attempt++) {
    for (let index = 0; index < servers.length && !deadline.reason; index++) {
      const which = (first + index) % servers.length
      const server = servers[which]
      if (!server || spoken.has(which)) continue
      const transport = config.useTcp ? 'tcp' : 'udp'
      const edns = attempt === 1
      const question = { name, type, timeoutMs: config.timeoutMs, attempt, edns, transport } as const
      const reply = await queryServer(server, question, ctx, deadline)
      if (reply.message) {
        into.answeredBy = formatServer(server)
        into.extendedErrors.push(...(reply.message.edns?.extendedErrors ?? []))
      }
      if (!reply.failure || reply.failure.code === 'dns_name_not_found') {
        if (!edns) note(reply.observation, 'asked without EDNS, after no usable answer to a query with it')
        return reply
      }
      failures.push(reply.failure)
      if (reply.message) spoken.add(which)
      if (reply.failure.code !== 'dns_resolver_unreachable' && isOurFault(reply.failure.code)) return reply
    }
  }
  if (failures.length > 0) return { failure: joinFailures(failures) }
  if (deadline.reason) {
    return { failure: stopFailure(deadline.reason, 'resolve', ctx.recorder.nowMs() - startMs) }
  }
  return { failure: failure('dns_resolver_unreachable', 'no name server is configured') }
}
