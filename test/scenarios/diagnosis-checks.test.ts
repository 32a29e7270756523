// Whole checks on broken worlds, from the socket to the diagnosis, as the command line runs them.
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { check } from '../../src/engine/check.ts'
import { diagnose, diagnoseResponse, withDiagnosis } from '../../src/engine/diagnose.ts'
import { DEFAULT_OPTIONS } from '../../src/model/check-options.ts'
import type { CheckResult } from '../../src/model/result.ts'
import { systemIo } from '../../src/probe/io.ts'
import { nginx } from '../diagnose/rules/evidence.ts'
import { a, answer, startDnsServer, zone } from '../world/dns-server.ts'
import { drilled } from '../world/drilled.ts'
import { httpServer, ok } from '../world/http-server.ts'
import { answerOf, startPool } from '../world/pool.ts'
import { refusingPort } from '../world/tcp-server.ts'

const NO_HOSTS = { ...systemIo, readText: () => null }
const HTML = 'Content-Type: text/html\r\n'
const WELCOME =
  '<!DOCTYPE html>\n<html>\n<head>\n<title>Welcome to nginx!</title>\n</head><body></body></html>\n'
const SHOP = `<!DOCTYPE html><html><head><title>Shop</title></head><body><h1>Shop</h1>${'<p>Shoes</p>'.repeat(40)}</body></html>`

/** Evidence as it comes back from a file. */
function saved(result: CheckResult): CheckResult {
  return JSON.parse(JSON.stringify(result)) as CheckResult
}

function summary({ outcome, failure, diagnosis }: CheckResult): unknown {
  return [
    outcome,
    failure?.code ?? null,
    diagnosis && [diagnosis.link, diagnosis.party, diagnosis.cause, diagnosis.effect],
  ]
}

describe('check() of what fails', () => {
  test("a port on which nothing listens is the site's", async () => {
    const result = await check(`http://127.0.0.1:${await refusingPort()}/`)
    expect(summary(result)).toEqual([
      'down',
      'connect_refused',
      ['origin', 'site_operator', 'connect_refused', null],
    ])
    expect(result.diagnosis?.confidence).toBe('certain')
    expect(result.diagnosis?.article).toBe('connect-refused')
  })

  test("a gateway's error while the origin works is the gateway's", async () => {
    await using origin = await httpServer(ok(SHOP, HTML))
    await using gateway = await httpServer(nginx(502, 'Bad Gateway'))
    const result = await drilled(gateway.url, { drill: { origin: { ip: '127.0.0.1', port: origin.port } } })
    expect(result.diagnosis).toMatchObject({
      link: 'upstream',
      party: 'gateway_operator',
      article: 'http-502',
    })
    expect(result.diagnosis?.generator?.product).toBe('nginx')
    expect(result.diagnosis?.headline).toMatch(/origin works when asked directly/)
  })

  test('a bad machine of three is named, and the site is degraded', async () => {
    await using site = await startPool(['127.0.0.1'], ({ before }) =>
      before % 3 === 0
        ? answerOf(500, '{"error":"no database"}', 'Content-Type: application/json\r\nX-Served-By: app1\r\n')
        : answerOf(200, SHOP, `${HTML}X-Served-By: app${(before % 3) + 1}\r\n`),
    )
    const result = await drilled(`http://127.0.0.1:${site.port}/`)
    expect(result.outcome).toBe('degraded')
    expect(result.diagnosis?.headline).toMatch(/one machine of several is bad|comes and goes/)
  })

  test('no reference site works: our own network, and nothing is said of the site', async () => {
    const dead = await refusingPort()
    const result = await drilled(`http://127.0.0.1:${await refusingPort()}/`, {
      drill: { references: [`http://127.0.0.1:${dead}/`, `http://127.0.0.2:${dead}/`] },
    })
    expect(summary(result)).toEqual([
      'unknown',
      'connect_refused',
      ['network', 'access_provider', 'connect_refused', 'unknown'],
    ])
  })

  test('a resolver that says that it filters is to blame itself', async () => {
    const dns = await startDnsServer((query) => ({
      send: answer(query, { rcode: 'NXDOMAIN', errors: [{ code: 17, text: 'on a list' }] }),
    }))
    try {
      const result = await check(
        'http://shop.example.org/',
        { resolvers: [{ ip: dns.ip, port: dns.port }] },
        NO_HOSTS,
      )
      expect(result.failure?.code).toBe('dns_name_not_found')
      expect(result.diagnosis).toMatchObject({
        link: 'resolver',
        party: 'access_provider',
        confidence: 'certain',
      })
      expect(result.diagnosis?.reasons[0]?.says).toMatch(/extended error 17 \(Filtered\), "on a list"/)
    } finally {
      await dns.close()
    }
  })

  test('one of two addresses is dead: degraded, and the dead one is named', async () => {
    await using site = await httpServer(ok(SHOP, HTML), '127.0.0.3')
    const dns = await startDnsServer(zone({ 'shop.test': [a('127.0.0.2'), a('127.0.0.3')] }))
    try {
      const result = await check(
        `http://shop.test:${site.port}/`,
        { resolvers: [{ ip: dns.ip, port: dns.port }] },
        NO_HOSTS,
      )
      expect(summary(result)).toEqual([
        'degraded',
        'connect_refused',
        ['origin', 'site_operator', 'connect_refused', 'degraded'],
      ])
      expect(result.diagnosis?.todo.operator.join(' ')).toContain('127.0.0.2')
    } finally {
      await dns.close()
    }
  })
})

