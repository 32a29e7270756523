// Every failure code of the contract, each seen on real sockets: how the world is broken, and the phase, number and
// outcome it must lead to. The type of the table makes sure that no code is left out.
import type { TLSSocket } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { check } from '../../src/engine/check.ts'
import { type CheckOptions, DEFAULT_LIMITS, DEFAULT_OPTIONS } from '../../src/model/check-options.ts'
import { FAILURE_CODES, type FailureCode } from '../../src/model/failure.ts'
import type { Phase } from '../../src/model/phase.ts'
import type { CheckResult, Outcome } from '../../src/model/result.ts'
import { systemIo } from '../../src/probe/io.ts'
import { alone, HOME_ADDRESSES, LOOPBACK_UP, NO_OWN_NETWORK, OWN_NETWORK } from '../world/alone.ts'
import { a, answer, cname, type DnsScript, startDnsServer, zone } from '../world/dns-server.ts'
import { type Answer, httpServer, ok, redirect } from '../world/http-server.ts'
import { issue, makeAuthority, stapleFor } from '../world/certificates.ts'
import { httpProxy } from '../world/proxy-server.ts'
import { timeOutDuring } from '../world/steer.ts'
import { earlyReset, listen, listenAndClose, refusingPort, silentAddress } from '../world/tcp-server.ts'
import {
  alerts,
  answers,
  breaksAtHello,
  type RunningServer,
  startRaw,
  startTls,
} from '../world/tls-server.ts'

interface Scenario {
  /** How the world is broken. */
  world: string
  phase: Phase
  number: string | null
  outcome?: Outcome
  /** It can only be had in a network of its own. */
  ownNetwork?: true
  run: () => Promise<CheckResult>
}

const NO_HOSTS = { ...systemIo, readText: () => null }

/** A check of `shop.test` against a name server that follows a script. */
async function resolving(script: DnsScript, host = 'shop.test'): Promise<CheckResult> {
  const server = await startDnsServer(script)
  try {
    return await check(`http://${host}/`, { resolvers: [{ ip: server.ip, port: server.port }] }, NO_HOSTS)
  } finally {
    await server.close()
  }
}

/** A check of a server that answers with these bytes. */
async function answered(bytes: string | Answer, options: Partial<CheckOptions> = {}): Promise<CheckResult> {
  await using server = await httpServer(bytes)
  return await check(server.url, options)
}

/** A check in a process of its own. */
const checkAlone = (prepare: string, wrapper: readonly string[], ...given: string[]): CheckResult =>
  alone('check-alone.ts', prepare, wrapper, ...given) as CheckResult

function expecting(own: Partial<CheckOptions['expect']>): Partial<CheckOptions> {
  return { expect: { ...DEFAULT_OPTIONS.expect, ...own } }
}

function through(proxy: string): Partial<CheckOptions> {
  return { proxy: { http: proxy, https: proxy, bypass: [] } }
}

async function refused(rules: Parameters<typeof httpProxy>[0]): Promise<CheckResult> {
  await using proxy = await httpProxy(rules)
  return await check('https://127.0.0.1:9/', through(`http://127.0.0.1:${proxy.port}`))
}

const { root, intermediate } = makeAuthority('Shop')
const LEAF = issue({ commonName: 'shop' }, intermediate)
const CHAIN = [LEAF, intermediate]
const inDays = (days: number): Date => new Date(Date.now() + days * 86_400_000)
/** The servers of TLS listen on IPv4 alone. */
const V4: Partial<CheckOptions> = { family: 4, tls: { ...DEFAULT_OPTIONS.tls, ca: root.pem } }

function answerOk(socket: TLSSocket): void {
  socket.once('data', () => socket.end(ok()))
}

/** A failure of the phase tls: a check of `localhost` with our own root trusted. */
function tls(
  world: string,
  start: () => Promise<RunningServer>,
  options: Partial<CheckOptions> = {},
): Scenario {
  const run = async (): Promise<CheckResult> => {
    const server = await start()
    try {
      return await check(`https://localhost:${server.port}/`, { ...V4, ...options })
    } finally {
      await server.stop()
    }
  }
  return { world, phase: 'tls', number: '009', run }
}

