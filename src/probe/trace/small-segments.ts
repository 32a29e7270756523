// The same exchange over a connection whose segments are small enough for any way: when it works there and stalls
// otherwise, large packets are lost on the way. Judges nothing.
import { Socket } from 'node:net'
import { parseIp } from '../../model/address.ts'
import { type Failure, failure } from '../../model/failure.ts'
import { formatRequest } from '../../wire/http1-request.ts'
import type { ProbeContext } from '../context.ts'
import { planRequest, type RequestPlan } from '../request.ts'
import { socketFailure, stopFailure } from '../socket-failure.ts'
import { Http1Exchange } from '../steps/exchange-http1.ts'
import { handshake } from '../steps/handshake.ts'
import { EINPROGRESS, type Libc } from './libc.ts'

/** Data in a segment: with its heads it fits into 576 bytes, which every way of IPv4 carries (RFC 791). */
const SMALL_SEGMENT_BYTES = 516
const LOOK_EVERY_MS = 5

/** Null: a whole answer came. */
interface SmallOutcome {
  failure: Failure | null
  status: number | null
}

/** Connects to `address` with small segments and sends `plan` there. Never rejects for what the wire does. */
export async function askWithSmallSegments(
  libc: Libc,
  address: { ip: string; port: number },
  plan: RequestPlan,
  ctx: ProbeContext,
): Promise<SmallOutcome> {
  const { ip, port } = address
  const family = ip.includes(':') ? 6 : 4
  const observation = ctx.recorder.begin('connect', {
    ip,
    port,
    family,
    attempt: 1,
    maxSegment: SMALL_SEGMENT_BYTES,
  })
  const connected = await connectSmall(libc, ip, port, ctx)
  if (!(connected instanceof Socket)) {
    ctx.recorder.fail(observation, connected)
    return { failure: connected, status: null }
  }
  ctx.recorder.end(observation, { connected: true })
  let socket: Socket = connected
  if (plan.url.protocol === 'https:') {
    const host = plan.url.hostname.replace(/^\[|\]$/g, '')
    const shaken = await handshake(socket, { host, port, ip }, ctx, { alpn: ['http/1.1'], dial: null })
    if (!shaken.socket || shaken.failure) {
      shaken.socket?.destroy()
      return { failure: shaken.failure, status: null }
    }
    socket = shaken.socket
  }
  const run = new Http1Exchange(ctx, plan.method)
  const failed = await run.run(socket, formatRequest(planRequest(plan, ctx.options, null)), false)
  return { failure: failed, status: run.parser.head?.status ?? null }
}

/** A connected socket of Node around one that was made with small segments. */
function connectSmall(libc: Libc, ip: string, port: number, ctx: ProbeContext): Promise<Socket | Failure> {
  const { clock } = ctx.io
  const startMs = clock.nowMs()
  const bytes = parseIp(ip)
  const fd = libc.open(ip.includes(':') ? 6 : 4, 'tcp')
  if (fd < 0 || !bytes) {
    return Promise.resolve(failure('local_limit', `no socket (errno ${-fd})`, { phase: 'connect' }))
  }
  const errno = libc.setMaxSegment(fd, SMALL_SEGMENT_BYTES) || libc.connect(fd, bytes, port)
  if (errno !== 0 && errno !== EINPROGRESS) {
    libc.close(fd)
    return Promise.resolve(socketFailure(systemError(errno), 'connect'))
  }
  return new Promise((resolve) => {
    const give = (failed: Failure): void => {
      libc.close(fd)
      resolve(failed)
    }
    const look = (): void => {
      const [ready] = libc.poll([fd])
      if (ready?.writable || ready?.failed) {
        const error = libc.socketError(fd)
        if (error !== 0) give(socketFailure(systemError(error), 'connect'))
        // From here on Node closes it.
        else resolve(new Socket({ fd, readable: true, writable: true }))
      } else if (ctx.deadline.reason) {
        give(stopFailure(ctx.deadline.reason, 'connect', clock.nowMs() - startMs))
      } else clock.setTimer(look, LOOK_EVERY_MS)
    }
    look()
  })
}

const ERROR_CODES: Record<number, string> = {
  13: 'EACCES',
  101: 'ENETUNREACH',
  104: 'ECONNRESET',
  110: 'ETIMEDOUT',
  111: 'ECONNREFUSED',
  113: 'EHOSTUNREACH',
}

function systemError(errno: number): NodeJS.ErrnoException {
  const code = ERROR_CODES[errno] ?? `errno ${errno}`
  return Object.assign(new Error(`connect ${code}`), { code, errno: -errno })
}
