// What the looks at a failing site find: one broken site a row, on real sockets.
import { createSecureServer } from 'node:http2'
import { describe, expect, test } from 'vitest'
import { DEFAULT_OPTIONS } from '../../src/model/check-options.ts'
import type { CheckResult } from '../../src/model/result.ts'
import { alone, LOOPBACK_UP, OWN_NETWORK, ownNetworkSuite } from '../world/alone.ts'
import { issue, makeAuthority } from '../world/certificates.ts'
import { a, aaaa, startDnsServer, zone } from '../world/dns-server.ts'
import { drilled, findingOf, stepOf } from '../world/drilled.ts'
import { httpServer, ok } from '../world/http-server.ts'
import { answerOf, type PoolRequest, type PoolScript, SILENCE, startPool } from '../world/pool.ts'
import { listenOn } from '../world/tcp-server.ts'
import { idleClock } from '../world/idle-clock.ts'

const ONE = ['127.0.0.1']
const TWO = ['127.0.0.1', '127.0.0.2']

/** A name for the pool; the servers of the name are closed with it. */
async function named(ips: readonly string[]) {
  const records = ips.map((ip) => (ip.includes(':') ? aaaa(ip) : a(ip)))
  const dns = await startDnsServer(zone({ 'shop.test': records }))
  const resolvers = [{ ip: dns.ip, port: dns.port }]
  return { resolvers, [Symbol.asyncDispose]: () => dns.close() }
}

function bad(): string {
  return answerOf(502, '<h1>502 Bad Gateway</h1>', 'Server: nginx\r\n')
}

function pathOf({ target }: PoolRequest): string {
  return target.split('?')[0] ?? ''
}

describe('addresses', () => {
  test('one of two addresses fails: each has its own verdict', async () => {
    await using pool = await startPool(TWO, ({ ip }) => (ip === '127.0.0.2' ? ok() : bad()))
    await using name = await named(TWO)
    const result = await drilled(`http://shop.test:${pool.port}/`, { resolvers: name.resolvers })
    const { each } = findingOf(result, 'addresses')
    expect(each.map(({ ip, verdict }) => [ip, verdict])).toStrictEqual([
      ['127.0.0.1', 'same'],
      ['127.0.0.2', 'works'],
    ])
    expect(stepOf(result, 'addresses').summary).toBe('1 of 2 addresses fails: 127.0.0.1 502')
    expect(each[0]?.glance).toMatchObject({
      ip: '127.0.0.1',
      status: 502,
      failure: { code: 'status_unaccepted' },
    })
    expect(pool.requests.every(({ head }) => head.includes(`Host: shop.test:${pool.port}`))).toBe(true)
  })

  test('a dead address that the check got around is found although the check is only degraded', async () => {
    await using pool = await startPool(['127.0.0.2'], () => ok())
    await using name = await named(TWO)
    const result = await drilled(`http://shop.test:${pool.port}/`, { resolvers: name.resolvers })
    expect(result.outcome).toBe('degraded')
    const { each } = findingOf(result, 'addresses')
    expect(each.map(({ verdict }) => verdict)).toStrictEqual(['same', 'works'])
  })

  test('only IPv6 fails', async () => {
    await using pool = await startPool(['127.0.0.1', '::1'], ({ ip }) => (ip === '::1' ? bad() : ok()))
    await using name = await named(['::1', '127.0.0.1'])
    const result = await drilled(`http://shop.test:${pool.port}/`, { resolvers: name.resolvers })
    expect(stepOf(result, 'addresses').summary).toBe('IPv6 fails (502), IPv4 works')
  })

  test('an address that hangs is another failure than the 502 of the check', async () => {
    using idle = idleClock()
    await using pool = await startPool(TWO, ({ ip }) => (ip === '127.0.0.2' ? SILENCE : bad()))
    await using name = await named(TWO)
    const result = await drilled(`http://shop.test:${pool.port}/`, { resolvers: name.resolvers }, idle.io)
    const { each } = findingOf(result, 'addresses')
    expect(each.map(({ verdict }) => verdict)).toStrictEqual(['same', 'other'])
    expect(each[1]?.glance.failure?.code).toBe('answer_timed_out')
  })

  test.each([
    ['one address', {}, 'the name leads to one address only'],
    ['a given address', { connectTo: { ip: '127.0.0.1', port: null } }, 'the address to dial was given'],
  ])('skipped with %s', async (_name, options, reason) => {
    await using pool = await startPool(ONE, bad)
    const result = await drilled(`http://127.0.0.1:${pool.port}/`, options)
    expect(stepOf(result, 'addresses')).toMatchObject({ skipped: reason, finding: null })
  })
})

