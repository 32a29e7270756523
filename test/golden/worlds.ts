// The worlds whose results are kept as golden files, one function each: real servers on loopback that behave well or
// not, and one real check of them. Run only to record; the tests read the files.
import { gzipSync } from 'node:zlib'
import { check } from '../../src/engine/check.ts'
import {
  type CheckOptions,
  DEFAULT_DRILL,
  DEFAULT_LIMITS,
  DEFAULT_OPTIONS,
} from '../../src/model/check-options.ts'
import type { CheckResult } from '../../src/model/result.ts'
import { systemIo } from '../../src/probe/io.ts'
import { issue, makeAuthority } from '../world/certificates.ts'
import { a, aaaa, answer, cname, startDnsServer, zone } from '../world/dns-server.ts'
import { type Answer, httpServer, ok, redirect, type Script } from '../world/http-server.ts'
import { httpProxy } from '../world/proxy-server.ts'
import { listen, refusingPort } from '../world/tcp-server.ts'
import { answers, startRaw, startTls } from '../world/tls-server.ts'

const NO_HOSTS = { ...systemIo, readText: () => null }

const NGINX_502 = `<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n`

/** A check of a name that a resolver of ours knows. */
async function named(
  records: Parameters<typeof zone>[0],
  urlOf: (host: string) => string,
  options: Partial<CheckOptions> = {},
): Promise<CheckResult> {
  const dns = await startDnsServer(zone(records))
  try {
    return await check(
      urlOf('shop.test'),
      { resolvers: [{ ip: dns.ip, port: dns.port }], ...options },
      NO_HOSTS,
    )
  } finally {
    await dns.close()
  }
}

/** A check of a server that answers with these bytes. */
async function answered(
  script: Script | Answer | string,
  options: Partial<CheckOptions> = {},
): Promise<CheckResult> {
  await using server = await httpServer(script)
  return await check(server.url, options)
}

function page(status: string, fields: string, body: string | Uint8Array): Answer {
  const head = `HTTP/1.1 ${status}\r\n${fields}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`
  return { bytes: Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body as string)]) }
}

/** A check of a TLS server for shop.test with the given leaf. */
async function secured(
  leaf: { names: string[]; days: number },
  options: Partial<CheckOptions> = {},
): Promise<CheckResult> {
  const { root, intermediate } = makeAuthority('Golden')
  const now = Date.now()
  const notBefore = new Date(now - 90 * 86_400_000)
  const notAfter = new Date(now + leaf.days * 86_400_000)
  const issued = issue(
    { commonName: leaf.names[0] ?? '', names: leaf.names, notBefore, notAfter },
    intermediate,
  )
  const server = await startTls({
    chain: [issued, intermediate],
    serve: (socket) => void socket.on('data', () => socket.end(ok('secured', 'Server: golden\r\n'))),
  })
  try {
    return await named({ 'shop.test': [a('127.0.0.1')] }, (host) => `https://${host}:${server.port}/`, {
      tls: { ...DEFAULT_OPTIONS.tls, ca: root.pem },
      ...options,
    })
  } finally {
    await server.stop()
  }
}

function expecting(expect: Partial<CheckOptions['expect']>): Partial<CheckOptions> {
  return { expect: { ...DEFAULT_OPTIONS.expect, ...expect } }
}

/** With the drill, and nobody outside of this machine to compare with. */
const LOOKED_THROUGH = {
  drill: { ...DEFAULT_DRILL, when: 'on-failure', references: [], resolvers: [], roots: [] },
} satisfies Partial<CheckOptions>

