// The look at the name in broken DNS worlds: a tree of real name servers on loopback, resolvers that fail, lie or
// are out of date, and what the look makes of it.
import { afterEach, describe, expect, test } from 'vitest'
import type { AddressPolicy } from '../../src/model/check-options.ts'
import type { ResolversFinding, ServerSaid } from '../../src/model/drill.ts'
import { type Io, systemIo } from '../../src/probe/io.ts'
import resolvers from '../../src/probe/steps/drill/resolvers.ts'
import { fakeClock } from '../fake-clock.ts'
import {
  a,
  aaaa,
  answer,
  cname,
  type DnsScript,
  type DnsServerWorld,
  startDnsServer,
  zone,
} from '../world/dns-server.ts'
import { runLook } from '../world/drill-look.ts'
import {
  authoritative,
  checkingDisabled,
  type ServedZone,
  startZones,
  type ZoneTree,
} from '../world/zones.ts'

const ROOT = '127.0.53.1'
const TLD = '127.0.53.2'
const NS1 = '127.0.53.3'
const NS2 = '127.0.53.4'
const OTHER_TLD = '127.0.53.5'
const HOSTER = '127.0.53.6'

const open: { close(): Promise<void> }[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((world) => world.close()))
})

async function tree(servers: Record<string, DnsScript>): Promise<ZoneTree> {
  const world = await startZones(servers)
  open.push(world)
  return world
}

async function resolver(script: DnsScript): Promise<DnsServerWorld> {
  const world = await startDnsServer(script)
  open.push(world)
  return world
}

const root = authoritative({
  zone: '.',
  delegations: { test: { 'a.nic.test': [TLD] }, net: { 'a.nic.net': [OTHER_TLD] } },
})

/** The usual tree above shop.test, with glue for its two name servers. */
function above(more: ServedZone['delegations'] = {}): Record<string, DnsScript> {
  return {
    [ROOT]: root,
    [TLD]: authoritative({
      zone: 'test',
      delegations: { 'shop.test': { 'ns1.shop.test': [NS1], 'ns2.shop.test': [NS2] }, ...more },
    }),
  }
}

const shop = (ip: string): DnsScript =>
  authoritative({ zone: 'shop.test', records: { 'www.shop.test': [a(ip)] } })

interface Asked {
  used: DnsScript
  others?: DnsScript[]
  servers?: Record<string, DnsScript>
  name?: string
  io?: Partial<Io>
  addressPolicy?: AddressPolicy
}

async function look({
  used,
  others = [],
  servers,
  name = 'www.shop.test',
  io = {},
  addressPolicy = { allow: [], deny: [] },
}: Asked) {
  const world = servers ? await tree(servers) : null
  const mine = await resolver(used)
  const foreign = await Promise.all(others.map(resolver))
  const run = await runLook(resolvers, `http://${name}:9/`, {
    options: { resolvers: [mine], addressPolicy },
    io,
    drill: {
      resolvers: foreign,
      roots: world ? [{ ip: ROOT, port: world.port }] : [],
    },
  })
  if ('skipped' in run.looked) throw new Error(run.looked.skipped)
  return { ...run, world, mine, summary: run.looked.summary, finding: run.looked.finding as ResolversFinding }
}

const good = zone({ 'www.shop.test': [a('127.0.9.1')] })
const servfail: DnsScript = (query) => ({ send: answer(query, { rcode: 'SERVFAIL' }) })

function rows(finding: ResolversFinding, role: ServerSaid['role']): ServerSaid[] {
  return finding.said.filter((one) => one.role === role)
}

