// The phase connect on real sockets: every way in which it ends, and what is written down of it.
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { DEFAULT_LIMITS, DEFAULT_OPTIONS } from '../../src/model/check-options.ts'
import type { Observation } from '../../src/model/observation.ts'
import { CONNECTION_ATTEMPT_DELAY_MS, connect } from '../../src/probe/steps/connect.ts'
import { LOOP_LATE_MS } from '../../src/util/deadline.ts'
import { fakeClock } from '../fake-clock.ts'
import { alone, HOME_ADDRESSES, LOOPBACK_UP, OWN_NETWORK, ownNetworkSuite } from '../world/alone.ts'
import { dialContext } from '../world/dial-context.ts'
import {
  earlyReset,
  listen,
  listenAndClose,
  listenOn,
  refusingPort,
  silentAddress,
} from '../world/tcp-server.ts'

type Addresses = { ip: string; family: 4 | 6 }[]

const V4: Addresses = [{ ip: '127.0.0.1', family: 4 }]

function addresses(...ips: string[]): Addresses {
  return ips.map((ip) => ({ ip, family: ip.includes(':') ? 6 : 4 }))
}

/** Lets what the kernel has ready come in, without waiting for anything in particular. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function listeners(socket: Socket): number {
  return socket.listenerCount('connect') + socket.listenerCount('error') + socket.listenerCount('close')
}

/** What a row may look like in short: the failure code, "connected" or "abandoned". */
function story(observations: readonly Observation[]): string[] {
  return observations.map(({ input, output, failure }) => {
    const how =
      failure?.code ?? (output?.['abandoned'] ? 'abandoned' : output?.['connected'] ? 'connected' : 'open')
    return `${String(input['ip'])} ${how}`
  })
}

describe('connect() to one address', () => {
  test('gives a clean socket and writes down both ends', async () => {
    await using server = await listen()
    const ctx = dialContext()
    const { socket, address, failure, ours } = await connect(
      { host: 'a.test', port: server.port, addresses: V4 },
      ctx,
    )
    ctx.deadline.close()
    expect({ address, failure, ours }).toEqual({
      address: { ip: '127.0.0.1', port: server.port, family: 4 },
      failure: null,
      ours: false,
    })
    expect(ctx.recorder.observations).toEqual([
      {
        id: 'o1',
        operation: 'connect',
        startMs: expect.any(Number),
        endMs: expect.any(Number),
        input: { ip: '127.0.0.1', port: server.port, family: 4, attempt: 1 },
        output: { localAddress: '127.0.0.1', localPort: socket?.localPort, connected: true },
        failure: null,
      },
    ])
    expect(socket && listeners(socket)).toBe(0)
    socket?.destroy()
  })

  test('loses no byte of a peer that speaks first', async () => {
    await using server = await listen((peer) => void peer.end('220 hello'))
    const ctx = dialContext()
    const { socket } = await connect({ host: 'a.test', port: server.port, addresses: V4 }, ctx)
    ctx.deadline.close()
    if (!socket) throw new Error('not connected')
    while (socket.readableLength < 9) await turn()
    expect(socket.readableFlowing).toBe(null)
    socket.setEncoding('latin1')
    expect(await socket.toArray()).toEqual(['220 hello'])
  })

  test('hands the bytes to `onread` from the first on', async () => {
    await using server = await listen((peer) => void peer.end('220 hello'))
    const ctx = dialContext()
    let text = ''
    const onread = {
      buffer: new Uint8Array(4),
      callback: (count: number, buffer: Uint8Array) => {
        text += Buffer.from(buffer.subarray(0, count)).toString('latin1')
        return true
      },
    }
    const { socket } = await connect({ host: 'a.test', port: server.port, addresses: V4 }, ctx, { onread })
    ctx.deadline.close()
    if (!socket) throw new Error('not connected')
    await once(socket, 'close')
    expect(text).toBe('220 hello')
  })

  test('is connected although the peer closes at once: that belongs to a later phase', async () => {
    await using server = await listenAndClose()
    const ctx = dialContext()
    const { socket, failure } = await connect({ host: 'a.test', port: server.port, addresses: V4 }, ctx)
    ctx.deadline.close()
    expect(failure).toBe(null)
    expect(socket).not.toBe(null)
    socket?.destroy()
  })

  test('dials without a timer when there is no bound of its own', async () => {
    await using server = await listen()
    const clock = fakeClock()
    const ctx = dialContext({}, clock)
    const connecting = connect({ host: 'a.test', port: server.port, addresses: V4 }, ctx)
    expect(clock.pending()).toBe(1)
    const { socket } = await connecting
    ctx.deadline.close()
    expect(clock.pending()).toBe(0)
    socket?.destroy()
  })

  test('says when something else is dialled than the URL names', async () => {
    await using server = await listen()
    const ctx = dialContext({ connectTo: { ip: '127.0.0.1', port: server.port } })
    const { socket } = await connect({ host: 'a.test', port: server.port, addresses: V4 }, ctx)
    ctx.deadline.close()
    expect(ctx.recorder.observations[0]?.input).toMatchObject({ dialledInstead: true })
    socket?.destroy()
  })
})

