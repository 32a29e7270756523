// Is it us? A machine, its router and the provider's side, each a network of its own, cut off one by one.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { doctor } from '../../src/engine/doctor.ts'
import type { DoctorResult } from '../../src/model/doctor.ts'
import { OWN_NETWORK, ownNetworkSuite } from '../world/alone.ts'
import type { Situation } from '../world/doctor-situation.ts'
import { type Ended, whydown } from './cli-process.ts'

const ADDRESSES = `ip addr replace 10.0.1.2/24 dev lan; ip -6 addr replace 2001:db8:1::2/64 dev lan nodad`
const ROUTES = `ip route replace default via 10.0.1.1; ip -6 route replace default via 2001:db8:1::1`
const FRESH = `ip neigh flush all`

/** 10.0.1.2 lan - lan 10.0.1.1 [ROUTER] 10.0.2.1 wan - wan 10.0.2.2 [SERVER], and the same in 2001:db8:N::. */
const NETWORK = `
  set -e; ip link set lo up; mount -t sysfs sysfs /sys; echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad
  place() { unshare -n sleep 600 & PLACE=$!
    until [ "$(readlink /proc/$PLACE/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do :; done
    nsenter -t $PLACE -n ip link set lo up
    nsenter -t $PLACE -n sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward; echo 0 > /proc/sys/net/ipv4/icmp_ratelimit
      echo 1 > /proc/sys/net/ipv6/conf/all/forwarding; echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad'; }
  in_place() { who=$1; shift; nsenter -t $who -n "$@"; }
  place; export ROUTER=$PLACE; place; export SERVER=$PLACE
  ip link add lan type veth peer name right; ip link set right netns $ROUTER name lan
  ip link add left type veth peer name right; ip link set left netns $ROUTER name wan; ip link set right netns $SERVER name wan
  in_place $ROUTER sh -ec 'ip addr add 10.0.1.1/24 dev lan; ip -6 addr add 2001:db8:1::1/64 dev lan nodad; ip link set lan up
    ip addr add 10.0.2.1/24 dev wan; ip -6 addr add 2001:db8:2::1/64 dev wan nodad; ip link set wan up
    ip route add default via 10.0.2.2; ip -6 route add default via 2001:db8:2::2'
  in_place $SERVER sh -ec 'ip addr add 10.0.2.2/24 dev wan; ip -6 addr add 2001:db8:2::2/64 dev wan nodad; ip link set wan up
    for n in 1 2 3 7 9 66; do ip addr add 203.0.113.$n/32 dev lo; done
    for n in 53 54 55 56 57; do ip addr add 198.51.100.$n/32 dev lo; done
    for n in 1 2 3; do ip -6 addr add 2001:db8:f::$n/128 dev lo nodad; done
    ip route add default via 10.0.2.1; ip -6 route add default via 2001:db8:2::1'
  ip link set lan up; ${ADDRESSES}; ${ROUTES}
  `

const BLACKHOLE = (what: string, verb: string) => `in_place $ROUTER ip route ${verb} blackhole ${what}`
const HOME = 'in_place $ROUTER ip addr'

interface Expected {
  outcome: DoctorResult['verdict']['outcome']
  blame: DoctorResult['verdict']['blame']
  link: string
  party: string | null
  cause?: string | null
  headline: RegExp
  also?: RegExp
}

const WELL = { outcome: 'well', blame: 'all_well', link: 'none', party: null } as const

