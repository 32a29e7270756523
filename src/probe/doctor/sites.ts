// Sites asked for the doctor: references by family, pages of known content, the same through a proxy, and the same
// with large and small packets. Says what came; whose trouble it is, is judged elsewhere.
import { isIP } from 'node:net'
import type { ProxySettings } from '../../model/check-options.ts'
import type {
  ClockFinding,
  PacketSizeFinding,
  PortalFinding,
  PortalPage,
  ProxiesFinding,
  ReferenceFacts,
} from '../../model/doctor.ts'
import { WhydownError } from '../../model/error.ts'
import { type FailureCode, failure } from '../../model/failure.ts'
import type { ResponseFacts } from '../../model/result.ts'
import { Deadline } from '../../util/deadline.ts'
import type { ProbeContext } from '../context.ts'
import type { RequestPlan } from '../request.ts'
import { type Cycle, walkCycle } from '../steps/cycle.ts'
import { proxyFor } from '../steps/proxy.ts'
import { loadLibc } from '../trace/libc.ts'
import { askWithSmallSegments } from '../trace/small-segments.ts'

/** Sites that are asked at all. */
const MAX_SITES = 12
/** Pages of known content that are asked. */
const MAX_PORTALS = 4
/** Sites asked through each proxy. */
const MAX_THROUGH_PROXY = 2
/** Of a page of known content: the real ones have under a hundred bytes. */
const PORTAL_BYTES = 64 * 1024
/** Of a large answer: as much as shows that large packets come. */
const LARGE_BYTES = 256 * 1024
/** Dates that far from each other are not of one time. */
const DATE_SPREAD_MS = 30_000
/** A Date is cut to whole seconds; half of one is the mean of what is lost. */
const DATE_HALF_MS = 500

/** The connection stands and then nothing more comes. */
const STALLED: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'tls_timed_out',
  'send_timed_out',
  'answer_timed_out',
  'receive_timed_out',
])

/** What a site says of the time: its URL, and by how much our clock is ahead. */
export type Dated = ClockFinding['each'][number]

/** A reference, or whatever else is to be asked, as a URL. Throws WhydownError `usage`. */
export function siteUrl(text: string, what: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url
  throw new WhydownError('usage', `${what} "${text}" is not a URL.`, {
    hint: 'Write it with its scheme, such as https://www.example.com/.',
  })
}

function planOf(url: URL, method: string): RequestPlan {
  return { url, method, body: null, fields: [], basic: null, bearer: null, cookie: null }
}

interface Way {
  method: 'HEAD' | 'GET'
  family: 0 | 4 | 6
  timeoutMs: number
  proxy: ProxySettings | null
  bodyBytes: number
  /** False: objections to the certificate are noted only. */
  verify: boolean
}

const STRAIGHT: ProxySettings = { http: null, https: null, bypass: [] }

async function ask(url: URL, way: Way, ctx: ProbeContext, dates: Dated[]): Promise<Cycle & { ms: number }> {
  const { options } = ctx
  const deadline = new Deadline(ctx.io.clock, way.timeoutMs, ctx.deadline)
  const recorder = ctx.recorder.scope()
  const startMs = recorder.nowMs()
  const cycle = await walkCycle(planOf(url, way.method), {
    options: {
      ...options,
      family: way.family,
      proxy: way.proxy ?? STRAIGHT,
      tls: { ...options.tls, verify: way.verify },
      limits: { ...options.limits, headBytes: PORTAL_BYTES, bodyBytes: way.bodyBytes },
    },
    io: ctx.io,
    recorder,
    deadline,
  })
  deadline.close()
  const { response } = cycle.exchange
  const offsetMs = response ? clockOffset(response, ctx.io.clock.wallMs()) : null
  if (offsetMs !== null) dates.push({ url: url.href, offsetMs })
  return { ...cycle, ms: recorder.nowMs() - startMs }
}

/** By how much `nowMs` is ahead of the response's Date; null without a Date. What a cache kept is older by its Age. */
export function clockOffset({ fields }: Pick<ResponseFacts, 'fields'>, nowMs: number): number | null {
  let date: number | null = null
  let age = 0
  for (const [name, value] of fields) {
    const folded = name.toLowerCase()
    if (folded === 'date') date ??= parseHttpDate(value)
    else if (folded === 'age' && /^\d{1,9}$/.test(value.trim())) age = Number(value) * 1_000
  }
  return date === null ? null : nowMs - (date + age + DATE_HALF_MS)
}

/** A Date as every server of today writes it (IMF-fixdate, RFC 9110, 5.6.7), milliseconds; null for anything else. */
function parseHttpDate(text: string): number | null {
  const whole = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)
  const ms = whole ? Date.parse(text) : Number.NaN
  return Number.isNaN(ms) ? null : ms
}

/** Every reference in every family that it can be asked in, straight, all at once. */
export async function lookAtSites(
  urls: readonly URL[],
  families: readonly (4 | 6)[],
  timeoutMs: number,
  ctx: ProbeContext,
  dates: Dated[],
): Promise<ReferenceFacts[]> {
  const asked: { url: URL; by: ReferenceFacts['by']; family: 4 | 6 }[] = []
  for (const url of urls.slice(0, MAX_SITES)) {
    const literal = isIP(url.hostname.replace(/^\[|\]$/g, ''))
    if (literal !== 0) {
      const family = literal === 6 ? 6 : 4
      if (families.includes(family)) asked.push({ url, by: 'address', family })
    } else for (const family of families) asked.push({ url, by: 'name', family })
  }
  const way = { method: 'HEAD', timeoutMs, proxy: null, bodyBytes: 0 } as const
  const each = await Promise.all(
    asked.map(async ({ url, by, family }): Promise<ReferenceFacts | null> => {
      const { exchange, ms } = await ask(url, { ...way, family, verify: true }, ctx, dates)
      const failed = exchange.failure
      // A site that has no address of a family cannot show whether that family works.
      if (failed?.code === 'dns_no_address') return null
      const dated = failed?.code === 'certificate_expired' || failed?.code === 'certificate_not_yet_valid'
      // Its Date tells whether the certificate is wrong, or our clock.
      if (dated) await ask(url, { ...way, family, verify: false }, ctx, dates)
      const works = failed === null && exchange.response !== null
      return { url: exchange.url, by, family, works, failure: failed, ms }
    }),
  )
  return each.filter((one) => one !== null)
}