describe('connect() failing', () => {
  test.each([
    ['127.0.0.1', 4],
    ['::1', 6],
  ] as const)('connect_refused at %s', async (ip, family) => {
    const port = await refusingPort(ip)
    const ctx = dialContext()
    const connected = await connect({ host: 'a.test', port, addresses: [{ ip, family }] }, ctx)
    ctx.deadline.close()
    expect(connected).toEqual({
      socket: null,
      address: null,
      failure: {
        phase: 'connect',
        code: 'connect_refused',
        number: '006',
        raw: `connect ECONNREFUSED ${ip}:${port}`,
      },
      ours: false,
    })
    expect(ctx.recorder.observations[0]?.failure).toEqual(connected.failure)
  })

  test('connect_reset when the reset is there before we look', async () => {
    await using server = await earlyReset()
    const ctx = dialContext()
    const connecting = connect({ host: 'a.test', port: server.port, addresses: V4 }, ctx)
    // The SYN leaves in the next tick; then this thread sleeps until the reset has come.
    await Promise.resolve()
    process.nextTick(() => server.awaitReset())
    const { failure } = await connecting
    ctx.deadline.close()
    expect(failure).toMatchObject({ phase: 'connect', code: 'connect_reset', number: '008' })
    expect(failure?.raw).toContain('ECONNRESET')
  })

  test('connect_timed_out by the deadline, telling how long the attempt was open', async () => {
    await using server = await silentAddress()
    const clock = fakeClock()
    const ctx = dialContext({}, clock)
    const connecting = connect({ host: 'a.test', port: server.port, addresses: V4 }, ctx)
    clock.advance(DEFAULT_LIMITS.totalMs)
    const { failure } = await connecting
    expect(failure).toEqual({
      phase: 'connect',
      code: 'connect_timed_out',
      number: '011',
      raw: 'no result after 20000 ms',
    })
    expect(ctx.recorder.observations[0]).toMatchObject({ startMs: 0, endMs: 20_000, failure })
    expect(clock.pending()).toBe(0)
  })

  test('connect_timed_out by connectMs', async () => {
    await using server = await silentAddress()
    const clock = fakeClock()
    const ctx = dialContext({ connectMs: 3_000 }, clock)
    const connecting = connect({ host: 'a.test', port: server.port, addresses: V4 }, ctx)
    clock.advance(3_000)
    expect((await connecting).failure).toMatchObject({
      code: 'connect_timed_out',
      raw: 'no result after 3000 ms',
    })
    ctx.deadline.close()
    expect(clock.pending()).toBe(0)
  })

  test('local_limit when our own loop slept through it', async () => {
    await using server = await silentAddress()
    for (const connectMs of [null, 3_000]) {
      const clock = fakeClock()
      const ctx = dialContext({ connectMs }, clock)
      const connecting = connect({ host: 'a.test', port: server.port, addresses: V4 }, ctx)
      clock.jump((connectMs ?? DEFAULT_LIMITS.totalMs) + LOOP_LATE_MS + 1)
      clock.advance(0)
      expect((await connecting).failure).toMatchObject({ phase: 'connect', code: 'local_limit' })
      ctx.deadline.close()
    }
  })

  test('cancelled, even when another address has refused before', async () => {
    const server = await silentAddress('127.0.0.2')
    await using _ = server
    const ctx = dialContext()
    const connecting = connect(
      { host: 'a.test', port: server.port, addresses: addresses('127.0.0.1', '127.0.0.2') },
      ctx,
    )
    while (ctx.recorder.observations.length < 2) await turn()
    ctx.deadline.stop('cancelled')
    const { failure } = await connecting
    expect(failure).toMatchObject({ phase: 'connect', code: 'cancelled' })
    expect(story(ctx.recorder.observations)).toEqual(['127.0.0.1 connect_refused', '127.0.0.2 cancelled'])
  })

  test('dials nobody when the time is over already', async () => {
    await using server = await listen()
    const ctx = dialContext()
    ctx.deadline.stop('timed_out')
    const { failure } = await connect({ host: 'a.test', port: server.port, addresses: V4 }, ctx)
    expect(failure).toMatchObject({ code: 'connect_timed_out' })
    await turn()
    expect(server.sockets).toHaveLength(0)
  })

  test('internal_error without an address', async () => {
    const ctx = dialContext()
    const { failure } = await connect({ host: 'a.test', port: 80, addresses: [] }, ctx)
    ctx.deadline.close()
    expect(failure).toMatchObject({ phase: 'connect', code: 'internal_error' })
  })
})

