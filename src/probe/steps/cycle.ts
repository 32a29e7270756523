// One exchange from the name to the last byte: resolve, connect, tls, send, wait, receive. Every step writes its
// own observations; this file puts them in order and stops at the first that fails. Judges no answer.
import type { Socket } from 'node:net'
import { type Failure, type FailureCode, failure } from '../../model/failure.ts'
import type { Address, Exchange, FieldLine, ResponseFacts, Timings } from '../../model/result.ts'
import type { ProbeContext } from '../context.ts'
import type { Recorder } from '../recorder.ts'
import { planRequest, type RequestPlan, requestFacts, writeRequest } from '../request.ts'
import { connect } from './connect.ts'
import { type ExchangeTimings, Http1Exchange } from './exchange-http1.ts'
import type { Http2Response } from './exchange-http2.ts'
import type { ProxyTarget } from '../proxy/proxy-url.ts'
import { handshake, prepareTls } from './handshake.ts'
import { connectThroughProxy, proxyFor } from './proxy.ts'
import { resolve } from './resolve.ts'

/** An exchange with what the judges of its content need besides. */
export interface Cycle {
  exchange: Exchange
  /** The bytes as received, as far as they are kept; null when not a byte came. */
  raw: Uint8Array | null
  /** Content bytes as received, content coding not removed; null when no response came. */
  body: Uint8Array | null
  /** The body was longer than we read. */
  bodyTooLarge: boolean
  /** The whole body is there. */
  bodyComplete: boolean
  /** The connection could not be made for want of something of ours. */
  ours: boolean
  /** The name had several addresses from the DNS and not all of them answered. */
  deadAddress: Failure | null
}

interface Ready {
  socket: Socket | null
  address: Address | null
  failure: Failure | null
  ours: boolean
  absoluteForm: boolean
  proxyAuthorization: string | null
  deadAddress: Failure | null
}

const HTTP1_ONLY = ['http/1.1']
const HTTP2_ONLY = ['h2']

function hostOf(url: URL): string {
  const { hostname } = url
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
}

function portOf(url: URL): number {
  return url.port ? Number(url.port) : url.protocol === 'https:' ? 443 : 80
}

/** Walks the cycle once for one request. Never throws for what the wire does. */
export function walkCycle(plan: RequestPlan, outer: ProbeContext): Promise<Cycle> {
  const { url } = plan
  const { options } = outer
  const recorder = outer.recorder.scope()
  const proxy = options.proxy.http || options.proxy.https ? proxyFor(url, options.proxy) : null
  const exchange: Exchange = {
    url: shownUrl(url),
    method: plan.method,
    address: null,
    proxy: proxy ? proxy.shown : null,
    timings: { resolve: null, connect: null, tls: null, send: null, wait: null, receive: null },
    tls: null,
    request: null,
    response: null,
    unparsed: null,
    failure: null,
    observations: recorder.ids,
  }
  const cycle: Cycle = {
    exchange,
    raw: null,
    body: null,
    bodyTooLarge: false,
    bodyComplete: false,
    ours: false,
    deadAddress: null,
  }
  return walk(plan, { options, io: outer.io, recorder, deadline: outer.deadline }, proxy, cycle)
}

/** A URL without its fragment's and user's parts: what was asked for, nothing secret. */
function shownUrl(url: URL): string {
  if (!url.username && !url.password) return url.href
  const shown = new URL(url)
  shown.username = ''
  shown.password = ''
  return shown.href
}

