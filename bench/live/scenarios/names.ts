// Broken DNS: a tree of real name servers on loopback, resolvers that fail, lie or are out of date.
import type { Cause } from '../../../src/model/diagnosis.ts'
import type { CheckResult } from '../../../src/model/result.ts'
import { a, answer, cname, type DnsScript, zone } from '../../../test/world/dns-server.ts'
import { authoritative, checkingDisabled } from '../../../test/world/zones.ts'
import type { LiveOptions } from '../options.ts'
import { ownLeg, type Scenario, type Truth } from '../scenario.ts'
import { shop, type World } from '../world.ts'

const GROUP = 'broken DNS'
const NAME = 'www.shop.test'

/** Each scenario has a net of its own, so that several can run at a time. */
let nets = 0

interface Broken {
  /** What the resolver of the check does. */
  used: DnsScript
  /** What another resolver does; a good one when not given. */
  other?: DnsScript
  /** What the two name servers of the zone do. */
  zone?: [DnsScript, DnsScript]
  /** The zone above knows the domain; true when not given. */
  delegated?: boolean
  name?: string
  options?: LiveOptions
}

const servfail =
  (...errors: { code: number; text?: string }[]): DnsScript =>
  (query) => ({ send: answer(query, { rcode: 'SERVFAIL', errors }) })
const refused: DnsScript = (query) => ({ send: answer(query, { rcode: 'REFUSED' }) })
const drop: DnsScript = () => 'drop'
const own = (ip: string): DnsScript => authoritative({ zone: 'shop.test', records: { [NAME]: [a(ip)] } })

/** A resolver that validates: it says why it refuses, and answers when told not to validate (RFC 4035, 3.2.2). */
const bogus =
  (code: number, text: string, ip: string): DnsScript =>
  (query) =>
    checkingDisabled(query)
      ? { send: answer(query, { answers: query.type === 'A' ? [a(ip, query.name)] : [] }) }
      : { send: answer(query, { rcode: 'SERVFAIL', errors: [{ code, text }] }) }

async function look(world: World, ip: string, port: number, broken: Broken): Promise<CheckResult> {
  const net = `127.0.${100 + (nets++ % 100)}`
  const root = `${net}.1`
  const top = `${net}.2`
  const [first, second] = [`${net}.3`, `${net}.4`]
  const delegations =
    broken.delegated === false ? {} : { 'shop.test': { 'ns1.shop.test': [first], 'ns2.shop.test': [second] } }
  const tree = await world.zones({
    [root]: authoritative({ zone: '.', delegations: { test: { 'a.nic.test': [top] } } }),
    [top]: authoritative({ zone: 'test', delegations }),
    [first]: broken.zone?.[0] ?? own(ip),
    [second]: broken.zone?.[1] ?? own(ip),
  })
  const used = await world.resolver(broken.used)
  const other = await world.resolver(broken.other ?? zone({ [NAME]: [a(ip)] }))
  return world.check(`http://${broken.name ?? NAME}:${port}/`, {
    resolvers: [used],
    ...broken.options,
    drill: { resolvers: [other], roots: [{ ip: root, port: tree.port }], references: [] },
  })
}

/** Of the resolver that the visitor uses: the provider runs it, or the visitor chose it. */
function resolverTruth(cause: Cause | readonly Cause[], more: Partial<Truth> = {}): Truth {
  return ownLeg('resolver', cause, ['access_provider', 'visitor', 'dns_operator'], {
    outcomes: ['down', 'unknown'],
    ...more,
  })
}

/** Of the zone: who runs its name servers, or whose domain it is. */
function zoneTruth(cause: Cause | readonly Cause[], more: Partial<Truth> = {}): Truth {
  return ownLeg('dns', cause, ['dns_operator', 'site_operator'], more)
}

function named(name: string, truth: Truth, broken: (ip: string) => Broken, quick = false): Scenario {
  return {
    group: GROUP,
    name,
    truth,
    ...(quick ? { quick: true as const } : {}),
    run: async (world) => {
      const site = await world.site((request) => shop(request), ['127.0.0.1'])
      return look(world, '127.0.0.1', site.port, broken('127.0.0.1'))
    },
  }
}

const empty = authoritative({ zone: 'shop.test', records: { 'shop.test': [a('127.0.0.1')] } })
const noAddress = authoritative({ zone: 'shop.test', records: { [NAME]: [] } })
const dangling = authoritative({
  zone: 'shop.test',
  records: { [NAME]: [cname('shop-prod.shop.test')] },
})
const quickly: LiveOptions = { limits: { totalMs: 4_000 } }

