// Every gateway of the lab before every way in which an upstream fails: the leg behind a gateway that we cannot see.
import type { Cause } from '../../../src/model/diagnosis.ts'
import { GATEWAYS, type GatewayName } from '../../../test/lab/gateways.ts'
import { issue } from '../../../test/world/certificates.ts'
import type { PoolScript } from '../../../test/world/pool.ts'
import { applicationError, behindGateway, FAULT_CAUSES, type Scenario, type Truth } from '../scenario.ts'
import { forMethod, page, SHOP, type World } from '../world.ts'

/** The ids by which their fingerprints go. */
export const PRODUCT: Record<GatewayName, string> = {
  nginx: 'nginx',
  apache: 'apache-httpd',
  haproxy: 'haproxy',
  caddy: 'caddy',
  varnish: 'varnish',
  squid: 'squid',
  lighttpd: 'lighttpd',
  trafficserver: 'trafficserver',
}

/** Products whose error tells this fault from all others, as measured in a lab of their answers. */
const TELLS: Partial<Record<string, readonly GatewayName[]>> = {
  refuses: ['squid', 'trafficserver'],
  silent: ['haproxy', 'apache'],
}

interface Fault {
  id: string
  /** In words: "the upstream ...". */
  says: string
  causes: readonly Cause[]
  /** What we see ourselves where the gateway writes no page of its own. */
  seen?: readonly Cause[]
  /** Gateways that pass the broken answer on, or close, or wait longer than we do; the others write a page. */
  unseen?: readonly GatewayName[]
  /** Gateways that make a good answer of it: no client can tell, and nothing said is right. */
  hides?: readonly GatewayName[]
  /** Those of them that write a page when they see the fault early enough. */
  races?: readonly GatewayName[]
  /** The answer is the application's own, and every gateway passes it on. */
  passedOn?: true
  /** Starts the upstream; 'dead' for none. */
  upstream(world: World): Promise<number | 'dead'>
}

const scripted = (script: PoolScript) => async (world: World) => (await world.site(script)).port

const APP_PAGE = page(
  502,
  '<!doctype html><html><head><title>Oops</title></head><body><h1>Our checkout is taking a break</h1><p>The payment partner did not answer. We are on it. Reference 8841-22.</p></body></html>',
  'X-Request-Id: 8841-22',
)
const APP_JSON = page(
  502,
  '{"error":{"code":"PAYMENT_PARTNER_DOWN","message":"payment partner unavailable","trace":"8841-22"}}',
  'Content-Type: application/json',
)

const ALL = Object.keys(GATEWAYS) as GatewayName[]

