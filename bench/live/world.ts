// One broken world on loopback: upstreams, gateways, name servers, certificates; everything started is stopped with it.
import { createServer, type RequestListener } from 'node:http'
import type { TlsOptions as NodeTlsOptions } from 'node:tls'
import { check } from '../../src/engine/check.ts'
import type { CheckResult } from '../../src/model/result.ts'
import type { GatewayName } from '../../test/lab/gateways.ts'
import { startGateway } from '../../test/lab/lab.ts'
import type { Issued } from '../../test/world/certificates.ts'
import { a, aaaa, type DnsScript, startDnsServer, zone } from '../../test/world/dns-server.ts'
import { type Pool, type PoolRequest, type PoolScript, startPool } from '../../test/world/pool.ts'
import { listenOn, refusingPort } from '../../test/world/tcp-server.ts'
import { startTls } from '../../test/world/tls-server.ts'
import { startZones, type ZoneTree } from '../../test/world/zones.ts'
import { type LiveOptions, liveOptions } from './options.ts'
import { type Configured, type Place, startProgram } from './programs.ts'

export interface NameServer {
  ip: string
  port: number
}

export class World implements AsyncDisposable {
  readonly #stack = new AsyncDisposableStack()

  /** Has `stop` run when this world ends. */
  ends(stop: () => unknown): void {
    this.#stack.defer(async () => void (await stop()))
  }

  /** Stops everything that was started, the last first. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync()
  }

  /** The whole product: the check, the looks when it fails, the diagnosis. */
  check(target: string, own: LiveOptions = {}): Promise<CheckResult> {
    return check(target, liveOptions(own))
  }

  /** A site of which every answer is written by hand, on these addresses and one port. */
  async site(script: PoolScript | string, ips: readonly string[] = ['127.0.0.1']): Promise<Pool> {
    return this.#stack.use(await startPool(ips, typeof script === 'string' ? () => script : script))
  }

  /** A site made with Node's own HTTP server; gives its port. */
  async app(listener: RequestListener, host = '127.0.0.1'): Promise<number> {
    const server = this.#stack.use(await listenOn(createServer(listener), host))
    return server.port
  }

  /** A TLS server with this chain; gives its port. */
  async tls(
    chain: Issued[],
    answer: (head: string) => string,
    more: NodeTlsOptions & { staple?: Buffer } = {},
  ): Promise<number> {
    const server = await startTls({
      chain,
      serve: (socket) => socket.once('data', (head: Buffer) => socket.end(answer(head.toString('latin1')))),
      ...more,
    })
    this.ends(() => server.stop())
    return server.port
  }

  /** A plain gateway of the lab in front of this port of loopback; gives its port. */
  async gateway(
    name: GatewayName,
    upstream: number | 'dead',
    tls?: { certificate: string; key: string },
  ): Promise<number> {
    const to = upstream === 'dead' ? upstream : { host: '127.0.0.1', port: upstream }
    const running = await startGateway(name, tls ? { upstream: to, tls } : { upstream: to })
    this.ends(() => running.stop())
    return running.port
  }

  /** A gateway with a configuration of its own; gives its port. */
  async program(setUp: (place: Place) => Configured): Promise<number> {
    const running = await startProgram(setUp)
    this.ends(() => running.stop())
    return running.port
  }

  /** A resolver that does what the script says. */
  async resolver(script: DnsScript): Promise<NameServer> {
    const server = await startDnsServer(script)
    this.ends(() => server.close())
    return { ip: server.ip, port: server.port }
  }

  /** A resolver that knows these names and their addresses. */
  names(names: Record<string, readonly string[]>): Promise<NameServer> {
    return this.resolver(zone(addressRecords(names)))
  }

  /** Name servers of zones, each with an address of its own, all on one port. */
  async zones(servers: Record<string, DnsScript>): Promise<ZoneTree> {
    const tree = await startZones(servers)
    this.ends(() => tree.close())
    return tree
  }

  /** A port on which nothing listens. */
  deadPort(host?: string): Promise<number> {
    return refusingPort(host)
  }
}

/** Addresses as DNS records, by name. */
export function addressRecords(names: Record<string, readonly string[]>) {
  return Object.fromEntries(
    Object.entries(names).map(([name, ips]) => [
      name,
      ips.map((ip) => (ip.includes(':') ? aaaa(ip) : a(ip))),
    ]),
  )
}

const REASONS: Record<number, string> = {
  200: 'OK',
  301: 'Moved Permanently',
  302: 'Found',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
}

/** A whole response that ends its connection; `fields` are lines without line ends. */
export function page(status: number, body: string, ...fields: string[]): string {
  const length = Buffer.byteLength(body, 'latin1')
  const typed = fields.some((field) => field.toLowerCase().startsWith('content-type:'))
  const lines = [
    `HTTP/1.1 ${status} ${REASONS[status] ?? 'Said'}`,
    ...fields,
    ...(typed ? [] : ['Content-Type: text/html; charset=utf-8']),
    `Content-Length: ${length}`,
    'Connection: close',
  ]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}

/** The response without its body when HEAD was asked. */
export function forMethod(method: string, response: string): string {
  return method === 'HEAD' ? response.slice(0, response.indexOf('\r\n\r\n') + 4) : response
}

/** The site as it should be. */
export const SHOP = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Shop</title><link rel="stylesheet" href="/main.css"></head>
<body><h1>Shop</h1><p>Shoes, hats and umbrellas, sent on the same day.</p><a href="/about">About us</a></body></html>
`

/** Answers as a good site does: the page, its style sheet, robots.txt; 404 for anything else. */
export function shop({ method, target }: PoolRequest, ...fields: string[]): string {
  const path = target.split('?')[0] ?? ''
  const known: Record<string, string> = {
    '/': page(200, SHOP, ...fields),
    '/page': page(200, SHOP.replaceAll('Shop', 'Hats'), ...fields),
    '/main.css': page(200, 'body { margin: 2em }', ...fields, 'Content-Type: text/css'),
    '/robots.txt': page(200, 'User-agent: *\nDisallow:\n', ...fields, 'Content-Type: text/plain'),
  }
  return forMethod(method, known[path] ?? page(404, '<h1>No such page</h1>', ...fields))
}