describe('cache', () => {
  /** Gives the broken page out of its cache unless asked past it. */
  const cached =
    (fields: string): PoolScript =>
    ({ head, target }) =>
      head.includes('no-cache') || target.includes('whydown=') ? ok() : answerOf(503, 'sorry', fields)

  test('an error that a cache gives out and that past the cache is gone is cached', async () => {
    await using pool = await startPool(ONE, cached('Age: 40\r\nX-Cache: HIT\r\n'))
    const result = await drilled(`http://127.0.0.1:${pool.port}/`)
    const finding = findingOf(result, 'cache')
    expect(finding.errorIsCached).toBe(true)
    expect(finding.noCache.status).toBe(200)
    expect(finding.freshQuery?.asked).toMatch(/^GET http:\/\/127\.0\.0\.1:\d+\/\?whydown=[0-9a-z]+$/)
    expect(stepOf(result, 'cache').summary).toContain('the error itself is cached')
  })

  test('without a sign of a cache it is cached when the difference comes again', async () => {
    await using pool = await startPool(ONE, cached(''))
    expect(findingOf(await drilled(`http://127.0.0.1:${pool.port}/`), 'cache').errorIsCached).toBe(true)
  })

  test('a failure past the cache too is not cached', async () => {
    await using pool = await startPool(ONE, () => answerOf(503, 'sorry', 'Age: 40\r\nX-Cache: HIT\r\n'))
    expect(findingOf(await drilled(`http://127.0.0.1:${pool.port}/`), 'cache').errorIsCached).toBe(false)
  })

  test('a failure that is gone by itself says nothing about a cache', async () => {
    await using pool = await startPool(ONE, ({ before }) => (before === 0 ? bad() : ok()))
    expect(findingOf(await drilled(`http://127.0.0.1:${pool.port}/`), 'cache').errorIsCached).toBe(null)
  })

  test('a signed query stays as it is', async () => {
    await using pool = await startPool(ONE, bad)
    const result = await drilled(`http://127.0.0.1:${pool.port}/file?X-Amz-Signature=ab12`)
    expect(findingOf(result, 'cache').freshQuery).toBe(null)
    expect(pool.requests.some(({ target }) => target.includes('whydown='))).toBe(false)
  })

  test('conditions of the check are left out once', async () => {
    await using pool = await startPool(ONE, ({ head }) => (head.includes('If-None-Match') ? bad() : ok()))
    const result = await drilled(`http://127.0.0.1:${pool.port}/`, { fields: [['If-None-Match', '"a"']] })
    const { bare, noCache } = findingOf(result, 'cache')
    expect([bare?.status, noCache.status]).toStrictEqual([200, 502])
    expect(stepOf(result, 'cache').summary).toBe('without cookies and conditions it works')
  })
})