describe('connect() to several addresses (RFC 8305)', () => {
  /** The same port on several loopback addresses, as far as wanted. */
  async function sharedPort(...hosts: string[]): Promise<{ port: number } & AsyncDisposable> {
    const first = await listen(undefined, hosts[0])
    const others = await Promise.all(hosts.slice(1).map((host) => listen(undefined, host, first.port)))
    return {
      port: first.port,
      [Symbol.asyncDispose]: async () => {
        for (const server of [first, ...others]) await server.close()
      },
    }
  }

  test('goes on at once when an address refuses', async () => {
    await using server = await sharedPort('127.0.0.3')
    const clock = fakeClock()
    const ctx = dialContext({}, clock)
    const target = {
      host: 'a.test',
      port: server.port,
      addresses: addresses('::1', '127.0.0.2', '127.0.0.3'),
    }
    const { socket, address } = await connect(target, ctx)
    ctx.deadline.close()
    expect(address?.ip).toBe('127.0.0.3')
    // The clock stood still: nobody waited for the delay.
    expect(story(ctx.recorder.observations)).toEqual([
      '::1 connect_refused',
      '127.0.0.2 connect_refused',
      '127.0.0.3 connected',
    ])
    expect(clock.pending()).toBe(0)
    socket?.destroy()
  })

  test('starts the second address after 250 ms of silence and abandons the first', async () => {
    await using silent = await silentAddress('::1')
    await using alive = await listen(undefined, '127.0.0.1', silent.port)
    const clock = fakeClock()
    const ctx = dialContext({}, clock)
    const connecting = connect(
      { host: 'a.test', port: alive.port, addresses: addresses('::1', '127.0.0.1') },
      ctx,
    )
    clock.advance(CONNECTION_ATTEMPT_DELAY_MS - 1)
    expect(ctx.recorder.observations).toHaveLength(1)
    clock.advance(1)
    const { socket, address } = await connecting
    ctx.deadline.close()
    expect(address).toEqual({ ip: '127.0.0.1', port: alive.port, family: 4 })
    expect(ctx.recorder.observations).toMatchObject([
      {
        input: { ip: '::1', attempt: 1 },
        startMs: 0,
        endMs: 250,
        output: { abandoned: true },
        failure: null,
      },
      { input: { ip: '127.0.0.1', attempt: 2 }, startMs: 250, output: { connected: true }, failure: null },
    ])
    socket?.destroy()
  })

  test('asks no second address when the first answers', async () => {
    await using server = await sharedPort('127.0.0.1', '127.0.0.2')
    const clock = fakeClock()
    const ctx = dialContext({}, clock)
    const target = { host: 'a.test', port: server.port, addresses: addresses('127.0.0.1', '127.0.0.2') }
    const { socket } = await connect(target, ctx)
    clock.advance(CONNECTION_ATTEMPT_DELAY_MS)
    ctx.deadline.close()
    expect(story(ctx.recorder.observations)).toEqual(['127.0.0.1 connected'])
    socket?.destroy()
  })

  test('connectMs bounds each attempt on its own', async () => {
    await using silent = await silentAddress('127.0.0.1')
    await using alsoSilent = await silentAddress('127.0.0.2', silent.port)
    const clock = fakeClock()
    const ctx = dialContext({ connectMs: 1_000 }, clock)
    const target = { host: 'a.test', port: alsoSilent.port, addresses: addresses('127.0.0.1', '127.0.0.2') }
    const connecting = connect(target, ctx)
    clock.advance(1_250)
    const { failure } = await connecting
    ctx.deadline.close()
    expect(ctx.recorder.observations).toMatchObject([
      { startMs: 0, endMs: 1_000 },
      { startMs: 250, endMs: 1_250 },
    ])
    expect(failure).toMatchObject({
      code: 'connect_timed_out',
      raw: `127.0.0.1:${silent.port} no result after 1000 ms; 127.0.0.2:${silent.port} no result after 1000 ms`,
    })
    expect(clock.pending()).toBe(0)
  })

  test('an old attempt that fails does not start the next one early', async () => {
    await using silent = await silentAddress('127.0.0.1')
    await using alsoSilent = await silentAddress('127.0.0.2', silent.port)
    const clock = fakeClock()
    const ctx = dialContext({ connectMs: 300 }, clock)
    const target = {
      host: 'a.test',
      port: alsoSilent.port,
      addresses: addresses('127.0.0.1', '127.0.0.2', '127.0.0.3'),
    }
    const connecting = connect(target, ctx)
    clock.advance(499)
    expect(story(ctx.recorder.observations)).toEqual(['127.0.0.1 connect_timed_out', '127.0.0.2 open'])
    clock.advance(1)
    while (story(ctx.recorder.observations)[2] !== '127.0.0.3 connect_refused') await turn()
    clock.advance(50)
    const { failure } = await connecting
    ctx.deadline.close()
    expect(failure?.code).toBe('connect_refused')
    expect(ctx.recorder.observations).toMatchObject([
      { startMs: 0, endMs: 300 },
      { startMs: 250, endMs: 550 },
      { startMs: 500, endMs: 500 },
    ])
  })

  test('the most telling failure stands for all: refused before timed out', async () => {
    await using silent = await silentAddress('127.0.0.1')
    const clock = fakeClock()
    const ctx = dialContext({}, clock)
    const target = { host: 'a.test', port: silent.port, addresses: addresses('127.0.0.1', '::1') }
    const connecting = connect(target, ctx)
    clock.advance(CONNECTION_ATTEMPT_DELAY_MS)
    while (story(ctx.recorder.observations)[1] !== '::1 connect_refused') await turn()
    clock.advance(DEFAULT_LIMITS.totalMs)
    const { failure } = await connecting
    expect(failure).toMatchObject({
      code: 'connect_refused',
      number: '006',
      raw: `127.0.0.1:${silent.port} no result after 20000 ms; [::1]:${silent.port} ECONNREFUSED`,
    })
  })

  test('tries no more addresses than the limit, and says how many were left', async () => {
    const port = await refusingPort()
    const ctx = dialContext({ limits: { ...DEFAULT_LIMITS, addresses: 2 } })
    const target = { host: 'a.test', port, addresses: addresses('127.0.0.1', '127.0.0.2', '127.0.0.3') }
    const { failure } = await connect(target, ctx)
    ctx.deadline.close()
    expect(failure?.raw).toBe(
      `127.0.0.1:${port} ECONNREFUSED; 127.0.0.2:${port} ECONNREFUSED; 1 more not tried`,
    )
  })
})

