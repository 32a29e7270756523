// Checks through a forward proxy: real Squid, and proxies that are gone, silent, or want something first.
import type { Cause, Link, Party } from '../../../src/model/diagnosis.ts'
import { issue } from '../../../test/world/certificates.ts'
import { httpProxy, type ProxyRules, socksProxy } from '../../../test/world/proxy-server.ts'
import type { LiveOptions } from '../options.ts'
import { squidProxy } from '../programs.ts'
import { applicationError, FAULT_CAUSES, type Scenario, type Truth } from '../scenario.ts'
import { forMethod, page, shop, type World } from '../world.ts'

const GROUP = 'through a proxy'

/** The proxy itself is the trouble: ours or our network's, so that the site's state stays open. */
function proxyTruth(causes: readonly Cause[], more: Partial<Truth> = {}): Truth {
  return {
    links: ['proxy'],
    causes,
    parties: ['access_provider', 'visitor', 'gateway_operator'],
    generator: null,
    tellable: true,
    outcomes: ['unknown', 'down'],
    ...more,
  }
}

const SITE_BEHIND: { links: Link[]; parties: Party[]; outcomes: Truth['outcomes'] } = {
  links: ['upstream', 'origin'],
  parties: ['site_operator', 'gateway_operator'],
  outcomes: ['down'],
}

function through(proxy: string): LiveOptions {
  return { proxy: { http: proxy, https: proxy, bypass: [] } }
}

/** A working site behind TLS, and the root that vouches for it. */
async function secureSite(world: World): Promise<{ port: number; tls: { ca: string } }> {
  const root = issue({ commonName: 'Live Root', ca: true })
  const leaf = issue({ names: ['127.0.0.1'] }, root)
  const port = await world.tls([leaf], (head) => {
    const [method = '', target = ''] = head.split(' ', 2)
    return shop({ method, target, head, ip: '127.0.0.1', before: 0 })
  })
  return { port, tls: { ca: root.pem } }
}

async function rules(world: World, own: ProxyRules): Promise<string> {
  const proxy = await httpProxy(own)
  world.ends(() => proxy.close())
  return `http://127.0.0.1:${proxy.port}`
}

async function squid(world: World, ...lines: string[]): Promise<string> {
  return `http://127.0.0.1:${await world.program(squidProxy(lines))}`
}

