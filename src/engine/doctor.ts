// Is it us? Looks at the own machine, the network around it and sites that should work, and judges what was seen. Knows
// no site of the user's.
import { judgeOwnSide } from '../diagnose/own-side.ts'
import { DEFAULT_LIMITS, DEFAULT_OPTIONS } from '../model/check-options.ts'
import {
  DEFAULT_DOCTOR_OPTIONS,
  DOCTOR_LOOKS,
  type DoctorFinding,
  type DoctorLook,
  type DoctorLookId,
  type DoctorOptions,
  type DoctorResult,
  type PortalPage,
  type RouteFacts,
} from '../model/doctor.ts'
import type { ProbeContext } from '../probe/context.ts'
import { lookAtInterfaces, lookAtRoutes, neighbourAnswers } from '../probe/doctor/own-network.ts'
import { lookAtResolvers, namesOf } from '../probe/doctor/resolvers.ts'
import { sayFinding } from '../probe/doctor/say.ts'
import {
  clockFinding,
  type Dated,
  lookAtPacketSize,
  lookAtProxies,
  lookAtSites,
  lookForPortal,
  siteUrl,
} from '../probe/doctor/sites.ts'
import { type Io, systemIo } from '../probe/io.ts'
import { Recorder } from '../probe/recorder.ts'
import { connect } from '../probe/steps/connect.ts'
import { Deadline } from '../util/deadline.ts'

/** Pages of known content that browsers and phones look at for the same purpose. */
const PORTAL_PAGES: readonly PortalPage[] = [
  { url: 'http://detectportal.firefox.com/success.txt', text: 'success' },
  { url: 'http://connectivitycheck.gstatic.com/generate_204', text: null },
]
/** Sites of several operators, in both families, and one by address in each, so that a broken DNS shows. */
const REFERENCES: readonly string[] = [
  'https://www.google.com/',
  'https://www.cloudflare.com/',
  'https://www.wikipedia.org/',
  'https://1.1.1.1/',
  'https://[2606:4700:4700::1111]/',
]
/** Parts of the whole time: the first looks all at once, then a large answer, then the same in small packets. */
const FIRST_PART = 0.45
const SIZE_PART = 0.25
/** Where a gateway is knocked at; that it refuses is an answer as good as any. */
const KNOCK_PORT = 80
/** What shows that a knock arrived. */
const ALIVE = new Set(['connect_refused', 'connect_reset'])
const DEAD = new Set(['host_unreachable'])

/**
 * Looks at everything on this side of any site and says whose trouble it is. Bounded by `options.totalMs`; whatever
 * the network does is in the result. Throws a WhydownError for options that cannot be used.
 */
export async function doctor(options: Partial<DoctorOptions> = {}, io: Io = systemIo): Promise<DoctorResult> {
  const merged = { ...DEFAULT_DOCTOR_OPTIONS, ...options }
  const urls = (merged.references ?? REFERENCES).map((text) => siteUrl(text, 'The reference site'))
  const portals = merged.portals ?? PORTAL_PAGES
  for (const { url } of portals) siteUrl(url, 'The page of known content')
  const recorder = new Recorder(io)
  const deadline = new Deadline(io.clock, merged.totalMs)
  const cancel = () => deadline.stop('cancelled')
  if (merged.signal?.aborted) cancel()
  else merged.signal?.addEventListener('abort', cancel, { once: true })
  const ctx: ProbeContext = {
    options: {
      ...DEFAULT_OPTIONS,
      resolvers: merged.resolvers,
      tls: { ...DEFAULT_OPTIONS.tls, ca: merged.ca },
      limits: { ...DEFAULT_LIMITS, totalMs: merged.totalMs },
    },
    io,
    recorder,
    deadline,
  }
  try {
    const looks = await lookAround(urls, portals, merged, ctx)
    return {
      schema: 1,
      startedAt: new Date(recorder.startedWallMs).toISOString(),
      durationMs: recorder.nowMs(),
      verdict: judgeOwnSide(looks),
      looks,
      observations: recorder.observations,
    }
  } finally {
    deadline.close()
    merged.signal?.removeEventListener('abort', cancel)
  }
}

