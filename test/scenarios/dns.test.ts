// How name resolution goes wrong, one row a situation: what the name servers do, and what a check must see.
// Real sockets on loopback; what waits, waits on a clock that the world moves.
import { describe, expect, test } from 'vitest'
import type { CheckOptions } from '../../src/model/check-options.ts'
import { DEFAULT_LIMITS } from '../../src/model/check-options.ts'
import type { FailureCode } from '../../src/model/failure.ts'
import type { Observation } from '../../src/model/observation.ts'
import type { ProbeContext } from '../../src/probe/context.ts'
import { hostsPath } from '../../src/probe/dns/hosts.ts'
import { RESOLV_CONF_PATH } from '../../src/probe/dns/resolv-conf.ts'
import { type Resolved, resolve } from '../../src/probe/steps/resolve.ts'
import { type FakeClock, fakeClock } from '../fake-clock.ts'
import { dnsContext, observed } from '../world/dns-context.ts'
import {
  a,
  aaaa,
  answer,
  closedPort,
  cname,
  type DnsScript,
  type DnsServerWorld,
  type ServerQuery,
  soa,
  startDnsServer,
  zone,
} from '../world/dns-server.ts'

const HOST = 'www.example.test'

interface World {
  clock: FakeClock
  ctx: () => ProbeContext
}

interface Seen {
  resolved: Resolved
  /** The umbrella observation. */
  umbrella: Observation
  /** The dns_query observations, in the order they began. */
  queries: Observation[]
  hostsFile: Observation | undefined
  servers: DnsServerWorld[]
}

interface Situation {
  name: string
  /** Default HOST. */
  host?: string
  /** One script per name server, in their order; null: nothing listens there. */
  servers?: ((world: World) => DnsScript | null)[]
  /** False: the TCP ports are closed. */
  tcp?: boolean
  ip?: string
  options?: Partial<CheckOptions>
  hosts?: string
  /** The servers go into this file instead of the options. */
  resolvConf?: (servers: string[]) => string
  totalMs?: number
  randomInt?: (max: number) => number
  /** Called when an observation ends. */
  whenEnded?: (observation: Observation, world: World) => void
  code: FailureCode | null
  raw?: RegExp
  addresses?: string[]
  shows?: (seen: Seen) => void
}

const sends =
  (make: (query: ServerQuery) => Buffer): (() => DnsScript) =>
  () =>
  (query) => ({ send: make(query) })

const says = (parts: Parameters<typeof answer>[1]) => sends((query) => answer(query, parts))

/** Answers A with the given records whose owner is the name asked, and AAAA with nothing. */
const onlyA = (...records: ReturnType<typeof a>[]) =>
  sends((query) => {
    if (query.type !== 'A') return answer(query, { authorities: [soa('example.test')] })
    return answer(query, { answers: records.map((one) => ({ ...one, name: one.name || query.name })) })
  })

const good = (): DnsScript => zone({ [HOST]: [a('127.0.0.1')] })

/** Says nothing; time moves on by the time-out when both families have asked. */
const silent =
  (afterMs = 5_000, perRound = 2) =>
  ({ clock }: World): DnsScript =>
  (query) => {
    if (query.count % perRound === 0) clock.advance(afterMs)
    return 'drop'
  }

/** Moves time on after what was sent has arrived: both ends share this event loop, which gets some rounds to poll. */
function afterwards(clock: FakeClock, ms: number, rounds = 10): void {
  setImmediate(() => (rounds > 0 ? afterwards(clock, ms, rounds - 1) : clock.advance(ms)))
}

/** Over UDP truncated, over TCP what is given. */
const overTcp = (then: DnsScript) => (): DnsScript => (query) =>
  query.transport === 'udp' ? { send: answer(query, { truncated: true }) } : then(query)

/** A real answer, its bytes changed. */
const changed = (change: (bytes: Buffer) => Buffer) =>
  sends((query) => change(answer(query, { answers: [{ ...a('127.0.0.1'), name: query.name }] })))

const notes = (observation: Observation | undefined): string => (observation?.notes ?? []).join('\n')
const allNotes = (seen: Seen): string => seen.queries.map(notes).join('\n')

