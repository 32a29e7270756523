// The phase connect by way of a proxy, on real sockets: every kind of proxy, and every way in which it refuses.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { Socket } from 'node:net'
import { connect as tlsConnect, createServer as createTlsServer } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { type CheckOptions, DEFAULT_LIMITS } from '../../src/model/check-options.ts'
import type { Observation } from '../../src/model/observation.ts'
import type { ProbeContext } from '../../src/probe/context.ts'
import { PROXY_KEPT_BYTES } from '../../src/probe/proxy/conversation.ts'
import { parseProxyUrl } from '../../src/probe/proxy/proxy-url.ts'
import { connectThroughProxy, proxyFor } from '../../src/probe/steps/proxy.ts'
import type { Clock } from '../../src/util/clock.ts'
import { fakeClock } from '../fake-clock.ts'
import { issue } from '../world/certificates.ts'
import { dialContext } from '../world/dial-context.ts'
import { httpProxy, socksProxy } from '../world/proxy-server.ts'
import {
  listen,
  listenAndClose,
  listenOn,
  refusingPort,
  silentAddress,
  type TcpServer,
} from '../world/tcp-server.ts'

/** A context in which the names of the lab are in the hosts file. */
function labContext(options: Partial<CheckOptions> = {}, clock?: Clock): ProbeContext {
  const ctx = clock ? dialContext(options, clock) : dialContext(options)
  ctx.io = {
    ...ctx.io,
    readText: () => '127.0.0.1 proxy.test\n127.0.0.1 site.test\n::1 dual.test\n127.0.0.1 dual.test\n',
  }
  return ctx
}

async function through(proxy: string, url: string, ctx: ProbeContext = labContext()) {
  const reached = await connectThroughProxy(parseProxyUrl(proxy), new URL(url), ctx)
  ctx.deadline.close()
  return { ...reached, ctx }
}

function handshakes(ctx: ProbeContext): Observation[] {
  return ctx.recorder.observations.filter(({ operation }) => operation === 'proxy_handshake')
}

/** What the proxy said, as kept in the evidence. */
function rawOf(ctx: ProbeContext): string {
  return Buffer.from(String(handshakes(ctx)[0]?.output?.['raw']), 'base64').toString('latin1')
}

/** Says a word into the tunnel and gives back what comes first. */
async function echo(socket: Socket, word: string): Promise<string> {
  socket.write(word)
  const [bytes] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  return bytes.toString('latin1')
}