/** The list is the specification: a broken network, and what is to be said about it. */
const SITUATIONS: [Situation, Expected][] = [
  [{ name: 'all is well' }, { ...WELL, headline: /It is not you/ }],
  [
    {
      name: 'no interface is up',
      before: 'ip link set lan down',
      after: `ip link set lan up; ${ADDRESSES}; ${ROUTES}`,
    },
    {
      outcome: 'broken',
      blame: 'your_machine',
      link: 'you',
      party: 'visitor',
      headline: /interface of this machine is down/,
    },
  ],
  [
    {
      name: 'the cable is out',
      before: 'in_place $ROUTER ip link set lan down',
      after: `in_place $ROUTER ip link set lan up; in_place $ROUTER ip -6 addr replace 2001:db8:1::1/64 dev lan nodad; ${ROUTES}`,
    },
    {
      outcome: 'broken',
      blame: 'your_machine',
      link: 'you',
      party: 'visitor',
      headline: /interface of this machine is down/,
    },
  ],
  [
    { name: 'no address', before: 'ip addr flush dev lan scope global', after: `${ADDRESSES}; ${ROUTES}` },
    {
      outcome: 'broken',
      blame: 'your_network',
      link: 'you',
      party: 'visitor',
      headline: /without an address/,
    },
  ],
  [
    {
      name: 'an address of its own making',
      before: 'ip addr flush dev lan scope global; ip addr add 169.254.7.7/16 dev lan',
      after: `ip addr flush dev lan scope global; ${ADDRESSES}; ${ROUTES}`,
    },
    { outcome: 'broken', blame: 'your_network', link: 'you', party: 'visitor', headline: /made one up/ },
  ],
  [
    { name: 'no default route', before: 'ip route del default; ip -6 route del default', after: ROUTES },
    {
      outcome: 'broken',
      blame: 'your_machine',
      link: 'you',
      party: 'visitor',
      cause: 'network_unreachable',
      headline: /no default route/,
    },
  ],
  [
    {
      name: 'the router is dead',
      before: `${HOME} del 10.0.1.1/24 dev lan; ${HOME} del 2001:db8:1::1/64 dev lan; ${FRESH}`,
      after: `${HOME} add 10.0.1.1/24 dev lan; in_place $ROUTER ip -6 addr add 2001:db8:1::1/64 dev lan nodad; ${FRESH}`,
    },
    {
      outcome: 'broken',
      blame: 'your_network',
      link: 'network',
      party: 'visitor',
      headline: /router .* does not answer/,
    },
  ],
  [
    {
      name: 'the line to the provider is cut, and the router says so',
      before: 'in_place $ROUTER ip route del default; in_place $ROUTER ip -6 route del default',
      after:
        'in_place $ROUTER ip route add default via 10.0.2.2; in_place $ROUTER ip -6 route add default via 2001:db8:2::2',
    },
    {
      outcome: 'broken',
      blame: 'provider',
      link: 'network',
      party: 'access_provider',
      headline: /line to your provider/,
    },
  ],
  [
    {
      name: 'silence behind the router',
      before: `${BLACKHOLE('203.0.113.0/24', 'add')}; ${BLACKHOLE('198.51.100.0/24', 'add')}; ${BLACKHOLE('2001:db8:f::/64', 'add')}`,
      after: `${BLACKHOLE('203.0.113.0/24', 'del')}; ${BLACKHOLE('198.51.100.0/24', 'del')}; ${BLACKHOLE('2001:db8:f::/64', 'del')}`,
    },
    {
      outcome: 'broken',
      blame: 'provider',
      link: 'network',
      party: 'access_provider',
      cause: 'connect_timed_out',
      headline: /line to your provider/,
    },
  ],
  [
    { name: 'the resolver is silent', resolvers: ['silent'] },
    {
      outcome: 'broken',
      blame: 'resolver',
      link: 'resolver',
      party: 'access_provider',
      cause: 'dns_timed_out',
      headline: /does not answer; by address, sites work/,
    },
  ],
  [
    { name: 'the resolver refuses', resolvers: ['refusing'] },
    {
      outcome: 'broken',
      blame: 'resolver',
      link: 'resolver',
      party: 'access_provider',
      cause: 'dns_refused',
      headline: /refuses to answer/,
    },
  ],
  [
    { name: 'the resolver lies', resolvers: ['lying'] },
    {
      outcome: 'broken',
      blame: 'resolver',
      link: 'resolver',
      party: 'access_provider',
      cause: null,
      headline: /gives false addresses/,
    },
  ],
  [
    { name: 'the resolver is slow', resolvers: ['slow'], totalMs: 4_000 },
    {
      outcome: 'degraded',
      blame: 'resolver',
      link: 'resolver',
      party: 'access_provider',
      cause: 'too_slow',
      headline: /is slow: \d+ ms/,
    },
  ],
  [
    { name: 'the resolver of this machine is not running', resolvers: ['none'] },
    {
      outcome: 'broken',
      blame: 'your_machine',
      link: 'resolver',
      party: 'visitor',
      cause: 'dns_resolver_unreachable',
      headline: /127\.0\.0\.1:9 cannot be reached/,
    },
  ],
  [
    { name: 'one of two resolvers is dead', resolvers: ['good', 'silent'] },
    {
      outcome: 'degraded',
      blame: 'resolver',
      link: 'resolver',
      party: 'access_provider',
      cause: 'dns_timed_out',
      headline: /1 of 2 resolvers is of no use/,
    },
  ],
  [
    {
      name: 'a captive portal',
      before: `for n in 1 2 3 9; do ${HOME} add 203.0.113.$n/32 dev lo; done`,
      after: `for n in 1 2 3 9; do ${HOME} del 203.0.113.$n/32 dev lo; done`,
    },
    {
      outcome: 'broken',
      blame: 'captive_portal',
      link: 'network',
      party: 'visitor',
      cause: 'captive_portal',
      headline: /wants you to log in/,
    },
  ],
  [
    { name: 'the proxy of the environment is dead', proxy: 'http://203.0.113.7:3128' },
    {
      outcome: 'broken',
      blame: 'proxy',
      link: 'proxy',
      party: 'visitor',
      headline: /proxy http:\/\/203\.0\.113\.7:3128 .* does not work/,
    },
  ],
  [
    {
      name: 'nothing but the proxy leads out',
      proxy: 'works',
      before: `in_place $ROUTER ip rule add pref 1 iif lan to 203.0.113.0/24 blackhole; ${BLACKHOLE('2001:db8:f::/64', 'add')}`,
      after: `in_place $ROUTER ip rule del pref 1; ${BLACKHOLE('2001:db8:f::/64', 'del')}`,
    },
    { ...WELL, headline: /through the proxy/ },
  ],
  [
    {
      name: 'the clock is wrong',
      references: ['http://one.test:81/', 'http://two.test:81/', 'http://203.0.113.3:81/'],
    },
    {
      outcome: 'degraded',
      blame: 'your_machine',
      link: 'you',
      party: 'visitor',
      headline: /clock of this machine is 60 min fast/,
    },
  ],
  [
    {
      name: 'IPv6 alone is broken',
      before: BLACKHOLE('2001:db8:f::/64', 'add'),
      after: BLACKHOLE('2001:db8:f::/64', 'del'),
    },
    {
      outcome: 'degraded',
      blame: 'provider',
      link: 'network',
      party: 'access_provider',
      headline: /IPv6 is broken, IPv4 works/,
    },
  ],
  [
    {
      name: 'IPv4 alone is broken',
      before: BLACKHOLE('203.0.113.0/24', 'add'),
      after: BLACKHOLE('203.0.113.0/24', 'del'),
    },
    {
      outcome: 'degraded',
      blame: 'provider',
      link: 'network',
      party: 'access_provider',
      headline: /IPv4 is broken, IPv6 works/,
    },
  ],
  [
    { name: 'an IPv6 address without a route', before: 'ip -6 route del default', after: ROUTES },
    {
      outcome: 'degraded',
      blame: 'your_machine',
      link: 'you',
      party: 'visitor',
      headline: /no way out with it/,
    },
  ],
  [
    {
      name: 'no IPv6 at all',
      before: 'ip -6 addr flush dev lan scope global',
      after: `${ADDRESSES}; ${ROUTES}`,
    },
    { ...WELL, headline: /It is not you/, also: /has IPv4 only/ },
  ],
  [
    {
      name: 'one reference site of three is down',
      references: ['http://one.test/', 'http://two.test/', 'http://three.test:9/'],
    },
    { ...WELL, headline: /It is not you/, also: /three\.test:9\/ does not answer, while the others do/ },
  ],
  [
    {
      name: 'large packets are lost',
      before: `ip -6 addr flush dev lan scope global; in_place $ROUTER ip link set lan mtu 1000
        in_place $ROUTER ip rule add pref 0 ipproto icmp blackhole`,
      after: `in_place $ROUTER ip link set lan mtu 1500; in_place $ROUTER ip rule del pref 0 ipproto icmp
        in_place $ROUTER ip -6 addr replace 2001:db8:1::1/64 dev lan nodad; ${ADDRESSES}; ${ROUTES}`,
      totalMs: 3_000,
    },
    {
      outcome: 'broken',
      blame: 'provider',
      link: 'network',
      party: 'access_provider',
      headline: /large packets are lost/,
    },
  ],
]