/** What is checked and how the world is broken, by the name of the golden files. */
export const WORLDS: Record<string, () => Promise<CheckResult>> = {
  healthy: () =>
    answered(
      ok('hello', 'Server: golden\r\nContent-Type: text/plain\r\n'),
      expecting({ text: ['hello'], status: [[200, 200]] }),
    ),

  'healthy-kept': () => answered(ok('hello', 'Content-Type: text/plain\r\n'), { keepRaw: true }),

  'bad-gateway': async () => {
    await using server = await httpServer(
      page('502 Bad Gateway', 'Server: nginx/1.22.1\r\nContent-Type: text/html\r\n', NGINX_502),
    )
    return await named(
      { 'shop.test': [cname('edge.shop.test')], 'edge.shop.test': [a('127.0.0.1')] },
      (host) => `http://${host}:${server.port}/`,
    )
  },

  refused: async () => check(`http://127.0.0.1:${await refusingPort()}/`),

  'all-addresses-refused': async () => {
    const port = await refusingPort()
    return await named(
      { 'shop.test': [a('127.0.0.1'), a('127.0.0.2'), aaaa('::1')] },
      (host) => `http://${host}:${port}/`,
    )
  },

  'one-address-dead': async () => {
    await using server = await httpServer(ok())
    return await named(
      { 'shop.test': [a('127.0.0.1'), aaaa('::1')] },
      (host) => `http://${host}:${server.port}/`,
    )
  },

  'name-not-found': () => named({}, (host) => `http://${host}/`),

  'resolver-fails': async () => {
    const dns = await startDnsServer((query) => ({
      send: answer(query, {
        rcode: 'SERVFAIL',
        errors: [{ code: 6, text: 'no valid \x1b[31mRRSIG' }],
      }),
    }))
    try {
      return await check('https://shop.test/', { resolvers: [{ ip: dns.ip, port: dns.port }] }, NO_HOSTS)
    } finally {
      await dns.close()
    }
  },

  'redirect-to-error': () =>
    answered((request) =>
      request.startsWith('GET /error')
        ? page('503 Service Unavailable', 'Retry-After: 120\r\nContent-Type: text/plain\r\n', 'back soon')
        : { bytes: redirect('/error', 301) },
    ),

  'malformed-header': () =>
    answered('HTTP/1.1 200 OK\r\nServer: golden\r\nX-Bad: a\0b\r\nContent-Length: 2\r\n\r\nhi'),

  'hostile-page': () =>
    answered(
      page(
        '500 \x1b[2J\x1b]0;owned\x07 ```',
        'X-Evil: \x9b31m | <script>\r\nServer: `@everyone`\r\nContent-Type: text/html; charset=utf-8\r\n',
        '<title>\u202eevil\u2066 \x1b[31mred</title>\n```\n# owned | @everyone <img src=x>\n漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字\n' +
          `e${'\u0301'.repeat(40)} zero\u200bwidth\u2028separator\n`,
      ),
    ),

  'coded-error': () =>
    answered(
      page(
        '500 Internal Server Error',
        'Content-Type: text/plain; charset=utf-8\r\nContent-Encoding: gzip\r\n',
        gzipSync('out of cheese: größer\n'),
      ),
    ),

  'binary-error': () =>
    answered(
      page(
        '500 Internal Server Error',
        'Content-Type: image/png\r\n',
        Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
      ),
    ),

  'check-word-missing': () =>
    answered(ok('<h1>welcome</h1>'), expecting({ text: ['Welcome'], rejectText: ['Fatal'] })),

  'json-mismatch': () =>
    answered(
      ok('{"status":"failing","parts":[1,2]}'),
      expecting({
        json: [
          { path: 'parts[1]', value: 2 },
          { path: 'status', value: 'ok' },
        ],
      }),
    ),

  'not-http': async () => {
    await using server = await listen((socket) => void socket.end('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'))
    return await check(`http://127.0.0.1:${server.port}/`)
  },

  'no-answer': async () => {
    await using server = await listen()
    return await check(`http://127.0.0.1:${server.port}/`, { limits: { ...DEFAULT_LIMITS, totalMs: 300 } })
  },

  'body-cut': () => answered({ bytes: 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this' }),

  'too-slow': () => answered(ok(), expecting({ maxMs: 0.001 })),

  'proxy-denies': async () => {
    await using proxy = await httpProxy({ deny: ['shop.test:443'] })
    const url = `http://127.0.0.1:${proxy.port}`
    return await check('https://shop.test/', { proxy: { http: url, https: url, bypass: [] } })
  },

  secured: () => secured({ names: ['shop.test'], days: 60 }),
  'certificate-expired': () => secured({ names: ['shop.test'], days: -3 }),
  'certificate-wrong-host': () => secured({ names: ['other.test', '*.other.test'], days: 60 }),
  'certificate-expiring': () =>
    secured({ names: ['shop.test'], days: 5 }, expecting({ certificateDays: 14 })),

  'plain-behind-https': async () => {
    const server = await startRaw(
      answers('HTTP/1.1 400 Bad Request\r\nServer: golden\r\nContent-Length: 0\r\n\r\n'),
    )
    try {
      return await check(`https://127.0.0.1:${server.port}/`)
    } finally {
      await server.stop()
    }
  },

  // With the further looks and the diagnosis, as the command line does it.
  'looked-through-gateway': async () => {
    await using server = await httpServer(
      page(
        '502 Bad Gateway',
        'Server: nginx/1.22.1\r\nContent-Type: text/html\r\nX-Request-Id: 8c1d22aa-4f\r\nRetry-After: 30\r\n',
        NGINX_502,
      ),
    )
    return await named(
      { 'shop.test': [a('127.0.0.1')] },
      (host) => `http://${host}:${server.port}/`,
      LOOKED_THROUGH,
    )
  },

  'looked-through-addresses': async () => {
    await using server = await httpServer(ok('hello from the shop'))
    return await named(
      { 'shop.test': [a('127.0.0.1'), a('127.0.0.2')] },
      (host) => `http://${host}:${server.port}/`,
      { ...LOOKED_THROUGH, drill: { ...LOOKED_THROUGH.drill, when: 'always' } },
    )
  },

  'looked-through-refused': async () => check(`http://127.0.0.1:${await refusingPort()}/`, LOOKED_THROUGH),
}