describe('resolvers', () => {
  test('agree: the delegation is walked from the root, each of the own name servers asked for both families', async () => {
    const { finding, world, summary } = await look({
      used: good,
      others: [good],
      servers: { ...above(), [NS1]: shop('127.0.9.1'), [NS2]: shop('127.0.9.1') },
    })
    expect(finding).toMatchObject({ kind: 'resolvers', verdict: 'agree', parked: null })
    expect(summary).toBe('all say the same: 127.0.9.1')
    expect(finding.delegation).toEqual([
      { zone: '.', nameServers: [{ name: '', ips: [ROOT] }], failure: null },
      { zone: 'test', nameServers: [{ name: 'a.nic.test', ips: [TLD] }], failure: null },
      {
        zone: 'shop.test',
        nameServers: [
          { name: 'ns1.shop.test', ips: [NS1] },
          { name: 'ns2.shop.test', ips: [NS2] },
        ],
        failure: null,
      },
    ])
    expect(
      rows(finding, 'authority').map(({ name, addresses, ttl, lame }) => [name, addresses, ttl, lame]),
    ).toEqual([
      ['ns1.shop.test', ['127.0.9.1'], 300, false],
      ['ns2.shop.test', ['127.0.9.1'], 300, false],
    ])
    for (const ip of [NS1, NS2]) {
      expect(world?.queries.get(ip)?.map(({ type }) => type)).toEqual(['A', 'AAAA'])
    }
    const asked = [...(world?.queries.values() ?? [])].flat()
    expect(asked.every((query) => !query.recursionDesired)).toBe(true)
  })

  test('resolver_fails: only the one the check used does', async () => {
    const { finding, summary, mine } = await look({
      used: servfail,
      others: [good],
      servers: { ...above(), [NS1]: shop('127.0.9.1'), [NS2]: shop('127.0.9.1') },
    })
    expect(finding.verdict).toBe('resolver_fails')
    expect(summary).toBe(`the resolver 127.0.0.1:${mine.port} fails, the zone's own servers answer`)
    expect(rows(finding, 'used')[0]).toMatchObject({ rcode: 'SERVFAIL', withoutValidation: 'fails' })
  })

  test('resolver_fails: it filters the name and says so', async () => {
    const { finding, summary } = await look({
      used: (query) => ({
        send: answer(query, { rcode: 'NXDOMAIN', errors: [{ code: 15, text: 'on a list' }] }),
      }),
      others: [good],
      servers: { ...above(), [NS1]: shop('127.0.9.1'), [NS2]: shop('127.0.9.1') },
    })
    expect(finding.verdict).toBe('resolver_fails')
    expect(summary).toContain('says that there is no address, others give one (Blocked: on a list)')
    expect(rows(finding, 'used')[0]?.extendedErrors).toEqual([
      { code: 15, name: 'Blocked', text: 'on a list' },
    ])
  })

  test('zone_fails: every name server of the zone is lame, and how is told', async () => {
    const { finding, summary } = await look({
      used: servfail,
      others: [servfail],
      servers: {
        ...above(),
        [NS1]: (query) => ({ send: answer(query, { rcode: 'REFUSED' }) }),
        // Answers from a cache, without authority.
        [NS2]: (query) => ({ send: answer(query, { answers: [a('127.0.9.1', query.name)] }) }),
      },
    })
    expect(finding.verdict).toBe('zone_fails')
    expect(summary).toBe(
      'no name server of "shop.test" answers for it: ns1.shop.test: REFUSED instead of an answer; ns2.shop.test: an answer without authority',
    )
    expect(rows(finding, 'authority').map(({ lame }) => lame)).toEqual([true, true])
    expect(finding.delegation.at(-1)).toMatchObject({
      zone: 'shop.test',
      failure: { code: 'dns_server_failure' },
    })
  })

  test.each([
    ['zone_fails, when the resolvers fail as well', servfail, 'zone_fails'],
    ['no verdict on the zone, when the resolvers answer: the silence may be our own', good, 'agree'],
  ] as const)('silent name servers: %s', async (_name, others, verdict) => {
    const clock = fakeClock()
    const silent = new Set([NS1, NS2])
    const { finding } = await look({
      used: others,
      others: [others],
      servers: { ...above(), [NS1]: () => 'drop', [NS2]: () => 'drop' },
      io: {
        clock,
        // As soon as both are asked, their time is over.
        progress: ({ operation, input }, began) => {
          if (operation !== 'dns_query' || !began) return
          silent.delete(String(input['server']))
          if (silent.size > 0) return
          silent.add('once')
          let turns = 25
          const turn = (): void => void (turns-- > 0 ? setImmediate(turn) : clock.advance(1_600))
          turn()
        },
      },
    })
    expect(finding.verdict).toBe(verdict)
    expect(rows(finding, 'authority').map((row) => row.failure?.code)).toEqual([
      'dns_timed_out',
      'dns_timed_out',
    ])
    expect(rows(finding, 'authority').map((row) => row.lame)).toEqual([false, false])
    expect(finding.delegation.at(-1)?.failure?.code).toBe('dns_timed_out')
  })

  test('zone_fails: a delegation whose servers nobody can find', async () => {
    const { finding, summary } = await look({
      used: servfail,
      servers: {
        [ROOT]: root,
        [TLD]: authoritative({ zone: 'test', delegations: { 'shop.test': { 'ns1.shop.test': [] } } }),
      },
    })
    expect(finding.verdict).toBe('zone_fails')
    expect(summary).toBe('no usable address is known of the name servers of "shop.test": ns1.shop.test')
  })

  test('a lame server beside a good one is marked, and the zone works', async () => {
    const { finding } = await look({
      used: good,
      servers: {
        ...above(),
        [NS1]: (query) => ({ send: answer(query, { rcode: 'REFUSED' }) }),
        [NS2]: shop('127.0.9.1'),
      },
    })
    expect(finding.verdict).toBe('agree')
    expect(rows(finding, 'authority').map(({ name, lame, rcode }) => [name, lame, rcode])).toEqual([
      ['ns1.shop.test', true, 'REFUSED'],
      ['ns2.shop.test', false, 'NOERROR'],
    ])
  })

  test('missing: the zone itself knows no such name', async () => {
    const nobody = zone({})
    const { finding, summary } = await look({
      used: nobody,
      others: [nobody],
      name: 'wwww.shop.test',
      servers: { ...above(), [NS1]: shop('127.0.9.1'), [NS2]: shop('127.0.9.1') },
    })
    expect(finding.verdict).toBe('missing')
    expect(summary).toBe(`the zone's own name servers say that there is no such name`)
  })

  test('missing: the name is there and has no address', async () => {
    const empty = authoritative({ zone: 'shop.test', records: { 'www.shop.test': [] } })
    const { finding, summary } = await look({
      used: zone({ 'www.shop.test': [] }),
      servers: { ...above(), [NS1]: empty, [NS2]: empty },
    })
    expect(finding.verdict).toBe('missing')
    expect(summary).toBe(`the zone's own name servers give no address for the name`)
  })

  test('parent_missing: the zone above knows no such domain', async () => {
    const { finding, summary } = await look({
      used: zone({}),
      name: 'www.expired.test',
      servers: { ...above() },
    })
    expect(finding.verdict).toBe('parent_missing')
    expect(summary).toBe('the zone "test" knows no such domain: not registered, expired or on hold')
    expect(finding.delegation.map((one) => one.zone)).toEqual(['.', 'test'])
  })

  test('stale: the resolver gives from its cache what the zone no longer does', async () => {
    const { finding, summary } = await look({
      used: zone({ 'www.shop.test': [a('127.0.8.8', '', 42)] }),
      others: [good],
      servers: { ...above(), [NS1]: shop('127.0.9.1'), [NS2]: shop('127.0.9.1') },
    })
    expect(finding.verdict).toBe('stale')
    expect(summary).toMatch(/gives 127\.0\.8\.8, the zone 127\.0\.9\.1$/)
  })

  test('stale: the resolver says so itself', async () => {
    const { finding } = await look({
      used: (query) => ({
        send: answer(query, {
          answers: query.type === 'A' ? [a('127.0.9.1', query.name, 30)] : [],
          errors: [{ code: 3 }],
        }),
      }),
      servers: { ...above(), [NS1]: shop('127.0.9.1'), [NS2]: shop('127.0.9.1') },
    })
    expect(finding.verdict).toBe('stale')
  })

  test('stale: the name is gone from the zone', async () => {
    const empty = authoritative({ zone: 'shop.test', records: {} })
    const { finding } = await look({ used: good, servers: { ...above(), [NS1]: empty, [NS2]: empty } })
    expect(finding.verdict).toBe('stale')
  })

  test('differ: an answer of its own with a full TTL, as of a captive portal', async () => {
    const { finding } = await look({
      used: zone({ 'www.shop.test': [a('127.0.8.8', '', 3_600)] }),
      others: [good],
      servers: { ...above(), [NS1]: shop('127.0.9.1'), [NS2]: shop('127.0.9.1') },
    })
    expect(finding.verdict).toBe('differ')
  })

  test('differ: the own name servers of the zone disagree', async () => {
    const { finding, summary } = await look({
      used: good,
      servers: { ...above(), [NS1]: shop('127.0.9.1'), [NS2]: shop('127.0.7.7') },
    })
    expect(finding.verdict).toBe('differ')
    expect(summary).toBe(
      `the zone's own name servers give different addresses: ns1.shop.test 127.0.9.1, ns2.shop.test 127.0.7.7`,
    )
  })

  test('order and number of addresses do not differ, nor do answers that change with each asker', async () => {
    const servers = { ...above(), [NS1]: shop('127.0.9.1'), [NS2]: shop('127.0.9.1') }
    const some = await look({
      used: zone({ 'www.shop.test': [a('127.0.9.2'), a('127.0.9.1')] }),
      others: [zone({ 'www.shop.test': [a('127.0.9.1'), a('127.0.9.3')] })],
      servers,
    })
    expect(some.finding.verdict).toBe('agree')
    await some.world?.close()
    open.splice(0, 1)
    const balanced = await look({
      used: zone({ 'www.shop.test': [a('127.0.8.1')] }),
      others: [zone({ 'www.shop.test': [a('127.0.8.2')] })],
      servers,
    })
    expect(balanced.finding.verdict).toBe('agree')
    expect(balanced.summary).toContain('each asker gets addresses of its own')
  })

  describe('dnssec', () => {
    const bogus: DnsScript = (query) =>
      checkingDisabled(query)
        ? { send: answer(query, { answers: query.type === 'A' ? [a('127.0.9.1', query.name)] : [] }) }
        : { send: answer(query, { rcode: 'SERVFAIL' }) }
    const servers = { ...above(), [NS1]: shop('127.0.9.1'), [NS2]: shop('127.0.9.1') }

    test('told by the answer that comes once validation is off', async () => {
      const { finding } = await look({ used: bogus, others: [good], servers })
      expect(finding.verdict).toBe('dnssec')
      expect(rows(finding, 'used')[0]).toMatchObject({ rcode: 'SERVFAIL', withoutValidation: 'answers' })
    })

    test.each([
      [6, 'DNSSEC Bogus'],
      [7, 'Signature Expired'],
      [9, 'DNSKEY Missing'],
      [10, 'RRSIGs Missing'],
    ])('told by extended error %d, with its text', async (code, name) => {
      const { finding, summary } = await look({
        used: (query) => ({
          send: answer(query, { rcode: 'SERVFAIL', errors: [{ code, text: 'no luck' }] }),
        }),
        others: [good],
        servers,
      })
      expect(finding.verdict).toBe('dnssec')
      expect(summary).toContain(`because it does not validate (${name}: no luck)`)
    })
  })

  test('name servers of another domain are found by a walk of their own, aliases into other zones followed', async () => {
    const { finding, world } = await look({
      used: zone({ 'www.shop.test': [cname('edge.cdn.net')], 'edge.cdn.net': [a('127.0.9.9')] }),
      servers: {
        [ROOT]: root,
        [TLD]: authoritative({ zone: 'test', delegations: { 'shop.test': { 'ns1.hoster.net': [] } } }),
        [OTHER_TLD]: authoritative({
          zone: 'net',
          delegations: { 'hoster.net': { 'ns1.hoster.net': [HOSTER] }, 'cdn.net': { 'ns.cdn.net': [NS2] } },
        }),
        [HOSTER]: authoritative(
          { zone: 'hoster.net', records: { 'ns1.hoster.net': [a(HOSTER)] } },
          { zone: 'shop.test', records: { 'www.shop.test': [cname('edge.cdn.net')] } },
        ),
        [NS2]: authoritative({ zone: 'cdn.net', records: { 'edge.cdn.net': [a('127.0.9.9'), aaaa('::1')] } }),
      },
    })
    expect(finding.verdict).toBe('agree')
    expect(finding.delegation.map((one) => one.zone)).toEqual(['.', 'test', 'shop.test', 'cdn.net'])
    expect(finding.delegation[2]?.nameServers).toEqual([{ name: 'ns1.hoster.net', ips: [HOSTER] }])
    expect(
      rows(finding, 'authority').map(({ name, aliases, addresses }) => [name, aliases, addresses]),
    ).toEqual([
      ['ns1.hoster.net', ['edge.cdn.net'], []],
      ['ns.cdn.net', [], ['127.0.9.9', '::1']],
    ])
    expect(world?.queries.get(ROOT)?.length).toBeLessThan(4)
  })

  test('a name server at an address that the policy forbids is not asked', async () => {
    const { finding, world } = await look({
      used: servfail,
      servers: { ...above(), [NS1]: shop('127.0.9.1'), [NS2]: shop('127.0.9.1') },
      addressPolicy: { allow: [], deny: [`${NS1}/32`] },
    })
    expect(world?.queries.get(NS1)).toEqual([])
    expect(rows(finding, 'authority').map(({ name }) => name)).toEqual(['ns2.shop.test'])
  })

  test('glue outside of the answering zone is not believed', async () => {
    const { finding, world } = await look({
      used: servfail,
      servers: {
        [ROOT]: root,
        // The servers of "test" have no say about names of "net".
        [TLD]: authoritative({ zone: 'test', delegations: { 'shop.test': { 'ns1.hoster.net': [NS1] } } }),
        [OTHER_TLD]: authoritative({ zone: 'net' }),
        [NS1]: shop('127.0.6.6'),
      },
    })
    expect(world?.queries.get(NS1)).toEqual([])
    expect(finding.verdict).toBe('zone_fails')
  })

  test('delegations and aliases in a circle come to an end', async () => {
    const servers = {
      ...above(),
      [NS1]: authoritative({
        zone: 'shop.test',
        records: {},
        // Refers everybody one label further down, to itself.
        delegations: { 'www.shop.test': { 'ns1.shop.test': [NS1] } },
      }),
      [NS2]: authoritative({ zone: 'shop.test', records: {} }),
    }
    const { finding } = await look({ used: servfail, servers, name: 'www.shop.test' })
    expect(finding.verdict).toBe('zone_fails')
    expect(finding.delegation.map((one) => one.zone)).toContain('www.shop.test')
  })

  test('aliases in a circle through two zones come to an end', async () => {
    const one = authoritative({ zone: 'shop.test', records: { 'www.shop.test': [cname('www.cdn.net')] } })
    const { finding, observations, summary } = await look({
      used: servfail,
      servers: {
        ...above(),
        [NS1]: one,
        [NS2]: one,
        [OTHER_TLD]: authoritative({ zone: 'net', delegations: { 'cdn.net': { 'ns.cdn.net': [HOSTER] } } }),
        [HOSTER]: authoritative({ zone: 'cdn.net', records: { 'www.cdn.net': [cname('www.shop.test')] } }),
      },
    })
    expect(finding.verdict).toBe('zone_fails')
    expect(summary).toBe('aliases in a circle: www.shop.test -> www.cdn.net -> www.shop.test')
    expect(rows(finding, 'authority').every((row) => row.addresses.length === 0)).toBe(true)
    expect(observations.length).toBeLessThan(40)
  })

  test('parked: the name servers of a parking service', async () => {
    const parked = authoritative({ zone: 'shop.test', records: { 'www.shop.test': [a('127.0.9.1')] } })
    const { finding, summary } = await look({
      used: good,
      servers: {
        [ROOT]: authoritative({
          zone: '.',
          delegations: { test: { 'a.nic.test': [TLD] }, com: { 'a.nic.com': [OTHER_TLD] } },
        }),
        [TLD]: authoritative({ zone: 'test', delegations: { 'shop.test': { 'ns1.sedoparking.com': [] } } }),
        [OTHER_TLD]: authoritative({
          zone: 'com',
          delegations: { 'sedoparking.com': { 'ns1.sedoparking.com': [NS1] } },
        }),
        [NS1]: (query) =>
          query.name.endsWith('sedoparking.com')
            ? authoritative({ zone: 'sedoparking.com', records: { 'ns1.sedoparking.com': [a(NS1)] } })(query)
            : parked(query),
      },
    })
    expect(finding.parked).toBe('its name server ns1.sedoparking.com belongs to Sedo')
    expect(summary).toContain('the domain looks parked')
  })

  test('unknown when there is nobody to hold the answer against', async () => {
    const { finding } = await look({ used: servfail })
    expect(finding.verdict).toBe('unknown')
  })

  test('without a walk, other resolvers are enough to tell that ours fails', async () => {
    const { finding } = await look({ used: servfail, others: [good, good] })
    expect(finding).toMatchObject({ verdict: 'resolver_fails', delegation: [] })
  })
})