async function walk(
  plan: RequestPlan,
  ctx: ProbeContext,
  proxy: ProxyTarget | null,
  cycle: Cycle,
): Promise<Cycle> {
  const { exchange } = cycle
  const secure = plan.url.protocol === 'https:'
  // Reading the trusted roots takes tens of milliseconds once: no phase shall pay for it.
  if (secure) prepareTls(ctx.options.tls)
  // Only a plain socket that we dial ourselves can be told at birth where its bytes go.
  const http1 = secure || ctx.options.http === '2' ? null : new Http1Exchange(ctx, plan.method)
  let ready = await reach(plan.url, ctx, proxy, exchange, http1)
  cycle.ours = ready.ours
  cycle.deadAddress = ready.deadAddress
  exchange.address = ready.address
  if (!ready.socket) return fail(cycle, ready.failure)
  let socket = ready.socket
  let http2 = ctx.options.http === '2'
  if (secure) {
    let alpn = http2 ? HTTP2_ONLY : HTTP1_ONLY
    let shaken = await shake(socket, plan.url, ready, ctx, exchange, alpn)
    if (shaken.failure?.code === 'tls_no_application_protocol' && ctx.options.http === 'auto') {
      // ALPN leaves no choice: the peer speaks HTTP/2 alone, so a second connection offers just that.
      ready = await reach(plan.url, ctx, proxy, exchange, null)
      if (!ready.socket) return fail(cycle, ready.failure)
      alpn = HTTP2_ONLY
      shaken = await shake(ready.socket, plan.url, ready, ctx, exchange, alpn)
    }
    if (!shaken.socket || shaken.failure) {
      shaken.socket?.destroy()
      return fail(cycle, shaken.failure)
    }
    http2 = shaken.socket.alpnProtocol === 'h2'
    socket = shaken.socket
  }
  const form = ready.absoluteForm ? { proxyAuthorization: ready.proxyAuthorization } : null
  if (http2) {
    const request = planRequest(plan, ctx.options, form)
    exchange.request = requestFacts(request, '2')
    const { Http2Exchange } = await import('./exchange-http2.ts')
    const run = new Http2Exchange(ctx)
    const failed = await run.run(socket, request, plan.url)
    takeTimings(exchange.timings, run.timings)
    if (run.response) takeHttp2(cycle, run.response, failed, ctx)
    return fail(cycle, failed)
  }
  const run = http1 ?? new Http1Exchange(ctx, plan.method)
  const request = writeRequest(plan, ctx.options, form)
  exchange.request = request.facts
  const failed = await run.run(socket, request.bytes, http1 !== null && !proxy)
  takeTimings(exchange.timings, run.timings)
  takeHttp1(cycle, run, failed)
  if (!failed && form && exchange.response?.status === 407) {
    return fail(cycle, failure('proxy_auth_required', '407 from the proxy', { phase: 'connect' }))
  }
  return fail(cycle, failed)
}

function fail(cycle: Cycle, failed: Failure | null): Cycle {
  cycle.exchange.failure = failed
  return cycle
}

function takeTimings(timings: Timings, taken: ExchangeTimings): void {
  timings.send = taken.send
  timings.wait = taken.wait
  timings.receive = taken.receive
}

/** Name to connected socket, through the proxy when there is one; fills the times of both phases. */
async function reach(
  url: URL,
  ctx: ProbeContext,
  proxy: ProxyTarget | null,
  exchange: Exchange,
  http1: Http1Exchange | null,
): Promise<Ready> {
  const { recorder, options } = ctx
  const { timings } = exchange
  const startMs = recorder.nowMs()
  if (proxy) {
    const through = await connectThroughProxy(proxy, url, ctx)
    const resolved = recorder.own.find((seen) => seen.operation === 'resolve')
    const resolveMs = resolved ? resolved.endMs - resolved.startMs : null
    timings.resolve = resolveMs
    if (through.failure?.phase !== 'resolve') timings.connect = recorder.nowMs() - startMs - (resolveMs ?? 0)
    return { ...through, ours: false, deadAddress: null }
  }
  const host = hostOf(url)
  const port = options.connectTo?.port ?? portOf(url)
  let addresses: { ip: string; family: 4 | 6 }[]
  let fromDns = false
  if (options.connectTo) {
    const { ip } = options.connectTo
    addresses = [{ ip, family: ip.includes(':') ? 6 : 4 }]
  } else {
    const resolving = resolve(host, port, ctx)
    const resolved = resolving instanceof Promise ? await resolving : resolving
    timings.resolve = recorder.nowMs() - startMs
    if (resolved.failure) return unreachable(resolved.failure)
    addresses = resolved.addresses
    fromDns = resolved.addresses[0]?.source === 'dns'
  }
  const connectMs = recorder.nowMs()
  const connected = await connect(
    { host, port, addresses },
    ctx,
    http1 ? { onread: http1.onRead } : undefined,
  )
  timings.connect = recorder.nowMs() - connectMs
  return {
    socket: connected.socket,
    address: connected.address,
    failure: connected.failure,
    ours: connected.ours,
    absoluteForm: false,
    proxyAuthorization: null,
    deadAddress: addresses.length > 1 && fromDns && connected.socket ? deadAddress(recorder) : null,
  }
}