async function lookAround(
  urls: readonly URL[],
  portals: readonly PortalPage[],
  options: DoctorOptions,
  ctx: ProbeContext,
): Promise<DoctorLook[]> {
  const looks = new Map<DoctorLookId, DoctorLook>()
  const put = (look: DoctorLookId, taken: DoctorFinding | string, observations: string[] = []) => {
    const skipped = typeof taken === 'string'
    const summary = skipped ? taken : sayFinding(taken)
    looks.set(look, { look, summary, finding: skipped ? null : taken, observations })
  }
  const run = async <Finding extends DoctorFinding>(
    id: DoctorLookId,
    work: (own: ProbeContext) => Promise<Finding>,
  ): Promise<Finding> => {
    const recorder = ctx.recorder.scope()
    ctx.io.look?.(id, true)
    const finding = await work({ ...ctx, recorder })
    ctx.io.look?.(id, false)
    put(id, finding, recorder.ids)
    return finding
  }

  const firstMs = options.totalMs * FIRST_PART
  const dates: Dated[] = []
  const interfaces = lookAtInterfaces(ctx.io)
  const { families } = interfaces
  put('interfaces', interfaces)
  const routes = run('routes', async (own) => ({
    kind: 'routes',
    each: await knownRoutes(firstMs, families, own),
  }))
  if (families.length === 0) {
    // Nobody can be asked without an address of our own; every try would only fail at once.
    await routes
    for (const id of DOCTOR_LOOKS) if (!looks.has(id)) put(id, 'not looked at: this machine has no address')
    return inOrder(looks)
  }
  const names = namesOf(urls)
  const hasProxy =
    options.proxy.http !== null || options.proxy.https !== null || options.proxyProblem !== null
  const resolvers = run('resolvers', (own) => lookAtResolvers(names, firstMs, own))
  const sites = run('references', async (own) => ({
    kind: 'references',
    each: await lookAtSites(urls, families, firstMs, own, dates),
  }))
  const portal = run('portal', (own) => lookForPortal(portals, firstMs, own, dates))
  const proxies = hasProxy
    ? run('proxies', (own) => lookAtProxies(urls, options.proxy, options.proxyProblem, firstMs, own))
    : null
  if (!proxies) put('proxies', 'the environment names no proxy')
  const [{ each }] = await Promise.all([sites, resolvers, portal, proxies])
  // Of what works, what is far and large; of what does not, a handshake that stalls is the classic sign.
  const large =
    each.find(({ works }) => works) ?? each.find(({ failure }) => failure?.code === 'tls_timed_out')
  if (large) {
    const { url, family } = large
    await run('packet_size', (own) =>
      lookAtPacketSize(new URL(url), family, options.totalMs * SIZE_PART, own, dates),
    )
  } else put('packet_size', 'not looked at: no reference site answers')
  await routes
  put('clock', clockFinding(dates), looks.get('references')?.observations)
  return inOrder(looks)
}

function inOrder(looks: ReadonlyMap<DoctorLookId, DoctorLook>): DoctorLook[] {
  return DOCTOR_LOOKS.map((id) => looks.get(id)).filter((look) => look !== undefined)
}

/** The default routes, and whether their gateways give any sign of life. */
async function knownRoutes(
  boundMs: number,
  families: readonly (4 | 6)[],
  ctx: ProbeContext,
): Promise<RouteFacts[]> {
  const routes = await lookAtRoutes(ctx.io)
  await Promise.all(
    routes.map(async (route) => {
      if (route.gateway !== null && families.includes(route.family)) await knock(route, boundMs, ctx)
    }),
  )
  return routes
}

async function knock(route: RouteFacts, boundMs: number, ctx: ProbeContext): Promise<void> {
  const { gateway, family } = route
  if (gateway === null) return
  // A link-local address belongs to its interface.
  const ip = gateway.startsWith('fe80:') ? `${gateway}%${route.interface ?? ''}` : gateway
  const deadline = new Deadline(ctx.io.clock, boundMs, ctx.deadline)
  const target = { host: ip, port: KNOCK_PORT, addresses: [{ ip, family }] }
  const { socket, failure } = await connect(target, { ...ctx, deadline })
  socket?.destroy()
  deadline.close()
  if (socket || ALIVE.has(failure?.code ?? '')) {
    route.alive = true
    route.howWeKnow = socket ? 'it accepts a connection' : 'it refuses a connection'
  } else if (DEAD.has(failure?.code ?? '')) {
    route.alive = false
    route.howWeKnow = 'it does not answer on the cable (host unreachable)'
  } else {
    const seen = neighbourAnswers(ctx.io.readText('/proc/self/net/arp'), gateway)
    route.alive = seen
    if (seen !== null)
      route.howWeKnow = seen ? 'it answers on the cable (ARP)' : 'it does not answer on the cable (ARP)'
  }
}