describe('connect() and the address policy', () => {
  const noLoopback = { allow: [], deny: ['127.0.0.0/8'] }

  test('address_forbidden, and not a packet leaves', async () => {
    await using server = await listen()
    const ctx = dialContext({ addressPolicy: noLoopback })
    const { failure, ours } = await connect({ host: 'a.test', port: server.port, addresses: V4 }, ctx)
    ctx.deadline.close()
    expect(failure).toMatchObject({
      phase: 'connect',
      code: 'address_forbidden',
      raw: '127.0.0.1 is in the denied network 127.0.0.0/8',
    })
    expect(ours).toBe(false)
    await turn()
    expect(server.sockets).toHaveLength(0)
  })

  test('holds for each address of a name, as a rebinding name mixes them', async () => {
    await using server = await listen(undefined, '::1')
    const ctx = dialContext({ addressPolicy: noLoopback })
    const target = {
      host: 'rebind.test',
      port: server.port,
      addresses: addresses('127.0.0.1', '::ffff:127.0.0.1', '::1'),
    }
    const { socket, address } = await connect(target, ctx)
    ctx.deadline.close()
    expect(address?.ip).toBe('::1')
    expect(story(ctx.recorder.observations)).toEqual([
      '127.0.0.1 address_forbidden',
      '::ffff:127.0.0.1 address_forbidden',
      '::1 connected',
    ])
    socket?.destroy()
  })

  test('looks at what is dialled: the same name may lead elsewhere the next time', async () => {
    await using server = await listen()
    const addressPolicy = { allow: ['::1'], deny: [] }
    const ctx = dialContext({ addressPolicy, connectTo: { ip: '127.0.0.1', port: null } })
    const { failure } = await connect({ host: 'a.test', port: server.port, addresses: V4 }, ctx)
    ctx.deadline.close()
    expect(failure).toMatchObject({ code: 'address_forbidden', raw: '127.0.0.1 is in no allowed network' })
  })

  test('a refusal of one address says more than the ban of another', async () => {
    const port = await refusingPort('::1')
    const ctx = dialContext({ addressPolicy: noLoopback })
    const { failure } = await connect({ host: 'a.test', port, addresses: addresses('127.0.0.1', '::1') }, ctx)
    ctx.deadline.close()
    expect(failure?.code).toBe('connect_refused')
  })

  test('does not guard the way to our own proxy', async () => {
    await using server = await listen()
    const ctx = dialContext({ addressPolicy: noLoopback })
    const target = { host: 'proxy.test', port: server.port, addresses: V4, isProxy: true }
    const { socket } = await connect(target, ctx)
    ctx.deadline.close()
    expect(ctx.recorder.observations[0]).toMatchObject({
      input: { proxy: true },
      output: { connected: true },
    })
    socket?.destroy()
  })
})

