// Walks the delegation of a name from the root down, as a resolver does, and asks every name server of the last
// zone. Bounded in zones, servers, questions and time. Writes down what each said; judges nothing.
import type { AddressPolicy } from '../../model/check-options.ts'
import { type Failure, failure } from '../../model/failure.ts'
import { CLASS_IN, type DnsMessage } from '../../wire/dns-message.ts'
import { foldName, nameProblem } from '../../wire/dns-name.ts'
import { compilePolicy, SPECIAL_PURPOSE } from '../address-policy.ts'
import type { ProbeContext } from '../context.ts'
import { lacksFamily } from '../own-addresses.ts'
import { stopFailure } from '../socket-failure.ts'
import { followAliases } from './answer.ts'
import type { DnsReply } from './exchange.ts'
import { queryServer } from './query-server.ts'
import type { DnsServer } from './resolv-conf.ts'
import { unusableAddress } from './usable-address.ts'
import { isWithin, labelsOf, type NameServer, readWalkAnswer, type WalkAnswer } from './walk-answer.ts'

/** Bounds of one walk, all names in it together. */
const MAX_QUERIES = 80
const MAX_ZONES = 24
/** Servers of a zone that are asked first, side by side; the others only when none of these knows the way on. */
const FIRST_TRIES = 2
/** Servers of one zone that are asked at all. */
const MAX_AUTHORITIES = 8
/** Of the root and top-level zones, which are not in doubt. */
const MAX_REGISTRY_SERVERS = 2
/** Aliases into other zones that are followed. */
const MAX_ALIAS_WALKS = 6
/** Names of name servers without glue that are looked up for one zone, and how deep that may nest. */
const MAX_GLUELESS = 3
const MAX_DEPTH = 3
/** Per question. Name servers answer within a round trip or not at all. */
const QUERY_TIMEOUT_MS = 1_500

/** What one name server of the zone that holds the name said about it, over both families. */
export interface AuthoritySaid {
  /** Folded name asked for: the name itself, or what it is an alias for. */
  asked: string
  zone: string
  server: DnsServer
  /** Name of the server, null for the root servers that options gave by address. */
  name: string | null
  /** One for each family, in the order A, AAAA; what was not asked any more is missing. */
  replies: DnsReply[]
  /** Why it does not serve the zone, null when it does or when nothing came. */
  lame: string | null
}

export interface WalkedZone {
  zone: string
  nameServers: NameServer[]
  /** Why no server of the zone knew the way on; null when one did. */
  failure: Failure | null
}

export interface Walk {
  /** From the root down; an alias into another zone goes on below the first zone that is new. */
  zones: WalkedZone[]
  /** Of the last zone of each name on the way of the aliases. */
  said: AuthoritySaid[]
  /** Folded names walked: the first is the one asked for, the others its aliases. */
  names: string[]
  /** What ended it early. */
  failure: Failure | null
}

interface Server extends DnsServer {
  name: string | null
}

interface State {
  ctx: ProbeContext
  /** Port of every server that a delegation names. */
  port: number
  queries: number
  /** Why an address must not be asked, null when it may. */
  forbidden(ip: string): string | null
  /** Where the name servers of a zone are, by folded zone. */
  known: Map<string, Server[]>
  zones: WalkedZone[]
}

/**
 * Walks from `roots` (addresses of root servers) to the zone that holds `name`. Delegations carry no ports, so
 * every server on the way is asked on the port of the first root: 53, but for a tree of one's own. Never rejects.
 */
export async function walkDelegation(
  name: string,
  roots: readonly { ip: string; port: number; name?: string }[],
  ctx: ProbeContext,
): Promise<Walk> {
  const walk: Walk = { zones: [], said: [], names: [], failure: null }
  const servers = roots.map(({ ip, port, name: called }) => ({ ip, port, name: called ?? null }))
  const state: State = {
    ctx,
    port: roots[0]?.port ?? 53,
    queries: 0,
    forbidden: guardFor(roots, ctx.options.addressPolicy),
    known: new Map([['.', servers]]),
    zones: walk.zones,
  }
  walk.zones.push({ zone: '.', nameServers: rootsAsNameServers(servers), failure: null })
  let next: string | null = foldName(name)
  while (next !== null) {
    if (walk.names.includes(next)) {
      walk.failure = failure('dns_alias_loop', `aliases in a circle: ${[...walk.names, next].join(' -> ')}`)
      break
    }
    if (walk.names.length > MAX_ALIAS_WALKS) {
      walk.failure = failure('dns_alias_loop', `more than ${MAX_ALIAS_WALKS} aliases into other zones`)
      break
    }
    walk.names.push(next)
    const asked: string = next
    const end = await descend(asked, state, 0)
    if (!end.found) {
      walk.said.push(...end.said)
      walk.failure = end.failure
      break
    }
    const said = await askAuthorities(asked, end, state)
    walk.said.push(...said)
    next = aliasElsewhere(asked, said)
  }
  return walk
}

/**
 * A delegation can name any address, also one inside our own network, and whoever runs a zone must not make us knock
 * there: only a tree that begins inside may lead inside. The user's own policy holds for both.
 */
