// The chain from you to the server with the broken link marked. Claims no link that we did not see ourselves.
import type { Failure, FailureCode } from '../model/failure.ts'
import type { CheckResult, Exchange } from '../model/result.ts'
import { decisiveExchange, observationsOf, ofOperation } from './evidence-reader.ts'

export type LinkName = 'you' | 'resolver' | 'network' | 'proxy' | 'server'

/** ok: it did its part; broken: here it ended; attention: works, with a warning; unknown: cannot be told; unreached. */
export type LinkState = 'ok' | 'broken' | 'attention' | 'unknown' | 'unreached'

export interface ChainLink {
  name: LinkName
  state: LinkState
}

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

/** The links of a result in walking order; those not used (no name to resolve, no proxy) are left out. */
export function chainOf(result: CheckResult): ChainLink[] {
  const exchange = decisiveExchange(result)
  const names = linksUsed(result, exchange)
  const failure = result.failure
  if (!failure) return names.map((name) => ({ name, state: 'ok' }))
  if (OURS.has(failure.code)) {
    return names.map((name) => ({ name, state: name === 'you' ? 'broken' : 'unknown' }))
  }
  if (failure.code === 'cancelled') return openWhen(names, failure)
  if (result.outcome === 'degraded') {
    return names.map((name) => ({ name, state: name === 'server' ? 'attention' : 'ok' }))
  }
  const [resolver, network, proxy, server] = statesAfter(failure)
  // A plain HTTP proxy answers in the server's name: which of the two spoke cannot be told from here.
  const mixed = server === 'broken' && exchange?.proxy != null && exchange.tls === null && !isTls(exchange)
  const state: Record<LinkName, LinkState> = {
    you: 'ok',
    resolver,
    network,
    proxy: mixed ? 'unknown' : proxy,
    server: mixed ? 'unknown' : server,
  }
  return names.map((name) => ({ name, state: state[name] }))
}

/** Nobody is to blame for a cancelled check: what was open is unknown, what lay behind it was not reached. */
function openWhen(names: LinkName[], failure: Failure): ChainLink[] {
  const open: LinkName =
    failure.phase === 'resolve' ? 'resolver' : failure.phase === 'connect' ? 'network' : 'server'
  const at = names.indexOf(open)
  return names.map((name, index) => ({
    name,
    state: index < at ? 'ok' : index === at ? 'unknown' : 'unreached',
  }))
}

function isTls(exchange: Exchange): boolean {
  return exchange.url.startsWith('https:')
}

function linksUsed(result: CheckResult, exchange: Exchange | null): LinkName[] {
  const links: LinkName[] = ['you']
  const seen = exchange ? observationsOf(result, exchange) : result.observations
  const asked = ofOperation(seen, 'dns_query').length > 0 || result.failure?.phase === 'resolve'
  if (asked) links.push('resolver')
  links.push('network')
  if (exchange?.proxy != null) links.push('proxy')
  links.push('server')
  return links
}