const HEALTHY: Situation[] = [
  {
    name: 'IPv4 only',
    servers: [good],
    code: null,
    addresses: ['127.0.0.1'],
    shows: ({ umbrella, queries, servers }) => {
      const server = `127.0.0.1:${servers[0]?.port}`
      expect(umbrella.output).toMatchObject({
        source: 'dns',
        ttl: 300,
        answeredBy: server,
        canonicalName: HOST,
        negativeTtl: null,
      })
      expect(queries.map(({ input }) => String(input.type)).toSorted()).toEqual(['A', 'AAAA'])
      const output = queries.find(({ input }) => input.type === 'A')?.output
      expect(output).toMatchObject({ rcode: 0, rcodeName: 'NOERROR', answeredBy: server, soa: null })
      expect(output?.answers).toEqual([{ type: 'A', name: HOST, ttl: 300, data: '127.0.0.1' }])
      expect(output?.flags).toMatchObject({ qr: true, ra: true, tc: false })
      expect(queries.every(({ failure }) => failure === null)).toBe(true)
    },
  },
  {
    name: 'both families, which take turns with IPv6 first',
    servers: [() => zone({ [HOST]: [a('127.0.0.1'), a('127.0.0.2'), a('127.0.0.3'), aaaa('::1')] })],
    code: null,
    addresses: ['::1', '127.0.0.1', '127.0.0.2', '127.0.0.3'],
  },
  {
    name: 'only IPv4 wanted',
    servers: [() => zone({ [HOST]: [a('127.0.0.1'), aaaa('::1')] })],
    options: { family: 4 },
    code: null,
    addresses: ['127.0.0.1'],
    shows: ({ queries }) => expect(queries).toHaveLength(1),
  },
  {
    name: 'a chain of aliases, whose smallest TTL counts',
    servers: [
      () =>
        zone({
          [HOST]: [cname('cdn.example.test', '', 20)],
          'cdn.example.test': [cname('edge.example.test')],
          'edge.example.test': [a('127.0.0.1', '', 77)],
        }),
    ],
    code: null,
    addresses: ['127.0.0.1'],
    shows: ({ resolved, umbrella }) => {
      expect(resolved.aliases).toEqual(['cdn.example.test', 'edge.example.test'])
      expect(resolved.canonicalName).toBe('edge.example.test')
      expect(resolved.addresses[0]?.ttl).toBe(20)
      expect(umbrella.output).toMatchObject({ ttl: 20, aliases: resolved.aliases })
    },
  },
  {
    name: 'a chain whose end is missing, so that it is asked for',
    servers: [
      sends((query) => {
        if (query.name === HOST) return answer(query, { answers: [cname('edge.example.test', HOST)] })
        if (query.type === 'AAAA') return answer(query, { authorities: [soa('test')] })
        return answer(query, { answers: [a('127.0.0.1', query.name)] })
      }),
    ],
    code: null,
    addresses: ['127.0.0.1'],
    shows: ({ resolved, queries }) => {
      expect(resolved.aliases).toEqual(['edge.example.test'])
      expect(queries.filter(({ input }) => input.name === 'edge.example.test')).toHaveLength(2)
    },
  },
  {
    name: 'names that come back in another case',
    servers: [
      sends((query) =>
        answer(query, {
          question: { name: 'WWW.Example.TEST', type: query.type },
          answers: query.type === 'A' ? [a('127.0.0.1', 'www.EXAMPLE.test')] : [],
        }),
      ),
    ],
    code: null,
    addresses: ['127.0.0.1'],
  },
  {
    name: 'two aliases for one name, of which the first is taken',
    servers: [onlyA(cname('x.test'), cname('y.test'), a('127.0.0.9', 'x.test'), a('127.0.0.8', 'y.test'))],
    code: null,
    addresses: ['127.0.0.9'],
    shows: (seen) => expect(allNotes(seen)).toMatch(/two different aliases/),
  },
  {
    name: 'more addresses than the limit',
    servers: [() => zone({ [HOST]: Array.from({ length: 20 }, (_, index) => a(`127.0.0.${index + 1}`)) })],
    code: null,
    shows: ({ resolved, umbrella }) => {
      expect(resolved.addresses).toHaveLength(DEFAULT_LIMITS.addresses)
      expect(notes(umbrella)).toMatch(/only the first 16 of 20/)
    },
  },
  {
    name: 'the same address twice',
    servers: [onlyA(a('127.0.0.1'), a('127.0.0.1'))],
    code: null,
    addresses: ['127.0.0.1'],
  },
  {
    name: 'a stale answer, which the server admits',
    servers: [
      sends((query) =>
        answer(query, { answers: [a('127.0.0.1', HOST)], errors: [{ code: 3, text: 'authority is down' }] }),
      ),
    ],
    options: { family: 4 },
    code: null,
    addresses: ['127.0.0.1'],
    shows: ({ umbrella }) =>
      expect(umbrella.output?.extendedErrors).toEqual([
        { code: 3, name: 'Stale Answer', text: 'authority is down' },
      ]),
  },
  {
    name: 'bytes behind the message, which are noted',
    servers: [changed((bytes) => Buffer.concat([bytes, Buffer.alloc(7)]))],
    options: { family: 4 },
    code: null,
    addresses: ['127.0.0.1'],
    shows: (seen) => expect(allNotes(seen)).toMatch(/7 bytes follow/),
  },
]

