// Names with several addresses, of which some are dead: half-dead sites, and one family broken.
import type { Cause } from '../../../src/model/diagnosis.ts'
import { nginx } from '../programs.ts'
import { applicationError, ownLeg, type Scenario, type Truth } from '../scenario.ts'
import { forMethod, page, shop, type World } from '../world.ts'

const GROUP = 'several addresses'
const BROKEN = page(502, '{"error":"no database on this machine"}', 'Content-Type: application/json')

/** The machines of the site: works, refuses, or answers with the application's 502. */
async function machines(world: World, ips: Record<string, 'works' | 'refuses' | 'answers 502' | 'closes'>) {
  const listening = Object.keys(ips).filter((ip) => ips[ip] !== 'refuses')
  const site = await world.site((request) => {
    const state = ips[request.ip]
    if (state === 'answers 502') return forMethod(request.method, BROKEN)
    if (state === 'closes') return { bytes: '', ending: 'close' }
    return shop(request)
  }, listening)
  const resolver = await world.names({ 'shop.test': Object.keys(ips) })
  return world.check(`http://shop.test:${site.port}/`, { resolvers: [resolver] })
}

function partly(cause: Cause | readonly Cause[]): Truth {
  return ownLeg(['origin'], cause, ['site_operator', 'dns_operator'], { outcomes: ['degraded'] })
}

export const ADDRESS_SCENARIOS: Scenario[] = [
  {
    group: GROUP,
    name: 'the first of four refuses',
    truth: partly('connect_refused'),
    quick: true,
    run: (world) =>
      machines(world, {
        '127.0.0.2': 'refuses',
        '127.0.0.3': 'works',
        '127.0.0.4': 'works',
        '127.0.0.5': 'works',
      }),
  },
  {
    group: GROUP,
    name: 'three of four refuse',
    truth: partly('connect_refused'),
    run: (world) =>
      machines(world, {
        '127.0.0.2': 'refuses',
        '127.0.0.3': 'refuses',
        '127.0.0.4': 'refuses',
        '127.0.0.5': 'works',
      }),
  },
  {
    group: GROUP,
    name: 'the first of two answers 502',
    truth: applicationError({ outcomes: ['degraded'], parties: ['site_operator', 'dns_operator'] }),
    run: (world) => machines(world, { '127.0.0.2': 'answers 502', '127.0.0.3': 'works' }),
  },
  {
    group: GROUP,
    name: 'the first of three closes without a byte',
    truth: { ...partly('closed_without_answer'), tellable: false },
    run: (world) => machines(world, { '127.0.0.2': 'closes', '127.0.0.3': 'works', '127.0.0.4': 'works' }),
  },
  {
    group: GROUP,
    name: 'IPv6 refuses, IPv4 works',
    truth: partly('connect_refused'),
    quick: true,
    run: (world) => machines(world, { '::1': 'refuses', '127.0.0.2': 'works' }),
  },
  {
    group: GROUP,
    name: 'IPv6 answers 502, IPv4 works',
    truth: applicationError({ outcomes: ['degraded'], parties: ['site_operator', 'dns_operator'] }),
    run: (world) => machines(world, { '::1': 'answers 502', '127.0.0.2': 'works' }),
  },
  {
    group: GROUP,
    name: 'all four refuse',
    truth: ownLeg(['origin'], 'connect_refused', ['site_operator', 'dns_operator']),
    run: async (world) => {
      const resolver = await world.names({
        'shop.test': ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5'],
      })
      return world.check(`http://shop.test:${await world.deadPort()}/`, { resolvers: [resolver] })
    },
  },
  {
    group: GROUP,
    name: 'all three answer 502',
    truth: applicationError(),
    run: (world) =>
      machines(world, { '127.0.0.2': 'answers 502', '127.0.0.3': 'answers 502', '127.0.0.4': 'answers 502' }),
  },
  {
    group: GROUP,
    name: 'two gateways: behind the first (nginx) nothing listens, the second works',
    needs: ['nginx'],
    truth: {
      links: ['upstream', 'gateway', 'origin'],
      causes: ['connection_refused', 'destination_unavailable'],
      parties: ['site_operator', 'gateway_operator', 'dns_operator'],
      generator: ['nginx'],
      tellable: false,
      outcomes: ['degraded'],
    },
    run: async (world) => {
      const app = (await world.site((request) => shop(request))).port
      const dead = await world.deadPort()
      const port = await world.program(
        nginx(
          ({ port: at }) => `
            server { listen 127.0.0.1:${at}; listen 127.0.0.2:${at}; location / { proxy_pass http://127.0.0.1:${dead}; } }
            server { listen 127.0.0.3:${at}; location / { proxy_pass http://127.0.0.1:${app}; } }`,
        ),
      )
      const resolver = await world.names({ 'shop.test': ['127.0.0.2', '127.0.0.3'] })
      return world.check(`http://shop.test:${port}/`, { resolvers: [resolver] })
    },
  },
]