export function guardFor(
  roots: readonly { ip: string }[],
  { allow, deny }: AddressPolicy,
): (ip: string) => string | null {
  const outside = compilePolicy({ allow: [], deny: [...SPECIAL_PURPOSE] })
  const inside = roots.some(({ ip }) => outside.verdict(ip) !== null)
  const own = compilePolicy({ allow, deny })
  return (ip) => unusableAddress(ip) ?? own.verdict(ip) ?? (inside ? null : outside.verdict(ip))
}

function rootsAsNameServers(servers: Server[]): NameServer[] {
  return servers.map(({ ip, name }) => ({ name: name ?? '', ips: [ip] }))
}

/** Where a name's way down ended. `said`: the servers of the last zone that were asked on the way. */
interface Descent {
  zone: string
  /** A server of the zone answered with authority. */
  found: boolean
  said: AuthoritySaid[]
  failure: Failure | null
}

/** Goes down to the zone that answers for `name` with authority, or as far as it goes. */
async function descend(name: string, state: State, depth: number): Promise<Descent> {
  let zone = deepestKnown(name, state)
  for (;;) {
    const servers = state.known.get(zone) ?? []
    const step = await askUntilKnown(name, zone, servers, state)
    if (step.referral) {
      if (state.zones.length >= MAX_ZONES) {
        return endOf(
          zone,
          step.said,
          failure('dns_server_failure', `more than ${MAX_ZONES} zones on the way`),
        )
      }
      const { zone: child, nameServers } = step.referral
      const walked: WalkedZone = { zone: child, nameServers, failure: null }
      // The ways to the name servers' own names are walked, too, and are no part of this delegation.
      if (depth === 0) state.zones.push(walked)
      const places = await placesOf(child, nameServers, state, depth)
      state.known.set(child, places)
      if (places.length === 0) {
        const names = nameServers.map((server) => server.name).join(', ')
        walked.failure =
          stopped(state) ??
          failure(
            'dns_server_failure',
            `no usable address is known of the name servers of "${child}": ${names}`,
          )
        return endOf(child, [], walked.failure)
      }
      zone = child
      continue
    }
    if (step.answered) return { zone, found: true, said: step.said, failure: null }
    const failed = stopped(state) ?? zoneFailure(zone, step.said)
    const walked = state.zones.find((one) => one.zone === zone)
    if (walked) walked.failure = failed
    // What the others of the zone say is still worth knowing.
    return endOf(zone, step.said, failed)
  }
}

function endOf(zone: string, said: AuthoritySaid[], failed: Failure | null): Descent {
  return { zone, found: false, said, failure: failed }
}

function stopped(state: State): Failure | null {
  const { reason } = state.ctx.deadline
  if (reason) return stopFailure(reason, 'resolve', state.ctx.recorder.nowMs())
  if (state.queries < MAX_QUERIES) return null
  return failure('dns_server_failure', `gave up after ${MAX_QUERIES} questions to name servers`)
}

/** No server of the zone serves it: the failure that says most, with what each of them did. */
function zoneFailure(zone: string, said: AuthoritySaid[]): Failure {
  const each = said.map((one) => {
    const why = one.lame ?? one.replies[0]?.failure?.raw ?? 'no answer'
    return `${one.name ?? one.server.ip}: ${why}`
  })
  const lame = said.some((one) => one.lame !== null)
  const code = lame ? 'dns_server_failure' : 'dns_timed_out'
  return failure(code, `no name server of "${zone}" answers for it: ${each.join('; ')}`)
}

function deepestKnown(name: string, state: State): string {
  let zone = '.'
  for (const known of state.known.keys()) {
    const servers = state.known.get(known)
    if (servers && servers.length > 0 && isWithin(name, known) && known.length > zone.length) zone = known
  }
  return zone
}

interface Step {
  referral: Extract<WalkAnswer, { kind: 'referral' }> | null
  answered: boolean
  said: AuthoritySaid[]
}

/** Two servers, and the others when neither knows the way on or answers; the last zone is asked in full later. */
async function askUntilKnown(name: string, zone: string, servers: Server[], state: State): Promise<Step> {
  const step: Step = { referral: null, answered: false, said: [] }
  const rounds = [servers.slice(0, FIRST_TRIES), servers.slice(FIRST_TRIES, MAX_AUTHORITIES)]
  for (const round of rounds) {
    if (stopped(state)) break
    const replies = await Promise.all(round.map((server) => ask(server, name, 'A', state)))
    for (const [index, reply] of replies.entries()) {
      const server = round[index]
      if (!server || !reply) continue
      const read = reply.message ? readWalkAnswer(reply.message, name, zone) : null
      if (read?.kind === 'referral') step.referral ??= read
      else {
        step.answered ||= read?.kind === 'answer'
        step.said.push(saidOf(name, zone, server, reply, read))
      }
    }
    if (step.answered || step.referral) break
  }
  // One that already serves the child zone answers for it, another refers to it: the way down shows the whole chain.
  if (step.referral) step.answered = false
  return step
}

