// The look at the name: what other resolvers and the zone's own name servers say about it, beside the resolver
// that the check used. Asks; what it means is in drill/judge-resolvers.ts.
import { isIP } from 'node:net'
import type { DrillOptions } from '../../../model/check-options.ts'
import type { ResolversFinding, ServerSaid } from '../../../model/drill.ts'
import type { ExtendedError } from '../../../wire/dns-message.ts'
import { foldName, nameProblem } from '../../../wire/dns-name.ts'
import type { ProbeContext } from '../../context.ts'
import { followAliases } from '../../dns/answer.ts'
import type { DnsReply } from '../../dns/exchange.ts'
import { queryServer } from '../../dns/query-server.ts'
import { DNS_PORT, type DnsServer, formatServer, parseServer, resolverConfig } from '../../dns/resolv-conf.ts'
import { PUBLIC_RESOLVERS, ROOT_HINTS } from '../../dns/root-hints.ts'
import { addressesIn, type AuthoritySaid, type Walk, walkDelegation } from '../../dns/walk.ts'
import { judgeResolvers } from '../../drill/judge-resolvers.ts'
import type { Look, Looked, Subject } from '../../drill/look.ts'
import { lacksFamily } from '../../own-addresses.ts'

/** Other resolvers that are asked. */
const MAX_OTHERS = 6
/** Per question to a resolver; it may have to walk itself. */
const RESOLVER_TIMEOUT_MS = 4_000
/** Root servers a walk starts from: any of them would do. */
const MAX_ROOTS = 4
/** Addresses, aliases and errors of one server that the finding lists. */
const MAX_LISTED = 32

const look: Look = {
  id: 'resolvers',
  when: 'side-by-side',
  skip: skipResolvers,
  run: (subject, ctx) => lookAtResolvers(hostOf(subject.url), subject, ctx),
}

export default look

function hostOf(url: URL): string {
  const { hostname } = url
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
  return bare.endsWith('.') ? bare.slice(0, -1) : bare
}

function skipResolvers(subject: Subject, ctx: ProbeContext): string | null {
  const host = hostOf(subject.url)
  if (isIP(host) !== 0) return 'the URL holds an address: there is no name to look up'
  if (host === '' || nameProblem(host) !== null) return 'the name cannot be in the DNS'
  if (ctx.options.connectTo) return 'an address to dial was given: the name was not looked up'
  if (subject.last.proxy !== null) return 'the proxy looks the name up, not this machine'
  const source = sourceOf(subject)
  if (source === 'hosts') return 'the address comes from the hosts file of this machine, not from the DNS'
  if (source === 'localhost') return 'the name is this machine by definition'
  const { resolvers, roots } = ctx.options.drill
  if (resolvers === null && roots === null && subject.isLocalTarget) {
    return 'the name is of this machine or network: nobody outside is asked about it'
  }
  return null
}

function sourceOf(subject: Subject): unknown {
  const resolved = subject.observations.find(
    ({ operation, input }) => operation === 'resolve' && input['host'] === hostOf(subject.url),
  )
  return resolved?.output?.['source'] ?? null
}

async function lookAtResolvers(host: string, subject: Subject, ctx: ProbeContext): Promise<Looked> {
  const name = foldName(host)
  const used = usedResolver(subject, ctx)
  const others = otherResolvers(ctx.options.drill, subject.isLocalTarget).filter(
    (server) => !used || formatServer(server) !== formatServer(used),
  )
  const roots = rootsOf(ctx.options.drill, subject.isLocalTarget)
  const [usedSaid, othersSaid, walk] = await Promise.all([
    used ? askResolver(used, 'used', name, ctx) : null,
    Promise.all(others.map((server) => askResolver(server, 'other', name, ctx))),
    roots.length > 0 ? walkDelegation(name, roots, ctx) : null,
  ])
  const said: ServerSaid[] = [...(usedSaid ? [usedSaid] : []), ...othersSaid]
  for (const one of walk?.said ?? []) said.push(authoritySaid(one))
  const delegation = delegationOf(walk)
  const judged = judgeResolvers({
    said,
    delegation,
    endZone: walk?.said.at(-1)?.zone ?? null,
    walkFailure: walk?.failure ?? null,
  })
  const { verdict, parked, summary } = judged
  const finding: ResolversFinding = { kind: 'resolvers', said, delegation, verdict, parked }
  return { summary, finding }
}