describe('paths', () => {
  const only = (broken: (request: PoolRequest) => boolean): PoolScript => {
    return (request) => {
      if (broken(request)) return bad()
      const path = pathOf(request)
      const page = '<link rel="stylesheet" href="/main.css">'
      if (['/', '/robots.txt', '/favicon.ico', '/main.css', '/page'].includes(path)) return ok(page)
      return answerOf(404, 'no such page')
    }
  }

  test('every path fails: the whole site', async () => {
    await using pool = await startPool(ONE, () => bad())
    const result = await drilled(`http://127.0.0.1:${pool.port}/page`)
    expect(findingOf(result, 'paths').extent).toBe('site')
    expect(stepOf(result, 'paths').summary).toContain('every path fails alike')
  })

  test('one page fails: the others work, a static file of the front page and a missing page included', async () => {
    await using pool = await startPool(
      ONE,
      only((request) => pathOf(request) === '/page'),
    )
    const result = await drilled(`http://127.0.0.1:${pool.port}/page`)
    const { each, extent } = findingOf(result, 'paths')
    expect(extent).toBe('page')
    const shown = each.map(
      ({ path, method, verdict }) => `${method} ${path.replace(/-\w+$/, '-*')} ${verdict}`,
    )
    expect(shown).toStrictEqual([
      'GET /page same',
      'GET / works',
      'GET /robots.txt works',
      'GET /favicon.ico works',
      'GET /whydown-* works',
      'HEAD /page same',
      'GET /main.css works',
    ])
  })

  test('only GET fails: the method', async () => {
    await using pool = await startPool(
      ONE,
      only(({ method }) => method === 'GET'),
    )
    const result = await drilled(`http://127.0.0.1:${pool.port}/page`)
    expect(findingOf(result, 'paths').extent).toBe('method')
  })

  test('a POST that fails where GET works: the method, and it is said that POST was not sent again', async () => {
    await using pool = await startPool(
      ONE,
      only(({ method }) => method === 'POST'),
    )
    const body = Buffer.from('pay=1')
    const result = await drilled(`http://127.0.0.1:${pool.port}/page`, { method: 'POST', body })
    expect(findingOf(result, 'paths').extent).toBe('method')
    expect(stepOf(result, 'paths').summary).toContain('(asked with GET, not POST again)')
    expect(pool.requests.filter(({ method }) => method === 'POST')).toHaveLength(1)
    expect(pool.requests.slice(1).every(({ head }) => !head.includes('pay=1'))).toBe(true)
  })

  test('a site that works again by now is not called a broken page', async () => {
    await using pool = await startPool(ONE, ({ before }) => (before === 0 ? bad() : ok()))
    expect(findingOf(await drilled(`http://127.0.0.1:${pool.port}/page`), 'paths').extent).toBe('unknown')
  })
})

describe('protocols', () => {
  test('TLS on the plain port: the other scheme is asked on the same port', async () => {
    await using pool = await startPool(ONE, () => ok())
    const result = await drilled(`https://127.0.0.1:${pool.port}/`)
    expect(result.failure?.code).toBe('tls_not_spoken')
    const finding = findingOf(result, 'protocols')
    expect(finding.otherScheme).toMatchObject({ status: 200, failure: null })
    expect(finding.withoutName).toBe(null)
    expect(stepOf(result, 'protocols').summary).toContain('http works (200)')
  })

  const authority = makeAuthority()
  const leaf = issue({ commonName: 'localhost', names: ['localhost'] }, authority.intermediate)
  const tls = { ...DEFAULT_OPTIONS.tls, ca: authority.root.pem }

  /** A real server of both HTTP versions that fails in one of them. */
  async function bothVersions(broken: '1.1' | '2.0') {
    const cert = `${leaf.pem}${authority.intermediate.pem}`
    const server = createSecureServer({ key: leaf.keyPem, cert, allowHTTP1: true }, (request, response) => {
      response.writeHead(request.httpVersion === broken ? 502 : 200)
      response.end('said')
    })
    return listenOn(server)
  }

  test.each([
    ['HTTP/2 works where HTTP/1.1 fails', '1.1', 'auto', 'http2'],
    ['HTTP/1.1 works where HTTP/2 fails', '2.0', '2', 'http1'],
  ] as const)('%s', async (name, broken, http, part) => {
    await using server = await bothVersions(broken)
    const options = { http, tls, family: 4 as const }
    const result = await drilled(`https://localhost:${server.port}/`, options)
    expect(result.failure?.number).toBe('502')
    const finding = findingOf(result, 'protocols')
    expect(finding[part]).toMatchObject({ status: 200, failure: null })
    expect(finding[part === 'http1' ? 'http2' : 'http1']).toBe(null)
    expect(stepOf(result, 'protocols').summary).toContain(`${name.split(' ')[0]} works (200)`)
  })

  ownNetworkSuite('the ports of the schemes', () => {
    test('port 80 works where port 443 refuses', () => {
      const result = alone(
        './drill-alone.ts',
        LOOPBACK_UP,
        OWN_NETWORK ?? [],
        'https://127.0.0.1/',
        '80',
      ) as CheckResult
      expect(result.failure?.code).toBe('connect_refused')
      expect(findingOf(result, 'protocols').otherScheme).toMatchObject({
        asked: 'GET http://127.0.0.1/',
        status: 200,
        failure: null,
      })
    })

    test('nobody at port 443 beside a failing port 80', () => {
      const result = alone(
        './drill-alone.ts',
        LOOPBACK_UP,
        OWN_NETWORK ?? [],
        'http://127.0.0.1/missing',
        '80',
      ) as CheckResult
      expect(result.failure?.number).toBe('404')
      expect(findingOf(result, 'protocols').otherScheme).toMatchObject({
        asked: 'GET https://127.0.0.1/missing',
        failure: { code: 'connect_refused' },
      })
    })
  })

  test('a plain 502 is not asked over HTTP/2', async () => {
    await using pool = await startPool(ONE, bad)
    const finding = findingOf(await drilled(`http://127.0.0.1:${pool.port}/`), 'protocols')
    expect([finding.http1, finding.http2, finding.unverified]).toStrictEqual([null, null, null])
  })
})

