// A connection to the target by way of a proxy: which proxy, the way to it, and what it says. Knows nothing of
// the request that follows.
import { isIP, type Socket } from 'node:net'
import { hostPort } from '../../model/address.ts'
import type { CheckOptions, ProxySettings } from '../../model/check-options.ts'
import { type Failure, failure } from '../../model/failure.ts'
import type { Address } from '../../model/result.ts'
import { Deadline } from '../../util/deadline.ts'
import type { Socks5Destination } from '../../wire/socks5.ts'
import { compilePolicy } from '../address-policy.ts'
import type { ProbeContext } from '../context.ts'
import { bypassesProxy } from '../proxy/bypass.ts'
import { openTunnel, proxyAuthorization } from '../proxy/http-connect.ts'
import { parseProxyUrl, type ProxyTarget } from '../proxy/proxy-url.ts'
import { secureProxy } from '../proxy/proxy-tls.ts'
import { openSocks5 } from '../proxy/socks5-connect.ts'
import { connect } from './connect.ts'
import { resolve } from './resolve.ts'

/** SOCKS5 replies that may be about the one address that was asked for, so that another may fare better. */
const REPLIES_ABOUT_ADDRESS = new Set([1, 3, 4, 5, 6, 8])

export interface ProxyConnected {
  /** Ready for the target's first byte, without listeners; null when it failed. */
  socket: Socket | null
  /** Of the proxy: it is what we dialled. */
  address: Address | null
  /** No tunnel: the request must be sent in absolute form, and the answer's 407 is the proxy's. */
  absoluteForm: boolean
  /** Value for Proxy-Authorization in absolute form, null when none. */
  proxyAuthorization: string | null
  failure: Failure | null
}

/**
 * The proxy for a URL, null when it goes straight there. Throws WhydownError `usage` when the setting cannot be
 * read as a proxy.
 */
export function proxyFor(url: URL, settings: ProxySettings): ProxyTarget | null {
  const text = url.protocol === 'https:' ? settings.https : settings.http
  if (text === null || bypassesProxy(url, settings.bypass)) return null
  return parseProxyUrl(text)
}

/**
 * Connects to the target of `url` through the proxy: CONNECT for https, absolute form for http, SOCKS5 for both.
 * `options.connectTo` names the other end of the tunnel, as with curl. The address policy is held against the
 * target's address wherever we know it; a name that the proxy resolves itself is the proxy's affair.
 * Never rejects: what fails is in `failure`.
 */
export async function connectThroughProxy(
  proxy: ProxyTarget,
  url: URL,
  ctx: ProbeContext,
): Promise<ProxyConnected> {
  const { options } = ctx
  const destination = destinationOf(url, options)
  const found = await destinations(proxy, destination, ctx)
  if (found.failure) return failed(found.failure)
  // A plain request needs no tunnel, unless it is to go elsewhere than its URL says.
  const tunnel = proxy.kind !== 'socks5' && (url.protocol === 'https:' || options.connectTo !== null)
  let first: ProxyConnected | null = null
  const tried: string[] = []
  for (const candidate of found.destinations) {
    const reached = await reachProxy(proxy, ctx)
    if (!reached.socket) return first ?? reached
    if (proxy.kind === 'socks5') {
      const outcome = await bounded(ctx, (deadline) =>
        openSocks5(reached.socket, proxy, candidate, ctx, deadline),
      )
      if (!outcome.failure) return reached
      tried.push(`${hostPort(candidate.host, candidate.port)} ${outcome.failure.raw}`)
      first ??= failed(outcome.failure, reached.address)
      if (!outcome.reply || !REPLIES_ABOUT_ADDRESS.has(outcome.reply.code)) {
        return failed(outcome.failure, reached.address)
      }
    } else if (tunnel) {
      const seen = await bounded(ctx, (deadline) =>
        openTunnel(reached.socket, proxy, candidate, ctx, deadline),
      )
      return seen ? failed(seen, reached.address) : reached
    } else {
      return { ...reached, absoluteForm: true, proxyAuthorization: proxyAuthorization(proxy) }
    }
  }
  if (first?.failure && tried.length > 1) first.failure = { ...first.failure, raw: tried.join('; ') }
  return first ?? failed(failure('internal_error', 'no address to ask the proxy for', { phase: 'connect' }))
}

