// What a check writes down besides its verdict: times, bytes, hops, cookies, credentials, both versions of HTTP.
import { createServer as createHttp2, createSecureServer, constants } from 'node:http2'
import { describe, expect, it } from 'vitest'
import { check } from '../../src/engine/check.ts'
import { type CheckOptions, DEFAULT_LIMITS, DEFAULT_OPTIONS } from '../../src/model/check-options.ts'
import { WhydownError } from '../../src/model/error.ts'
import type { CheckResult } from '../../src/model/result.ts'
import { systemIo } from '../../src/probe/io.ts'
import { issue, makeAuthority } from '../world/certificates.ts'
import { a, aaaa, startDnsServer, zone } from '../world/dns-server.ts'
import { httpServer, ok, redirect } from '../world/http-server.ts'
import { timeOutDuring } from '../world/steer.ts'
import { listen, listenOn, refusingPort } from '../world/tcp-server.ts'
import { startTls } from '../world/tls-server.ts'

const { root, intermediate } = makeAuthority('Shop')
const LEAF = issue({ commonName: 'shop' }, intermediate)
const TRUSTED: Partial<CheckOptions> = { family: 4, tls: { ...DEFAULT_OPTIONS.tls, ca: root.pem } }
const KEY = { key: LEAF.keyPem, cert: LEAF.pem + intermediate.pem }

const lastOf = <Item>(items: Item[]): Item => {
  const last = items.at(-1)
  if (last === undefined) throw new Error('there is none')
  return last
}

function fieldsOf(request: string | undefined): string[] {
  return (request ?? '').split('\r\n').slice(1, -2)
}

describe('times', () => {
  it('keep every phase that happened, and null where none was reached', async () => {
    await using server = await httpServer(ok())
    const { exchanges, durationMs } = await check(server.url)
    const { timings } = lastOf(exchanges)
    expect(timings.tls).toBeNull()
    for (const phase of ['resolve', 'connect', 'send', 'wait', 'receive'] as const) {
      expect(timings[phase]).toBeGreaterThanOrEqual(0)
      expect(timings[phase]).toBeLessThanOrEqual(durationMs)
    }
  })

  it('say of the open phase how long it was open', async () => {
    await using server = await listen((socket) => void socket.resume())
    const { io } = timeOutDuring('wait')
    const result = await check(`http://127.0.0.1:${server.port}/`, {}, io)
    expect(lastOf(result.exchanges).timings).toMatchObject({ send: 0, wait: 20_000, receive: null })
    expect(result.failure?.raw).toBe('no result after 20000 ms')
    expect(lastOf(result.observations)).toMatchObject({ operation: 'wait', startMs: 0, endMs: 20_000 })
  })

  it('blame a loop of ours that slept, not the peer', async () => {
    await using server = await listen((socket) => void socket.resume())
    const { io, clock } = timeOutDuring('wait', 0)
    clock.setTimer(() => clock.jump(5_000), 0)
    const result = await check(
      `http://127.0.0.1:${server.port}/`,
      { limits: { ...DEFAULT_LIMITS, totalMs: 0 } },
      io,
    )
    expect(result).toMatchObject({ outcome: 'unknown', failure: { code: 'local_limit', phase: 'wait' } })
  })

  it('leave no timer behind', async () => {
    await using server = await httpServer(ok())
    const { io, clock } = timeOutDuring('expect', 0)
    await check(server.url, {}, io)
    expect(clock.pending()).toBe(0)
  })
})