const DETOURS: Situation[] = [
  {
    name: 'truncated over UDP, whole over TCP',
    servers: [overTcp(good())],
    options: { family: 4 },
    code: null,
    addresses: ['127.0.0.1'],
    shows: ({ queries }) => {
      expect(queries.map(({ input }) => input.transport)).toEqual(['udp', 'tcp'])
      expect(notes(queries[0])).toMatch(/asked again over TCP/)
      expect(queries[0]?.output?.flags).toMatchObject({ tc: true })
    },
  },
  {
    name: 'truncated in the middle of a record',
    servers: [
      () => (query) => {
        const records = [a('127.0.0.1', HOST), a('127.0.0.2', HOST)]
        const bytes = answer(query, { answers: records, truncated: query.transport === 'udp' })
        return { send: query.transport === 'udp' ? bytes.subarray(0, -6) : bytes }
      },
    ],
    options: { family: 4 },
    code: null,
    addresses: ['127.0.0.1', '127.0.0.2'],
    shows: ({ queries }) => expect(queries[0]?.output?.answers).toHaveLength(1),
  },
  {
    name: 'an answer over TCP in pieces of one byte',
    servers: [
      overTcp((query) => {
        const bytes = answer(query, { answers: [a('127.0.0.1', HOST)] })
        const framed = Buffer.concat([Buffer.of(0, bytes.length), bytes])
        return { raw: [...framed].map((byte) => Buffer.of(byte)) }
      }),
    ],
    options: { family: 4 },
    code: null,
    addresses: ['127.0.0.1'],
  },
  ...(['FORMERR', 'NOTIMP', 16] as const).map((rcode): Situation => {
    const shown = rcode === 16 ? 'BADVERS' : rcode
    const refusal = rcode === 16 ? { rcode: 0, extendedRcode: 1 } : { rcode }
    return {
      name: `${shown} to EDNS, an answer without it`,
      servers: [() => (query) => (query.edns ? { send: answer(query, refusal) } : good()(query))],
      options: { family: 4 },
      code: null,
      addresses: ['127.0.0.1'],
      shows: ({ queries }) => {
        expect(queries.map(({ input }) => input.edns)).toEqual([true, false])
        expect(queries[0]?.failure?.raw).toContain(shown)
        expect(notes(queries[0])).toMatch(/asked again without/)
      },
    }
  }),
  {
    name: 'silence to EDNS, an answer without it in the second round',
    servers: [(world) => (query) => (query.edns ? silent(5_000, 1)(world)(query) : good()(query))],
    options: { family: 4 },
    code: null,
    addresses: ['127.0.0.1'],
    shows: ({ queries }) => {
      expect(queries.map(({ input }) => input.attempt)).toEqual([1, 2])
      expect(queries[0]?.failure).toMatchObject({ code: 'dns_timed_out' })
      expect(notes(queries[1])).toMatch(/without EDNS/)
    },
  },
  {
    name: 'packets with another id before the answer',
    servers: [
      () => (query) => {
        const right = answer(query, { answers: [a('127.0.0.1', HOST)] })
        const wrong = answer(query, { id: query.id ^ 1, answers: [a('127.0.0.66', HOST)] })
        return { send: [wrong, wrong, right] }
      },
    ],
    options: { family: 4 },
    code: null,
    addresses: ['127.0.0.1'],
    shows: (seen) => expect(allNotes(seen)).toMatch(/ignored 2 packets .*another id/),
  },
  {
    name: 'a forged answer from another port before the real one',
    servers: [
      () => (query) => ({
        elsewhere: answer(query, { answers: [a('127.0.0.66', HOST)] }),
        send: answer(query, { answers: [a('127.0.0.1', HOST)] }),
      }),
    ],
    options: { family: 4 },
    code: null,
    addresses: ['127.0.0.1'],
  },
  ...(
    [
      ['that fails', says({ rcode: 'SERVFAIL' }), 'dns_server_failure'],
      ['that refuses', says({ rcode: 'REFUSED' }), 'dns_refused'],
      ['that is not there', () => null, 'dns_resolver_unreachable'],
      ['that says nothing', silent(5_000, 1), 'dns_timed_out'],
      ['that sends rubbish', changed((bytes) => bytes.subarray(0, 20)), 'dns_malformed_answer'],
      [
        'that does not resolve',
        says({ recursionAvailable: false, authorities: [{ name: 'test', type: 'NS', data: 'ns.test' }] }),
        'dns_server_failure',
      ],
    ] as const
  ).map(
    ([name, first, code]): Situation => ({
      name: `a first server ${name}, and a second that answers`,
      servers: [first, good],
      options: { family: 4 },
      code: null,
      addresses: ['127.0.0.1'],
      shows: ({ queries, servers, umbrella }) => {
        expect(queries.map(({ failure }) => failure?.code ?? null)).toEqual([code, null])
        expect(umbrella.output?.answeredBy).toBe(`127.0.0.1:${servers[1]?.port}`)
      },
    }),
  ),
  {
    name: 'an answer that takes its time',
    servers: [
      ({ clock }) =>
        async (query) => {
          await new Promise(setImmediate)
          clock.advance(2_000)
          return good()(query)
        },
    ],
    options: { family: 4 },
    code: null,
    addresses: ['127.0.0.1'],
    shows: ({ queries }) => {
      expect(queries[0]?.output?.ms).toBe(2_000)
      expect(queries).toHaveLength(1)
    },
  },
  {
    name: 'an AAAA question that is never answered',
    servers: [() => (query) => (query.type === 'A' ? good()(query) : 'drop')],
    whenEnded: ({ operation, input }, { clock }) => {
      if (operation === 'dns_query' && input.type === 'A') setImmediate(() => clock.advance(1_000))
    },
    code: null,
    addresses: ['127.0.0.1'],
    shows: ({ queries, umbrella }) => {
      const slow = queries.find(({ input }) => input.type === 'AAAA')
      expect(slow?.failure).toMatchObject({ code: 'dns_timed_out' })
      expect(slow && slow.endMs - slow.startMs).toBe(1_000)
      expect(notes(umbrella)).toMatch(/AAAA is not known/)
    },
  },
  {
    name: 'an AAAA question that fails',
    servers: [
      () => (query) => (query.type === 'A' ? good()(query) : { send: answer(query, { rcode: 'SERVFAIL' }) }),
    ],
    code: null,
    addresses: ['127.0.0.1'],
    shows: ({ umbrella }) => expect(notes(umbrella)).toMatch(/AAAA is not known.*SERVFAIL/),
  },
]

