// Gateways that choose, keep, limit and deny: one bad backend of three, cached errors, health checks, TLS behind them.
import { writeFileSync } from 'node:fs'
import { issue } from '../../../test/world/certificates.ts'
import { haproxy, nginx, varnish } from '../programs.ts'
import {
  applicationError,
  behindGateway,
  FAULT_CAUSES,
  ownLeg,
  type Scenario,
  type Truth,
} from '../scenario.ts'
import { forMethod, page, SHOP, shop, type World } from '../world.ts'

const POOL = 'pools'
const CACHE = 'caches'
const GATE = 'the gateway itself'

const APP_DOWN = page(502, '{"error":"worker pool exhausted"}', 'Content-Type: application/json')

/** One machine of several: a visitor has luck now and then. */
const NOW_AND_THEN: Partial<Truth> = { outcomes: ['degraded'], links: ['upstream', 'origin'] }

async function machine(world: World, name: string): Promise<number> {
  return (await world.site((request) => shop(request, `X-Backend: ${name}`))).port
}

async function brokenMachine(world: World, name: string): Promise<number> {
  const answer = APP_DOWN.replace('\r\n', `\r\nX-Backend: ${name}\r\n`)
  return (await world.site(({ method }) => forMethod(method, answer))).port
}

/** HAProxy takes the machines in turn and looks after none of them. */
function inTurn(ports: number[], ...more: string[]) {
  return haproxy(() => [
    'backend back',
    '  balance roundrobin',
    ...more,
    ...ports.map((port, index) => `  server app${index} 127.0.0.1:${port} cookie app${index}`),
  ])
}

const gatekeeper = (causes: Truth['causes'], generator: string, more: Partial<Truth> = {}): Truth =>
  ownLeg(['gateway', 'origin', 'you'], causes, ['gateway_operator', 'site_operator', 'visitor'], {
    generator: [generator],
    tellable: false,
    ...more,
  })

/** A cache gives out an error that was true once; the site is fine again. */
const keptError: Truth = {
  links: ['gateway', 'cdn'],
  causes: ['upstream_error_passed_through', 'status_unaccepted'],
  parties: ['gateway_operator', 'cdn_operator'],
  generator: null,
  tellable: true,
  outcomes: ['degraded', 'down'],
}

/** An application that fails until it is told to work; the cache before it is asked once while it fails. */
async function recovering(world: World, gateway: (upstream: number) => Promise<number>) {
  let works = false
  const site = await world.site((request) => (works ? shop(request) : forMethod(request.method, APP_DOWN)))
  const port = await gateway(site.port)
  await fetch(`http://127.0.0.1:${port}/`).then((response) => response.text())
  works = true
  return port
}

const nginxCache = (upstream: number, lines: string) =>
  nginx(
    ({ folder, port }) => `
      proxy_cache_path ${folder}/cache keys_zone=pages:1m;
      server { listen 127.0.0.1:${port}; location / {
        proxy_pass http://127.0.0.1:${upstream}; proxy_cache pages; ${lines}
      } }`,
  )