function failed(seen: Failure, address: Address | null = null): ProxyConnected {
  return { socket: null, address, absoluteForm: false, proxyAuthorization: null, failure: seen }
}

function destinationOf(url: URL, options: CheckOptions): Socks5Destination {
  const { hostname } = url
  const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
  const port = url.port ? Number(url.port) : url.protocol === 'https:' ? 443 : 80
  return { host: options.connectTo?.ip ?? host, port: options.connectTo?.port ?? port }
}

/** What the proxy is asked for: the name, or with socks5:// the addresses we find for it, in order. */
async function destinations(
  proxy: ProxyTarget,
  destination: Socks5Destination,
  ctx: ProbeContext,
): Promise<{ destinations: Socks5Destination[]; failure: Failure | null }> {
  const { host, port } = destination
  let hosts = [host]
  if (!proxy.resolvesNames && isIP(host) === 0) {
    const resolved = await resolve(host, port, ctx)
    if (resolved.failure) return { destinations: [], failure: resolved.failure }
    hosts = resolved.addresses.map(({ ip }) => ip)
  }
  let forbidden: Failure | null = null
  const allowed: Socks5Destination[] = []
  for (const each of hosts) {
    const says = isIP(each) === 0 ? null : compilePolicy(ctx.options.addressPolicy).verdict(each)
    if (says === null) {
      allowed.push({ host: each, port })
      continue
    }
    forbidden = failure('address_forbidden', says, { phase: 'connect' })
    const observation = ctx.recorder.begin('proxy_handshake', {
      kind: proxy.kind,
      proxy: proxy.shown,
      target: hostPort(each, port),
    })
    ctx.recorder.fail(observation, forbidden)
  }
  return { destinations: allowed, failure: allowed.length > 0 ? null : forbidden }
}

/** Runs what must end within `connectMs`, if that is set, or within the check's own time. */
async function bounded<Result>(
  ctx: ProbeContext,
  run: (deadline: Deadline) => Promise<Result>,
): Promise<Result> {
  const { connectMs } = ctx.options
  if (connectMs === null) return run(ctx.deadline)
  const deadline = new Deadline(ctx.io.clock, connectMs, ctx.deadline)
  try {
    return await run(deadline)
  } finally {
    deadline.close()
  }
}

type Reached = ProxyConnected & { socket: Socket }

/** Name of the proxy to a socket on which it listens for our first word. */
async function reachProxy(
  proxy: ProxyTarget,
  ctx: ProbeContext,
): Promise<Reached | (ProxyConnected & { socket: null })> {
  const resolved = await resolve(proxy.host, proxy.port, ctx)
  if (resolved.failure)
    return unreached(proxy, resolved.failure, `${resolved.failure.code}: ${resolved.failure.raw}`)
  const target = { host: proxy.host, port: proxy.port, addresses: resolved.addresses, isProxy: true }
  const connected = await connect(target, ctx)
  const { address } = connected
  if (!connected.socket) {
    const seen = connected.failure ?? failure('internal_error', 'no socket', { phase: 'connect' })
    return unreached(proxy, seen, seen.raw)
  }
  const open = { address, absoluteForm: false, proxyAuthorization: null, failure: null }
  if (proxy.kind !== 'https') return { ...open, socket: connected.socket }
  const { socket } = connected
  const secured = await bounded(ctx, (deadline) => secureProxy(socket, proxy, ctx, deadline))
  if (!secured.socket) return { ...open, socket: null, failure: secured.failure }
  return { ...open, socket: secured.socket }
}

/** Whatever keeps us from the proxy is `proxy_refused`, but for what is our own machine's doing. */
function unreached(proxy: ProxyTarget, seen: Failure, raw: string): ProxyConnected & { socket: null } {
  const ours = seen.code === 'cancelled' || seen.code === 'local_limit' || seen.code === 'internal_error'
  const kept = ours
    ? { ...seen, phase: 'connect' as const }
    : failure('proxy_refused', `${proxy.shown}: ${raw}`)
  return { socket: null, address: null, absoluteForm: false, proxyAuthorization: null, failure: kept }
}