function echoServer(host?: string): Promise<TcpServer> {
  return listen((peer) => void peer.on('data', (bytes) => peer.write(`echo ${String(bytes)}`)), host)
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** No listeners but those that every socket of Node's is born with. */
function clean(socket: Socket): boolean {
  const born = new Socket()
  const names = ['error', 'close', 'end', 'readable', 'data', 'connect']
  return names.every((name) => socket.listenerCount(name) === born.listenerCount(name))
}

describe('connectThroughProxy() with an HTTP proxy', () => {
  test('opens a tunnel for https and leaves the socket clean', async () => {
    await using site = await echoServer()
    await using proxy = await httpProxy()
    const { socket, address, absoluteForm, failure, ctx } = await through(
      `http://proxy.test:${proxy.port}`,
      `https://127.0.0.1:${site.port}/`,
    )
    expect(failure).toBe(null)
    expect(absoluteForm).toBe(false)
    expect(address).toEqual({ ip: '127.0.0.1', port: proxy.port, family: 4 })
    expect(proxy.asked).toEqual([`CONNECT 127.0.0.1:${site.port}`])
    expect(proxy.fields[0]).toEqual(['Host', `127.0.0.1:${site.port}`, 'User-Agent', ctx.options.userAgent])
    if (!socket) throw new Error('no tunnel')
    expect(clean(socket)).toBe(true)
    expect(await echo(socket, 'hello')).toBe('echo hello')
    expect(ctx.recorder.observations.map(({ operation }) => operation)).toEqual([
      'resolve',
      'hosts_file',
      'connect',
      'proxy_handshake',
    ])
    expect(handshakes(ctx)[0]?.output).toMatchObject({ status: 200, reason: 'Connection established' })
    expect(rawOf(ctx)).toBe('HTTP/1.1 200 Connection established\r\n\r\n')
  })

  test('asks for the name, not for an address, and puts IPv6 in brackets', async () => {
    await using site = await echoServer()
    await using proxy = await httpProxy({ dial: site })
    for (const url of ['https://nowhere.invalid/', 'https://[2001:db8::1]:8443/']) {
      const { socket } = await through(`http://127.0.0.1:${proxy.port}`, url)
      socket?.destroy()
    }
    expect(proxy.asked).toEqual(['CONNECT nowhere.invalid:443', 'CONNECT [2001:db8::1]:8443'])
  })

  test('loses no byte that comes right behind the answer', async () => {
    await using site = await echoServer()
    await using proxy = await httpProxy({ early: 'early bytes' })
    const { socket } = await through(`http://127.0.0.1:${proxy.port}`, `https://127.0.0.1:${site.port}/`)
    if (!socket) throw new Error('no tunnel')
    const [bytes] = (await once(socket, 'data')) as [Buffer]
    expect(bytes.toString()).toBe('early bytes')
    expect(await echo(socket, 'x')).toBe('echo x')
  })

  test('carries TLS to the site inside', async () => {
    const { pem: cert, keyPem: key } = issue({ commonName: 'site.test', names: ['site.test'] })
    await using site = await listenOn(createTlsServer({ cert, key }, (peer) => void peer.end('secret')))
    for (const tls of [undefined, { key, cert }]) {
      await using proxy = await httpProxy({ dial: site, ...(tls ? { tls } : {}) })
      const ctx = labContext({ tls: { ...labContext().options.tls, verify: false } })
      const { socket, failure } = await through(
        `${tls ? 'https' : 'http'}://127.0.0.1:${proxy.port}`,
        'https://site.test/',
        ctx,
      )
      expect(failure).toBe(null)
      if (!socket) throw new Error('no tunnel')
      const inside = tlsConnect({ socket, servername: 'site.test', ca: cert })
      const [bytes] = (await once(inside, 'data')) as [Buffer]
      expect(bytes.toString()).toBe('secret')
      inside.destroy()
    }
  })

  test('sends credentials, and shows them nowhere', async () => {
    await using site = await echoServer()
    await using proxy = await httpProxy({ login: 'bob:s3cret' })
    const { socket, failure, ctx } = await through(
      `http://bob:s3cret@127.0.0.1:${proxy.port}`,
      `https://127.0.0.1:${site.port}/`,
    )
    expect(failure).toBe(null)
    socket?.destroy()
    const evidence = JSON.stringify(ctx.recorder.observations)
    expect(evidence).not.toContain('s3cret')
    expect(evidence).not.toContain(Buffer.from('bob:s3cret').toString('base64'))
    expect(handshakes(ctx)[0]?.input['request']).toContain('Proxy-Authorization: Basic ***')
  })

  test('needs no tunnel for http: the request goes in absolute form, with the credentials', async () => {
    await using site = await listenOn(createServer((_, answer) => void answer.end('from the site')))
    await using proxy = await httpProxy({ login: 'bob:pw' })
    const reached = await through(`http://bob:pw@127.0.0.1:${proxy.port}`, `http://127.0.0.1:${site.port}/a`)
    expect(reached).toMatchObject({ absoluteForm: true, proxyAuthorization: 'Basic Ym9iOnB3', failure: null })
    expect(handshakes(reached.ctx)).toEqual([])
    const { socket } = reached
    if (!socket) throw new Error('no socket')
    const target = `http://127.0.0.1:${site.port}/a`
    const said = await echo(
      socket,
      `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nProxy-Authorization: ${reached.proxyAuthorization}\r\n\r\n`,
    )
    expect(said).toMatch(/^HTTP\/1\.1 200 /)
    expect(proxy.asked).toEqual([`GET ${target}`])
  })

  test('tunnels for http too when something else is to be dialled', async () => {
    await using site = await echoServer()
    await using proxy = await httpProxy()
    const ctx = labContext({ connectTo: { ip: '127.0.0.1', port: site.port } })
    const { socket, absoluteForm } = await through(
      `http://127.0.0.1:${proxy.port}`,
      'http://nowhere.invalid/',
      ctx,
    )
    expect(absoluteForm).toBe(false)
    expect(proxy.asked).toEqual([`CONNECT 127.0.0.1:${site.port}`])
    socket?.destroy()
  })
})

describe('connectThroughProxy() refused by an HTTP proxy', () => {
  test('proxy_auth_required names the schemes and keeps the whole answer', async () => {
    await using proxy = await httpProxy({ login: 'bob:pw' })
    for (const credentials of ['', 'bob:wrong@']) {
      const { socket, failure, ctx } = await through(
        `http://${credentials}127.0.0.1:${proxy.port}`,
        'https://site.test/',
      )
      expect(socket).toBe(null)
      expect(failure).toEqual({
        phase: 'connect',
        code: 'proxy_auth_required',
        number: '008',
        raw: '407 Proxy Authentication Required; Proxy-Authenticate: Basic, Negotiate',
      })
      expect(handshakes(ctx)[0]?.failure).toEqual(failure)
      expect(rawOf(ctx)).toContain('<h1>The lab proxy refuses</h1>')
    }
  })

  test('proxy_denied with what the proxy gives as reason', async () => {
    await using proxy = await httpProxy({ deny: ['site.test:443'] })
    const { failure, ctx } = await through(`http://127.0.0.1:${proxy.port}`, 'https://site.test/')
    expect(failure).toMatchObject({
      phase: 'connect',
      code: 'proxy_denied',
      number: '008',
      raw: '403 Forbidden; X-Squid-Error: ERR_ACCESS_DENIED 0',
    })
    expect(handshakes(ctx)[0]?.output).toMatchObject({
      status: 403,
      fields: expect.arrayContaining([['Connection', 'close']]),
    })
  })

  test('proxy_failed when the proxy cannot reach the site', async () => {
    await using proxy = await httpProxy()
    const { failure } = await through(
      `http://127.0.0.1:${proxy.port}`,
      `https://127.0.0.1:${await refusingPort()}/`,
    )
    expect(failure).toMatchObject({ phase: 'connect', code: 'proxy_failed', number: '008' })
    expect(failure?.raw).toBe('503 Service Unavailable; X-Squid-Error: ERR_CONNECT_FAIL -111')
  })

  test.each([
    ['close', 'the proxy closed the connection before its answer to CONNECT'],
    ['reset', 'the proxy reset the connection before its answer to CONNECT (read ECONNRESET)'],
    [
      { says: 'HTTP/1.1 200 OK\r\nA: b', ending: 'close' },
      "the proxy's answer to CONNECT: connection closed within the head",
    ],
    [{ says: 'SSH-2.0-OpenSSH_9.2\r\n', ending: 'close' }, "the proxy's answer to CONNECT: "],
    [{ says: 'HTTP/1.1 20x OK\r\n\r\n' }, "the proxy's answer to CONNECT: "],
    [{ says: 'HTTP/1.1 200 OK\r\nno colon\r\n\r\n' }, "the proxy's answer to CONNECT: "],
    [
      { says: `HTTP/1.1 200 OK\r\nA: ${'x'.repeat(70_000)}` },
      "the proxy's answer to CONNECT: the head is longer than 65536",
    ],
    [
      { says: 'HTTP/1.1 502 Bad Gateway\r\nContent-Length: 100\r\n\r\ncut', ending: 'close' },
      '502 Bad Gateway',
    ],
    [{ says: 'HTTP/1.1 101 Switching Protocols\r\n\r\n' }, '101 Switching Protocols'],
  ] as const)('proxy_failed: %j', async (fault, raw) => {
    await using proxy = await httpProxy({ fault })
    const { socket, failure, ctx } = await through(`http://127.0.0.1:${proxy.port}`, 'https://site.test/')
    expect(socket).toBe(null)
    expect(failure).toMatchObject({ phase: 'connect', code: 'proxy_failed', number: '008' })
    expect(failure?.raw).toContain(raw)
    const said = typeof fault === 'object' ? fault.says : ''
    expect(rawOf(ctx)).toBe(said.slice(0, PROXY_KEPT_BYTES))
  })

  test('the status of a refusal counts even when its page never ends', async () => {
    const page = `HTTP/1.1 403 Forbidden\r\n\r\n${'x'.repeat(2 * PROXY_KEPT_BYTES)}`
    await using proxy = await httpProxy({ fault: { says: page } })
    const { failure, ctx } = await through(`http://127.0.0.1:${proxy.port}`, 'https://site.test/')
    expect(failure).toMatchObject({ code: 'proxy_denied', raw: '403 Forbidden' })
    expect(rawOf(ctx)).toBe(page.slice(0, PROXY_KEPT_BYTES))
  })

  test('proxy_failed with the bytes at fault', async () => {
    await using proxy = await httpProxy({ fault: { says: 'SSH-2.0-OpenSSH_9.2\r\n', ending: 'close' } })
    const { failure } = await through(`http://127.0.0.1:${proxy.port}`, 'https://site.test/')
    expect(failure?.at).toMatchObject({ offset: 0, hex: expect.stringMatching(/^5353482d/) })
  })

  test('proxy_failed when no answer comes in time, by the deadline and by connectMs', async () => {
    for (const connectMs of [null, 2_000]) {
      await using proxy = await httpProxy({ fault: 'silent' })
      const clock = fakeClock()
      const ctx = labContext({ connectMs }, clock)
      const pending = through(`http://127.0.0.1:${proxy.port}`, 'https://site.test/', ctx)
      while (proxy.asked.length === 0) await turn()
      const ms = connectMs ?? DEFAULT_LIMITS.totalMs
      clock.advance(ms)
      const { failure } = await pending
      expect(failure).toMatchObject({
        code: 'proxy_failed',
        raw: `the proxy gave no answer to CONNECT within ${ms} ms`,
      })
      expect(handshakes(ctx)[0]?.endMs).toBe(ms)
      expect(clock.pending()).toBe(0)
    }
  })

  test('cancelled and local_limit are ours', async () => {
    for (const [reason, code] of [
      ['cancelled', 'cancelled'],
      ['loop_late', 'local_limit'],
    ] as const) {
      await using proxy = await httpProxy({ fault: 'silent' })
      const ctx = labContext()
      const pending = through(`http://127.0.0.1:${proxy.port}`, 'https://site.test/', ctx)
      while (proxy.asked.length === 0) await turn()
      ctx.deadline.stop(reason)
      expect((await pending).failure).toMatchObject({ phase: 'connect', code })
    }
  })
})

describe('connectThroughProxy() that does not reach the proxy', () => {
  test('proxy_refused, while the attempt keeps its own code', async () => {
    const port = await refusingPort()
    for (const url of ['https://site.test/', 'http://site.test/']) {
      for (const scheme of ['http', 'https', 'socks5h']) {
        const { failure, ctx } = await through(`${scheme}://127.0.0.1:${port}`, url)
        expect(failure).toMatchObject({
          phase: 'connect',
          code: 'proxy_refused',
          number: '008',
          raw: `${scheme}://127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}`,
        })
        const attempt = ctx.recorder.observations.find(({ operation }) => operation === 'connect')
        expect(attempt).toMatchObject({ input: { proxy: true }, failure: { code: 'connect_refused' } })
      }
    }
  })

  test('proxy_refused when it does not answer', async () => {
    await using silent = await silentAddress()
    const clock = fakeClock()
    const ctx = labContext({ connectMs: 1_000 }, clock)
    const pending = through(`http://127.0.0.1:${silent.port}`, 'https://site.test/', ctx)
    while (clock.pending() < 2) await turn()
    clock.advance(1_000)
    expect((await pending).failure).toMatchObject({
      code: 'proxy_refused',
      raw: `http://127.0.0.1:${silent.port}: no result after 1000 ms`,
    })
  })

  test('proxy_refused when its name has no address', async () => {
    const ctx = labContext({ family: 6 })
    const { failure } = await through('http://127.0.0.1:1', 'https://site.test/', ctx)
    expect(failure).toMatchObject({ phase: 'connect', code: 'proxy_refused' })
    expect(failure?.raw).toContain('dns_no_address')
  })

  test('cancelled stays cancelled', async () => {
    const ctx = labContext()
    ctx.deadline.stop('cancelled')
    expect((await through('http://127.0.0.1:1', 'https://site.test/', ctx)).failure).toMatchObject({
      phase: 'connect',
      code: 'cancelled',
    })
  })

  test('proxy_refused when TLS with an https proxy fails', async () => {
    const { pem: cert, keyPem: key } = issue({ commonName: 'other.test', names: ['other.test'] })
    await using untrusted = await httpProxy({ tls: { key, cert } })
    await using plain = await httpProxy()
    await using closing = await listenAndClose()
    const ca = { ...labContext().options.tls, ca: cert }
    const rows = [
      [untrusted.port, labContext(), /DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED/],
      [untrusted.port, labContext({ tls: ca }), /ERR_TLS_CERT_ALTNAME_INVALID/],
      [plain.port, labContext(), /ERR_SSL|wrong version|EPROTO/i],
      [closing.port, labContext(), /ECONNRESET|closed/],
    ] as const
    for (const [port, ctx, says] of rows) {
      const { failure } = await through(`https://proxy.test:${port}`, 'https://site.test/', ctx)
      expect(failure).toMatchObject({ phase: 'connect', code: 'proxy_refused' })
      expect(failure?.raw).toMatch(/^TLS with the proxy failed: /)
      expect(failure?.raw).toMatch(says)
      const shaken = ctx.recorder.observations.find(({ operation }) => operation === 'tls_handshake')
      expect(shaken?.failure).toEqual(failure)
    }
  })

  test('proxy_refused when an https proxy says nothing', async () => {
    await using mute = await listen()
    const clock = fakeClock()
    const ctx = labContext({}, clock)
    const pending = through(`https://127.0.0.1:${mute.port}`, 'https://site.test/', ctx)
    while (mute.sockets.length === 0) await turn()
    while (!ctx.recorder.observations.some(({ operation }) => operation === 'tls_handshake')) await turn()
    clock.advance(DEFAULT_LIMITS.totalMs)
    expect((await pending).failure).toMatchObject({
      code: 'proxy_refused',
      raw: 'TLS with the proxy failed: no result after 20000 ms',
    })
  })

  test('an https proxy that is trusted is a proxy like any other', async () => {
    const { pem: cert, keyPem: key } = issue({ commonName: 'proxy.test', names: ['proxy.test'] })
    await using site = await echoServer()
    await using proxy = await httpProxy({ tls: { key, cert }, early: 'early' })
    const ctx = labContext({ tls: { ...labContext().options.tls, ca: cert } })
    const { socket, failure } = await through(
      `https://proxy.test:${proxy.port}`,
      `https://127.0.0.1:${site.port}/`,
      ctx,
    )
    expect(failure).toBe(null)
    if (!socket) throw new Error('no tunnel')
    expect(await echo(socket, 'x')).toMatch(/^early/)
    const shaken = ctx.recorder.observations.find(({ operation }) => operation === 'tls_handshake')
    expect(shaken?.output).toMatchObject({ version: 'TLSv1.3', verified: true, problem: null })
  })
})

describe('connectThroughProxy() with a SOCKS5 proxy', () => {
  test('socks5h leaves the name to the proxy, for http and https', async () => {
    await using site = await echoServer()
    await using proxy = await socksProxy({ dial: site })
    for (const url of ['https://nowhere.invalid/', 'http://nowhere.invalid:8080/']) {
      const { socket, failure, absoluteForm, ctx } = await through(`socks5h://127.0.0.1:${proxy.port}`, url)
      expect(failure).toBe(null)
      expect(absoluteForm).toBe(false)
      if (!socket) throw new Error('no connection')
      expect(clean(socket)).toBe(true)
      expect(await echo(socket, 'hi')).toBe('echo hi')
      expect(handshakes(ctx)[0]?.output).toMatchObject({
        method: 0,
        reply: 0,
        bound: { host: 'lab', port: 8080 },
      })
    }
    expect(proxy.asked).toEqual(['SOCKS5 nowhere.invalid:443', 'SOCKS5 nowhere.invalid:8080'])
  })

  test('socks5 resolves here and sends the address', async () => {
    await using site = await echoServer()
    await using proxy = await socksProxy()
    const { socket, ctx } = await through(
      `socks5://127.0.0.1:${proxy.port}`,
      `https://site.test:${site.port}/`,
    )
    expect(proxy.asked).toEqual([`SOCKS5 127.0.0.1:${site.port}`])
    expect(
      ctx.recorder.observations.map(({ operation }) => operation).filter((name) => name === 'resolve'),
    ).toHaveLength(2)
    socket?.destroy()
  })

  test('socks5 tries the next address when the proxy cannot reach the first', async () => {
    await using site = await echoServer()
    await using proxy = await socksProxy({ replies: { '::1': 4 } })
    const { socket, failure, ctx } = await through(
      `socks5://127.0.0.1:${proxy.port}`,
      `http://dual.test:${site.port}/`,
    )
    expect(failure).toBe(null)
    expect(proxy.asked).toEqual([`SOCKS5 ::1:${site.port}`, `SOCKS5 127.0.0.1:${site.port}`])
    expect(handshakes(ctx).map((seen) => seen.failure?.raw ?? 'connected')).toEqual([
      'SOCKS5 reply 4: host unreachable',
      'connected',
    ])
    socket?.destroy()
  })

  test('and tells all replies when none is reached', async () => {
    await using proxy = await socksProxy({ replies: { '::1': 4, '127.0.0.1': 5 } })
    const { failure } = await through(`socks5://127.0.0.1:${proxy.port}`, 'http://dual.test/')
    expect(failure).toMatchObject({
      code: 'proxy_failed',
      raw: '[::1]:80 SOCKS5 reply 4: host unreachable; 127.0.0.1:80 SOCKS5 reply 5: connection refused',
    })
  })

  test('a name that cannot be resolved here is a failure of resolving, not of the proxy', async () => {
    await using proxy = await socksProxy()
    const ctx = labContext({ family: 6 })
    const { failure } = await through(`socks5://127.0.0.1:${proxy.port}`, 'http://127.0.0.1/', ctx)
    expect(failure).toMatchObject({ code: 'proxy_refused' })
    const other = labContext({ resolvers: [{ ip: '127.0.0.1', port: await refusingPort() }] })
    const unresolved = await through(`socks5://127.0.0.1:${proxy.port}`, 'http://nowhere.invalid/', other)
    expect(unresolved.failure).toMatchObject({ phase: 'resolve' })
    expect(proxy.asked).toEqual([])
  })

  test('logs in', async () => {
    await using site = await echoServer()
    await using proxy = await socksProxy({ login: 'bob:s3cret', dial: site })
    const { socket, failure, ctx } = await through(
      `socks5h://bob:s3cret@127.0.0.1:${proxy.port}`,
      'http://a.test/',
    )
    expect(failure).toBe(null)
    expect(handshakes(ctx)[0]?.output).toMatchObject({ method: 2 })
    expect(JSON.stringify(ctx.recorder.observations)).not.toContain('s3cret')
    if (!socket) throw new Error('no connection')
    expect(await echo(socket, 'hi')).toBe('echo hi')
  })

  test.each([
    ['', 'the proxy accepts no connection without a login (SOCKS5)'],
    ['bob:wrong@', 'the proxy refuses user and password (SOCKS5)'],
  ])('proxy_auth_required with credentials "%s"', async (credentials, raw) => {
    await using proxy = await socksProxy({ login: 'bob:pw' })
    const { socket, failure } = await through(
      `socks5h://${credentials}127.0.0.1:${proxy.port}`,
      'http://a.test/',
    )
    expect(socket).toBe(null)
    expect(failure).toEqual({ phase: 'connect', code: 'proxy_auth_required', number: '008', raw })
  })

  test.each([
    [1, 'proxy_failed', 'general SOCKS server failure'],
    [2, 'proxy_denied', 'connection not allowed by ruleset'],
    [3, 'proxy_failed', 'network unreachable'],
    [4, 'proxy_failed', 'host unreachable'],
    [5, 'proxy_failed', 'connection refused'],
    [6, 'proxy_failed', 'TTL expired'],
    [7, 'proxy_failed', 'command not supported'],
    [8, 'proxy_failed', 'address type not supported'],
    [99, 'proxy_failed', 'reply code 99'],
  ])('reply %i is %s', async (reply, code, says) => {
    await using proxy = await socksProxy({ reply })
    const { failure, ctx } = await through(`socks5h://127.0.0.1:${proxy.port}`, 'http://a.test/')
    expect(failure).toEqual({ phase: 'connect', code, number: '008', raw: `SOCKS5 reply ${reply}: ${says}` })
    expect(handshakes(ctx)[0]?.output).toMatchObject({ reply, says })
  })

  test.each([
    [{ closes: 'greeting' }, 'the proxy closed the connection before its choice of a login method'],
    [{ resets: 'greeting' }, 'the proxy reset the connection before its choice of a login method'],
    [{ closes: 'request' }, 'the proxy closed the connection before its reply to the SOCKS5 request'],
    [{ resets: 'request' }, 'the proxy reset the connection before its reply to the SOCKS5 request'],
    [
      { closes: 'password', login: 'u:p' },
      'the proxy closed the connection before its answer to user and password',
    ],
    [{ says: { greeting: '0505' } }, 'login method 5, which was not offered'],
    [{ says: { greeting: '0502' } }, 'wants user and password'],
    [{ says: { greeting: '0401' } }, 'does not speak SOCKS5'],
    [{ says: { request: '0500000700' } }, 'unknown address type 7'],
    [{ says: { request: '0000000100000000' } }, 'does not speak SOCKS5'],
    [{ says: { request: '05040001000000000000' } }, 'SOCKS5 reply 4: host unreachable'],
  ] as const)('fault %j', async (rules, says) => {
    await using proxy = await socksProxy(rules)
    const login = 'login' in rules ? 'u:p@' : ''
    const { socket, failure } = await through(`socks5h://${login}127.0.0.1:${proxy.port}`, 'http://a.test/')
    expect(socket).toBe(null)
    expect(failure).toMatchObject({ phase: 'connect', number: '008' })
    expect(failure?.code).toBe(says.startsWith('wants') ? 'proxy_auth_required' : 'proxy_failed')
    expect(failure?.raw).toContain(says)
  })

  test('names what an HTTP proxy says to SOCKS', async () => {
    await using proxy = await listen(
      (peer) => void peer.once('data', () => peer.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    )
    const { failure, ctx } = await through(`socks5h://127.0.0.1:${proxy.port}`, 'http://a.test/')
    expect(failure).toMatchObject({
      code: 'proxy_failed',
      raw: 'the proxy does not speak SOCKS5 but HTTP; it said "HTTP/1.1 400 Bad Request...."',
    })
    expect(failure?.at?.hex).toMatch(/^485454502f/)
    expect(rawOf(ctx)).toBe('HTTP/1.1 400 Bad Request\r\n\r\n')
  })

  test('a refusal counts although the rest of the reply never comes', async () => {
    await using proxy = await listen((peer) => {
      peer.once('data', () => {
        peer.write(Buffer.from([5, 0]))
        peer.once('data', () => peer.end(Buffer.from([5, 2])))
      })
    })
    const { failure } = await through(`socks5h://127.0.0.1:${proxy.port}`, 'http://a.test/')
    expect(failure).toMatchObject({ code: 'proxy_denied' })
  })

  test('reads its messages byte by byte, and loses nothing behind them', async () => {
    const answers = [
      [5, 0],
      [5, 0, 0, 4, ...new Array<number>(16).fill(0), 0, 80, ...Buffer.from('220 hi')],
    ]
    await using proxy = await listen((peer) => {
      peer.setNoDelay(true)
      peer.on('data', () => {
        const bytes = answers.shift() ?? []
        const next = (): void => {
          const byte = bytes.shift()
          if (byte !== undefined) peer.write(Buffer.of(byte), () => setImmediate(next))
        }
        next()
      })
    })
    const { socket, failure } = await through(`socks5h://127.0.0.1:${proxy.port}`, 'http://a.test/')
    expect(failure).toBe(null)
    if (!socket) throw new Error('no connection')
    let text = ''
    for await (const bytes of socket) {
      text += bytes
      if (text.length === 6) break
    }
    expect(text).toBe('220 hi')
  })

  test('proxy_failed when it says nothing', async () => {
    await using proxy = await listen()
    const clock = fakeClock()
    const ctx = labContext({}, clock)
    const pending = through(`socks5h://127.0.0.1:${proxy.port}`, 'http://a.test/', ctx)
    while (handshakes(ctx).length === 0) await turn()
    clock.advance(DEFAULT_LIMITS.totalMs)
    expect((await pending).failure).toMatchObject({
      code: 'proxy_failed',
      raw: 'the proxy gave no choice of a login method within 20000 ms',
    })
  })
})

describe('connectThroughProxy() and the address policy', () => {
  const addressPolicy = { allow: [], deny: ['127.0.0.0/8'] }

  test.each([
    ['http', 'https://127.0.0.1/'],
    ['http', 'http://127.0.0.1/'],
    ['socks5h', 'http://127.0.0.1/'],
    ['socks5', 'http://site.test/'],
  ])('address_forbidden by %s to %s, without a word to the proxy', async (scheme, url) => {
    await using proxy = await listen()
    const ctx = labContext({ addressPolicy })
    const { failure } = await through(`${scheme}://127.0.0.1:${proxy.port}`, url, ctx)
    expect(failure).toMatchObject({
      phase: 'connect',
      code: 'address_forbidden',
      raw: '127.0.0.1 is in the denied network 127.0.0.0/8',
    })
    expect(handshakes(ctx)[0]?.failure).toEqual(failure)
    await turn()
    expect(proxy.sockets).toHaveLength(0)
  })

  test('the proxy itself may stand where targets may not, and allowed addresses of a name go through', async () => {
    await using site = await echoServer('::1')
    await using proxy = await socksProxy()
    const ctx = labContext({ addressPolicy })
    const { socket, failure } = await through(
      `socks5://127.0.0.1:${proxy.port}`,
      `http://dual.test:${site.port}/`,
      ctx,
    )
    expect(failure).toBe(null)
    expect(proxy.asked).toEqual([`SOCKS5 ::1:${site.port}`])
    socket?.destroy()
  })
})

describe('proxyFor()', () => {
  const settings = { http: 'http://a:1', https: 'socks5h://b:2', bypass: ['.internal.test'] }

  test('goes by the scheme of the target', () => {
    expect(proxyFor(new URL('http://x.test/'), settings)?.shown).toBe('http://a:1')
    expect(proxyFor(new URL('https://x.test/'), settings)?.shown).toBe('socks5h://b:2')
    expect(proxyFor(new URL('https://x.test/'), { ...settings, https: null })).toBe(null)
  })

  test('leaves out what is to be reached directly', () => {
    expect(proxyFor(new URL('http://a.internal.test/'), settings)).toBe(null)
  })
})
