// A trace of the way to one TCP port: connections with a growing TTL, and who says what to each. Bounded in hops and
// time, polite (a few packets). Writes down what came; what it means is in drill/judge-path.ts.
import { parseIp } from '../../model/address.ts'
import type { ProbeContext } from '../context.ts'
import { EINPROGRESS, type Libc, type QueuedError } from './libc.ts'

/** The way is walked at most this far, so many hops at a time. */
const MAX_TTL = 30
const HOPS_AT_ONCE = 6
/** For each batch of hops. Nearly every answer on the Internet comes within half a second. */
const BATCH_MS = 1_000
/** How often the sockets are looked at. */
const LOOK_EVERY_MS = 5
/** Where a UDP packet goes that nobody listens for (traceroute's own choice). */
const UNUSED_UDP_PORT = 33_434

/** What one packet met. `means` in a word for the judge, `says` for a person. */
export interface HopAnswer {
  ttl: number
  ip: string | null
  ms: number | null
  means:
    | 'passes_on'
    | 'accepts'
    | 'refuses'
    | 'prohibited'
    | 'unreachable'
    | 'port_unreachable'
    | 'own_system'
    | 'nothing'
  says: string | null
}

export interface Trace {
  answers: HopAnswer[]
  /** After a refusal: does a packet of another kind with the same TTL get no farther? Null: it cannot be told. */
  refusalBeforeHost: boolean | null
}

interface Probe {
  ttl: number
  fd: number
  startMs: number
  answer: HopAnswer | null
}

/** ICMP "destination unreachable" by code: what it means, and in words (RFC 792, RFC 1812, RFC 4443). */
const UNREACHABLE: Record<4 | 6, Record<number, [means: HopAnswer['means'], says: string]>> = {
  4: {
    0: ['unreachable', 'network unreachable'],
    1: ['unreachable', 'host unreachable'],
    2: ['prohibited', 'protocol unreachable'],
    3: ['port_unreachable', 'port unreachable'],
    5: ['unreachable', 'source route failed'],
    6: ['unreachable', 'network unknown'],
    7: ['unreachable', 'host unknown'],
    9: ['prohibited', 'network administratively prohibited'],
    10: ['prohibited', 'host administratively prohibited'],
    11: ['unreachable', 'network unreachable for this service'],
    12: ['unreachable', 'host unreachable for this service'],
    13: ['prohibited', 'communication administratively prohibited'],
  },
  6: {
    0: ['unreachable', 'no route to destination'],
    1: ['prohibited', 'communication administratively prohibited'],
    2: ['unreachable', 'beyond scope of source address'],
    3: ['unreachable', 'address unreachable'],
    4: ['port_unreachable', 'port unreachable'],
    5: ['prohibited', 'source address failed policy'],
    6: ['prohibited', 'reject route to destination'],
  },
}

const UNREACHABLE_TYPE = { 4: 3, 6: 1 } as const
const EXCEEDED_TYPE = { 4: 11, 6: 3 } as const

const ERRNO_NAMES: Record<number, string> = {
  1: 'EPERM',
  13: 'EACCES',
  22: 'EINVAL',
  24: 'EMFILE',
  97: 'EAFNOSUPPORT',
  99: 'EADDRNOTAVAIL',
  101: 'ENETUNREACH',
  110: 'ETIMEDOUT',
  111: 'ECONNREFUSED',
  113: 'EHOSTUNREACH',
}
const ECONNREFUSED = 111
const ECONNRESET = 104

/** Traces the way to a port. Never rejects; it ends with the host, with `HOPS_AT_ONCE` silent hops or with the time. */
export async function traceTcp(
  libc: Libc,
  target: { ip: string; port: number },
  ctx: ProbeContext,
  batchMs: number = BATCH_MS,
): Promise<Trace> {
  const { ip, port } = target
  const observation = ctx.recorder.begin('trace', { ip, port, protocol: 'tcp' })
  const trace: Trace = { answers: [], refusalBeforeHost: null }
  for (let first = 1; first <= MAX_TTL && !ctx.deadline.reason; first += HOPS_AT_ONCE) {
    const ttls = Array.from({ length: Math.min(HOPS_AT_ONCE, MAX_TTL - first + 1) }, (_one, at) => first + at)
    const batch = await sendBatch(libc, 'tcp', target, ttls, ctx, batchMs)
    trace.answers.push(...untilEnd(batch))
    if (batch.some(isEnd) || batch.every(({ means }) => means === 'nothing')) break
  }
  const end = trace.answers.at(-1)
  if (end?.means === 'refuses' && !ctx.deadline.reason) {
    trace.refusalBeforeHost = await isBeforeHost(libc, ip, end.ttl, ctx, batchMs)
  }
  ctx.recorder.end(observation, { hops: trace.answers, refusalBeforeHost: trace.refusalBeforeHost })
  return trace
}

function isEnd({ means }: HopAnswer): boolean {
  return means !== 'nothing' && means !== 'passes_on'
}

/** The hops up to the first that ends the way; those behind it met the same. */
function untilEnd(batch: HopAnswer[]): HopAnswer[] {
  const end = batch.findIndex(isEnd)
  return end < 0 ? batch : batch.slice(0, end + 1)
}