describe('origin', () => {
  test('a working origin behind a failing gateway, with what differs', async () => {
    await using gateway = await startPool(ONE, bad)
    await using origin = await startPool(['127.0.0.3'], () => ok('shop', 'Server: Kestrel\r\nX-App: 7\r\n'))
    const result = await drilled(`http://127.0.0.1:${gateway.port}/`, {
      drill: { origin: { ip: '127.0.0.3', port: origin.port } },
    })
    const { verdict, differences } = findingOf(result, 'origin')
    expect(verdict).toBe('works')
    expect(differences).toContainEqual({ what: 'status', check: '502', origin: '200' })
    expect(differences).toContainEqual({ what: 'Server', check: 'nginx', origin: 'Kestrel' })
    expect(differences).toContainEqual({ what: 'fields only there', check: null, origin: 'X-App' })
    expect(differences.some(({ what }) => what === 'body hash')).toBe(true)
    expect(origin.requests[0]?.head).toContain(`Host: 127.0.0.1:${gateway.port}`)
  })

  test('the same error from the origin', async () => {
    await using gateway = await startPool(ONE, bad)
    await using origin = await startPool(['127.0.0.3'], bad)
    const result = await drilled(`http://127.0.0.1:${gateway.port}/`, {
      drill: { origin: { ip: '127.0.0.3', port: origin.port } },
    })
    expect(findingOf(result, 'origin')).toMatchObject({ verdict: 'same', differences: [] })
  })

  test('skipped without an address', async () => {
    await using pool = await startPool(ONE, bad)
    const result = await drilled(`http://127.0.0.1:${pool.port}/`)
    expect(stepOf(result, 'origin').skipped).toBe('no origin address was given')
  })
})

describe('proxy', () => {
  const through = (port: number) => ({
    proxy: { http: `http://127.0.0.9:${port}`, https: null, bypass: [] },
  })

  test('a failing proxy before a working site', async () => {
    await using site = await startPool(ONE, () => ok())
    await using proxy = await startPool(['127.0.0.9'], bad)
    const result = await drilled(`http://127.0.0.1:${site.port}/`, through(proxy.port))
    expect(findingOf(result, 'proxy')).toMatchObject({ through: 'same', direct: 'works' })
    expect(stepOf(result, 'proxy').summary).toBe('without the proxy it works (200)')
  })

  test('a proxy that refuses is our own trouble, and the site is looked at without it', async () => {
    await using site = await startPool(ONE, () => ok())
    const gone = await startPool(['127.0.0.9'], () => ok())
    await gone[Symbol.asyncDispose]()
    const result = await drilled(`http://127.0.0.1:${site.port}/`, through(gone.port))
    expect([result.outcome, result.failure?.code]).toStrictEqual(['unknown', 'proxy_refused'])
    expect(findingOf(result, 'proxy').direct).toBe('works')
    expect(stepOf(result, 'paths').skipped).toBe('the fault is on our side, so the site is not asked again')
  })

  test('skipped without a proxy', async () => {
    await using pool = await startPool(ONE, bad)
    const result = await drilled(`http://127.0.0.1:${pool.port}/`)
    expect(stepOf(result, 'proxy').skipped).toBe('no proxy was used')
  })
})