const SOURCES: Situation[] = [
  {
    name: 'the hosts file before the DNS',
    servers: [good],
    hosts:
      '127.0.0.1 localhost\n# 127.0.0.6 www.example.test\n127.0.0.7\tother WWW.example.test # x\n::1 www.example.test',
    code: null,
    addresses: ['::1', '127.0.0.7'],
    shows: ({ queries, hostsFile, resolved }) => {
      expect(queries).toHaveLength(0)
      expect(resolved.canonicalName).toBe('other')
      expect(hostsFile?.output).toMatchObject({
        readable: true,
        entries: [
          { ip: '127.0.0.7', line: 3 },
          { ip: '::1', line: 4 },
        ],
      })
    },
  },
  {
    name: 'a hosts file without the family that is wanted',
    servers: [() => zone({ [HOST]: [aaaa('::1')] })],
    hosts: '127.0.0.7 www.example.test',
    options: { family: 6 },
    code: null,
    addresses: ['::1'],
    shows: ({ hostsFile }) => expect(notes(hostsFile)).toMatch(/no IPv6 address/),
  },
  { name: 'localhost', host: 'localhost', code: null, addresses: ['::1', '127.0.0.1'] },
  { name: 'a name below localhost', host: 'App.LocalHost.', code: null, addresses: ['::1', '127.0.0.1'] },
  {
    name: 'localhost that the hosts file puts elsewhere',
    host: 'localhost',
    hosts: '127.0.0.5 localhost',
    code: null,
    addresses: ['127.0.0.5'],
  },
  {
    name: 'an IPv4 literal, without asking anybody',
    host: '127.0.0.1',
    code: null,
    addresses: ['127.0.0.1'],
    shows: ({ umbrella, queries, hostsFile }) => {
      expect(umbrella.output).toMatchObject({ source: 'literal' })
      expect([queries.length, hostsFile]).toEqual([0, undefined])
    },
  },
  { name: 'an IPv6 literal', host: '::1', code: null, addresses: ['::1'] },
  {
    name: 'a name without a dot and the search list',
    host: 'www',
    servers: [() => zone({ 'www.second.test': [a('127.0.0.1')] })],
    resolvConf: ([server]) => `nameserver ${server}\nsearch first.test second.test.\n`,
    code: null,
    addresses: ['127.0.0.1'],
    shows: ({ umbrella, resolved }) => {
      expect(umbrella.output).toMatchObject({
        asked: ['www.first.test', 'www.second.test'],
        resolversFrom: RESOLV_CONF_PATH,
      })
      expect(resolved.canonicalName).toBe('www.second.test')
    },
  },
  {
    name: 'a name with its dot at the end, which no search list touches',
    host: 'www.',
    servers: [() => zone({ www: [a('127.0.0.1')] })],
    resolvConf: ([server]) => `search first.test\nnameserver ${server}\n`,
    code: null,
    addresses: ['127.0.0.1'],
    shows: ({ umbrella }) => expect(umbrella.output?.asked).toEqual(['www']),
  },
  {
    name: 'no name of the search list exists',
    host: 'www',
    servers: [() => zone({})],
    resolvConf: ([server]) => `domain first.test\nnameserver ${server}\n`,
    code: 'dns_name_not_found',
    shows: ({ umbrella }) => expect(umbrella.output?.asked).toEqual(['www.first.test', 'www']),
  },
  {
    name: 'a failing name of the search list, which leaves the answer open',
    host: 'www',
    servers: [
      () => (query) =>
        query.name === 'www' ? zone({})(query) : { send: answer(query, { rcode: 'SERVFAIL' }) },
    ],
    resolvConf: ([server]) => `search first.test\nnameserver ${server}\n`,
    code: 'dns_server_failure',
  },
  {
    name: 'a name server at an IPv6 address',
    ip: '::1',
    servers: [good],
    resolvConf: ([server]) => `nameserver ${server}\n`,
    code: null,
    addresses: ['127.0.0.1'],
    shows: ({ queries, servers }) => {
      expect(queries[0]?.input).toMatchObject({ server: '::1', port: servers[0]?.port })
      expect(queries[0]?.output?.answeredBy).toBe(`[::1]:${servers[0]?.port}`)
    },
  },
  {
    name: 'TCP by configuration',
    servers: [good],
    resolvConf: ([server]) => `nameserver ${server}\noptions use-vc timeout:1\n`,
    code: null,
    addresses: ['127.0.0.1'],
    shows: ({ queries }) => expect(queries.map(({ input }) => input.transport)).toEqual(['tcp', 'tcp']),
  },
  {
    name: 'rotation by configuration',
    servers: [() => () => 'drop', good],
    resolvConf: (servers) =>
      `${servers.map((server) => `nameserver ${server}`).join('\n')}\noptions rotate\n`,
    randomInt: (max) => (max === 2 ? 1 : 4_711),
    code: null,
    addresses: ['127.0.0.1'],
    shows: ({ servers }) => expect(servers.map(({ queries }) => queries.length)).toEqual([0, 2]),
  },
  {
    name: 'a time-out by configuration',
    servers: [silent(2_000)],
    resolvConf: ([server]) => `nameserver ${server}\noptions timeout:2 attempts:3\nbanana\n`,
    code: 'dns_timed_out',
    raw: /within 2000 ms/,
    shows: ({ queries, umbrella }) => {
      expect(queries).toHaveLength(6)
      expect(notes(umbrella)).toMatch(/line 3: "banana" is not a keyword/)
    },
  },
]