export const PROXY_SCENARIOS: Scenario[] = [
  {
    group: GROUP,
    name: 'nothing listens on the port of the proxy, the site is fine',
    truth: proxyTruth(['proxy_refused'], { links: ['proxy', 'you'] }),
    quick: true,
    run: async (world) => {
      const site = await world.site((request) => shop(request))
      return world.check(
        `http://127.0.0.1:${site.port}/`,
        through(`http://127.0.0.1:${await world.deadPort()}`),
      )
    },
  },
  ...(
    [
      ['https', ['proxy_auth_required'], null],
      ['http', ['proxy_auth_required', 'http_request_denied'], null],
    ] as const
  ).map(
    ([scheme, causes, generator]): Scenario => ({
      group: GROUP,
      name: `the proxy wants a login (${scheme})`,
      truth: proxyTruth(causes, { links: ['proxy', 'you'], generator, tellable: scheme === 'https' }),
      run: async (world) => {
        const site = await world.site((request) => shop(request))
        return world.check(
          `${scheme}://127.0.0.1:${site.port}/`,
          through(await rules(world, { login: 'ann:pw' })),
        )
      },
    }),
  ),
  {
    group: GROUP,
    name: 'the proxy denies the way to the site (CONNECT 403)',
    truth: proxyTruth(['proxy_denied', 'http_request_denied'], { generator: ['squid'] }),
    quick: true,
    run: async (world) => {
      const site = await secureSite(world)
      const proxy = await rules(world, { deny: [`127.0.0.1:${site.port}`] })
      return world.check(`https://127.0.0.1:${site.port}/`, { ...through(proxy), tls: site.tls })
    },
  },
  {
    group: GROUP,
    name: 'the site behind the proxy refuses (CONNECT 503)',
    truth: {
      ...SITE_BEHIND,
      causes: ['connection_refused', 'destination_unavailable', 'proxy_failed', 'connect_refused'],
      generator: ['squid'],
      tellable: false,
    },
    run: async (world) =>
      world.check(`https://127.0.0.1:${await world.deadPort()}/`, through(await rules(world, {}))),
  },
  {
    group: GROUP,
    name: 'the proxy takes CONNECT and is silent',
    truth: proxyTruth(['proxy_failed', 'connection_timeout', 'http_response_timeout'], {
      tellable: false,
      outcomes: ['down', 'unknown'],
      links: ['proxy', 'upstream'],
    }),
    run: async (world) => {
      const site = await secureSite(world)
      return world.check(`https://127.0.0.1:${site.port}/`, {
        ...through(await rules(world, { fault: 'silent' })),
        tls: site.tls,
        limits: { totalMs: 3_000 },
        drill: { totalMs: 5_000 },
      })
    },
  },
  {
    group: GROUP,
    name: 'the proxy closes at CONNECT, the site is fine without it',
    truth: proxyTruth(['proxy_failed', 'connection_terminated'], { tellable: false }),
    run: async (world) => {
      const site = await secureSite(world)
      return world.check(`https://127.0.0.1:${site.port}/`, {
        ...through(await rules(world, { fault: 'close' })),
        tls: site.tls,
      })
    },
  },
  {
    group: GROUP,
    name: 'the proxy cannot reach a site that works without it',
    truth: proxyTruth(['connection_refused', 'destination_unavailable', 'connection_timeout'], {
      links: ['proxy', 'upstream'],
      generator: ['squid'],
      outcomes: ['down', 'unknown', 'degraded'],
      tellable: false,
    }),
    run: async (world) => {
      const site = await world.site((request) => shop(request))
      const dial = { host: '127.0.0.1', port: await world.deadPort() }
      return world.check(`http://127.0.0.1:${site.port}/`, through(await rules(world, { dial })))
    },
  },
  {
    group: GROUP,
    name: 'SOCKS5: the proxy cannot connect to the site',
    truth: {
      ...SITE_BEHIND,
      causes: ['connection_refused', 'proxy_failed', 'destination_unavailable', 'connect_refused'],
      generator: null,
      tellable: false,
    },
    run: async (world) => {
      const proxy = await socksProxy({})
      world.ends(() => proxy.close())
      return world.check(
        `http://127.0.0.1:${await world.deadPort()}/`,
        through(`socks5://127.0.0.1:${proxy.port}`),
      )
    },
  },
  {
    group: GROUP,
    name: 'Squid: nothing listens at the site',
    needs: ['squid'],
    truth: { ...SITE_BEHIND, causes: FAULT_CAUSES.refused, generator: ['squid'], tellable: true },
    run: async (world) =>
      world.check(`http://127.0.0.1:${await world.deadPort()}/`, through(await squid(world))),
  },
  {
    group: GROUP,
    name: 'Squid denies the site (http_access deny)',
    needs: ['squid'],
    truth: proxyTruth(['http_request_denied', 'proxy_denied'], { generator: ['squid'] }),
    run: async (world) => {
      const site = await world.site((request) => shop(request))
      const proxy = await squid(world, 'acl bad dst 127.0.0.0/8', 'http_access deny bad')
      return world.check(`http://127.0.0.1:${site.port}/`, through(proxy))
    },
  },
  {
    group: GROUP,
    name: 'Squid cannot resolve the name (its resolver is gone)',
    needs: ['squid'],
    truth: proxyTruth(FAULT_CAUSES.dns, {
      links: ['upstream', 'proxy'],
      parties: ['access_provider', 'gateway_operator', 'dns_operator', 'site_operator', 'visitor'],
      generator: ['squid'],
      tellable: false,
    }),
    run: async (world) => {
      const proxy = await squid(
        world,
        'dns_nameservers 127.0.0.99',
        'dns_timeout 1 seconds',
        'hosts_file none',
      )
      return world.check('http://www.shop.test/', through(proxy))
    },
  },
  {
    group: GROUP,
    name: 'Squid: the site closes without a word',
    needs: ['squid'],
    truth: { ...SITE_BEHIND, causes: FAULT_CAUSES.closed, generator: ['squid'], tellable: false },
    run: async (world) => {
      const site = await world.site(() => ({ bytes: '', ending: 'close' }))
      return world.check(`http://127.0.0.1:${site.port}/`, through(await squid(world)))
    },
  },
  {
    group: GROUP,
    name: 'Squid: the application answers 500',
    needs: ['squid'],
    truth: applicationError(),
    run: async (world) => {
      const broken = page(500, '{"error":"no stock service"}', 'Content-Type: application/json')
      const site = await world.site(({ method }) => forMethod(method, broken))
      return world.check(`http://127.0.0.1:${site.port}/`, through(await squid(world)))
    },
  },
]