describe('repetition', () => {
  /** Round robin over three machines, of which the second is broken. */
  const oneBadOfThree =
    (trait: (machine: string) => string): PoolScript =>
    ({ before, target }) => {
      if (target !== '/') return ok()
      const machine = `app${before % 3}`
      return machine === 'app0' ? answerOf(500, 'oops', trait(machine)) : ok('fine', trait(machine))
    }

  test.each([
    [
      'a field',
      (machine: string) => `X-Backend: ${machine}\r\n`,
      { what: 'field', name: 'X-Backend', value: 'app0' },
    ],
    [
      'a cookie',
      (machine: string) => `Set-Cookie: SERVERID=${machine}; path=/\r\n`,
      { what: 'cookie', name: 'SERVERID', value: 'app0' },
    ],
    [
      'a route',
      (machine: string) => `Set-Cookie: JSESSIONID=8F3.${machine}\r\n`,
      { what: 'cookie', name: 'JSESSIONID', value: 'app0' },
    ],
  ])('one bad machine of three goes with %s', async (_name, trait, goesWith) => {
    await using pool = await startPool(ONE, oneBadOfThree(trait))
    const finding = findingOf(await drilled(`http://127.0.0.1:${pool.port}/`), 'repetition')
    expect(finding.goesWith).toStrictEqual(goesWith)
    expect(finding.failed).toBeGreaterThan(1)
    expect(finding.failed).toBeLessThan(finding.of)
  })

  test('one bad address of two goes with the address', async () => {
    await using pool = await startPool(TWO, ({ ip }) => (ip === '127.0.0.1' ? bad() : ok()))
    await using name = await named(TWO)
    const result = await drilled(`http://shop.test:${pool.port}/`, { resolvers: name.resolvers })
    expect(findingOf(result, 'repetition').goesWith).toStrictEqual({
      what: 'address',
      name: 'address',
      value: '127.0.0.1',
    })
    expect(stepOf(result, 'repetition').summary).toBe(
      'it failed 4 of 8 times, always with the address 127.0.0.1',
    )
  })

  test('failures without a trait are counted and blamed on nothing', async () => {
    await using pool = await startPool(
      ONE,
      oneBadOfThree(() => ''),
    )
    const result = await drilled(`http://127.0.0.1:${pool.port}/`)
    expect(findingOf(result, 'repetition').goesWith).toBe(null)
    expect(stepOf(result, 'repetition').summary).toContain('nothing in the answers separates')
  })

  test('a field that is new every time separates nothing', async () => {
    await using pool = await startPool(ONE, ({ before }) =>
      before % 2 === 0 ? answerOf(500, '', `X-Node: n${before}\r\n`) : ok('', `X-Node: n${before}\r\n`),
    )
    expect(findingOf(await drilled(`http://127.0.0.1:${pool.port}/`), 'repetition').goesWith).toBe(null)
  })

  test('a steady failure fails every time', async () => {
    await using pool = await startPool(ONE, bad)
    const result = await drilled(`http://127.0.0.1:${pool.port}/`)
    expect(findingOf(result, 'repetition')).toMatchObject({ failed: 8, of: 8, goesWith: null })
    expect(stepOf(result, 'repetition').summary).toBe('it failed all 8 times')
  })
})