export const NAME_SCENARIOS: Scenario[] = [
  named(
    'the zone knows no such name',
    zoneTruth('dns_name_not_found', {
      links: ['dns', 'you'],
      parties: ['site_operator', 'dns_operator', 'visitor'],
    }),
    () => ({ used: zone({}), other: zone({}), zone: [empty, empty] }),
    true,
  ),
  named(
    'the domain is gone from the zone above (expired)',
    zoneTruth('dns_name_not_found', {
      links: ['dns', 'you'],
      parties: ['site_operator', 'dns_operator', 'visitor'],
    }),
    () => ({ used: zone({}), other: zone({}), delegated: false }),
  ),
  named('only our resolver says that there is no such name', resolverTruth('dns_name_not_found'), () => ({
    used: zone({}),
  })),
  named(
    'our resolver filters the name and says so (EDE 15)',
    resolverTruth(['dns_name_not_found', 'access_blocked', 'http_request_denied']),
    () => ({
      used: (query) => ({
        send: answer(query, {
          rcode: 'NXDOMAIN',
          errors: [{ code: 15, text: 'on the list of the provider' }],
        }),
      }),
    }),
  ),
  named(
    'only our resolver fails (SERVFAIL)',
    resolverTruth('dns_server_failure'),
    () => ({ used: servfail() }),
    true,
  ),
  named('our resolver refuses us', resolverTruth('dns_refused'), () => ({ used: refused })),
  named('our resolver sends rubbish', resolverTruth('dns_malformed_answer'), () => ({
    used: (query) => ({ raw: Buffer.concat([query.bytes.subarray(0, 12), Buffer.from([0xc0, 0x0c, 0xff])]) }),
    options: quickly,
  })),
  named('our resolver is silent', resolverTruth('dns_timed_out'), () => ({ used: drop, options: quickly })),
  {
    group: GROUP,
    name: 'nothing listens where our resolver should be',
    truth: resolverTruth('dns_resolver_unreachable', {
      links: ['resolver', 'you'],
      outcomes: ['unknown'],
    }),
    quick: true,
    run: async (world) => {
      const gone = await world.resolver(drop)
      const port = await world.deadPort()
      return world.check(`http://${NAME}:80/`, { resolvers: [{ ip: gone.ip, port }] })
    },
  },
  named(
    'the signature of the zone is wrong (EDE 6)',
    zoneTruth('dns_server_failure'),
    (ip) => ({ used: bogus(6, 'DNSSEC Bogus', ip), other: bogus(6, '', ip) }),
    true,
  ),
  named('the signature of the zone has expired (EDE 7)', zoneTruth('dns_server_failure'), (ip) => ({
    used: bogus(7, 'signature expired', ip),
    other: bogus(7, '', ip),
  })),
  named('no name server of the zone answers (EDE 22)', zoneTruth('dns_server_failure'), () => ({
    used: servfail({ code: 22, text: 'at delegation shop.test' }),
    other: servfail({ code: 22 }),
    zone: [drop, drop],
  })),
  named('every name server of the zone is lame', zoneTruth('dns_server_failure'), () => ({
    used: servfail(),
    other: servfail(),
    zone: [refused, refused],
  })),
  named('the name servers of the zone fail themselves', zoneTruth('dns_server_failure'), () => ({
    used: servfail(),
    other: servfail(),
    zone: [servfail(), servfail()],
  })),
  named('the name has no address', zoneTruth('dns_no_address'), () => ({
    used: zone({ [NAME]: [] }),
    other: zone({ [NAME]: [] }),
    zone: [noAddress, noAddress],
  })),
  named('the alias leads to a name that does not exist', zoneTruth('dns_name_not_found'), () => ({
    used: zone({ [NAME]: [cname('shop-prod.shop.test')] }),
    other: zone({ [NAME]: [cname('shop-prod.shop.test')] }),
    zone: [dangling, dangling],
  })),
  named('aliases in a circle', zoneTruth('dns_alias_loop'), () => {
    const circle = { [NAME]: [cname('b.shop.test')], 'b.shop.test': [cname(NAME)] }
    const round = authoritative({ zone: 'shop.test', records: circle })
    const asked: DnsScript = (query) => ({
      send: answer(query, {
        answers: [cname('b.shop.test', NAME), cname(NAME, 'b.shop.test')],
      }),
    })
    return { used: asked, other: asked, zone: [round, round] }
  }),
  named(
    'our resolver gives 0.0.0.0, others the address (a filter)',
    resolverTruth(['address_unusable', 'access_blocked']),
    () => ({ used: zone({ [NAME]: [a('0.0.0.0')] }) }),
  ),
  named('the zone itself gives 0.0.0.0', zoneTruth('address_unusable'), () => ({
    used: zone({ [NAME]: [a('0.0.0.0')] }),
    other: zone({ [NAME]: [a('0.0.0.0')] }),
    zone: [own('0.0.0.0'), own('0.0.0.0')],
  })),
  named(
    'our resolver still gives the old address, where nothing listens any more',
    resolverTruth('connect_refused', {
      links: ['resolver', 'dns'],
      outcomes: ['down', 'degraded', 'unknown'],
    }),
    () => ({ used: zone({ [NAME]: [a('127.0.0.77', '', 42)] }) }),
  ),
  named(
    'our resolver makes up an address of its own, where nothing listens',
    resolverTruth('connect_refused', { outcomes: ['down', 'degraded', 'unknown'] }),
    () => ({ used: zone({ [NAME]: [a('127.0.0.78', '', 3_600)] }) }),
  ),
  {
    group: GROUP,
    name: 'the zone itself gives a wrong address, where nothing listens',
    truth: ownLeg(['origin', 'dns'], 'connect_refused', ['site_operator', 'dns_operator']),
    run: async (world) => {
      const wrong = zone({ [NAME]: [a('127.0.0.79')] })
      const site = await world.site((request) => shop(request))
      return look(world, '127.0.0.79', site.port, { used: wrong })
    },
  },
]
