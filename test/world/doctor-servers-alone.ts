// A program: what stands outside, in the network it is started in. `internet`: sites, known pages, resolvers of
// several kinds, a proxy; prints their ports as JSON. `portal`: answers everything on port 80 with a redirect.
import { createServer } from 'node:http'
import { a, aaaa, answer, type DnsScript, startDnsServer, zone } from './dns-server.ts'
import { httpProxy } from './proxy-server.ts'
import { listenOn } from './tcp-server.ts'

const HOUR_MS = 3_600_000
const SLOW_MS = 700
/** More than fits into two packets. */
const LARGE = 'x'.repeat(6_000)

/** One web server for all addresses of this network, whose clock differs from ours. */
async function site(port: number, fastMs: number): Promise<void> {
  const server = createServer((request, response) => {
    response.setHeader('Date', new Date(Date.now() + fastMs).toUTCString())
    if (request.url === '/generate_204') response.writeHead(204).end()
    else response.end(LARGE)
  })
  await listenOn(server, '::', port)
}

const GOOD = zone({
  'one.test': [a('203.0.113.1'), aaaa('2001:db8:f::1')],
  'two.test': [a('203.0.113.2'), aaaa('2001:db8:f::2')],
  'three.test': [a('203.0.113.3'), aaaa('2001:db8:f::3')],
})

const RESOLVERS: Record<string, [host: string, script: DnsScript]> = {
  good: ['198.51.100.53', GOOD],
  silent: ['198.51.100.54', () => 'drop'],
  refusing: ['198.51.100.55', (query) => ({ send: answer(query, { rcode: 'REFUSED' }) })],
  lying: [
    '198.51.100.56',
    (query) => ({
      send: answer(query, { answers: query.type === 'A' ? [a('203.0.113.66', query.name)] : [] }),
    }),
  ],
  slow: [
    '198.51.100.57',
    async (query) => {
      await new Promise((late) => setTimeout(late, SLOW_MS))
      return GOOD(query)
    },
  ],
}

if (process.argv[2] === 'portal') {
  const server = createServer((_request, response) => {
    response.writeHead(302, { Location: 'http://login.cafe.test/' }).end()
  })
  await listenOn(server, '::', 80)
  process.stdout.write('{}\n')
} else {
  await site(80, 0)
  await site(81, -HOUR_MS)
  const proxy = await httpProxy({ dial: { host: '203.0.113.1', port: 80 } }, '10.0.2.2')
  const servers: Record<string, { ip: string; port: number }> = {
    proxy: { ip: proxy.host, port: proxy.port },
  }
  for (const [name, [host, script]] of Object.entries(RESOLVERS)) {
    const { ip, port } = await startDnsServer(script, { host })
    servers[name] = { ip, port }
  }
  process.stdout.write(`${JSON.stringify(servers)}\n`)
}
