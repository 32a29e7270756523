import { createServer } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { issue } from '../../../test/world/certificates.ts'
import { httpServer, ok } from '../../../test/world/http-server.ts'
import { probeContext } from '../../../test/world/probe-context.ts'
import { listen, listenOn, refusingPort } from '../../../test/world/tcp-server.ts'
import { fakeClock } from '../../../test/fake-clock.ts'
import { DEFAULT_OPTIONS } from '../../model/check-options.ts'
import type { RequestPlan } from '../request.ts'
import { type Libc, loadLibc } from './libc.ts'
import { askWithSmallSegments } from './small-segments.ts'

const loaded = loadLibc()

function plan(url: string): RequestPlan {
  return { url: new URL(url), method: 'GET', body: null, fields: [], basic: null, bearer: null, cookie: null }
}

describe.skipIf('unavailable' in loaded)('askWithSmallSegments()', () => {
  const { libc } = loaded as { libc: Libc }

  test('brings a large answer in many pieces over plain HTTP', async () => {
    await using server = await httpServer(ok('x'.repeat(100_000)))
    const ctx = probeContext()
    const seen = await askWithSmallSegments(
      libc,
      { ip: server.host, port: server.port },
      plan(server.url),
      ctx,
    )
    ctx.deadline.close()
    expect(seen).toEqual({ failure: null, status: 200 })
    expect(ctx.recorder.observations.map(({ operation }) => operation)).toEqual([
      'connect',
      'send',
      'wait',
      'receive',
    ])
  })

  test('does the same over TLS and IPv6', async () => {
    const made = issue({ names: ['localhost'] })
    await using server = await listenOn(
      createServer({ key: made.keyPem, cert: made.pem }, (socket) => {
        socket.on('error', () => {})
        socket.once('data', () => socket.end(ok('x'.repeat(100_000))))
      }),
      '::1',
    )
    const ctx = probeContext({ options: { tls: { ...DEFAULT_OPTIONS.tls, verify: false } } })
    const url = `https://localhost:${server.port}/`
    const seen = await askWithSmallSegments(libc, { ip: '::1', port: server.port }, plan(url), ctx)
    ctx.deadline.close()
    expect(seen).toEqual({ failure: null, status: 200 })
  })

  test('says that nobody listens', async () => {
    const port = await refusingPort()
    const ctx = probeContext()
    const seen = await askWithSmallSegments(
      libc,
      { ip: '127.0.0.1', port },
      plan(`http://127.0.0.1:${port}/`),
      ctx,
    )
    ctx.deadline.close()
    expect(seen).toMatchObject({ failure: { code: 'connect_refused' }, status: null })
    expect(ctx.recorder.observations[0]?.failure?.raw).toBe('connect ECONNREFUSED')
  })

  test('ends with the deadline', async () => {
    await using server = await listen()
    const clock = fakeClock()
    const ctx = probeContext({
      io: {
        clock,
        progress: ({ operation }, began) => {
          if (operation === 'connect' && began) setImmediate(() => clock.advance(10))
          if (operation === 'wait' && began) setImmediate(() => clock.advance(60_000))
        },
      },
    })
    const url = `http://127.0.0.1:${server.port}/`
    const seen = await askWithSmallSegments(libc, { ip: '127.0.0.1', port: server.port }, plan(url), ctx)
    expect(seen).toMatchObject({ failure: { code: 'answer_timed_out' }, status: null })
  })
})