const NEGATIVE: Situation[] = [
  {
    name: 'a name that does not exist',
    servers: [() => zone({})],
    code: 'dns_name_not_found',
    raw: /^NXDOMAIN from 127\.0\.0\.1:\d+$/,
    addresses: [],
    shows: ({ umbrella, queries }) => {
      expect(umbrella.output?.negativeTtl).toBe(60)
      expect(queries[0]?.output).toMatchObject({
        rcodeName: 'NXDOMAIN',
        negativeTtl: 60,
        soa: { owner: 'test', primary: 'ns.test', minimum: 60 },
      })
      expect(queries[0]?.failure?.code).toBe('dns_name_not_found')
    },
  },
  {
    name: 'a name that does not exist, by a blocking resolver',
    servers: [says({ rcode: 'NXDOMAIN', errors: [{ code: 15, text: 'blocked by policy' }] })],
    code: 'dns_name_not_found',
    raw: /NXDOMAIN from .* \(EDE 15 Blocked: blocked by policy\)/,
    shows: ({ umbrella }) =>
      expect(umbrella.output?.extendedErrors).toEqual([
        { code: 15, name: 'Blocked', text: 'blocked by policy' },
      ]),
  },
  {
    name: 'an alias of a name that does not exist',
    servers: [() => zone({ [HOST]: [cname('gone.example.test')] })],
    code: 'dns_name_not_found',
    raw: /NXDOMAIN from .*, for "gone\.example\.test", of which "www\.example\.test" is an alias/,
    shows: ({ resolved }) => expect(resolved.aliases).toEqual(['gone.example.test']),
  },
  {
    name: 'a name without any address',
    servers: [() => zone({ [HOST]: [] })],
    code: 'dns_no_address',
    raw: /NOERROR without AAAA from .*; NOERROR without A from/,
    shows: ({ queries, umbrella }) => {
      expect(queries.map(({ failure }) => failure)).toEqual([null, null])
      expect(umbrella.output?.negativeTtl).toBe(60)
    },
  },
  {
    name: 'an alias of a name without any address, which the server vouches for',
    servers: [() => zone({ [HOST]: [cname('bare.example.test')], 'bare.example.test': [] })],
    code: 'dns_no_address',
    raw: /for "bare\.example\.test", of which "www\.example\.test" is an alias/,
    shows: ({ queries, resolved }) => {
      expect(queries).toHaveLength(2)
      expect(resolved.canonicalName).toBe('bare.example.test')
    },
  },
  {
    name: 'only addresses of somebody else in the answer',
    servers: [
      sends((query) => answer(query, { answers: [a('127.0.0.1', 'other.test'), aaaa('::1', 'other.test')] })),
    ],
    code: 'dns_no_address',
    shows: ({ queries }) => expect(queries[0]?.output?.answers).toHaveLength(2),
  },
  {
    name: 'IPv4 wanted and only IPv6 there',
    servers: [() => zone({ [HOST]: [aaaa('::1')] })],
    options: { family: 4 },
    code: 'dns_no_address',
    raw: /without A from .*it has AAAA \(1\), but only IPv4 was asked for/,
  },
  {
    name: 'IPv6 wanted and only IPv4 there',
    servers: [good],
    options: { family: 6 },
    code: 'dns_no_address',
    raw: /without AAAA from .*it has A \(1\), but only IPv6 was asked for/,
  },
  {
    name: 'IPv6 wanted of an IPv4 literal',
    host: '127.0.0.1',
    options: { family: 6 },
    code: 'dns_no_address',
    raw: /is an IPv4 address/,
  },
  {
    name: 'NXDOMAIN for one family and nothing for the other',
    servers: [sends((query) => answer(query, { rcode: query.type === 'A' ? 'NXDOMAIN' : 'NOERROR' }))],
    code: 'dns_name_not_found',
    raw: /NXDOMAIN.*; NOERROR without AAAA/,
  },
  {
    name: 'nothing for one family and failure for the other',
    servers: [sends((query) => answer(query, { rcode: query.type === 'A' ? 'NOERROR' : 'SERVFAIL' }))],
    code: 'dns_server_failure',
    raw: /SERVFAIL.*; NOERROR without A /,
  },
  {
    name: 'a label that no name can have',
    host: `${'a'.repeat(64)}.test`,
    servers: [good],
    code: 'dns_name_not_found',
    raw: /nobody was asked: a label is longer/,
    shows: ({ queries }) => expect(queries).toHaveLength(0),
  },
  {
    name: 'an empty label',
    host: 'a..test',
    servers: [good],
    code: 'dns_name_not_found',
    raw: /empty label/,
  },
]

const UNUSABLE: Situation[] = [
  {
    name: '0.0.0.0 alone',
    servers: [onlyA(a('0.0.0.0'))],
    code: 'address_unusable',
    raw: /0\.0\.0\.0 is in 0\.0\.0\.0\/8/,
    addresses: [],
  },
  {
    name: '0.0.0.0 in the hosts file',
    hosts: '0.0.0.0 www.example.test',
    code: 'address_unusable',
    raw: /0\.0\.0\.0/,
  },
  { name: '0.0.0.0 as a literal', host: '0.0.0.0', code: 'address_unusable' },
  { name: 'multicast alone', servers: [onlyA(a('224.0.0.1'))], code: 'address_unusable', raw: /multicast/ },
  {
    name: 'broadcast alone',
    servers: [onlyA(a('255.255.255.255'))],
    code: 'address_unusable',
    raw: /broadcast/,
  },
  {
    name: 'IPv6 unspecified alone',
    servers: [() => zone({ [HOST]: [aaaa('::')] })],
    code: 'address_unusable',
    raw: /unspecified/,
  },
  {
    name: 'IPv6 link-local alone',
    servers: [() => zone({ [HOST]: [aaaa('fe80::1')] })],
    code: 'address_unusable',
    raw: /link-local/,
  },
  { name: 'IPv6 multicast as a literal', host: 'ff02::1', code: 'address_unusable', raw: /multicast/ },
  {
    name: 'one unusable address among others, which is left out',
    servers: [onlyA(a('0.0.0.0'), a('127.0.0.1'))],
    code: null,
    addresses: ['127.0.0.1'],
    shows: ({ umbrella }) => expect(notes(umbrella)).toMatch(/left out: 0\.0\.0\.0/),
  },
]

