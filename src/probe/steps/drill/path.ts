// The look at the way to the port: a trace when connecting failed, and whether large packets are lost when an answer
// stalls. Needs calls that Node has not (trace/libc.ts); where they cannot be had it is skipped with the reason.
import type { FailureCode } from '../../../model/failure.ts'
import type { PathFinding } from '../../../model/drill.ts'
import { Deadline } from '../../../util/deadline.ts'
import type { ProbeContext } from '../../context.ts'
import { judgePath } from '../../drill/judge-path.ts'
import { exchangeMs } from '../../drill/verdict.ts'
import { type Look, type Looked, notSent, type Subject } from '../../drill/look.ts'
import { type Libc, loadLibc } from '../../trace/libc.ts'
import { askWithSmallSegments } from '../../trace/small-segments.ts'
import { traceTcp } from '../../trace/tcp-trace.ts'

/** The connection did not come about: how far do packets get? */
const TRACED = new Set<FailureCode>([
  'connect_timed_out',
  'connect_refused',
  'connect_reset',
  'host_unreachable',
  'network_unreachable',
])

/** The connection stands and then nothing more comes: are large packets lost? */
const STALLED = new Set<FailureCode>([
  'tls_timed_out',
  'send_timed_out',
  'answer_timed_out',
  'receive_timed_out',
])

/** Bounds on an exchange that may stall, milliseconds: as long as the check's own was given, within these. */
const LEAST_STALL_MS = 1_000
const MOST_STALL_MS = 4_000

const look: Look = {
  id: 'path',
  when: 'side-by-side',
  skip: skipPath,
  run: async (subject, ctx) => {
    const loaded = loadLibc()
    if ('unavailable' in loaded) return { skipped: loaded.unavailable }
    const address = addressOf(subject, ctx)
    if (!address) return { skipped: 'no address was dialled' }
    if (subject.failure && STALLED.has(subject.failure.code)) {
      return lookForLostPackets(loaded.libc, address, subject, ctx)
    }
    const trace = await traceTcp(loaded.libc, address, ctx)
    const { end, summary } = judgePath(trace, address.ip)
    const hops = trace.answers.map(({ ttl, ip, ms, says }) => ({ ttl, ip, ms, says }))
    return { summary, finding: { kind: 'path', method: 'tcp_trace', hops, end, mtuTrouble: null } }
  },
}

export default look

function skipPath(subject: Subject, ctx: ProbeContext): string | null {
  const code = subject.failure?.code
  if (!code || !(TRACED.has(code) || STALLED.has(code))) return 'connecting did not fail, and nothing stalled'
  if (subject.last.proxy !== null) return 'the way to the site begins at the proxy, not here'
  const address = addressOf(subject, ctx)
  if (!address) return 'no address was dialled'
  if (isLoopback(address.ip)) return 'the address is this machine: there is no way to it'
  const loaded = loadLibc()
  return 'unavailable' in loaded ? loaded.unavailable : null
}

function isLoopback(ip: string): boolean {
  return ip.startsWith('127.') || ip === '::1'
}

function addressOf(
  { last, addresses, url }: Subject,
  ctx: ProbeContext,
): { ip: string; port: number } | null {
  const { connectTo } = ctx.options
  const ip = last.address?.ip ?? addresses[0]?.ip
  if (ip === undefined) return null
  const own = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
  return { ip, port: connectTo?.port ?? own }
}

/**
 * Once with small segments, and at the same time once more as before. Only when the one works and the other stalls
 * like the check are large packets lost; when both stall, they are not the reason; all else tells nothing.
 */
async function lookForLostPackets(
  libc: Libc,
  address: { ip: string; port: number },
  subject: Subject,
  ctx: ProbeContext,
): Promise<Looked> {
  if (subject.site.requestsLeft() === 0) return { skipped: notSent(subject) }
  const boundMs = Math.min(MOST_STALL_MS, Math.max(LEAST_STALL_MS, exchangeMs(subject.last)))
  const deadline = new Deadline(ctx.io.clock, boundMs, ctx.deadline)
  const recorder = ctx.recorder.scope()
  const [normal, small] = await Promise.all([
    subject.site.ask({ boundMs }, ctx),
    askWithSmallSegments(libc, address, subject.plan, { ...ctx, deadline, recorder }),
  ])
  deadline.close()
  if (!normal) return { skipped: notSent(subject) }
  const stalls = normal.cycle.exchange.failure !== null && STALLED.has(normal.cycle.exchange.failure.code)
  const smallStalls = small.failure !== null && STALLED.has(small.failure.code)
  const mtuTrouble = stalls ? (small.failure === null ? true : smallStalls ? false : null) : null
  const finding: PathFinding = { kind: 'path', method: 'none', hops: [], end: 'reached', mtuTrouble }
  return { summary: sayLost(mtuTrouble), finding }
}

function sayLost(mtuTrouble: boolean | null): string {
  if (mtuTrouble === true) {
    return 'with small packets the whole answer comes, with large ones it stalls: large packets are lost on the way (MTU)'
  }
  return mtuTrouble === false
    ? 'small packets stall as well: the size of packets is not the reason'
    : 'whether large packets are lost cannot be told: the answer came, or failed otherwise'
}