function saidOf(
  name: string,
  zone: string,
  server: Server,
  reply: DnsReply,
  read: WalkAnswer | null,
): AuthoritySaid {
  return {
    asked: name,
    zone,
    server: { ip: server.ip, port: server.port },
    name: server.name,
    replies: [reply],
    lame: read?.kind === 'lame' ? read.reason : null,
  }
}

async function ask(server: Server, name: string, type: 'A' | 'AAAA', state: State): Promise<DnsReply | null> {
  if (stopped(state) || nameProblem(name) !== null) return null
  state.queries++
  const question = { name, type, recursionDesired: false, timeoutMs: QUERY_TIMEOUT_MS }
  return queryServer({ ip: server.ip, port: server.port }, question, state.ctx)
}

/** Every server of the last zone, both families; those asked on the way down are asked for the second one only. */
async function askAuthorities(name: string, end: Descent, state: State): Promise<AuthoritySaid[]> {
  const most = labelsOf(end.zone) < 2 ? MAX_REGISTRY_SERVERS : MAX_AUTHORITIES
  const servers = (state.known.get(end.zone) ?? []).slice(0, most)
  const each = servers.map(async (server): Promise<AuthoritySaid | null> => {
    let said = end.said.find((one) => one.server.ip === server.ip)
    if (!said) {
      const reply = await ask(server, name, 'A', state)
      if (!reply) return null
      const read = reply.message ? readWalkAnswer(reply.message, name, end.zone) : null
      said = saidOf(name, end.zone, server, reply, read)
    }
    if (said.lame === null && said.replies[0]?.message) {
      const second = await ask(server, name, 'AAAA', state)
      if (second) said.replies.push(second)
    }
    return said
  })
  const said = await Promise.all(each)
  return said.filter((one) => one !== null)
}

/** The alias that the zone's servers give and no longer resolve themselves; null when they hold the end, too. */
function aliasElsewhere(name: string, said: AuthoritySaid[]): string | null {
  let target: string | null = null
  for (const one of said) {
    if (one.lame !== null) continue
    for (const { message } of one.replies) {
      if (!message || message.rcode !== 0) continue
      const end = foldName(followAliases(message.answers, name).end)
      if (end === name) continue
      if (holdsAddress(message, end)) return null
      target ??= end
    }
  }
  return target
}

function holdsAddress(message: DnsMessage, owner: string): boolean {
  return message.answers.some(
    (record) =>
      (record.type === 'A' || record.type === 'AAAA') &&
      record.class === CLASS_IN &&
      foldName(record.name) === owner,
  )
}

/** Where the servers of a delegation can be asked: glue first, then by walking to their names. */
async function placesOf(
  zone: string,
  nameServers: NameServer[],
  state: State,
  depth: number,
): Promise<Server[]> {
  const glueless = nameServers.filter((server) => server.ips.length === 0)
  // A name below the zone itself without glue cannot be found without the zone (RFC 9471).
  const lookups = glueless.filter((server) => !isWithin(server.name, zone)).slice(0, MAX_GLUELESS)
  if (depth < MAX_DEPTH) {
    // One after the other: the second mostly lives in the zone that the first one's walk has found.
    for (const server of lookups) server.ips.push(...(await addressesOf(server.name, state, depth + 1)))
  }
  const places: Server[] = []
  // In turns over the names, so that a bound on their number leaves out addresses and not machines.
  for (let turn = 0; turn < 4; turn++) {
    for (const { name, ips } of nameServers) {
      const usable = ips.filter((ip) => state.forbidden(ip) === null && !lacksFamily(ip))
      const ip = usable.toSorted(byFamily)[turn]
      if (ip !== undefined && !places.some((known) => known.ip === ip)) {
        places.push({ ip, port: state.port, name })
      }
    }
  }
  return places
}

/** IPv4 first: name servers all have it. */
function byFamily(one: string, other: string): number {
  return Number(one.includes(':')) - Number(other.includes(':'))
}

/** Addresses of a name server's name, by a walk of its own; IPv4, and IPv6 when there is none. */
async function addressesOf(name: string, state: State, depth: number): Promise<string[]> {
  let asked = name
  for (let alias = 0; alias < 3; alias++) {
    const end = await descend(asked, state, depth)
    const [reply] = end.found ? (end.said.find((one) => one.lame === null)?.replies ?? []) : []
    if (!reply?.message) return []
    const target = foldName(followAliases(reply.message.answers, asked).end)
    const ips = addressesIn(reply.message, target)
    if (ips.length > 0) return ips
    if (target === asked) {
      const server = end.said.find((one) => one.lame === null)
      const place = server && { ...server.server, name: server.name }
      const second = place ? await ask(place, asked, 'AAAA', state) : null
      return second?.message ? addressesIn(second.message, asked) : []
    }
    // RFC 1034, 3.6.2 forbids an alias here, resolvers follow it all the same.
    asked = target
  }
  return []
}

/** The addresses of `owner` (folded) in an answer. */
export function addressesIn(message: DnsMessage, owner: string): string[] {
  const ips: string[] = []
  for (const record of message.answers) {
    if ((record.type === 'A' || record.type === 'AAAA') && foldName(record.name) === owner)
      ips.push(record.data)
  }
  return ips
}