const FAULTS: readonly Fault[] = [
  {
    id: 'refuses',
    says: 'nothing listens behind it',
    causes: FAULT_CAUSES.refused,
    upstream: async () => 'dead',
  },
  {
    id: 'silent',
    says: 'upstream takes the request and never answers',
    causes: FAULT_CAUSES.timedOut,
    // Some wait for two seconds here, the others longer than we do.
    seen: ['answer_timed_out'],
    unseen: ['caddy', 'varnish', 'squid', 'lighttpd', 'trafficserver'],
    upstream: scripted(() => ({ bytes: '', ending: 'stay' })),
  },
  {
    id: 'closes',
    says: 'upstream closes without a word',
    causes: FAULT_CAUSES.closed,
    upstream: scripted(() => ({ bytes: '', ending: 'close' })),
  },
  {
    id: 'resets',
    says: 'upstream resets after the request',
    causes: FAULT_CAUSES.closed,
    upstream: scripted(() => ({ bytes: '', ending: 'reset' })),
  },
  {
    id: 'speaks-ssh',
    says: 'upstream port speaks SSH',
    causes: FAULT_CAUSES.notHttp,
    seen: ['not_http', 'http09_answer', 'not_http_wrapped'],
    unseen: ['nginx', 'apache', 'squid'],
    upstream: scripted(() => 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n'),
  },
  {
    id: 'cut-head',
    says: 'upstream dies within the head of its answer',
    causes: FAULT_CAUSES.cutHead,
    hides: ['squid'],
    upstream: scripted(() => 'HTTP/1.1 200 OK\r\nContent-Type: text/ht'),
  },
  {
    id: 'cut-body',
    says: 'upstream dies within the body',
    causes: FAULT_CAUSES.closed,
    seen: ['body_truncated', 'body_reset', 'closed_without_answer'],
    races: ['varnish'],
    unseen: ALL,
    upstream: scripted(({ method }) =>
      forMethod(method, page(200, SHOP).replace(/Content-Length: \d+/, 'Content-Length: 90000')),
    ),
  },
  {
    id: 'bad-chunk',
    says: 'upstream sends a chunk size that is none',
    causes: ['http_protocol_error', 'http_response_transfer_coding'],
    seen: ['chunk_malformed', 'body_truncated', 'body_reset', 'closed_without_answer'],
    unseen: ['nginx', 'squid', 'trafficserver'],
    hides: ['caddy', 'lighttpd', 'varnish'],
    races: ['varnish'],
    upstream: scripted(
      () =>
        'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n<p>Hello</p>\r\n0\r\n\r\n',
    ),
  },
  {
    id: 'huge-head',
    says: 'upstream sends 300 kB of fields',
    causes: ['http_response_header_section_size', 'http_response_header_size'],
    seen: ['header_too_large'],
    unseen: ['apache', 'caddy'],
    upstream: scripted(() => page(200, SHOP, ...Array(300).fill(`X-Filler: ${'x'.repeat(1_000)}`))),
  },
  {
    id: 'own-page',
    says: "the application's own 502 page",
    causes: ['upstream_error_passed_through', 'status_unaccepted'],
    passedOn: true,
    upstream: scripted(({ method }) => forMethod(method, APP_PAGE)),
  },
  {
    id: 'own-json',
    says: "the application's own 502 in JSON",
    causes: ['upstream_error_passed_through', 'status_unaccepted'],
    passedOn: true,
    upstream: scripted(({ method }) => forMethod(method, APP_JSON)),
  },
  {
    id: 'tls-port',
    says: 'plain HTTP sent to a TLS port',
    causes: FAULT_CAUSES.cutHead,
    upstream: (world) => world.tls([issue({ names: ['127.0.0.1'] })], () => page(200, SHOP)),
  },
]

/** One of each kind for the lab test. */
const QUICK = new Set([
  'nginx/refuses',
  'haproxy/refuses',
  'nginx/own-json',
  'haproxy/own-page',
  'caddy/refuses',
  'lighttpd/closes',
])

function truthOf(gateway: GatewayName, fault: Fault): Truth {
  if (fault.passedOn) return applicationError()
  const tellable = TELLS[fault.id]?.includes(gateway) ?? false
  const unseen = fault.unseen?.includes(gateway) ?? false
  const hidden = fault.hides?.includes(gateway) ?? false
  const races = fault.races?.includes(gateway) ?? false
  const causes: Cause[] = [...fault.causes]
  if (unseen || hidden) causes.push(...(fault.seen ?? []))
  const nameless = (unseen || hidden) && !races
  const truth = behindGateway(nameless ? null : PRODUCT[gateway], causes, { tellable })
  // What is left of the answer is a page without content.
  if (hidden) {
    return {
      ...truth,
      links: ['upstream', 'origin', 'content'],
      causes: [...causes, 'empty_success'],
      hidden,
      outcomes: ['up', 'degraded', 'down'],
    }
  }
  // Where no page of the gateway is to be seen, the server dialled is all that a client can name; and chunks that are
  // none are the origin's own fault.
  return unseen || fault.id === 'bad-chunk' ? { ...truth, links: ['upstream', 'origin'] } : truth
}

export const GATEWAY_SCENARIOS: Scenario[] = ALL.flatMap((gateway) =>
  FAULTS.map((fault) => {
    const id = `${gateway}/${fault.id}`
    return {
      group: 'one gateway',
      name: `${gateway}: ${fault.says}`,
      needs: [GATEWAYS[gateway].program],
      truth: truthOf(gateway, fault),
      ...(QUICK.has(id) ? { quick: true as const } : {}),
      run: async (world: World) => {
        const port = await world.gateway(gateway, await fault.upstream(world))
        return world.check(`http://127.0.0.1:${port}/`)
      },
    }
  }),
)
