// What the answers of several resolvers and of the zone's own name servers say together. Pure: asks nobody.
import { formatIp, parseIp } from '../../model/address.ts'
import type { ResolversFinding, ServerSaid } from '../../model/drill.ts'
import type { Failure } from '../../model/failure.ts'
import { parkingSign } from './parking.ts'

type Verdict = ResolversFinding['verdict']
type Delegation = ResolversFinding['delegation']

/** Extended errors that say that validation failed (RFC 8914, section 4 and its registry). */
const DNSSEC_ERRORS = new Set([1, 2, 5, 6, 7, 8, 9, 10, 11, 12, 25, 27])
/** The resolver says itself that it hands out what it should not any more: Stale Answer, Stale NXDOMAIN Answer. */
const STALE_ERRORS = new Set([3, 19])
/** Second-level labels under which registries of countries register names, so that their zone is a parent, too. */
const REGISTRY_LABELS = new Set(
  'co com org net gov gob gouv ac edu or ne go nom plc ltd me sch nic mil asn id web govt gen res firm'.split(
    ' ',
  ),
)

/** What a server gives: addresses, a negative answer, or no answer that can be used. */
type State = 'addresses' | 'missing' | 'no_address' | 'fails'

/** One server's answers as one word. */
function stateOf(said: ServerSaid): State {
  if (said.lame) return 'fails'
  if (said.addresses.length > 0) return 'addresses'
  if (said.rcode === 'NXDOMAIN') return 'missing'
  return said.rcode === 'NOERROR' && said.failure?.code !== 'dns_malformed_answer' ? 'no_address' : 'fails'
}

/** True when the answer is refused because it does not validate. */
function refusedByDnssec(said: ServerSaid): boolean {
  if (said.rcode !== 'SERVFAIL') return false
  return (
    said.withoutValidation === 'answers' || said.extendedErrors.some(({ code }) => DNSSEC_ERRORS.has(code))
  )
}

export interface ResolversHeard {
  said: ServerSaid[]
  delegation: Delegation
  /** Folded zone in which the walk ended; null without a walk. */
  endZone: string | null
  /** What ended the walk early. */
  walkFailure: Failure | null
}

/** The verdict in the words of the finding, and one line for a person. */
interface ResolversJudged {
  verdict: Verdict
  parked: string | null
  summary: string
}

/** Judges all answers together. The rules stand in the order of what they are sure of. */
export function judgeResolvers(heard: ResolversHeard): ResolversJudged {
  const { said, delegation, endZone, walkFailure } = heard
  const used = said.filter((one) => one.role === 'used')
  const others = said.filter((one) => one.role === 'other')
  const zone = said.filter((one) => one.role === 'authority')
  const parked = parkingSign(delegation, said)
  const judged = (verdict: Verdict, summary: string): ResolversJudged => ({
    verdict,
    parked,
    summary: parked === null ? summary : `${summary}; the domain looks parked: ${parked}`,
  })
  const resolvers = [...used, ...others]

  const bogus = resolvers.find(refusedByDnssec)
  if (bogus) {
    return judged(
      'dnssec',
      `${bogus.server} refuses the answer, because it does not validate${errorsOf(bogus)}`,
    )
  }

  const speaking = zone.filter((one) => stateOf(one) !== 'fails')
  const positive = zone.filter((one) => stateOf(one) === 'addresses')
  const fails = (one: ServerSaid): boolean => stateOf(one) === 'fails'
  const usedState = used[0] ? bestState(used) : null

  // An alias into another zone: the rows of the alias itself hold no address, and the last zone decides.
  if (speaking.length > 0 && positive.length === 0 && !endsWithAlias(speaking)) {
    const missing = speaking.some((one) => stateOf(one) === 'missing')
    if (missing && endZone !== null && isRegistryZone(endZone)) {
      return judged(
        'parent_missing',
        `the zone "${endZone}" knows no such domain: not registered, expired or on hold`,
      )
    }
    if (usedState === 'addresses') {
      return judged(
        'stale',
        `${nameOf(used)} still gives ${shownAddresses(used)}, which the zone no longer does`,
      )
    }
    return judged(
      'missing',
      missing
        ? `the zone's own name servers say that there is no such name`
        : `the zone's own name servers give no address for the name`,
    )
  }

  // What the zones themselves say leads nowhere, whoever follows it.
  if (walkFailure?.code === 'dns_alias_loop') return judged('zone_fails', walkFailure.raw)

  const last = delegation.at(-1)
  if (speaking.length === 0 && delegation.length > 1 && last?.failure) {
    const answered = zone.some((one) => one.rcode !== null)
    // Silence alone may be in our own way to them; then the resolvers' failing has to bear it out.
    if (answered || zone.length === 0 || resolvers.every(fails)) {
      return judged('zone_fails', last.failure.raw)
    }
  }

  if (used.length === 0) return judged('unknown', 'it is not known which resolver the check used')

  if (usedState === 'fails') {
    const working = [...others, ...zone].filter((one) => stateOf(one) === 'addresses')
    if (working.length > 0) {
      const who = working.some((one) => one.role === 'authority')
        ? `the zone's own servers`
        : 'other resolvers'
      return judged('resolver_fails', `${nameOf(used)} fails, ${who} answer${errorsOf(used[0])}`)
    }
    if (others.length === 0 && zone.length === 0) {
      return judged('unknown', `${nameOf(used)} fails, and there is nobody to hold it against`)
    }
    const negative = [...others].filter((one) => stateOf(one) === 'missing' || stateOf(one) === 'no_address')
    if (negative.length > 0) {
      return judged('resolver_fails', `${nameOf(used)} fails, others say that there is no address`)
    }
    return judged('unknown', 'no resolver and no name server gives an answer')
  }

  if (usedState !== 'addresses') {
    const working = [...zone, ...others].filter((one) => stateOf(one) === 'addresses')
    if (working.length === 0) {
      return others.some((one) => !fails(one))
        ? judged('agree', `all resolvers say that there is no address`)
        : judged('unknown', `${nameOf(used)} says that there is no address, nobody else answers`)
    }
    const shared = others.some((one) => stateOf(one) === usedState)
    if (shared && positive.length > 0) {
      return judged('stale', `${nameOf(used)} still says that there is no address, the zone has one`)
    }
    const verdict = shared ? 'differ' : 'resolver_fails'
    return judged(
      verdict,
      `${nameOf(used)} says that there is no address, others give one${errorsOf(used[0])}`,
    )
  }

  if (positive.length === 0 && others.every((one) => stateOf(one) !== 'addresses')) {
    return others.some((one) => stateOf(one) === 'missing')
      ? judged('differ', `${nameOf(used)} gives ${shownAddresses(used)}, others know no such name`)
      : judged('unknown', `${nameOf(used)} gives ${shownAddresses(used)}, nobody else answers`)
  }
  return compareAddresses(used, others, positive, judged)
}