const ARTICLES = new URL('../../src/knowledge/articles/', import.meta.url)
const GROUPS = 3
const PROGRAM = fileURLToPath(new URL('../world/doctor-alone.ts', import.meta.url))

async function runGroup(group: Situation[]): Promise<Record<string, DoctorResult>> {
  const [program, ...wrapper] = [...(OWN_NETWORK ?? []), '-m', '-p', '-f', '--mount-proc', '--kill-child']
  const given = ['sh', '-c', `${NETWORK}\nexec "$0" "$@"`, process.execPath, PROGRAM, JSON.stringify(group)]
  const { stdout } = await promisify(execFile)(program, [...wrapper, ...given], {
    maxBuffer: 64 * 1024 * 1024,
  })
  return JSON.parse(stdout) as Record<string, DoctorResult>
}

ownNetworkSuite('doctor, with networks of its own', () => {
  let results: Record<string, DoctorResult> = {}

  beforeAll(async () => {
    const groups: Situation[][] = Array.from({ length: GROUPS }, () => [])
    SITUATIONS.forEach(([situation], index) => groups[index % GROUPS]?.push(situation))
    results = Object.assign({}, ...(await Promise.all(groups.map(runGroup)))) as typeof results
  }, 60_000)

  test.each(SITUATIONS.map(([{ name }, expected]) => ({ name, expected })))('$name', ({ name, expected }) => {
    const { headline, also, ...rest } = expected
    const result = results[name]
    expect(result?.verdict).toMatchObject(rest)
    expect(result?.verdict.headline).toMatch(headline)
    if (also) expect(result?.verdict.also.join('\n')).toMatch(also)
    expect(result?.looks.map(({ look }) => look)).toHaveLength(8)
    const { article = null } = result?.verdict ?? {}
    if (article !== null) expect(existsSync(new URL(`${article}.md`, ARTICLES))).toBe(true)
    const ids = new Set(result?.observations.map(({ id }) => id))
    for (const { evidence } of result?.verdict.reasons ?? []) {
      expect(evidence.filter((id) => !ids.has(id))).toEqual([])
    }
  })
})

