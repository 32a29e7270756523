// Reference sites: is it us or only this site? Real servers on loopback, one of them by name.
import { afterEach, describe, expect, test } from 'vitest'
import type { ReferencesFinding } from '../../src/model/drill.ts'
import references, { defaultReferences, lookAtReferences } from '../../src/probe/steps/drill/references.ts'
import { fakeClock } from '../fake-clock.ts'
import { a, answer, startDnsServer, zone } from '../world/dns-server.ts'
import { runLook } from '../world/drill-look.ts'
import { httpServer } from '../world/http-server.ts'
import { probeContext } from '../world/probe-context.ts'
import { refusingPort, silentAddress } from '../world/tcp-server.ts'

const open: { close(): Promise<void> }[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((world) => world.close()))
})

const HEAD_OK = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'

async function site(bytes = HEAD_OK) {
  const server = await httpServer(bytes)
  open.push(server)
  return server
}

async function dead(): Promise<string> {
  return `http://127.0.0.1:${await refusingPort()}/`
}

async function look(urls: string[], own: Parameters<typeof runLook>[2] = {}) {
  const run = await runLook(references, await dead(), { ...own, drill: { references: urls, ...own.drill } })
  if ('skipped' in run.looked) throw new Error(run.looked.skipped)
  return { ...run, summary: run.looked.summary, finding: run.looked.finding as ReferencesFinding }
}

describe('references', () => {
  test('all work: asked with HEAD and nothing of the check in it', async () => {
    const one = await site()
    const two = await site('HTTP/1.1 503 Busy\r\nContent-Length: 9\r\n\r\n')
    const { finding, summary } = await look([one.url, two.url], {
      options: { fields: [['X-Secret', 'word']], bearer: 'token', method: 'POST' },
    })
    expect(finding).toMatchObject({ kind: 'references', extent: 'all_work', onlyNamesFail: null })
    expect(summary).toBe('all 2 reference sites work from here')
    expect(one.requests.length).toBe(1)
    expect(one.requests[0]).toMatch(/^HEAD \/ HTTP\/1\.1\r\n/)
    expect(one.requests[0]).not.toMatch(/secret|token/i)
  })

  test('some fail, and which', async () => {
    const one = await site()
    const other = await dead()
    const { finding, summary } = await look([one.url, other])
    expect(finding.extent).toBe('some_fail')
    expect(finding.each.map(({ works, failure }) => [works, failure?.code])).toEqual([
      [true, undefined],
      [false, 'connect_refused'],
    ])
    expect(summary).toBe(`1 of 2 reference sites fail from here, too: ${new URL(other).host}`)
  })

  test('all fail', async () => {
    const { finding, summary } = await look([await dead(), await dead()])
    expect(finding.extent).toBe('all_fail')
    expect(summary).toBe('none of 2 reference sites can be reached from here')
  })

  test('only names fail: what is asked by address works', async () => {
    const one = await site()
    const dns = await startDnsServer((query) => ({ send: answer(query, { rcode: 'SERVFAIL' }) }))
    open.push(dns)
    const urls = [`http://www.shop.test:${one.port}/`, one.url]
    const { finding, summary } = await look(urls, { options: { resolvers: [dns] } })
    expect(finding).toMatchObject({ extent: 'some_fail', onlyNamesFail: true })
    expect(summary).toBe('reference sites fail by name and work by address: names are not resolved here')
  })

  test('a site by name that works says that names do', async () => {
    const one = await site()
    const dns = await startDnsServer(zone({ 'www.shop.test': [a('127.0.0.1')] }))
    open.push(dns)
    const urls = [`http://www.shop.test:${one.port}/`, one.url]
    const { finding } = await look(urls, { options: { resolvers: [dns] } })
    expect(finding).toMatchObject({ extent: 'all_work', onlyNamesFail: false })
  })

  test('a silent site is given up by itself, the others are kept', async () => {
    const silent = await silentAddress()
    open.push(silent)
    const one = await site()
    const clock = fakeClock()
    const ctx = probeContext({
      io: {
        clock,
        progress: ({ operation, output }, began) => {
          // The other one has said all; what is still open is the silent one.
          if (operation === 'receive' && !began && output) setImmediate(() => clock.advance(5_000))
        },
      },
    })
    const finding = await lookAtReferences([`http://127.0.0.1:${silent.port}/`, one.url], ctx)
    ctx.deadline.close()
    expect(finding.each.map(({ works, failure }) => [works, failure?.code])).toEqual([
      [false, 'connect_timed_out'],
      [true, undefined],
    ])
  })

  test('leaves out the site that was checked itself', async () => {
    const self = await dead()
    const run = await runLook(references, self, { drill: { references: [self] } })
    expect(run.looked).toEqual({ skipped: 'the only reference site is the one that was checked' })
  })

  test('is skipped for a target of this network, when none are given, and when there are none', async () => {
    const local = await runLook(references, await dead())
    expect(local.looked).toEqual({
      skipped: 'the site is of this machine or network: sites outside tell nothing about the way to it',
    })
    const none = await runLook(references, await dead(), { drill: { references: [] } })
    expect(none.looked).toEqual({ skipped: 'no reference sites are set' })
  })

  test('lookAtReferences() throws for what is no URL', async () => {
    const ctx = probeContext()
    await expect(lookAtReferences(['www.example.com'], ctx)).rejects.toThrow('is not a URL')
    ctx.deadline.close()
  })

  test('defaultReferences() are of several operators, and the last is an address', () => {
    const hosts = defaultReferences().map((url) => new URL(url).hostname)
    expect(new Set(hosts).size).toBeGreaterThanOrEqual(4)
    expect(hosts.at(-1)).toMatch(/^[\d.]+$|^\[[\da-f:]+\]$/)
  })
})