describe('evidence', () => {
  it('keeps the bytes of a failed answer as they came', async () => {
    const bytes =
      'HTTP/1.1 502 Bad Gateway\r\nsErVeR:  nginx \r\nX-A: 1\r\nX-A: 2\r\nContent-Length: 3\r\n\r\nbad'
    await using server = await httpServer(bytes)
    const { exchanges } = await check(server.url)
    const { response } = lastOf(exchanges)
    expect(Buffer.from(response?.raw ?? '', 'base64').toString('latin1')).toBe(bytes)
    expect(response?.fields).toEqual([
      ['sErVeR', 'nginx'],
      ['X-A', '1'],
      ['X-A', '2'],
      ['Content-Length', '3'],
    ])
    expect(response).toMatchObject({
      version: '1.1',
      status: 502,
      reason: 'Bad Gateway',
      bodyBytes: 3,
      bodyTruncated: false,
    })
  })

  it('keeps the bytes of a good answer only when asked', async () => {
    await using server = await httpServer(ok())
    expect(lastOf((await check(server.url)).exchanges).response?.raw).toBeNull()
    const asked = lastOf((await check(server.url, { keepRaw: true })).exchanges).response
    expect(Buffer.from(asked?.raw ?? '', 'base64').toString()).toBe(ok())
  })

  it('keeps what came instead of a response', async () => {
    await using server = await httpServer('SSH-2.0-OpenSSH_9.2p1\r\n')
    const { exchanges, failure } = await check(server.url)
    expect(lastOf(exchanges).response).toBeNull()
    expect(Buffer.from(lastOf(exchanges).unparsed ?? '', 'base64').toString()).toBe(
      'SSH-2.0-OpenSSH_9.2p1\r\n',
    )
    expect(failure).toMatchObject({
      at: { offset: 0, hex: Buffer.from('SSH-2.0-OpenSSH_9.2p1\r\n').toString('hex') },
    })
  })

  it('bounds what it keeps and says so', async () => {
    await using server = await httpServer({
      bytes: `HTTP/1.1 500 No\r\nContent-Length: 100000\r\n\r\n${'x'.repeat(100_000)}`,
    })
    const { response } = lastOf((await check(server.url)).exchanges)
    expect(response?.bodyBytes).toBe(100_000)
    expect(response?.bodyTruncated).toBe(true)
    expect(Buffer.from(response?.raw ?? '', 'base64')).toHaveLength(DEFAULT_LIMITS.keptBytes)
  })

  it('stops reading at the bound on bodies without calling the site down', async () => {
    await using server = await httpServer(ok('x'.repeat(5_000)))
    const result = await check(server.url, { limits: { ...DEFAULT_LIMITS, bodyBytes: 1_000 } })
    expect(result.outcome).toBe('up')
    expect(lastOf(result.exchanges).response).toMatchObject({ bodyBytes: 1_000 })
  })

  it('notes what it tolerated', async () => {
    await using server = await httpServer('HTTP/1.1 200 OK\nContent-Length: 2\n\nhi')
    const { outcome, observations } = await check(server.url)
    expect(outcome).toBe('up')
    expect(observations.find((seen) => seen.operation === 'receive')?.notes?.join()).toMatch(/LF/)
  })

  it('numbers observations and names those of each exchange', async () => {
    await using server = await httpServer((_request, count) => ({
      bytes: count === 1 ? redirect('/b') : ok(),
    }))
    const { exchanges, observations } = await check(server.url)
    expect(observations.map(({ id }) => id)).toEqual(observations.map((_, index) => `o${index + 1}`))
    expect(exchanges).toHaveLength(2)
    expect(['o1', ...exchanges.flatMap((exchange) => exchange.observations)]).toEqual(
      observations.map(({ id }) => id),
    )
  })

  it('hides secrets everywhere', async () => {
    await using server = await httpServer('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n')
    const url = server.url.replace('http://', 'http://ann:s3cret@')
    const result = await check(url, {
      fields: [
        ['X-Api-Key', 'k3y'],
        ['Cookie', 'session=c00kie'],
      ],
    })
    expect(server.requests[0]).toContain(
      `Authorization: Basic ${Buffer.from('ann:s3cret').toString('base64')}`,
    )
    expect(server.requests[0]).toContain('X-Api-Key: k3y')
    const text = JSON.stringify(result)
    for (const secret of ['s3cret', 'k3y', 'c00kie', Buffer.from('ann:s3cret').toString('base64')]) {
      expect(text).not.toContain(secret)
    }
    expect(result.url).toBe(server.url)
  })

  it('asks for what a visitor asks for, by our own name', async () => {
    await using server = await httpServer(ok())
    await check(server.url)
    const { port } = server
    expect(server.requests[0]?.split('\r\n')[0]).toBe('GET / HTTP/1.1')
    expect(fieldsOf(server.requests[0])).toEqual([
      `Host: 127.0.0.1:${port}`,
      `User-Agent: ${DEFAULT_OPTIONS.userAgent}`,
      'Accept: */*',
      'Accept-Encoding: gzip, deflate, br, zstd',
      'Connection: close',
    ])
  })

  it('sends own fields in place of ours, repeats included, and a body with its length', async () => {
    await using server = await httpServer(ok())
    await check(server.url, {
      method: 'POST',
      body: Buffer.from('{}'),
      bearer: 't0ken',
      fields: [
        ['accept', 'application/json'],
        ['X-A', '1'],
        ['X-A', '2'],
      ],
    })
    const fields = fieldsOf(server.requests[0])
    expect(fields).toContain('accept: application/json')
    expect(fields.filter((line) => line.startsWith('X-A'))).toEqual(['X-A: 1', 'X-A: 2'])
    expect(fields).toContain('Content-Length: 2')
    expect(fields).toContain('Authorization: Bearer t0ken')
    expect(fields.filter((line) => /^accept:/i.test(line))).toHaveLength(1)
    expect(server.requests[0]?.endsWith('\r\n\r\n{}')).toBe(true)
  })

  it('throws for options that cannot be sent', async () => {
    await using server = await httpServer(ok())
    await expect(check(server.url, { fields: [['X-A', 'a\r\nb']] })).rejects.toBeInstanceOf(WhydownError)
    await expect(check(server.url, { method: 'GET IT' })).rejects.toBeInstanceOf(WhydownError)
  })
})