const FAILING: Situation[] = [
  {
    name: 'DNSSEC that does not validate',
    servers: [says({ rcode: 'SERVFAIL', errors: [{ code: 6, text: 'no DS' }] })],
    code: 'dns_server_failure',
    raw: /SERVFAIL from .* \(EDE 6 DNSSEC Bogus: no DS\)/,
    shows: ({ umbrella, queries }) => {
      expect(umbrella.output?.extendedErrors).toEqual([{ code: 6, name: 'DNSSEC Bogus', text: 'no DS' }])
      expect(queries).toHaveLength(2)
    },
  },
  {
    name: 'a server that does not serve us',
    servers: [says({ rcode: 'REFUSED', errors: [{ code: 18 }] })],
    code: 'dns_refused',
    raw: /REFUSED from .*EDE 18 Prohibited/,
  },
  {
    name: 'a refusal that leaves the question out',
    servers: [says({ rcode: 'REFUSED', question: null })],
    code: 'dns_refused',
    shows: (seen) => expect(allNotes(seen)).toMatch(/does not repeat the question/),
  },
  {
    name: 'a server that implements nothing',
    servers: [says({ rcode: 'NOTIMP' })],
    code: 'dns_server_failure',
    raw: /NOTIMP/,
    shows: ({ queries }) => expect(queries).toHaveLength(4),
  },
  {
    name: 'an RCODE nobody knows',
    servers: [says({ rcode: 14 })],
    code: 'dns_server_failure',
    raw: /RCODE14/,
  },
  {
    name: 'a referral instead of an answer',
    servers: [
      says({ recursionAvailable: false, authorities: [{ name: 'test', type: 'NS', data: 'ns.test' }] }),
    ],
    code: 'dns_server_failure',
    raw: /a referral to other servers from/,
    shows: ({ queries }) =>
      expect(queries[0]?.output?.authorities).toMatchObject([{ type: 'NS', data: 'ns.test' }]),
  },
  {
    name: 'an empty answer of a server without recursion',
    servers: [says({ recursionAvailable: false })],
    code: 'dns_server_failure',
    raw: /an empty answer and no recursion/,
  },
  {
    name: 'one server silent and one failing',
    servers: [silent(), says({ rcode: 'SERVFAIL' })],
    code: 'dns_server_failure',
    raw: /SERVFAIL from .*no answer from/,
    shows: ({ servers }) => expect(servers[1]?.queries).toHaveLength(2),
  },
  {
    name: 'silence',
    servers: [silent()],
    code: 'dns_timed_out',
    raw: /no answer from 127\.0\.0\.1:\d+ within 5000 ms/,
    shows: ({ queries, umbrella }) => {
      expect(queries.map(({ input }) => input.attempt)).toEqual([1, 1, 2, 2])
      expect(umbrella.endMs).toBe(10_000)
    },
  },
  {
    name: 'silence until the whole time is over',
    servers: [silent(3_000)],
    totalMs: 3_000,
    code: 'dns_timed_out',
    shows: ({ queries, umbrella }) => {
      expect(queries).toHaveLength(2)
      expect(umbrella.endMs).toBe(3_000)
    },
  },
  {
    name: 'answers only from another port',
    servers: [
      ({ clock }) =>
        (query) => {
          afterwards(clock, 5_000)
          return { elsewhere: answer(query, { answers: [a('127.0.0.66', HOST)] }) }
        },
    ],
    options: { family: 4 },
    code: 'dns_timed_out',
    addresses: [],
  },
]

