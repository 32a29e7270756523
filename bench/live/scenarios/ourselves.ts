// Our own side: out of files, no network, no way to this one site, cancelled, a URL that is none.
import { setTimeout as wait } from 'node:timers/promises'
import { checkAlone, OWN_NETWORK } from '../alone.ts'
import { ownLeg, type Scenario } from '../scenario.ts'
import { shop } from '../world.ts'

const GROUP = 'our own side'

const UP = 'ip link set lo up; ip addr add 192.0.2.2/32 dev lo; ip addr add 192.0.2.3/32 dev lo; '
const REFERENCES = ['http://192.0.2.3:8080/']
const FAR_REFERENCES = ['http://203.0.113.5/', 'http://203.0.113.77/', 'http://198.51.100.200/']

const NETWORK_OF_OURS = OWN_NETWORK ?? []

export const OURSELVES_SCENARIOS: Scenario[] = [
  {
    group: GROUP,
    name: 'no file descriptors are left',
    truth: ownLeg(['monitor', 'you'], 'local_limit', ['monitor_operator', 'visitor'], {
      outcomes: ['unknown'],
    }),
    quick: true,
    run: async (world) => {
      const site = await world.site((request) => shop(request))
      return checkAlone(
        { url: `http://127.0.0.1:${site.port}/`, options: {}, exhaust: true },
        'ulimit -n 64;',
      )
    },
  },
  {
    group: GROUP,
    name: 'no network at all: no route to the site, nor to any reference site',
    ownNetwork: true,
    truth: ownLeg(
      ['you', 'monitor'],
      ['network_unreachable', 'host_unreachable'],
      ['visitor', 'monitor_operator', 'access_provider'],
      { outcomes: ['unknown'] },
    ),
    quick: true,
    run: () =>
      checkAlone(
        { url: 'http://198.51.100.7/', options: { drill: { references: FAR_REFERENCES } } },
        'ip link set lo up;',
        NETWORK_OF_OURS,
      ),
  },
  {
    group: GROUP,
    name: 'the access network throws everything away: references fail as well',
    ownNetwork: true,
    truth: ownLeg(
      ['you', 'network', 'monitor'],
      ['host_unreachable', 'network_unreachable', 'connect_timed_out'],
      ['visitor', 'monitor_operator', 'access_provider'],
      { outcomes: ['unknown'] },
    ),
    run: () =>
      checkAlone(
        { url: 'http://198.51.100.7/', options: { drill: { references: FAR_REFERENCES } } },
        `${UP} ip route add unreachable 198.51.100.0/24; ip route add unreachable 203.0.113.0/24; `,
        NETWORK_OF_OURS,
      ),
  },
  {
    group: GROUP,
    name: 'only this site cannot be reached, a reference site works',
    ownNetwork: true,
    truth: ownLeg(
      ['network', 'origin'],
      ['host_unreachable', 'network_unreachable'],
      ['network_operator', 'site_operator'],
    ),
    run: () =>
      checkAlone(
        {
          url: 'http://198.51.100.7/',
          options: { drill: { references: REFERENCES } },
          serve: ['192.0.2.3'],
        },
        `${UP} ip route add unreachable 198.51.100.0/24; `,
        NETWORK_OF_OURS,
      ),
  },
  {
    group: GROUP,
    name: 'no network, and the site is known by name only',
    ownNetwork: true,
    truth: ownLeg(
      ['you', 'resolver', 'monitor'],
      ['dns_resolver_unreachable', 'network_unreachable'],
      ['visitor', 'monitor_operator', 'access_provider'],
      { outcomes: ['unknown'] },
    ),
    run: () =>
      checkAlone(
        {
          url: 'http://www.shop.test/',
          options: {
            resolvers: [{ ip: '203.0.113.53', port: 53 }],
            drill: { references: FAR_REFERENCES, resolvers: [], roots: [] },
          },
        },
        'ip link set lo up;',
        NETWORK_OF_OURS,
      ),
  },
  {
    group: GROUP,
    name: 'cancelled by the caller',
    truth: ownLeg(['monitor', 'you'], 'cancelled', ['monitor_operator', 'visitor'], {
      outcomes: ['unknown'],
    }),
    run: async (world) => {
      const site = await world.site(() => ({ bytes: '', ending: 'stay' }))
      const stop = new AbortController()
      const result = world.check(`http://127.0.0.1:${site.port}/`, { signal: stop.signal })
      await wait(100)
      stop.abort()
      return result
    },
  },
  {
    group: GROUP,
    name: 'a URL that is none',
    truth: ownLeg('you', 'bad_url', ['visitor', 'monitor_operator'], { outcomes: ['unknown', 'down'] }),
    run: (world) => world.check('http://shop.test:99999/'),
  },
]