export const POOL_SCENARIOS: Scenario[] = [
  {
    group: POOL,
    name: 'haproxy, three in turn: the first refuses',
    needs: ['haproxy'],
    truth: behindGateway('haproxy', FAULT_CAUSES.refused, NOW_AND_THEN),
    quick: true,
    run: async (world) => {
      const ports = [await world.deadPort(), await machine(world, 'app1'), await machine(world, 'app2')]
      return world.check(`http://127.0.0.1:${await world.program(inTurn(ports))}/`)
    },
  },
  {
    group: POOL,
    name: 'haproxy, three in turn: the first answers its own 502',
    needs: ['haproxy'],
    truth: applicationError({ outcomes: ['degraded'] }),
    run: async (world) => {
      const ports = [
        await brokenMachine(world, 'app0'),
        await machine(world, 'app1'),
        await machine(world, 'app2'),
      ]
      return world.check(`http://127.0.0.1:${await world.program(inTurn(ports))}/`)
    },
  },
  {
    group: POOL,
    name: 'haproxy with a cookie, three in turn: the first closes without a word',
    needs: ['haproxy'],
    truth: behindGateway('haproxy', FAULT_CAUSES.closed, NOW_AND_THEN),
    run: async (world) => {
      const closing = (await world.site(() => ({ bytes: '', ending: 'close' }))).port
      const ports = [closing, await machine(world, 'app1'), await machine(world, 'app2')]
      const port = await world.program(inTurn(ports, '  cookie SERVERID insert indirect nocache'))
      return world.check(`http://127.0.0.1:${port}/`)
    },
  },
  {
    group: POOL,
    name: 'nginx, three in turn: the first refuses',
    needs: ['nginx'],
    truth: behindGateway('nginx', FAULT_CAUSES.refused, NOW_AND_THEN),
    run: async (world) => {
      const ports = [await world.deadPort(), await machine(world, 'app1'), await machine(world, 'app2')]
      const servers = ports.map((port) => `server 127.0.0.1:${port} max_fails=0;`).join(' ')
      const port = await world.program(
        nginx(
          ({ port: at }) =>
            `upstream pool { ${servers} } server { listen 127.0.0.1:${at}; location / { proxy_pass http://pool; proxy_next_upstream off; } }`,
        ),
      )
      return world.check(`http://127.0.0.1:${port}/`)
    },
  },
  {
    group: POOL,
    name: 'haproxy: every machine is down by its health checks',
    needs: ['haproxy'],
    truth: behindGateway(
      'haproxy',
      ['destination_unavailable', 'connection_refused', 'proxy_configuration_error'],
      { links: ['upstream', 'gateway'] },
    ),
    run: async (world) => {
      const dead = await world.deadPort()
      const port = await world.program(
        haproxy(() => [
          'backend back',
          '  option redispatch',
          `  server app0 127.0.0.1:${dead} check inter 50ms fall 1`,
          `  server app1 127.0.0.1:${dead} check inter 50ms fall 1`,
        ]),
      )
      // The health checks take their own time to find out.
      await new Promise((resolve) => setTimeout(resolve, 400))
      return world.check(`http://127.0.0.1:${port}/`)
    },
  },
  {
    group: CACHE,
    name: 'varnish keeps an old 502 of the application, which works again',
    needs: ['varnishd'],
    truth: keptError,
    run: async (world) => {
      const port = await recovering(world, (upstream) =>
        world.program(
          varnish(
            upstream,
            'sub vcl_backend_response { set beresp.ttl = 60s; set beresp.uncacheable = false; return (deliver); }',
          ),
        ),
      )
      return world.check(`http://127.0.0.1:${port}/`)
    },
  },
  {
    group: CACHE,
    name: 'nginx keeps an old 502 of the application, which works again',
    needs: ['nginx'],
    truth: keptError,
    quick: true,
    run: async (world) => {
      const port = await recovering(world, (upstream) =>
        world.program(
          nginxCache(upstream, 'proxy_cache_valid any 1m; add_header X-Cache $upstream_cache_status always;'),
        ),
      )
      return world.check(`http://127.0.0.1:${port}/`)
    },
  },
  {
    group: CACHE,
    name: 'nginx keeps an old 502 and says nothing about its cache',
    needs: ['nginx'],
    truth: keptError,
    run: async (world) => {
      const port = await recovering(world, (upstream) =>
        world.program(nginxCache(upstream, 'proxy_cache_valid any 1m;')),
      )
      return world.check(`http://127.0.0.1:${port}/`)
    },
  },
  {
    group: CACHE,
    name: 'nginx gives out a stale copy, the origin is gone (X-Cache-Status: STALE)',
    needs: ['nginx'],
    truth: ownLeg(
      ['upstream', 'origin', 'gateway', 'content'],
      ['stale_served', 'connection_refused', 'destination_unavailable'],
      ['site_operator', 'gateway_operator'],
      { outcomes: ['degraded', 'down'], tellable: false },
    ),
    run: async (world) => {
      const site = await world.site((request) => shop(request, 'Cache-Control: max-age=1'))
      const port = await world.program(
        nginxCache(
          site.port,
          'proxy_cache_use_stale error timeout http_502; add_header X-Cache-Status $upstream_cache_status always;',
        ),
      )
      const url = `http://127.0.0.1:${port}/`
      await fetch(url).then((response) => response.text())
      await site[Symbol.asyncDispose]()
      for (let state = ''; state !== 'STALE'; ) {
        await new Promise((resolve) => setTimeout(resolve, 100))
        const response = await fetch(url)
        state = response.headers.get('x-cache-status') ?? ''
        await response.text()
      }
      return world.check(url)
    },
  },
  {
    group: GATE,
    name: 'nginx sends to the wrong port; the origin works when asked directly (--origin)',
    needs: ['nginx'],
    truth: behindGateway('nginx', FAULT_CAUSES.refused, {
      links: ['gateway', 'upstream'],
      parties: ['gateway_operator'],
    }),
    quick: true,
    run: async (world) => {
      const site = await world.site((request) => shop(request))
      const port = await world.gateway('nginx', 'dead')
      return world.check(`http://127.0.0.1:${port}/`, {
        drill: { origin: { ip: '127.0.0.1', port: site.port } },
      })
    },
  },
  {
    group: GATE,
    name: 'nginx waits one second for a page that takes three; the origin works directly (--origin)',
    needs: ['nginx'],
    truth: behindGateway('nginx', FAULT_CAUSES.timedOut, {
      links: ['gateway', 'upstream', 'origin'],
      parties: ['gateway_operator', 'site_operator'],
    }),
    run: async (world) => {
      const slow = await world.app((request, response) => {
        setTimeout(
          () => response.setHeader('Content-Type', 'text/html').end(SHOP),
          /^\/(\?|$)/.test(request.url ?? '') ? 3_000 : 0,
        )
      })
      const port = await world.program(
        nginx(
          ({ port: at }) =>
            `server { listen 127.0.0.1:${at}; location / { proxy_pass http://127.0.0.1:${slow}; } }`,
        ),
      )
      return world.check(`http://127.0.0.1:${port}/`, {
        drill: { origin: { ip: '127.0.0.1', port: slow } },
      })
    },
  },
  {
    group: GATE,
    name: 'the application fails with and without nginx (--origin)',
    needs: ['nginx'],
    truth: applicationError(),
    run: async (world) => {
      const site = await world.site(({ method }) => forMethod(method, APP_DOWN))
      const port = await world.gateway('nginx', site.port)
      return world.check(`http://127.0.0.1:${port}/`, {
        drill: { origin: { ip: '127.0.0.1', port: site.port } },
      })
    },
  },
  {
    group: GATE,
    name: 'nginx limits requests (limit_req, 503)',
    needs: ['nginx'],
    truth: gatekeeper(
      ['http_request_denied', 'connection_limit_reached', 'destination_unavailable', 'status_unaccepted'],
      'nginx',
      { links: ['gateway', 'origin', 'upstream', 'you'], outcomes: ['down', 'degraded'] },
    ),
    run: async (world) => {
      const site = await world.site((request) => shop(request))
      const port = await world.program(
        nginx(
          ({ port: at }) => `
            limit_req_zone $binary_remote_addr zone=one:1m rate=1r/m;
            server { listen 127.0.0.1:${at}; location / { limit_req zone=one; proxy_pass http://127.0.0.1:${site.port}; } }`,
        ),
      )
      await fetch(`http://127.0.0.1:${port}/`).then((response) => response.text())
      return world.check(`http://127.0.0.1:${port}/`)
    },
  },
  {
    group: GATE,
    name: 'haproxy denies (http-request deny, 403)',
    needs: ['haproxy'],
    truth: gatekeeper(['http_request_denied', 'status_unaccepted'], 'haproxy'),
    run: async (world) => {
      const site = await world.site((request) => shop(request))
      const port = await world.program(
        haproxy(() => ['  http-request deny', 'backend back', `  server app0 127.0.0.1:${site.port}`]),
      )
      return world.check(`http://127.0.0.1:${port}/`)
    },
  },
  {
    group: GATE,
    name: 'varnish denies (synth 403)',
    needs: ['varnishd'],
    truth: gatekeeper(['http_request_denied', 'status_unaccepted'], 'varnish'),
    run: async (world) => {
      const site = await world.site((request) => shop(request))
      const port = await world.program(
        varnish(site.port, 'sub vcl_recv { return (synth(403, "Forbidden")); }'),
      )
      return world.check(`http://127.0.0.1:${port}/`)
    },
  },
  {
    group: GATE,
    name: 'nginx cannot resolve the name of its upstream',
    needs: ['nginx'],
    truth: behindGateway('nginx', FAULT_CAUSES.dns, {
      parties: ['gateway_operator', 'dns_operator', 'site_operator'],
    }),
    run: async (world) => {
      const nothing = await world.names({})
      const port = await world.program(
        nginx(
          ({ port: at }) => `
            resolver ${nothing.ip}:${nothing.port} ipv6=off;
            server { listen 127.0.0.1:${at}; location / { set $app app.internal.test; proxy_pass http://$app; } }`,
        ),
      )
      return world.check(`http://127.0.0.1:${port}/`)
    },
  },
  ...(
    [
      ['has a certificate of nobody known', FAULT_CAUSES.certificate, true],
      ['speaks plain HTTP', ['tls_protocol_error'] as const, false],
    ] as const
  ).flatMap(([says, causes, secure]): Scenario[] => {
    const upstream = async (world: World): Promise<number> =>
      secure
        ? world.tls([issue({ names: ['app.test'] })], () => page(200, SHOP))
        : (await world.site((request) => shop(request))).port
    return [
      {
        group: GATE,
        name: `nginx asks its upstream over TLS, which ${says}`,
        needs: ['nginx'],
        truth: behindGateway('nginx', causes),
        run: async (world) => {
          const app = await upstream(world)
          const port = await world.program(
            nginx(({ folder, port: at }) => {
              writeFileSync(`${folder}/roots.pem`, issue({ commonName: 'Other Root', ca: true }).pem)
              return `server { listen 127.0.0.1:${at}; location / {
                proxy_pass https://127.0.0.1:${app}; proxy_ssl_verify on; proxy_ssl_trusted_certificate ${folder}/roots.pem;
              } }`
            }),
          )
          return world.check(`http://127.0.0.1:${port}/`)
        },
      },
      {
        group: GATE,
        name: `haproxy asks its upstream over TLS, which ${says}`,
        needs: ['haproxy'],
        truth: behindGateway('haproxy', causes),
        run: async (world) => {
          const app = await upstream(world)
          const port = await world.program(
            haproxy(({ folder }) => {
              writeFileSync(`${folder}/roots.pem`, issue({ commonName: 'Other Root', ca: true }).pem)
              return [
                'backend back',
                `  server app0 127.0.0.1:${app} ssl verify required ca-file ${folder}/roots.pem`,
              ]
            }),
          )
          return world.check(`http://127.0.0.1:${port}/`)
        },
      },
    ]
  }),
  {
    group: GATE,
    name: 'nginx with a page of its own for 502 (error_page), nothing listens behind it',
    needs: ['nginx'],
    truth: behindGateway('nginx', [...FAULT_CAUSES.refused, 'upstream_error_passed_through'], {
      // The page is the site's own: who wrote the status cannot be seen from it.
      links: ['upstream', 'origin'],
      generator: null,
    }),
    run: async (world) => {
      const dead = await world.deadPort()
      const port = await world.program(
        nginx(({ folder, port: at }) => {
          writeFileSync(
            `${folder}/sorry.html`,
            '<!doctype html><title>Sorry</title><h1>Our shop is closed for a moment</h1>',
          )
          return `server { listen 127.0.0.1:${at}; error_page 502 /sorry.html;
            location = /sorry.html { root ${folder}; internal; }
            location / { proxy_pass http://127.0.0.1:${dead}; } }`
        }),
      )
      return world.check(`http://127.0.0.1:${port}/`)
    },
  },
]