const MALFORMED: Situation[] = [
  {
    name: 'five bytes',
    servers: [changed((bytes) => bytes.subarray(0, 5))],
    code: 'dns_malformed_answer',
    raw: /12 bytes wanted, 5 came/,
  },
  {
    name: 'a cut answer',
    servers: [changed((bytes) => bytes.subarray(0, -1))],
    code: 'dns_malformed_answer',
    raw: /4 bytes wanted, 3 left \(offset \d+\)/,
    shows: ({ resolved, queries }) => {
      expect(resolved.failure?.at?.hex).toBe('7f0000')
      expect(queries[0]?.output?.received).toMatch(/^[0-9a-f]{40,}$/)
    },
  },
  {
    name: 'rubbish behind the right id',
    servers: [sends((query) => Buffer.concat([query.bytes.subarray(0, 2), Buffer.alloc(40, 0xff)]))],
    code: 'dns_malformed_answer',
  },
  {
    name: 'a compression pointer to itself',
    servers: [sends((query) => Buffer.concat([answer(query).fill(1, 7, 8), Buffer.from('c0ff', 'hex')]))],
    code: 'dns_malformed_answer',
    raw: /does not lead back/,
  },
  {
    name: 'an alias that points into itself',
    servers: [
      sends((query) => {
        const head = answer(query).fill(1, 7, 8)
        const data = Buffer.from(
          `c00c 0005 0001 00000001 0002 ${(0xc000 | (head.length + 12)).toString(16)}`.replaceAll(' ', ''),
          'hex',
        )
        return Buffer.concat([head, data])
      }),
    ],
    code: 'dns_malformed_answer',
    raw: /CNAME record from .*does not lead back/,
  },
  {
    name: 'counts that lie',
    servers: [changed((bytes) => bytes.fill(0xff, 6, 8))],
    code: 'dns_malformed_answer',
    raw: /answer record 2 of 65535/,
  },
  {
    name: 'an address of three bytes',
    servers: [
      changed((bytes) => {
        bytes.writeUInt16BE(3, bytes.length - 6)
        return bytes.subarray(0, -1)
      }),
    ],
    options: { family: 4 },
    code: 'dns_malformed_answer',
    raw: /A record from .*4 bytes wanted, 3 left/,
    shows: ({ queries }) =>
      expect(queries[0]?.output?.answers).toMatchObject([{ type: 'A', data: { hex: '7f0000' } }]),
  },
  {
    name: 'an answer to another name',
    servers: [says({ question: { name: 'other.test', type: 'A' } })],
    code: 'dns_malformed_answer',
    raw: /is for "other\.test" A/,
  },
  {
    name: 'an answer to another type',
    servers: [sends((query) => answer(query, { question: { name: query.name, type: 'MX' } }))],
    code: 'dns_malformed_answer',
    raw: /is for "www\.example\.test" MX/,
  },
  {
    name: 'an answer without a question',
    servers: [says({ question: null })],
    code: 'dns_malformed_answer',
    raw: /is for no question/,
  },
  {
    name: 'another opcode',
    servers: [changed((bytes) => bytes.fill(0xa8, 2, 3))],
    code: 'dns_malformed_answer',
    raw: /opcode 5/,
  },
  {
    name: 'only packets with another id',
    servers: [
      ({ clock }) =>
        (query) => {
          afterwards(clock, 5_000)
          return { send: answer(query, { id: query.id ^ 0xff }) }
        },
    ],
    options: { family: 4 },
    code: 'dns_malformed_answer',
    raw: /no answer to the question .* another id/,
    shows: (seen) => expect(allNotes(seen)).toMatch(/ignored 1 packet /),
  },
  {
    name: 'a flood of packets with another id, without waiting',
    servers: [
      () => (query) => ({
        send: Array.from({ length: 80 }, (_, index) =>
          answer(query, { id: (query.id + index + 1) & 0xffff }),
        ),
      }),
    ],
    options: { family: 4 },
    code: 'dns_malformed_answer',
    raw: /64 packets from/,
    shows: ({ umbrella }) => expect(umbrella.endMs).toBe(0),
  },
  {
    name: 'our own question sent back',
    servers: [
      ({ clock }) =>
        (query) => {
          afterwards(clock, 5_000)
          return { send: query.bytes }
        },
    ],
    options: { family: 4 },
    code: 'dns_malformed_answer',
    raw: /a query, not an answer/,
  },
  {
    name: 'another id over TCP',
    servers: [overTcp((query) => ({ send: answer(query, { id: query.id ^ 1 }) }))],
    code: 'dns_malformed_answer',
    raw: /over TCP: another id/,
  },
  {
    name: 'a TCP connection closed within the answer',
    servers: [
      overTcp((query) => {
        const bytes = answer(query)
        return { raw: Buffer.concat([Buffer.of(0, bytes.length), bytes.subarray(0, 9)]), after: 'end' }
      }),
    ],
    code: 'dns_malformed_answer',
    raw: /truncated over UDP, and then: .* closed the TCP connection after 9 of \d+ bytes/,
    shows: ({ queries }) =>
      expect(queries.find(({ input }) => input.transport === 'tcp')?.output).toMatchObject({ bytes: 9 }),
  },
  {
    name: 'a TCP answer of length zero',
    servers: [overTcp(() => ({ raw: Buffer.alloc(2) }))],
    code: 'dns_malformed_answer',
    raw: /12 bytes wanted, 0 came/,
  },
]

const CIRCLES: Situation[] = [
  {
    name: 'an alias of itself',
    servers: [() => zone({ [HOST]: [cname(HOST)] })],
    code: 'dns_alias_loop',
    raw: /aliases in a circle from .*www\.example\.test -> www\.example\.test/,
  },
  {
    name: 'two aliases of each other in one answer',
    servers: [() => zone({ [HOST]: [cname('b.test')], 'b.test': [cname(HOST)] })],
    code: 'dns_alias_loop',
    raw: /circle/,
  },
  {
    name: 'two aliases of each other over several answers',
    servers: [
      sends((query) =>
        answer(query, { answers: [cname(query.name === HOST ? 'b.test' : HOST, query.name)] }),
      ),
    ],
    code: 'dns_alias_loop',
    raw: /circle/,
    shows: ({ servers }) => expect(servers[0]?.queries).toHaveLength(4),
  },
  {
    name: 'an endless chain of aliases',
    servers: [sends((query) => answer(query, { answers: [cname(`x${query.count}.test`, query.name)] }))],
    options: { family: 4 },
    code: 'dns_alias_loop',
    raw: /more than 16 aliases/,
    shows: ({ servers }) => expect(servers[0]?.queries).toHaveLength(17),
  },
  {
    name: 'sixteen aliases, which are still followed',
    servers: [
      onlyA(
        ...Array.from({ length: 16 }, (_, index) =>
          cname(`x${index + 1}.test`, index === 0 ? HOST : `x${index}.test`),
        ),
        a('127.0.0.1', 'x16.test'),
      ),
    ],
    code: null,
    addresses: ['127.0.0.1'],
  },
]