describe('check() of what seems good', () => {
  test('a healthy page gets no diagnosis and keeps no bytes', async () => {
    await using site = await httpServer(ok(SHOP, HTML))
    const result = await check(site.url)
    expect(summary(result)).toEqual(['up', null, null])
    expect(result.exchanges[0]?.response?.raw).toBeNull()
  })

  test.each([
    ['plain', ok(WELCOME, HTML)],
    ['coded', null],
  ])('a placeholder is down, %s', async (_name, bytes) => {
    const coded = gzipSync(WELCOME)
    const head = `HTTP/1.1 200 OK\r\n${HTML}Content-Encoding: gzip\r\nContent-Length: ${coded.length}\r\n\r\n`
    await using site = await httpServer({ bytes: bytes ?? Buffer.concat([Buffer.from(head), coded]) })
    const result = await check(site.url)
    expect(summary(result)).toEqual([
      'down',
      'text_unwanted',
      ['content', 'site_operator', 'placeholder_page', 'down'],
    ])
    expect(result.exchanges[0]?.response?.raw).not.toBeNull()
  })

  test('a page that is only suspicious at first sight stays up, and its bytes are let go', async () => {
    await using site = await httpServer(
      ok(SHOP.replace('<title>Shop', '<title>Errors and how to mend them'), HTML),
    )
    const result = await check(site.url)
    expect(summary(result)).toEqual(['up', null, null])
    expect(result.exchanges[0]?.response?.raw).toBeNull()
  })

  test('an announced page that does not come is degraded, a bare empty 200 a remark', async () => {
    await using page = await httpServer(ok('', HTML))
    expect(summary(await check(page.url))).toEqual([
      'degraded',
      null,
      ['content', 'site_operator', 'empty_success', 'degraded'],
    ])
    await using health = await httpServer(ok(''))
    expect(summary(await check(health.url))).toEqual([
      'up',
      null,
      ['content', 'site_operator', 'empty_success', 'remark'],
    ])
  })
})

describe('diagnose() of saved evidence', () => {
  test('says again what the live check said, without a network', async () => {
    await using placeholder = await httpServer(ok(WELCOME, HTML))
    await using broken = await httpServer(nginx(504, 'Gateway Time-out'))
    const results = [
      await check(placeholder.url),
      await drilled(broken.url),
      await check(`http://127.0.0.1:${await refusingPort()}/`),
      await check('http://bad url/'),
    ]
    for (const result of results) {
      const again = saved(result)
      expect(withDiagnosis(again, await diagnose(again))).toEqual(saved(result))
    }
  })

  test('needs no fingerprints for what failed before an answer', async () => {
    const result = await check(`http://127.0.0.1:${await refusingPort()}/`, { ...DEFAULT_OPTIONS })
    expect(result.diagnosis?.generator).toBeNull()
  })
})

describe('diagnoseResponse()', () => {
  test('reads one raw answer: who made it and what it means', async () => {
    const { response, diagnosis } = await diagnoseResponse(Buffer.from(nginx(502, 'Bad Gateway'), 'latin1'))
    expect(response).toMatchObject({ version: '1.1', status: 502, reason: 'Bad Gateway' })
    expect(diagnosis).toMatchObject({
      link: 'upstream',
      article: 'http-502',
      generator: { product: 'nginx' },
    })
    expect(diagnosis?.headline.length).toBeLessThanOrEqual(160)
  })

  test('reads an HTTP/2 answer as tools print it', async () => {
    const text = nginx(502, 'Bad Gateway')
      .replace('HTTP/1.1 502 Bad Gateway', 'HTTP/2 502 ')
      .replace('Connection: close\r\n', '')
    const lower = text.replace(/^([A-Z][A-Za-z-]*):/gm, (name) => name.toLowerCase())
    const { response, diagnosis } = await diagnoseResponse(
      Buffer.from(lower.replaceAll('\r\n', '\n'), 'latin1'),
    )
    expect(response).toMatchObject({ version: '2', status: 502 })
    expect(diagnosis?.generator?.product).toBe('nginx')
  })

  test('says nothing of a healthy answer, and what it can of rubbish', async () => {
    expect((await diagnoseResponse(Buffer.from(ok(SHOP, HTML)))).diagnosis).toBeNull()
    const rubbish = await diagnoseResponse(Buffer.from('SSH-2.0-OpenSSH_9.2\r\n'))
    expect(rubbish.response).toBeNull()
    expect(rubbish.diagnosis?.cause).toBe('http_protocol_error')
  })
})
