// The chain from you to the site with the broken link marked: the diagnosis's own when there is one, else the links
// that we walked ourselves. One model for every medium; claims no link that the evidence does not show.
import type { ChainLink, Diagnosis, Hop, Link, LinkState, Role } from '../model/diagnosis.ts'
import type { Failure, FailureCode } from '../model/failure.ts'
import type { CheckResult, Exchange } from '../model/result.ts'
import { decisiveExchange, observationsOf, ofOperation } from './evidence-reader.ts'

export interface ChainPart {
  /** What it is in one word: `you`, `resolver`, `gateway`, `server`. */
  name: string
  state: LinkState
  /** Who stands there as far as known, such as `nginx 1.22.1`; empty when nobody knows. Came from peers. */
  who: string
  /** One short sentence; empty when the name says it all. Came from peers. */
  howWeKnow: string
  /** Ids of the observations that show it. */
  evidence: string[]
  /** Not seen itself: only concluded from what another said. */
  inferred: boolean
}

type WalkedName = 'you' | 'resolver' | 'network' | 'proxy' | 'server'

/** How each link stands after a failure, for the links that are walked in order: [resolver, network, proxy, server]. */
type States = readonly [LinkState, LinkState, LinkState, LinkState]

const RESOLVER_BROKEN: States = ['broken', 'unreached', 'unreached', 'unreached']
const NETWORK_BROKEN: States = ['ok', 'broken', 'unreached', 'unreached']
/** Silence: lost on the way, or the server says nothing. From here they look the same. */
const SILENT: States = ['ok', 'unknown', 'unknown', 'unknown']
const PROXY_BROKEN: States = ['ok', 'ok', 'broken', 'unreached']
const SERVER_BROKEN: States = ['ok', 'ok', 'ok', 'broken']

/** The trouble is ours: `you` is broken and nothing behind it is known. */
const OURS = new Set<FailureCode>(['bad_url', 'address_forbidden', 'local_limit', 'internal_error'])

function statesAfter(failure: Failure): States {
  switch (failure.code) {
    case 'host_unreachable':
    case 'network_unreachable':
      return NETWORK_BROKEN
    case 'connect_timed_out':
      return SILENT
    case 'proxy_refused':
    case 'proxy_auth_required':
    case 'proxy_denied':
    case 'proxy_failed':
      return PROXY_BROKEN
    default:
      return failure.phase === 'resolve' ? RESOLVER_BROKEN : SERVER_BROKEN
  }
}

/** The links of a result, nearest the visitor first; those not used (no name to resolve, no proxy) are left out. */
export function chainOf(result: CheckResult): ChainPart[] {
  const { diagnosis } = result
  if (diagnosis?.links && diagnosis.links.length > 0) return diagnosis.links.map(partOf(diagnosis.chain))
  return walkedChain(result)
}

/** The chain behind one answer alone: the hops it shows, and the blamed link among or behind them. */
export function hopParts(diagnosis: Diagnosis): ChainPart[] {
  const parts = diagnosis.chain.map(hopPart)
  const state = BLAMED_STATES[diagnosis.effect ?? 'down']
  const { link } = diagnosis
  const at = blamedHop(diagnosis)
  const blamed = parts[at]
  if (blamed) blamed.state = state
  else if (BEFORE_HOPS.has(link)) parts.unshift({ ...walked('you', state), name: link })
  else parts.push({ ...walked('server', state), name: link })
  return parts
}

/** Links that lie before everything an answer can show. */
const BEFORE_HOPS = new Set<Link>(['you', 'resolver', 'dns', 'network', 'monitor'])

const BLAMED_STATES: Record<'down' | 'degraded' | 'remark' | 'unknown', LinkState> = {
  down: 'broken',
  degraded: 'attention',
  remark: 'attention',
  unknown: 'unknown',
}