/**
 * Answers are not the same only because their addresses are: many sites answer by place and in turns. So: one
 * address in common, or one network (/16, /32 of IPv6) in common, is the same answer; so is any answer while the
 * others do not agree among themselves, because then the site answers each asker on its own.
 */
function compareAddresses(
  used: ServerSaid[],
  others: ServerSaid[],
  positive: ServerSaid[],
  judged: (verdict: Verdict, summary: string) => ResolversJudged,
): ResolversJudged {
  const answering = others.filter((one) => stateOf(one) === 'addresses')
  const mine = unionOf(used)
  const reference = positive.length > 0 ? positive : answering
  if (used.some((one) => one.extendedErrors.some(({ code }) => STALE_ERRORS.has(code)))) {
    return judged('stale', `${nameOf(used)} says itself that its answer is stale${errorsOf(used[0])}`)
  }
  if (alike(mine, unionOf(reference))) {
    if (!allAlike(positive)) {
      return judged('differ', `the zone's own name servers give different addresses: ${byServer(positive)}`)
    }
    return judged('agree', `all say the same: ${mine.join(' ')}`)
  }
  const foreign = [...positive, ...answering]
  if (foreign.length > 1 && !allAlike(foreign)) {
    return judged(
      'agree',
      'each asker gets addresses of its own, so the answers cannot be held against each other',
    )
  }
  const whose = positive.length > 0 ? `the zone` : 'others'
  const text = `${nameOf(used)} gives ${mine.join(' ')}, ${whose} ${unionOf(reference).join(' ')}`
  const given = leastTtl(used)
  const own = leastTtl(positive)
  // A TTL that has begun to run down comes from a cache: it was the zone's answer once.
  const cached = given !== null && own !== null && given < own
  return judged(cached && positive.length > 0 ? 'stale' : 'differ', text)
}

function bestState(said: ServerSaid[]): State {
  const states = said.map(stateOf)
  for (const state of ['addresses', 'missing', 'no_address'] as const)
    if (states.includes(state)) return state
  return 'fails'
}

/** The last row is of an alias whose zone was not reached any more. */
function endsWithAlias(speaking: ServerSaid[]): boolean {
  return speaking.every((one) => one.aliases.length > 0 && one.rcode === 'NOERROR')
}

/** A zone in which others register their names: the root, a top-level domain, or such as co.uk. */
export function isRegistryZone(zone: string): boolean {
  if (zone === '.') return true
  const labels = zone.split('.')
  if (labels.length === 1) return true
  const [second = '', top = ''] = labels
  return labels.length === 2 && top.length === 2 && REGISTRY_LABELS.has(second)
}

function nameOf(said: ServerSaid[]): string {
  return `the resolver ${said[0]?.server ?? ''}`
}

function shownAddresses(said: ServerSaid[]): string {
  return unionOf(said).join(' ')
}

function errorsOf(said: ServerSaid | undefined): string {
  const errors = said?.extendedErrors ?? []
  if (errors.length === 0) return ''
  return ` (${errors.map(({ name, text }) => (text === '' ? name : `${name}: ${text}`)).join('; ')})`
}

function unionOf(said: ServerSaid[]): string[] {
  return [...new Set(said.flatMap((one) => one.addresses))].toSorted()
}

function byServer(said: ServerSaid[]): string {
  return said.map((one) => `${one.name ?? one.server} ${one.addresses.join(' ')}`).join(', ')
}

function allAlike(said: ServerSaid[]): boolean {
  const [first, ...rest] = said
  return rest.every((one) => alike(one.addresses, first?.addresses ?? []))
}

function leastTtl(said: ServerSaid[]): number | null {
  let least: number | null = null
  for (const { ttl } of said) if (ttl !== null && (least === null || ttl < least)) least = ttl
  return least
}

function alike(one: readonly string[], other: readonly string[]): boolean {
  if (one.some((ip) => other.includes(ip))) return true
  const networks = new Set(other.map(networkOf))
  return one.some((ip) => networks.has(networkOf(ip)))
}

/** The network that addresses of one provider share: 16 bits of IPv4, 32 of IPv6. Loopback has no such thing. */
function networkOf(ip: string): string {
  const bytes = parseIp(ip)
  if (!bytes || bytes[0] === 127) return ip
  const masked = bytes.slice()
  masked.fill(0, bytes.length === 4 ? 2 : 4)
  return formatIp(masked)
}