/** The server that answered the check, else the first one that it would have asked. */
function usedResolver(subject: Subject, ctx: ProbeContext): DnsServer | null {
  for (const { operation, output } of subject.observations) {
    const by = operation === 'resolve' ? output?.['answeredBy'] : null
    const server = typeof by === 'string' ? parseServer(by) : null
    if (server) return server
  }
  return resolverConfig(ctx.options.resolvers, ctx.io, process.platform).servers[0] ?? null
}

function otherResolvers({ resolvers }: DrillOptions, isLocalTarget: boolean): DnsServer[] {
  if (resolvers) return resolvers.slice(0, MAX_OTHERS)
  if (isLocalTarget) return []
  return PUBLIC_RESOLVERS.map(({ v4, v6 }) => ({ ip: lacksFamily(v4) ? v6 : v4, port: DNS_PORT }))
}

function rootsOf(
  { roots }: DrillOptions,
  isLocalTarget: boolean,
): { ip: string; port: number; name?: string }[] {
  if (roots) return roots.slice(0, MAX_ROOTS)
  if (isLocalTarget) return []
  return ROOT_HINTS.slice(0, MAX_ROOTS).map(({ name, ips: [v4, v6] }) => ({
    name,
    ip: lacksFamily(v4) ? v6 : v4,
    port: DNS_PORT,
  }))
}

/** A and AAAA from one resolver; SERVFAIL is asked again with validation off, which tells DNSSEC from the rest. */
async function askResolver(
  server: DnsServer,
  role: 'used' | 'other',
  name: string,
  ctx: ProbeContext,
): Promise<ServerSaid> {
  const question = { name, timeoutMs: RESOLVER_TIMEOUT_MS }
  const replies = await Promise.all([
    queryServer(server, { ...question, type: 'A' }, ctx),
    queryServer(server, { ...question, type: 'AAAA' }, ctx),
  ])
  const said = combine(formatServer(server), role, null, name, replies)
  const refused = replies.find((reply) => reply.message?.rcodeName === 'SERVFAIL')
  if (!refused || ctx.deadline.reason) return said
  const type = refused === replies[0] ? 'A' : 'AAAA'
  const again = await queryServer(server, { ...question, type, checkingDisabled: true }, ctx)
  const answers = again.message?.rcode === 0 && again.message.answers.length > 0
  said.withoutValidation = answers ? 'answers' : 'fails'
  return said
}

function authoritySaid({ server, name, asked, replies, lame }: AuthoritySaid): ServerSaid {
  const said = combine(formatServer(server), 'authority', name, asked, replies)
  said.lame = lame !== null
  return said
}

/** The answers of one server to both questions as one row. */
function combine(
  server: string,
  role: ServerSaid['role'],
  name: string | null,
  asked: string,
  replies: readonly DnsReply[],
): ServerSaid {
  const said: ServerSaid = {
    server,
    role,
    name,
    rcode: null,
    addresses: [],
    aliases: [],
    ttl: null,
    extendedErrors: [],
    lame: false,
    failure: null,
  }
  const addresses = new Set<string>()
  const errors = new Map<string, ExtendedError>()
  for (const reply of replies) {
    const { message } = reply
    if (!message) {
      said.failure ??= reply.failure
      continue
    }
    // A failing answer for one family says more than an empty one for the other.
    if (said.rcode === null || said.rcode === 'NOERROR') said.rcode = message.rcodeName
    for (const error of message.edns?.extendedErrors ?? []) errors.set(`${error.code} ${error.text}`, error)
    const walk = followAliases(message.answers, asked)
    if (walk.aliases.length > said.aliases.length) said.aliases = walk.aliases.slice(0, MAX_LISTED)
    const end = foldName(walk.end)
    for (const ip of addressesIn(message, end)) addresses.add(ip)
    for (const record of message.answers) {
      if (record.type !== 'A' && record.type !== 'AAAA') continue
      const ttl = Math.min(record.ttl, walk.ttl ?? record.ttl)
      said.ttl = Math.min(said.ttl ?? ttl, ttl)
    }
    if (reply.failure?.code !== 'dns_name_not_found') said.failure ??= reply.failure
  }
  said.addresses = [...addresses].toSorted().slice(0, MAX_LISTED)
  said.extendedErrors = [...errors.values()].slice(0, MAX_LISTED)
  if (said.addresses.length > 0) said.rcode = 'NOERROR'
  return said
}

function delegationOf(walk: Walk | null): ResolversFinding['delegation'] {
  if (!walk) return []
  return walk.zones.map(({ zone, nameServers, failure }) => ({ zone, nameServers, failure }))
}