describe('the look is skipped', () => {
  const skipped = async (url: string, own: Parameters<typeof runLook>[2] = {}): Promise<string> => {
    const { looked, observations } = await runLook(resolvers, url, own)
    expect(observations).toEqual([])
    return 'skipped' in looked ? looked.skipped : ''
  }

  test('for an address', async () => {
    expect(await skipped('http://127.0.0.1:9/')).toBe('the URL holds an address: there is no name to look up')
  })

  test('for a name that only this network can know, unless it is told whom to ask', async () => {
    const mine = await resolver(good)
    expect(await skipped('http://www.shop.test:9/', { options: { resolvers: [mine] } })).toBe(
      'the name is of this machine or network: nobody outside is asked about it',
    )
  })

  test('for a name of the hosts file', async () => {
    const readText = (path: string): string | null =>
      path.endsWith('hosts') ? '127.0.0.1 www.shop.test\n' : systemIo.readText(path)
    expect(await skipped('http://www.shop.test:9/', { io: { readText } })).toBe(
      'the address comes from the hosts file of this machine, not from the DNS',
    )
  })

  test('for an address to dial that was given', async () => {
    const options = { connectTo: { ip: '127.0.0.1', port: 9 } }
    expect(await skipped('http://www.shop.test/', { options })).toContain('was not looked up')
  })
})