/** The command line behind shell commands, in an empty network of its own. */
function doctorInside(prepare: string, args: string[], env: Record<string, string> = {}): Promise<Ended> {
  return whydown(['doctor', ...args], {
    env,
    through: (command) => [...(OWN_NETWORK ?? []), 'sh', '-c', `${prepare} exec "$0" "$@"`, ...command],
  })
}

ownNetworkSuite('whydown doctor, on a machine without a network', () => {
  test('says so at once, exit 2', async () => {
    const { status, stdout, stderr } = await doctorInside('', ['--ascii'])
    expect([status, stderr]).toEqual([2, ''])
    expect(stdout).toMatch(/not connected to anything|interface of this machine is down/)
    expect(stdout).toContain('to act: visitor')
    expect(stdout).toContain('whydown explain not-connected')
    expect(stdout).toMatch(/resolvers +not looked at: this machine has no address/)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: only plain ASCII may come.
    expect(stdout).toMatch(/^[\n -~]+$/)
  })

  test('the same as JSON', async () => {
    const { status, stdout } = await doctorInside('ip link set lo up;', ['--json'])
    const result = JSON.parse(stdout) as DoctorResult
    expect(status).toBe(2)
    expect(result).toMatchObject({ schema: 1, verdict: { outcome: 'broken', link: 'you', party: 'visitor' } })
    expect(result.looks.map(({ look }) => look)).toHaveLength(8)
  })

  test('a proxy setting that is none is told, not thrown', async () => {
    const home = 'ip link set lo up; ip addr add 192.0.2.2/32 dev lo;'
    const args = [
      '--reference',
      'http://192.0.2.2:9/',
      '--portal-url',
      'http://192.0.2.2:9/',
      '--timeout',
      '2s',
    ]
    const { status, stdout } = await doctorInside(home, args, { https_proxy: 'gopher://proxy.test' })
    expect(status).toBe(2)
    expect(stdout).toContain('https_proxy')
  })
})

describe('whydown doctor', () => {
  test.each([
    [['https://www.example.com/'], 'doctor takes no URL'],
    [['--reference', 'www.example.com'], 'is not a URL'],
    [['--portal-url', 'nonsense'], 'is not a URL'],
    [['--portal-text', 'ok'], '--portal-text needs the page'],
    [['--resolver', 'dns.test'], '--resolver "dns.test" is not an IP address'],
    [['--timeout', '5ms'], 'is not between 1s and 60s'],
    [['--proxy', 'socks4://proxy.test'], '--proxy'],
  ])('%j is a mistake in one sentence, exit 3', async (args, says) => {
    const { status, stdout, stderr } = await whydown(['doctor', ...args])
    expect([status, stdout]).toEqual([3, ''])
    expect(stderr).toContain(says)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })

  test('doctor() without references cannot tell', async () => {
    const { verdict } = await doctor({ references: [], resolvers: [], portals: [], totalMs: 1_000 })
    // A machine without any address is told as such, references or not.
    expect(['cannot_tell', 'your_machine', 'your_network']).toContain(verdict.blame)
  })
})