const SCENARIOS: Record<FailureCode, Scenario> = {
  bad_url: {
    world: 'a scheme that is none of ours',
    phase: 'url',
    number: '004',
    outcome: 'unknown',
    run: () => check('gopher://127.0.0.1/'),
  },
  dns_name_not_found: {
    world: 'the resolver says NXDOMAIN',
    phase: 'resolve',
    number: '001',
    run: () => resolving(zone({})),
  },
  dns_no_address: {
    world: 'the name exists without an address',
    phase: 'resolve',
    number: '001',
    run: () => resolving(zone({ 'shop.test': [] })),
  },
  dns_server_failure: {
    world: 'the resolver says SERVFAIL',
    phase: 'resolve',
    number: '001',
    run: () => resolving((query) => ({ send: answer(query, { rcode: 'SERVFAIL' }) })),
  },
  dns_refused: {
    world: 'the resolver says REFUSED',
    phase: 'resolve',
    number: '001',
    run: () => resolving((query) => ({ send: answer(query, { rcode: 'REFUSED' }) })),
  },
  dns_timed_out: {
    world: 'the resolver never answers',
    phase: 'resolve',
    number: '001',
    run: async () => {
      const server = await startDnsServer(() => 'drop')
      const { io } = timeOutDuring('dns_query')
      try {
        const resolvers = [{ ip: server.ip, port: server.port }]
        return await check('http://shop.test/', { resolvers }, { ...io, readText: () => null })
      } finally {
        await server.close()
      }
    },
  },
  dns_malformed_answer: {
    world: 'the answer is cut in the middle of a record',
    phase: 'resolve',
    number: '001',
    run: () =>
      resolving((query) => ({
        send: answer(query, { answers: [a('127.0.0.1', query.name)] }).subarray(0, -3),
      })),
  },
  dns_alias_loop: {
    world: 'two names are aliases of each other',
    phase: 'resolve',
    number: '001',
    run: () =>
      resolving(zone({ 'shop.test': [cname('www.shop.test')], 'www.shop.test': [cname('shop.test')] })),
  },
  dns_resolver_unreachable: {
    world: 'nothing listens where the resolver should be',
    phase: 'resolve',
    number: '001',
    outcome: 'unknown',
    run: async () => {
      const port = await refusingPort()
      return await check('http://shop.test/', { resolvers: [{ ip: '127.0.0.1', port }] }, NO_HOSTS)
    },
  },
  address_unusable: {
    world: 'the name points to 0.0.0.0',
    phase: 'resolve',
    number: '005',
    run: () => resolving(zone({ 'shop.test': [a('0.0.0.0')] })),
  },
  address_forbidden: {
    world: 'the policy denies the address the name points to',
    phase: 'connect',
    number: null,
    outcome: 'unknown',
    run: async () => {
      const server = await startDnsServer(zone({ 'shop.test': [a('127.0.0.1')] }))
      const resolvers = [{ ip: server.ip, port: server.port }]
      try {
        return await check(
          'http://shop.test/',
          { resolvers, addressPolicy: { allow: [], deny: ['127.0.0.0/8'] } },
          NO_HOSTS,
        )
      } finally {
        await server.close()
      }
    },
  },
  connect_refused: {
    world: 'nothing listens',
    phase: 'connect',
    number: '006',
    run: async () => check(`http://127.0.0.1:${await refusingPort()}/`),
  },
  host_unreachable: {
    world: 'a router says that the host cannot be reached',
    phase: 'connect',
    number: '005',
    ownNetwork: true,
    run: async () =>
      checkAlone(
        `${LOOPBACK_UP + HOME_ADDRESSES}ip route add unreachable 203.0.113.0/24; `,
        OWN_NETWORK ?? [],
        'http://203.0.113.1/',
      ),
  },
  network_unreachable: {
    world: 'there is no way to the network of the address',
    phase: 'connect',
    number: '005',
    ownNetwork: true,
    run: async () => checkAlone(LOOPBACK_UP + HOME_ADDRESSES, OWN_NETWORK ?? [], 'http://203.0.113.1/'),
  },
  connect_timed_out: {
    world: 'the SYN is never answered',
    phase: 'connect',
    number: '011',
    run: async () => {
      await using silent = await silentAddress()
      return await check(`http://127.0.0.1:${silent.port}/`, {}, timeOutDuring('connect').io)
    },
  },
  connect_reset: {
    world: 'the connection is reset as soon as it stands',
    phase: 'connect',
    number: '008',
    run: async () => {
      await using server = await earlyReset()
      const io = { ...systemIo }
      io.progress = (seen, open) => {
        if (open && seen.operation === 'connect') setImmediate(server.awaitReset)
      }
      return await check(`http://127.0.0.1:${server.port}/`, {}, io)
    },
  },
  proxy_refused: {
    world: 'nothing listens where the proxy should be',
    phase: 'connect',
    number: '008',
    outcome: 'unknown',
    run: async () => check('https://shop.test/', through(`http://127.0.0.1:${await refusingPort()}`)),
  },
  proxy_auth_required: {
    world: 'the proxy wants a password',
    phase: 'connect',
    number: '008',
    outcome: 'unknown',
    run: () => refused({ login: 'ann:secret' }),
  },
  proxy_denied: {
    world: 'the proxy does not let us go there',
    phase: 'connect',
    number: '008',
    outcome: 'unknown',
    run: () => refused({ deny: ['127.0.0.1:9'] }),
  },
  proxy_failed: {
    world: 'the proxy cannot reach the site',
    phase: 'connect',
    number: '008',
    run: () => refused({}),
  },
  tls_not_spoken: tls('a web server without TLS', async () =>
    startRaw(answers('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')),
  ),
  tls_timed_out: {
    ...tls('a peer that never answers the ClientHello', async () => startRaw(() => undefined)),
    run: async () => {
      const server = await startRaw(() => undefined)
      try {
        return await check(`https://localhost:${server.port}/`, V4, timeOutDuring('tls_handshake').io)
      } finally {
        await server.stop()
      }
    },
  },
  tls_reset: tls('a reset instead of a ServerHello', async () => startRaw(breaksAtHello('reset'))),
  tls_closed: tls('a close instead of a ServerHello', async () => startRaw(breaksAtHello('close'))),
  tls_version_unsupported: tls('a server that knows TLS 1.1 at most', async () =>
    startTls({ chain: CHAIN, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
  ),
  tls_no_shared_cipher: tls('a server with ciphers nobody offers', async () =>
    startTls({ chain: CHAIN, maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-CCM' }),
  ),
  tls_unrecognized_name: tls('a server that does not know the name', async () => startRaw(alerts(112))),
  tls_client_certificate_required: tls(
    'a client certificate wanted after the handshake of TLS 1.3',
    async () =>
      startTls({ chain: CHAIN, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.3' }),
  ),
  tls_no_application_protocol: tls('a server that speaks neither HTTP/1.1 nor HTTP/2', async () =>
    startTls({ chain: CHAIN, ALPNProtocols: ['smtp'] }),
  ),
  tls_alert: tls('a server with a fault of its own', async () => startRaw(alerts(80))),
  certificate_expired: tls('a certificate that ran out', async () =>
    startTls({ chain: [issue({ notAfter: inDays(-3) }, intermediate), intermediate] }),
  ),
  certificate_not_yet_valid: tls('a certificate of tomorrow', async () =>
    startTls({ chain: [issue({ notBefore: inDays(1), notAfter: inDays(9) }, intermediate), intermediate] }),
  ),
  certificate_wrong_host: tls('a certificate for another host', async () =>
    startTls({ chain: [issue({ names: ['other.test'] }, intermediate), intermediate] }),
  ),
  certificate_self_signed: tls('a certificate that signed itself', async () =>
    startTls({ chain: [issue({ commonName: 'box' })] }),
  ),
  certificate_untrusted: tls('a chain to a root nobody knows', async () => {
    const stranger = makeAuthority('Stranger')
    return startTls({ chain: [issue({}, stranger.intermediate), stranger.intermediate, stranger.root] })
  }),
  certificate_chain_incomplete: tls('a chain without its intermediate', async () =>
    startTls({ chain: [issue({ caIssuers: 'http://127.0.0.1/i.cer' }, intermediate)] }),
  ),
  certificate_revoked: tls('a staple that says revoked', async () =>
    startTls({ chain: CHAIN, staple: stapleFor(LEAF, intermediate, { status: 'revoked' }) }),
  ),
  certificate_weak: tls('an RSA key of 1024 bits', async () =>
    startTls({
      chain: [issue({ key: 'RSA-1024' }, intermediate), intermediate],
      ciphers: 'DEFAULT@SECLEVEL=0',
    }),
  ),
  send_reset: {
    world: 'the server resets while a long request is written',
    phase: 'send',
    number: '008',
    run: async () => {
      await using server = await listen((socket) => {
        socket.once('data', () => socket.resetAndDestroy())
      })
      return await check(`http://127.0.0.1:${server.port}/`, {
        method: 'POST',
        body: new Uint8Array(16 << 20),
      })
    },
  },
  send_timed_out: {
    world: 'the server does not read a long request',
    phase: 'send',
    number: '011',
    run: async () => {
      await using server = await listen((socket) => void socket.pause())
      const options = { method: 'POST', body: new Uint8Array(32 << 20) }
      return await check(`http://127.0.0.1:${server.port}/`, options, timeOutDuring('send').io)
    },
  },
  closed_without_answer: {
    world: 'the server closes without a word',
    phase: 'wait',
    number: '002',
    run: async () => {
      await using server = await listenAndClose()
      return await check(`http://127.0.0.1:${server.port}/`)
    },
  },
  reset_without_answer: {
    world: 'the server resets instead of answering',
    phase: 'wait',
    number: '008',
    run: () => answered({ bytes: '', ending: 'reset' }),
  },
  answer_timed_out: {
    world: 'the server never answers',
    phase: 'wait',
    number: '011',
    run: async () => {
      await using server = await listen((socket) => void socket.resume())
      return await check(`http://127.0.0.1:${server.port}/`, {}, timeOutDuring('wait').io)
    },
  },
  not_http: {
    world: 'an SSH server listens on the port',
    phase: 'receive',
    number: '003',
    run: () => answered('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'),
  },
  http09_answer: {
    world: 'a page without a status line',
    phase: 'receive',
    number: '003',
    run: () => answered('<html><body>hello</body></html>'),
  },
  status_line_malformed: {
    world: 'the status is a word',
    phase: 'receive',
    number: '003',
    run: () => answered('HTTP/1.1 twohundred OK\r\n\r\n'),
  },
  status_undefined: {
    world: 'the status is 700',
    phase: 'receive',
    number: '003',
    run: () => answered('HTTP/1.1 700 Strange\r\nContent-Length: 0\r\n\r\n'),
  },
  http_version_unsupported: {
    world: 'the status line claims HTTP/3.0',
    phase: 'receive',
    number: '003',
    run: () => answered('HTTP/3.0 200 OK\r\nContent-Length: 0\r\n\r\n'),
  },
  header_malformed: {
    world: 'a field line holds a NUL byte',
    phase: 'receive',
    number: '003',
    run: () => answered('HTTP/1.1 200 OK\r\nX-A: b\0c\r\nContent-Length: 0\r\n\r\n'),
  },
  header_too_large: {
    world: 'the head never ends',
    phase: 'receive',
    number: '003',
    run: () => answered(`HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(300 * 1024)}\r\n\r\n`),
  },
  framing_conflict: {
    world: 'two different lengths',
    phase: 'receive',
    number: '003',
    run: () => answered('HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!'),
  },
  chunk_malformed: {
    world: 'a chunk size that is no number',
    phase: 'receive',
    number: '003',
    run: () => answered('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n'),
  },
  header_truncated: {
    world: 'the server closes within the head',
    phase: 'receive',
    number: '008',
    run: () => answered('HTTP/1.1 200 OK\r\nContent-Le'),
  },
  body_truncated: {
    world: 'the server closes before the length it promised',
    phase: 'receive',
    number: '008',
    run: () => answered('HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello'),
  },
  body_reset: {
    world: 'the server resets within the body',
    phase: 'receive',
    number: '008',
    run: async () => {
      let sent: (() => void) | null = null
      await using server = await listen((socket) => {
        socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello'))
        sent = () => socket.resetAndDestroy()
      })
      const io = { ...systemIo }
      // The bytes are with us before the reset throws away what is still under way.
      io.progress = (seen, open) => {
        if (open && seen.operation === 'receive') sent?.()
      }
      return await check(`http://127.0.0.1:${server.port}/`, {}, io)
    },
  },
  receive_timed_out: {
    world: 'the body stops halfway and nobody closes',
    phase: 'receive',
    number: '007',
    run: async () => {
      await using server = await httpServer({
        bytes: 'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello',
        ending: 'stay',
      })
      return await check(server.url, {}, timeOutDuring('receive').io)
    },
  },
  body_undecodable: {
    world: 'the body is called gzip and is none',
    phase: 'receive',
    number: '003',
    run: () => answered(ok('hello', 'Content-Encoding: gzip\r\n'), expecting({ text: ['hello'] })),
  },
  redirect_loop: {
    world: 'the page redirects to itself',
    phase: 'receive',
    number: '302',
    run: () => answered(redirect('/')),
  },
  redirect_limit: {
    world: 'every page redirects to another',
    phase: 'receive',
    number: '307',
    run: async () => {
      await using server = await httpServer((_request, count) => ({ bytes: redirect(`/${count}`, 307) }))
      return await check(server.url)
    },
  },
  redirect_invalid: {
    world: 'a redirect without a Location',
    phase: 'receive',
    number: '301',
    run: () => answered('HTTP/1.1 301 Moved\r\nContent-Length: 0\r\n\r\n'),
  },
  status_unaccepted: {
    world: 'a gateway says 502',
    phase: 'status',
    number: '502',
    run: () => answered('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 3\r\n\r\nbad'),
  },
  text_missing: {
    world: 'the check word is not in the page',
    phase: 'content',
    number: '010',
    run: () => answered(ok('hello'), expecting({ text: ['Autumn catalogue'] })),
  },
  text_unwanted: {
    world: 'the page says what it must not say',
    phase: 'content',
    number: '010',
    run: () => answered(ok('database error'), expecting({ rejectText: ['database error'] })),
  },
  json_mismatch: {
    world: 'another value stands at the path',
    phase: 'content',
    number: '010',
    run: () => answered(ok('{"status":"red"}'), expecting({ json: [{ path: '$.status', value: 'green' }] })),
  },
  body_too_large: {
    world: 'the body is larger than we read',
    phase: 'content',
    number: '010',
    run: () =>
      answered(ok('x'.repeat(2000)), {
        limits: { ...DEFAULT_LIMITS, bodyBytes: 1000 },
        ...expecting({ text: ['at the end'] }),
      }),
  },
  certificate_expiring: {
    ...tls('a certificate with nine days left', async () => startTls({ chain: CHAIN, serve: answerOk }), {
      expect: { ...DEFAULT_OPTIONS.expect, certificateDays: 9000 },
    }),
    phase: 'content',
    number: null,
    outcome: 'degraded',
  },
  too_slow: {
    world: 'the answer takes longer than wanted',
    phase: 'content',
    number: null,
    outcome: 'degraded',
    run: () => answered(ok(), expecting({ maxMs: 0 })),
  },
  local_limit: {
    world: 'our process is out of file descriptors',
    phase: 'connect',
    number: null,
    outcome: 'unknown',
    run: async () => checkAlone('ulimit -n 40;', [], 'http://127.0.0.1:9/', '--exhaust'),
  },
  internal_error: {
    world: 'our own code breaks in the middle of a check',
    phase: 'connect',
    number: null,
    outcome: 'unknown',
    run: () => {
      const io = { ...systemIo }
      io.progress = (seen) => {
        if (seen.operation === 'connect') throw new Error('a bug of ours')
      }
      return check('http://127.0.0.1:9/', {}, io)
    },
  },
  cancelled: {
    world: 'the caller gives up while we wait',
    phase: 'wait',
    number: null,
    outcome: 'unknown',
    run: async () => {
      const control = new AbortController()
      await using server = await listen((socket) => {
        socket.once('data', () => control.abort())
      })
      return await check(`http://127.0.0.1:${server.port}/`, { signal: control.signal })
    },
  },
}

describe('every failure code on real sockets', () => {
  for (const [code, row] of Object.entries(SCENARIOS)) {
    it(`${code}: ${row.world}`, async (context) => {
      if (row.ownNetwork && !OWN_NETWORK) context.skip(NO_OWN_NETWORK)
      const result = await row.run()
      expect({ ...result.failure, outcome: result.outcome }).toMatchObject({
        code,
        phase: row.phase,
        number: row.number,
        outcome: row.outcome ?? 'down',
      })
      expect(result.failure?.raw).not.toBe('')
    })
  }

  it('leaves no code out', () => {
    expect(Object.keys(FAILURE_CODES).filter((code) => !(code in SCENARIOS))).toEqual([])
  })
})
