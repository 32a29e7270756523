// All addresses of a host from the DNS: both families side by side, the search list for names without a dot.
// Knows which questions to ask; how one question is carried through is in lookup.ts.
import { type Failure, failure } from '../../model/failure.ts'
import type { Observation } from '../../model/observation.ts'
import type { Timer } from '../../util/clock.ts'
import { Deadline } from '../../util/deadline.ts'
import { nameProblem } from '../../wire/dns-name.ts'
import type { ProbeContext } from '../context.ts'
import { note } from '../recorder.ts'
import { type AddressType, joinFailures, type Lookup, lookupAddresses } from './lookup.ts'
import { type ResolverConfig, resolverConfig } from './resolv-conf.ts'

/** How long the other family is waited for once one has addresses. Browsers give it 50 ms (RFC 8305, section 3). */
export const RESOLUTION_GRACE_MS = 1_000

export interface HostLookup {
  /** Of the name that decided, one per family asked. */
  lookups: Lookup[]
  /** Null as soon as one family has addresses. */
  failure: Failure | null
  /** Every name asked for, in order: more than one with a search list. */
  asked: string[]
  config: ResolverConfig
}

/**
 * Looks a host up. A browser's host is complete, so the search list serves only a name without any dot, and then
 * before the name itself, as in the C library. Oddities become notes on `observation`. Never rejects.
 */
export async function lookupHost(
  host: string,
  observation: Observation,
  ctx: ProbeContext,
): Promise<HostLookup> {
  const config = resolverConfig(ctx.options.resolvers, ctx.io, process.platform)
  for (const problem of config.problems) note(observation, problem)
  const name = host.endsWith('.') ? host.slice(0, -1) : host
  const names = [name]
  if (!host.includes('.')) {
    const full = config.search.map((domain) => `${name}.${domain}`)
    names.unshift(...full.filter((candidate) => nameProblem(candidate) === null))
  }
  const found: HostLookup = { lookups: [], failure: null, asked: [], config }
  const failures: Failure[] = []
  for (const candidate of names) {
    found.asked.push(candidate)
    found.lookups = await lookupFamilies(candidate, config, observation, ctx)
    if (found.lookups.some((lookup) => lookup.addresses.length > 0)) return found
    const failed = await explain(candidate, found.lookups, config, ctx)
    failures.push(failed)
    // Who does not answer one name will not answer the next.
    if (!isNegative(failed) && failed.code !== 'dns_server_failure') break
  }
  found.failure =
    failures.find((one) => !isNegative(one)) ??
    failures.find((one) => one.code === 'dns_no_address') ??
    failures.at(-1) ??
    null
  return found
}

function isNegative({ code }: Failure): boolean {
  return code === 'dns_name_not_found' || code === 'dns_no_address'
}

/** A and AAAA at the same time; the slower one has `RESOLUTION_GRACE_MS` once the other has addresses. */
async function lookupFamilies(
  name: string,
  config: ResolverConfig,
  observation: Observation,
  ctx: ProbeContext,
): Promise<Lookup[]> {
  const { family } = ctx.options
  if (family !== 0)
    return [await lookupAddresses(name, family === 4 ? 'A' : 'AAAA', config, ctx, ctx.deadline)]

  const { clock } = ctx.io
  // They end with the check itself; their own bound lies behind that and never counts.
  const limits = [1, 1].map(
    (extraMs) => new Deadline(clock, ctx.deadline.remainingMs() + extraMs, ctx.deadline),
  )
  let grace = null as Timer | null
  const ask = async (
    type: AddressType,
    own: Deadline | undefined,
    other: Deadline | undefined,
  ): Promise<Lookup> => {
    const lookup = await lookupAddresses(name, type, config, ctx, own ?? ctx.deadline)
    own?.close()
    if (lookup.addresses.length > 0 && grace === null) {
      grace = clock.setTimer(() => other?.stop('timed_out'), RESOLUTION_GRACE_MS)
    }
    return lookup
  }
  const lookups = await Promise.all([ask('AAAA', limits[0], limits[1]), ask('A', limits[1], limits[0])])
  if (grace !== null) {
    clock.clearTimer(grace)
    for (const lookup of lookups) {
      if (!lookup.failure || isNegative(lookup.failure)) continue
      note(observation, `${lookup.type} is not known, the other family was enough: ${lookup.failure.raw}`)
    }
  }
  return lookups
}

/** Why there is no address. With one family wanted, the other is asked for too, to be able to say that it exists. */
async function explain(
  name: string,
  lookups: Lookup[],
  config: ResolverConfig,
  ctx: ProbeContext,
): Promise<Failure> {
  const failures = lookups.flatMap((lookup) => lookup.failure ?? [])
  const joined = joinFailures(failures)
  const { family } = ctx.options
  if (family === 0 || joined.code !== 'dns_no_address' || ctx.deadline.reason) return joined
  const other = await lookupAddresses(name, family === 4 ? 'AAAA' : 'A', config, ctx, ctx.deadline)
  if (other.addresses.length === 0) return joined
  const has = `it has ${other.type} (${other.addresses.length}), but only IPv${family} was asked for`
  return failure('dns_no_address', `${joined.raw}; ${has}`)
}
