// Targets as people write them, through a whole check on loopback: which scheme is tried, what is sent as
// credentials, what is shown, and that nothing is dialled for a target that cannot be understood.
import { createServer } from 'node:http'
import { describe, expect, test } from 'vitest'
import { check } from '../../src/engine/check.ts'
import { DEFAULT_OPTIONS } from '../../src/model/check-options.ts'
import { httpServer, ok, redirect } from '../world/http-server.ts'
import { listenOn, type TcpServer } from '../world/tcp-server.ts'

/** A server that answers http, and anything that is not http at once with 400, as real ones do. */
function plainServer(host: string): Promise<TcpServer> {
  return listenOn(
    createServer((request, response) => response.end(`for ${request.headers.host}`)),
    host,
  )
}

/** The value of a field in the head of a request. */
function field(request: string | undefined, name: string): string | null {
  return new RegExp(`^${name}: (.*)\r$`, 'im').exec(request ?? '')?.[1] ?? null
}

describe('a target without scheme', () => {
  test('is asked over https and then over http', async () => {
    await using server = await plainServer('127.0.0.1')
    const result = await check(`127.0.0.1:${server.port}`)
    expect(result.outcome).toBe('up')
    expect(result.exchanges.map(({ url }) => url)).toEqual([
      `https://127.0.0.1:${server.port}/`,
      `http://127.0.0.1:${server.port}/`,
    ])
    expect(result.exchanges[0]?.failure?.code).toBe('tls_not_spoken')
  })

  test('may be an IPv6 address', async () => {
    await using server = await plainServer('::1')
    const options = { expect: { ...DEFAULT_OPTIONS.expect, text: [`for [::1]:${server.port}`] } }
    const result = await check(`[::1]:${server.port}/x`, options)
    expect(result.outcome).toBe('up')
    expect(result.exchanges.at(-1)?.address).toEqual({ ip: '::1', port: server.port, family: 6 })
  })
})

describe('a target', () => {
  test('with user info is asked with Basic credentials that are shown nowhere', async () => {
    await using server = await httpServer(ok())
    const result = await check(`http://us%40er:hun%2Fter2@127.0.0.1:${server.port}/`)
    expect(result.outcome).toBe('up')
    const sent = field(server.requests[0], 'authorization')
    expect(Buffer.from(sent?.replace('Basic ', '') ?? '', 'base64').toString()).toBe('us@er:hun/ter2')
    const shown = JSON.stringify(result)
    for (const secret of ['hun/ter2', 'hun%2Fter2', 'us@er', 'us%40er', sent ?? 'Basic']) {
      expect(shown).not.toContain(secret)
    }
    expect(result.url).toBe(`http://127.0.0.1:${server.port}/`)
  })

  test('with an IPv4 address in another form is noted', async () => {
    await using server = await httpServer(ok())
    const result = await check(`http://0x7f.1:${server.port}/`)
    expect(result.exchanges[0]?.address?.ip).toBe('127.0.0.1')
    expect(result.observations[0]).toMatchObject({
      operation: 'parse_url',
      notes: ['The host "0x7f.1" is the IPv4 address 127.0.0.1 by the rules for URLs'],
    })
  })

  test('with path, query and spaces is sent as URLs are written', async () => {
    await using server = await httpServer(ok())
    await check(`http://127.0.0.1:${server.port}/a b/ü?q=ä b#part`)
    expect(server.requests[0]?.split('\r\n')[0]).toBe('GET /a%20b/%C3%BC?q=%C3%A4%20b HTTP/1.1')
  })
})

