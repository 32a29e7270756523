// Each resolver on its own: does it answer, how fast, do they agree, and does one invent names? Judges only what a
// single resolver did.
import { isIP } from 'node:net'
import type { ResolverFacts, ResolversFinding, ResolverState } from '../../model/doctor.ts'
import type { Failure, FailureCode } from '../../model/failure.ts'
import type { ProbeContext } from '../context.ts'
import { queryServer } from '../dns/query-server.ts'
import { type DnsServer, formatServer, resolverConfig } from '../dns/resolv-conf.ts'
import { unusableAddress } from '../dns/usable-address.ts'

/** Resolvers that are asked. */
const MAX_RESOLVERS = 6
/** Names each is asked for, besides one that does not exist. */
const MAX_NAMES = 3
/** Slower answers than this are felt on every page. */
const SLOW_MS = 500
const NONCE = 2 ** 32

/** Failure of every question to the state of the resolver; the first that is met decides. */
const STATES: [FailureCode, ResolverState][] = [
  ['dns_resolver_unreachable', 'unreachable'],
  ['dns_timed_out', 'silent'],
  ['dns_refused', 'refuses'],
]

/** Asks every resolver for the A records of `names` and of one that does not exist, all at once. */
export async function lookAtResolvers(
  names: readonly string[],
  timeoutMs: number,
  ctx: ProbeContext,
): Promise<ResolversFinding> {
  const config = resolverConfig(ctx.options.resolvers, ctx.io, process.platform)
  const servers = config.servers.slice(0, MAX_RESOLVERS)
  const asked = [...new Set(names)].slice(0, MAX_NAMES)
  // Long enough that nobody registered it.
  const missing = `whydown-${ctx.io.randomInt(NONCE).toString(36)}-${ctx.io.randomInt(NONCE).toString(36)}.com`
  const each = await Promise.all(servers.map((server) => lookAtOne(server, asked, missing, timeoutMs, ctx)))
  return { kind: 'resolvers', from: config.from, each, agree: agreement(each, asked) }
}

interface Asked {
  ips: string[]
  failure: Failure | null
  ms: number
}

async function ask(server: DnsServer, name: string, timeoutMs: number, ctx: ProbeContext): Promise<Asked> {
  const startMs = ctx.recorder.nowMs()
  const { message, failure } = await queryServer(server, { name, type: 'A', timeoutMs }, ctx)
  const ips: string[] = []
  for (const record of message?.answers ?? []) if (record.type === 'A') ips.push(record.data)
  return { ips: ips.toSorted(), failure, ms: ctx.recorder.nowMs() - startMs }
}

async function lookAtOne(
  server: DnsServer,
  names: readonly string[],
  missing: string,
  timeoutMs: number,
  ctx: ProbeContext,
): Promise<ResolverFacts> {
  const [invented, ...asked] = await Promise.all(
    [missing, ...names].map((name) => ask(server, name, timeoutMs, ctx)),
  )
  const answers: ResolverFacts['answers'] = {}
  const failures: ResolverFacts['failures'] = {}
  const times: number[] = []
  names.forEach((name, index) => {
    const one = asked[index]
    if (!one) return
    if (one.failure) failures[name] = one.failure
    else answers[name] = one.ips
    if (!one.failure) times.push(one.ms)
  })
  const medianMs = times.length === 0 ? null : (times.toSorted((a, b) => a - b)[times.length >> 1] ?? null)
  // "Does not exist" is a failure to us, and an answer of the resolver.
  const inventsNames = invented?.ips.length
    ? true
    : invented?.failure?.code === 'dns_name_not_found' || invented?.failure === null
      ? false
      : null
  const facts = { answers, failures, inventsNames, medianMs }
  const local = server.ip.startsWith('127.') || server.ip === '::1'
  return { server: formatServer(server), local, state: stateOf(facts, invented), ...facts }
}

function stateOf(
  { answers, failures, inventsNames, medianMs }: Omit<ResolverFacts, 'server' | 'local' | 'state'>,
  invented: Asked | undefined,
): ResolverState {
  const given = Object.values(answers).filter((ips) => ips.length > 0)
  const useless = given.some((ips) =>
    ips.every((ip) => unusableAddress(ip) !== null || ip.startsWith('127.')),
  )
  const same = given.every((ips) => ips.join() === invented?.ips.join())
  if (useless || (inventsNames && given.length > 0 && same)) return 'lies'
  if (given.length > 0) return medianMs !== null && medianMs > SLOW_MS ? 'slow' : 'answers'
  const codes = [...Object.values(failures).map(({ code }) => code)]
  if (codes.length === 0) {
    // No names to ask for: the one that does not exist tells as much.
    if (inventsNames !== null) return 'answers'
    if (invented?.failure) codes.push(invented.failure.code)
  }
  for (const [code, state] of STATES) if (codes.includes(code)) return state
  return 'fails'
}

/** Large sites answer differently from minute to minute: only names without any common address count. */
function agreement(each: readonly ResolverFacts[], names: readonly string[]): boolean | null {
  const answering = each.filter(({ answers }) => Object.values(answers).some((ips) => ips.length > 0))
  if (answering.length < 2) return null
  return names.every((name) => {
    const lists = answering.flatMap(({ answers }) => (answers[name]?.length ? [answers[name]] : []))
    const [first = []] = lists
    return lists.length < 2 || lists.every((list) => list.some((ip) => first.includes(ip)))
  })
}

/** Host names among URLs: what a resolver can be asked for. */
export function namesOf(urls: readonly URL[]): string[] {
  const names = urls
    .map(({ hostname }) => hostname)
    .filter((host) => !host.startsWith('[') && isIP(host) === 0)
  return [...new Set(names)].filter((name) => name !== 'localhost' && !name.endsWith('.localhost'))
}