function unreachable(failed: Failure): Ready {
  return {
    socket: null,
    address: null,
    failure: failed,
    ours: false,
    absoluteForm: false,
    proxyAuthorization: null,
    deadAddress: null,
  }
}

/** Failures of one address that a visitor's browser hides by taking the next. */
const DEAD_ADDRESS = new Set<FailureCode>(['connect_refused', 'connect_reset', 'host_unreachable'])

/** The first attempt that shows one address of several to be dead. */
function deadAddress(recorder: Recorder): Failure | null {
  for (const seen of recorder.own) {
    if (seen.operation !== 'connect' || !seen.failure || !DEAD_ADDRESS.has(seen.failure.code)) continue
    return failure(seen.failure.code, `one of several addresses does not answer: ${seen.failure.raw}`)
  }
  return null
}

async function shake(
  socket: Socket,
  url: URL,
  ready: Ready,
  ctx: ProbeContext,
  exchange: Exchange,
  alpn: string[],
): Promise<Awaited<ReturnType<typeof handshake>>> {
  const target = { host: hostOf(url), port: portOf(url), ip: ready.address?.ip ?? '' }
  // Through a proxy there is no second connection to look at what the port speaks.
  const shaken = await handshake(
    socket,
    target,
    ctx,
    exchange.proxy === null ? { alpn } : { alpn, dial: null },
  )
  exchange.timings.tls = shaken.tlsMs
  exchange.tls = shaken.tls
  return shaken
}

/** Turns what the parser read into the facts of the result. */
function takeHttp1(cycle: Cycle, run: Http1Exchange, failed: Failure | null): void {
  const { parser } = run
  const { exchange } = cycle
  const { head } = parser
  if (parser.receivedBytes > 0) cycle.raw = parser.raw()
  if (!head) return
  exchange.response = {
    version: head.version,
    status: head.status,
    reason: head.reason,
    fields: head.fields,
    trailers: parser.trailers,
    interim: parser.interim,
    fieldBytes: parser.headBytes,
    bodyBytes: parser.bodyBytes,
    bodyTruncated: parser.rawTruncated,
    raw: null,
    text: null,
  }
  cycle.body = parser.body()
  cycle.bodyTooLarge = parser.bodyTooLarge
  cycle.bodyComplete = !failed && !parser.bodyTooLarge
}

function takeHttp2(cycle: Cycle, seen: Http2Response, failed: Failure | null, ctx: ProbeContext): void {
  const { keptBytes } = ctx.options.limits
  const head = http2Head(seen.status, seen.fields)
  const raw = Buffer.concat([Buffer.from(head, 'latin1'), seen.body])
  cycle.raw = raw.subarray(0, keptBytes)
  const response: ResponseFacts = {
    version: '2',
    status: seen.status,
    reason: '',
    fields: seen.fields,
    trailers: seen.trailers,
    interim: seen.interim,
    fieldBytes: head.length,
    bodyBytes: seen.bodyBytes,
    bodyTruncated: raw.length > keptBytes,
    raw: null,
    text: null,
  }
  cycle.exchange.response = response
  cycle.body = seen.body
  cycle.bodyTooLarge = seen.bodyTooLarge
  cycle.bodyComplete = !failed && !seen.bodyTooLarge
}

/** HTTP/2 has no head as text; written out as HTTP/1.1 tools print it. */
function http2Head(status: number, fields: FieldLine[]): string {
  let head = `HTTP/2 ${status}\r\n`
  for (const [name, value] of fields) head += `${name}: ${value}\r\n`
  return `${head}\r\n`
}

/**
 * Writes the raw bytes into the exchange, base64. Called only where they are kept: always on failure, because a
 * failure may be judged after the exchange, by status or content.
 */
export function keepRaw(cycle: Cycle): void {
  const { exchange, raw } = cycle
  if (!raw) return
  const text = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('base64')
  if (exchange.response) exchange.response.raw = text
  else exchange.unparsed = text
}