/**
 * A refusal came with this TTL. When packets that no rule on ports concerns are still on their way with it, the host
 * is farther off and cannot have refused. Asked twice: ways may differ in length.
 */
async function isBeforeHost(
  libc: Libc,
  ip: string,
  ttl: number,
  ctx: ProbeContext,
  batchMs: number,
): Promise<boolean | null> {
  const target = { ip, port: UNUSED_UDP_PORT }
  const answers = await sendBatch(libc, 'udp', target, [ttl, ttl], ctx, batchMs)
  if (answers.every(({ means }) => means === 'passes_on')) return true
  return answers.some(({ means, ip: from }) => means === 'port_unreachable' && from === ip) ? false : null
}

/** One packet for each TTL, all at once; resolves when all have an answer that can come, or the time is over. */
function sendBatch(
  libc: Libc,
  kind: 'tcp' | 'udp',
  target: { ip: string; port: number },
  ttls: readonly number[],
  ctx: ProbeContext,
  batchMs: number,
): Promise<HopAnswer[]> {
  const { clock } = ctx.io
  const family = target.ip.includes(':') ? 6 : 4
  const startMs = clock.nowMs()
  const probes = ttls.map((ttl, index) =>
    launch(
      libc,
      kind,
      { ...target, port: kind === 'udp' ? target.port + index : target.port },
      ttl,
      clock.nowMs(),
    ),
  )
  return new Promise((resolve) => {
    const finish = (): void => {
      for (const { fd } of probes) if (fd >= 0) libc.close(fd)
      resolve(probes.map(({ ttl, answer }) => answer ?? nothingAt(ttl)))
    }
    const lookAround = (): void => {
      const open = probes.filter(({ answer }) => answer === null)
      const ready = libc.poll(open.map(({ fd }) => fd))
      for (const [index, probe] of open.entries()) {
        const { writable = false, failed = false } = ready[index] ?? {}
        if (failed || (writable && kind === 'tcp')) {
          probe.answer = readAnswer(libc, probe, target.ip, family, clock.nowMs() - probe.startMs)
        }
      }
      // Behind the host every packet meets the host again: nothing new can come from there.
      const end = probes.findIndex(({ answer }) => answer !== null && isEnd(answer))
      const waiting = (end < 0 ? probes : probes.slice(0, end)).some(({ answer }) => answer === null)
      if (!waiting || ctx.deadline.reason || clock.nowMs() - startMs >= batchMs) finish()
      else clock.setTimer(lookAround, LOOK_EVERY_MS)
    }
    clock.setTimer(lookAround, 0)
  })
}

function nothingAt(ttl: number): HopAnswer {
  return { ttl, ip: null, ms: null, means: 'nothing', says: null }
}

function launch(
  libc: Libc,
  kind: 'tcp' | 'udp',
  { ip, port }: { ip: string; port: number },
  ttl: number,
  startMs: number,
): Probe {
  const family = ip.includes(':') ? 6 : 4
  const bytes = parseIp(ip)
  const fd = libc.open(family, kind)
  const probe: Probe = { ttl, fd, startMs, answer: null }
  if (fd < 0 || !bytes) {
    probe.answer = ownError(ttl, -fd)
    return probe
  }
  const refused = libc.setTtl(fd, family, ttl) || libc.receiveErrors(fd, family)
  const errno = refused || libc.connect(fd, bytes, port) || (kind === 'udp' ? libc.sendByte(fd) : 0)
  if (errno === 0 || errno === EINPROGRESS) return probe
  probe.answer = errno === ECONNREFUSED ? refusal(ttl, ip, 0) : ownError(ttl, errno)
  return probe
}

/** Our own system did not even send it. */
function ownError(ttl: number, errno: number): HopAnswer {
  const says = `our own system: ${ERRNO_NAMES[errno] ?? `errno ${errno}`}`
  return { ttl, ip: null, ms: null, means: 'own_system', says }
}

function refusal(ttl: number, ip: string, ms: number): HopAnswer {
  return { ttl, ip, ms, means: 'refuses', says: 'refuses (RST)' }
}

function readAnswer(libc: Libc, { fd, ttl }: Probe, ip: string, family: 4 | 6, ms: number): HopAnswer {
  const error = libc.readError(fd, family)
  if (error) return fromError(error, ttl, family, ms)
  const errno = libc.socketError(fd)
  if (errno === 0) return { ttl, ip, ms, means: 'accepts', says: 'accepts' }
  if (errno === ECONNREFUSED || errno === ECONNRESET) return refusal(ttl, ip, ms)
  // An ICMP error whose details did not come along still names no sender.
  if (errno === 113 || errno === 101) {
    return { ttl, ip: null, ms, means: 'unreachable', says: ERRNO_NAMES[errno] ?? null }
  }
  return ownError(ttl, errno)
}

function fromError(error: QueuedError, ttl: number, family: 4 | 6, ms: number): HopAnswer {
  if (error.origin === 'local') return ownError(ttl, error.errno)
  const { from, type, code } = error
  if (type === EXCEEDED_TYPE[family]) return { ttl, ip: from, ms, means: 'passes_on', says: null }
  const known = type === UNREACHABLE_TYPE[family] ? UNREACHABLE[family][code] : undefined
  const [means, says] = known ?? ['unreachable', `ICMP type ${type} code ${code}`]
  return { ttl, ip: from, ms, means, says }
}