describe('a name without a scheme', () => {
  it('is https first, then http', async () => {
    await using server = await listen((socket) => {
      socket.once('data', (bytes) => socket.end(bytes[0] === 0x16 ? 'HTTP/1.1 400 Bad\r\n\r\n' : ok()))
    })
    const result = await check(`127.0.0.1:${server.port}`)
    expect(result.outcome).toBe('up')
    expect(result.exchanges.map(({ url }) => new URL(url).protocol)).toEqual(['https:', 'http:'])
    expect(result.exchanges[0]?.failure?.code).toBe('tls_not_spoken')
  })

  it('that refuses both is told once, with both looks kept', async () => {
    const port = await refusingPort()
    const result = await check(`127.0.0.1:${port}`)
    expect(result).toMatchObject({ outcome: 'down', failure: { code: 'connect_refused' } })
    expect(result.exchanges).toHaveLength(2)
  })

  it('stays https when TLS is spoken and the certificate is bad', async () => {
    const server = await startTls({ chain: [issue({ commonName: 'box' })] })
    try {
      const result = await check(`localhost:${server.port}`, TRUSTED)
      expect(result.failure?.code).toBe('certificate_self_signed')
      expect(result.exchanges).toHaveLength(1)
    } finally {
      await server.stop()
    }
  })
})

describe('redirects', () => {
  const methods: [status: number, method: string, then: string, body: boolean][] = [
    [301, 'POST', 'GET', false],
    [302, 'POST', 'GET', false],
    [303, 'POST', 'GET', false],
    [303, 'HEAD', 'HEAD', false],
    [307, 'POST', 'POST', true],
    [308, 'POST', 'POST', true],
    [301, 'PUT', 'PUT', true],
  ]
  for (const [status, method, then, keeps] of methods) {
    it(`${status} turns ${method} into ${then}`, async () => {
      await using server = await httpServer((_request, count) => ({
        bytes: count === 1 ? redirect('/next', status) : 'HTTP/1.1 204 No Content\r\n\r\n',
      }))
      const body = method === 'HEAD' ? null : Buffer.from('data')
      const result = await check(server.url, { method, body, fields: [['Content-Type', 'text/plain']] })
      expect(result.outcome).toBe('up')
      const second = server.requests[1] ?? ''
      expect(second.startsWith(`${then} /next `)).toBe(true)
      expect(second.endsWith('data')).toBe(keeps)
      expect(/content-type/i.test(second)).toBe(keeps || method === 'HEAD')
    })
  }

  it('do not carry credentials to another origin, and do within one', async () => {
    await using other = await httpServer(ok())
    await using server = await httpServer((_request, count) => ({
      bytes: count === 1 ? redirect('/inside') : redirect(other.url),
    }))
    const result = await check(server.url, {
      basic: { user: 'ann', password: 'secret' },
      fields: [
        ['Cookie', 'a=1'],
        ['X-Own', 'stays'],
      ],
    })
    expect(result.outcome).toBe('up')
    expect(server.requests[1]).toMatch(/Authorization: Basic/)
    expect(other.requests[0]).not.toMatch(/Authorization|Cookie/i)
    expect(other.requests[0]).toContain('X-Own: stays')
  })

  it('that wait for their cookie are no loop', async () => {
    await using server = await httpServer((request) => ({
      bytes: /cookie: seen=1/i.test(request)
        ? ok()
        : 'HTTP/1.1 302 Found\r\nLocation: /\r\nSet-Cookie: seen=1; Path=/\r\nContent-Length: 0\r\n\r\n',
    }))
    const result = await check(server.url)
    expect(result.outcome).toBe('up')
    expect(result.exchanges).toHaveLength(2)
  })

  it('are answers like others when none is to be followed', async () => {
    await using server = await httpServer(redirect('/next'))
    const options = { limits: { ...DEFAULT_LIMITS, redirects: 0 } }
    expect((await check(server.url, options)).outcome).toBe('up')
    const strict = {
      ...options,
      expect: { ...DEFAULT_OPTIONS.expect, status: [[200, 299] as [number, number]] },
    }
    expect((await check(server.url, strict)).failure).toMatchObject({
      code: 'status_unaccepted',
      number: '302',
    })
  })

  it('walk a full cycle each, and the failing hop is the one that is told', async () => {
    const port = await refusingPort()
    await using server = await httpServer(redirect(`http://127.0.0.1:${port}/gone`))
    const result = await check(server.url)
    expect(result.failure?.code).toBe('connect_refused')
    expect(result.exchanges.map(({ failure }) => failure?.code ?? null)).toEqual([null, 'connect_refused'])
    expect(result.exchanges[0]?.response?.status).toBe(302)
  })

  it('are held against the address policy like the first address', async () => {
    await using inner = await httpServer(ok(), '127.0.0.2')
    await using server = await httpServer(redirect(inner.url))
    const result = await check(server.url, { addressPolicy: { allow: [], deny: ['127.0.0.2/32'] } })
    expect(result).toMatchObject({ outcome: 'unknown', failure: { code: 'address_forbidden' } })
    expect(inner.sockets).toHaveLength(0)
  })
})

