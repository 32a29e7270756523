// Phase resolve: a host to the addresses to try, in order. Asks the hosts file and name servers; dials nothing
// and does not know which addresses a policy allows.
import { isIP } from 'node:net'
import { type Failure, failure } from '../../model/failure.ts'
import type { Observation } from '../../model/observation.ts'
import type { ExtendedError } from '../../wire/dns-message.ts'
import { nameProblem } from '../../wire/dns-name.ts'
import type { ProbeContext } from '../context.ts'
import { findInHosts, hostsPath } from '../dns/hosts.ts'
import type { Lookup } from '../dns/lookup.ts'
import { lookupHost } from '../dns/lookup-host.ts'
import { unusableAddress } from '../dns/usable-address.ts'
import { note } from '../recorder.ts'
import { stopFailure } from '../socket-failure.ts'

export interface ResolvedAddress {
  ip: string
  family: 4 | 6
  /** Seconds, aliases on the way included; null when it does not come from the DNS. */
  ttl: number | null
  source: 'literal' | 'localhost' | 'hosts' | 'dns'
}

export interface Resolved {
  /** In the order to try. Empty when there is a failure, except when the time ran out after the answer. */
  addresses: ResolvedAddress[]
  /** The name the addresses belong to, after all aliases; null when nobody said. */
  canonicalName: string | null
  /** Every name that the host is an alias for, in order. */
  aliases: string[]
  failure: Failure | null
}

/** Unusable addresses that are named one by one. */
const MAX_NAMED = 4
/** Characters of an impossible name that are quoted. */
const MAX_QUOTED_NAME = 80

/**
 * Finds the addresses of a host: an IP literal (IPv6 without brackets), the hosts file, localhost (RFC 6761,
 * 6.3), the DNS, in that order. Both families are interleaved, IPv6 first (RFC 8305, section 4), and cut to
 * `limits.addresses`. Everything it does is in `ctx.recorder`; failing is data. A literal needs no waiting, so that no
 * promise is made for it.
 */
export function resolve(host: string, port: number, ctx: ProbeContext): Resolved | Promise<Resolved> {
  const family = isIP(host)
  return family === 0 ? resolveName(host, port, ctx) : resolveLiteral(host, family === 6 ? 6 : 4, ctx)
}

async function resolveName(host: string, port: number, ctx: ProbeContext): Promise<Resolved> {
  const observation = ctx.recorder.begin('resolve', { host, port, family: ctx.options.family })
  const name = host.endsWith('.') ? host.slice(0, -1) : host
  const known = lookInHosts(name, ctx)
  if (known.addresses.length > 0) return finish(host, observation, known, ctx)
  if (isLocalhost(name)) return finish(host, observation, localAddresses(ctx), ctx)
  const problem = name === '' ? 'the name is empty' : nameProblem(name)
  if (problem) {
    const raw = `"${name.slice(0, MAX_QUOTED_NAME)}" cannot be in the DNS, nobody was asked: ${problem}`
    return finish(host, observation, nothing('dns', failure('dns_name_not_found', raw)), ctx)
  }
  const { lookups, failure: failed, asked, config } = await lookupHost(host, observation, ctx)
  const found = nothing('dns', failed)
  found.lookups = lookups
  found.more = { asked, resolvers: config.servers, resolversFrom: config.from }
  for (const lookup of lookups) {
    const of = lookup.type === 'A' ? 4 : 6
    for (const { ip, ttl } of lookup.addresses) found.addresses.push({ ip, family: of, ttl, source: 'dns' })
  }
  return finish(host, observation, found, ctx)
}

/** The way of every check by address: one observation and nothing else. */
function resolveLiteral(ip: string, family: 4 | 6, ctx: ProbeContext): Resolved {
  const wanted = ctx.options.family
  const observation = ctx.recorder.begin('resolve', { host: ip, family: wanted })
  const addresses: ResolvedAddress[] = [{ ip, family, ttl: null, source: 'literal' }]
  const output = { source: 'literal', addresses }
  const reason = wanted === 0 || wanted === family ? unusableAddress(ip) : null
  if (reason === null && (wanted === 0 || wanted === family)) {
    ctx.recorder.end(observation, output)
    return { addresses, canonicalName: null, aliases: [], failure: null }
  }
  const failed = reason
    ? failure('address_unusable', `${ip} is ${reason}`)
    : failure('dns_no_address', `${ip} is an IPv${family} address, and only IPv${wanted} was asked for`)
  ctx.recorder.fail(observation, failed, output)
  return { addresses: [], canonicalName: null, aliases: [], failure: failed }
}

/** What one source gave. */
interface Found {
  source: ResolvedAddress['source']
  addresses: ResolvedAddress[]
  failure: Failure | null
  lookups: Lookup[]
  /** The hosts file's own name for it. */
  canonicalName: string | null
  /** What else the umbrella observation says. */
  more: Record<string, unknown> | null
}

function nothing(source: Found['source'], failed: Failure | null = null): Found {
  return { source, addresses: [], failure: failed, lookups: [], canonicalName: null, more: null }
}