describe('connect() in another process', () => {
  interface Alone {
    failure: { code: string; phase: string; number: string | null; raw: string } | null
    ours: boolean
    observations: Observation[]
  }

  const connectAlone = (prepare: string, wrapper: readonly string[], ...ips: string[]): Alone =>
    alone('connect-alone.ts', prepare, wrapper, ...ips) as Alone

  test('local_limit when the process is out of file descriptors', () => {
    const { failure, observations } = connectAlone('ulimit -n 40;', [], '--exhaust', '127.0.0.1', '127.0.0.2')
    expect(failure).toMatchObject({ phase: 'connect', code: 'local_limit', number: null })
    expect(failure?.raw).toContain('EMFILE')
    expect(observations.map((seen) => seen.failure?.code)).toEqual(['local_limit', 'local_limit'])
  })

  const up = LOOPBACK_UP
  const home = HOME_ADDRESSES

  ownNetworkSuite('with a network of its own', () => {
    const inside = (prepare: string, ...ips: string[]): Alone =>
      connectAlone(prepare, OWN_NETWORK ?? [], ...ips)

    test.each([
      ['203.0.113.1', 'IPv4'],
      ['2001:db8:1::1', 'IPv6'],
    ])('network_unreachable for %s that is ours, because the machine has no %s address', (ip, family) => {
      const { failure, ours, observations } = inside(up, ip)
      expect(failure).toMatchObject({ phase: 'connect', code: 'network_unreachable', number: '005' })
      expect(failure?.raw).toContain(`this machine has no ${family} address`)
      expect(ours).toBe(true)
      expect(observations[0]?.failure).toEqual(failure)
    })

    test.each(['203.0.113.1', '2001:db8:1::1'])('network_unreachable for %s that is not ours', (ip) => {
      const { failure, ours } = inside(up + home, ip)
      expect(failure).toMatchObject({ code: 'network_unreachable' })
      expect(failure?.raw).toContain('ENETUNREACH')
      expect(ours).toBe(false)
    })

    test('host_unreachable', () => {
      const { failure, ours } = inside(`${up + home}ip route add unreachable 203.0.113.0/24; `, '203.0.113.1')
      expect(failure).toMatchObject({ phase: 'connect', code: 'host_unreachable', number: '005' })
      expect(ours).toBe(false)
    })

    test('local_limit when our own rules forbid the way', () => {
      const { failure } = inside(`${up + home}ip route add prohibit 203.0.113.0/24; `, '203.0.113.1')
      expect(failure).toMatchObject({ phase: 'connect', code: 'local_limit' })
      expect(failure?.raw).toContain('EACCES')
    })

    test('a missing family of ours does not hide what the other address says', () => {
      const { failure, ours, observations } = inside(up, '2001:db8:1::1', '127.0.0.1')
      expect(observations.map((seen) => seen.failure?.code)).toEqual([
        'network_unreachable',
        'connect_refused',
      ])
      expect(failure?.code).toBe('connect_refused')
      expect(ours).toBe(false)
    })
  })
})

test('connect() leaves nothing open after a thousand attempts', async () => {
  await using server = await listenOn(createServer((peer) => void peer.end()))
  const before = process.getActiveResourcesInfo().filter((name) => name.startsWith('TCPSocket')).length
  const ctx = dialContext()
  for (let index = 0; index < 1_000; index++) {
    const { socket } = await connect(
      { host: 'a.test', port: server.port, addresses: V4 },
      { ...ctx, options: DEFAULT_OPTIONS },
    )
    if (!socket) throw new Error('not connected')
    socket.destroy()
    await once(socket, 'close')
  }
  ctx.deadline.close()
  for (const peer of server.sockets) peer.destroy()
  await turn()
  expect(
    process.getActiveResourcesInfo().filter((name) => name.startsWith('TCPSocket')).length,
  ).toBeLessThanOrEqual(before)
})