describe('addresses', () => {
  it('one dead of two is degraded, and every attempt is written down', async () => {
    await using server = await httpServer(ok())
    const dns = await startDnsServer(zone({ 'shop.test': [aaaa('::1'), a('127.0.0.1')] }))
    try {
      const result = await check(
        `http://shop.test:${server.port}/`,
        { resolvers: [{ ip: dns.ip, port: dns.port }] },
        { ...systemIo, readText: () => null },
      )
      expect(result).toMatchObject({ outcome: 'degraded', failure: { code: 'connect_refused' } })
      const attempts = result.observations.filter((seen) => seen.operation === 'connect')
      expect(attempts.map((seen) => [seen.input['ip'], seen.failure?.code ?? null])).toEqual([
        ['::1', 'connect_refused'],
        ['127.0.0.1', null],
      ])
      expect(lastOf(result.exchanges).address).toEqual({ ip: '127.0.0.1', port: server.port, family: 4 })
    } finally {
      await dns.close()
    }
  })

  it('are dialled elsewhere when told, with Host and name kept', async () => {
    await using server = await httpServer(ok())
    const result = await check('http://shop.test/', { connectTo: { ip: '127.0.0.1', port: server.port } })
    expect(result.outcome).toBe('up')
    expect(server.requests[0]).toContain('Host: shop.test\r\n')
    expect(result.exchanges[0]?.timings.resolve).toBeNull()
  })
})