const UNREACHABLE: Situation[] = [
  {
    name: 'nothing listens at the name server',
    servers: [() => null],
    code: 'dns_resolver_unreachable',
    raw: /^ECONNREFUSED from 127\.0\.0\.1:\d+$/,
    shows: ({ queries }) => expect(queries[0]?.failure?.code).toBe('dns_resolver_unreachable'),
  },
  {
    name: 'no name server is configured',
    options: { resolvers: [] },
    code: 'dns_resolver_unreachable',
    raw: /no name server is configured/,
  },
  {
    name: 'truncated, and nothing listens for TCP',
    servers: [overTcp(() => 'drop')],
    tcp: false,
    code: 'dns_resolver_unreachable',
    raw: /truncated over UDP, and then: ECONNREFUSED .*over TCP/,
  },
  {
    name: 'a TCP connection closed at once',
    servers: [overTcp(() => 'end')],
    code: 'dns_server_failure',
    raw: /closed the TCP connection without an answer/,
  },
  {
    name: 'a TCP connection reset',
    servers: [overTcp(() => 'reset')],
    code: 'dns_server_failure',
    raw: /ECONNRESET from .* over TCP/,
  },
  {
    name: 'a TCP answer that stalls',
    servers: [
      ({ clock }) =>
        (query) => {
          if (query.transport === 'udp') return { send: answer(query, { truncated: true }) }
          afterwards(clock, 5_000)
          return { raw: Buffer.of(0, 90, query.bytes[0] ?? 0) }
        },
    ],
    options: { family: 4 },
    code: 'dns_timed_out',
    raw: /within 5000 ms.*over TCP/,
  },
]

const OURS: Situation[] = [
  {
    name: 'somebody cancels',
    servers: [
      ({ ctx }) =>
        () => {
          ctx().deadline.stop('cancelled')
          return 'drop'
        },
    ],
    code: 'cancelled',
    shows: ({ queries }) =>
      expect(queries.map(({ failure }) => failure?.code)).toEqual(['cancelled', 'cancelled']),
  },
  {
    name: 'our own event loop sleeps through the time-out',
    servers: [
      ({ clock }) =>
        (query) => {
          if (query.count === 2) {
            clock.jump(9_000)
            clock.advance(0)
          }
          return 'drop'
        },
    ],
    code: 'local_limit',
    raw: /event loop was late/,
  },
]

async function run(situation: Situation): Promise<void> {
  const clock = fakeClock()
  let ctx: ProbeContext | null = null
  const world: World = {
    clock,
    ctx: () => {
      if (!ctx) throw new Error('the check has not begun')
      return ctx
    },
  }
  const servers: DnsServerWorld[] = []
  for (const make of situation.servers ?? []) {
    const script = make(world)
    const host = situation.ip ?? '127.0.0.1'
    if (script) servers.push(await startDnsServer(script, { host, tcp: situation.tcp ?? true }))
    else servers.push({ ...(await closedPort()), queries: [], close: async () => {} })
  }
  const files: Record<string, string> = {}
  if (situation.hosts !== undefined)
    files[hostsPath(process.platform, process.env.SystemRoot)] = situation.hosts
  const texts = servers.map(({ ip, port }) => `[${ip}]:${port}`)
  if (situation.resolvConf) files[RESOLV_CONF_PATH] = situation.resolvConf(texts)
  const resolvers = situation.resolvConf ? null : servers.map(({ ip, port }) => ({ ip, port }))
  ctx = dnsContext({
    clock,
    files,
    totalMs: situation.totalMs ?? 60_000,
    options: { resolvers, ...situation.options },
    ...(situation.randomInt ? { randomInt: situation.randomInt } : {}),
    progress: (observation, open) => {
      if (!open) situation.whenEnded?.(observation, world)
    },
  })
  try {
    const resolved = await resolve(situation.host ?? HOST, 80, ctx)
    const [umbrella] = observed(ctx, 'resolve')
    if (!umbrella) throw new Error('no resolve observation')
    const raw = resolved.failure?.raw ?? ''
    expect([resolved.failure?.code ?? null, raw]).toEqual([situation.code, raw])
    expect(umbrella.failure).toEqual(resolved.failure)
    if (situation.code && situation.code !== 'cancelled') expect(resolved.failure?.phase).toBe('resolve')
    if (situation.raw) expect(raw).toMatch(situation.raw)
    if (situation.addresses) expect(resolved.addresses.map(({ ip }) => ip)).toEqual(situation.addresses)
    const [hostsFile] = observed(ctx, 'hosts_file')
    situation.shows?.({ resolved, umbrella, queries: observed(ctx, 'dns_query'), hostsFile, servers })
    ctx.deadline.close()
    expect(clock.pending()).toBe(0)
  } finally {
    await Promise.all(servers.map((server) => server.close()))
  }
}

const GROUPS = {
  HEALTHY,
  DETOURS,
  SOURCES,
  NEGATIVE,
  UNUSABLE,
  FAILING,
  MALFORMED,
  CIRCLES,
  UNREACHABLE,
  OURS,
}

for (const [group, situations] of Object.entries(GROUPS)) {
  describe(`resolve(), ${group.toLowerCase()}`, () => {
    for (const situation of situations) test(situation.name, () => run(situation))
  })
}

test('every code of the phase resolve that this step can give has a situation', () => {
  const codes = new Set(Object.values(GROUPS).flatMap((rows) => rows.map(({ code }) => code)))
  const wanted: FailureCode[] = [
    'dns_name_not_found',
    'dns_no_address',
    'dns_server_failure',
    'dns_refused',
    'dns_timed_out',
    'dns_malformed_answer',
    'dns_alias_loop',
    'dns_resolver_unreachable',
    'address_unusable',
    'local_limit',
    'cancelled',
  ]
  expect(wanted.filter((code) => !codes.has(code))).toEqual([])
})
