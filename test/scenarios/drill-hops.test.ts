// The hop walk through chains of real gateways and against sites that only look like one.
import { afterEach, describe, expect, test } from 'vitest'
import type { HopsFinding } from '../../src/model/drill.ts'
import hops from '../../src/probe/steps/drill/hops.ts'
import { startGateway, type Upstream } from '../lab/lab.ts'
import type { GatewayName } from '../lab/gateways.ts'
import { labSuite } from '../lab/lab-suite.ts'
import { runLook } from '../world/drill-look.ts'
import { type HttpWorld, httpServer, ok } from '../world/http-server.ts'
import { refusingPort } from '../world/tcp-server.ts'

const started: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const stop of started.splice(0).toReversed()) await stop()
})

/** An origin that fails on GET, names its methods and echoes TRACE, whatever Max-Forwards says. */
async function origin(): Promise<HttpWorld> {
  const server = await httpServer((request) => {
    if (request.startsWith('OPTIONS'))
      return { bytes: ok('', 'Allow: GET, HEAD, OPTIONS, TRACE\r\nServer: Shop\r\n') }
    if (request.startsWith('TRACE'))
      return { bytes: ok(request, 'Content-Type: message/http\r\nServer: Shop\r\n') }
    return { bytes: 'HTTP/1.1 500 Internal Server Error\r\nServer: Shop\r\nContent-Length: 4\r\n\r\noops' }
  })
  started.push(() => server.close())
  return server
}

/** Gateways in front of `last`, nearest the visitor first; gives the URL of the first. */
async function chain(names: GatewayName[], last: Upstream | 'dead'): Promise<string> {
  let upstream = last
  let url = ''
  for (const name of names.toReversed()) {
    const gateway = await startGateway(name, { upstream })
    started.push(gateway.stop)
    upstream = { host: '127.0.0.1', port: gateway.port }
    url = gateway.url
  }
  return url
}

async function walk(url: string, own: Parameters<typeof runLook>[2] = {}) {
  const run = await runLook(hops, url, own)
  if ('skipped' in run.looked) throw new Error(run.looked.skipped)
  const finding = run.looked.finding as HopsFinding
  return { ...run, finding, summary: run.looked.summary, names: finding.hops.map(({ server }) => server) }
}

/** Requests by what they carried: "OPTIONS 0", "GET -". */
function asked(finding: HopsFinding): string[] {
  return finding.asked.map(({ method, maxForwards }) => `${method} ${maxForwards ?? '-'}`)
}

labSuite(['nginx', 'apache2', 'squid', 'traffic_server'], 'hops, through real gateways', () => {
  test('nginx, Apache and a failing origin: one hop, its name although nginx hides it', async () => {
    const { finding, result, summary } = await walk(await chain(['nginx', 'apache'], await origin()))
    expect(result.failure?.number).toBe('500')
    expect(finding.hops).toMatchObject([{ number: 1, server: 'Apache', method: 'OPTIONS' }])
    expect(finding.hops[0]?.behind?.[0]).toMatch(/^nginx/)
    expect(finding.hops[0]?.howWeKnow).toContain('GET with Max-Forwards 0 (400)')
    expect(summary).toMatch(/^1 hop answers to Max-Forwards: Apache \(behind nginx/)
    // An answer that our own field caused is marked, so that nobody takes it for the site's.
    const own = finding.asked.filter(({ byHop }) => byHop !== null)
    expect(own.map(({ method, maxForwards, glance }) => [method, maxForwards, glance.status])).toEqual([
      ['OPTIONS', 0, 200],
      ['GET', 0, 400],
    ])
  })

  test('nginx, Apache and nobody behind: Apache is there, the site is not', async () => {
    const { finding, result } = await walk(await chain(['nginx', 'apache'], 'dead'))
    expect(result.failure?.number).toBe('503')
    expect(finding.hops.map(({ server }) => server)).toEqual(['Apache'])
  })

  test('Squid, Apache and an origin: two hops in order, and what they add', async () => {
    const { finding, names } = await walk(await chain(['squid', 'apache'], await origin()))
    expect(names).toEqual([expect.stringMatching(/^squid/), expect.stringMatching(/^Apache/)])
    expect(finding.added.map(([name]) => name)).toEqual(expect.arrayContaining(['Via', 'X-Forwarded-For']))
    expect(finding.asked.find(({ method }) => method === 'TRACE')?.echo).toContain('TRACE / HTTP/1.1')
  })

  test('Traffic Server is known by the methods that it alone allows', async () => {
    const { names } = await walk(await chain(['trafficserver'], await origin()))
    expect(names).toEqual([expect.stringMatching(/^ATS/)])
  })

  test('nginx alone heeds nothing: no hop, and no claim that there is none', async () => {
    const { finding, summary } = await walk(await chain(['nginx'], await origin()))
    expect(finding.hops).toEqual([])
    expect(summary).toMatch(/^no hop answers to Max-Forwards, which proves nothing/)
  })
})

describe('hops', () => {
  test('asks each method twice where nobody heeds the field, and no more', async () => {
    const server = await origin()
    const { finding, subject } = await walk(server.url)
    expect(asked(finding).toSorted()).toEqual([
      'GET -',
      'GET 0',
      'OPTIONS -',
      'OPTIONS 0',
      'TRACE -',
      'TRACE 0',
    ])
    // One request of the check itself.
    expect(server.requests.length).toBe(7)
    expect(subject.site.requestsLeft()).toBe(54)
  })

  test('a site that answers each request anew differently is no hop', async () => {
    const server = await httpServer((_request, count) => ({
      bytes:
        count % 2 === 0 ? ok('', `Server: a${count}\r\n`) : 'HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n',
    }))
    started.push(() => server.close())
    expect((await walk(server.url)).finding.hops).toEqual([])
  })

  test('never ends up in an endless chain: values are bounded', async () => {
    const server = await httpServer((request) => {
      const value = /max-forwards: (\d)/i.exec(request)?.[1]
      return { bytes: value === undefined ? ok('no') : ok('', 'Allow: TRACE\r\nServer: Apache\r\n') }
    })
    started.push(() => server.close())
    const { finding } = await walk(server.url)
    expect(asked(finding).filter((one) => one.startsWith('OPTIONS'))).toEqual([
      'OPTIONS -',
      'OPTIONS 0',
      'OPTIONS 1',
      'OPTIONS 2',
      'OPTIONS 3',
    ])
    expect(finding.hops.length).toBe(4)
  })

  test('leaves GET out when the check was not GET or HEAD, and TRACE when it carries a secret', async () => {
    const server = await origin()
    const post = await walk(server.url, { options: { method: 'POST', body: Buffer.from('a=1') } })
    expect(asked(post.finding).some((one) => one.startsWith('GET'))).toBe(false)
    expect(server.requests.filter((request) => request.startsWith('POST')).length).toBe(1)
    const secret = await walk(server.url, { options: { bearer: 'secret' } })
    expect(asked(secret.finding).some((one) => one.startsWith('TRACE'))).toBe(false)
  })

  test('is skipped when no connection came about, and when the budget is spent', async () => {
    const refused = await runLook(hops, `http://127.0.0.1:${await refusingPort()}/`)
    expect(refused.looked).toEqual({ skipped: 'the failure came before a request could be sent' })
    const server = await origin()
    const poor = await runLook(hops, server.url, { drill: { requests: 0 } })
    expect(poor.looked).toEqual({ skipped: 'the budget of requests to the site is spent' })
  })
})