describe('HTTP/2', () => {
  const secure = async (
    respond: Parameters<typeof createSecureServer>[1],
    options: Parameters<typeof createSecureServer>[0] = {},
  ) => {
    const server = createSecureServer({ ...KEY, ...options }, respond)
    server.on('sessionError', () => undefined)
    return listenOn(server)
  }
  const over = (port: number, options: Partial<CheckOptions> = { http: '2' }): Promise<CheckResult> =>
    check(`https://localhost:${port}/page`, { ...TRUSTED, ...options })

  it('carries a whole exchange', async () => {
    await using server = await secure((request, response) => {
      response.writeHead(request.method === 'GET' ? 200 : 405, { 'X-Page': request.url })
      response.end('hello')
    })
    const result = await over(server.port)
    expect(result.outcome).toBe('up')
    const exchange = lastOf(result.exchanges)
    expect(exchange.tls?.alpn).toBe('h2')
    expect(exchange.response).toMatchObject({ version: '2', status: 200, bodyBytes: 5 })
    expect(exchange.response?.fields).toContainEqual(['x-page', '/page'])
  })

  it('is spoken when ALPN leaves no choice', async () => {
    await using server = await secure((_request, response) => response.end('hello'), { allowHTTP1: false })
    const result = await over(server.port, {})
    expect(result.outcome).toBe('up')
    expect(lastOf(result.exchanges).response?.version).toBe('2')
  })

  it('is not spoken when the server would rather', async () => {
    await using server = await secure((_request, response) => response.end('hello'), { allowHTTP1: true })
    expect(lastOf((await over(server.port, {})).exchanges).response?.version).toBe('1.1')
  })

  it('keeps the status, fields and body of a failed answer', async () => {
    await using server = await secure((_request, response) => {
      response.writeHead(502, { server: 'gate' })
      response.end('bad')
    })
    const result = await over(server.port)
    expect(result.failure).toMatchObject({ code: 'status_unaccepted', number: '502' })
    expect(Buffer.from(lastOf(result.exchanges).response?.raw ?? '', 'base64').toString()).toMatch(
      /^HTTP\/2 502\r\nserver: gate\r\n[^]*\r\n\r\nbad$/,
    )
  })

  it('sends a body', async () => {
    let body = ''
    await using server = await secure((request, response) => {
      request.on('data', (chunk) => {
        body += String(chunk)
      })
      request.on('end', () => response.end('ok'))
    })
    const result = await over(server.port, { http: '2', method: 'POST', body: Buffer.from('data') })
    expect(result.outcome).toBe('up')
    expect(body).toBe('data')
  })

  const broken: [
    name: string,
    code: string,
    phase: string,
    raw: RegExp,
    respond: Parameters<typeof createSecureServer>[1],
  ][] = [
    [
      'a stream reset before the head',
      'reset_without_answer',
      'wait',
      /INTERNAL_ERROR \(2\)/,
      (_request, response) => response.stream.close(constants.NGHTTP2_INTERNAL_ERROR),
    ],
    [
      'a stream reset within the body',
      'body_reset',
      'receive',
      /CANCEL \(8\)/,
      (_request, response) => {
        response.writeHead(200)
        response.write('hel', () => response.stream.close(constants.NGHTTP2_CANCEL))
      },
    ],
    [
      'GOAWAY instead of an answer',
      'closed_without_answer',
      'wait',
      /GOAWAY ENHANCE_YOUR_CALM \(11\)/,
      (request) => {
        request.stream.session?.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM)
        request.stream.session?.destroy()
      },
    ],
  ]
  for (const [name, code, phase, raw, respond] of broken) {
    it(`${name} is ${code}`, async () => {
      await using server = await secure(respond)
      const { failure, outcome } = await over(server.port)
      expect({ ...failure, outcome }).toMatchObject({ code, phase, outcome: 'down' })
      expect(failure?.raw).toMatch(raw)
    })
  }

  it('a connection that closes instead of an answer is closed_without_answer', async () => {
    const server = await listenOn(
      createHttp2(() => {
        for (const socket of server.sockets) socket.destroy()
      }),
    )
    const { failure } = await check(`http://127.0.0.1:${server.port}/`, { http: '2' })
    expect(failure).toMatchObject({ code: 'closed_without_answer', phase: 'wait' })
    await server.close()
  })

  it('over plain TCP is spoken when told, and a peer that does not is not_http', async () => {
    await using plain = await listenOn(createHttp2((_request, response) => response.end('hello')))
    expect((await check(`http://127.0.0.1:${plain.port}/`, { http: '2' })).outcome).toBe('up')
    await using old = await httpServer('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n')
    expect((await check(old.url, { http: '2' })).failure).toMatchObject({
      code: 'not_http',
      phase: 'receive',
    })
  })

  it('times out in the phase that was open', async () => {
    await using server = await secure(() => undefined)
    const result = await check(
      `https://localhost:${server.port}/`,
      { ...TRUSTED, http: '2' },
      timeOutDuring('wait').io,
    )
    expect(result.failure).toMatchObject({ code: 'answer_timed_out', phase: 'wait' })
  })
})

it('a thousand checks leave nothing open', async () => {
  await using server = await httpServer(ok())
  const handles = (): number =>
    process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length
  const before = handles()
  for (let index = 0; index < 1_000; index++) await check(server.url)
  for (const socket of server.sockets) socket.destroy()
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
  expect(handles()).toBeLessThanOrEqual(before)
})