/** Index of the hop that is the blamed link; -1 when that link is none of the hops. */
function blamedHop({ chain, link }: Diagnosis): number {
  const isOrigin = ({ role }: Hop): boolean => role === 'server' || role === 'application'
  if (link === 'origin' || link === 'content') return chain.findLastIndex(isOrigin)
  const made = chain.findIndex((hop) => hop.madeThePage && hop.role === link)
  return made >= 0 ? made : chain.findLastIndex(({ role }) => role === link)
}

function hopPart(hop: Hop): ChainPart {
  return {
    name: hop.role,
    state: 'ok',
    who: nameOf(hop),
    howWeKnow: [...(hop.madeThePage ? ['it made the page'] : []), ...hop.seenBy].join('; '),
    evidence: [],
    inferred: hop.confidence === 'possible',
  }
}

/** Name and version of a hop. */
export function nameOf(hop: { name: string; version?: string }): string {
  return hop.version === undefined ? hop.name : `${hop.name} ${hop.version}`
}

const HOP_ROLES = new Set<string>(['cdn', 'gateway', 'proxy', 'origin'] satisfies (Role | 'origin')[])

function partOf(hops: readonly Hop[]): (link: ChainLink) => ChainPart {
  return (link) => {
    const hop = hops.find((known) => HOP_ROLES.has(link.link) && link.name.startsWith(known.name))
    return {
      name: link.link,
      state: link.state,
      who: link.name === link.link ? '' : link.name,
      howWeKnow: link.howWeKnow,
      evidence: link.evidence,
      inferred:
        link.state !== 'unreached' &&
        link.link !== 'you' &&
        (link.evidence.length === 0 || hop?.confidence === 'possible'),
    }
  }
}

function walked(name: WalkedName, state: LinkState): ChainPart {
  return { name, state, who: '', howWeKnow: '', evidence: [], inferred: false }
}

function walkedChain(result: CheckResult): ChainPart[] {
  const exchange = decisiveExchange(result)
  const names = linksUsed(result, exchange)
  const failure = result.failure
  if (!failure) return names.map((name) => walked(name, 'ok'))
  if (OURS.has(failure.code)) return names.map((name) => walked(name, name === 'you' ? 'broken' : 'unknown'))
  if (failure.code === 'cancelled') return openWhen(names, failure)
  if (result.outcome === 'degraded')
    return names.map((name) => walked(name, name === 'server' ? 'attention' : 'ok'))
  const [resolver, network, proxy, server] = statesAfter(failure)
  // A plain HTTP proxy answers in the server's name: which of the two spoke cannot be told from here.
  const mixed = server === 'broken' && exchange?.proxy != null && exchange.tls === null && !isTls(exchange)
  const state: Record<WalkedName, LinkState> = {
    you: 'ok',
    resolver,
    network,
    proxy: mixed ? 'unknown' : proxy,
    server: mixed ? 'unknown' : server,
  }
  return names.map((name) => walked(name, state[name]))
}

/** Nobody is to blame for a cancelled check: what was open is unknown, what lay behind it was not reached. */
function openWhen(names: WalkedName[], failure: Failure): ChainPart[] {
  const open: WalkedName =
    failure.phase === 'resolve' ? 'resolver' : failure.phase === 'connect' ? 'network' : 'server'
  const at = names.indexOf(open)
  return names.map((name, index) => walked(name, index < at ? 'ok' : index === at ? 'unknown' : 'unreached'))
}

function isTls(exchange: Exchange): boolean {
  return exchange.url.startsWith('https:')
}

function linksUsed(result: CheckResult, exchange: Exchange | null): WalkedName[] {
  const links: WalkedName[] = ['you']
  const seen = exchange ? observationsOf(result, exchange) : result.observations
  const asked = ofOperation(seen, 'dns_query').length > 0 || result.failure?.phase === 'resolve'
  if (asked) links.push('resolver')
  links.push('network')
  if (exchange?.proxy != null) links.push('proxy')
  links.push('server')
  return links
}