describe('a target that cannot be understood', () => {
  test.each<[target: string, raw: RegExp]>([
    ['', /No URL was given/],
    ['ftp://127.0.0.1/', /"ftp:" is not checked, only http and https are/],
    ['htp://127.0.0.1/', /did you mean http:\/\/127\.0\.0\.1\/ \?/],
    ['http://127.0.0.1:0/', /Port 0 cannot be connected to/],
    ['http://127.0.0.1:70000/', /no port 70000/],
    ['http://', /names no host/],
    ['http://127.0.0.1/\r\nX: y', /a line break/],
    ['http://user:hunter2@127.0.0.1:x/', /"x" is not a port number/],
  ])('%o is bad_url, and nothing is dialled', async (target, raw) => {
    const result = await check(target)
    expect(result).toMatchObject({
      outcome: 'unknown',
      failure: { phase: 'url', code: 'bad_url', number: '004' },
      exchanges: [],
    })
    expect(result.failure?.raw).toMatch(raw)
    expect(result.observations.map(({ operation }) => operation)).toEqual(['parse_url'])
    expect(JSON.stringify(result)).not.toContain('hunter2')
  })
})

describe('a redirect', () => {
  test.each<[location: string, code: string, raw: RegExp]>([
    ['', 'redirect_invalid', /Location is empty/],
    ['ftp://127.0.0.1/', 'redirect_invalid', /leads to ftp:/],
    ['http://127.0.0.1:0/', 'redirect_invalid', /port 0/],
    ['http://[::1', 'redirect_invalid', /cannot be read as a URL/],
    ['/', 'redirect_loop', /already asked for/],
    ['/x\r\nLocation: /y', 'redirect_invalid', /2 Location fields that differ/],
  ])('to %o is %s', async (location, code, raw) => {
    await using server = await httpServer({ bytes: redirect(location, 301) })
    const result = await check(server.url)
    expect(result.failure).toMatchObject({ phase: 'receive', code, number: '301' })
    expect(result.failure?.raw).toMatch(raw)
    expect(result.outcome).toBe('down')
  })

  test('keeps method and body where it must and drops them where it may', async () => {
    const statuses: [status: number, method: string][] = [
      [301, 'GET'],
      [302, 'GET'],
      [303, 'GET'],
      [307, 'POST'],
      [308, 'POST'],
    ]
    for (const [status, method] of statuses) {
      await using server = await httpServer((_request, count) => ({
        bytes: count === 1 ? redirect('/next', status) : ok(),
      }))
      const body = new TextEncoder().encode('a=1')
      const result = await check(server.url, {
        method: 'POST',
        body,
        fields: [['Content-Type', 'text/x-test']],
      })
      expect(result.outcome).toBe('up')
      const second = server.requests[1] ?? ''
      expect(second.startsWith(`${method} /next `), `${status}: ${second}`).toBe(true)
      expect(second.endsWith('\r\n\r\na=1')).toBe(method === 'POST')
      expect(field(second, 'content-type')).toBe(method === 'POST' ? 'text/x-test' : null)
    }
  })

  test('to another origin takes no credentials along, to the same it does', async () => {
    await using other = await httpServer(ok())
    await using server = await httpServer((request) => ({
      bytes: request.startsWith('GET /same') ? redirect(other.url) : redirect('/same'),
    }))
    const result = await check(`http://user:hunter2@127.0.0.1:${server.port}/`, {
      fields: [['Cookie', 'session=1']],
    })
    expect(result.outcome).toBe('up')
    expect(server.requests.map((request) => field(request, 'authorization') !== null)).toEqual([true, true])
    expect(server.requests.map((request) => field(request, 'cookie'))).toEqual(['session=1', 'session=1'])
    expect(field(other.requests[0], 'authorization')).toBeNull()
    expect(field(other.requests[0], 'cookie')).toBeNull()
  })

  test('with bytes outside ASCII is followed as browsers do', async () => {
    await using server = await httpServer((_request, count) => ({
      bytes: count === 1 ? redirect('/caf\u00e9?\u00c3\u00bc') : ok(),
    }))
    const result = await check(server.url)
    expect(result.outcome).toBe('up')
    expect(server.requests[1]?.startsWith('GET /caf%E9?%C3%BC ')).toBe(true)
    const seen = result.observations.find(({ operation }) => operation === 'redirect')
    expect(seen?.notes).toEqual([
      'Location has bytes outside ASCII; they were percent-encoded as browsers do',
    ])
  })
})