describe('timing', () => {
  test('an error at once', async () => {
    await using pool = await startPool(ONE, bad)
    const finding = findingOf(await drilled(`http://127.0.0.1:${pool.port}/`), 'timing')
    expect(finding).toMatchObject({ pace: 'at_once', timeouts: [] })
    expect(finding.roundTripMs).not.toBe(null)
  })

  test.each([
    [3_000, []],
    [5_000, [5]],
    [15_000, [15]],
  ])('an error after %d ms of waiting is somebody’s time-out', async (waits, seconds) => {
    using idle = idleClock()
    await using site = await httpServer(async () => {
      await new Promise<void>((resolve) => idle.clock.setTimer(resolve, waits))
      return { bytes: answerOf(504, 'too late') }
    })
    const result = await drilled(site.url, {}, idle.io)
    const finding = findingOf(result, 'timing')
    expect(finding.pace).toBe('round')
    expect([...new Set(finding.timeouts.map((timeout) => timeout.seconds))]).toStrictEqual(seconds)
  })

  test('an error that takes another time each time is nobody’s time-out', async () => {
    using idle = idleClock()
    const waits = [5_000, 700, 1_300, 2_400, 800]
    await using site = await httpServer(async (_request, count) => {
      await new Promise<void>((resolve) => idle.clock.setTimer(resolve, waits[count % waits.length] ?? 0))
      return { bytes: answerOf(504, 'slow') }
    })
    const finding = findingOf(await drilled(site.url, {}, idle.io), 'timing')
    expect(finding).toMatchObject({ pace: 'other', timeouts: [] })
  })

  test('skipped when the time that ran out was our own', async () => {
    using idle = idleClock()
    await using pool = await startPool(ONE, () => SILENCE)
    const result = await drilled(`http://127.0.0.1:${pool.port}/`, {}, idle.io)
    expect(result.failure?.code).toBe('answer_timed_out')
    expect(stepOf(result, 'timing').skipped).toBe('the time that ran out was our own')
  })
})

describe('difference', () => {
  test('from a good check: status, server, size and title have changed, the address has not', async () => {
    let broken = false
    await using pool = await startPool(ONE, () =>
      broken
        ? answerOf(502, '<title>Bad gateway</title>', 'Server: nginx\r\nContent-Type: text/html\r\n')
        : ok(`<title>Shop</title>${'x'.repeat(900)}`, 'Server: Apache\r\nContent-Type: text/html\r\n'),
    )
    const url = `http://127.0.0.1:${pool.port}/`
    const good = await drilled(url, { keepRaw: true, drill: { when: 'never' } })
    broken = true
    const result = await drilled(url, { drill: { good } })
    const { changes, goodStartedAt } = findingOf(result, 'difference')
    expect(goodStartedAt).toBe(good.startedAt)
    expect(changes.map(({ what }) => what)).toStrictEqual([
      'failure',
      'status',
      'Server',
      'body bytes',
      'title',
    ])
    expect(changes.at(-1)).toStrictEqual({ what: 'title', before: 'Shop', now: 'Bad gateway' })
  })

  test('from a good check before the name moved: the addresses are told', async () => {
    await using pool = await startPool(TWO, ({ ip }) => (ip === '127.0.0.1' ? ok() : bad()))
    await using before = await named(['127.0.0.1'])
    await using after = await named(['127.0.0.2'])
    const url = `http://shop.test:${pool.port}/`
    const good = await drilled(url, { resolvers: before.resolvers })
    const result = await drilled(url, { resolvers: after.resolvers, drill: { good } })
    const { changes } = findingOf(result, 'difference')
    expect(changes).toContainEqual({ what: 'addresses of shop.test', before: '127.0.0.1', now: '127.0.0.2' })
    expect(changes).toContainEqual({ what: 'address dialled', before: '127.0.0.1', now: '127.0.0.2' })
  })

  test('skipped with a check of another target, with one that failed, and without one', async () => {
    await using pool = await startPool(TWO, ({ ip }) => (ip === '127.0.0.2' ? ok() : bad()))
    const url = `http://127.0.0.1:${pool.port}/`
    const other = await drilled(`http://127.0.0.2:${pool.port}/`)
    const failing = await drilled(url)
    const skips = async (good: typeof other | null) =>
      stepOf(await drilled(url, { drill: { good } }), 'difference').skipped
    expect(await skips(other)).toContain('another target')
    expect(await skips(failing)).toContain('its outcome is "down"')
    expect(await skips(null)).toBe('no good check to compare with was given')
  })
})
