// Every gateway of the lab, healthy and in front of a dead upstream, as a check and the command line see it.
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { check } from '../../src/engine/check.ts'
import { DEFAULT_OPTIONS } from '../../src/model/check-options.ts'
import type { CheckResult } from '../../src/model/result.ts'
import { issue } from '../world/certificates.ts'
import { GATEWAYS, type GatewayName } from './gateways.ts'
import { type RunningGateway, startGateway } from './lab.ts'
import { labSuite } from './lab-suite.ts'

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts')
const PAGE = '<!doctype html><title>Shop</title><p>All is well.'

let origin: Server

beforeAll(async () => {
  origin = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html')
    response.end(PAGE)
  }).listen(0, '127.0.0.1')
  await once(origin, 'listening')
})

afterAll(() => void origin.close())

/** The command line in a process of its own: exit status and what it printed. */
function run(...args: string[]): Promise<{ status: number; stdout: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], (error, stdout) => {
      resolve({ status: error ? Number(error.code) : 0, stdout })
    })
  })
}

for (const name of Object.keys(GATEWAYS) as GatewayName[]) {
  labSuite([GATEWAYS[name].program], `check() through ${name}`, () => {
    describe('with a living upstream', () => {
      let gateway: RunningGateway

      beforeAll(async () => {
        const { port } = origin.address() as AddressInfo
        gateway = await startGateway(name, { upstream: { host: '127.0.0.1', port } })
      })
      afterAll(() => gateway?.stop())

      test('is up, with every phase timed and the page read whole', async () => {
        const result = await check(gateway.url, { keepRaw: true })
        const [exchange] = result.exchanges
        expect(result.failure, gateway.log()).toBeNull()
        expect(result.outcome).toBe('up')
        expect(exchange?.response).toMatchObject({
          status: 200,
          bodyBytes: PAGE.length,
          bodyTruncated: false,
        })
        expect(rawText(result)).toContain(PAGE)
        expect(exchange?.address).toEqual({ ip: '127.0.0.1', port: gateway.port, family: 4 })
        expect(exchange?.timings).toEqual({
          resolve: expect.any(Number),
          connect: expect.any(Number),
          tls: null,
          send: expect.any(Number),
          wait: expect.any(Number),
          receive: expect.any(Number),
        })
      })
    })

    if (GATEWAYS[name].tls) {
      describe('over TLS', () => {
        const root = issue({ commonName: 'Lab Root', ca: true })
        const leaf = issue({ names: ['127.0.0.1'] }, root)
        let gateway: RunningGateway

        beforeAll(async () => {
          gateway = await startGateway(name, {
            upstream: 'dead',
            tls: { certificate: leaf.pem, key: leaf.keyPem },
          })
        })
        afterAll(() => gateway?.stop())

        test('is verified against our root, and the answer behind it judged', async () => {
          const tls = { ...DEFAULT_OPTIONS.tls, ca: root.pem }
          const result = await check(gateway.url, { tls })
          expect(result.failure?.code, gateway.log()).toBe('status_unaccepted')
          const [exchange] = result.exchanges
          expect(exchange?.tls).toMatchObject({ version: 'TLSv1.3', verified: true, problems: [] })
          expect(exchange?.tls?.certificates[0]?.names).toContain('127.0.0.1')
          expect(exchange?.timings.tls).toBeGreaterThan(0)
        })

        test('is down for a visitor who does not know our root', async () => {
          const { outcome, failure, exchanges } = await check(gateway.url)
          expect(outcome).toBe('down')
          expect(failure).toMatchObject({ phase: 'tls', number: '009' })
          expect(['certificate_untrusted', 'certificate_chain_incomplete']).toContain(failure?.code)
          expect(exchanges[0]?.response).toBeNull()
        })
      })
    }

    describe('with a dead upstream', () => {
      const status = GATEWAYS[name].deadUpstream
      let gateway: RunningGateway

      beforeAll(async () => {
        gateway = await startGateway(name, { upstream: 'dead' })
      })
      afterAll(() => gateway?.stop())

      test(`is down with ${status}, phase status, and keeps the bytes`, async () => {
        const result = await check(gateway.url)
        expect(result.outcome, gateway.log()).toBe('down')
        expect(result.failure).toMatchObject({
          phase: 'status',
          code: 'status_unaccepted',
          number: String(status),
        })
        expect(result.exchanges).toHaveLength(1)
        expect(rawText(result)).toMatch(new RegExp(`^HTTP/1\\.[01] ${status} `))
      })

      test('ends the command line with exit status 2 and shows what came', async () => {
        const { status: exit, stdout } = await run(gateway.url, '--no-color')
        expect(exit).toBe(2)
        expect(stdout).toContain(String(status))
        const printed = await run(gateway.url, '--json')
        const { failure, exchanges } = JSON.parse(printed.stdout) as CheckResult
        expect(failure?.code).toBe('status_unaccepted')
        expect(exchanges[0]?.response?.raw).toBeTruthy()
      })
    })
  })
}

function rawText(result: CheckResult): string {
  return Buffer.from(result.exchanges.at(-1)?.response?.raw ?? '', 'base64').toString('latin1')
}