/** Pages whose content is known, over plain HTTP: whoever else answers shows himself. */
export async function lookForPortal(
  pages: readonly PortalPage[],
  timeoutMs: number,
  ctx: ProbeContext,
  dates: Dated[],
): Promise<PortalFinding> {
  const way = {
    method: 'GET',
    family: 0,
    timeoutMs,
    proxy: null,
    bodyBytes: PORTAL_BYTES,
    verify: true,
  } as const
  const each = await Promise.all(
    pages.slice(0, MAX_PORTALS).map(async ({ url, text }): Promise<PortalFinding['each'][number]> => {
      const { exchange, body } = await ask(siteUrl(url, 'The page of known content'), way, ctx, dates)
      const { response, failure: failed } = exchange
      const status = response?.status ?? null
      const location = response?.fields.find(([name]) => name.toLowerCase() === 'location')?.[1] ?? null
      const content = body ? Buffer.from(body).toString('latin1') : ''
      return { url, answer: portalAnswer(status, content, text), status, location, failure: failed }
    }),
  )
  return { kind: 'portal', each }
}

/** A server's own trouble (5xx, 404) is no portal; a redirect, 511 (RFC 6585, 6) or foreign content is. */
function portalAnswer(
  status: number | null,
  body: string,
  text: string | null,
): 'expected' | 'other' | 'failed' {
  if (status === null) return 'failed'
  const expected = text === null ? status === 204 : status === 200 && body.includes(text)
  if (expected) return 'expected'
  return status === 511 || (status >= 200 && status < 400) ? 'other' : 'failed'
}

/** Some references through the proxies that the settings name for them. */
export async function lookAtProxies(
  urls: readonly URL[],
  settings: ProxySettings,
  malformed: string | null,
  timeoutMs: number,
  ctx: ProbeContext,
): Promise<ProxiesFinding> {
  const wanted: { url: URL; proxy: string }[] = []
  for (const url of urls) {
    const proxy = malformed === null ? (proxyFor(url, settings)?.shown ?? null) : null
    if (proxy === null || wanted.filter((one) => one.proxy === proxy).length >= MAX_THROUGH_PROXY) continue
    wanted.push({ url, proxy })
  }
  const way = { method: 'HEAD', family: 0, timeoutMs, proxy: settings, bodyBytes: 0, verify: true } as const
  const each = await Promise.all(
    wanted.map(async ({ url, proxy }) => {
      const { exchange } = await ask(url, way, ctx, [])
      const { response } = exchange
      // A gateway's error says that the proxy cannot get there either, however well it answers.
      const relayed = response?.status !== 502 && response?.status !== 503 && response?.status !== 504
      const failed =
        exchange.failure ??
        (relayed
          ? null
          : failure('proxy_failed', `the proxy answers ${response?.status}`, { phase: 'connect' }))
      return { proxy, url: exchange.url, works: failed === null && response !== null, failure: failed }
    }),
  )
  return { kind: 'proxies', malformed, each }
}

/**
 * A large answer of a site that works, or of one whose handshake stalls, and when it stalls the same once more in small
 * packets. The second try needs calls that Node has not everywhere: without them `smallArrives` stays null.
 */
export async function lookAtPacketSize(
  url: URL,
  family: 4 | 6,
  timeoutMs: number,
  ctx: ProbeContext,
  dates: Dated[],
): Promise<PacketSizeFinding> {
  const way = { method: 'GET', family, timeoutMs, proxy: null, bodyBytes: LARGE_BYTES, verify: true } as const
  const { exchange } = await ask(url, way, ctx, dates)
  const failed = exchange.failure
  const finding: PacketSizeFinding = {
    kind: 'packet_size',
    url: exchange.url,
    largeArrives: failed === null,
    smallArrives: null,
    failure: failed,
  }
  const loaded = loadLibc()
  if (!failed || !STALLED.has(failed.code) || !exchange.address || 'unavailable' in loaded) return finding
  const deadline = new Deadline(ctx.io.clock, timeoutMs, ctx.deadline)
  const small = await askWithSmallSegments(loaded.libc, exchange.address, planOf(url, 'GET'), {
    ...ctx,
    recorder: ctx.recorder.scope(),
    deadline,
    options: { ...ctx.options, limits: { ...ctx.options.limits, bodyBytes: LARGE_BYTES } },
  })
  deadline.close()
  if (small.failure === null) finding.smallArrives = true
  else if (STALLED.has(small.failure.code)) finding.smallArrives = false
  return finding
}

/** The median of what the sites say, and whether they agree. */
export function clockFinding(each: readonly Dated[]): ClockFinding {
  const sorted = each.map(({ offsetMs }) => offsetMs).toSorted((a, b) => a - b)
  const median = sorted[sorted.length >> 1] ?? null
  const near = sorted.filter((one) => median !== null && Math.abs(one - median) <= DATE_SPREAD_MS)
  const sites = new Set(each.map(({ url }) => new URL(url).host))
  const sure = sites.size > 1 && near.length * 2 > sorted.length && near.length > 1
  return { kind: 'clock', each: [...each], offsetMs: median, sure }
}