function lookInHosts(name: string, ctx: ProbeContext): Found {
  const found = nothing('hosts')
  const path = hostsPath(process.platform, process.env.SystemRoot)
  const observation = ctx.recorder.begin('hosts_file', { path, host: name })
  const text = ctx.io.readText(path)
  const answer = text === null ? null : findInHosts(text, name)
  const entries = answer?.entries ?? []
  found.canonicalName = answer?.canonicalName ?? null
  ctx.recorder.end(observation, { readable: text !== null, entries, canonicalName: found.canonicalName })
  for (const { ip, family } of entries) {
    if (isWanted(family, ctx)) found.addresses.push({ ip, family, ttl: null, source: 'hosts' })
  }
  if (found.addresses.length === 0 && entries.length > 0) {
    note(observation, `no IPv${ctx.options.family} address in it, so the search goes on`)
  }
  return found
}

function isLocalhost(name: string): boolean {
  const folded = name.toLowerCase()
  return folded === 'localhost' || folded.endsWith('.localhost')
}

function localAddresses(ctx: ProbeContext): Found {
  const found = nothing('localhost')
  if (isWanted(4, ctx)) found.addresses.push({ ip: '127.0.0.1', family: 4, ttl: null, source: 'localhost' })
  if (isWanted(6, ctx)) found.addresses.push({ ip: '::1', family: 6, ttl: null, source: 'localhost' })
  return found
}

function isWanted(family: 4 | 6, ctx: ProbeContext): boolean {
  return ctx.options.family === 0 || ctx.options.family === family
}

/** Leaves out what cannot be a host, puts the rest in order and closes the umbrella observation. */
function finish(host: string, observation: Observation, found: Found, ctx: ProbeContext): Resolved {
  const { recorder, deadline, options } = ctx
  const unusable: string[] = []
  const usable: ResolvedAddress[] = []
  for (const address of found.addresses) {
    const reason = unusableAddress(address.ip)
    if (reason) unusable.push(`${address.ip} is ${reason}`)
    else usable.push(address)
  }
  const ordered = interleave(usable)
  const addresses = ordered.slice(0, options.limits.addresses)
  if (ordered.length > addresses.length) {
    note(observation, `only the first ${addresses.length} of ${ordered.length} addresses are used`)
  }
  let failed = found.failure
  if (!failed && usable.length === 0) {
    const named = unusable.slice(0, MAX_NAMED).join('; ')
    failed = failure('address_unusable', `"${host}" leads to no usable address: ${named}`)
  } else {
    for (const says of unusable.slice(0, MAX_NAMED)) note(observation, `left out: ${says}`)
  }
  // The answer came, but the time of the whole check is over: what is open now is this phase.
  if (!failed && deadline.reason) {
    failed = stopFailure(deadline.reason, 'resolve', recorder.nowMs() - observation.startMs)
  }
  const decisive = decisiveLookup(found.lookups)
  const aliases = decisive?.aliases ?? []
  const settled = decisive && (decisive.addresses.length > 0 || aliases.length > 0)
  const canonicalName = found.canonicalName ?? (settled ? decisive.canonicalName : null)
  const output = {
    source: found.source,
    addresses: usable.length > 0 ? addresses : found.addresses.slice(0, options.limits.addresses),
    aliases,
    canonicalName,
    ttl: smallest(found.addresses, (address) => address.ttl),
    answeredBy: decisive?.answeredBy ?? null,
    negativeTtl: usable.length > 0 ? null : smallest(found.lookups, (lookup) => lookup.negativeTtl),
    extendedErrors: distinctErrors(found.lookups),
    ...found.more,
  }
  if (failed) recorder.fail(observation, failed, output)
  else recorder.end(observation, output)
  return { addresses, canonicalName, aliases, failure: failed }
}

/** Takes turns between the families, IPv6 first, each in its own order; the same address only once. */
function interleave(addresses: ResolvedAddress[]): ResolvedAddress[] {
  const seen = new Set<string>()
  const fresh = addresses.filter(({ ip }) => !seen.has(ip) && seen.add(ip))
  const six = fresh.filter(({ family }) => family === 6)
  const four = fresh.filter(({ family }) => family === 4)
  const ordered: ResolvedAddress[] = []
  for (let index = 0; index < Math.max(six.length, four.length); index++) {
    const [first, second] = [six[index], four[index]]
    if (first) ordered.push(first)
    if (second) ordered.push(second)
  }
  return ordered
}

/** The lookup to quote: one with addresses, else one that was answered, else none. */
function decisiveLookup(lookups: Lookup[]): Lookup | undefined {
  return (
    lookups.find((lookup) => lookup.addresses.length > 0) ??
    lookups.find((lookup) => lookup.aliases.length > 0) ??
    lookups.find((lookup) => lookup.answeredBy !== null)
  )
}

function smallest<Item>(items: Item[], of: (item: Item) => number | null): number | null {
  let least: number | null = null
  for (const item of items) {
    const value = of(item)
    if (value !== null && (least === null || value < least)) least = value
  }
  return least
}

function distinctErrors(lookups: Lookup[]): ExtendedError[] {
  const known = new Map<string, ExtendedError>()
  for (const { extendedErrors } of lookups) {
    for (const error of extendedErrors) known.set(`${error.code} ${error.text}`, error)
  }
  return [...known.values()]
}
