// Two real gateways, one behind the other, and what fails behind the second.
import { GATEWAYS, type GatewayName } from '../../../test/lab/gateways.ts'
import { applicationError, behindGateway, FAULT_CAUSES, type Scenario, type Truth } from '../scenario.ts'
import { forMethod, page, shop, type World } from '../world.ts'
import { PRODUCT } from './gateways.ts'

const TRACE = page(
  500,
  '<!doctype html><html><head><title>Application error</title></head><body><h1>Something broke in our shop</h1><pre>NullReferenceException at Cart.Total()</pre></body></html>',
  'X-Powered-By: ASP.NET',
)

/** The inner gateway wrote the page; a passed-on 502 is also truly that. */
function inner(gateway: GatewayName, causes: Truth['causes']): Truth {
  return behindGateway(PRODUCT[gateway], causes, { links: ['upstream', 'origin'] })
}

function twoDeep(
  outer: GatewayName,
  middle: GatewayName,
  says: string,
  truth: Truth,
  upstream: (world: World) => Promise<number | 'dead'>,
  quick = false,
): Scenario {
  return {
    group: 'two gateways',
    name: `${outer} before ${middle}: ${says}`,
    needs: [GATEWAYS[outer].program, GATEWAYS[middle].program],
    truth,
    ...(quick ? { quick: true as const } : {}),
    run: async (world) => {
      const behind = await world.gateway(middle, await upstream(world))
      const port = await world.gateway(outer, behind)
      return world.check(`http://127.0.0.1:${port}/`)
    },
  }
}

const dead = async () => 'dead' as const
const silent = async (world: World) => (await world.site(() => ({ bytes: '', ending: 'stay' }))).port
const closing = async (world: World) => (await world.site(() => ({ bytes: '', ending: 'close' }))).port
const failing = async (world: World) => (await world.site(({ method }) => forMethod(method, TRACE))).port
const DEAD = 'nothing listens behind the second'

export const CHAIN_SCENARIOS: Scenario[] = [
  ...(
    [
      ['nginx', 'apache'],
      ['haproxy', 'nginx'],
      ['varnish', 'nginx'],
      ['caddy', 'nginx'],
      ['squid', 'apache'],
      ['trafficserver', 'nginx'],
      ['apache', 'haproxy'],
      ['nginx', 'varnish'],
      ['nginx', 'caddy'],
      ['nginx', 'lighttpd'],
      ['haproxy', 'trafficserver'],
      ['lighttpd', 'squid'],
      ['nginx', 'nginx'],
    ] satisfies [GatewayName, GatewayName][]
  ).map(([outer, middle]) =>
    twoDeep(
      outer,
      middle,
      DEAD,
      inner(middle, FAULT_CAUSES.refused),
      dead,
      outer === 'haproxy' && middle === 'nginx',
    ),
  ),
  twoDeep('haproxy', 'nginx', 'upstream closes without a word', inner('nginx', FAULT_CAUSES.closed), closing),
  twoDeep(
    'varnish',
    'haproxy',
    'upstream closes without a word',
    inner('haproxy', FAULT_CAUSES.closed),
    closing,
  ),
  twoDeep('varnish', 'nginx', 'the application answers 500', applicationError(), failing),
  twoDeep('caddy', 'apache', 'the application answers 500', applicationError(), failing),
  twoDeep('haproxy', 'squid', 'the application answers 500', applicationError(), failing),
  // Both wait two seconds, and either may be the first to give up.
  twoDeep(
    'haproxy',
    'nginx',
    'upstream never answers',
    behindGateway(['nginx', 'haproxy'], FAULT_CAUSES.timedOut, {
      links: ['upstream', 'origin'],
      tellable: true,
    }),
    silent,
  ),
  {
    group: 'two gateways',
    name: 'nginx before a dead nginx',
    needs: ['nginx'],
    truth: behindGateway('nginx', FAULT_CAUSES.refused),
    run: async (world) => {
      const behind = await world.deadPort()
      return world.check(`http://127.0.0.1:${await world.gateway('nginx', behind)}/`)
    },
  },
  {
    group: 'two gateways',
    name: 'varnish before nginx before haproxy before a dead port',
    needs: ['varnishd', 'nginx', 'haproxy'],
    truth: inner('haproxy', FAULT_CAUSES.refused),
    run: async (world) => {
      const third = await world.gateway('haproxy', 'dead')
      const second = await world.gateway('nginx', third)
      return world.check(`http://127.0.0.1:${await world.gateway('varnish', second)}/`)
    },
  },
  {
    group: 'two gateways',
    name: 'nginx before haproxy: one page of the application answers 500',
    needs: ['nginx', 'haproxy'],
    truth: applicationError(),
    run: async (world) => {
      const site = await world.site((request) =>
        request.target.startsWith('/page') ? forMethod(request.method, TRACE) : shop(request),
      )
      const port = await world.gateway('nginx', await world.gateway('haproxy', site.port))
      return world.check(`http://127.0.0.1:${port}/page`)
    },
  },
]
