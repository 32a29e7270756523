// The phase tls on real sockets: every way in which it ends, and what is written down of it.
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { DEFAULT_OPTIONS, type TlsOptions } from '../../src/model/check-options.ts'
import { WhydownError } from '../../src/model/error.ts'
import { FAILURE_CODES, type FailureCode } from '../../src/model/failure.ts'
import type { Observation } from '../../src/model/observation.ts'
import type { TlsFacts } from '../../src/model/result.ts'
import type { ProbeContext } from '../../src/probe/context.ts'
import {
  type Handshaken,
  type HandshakeOptions,
  handshake,
  prepareTls,
} from '../../src/probe/steps/handshake.ts'
import { GREETING_WAIT_MS } from '../../src/probe/tls/plaintext-look.ts'
import { tlsFailureDuringExchange } from '../../src/probe/tls/exchange-failure.ts'
import { LOOP_LATE_MS } from '../../src/util/deadline.ts'
import { fakeClock } from '../fake-clock.ts'
import {
  CLIENT_AUTH,
  issue,
  makeAuthority,
  OCSP_SIGNING,
  SERVER_AUTH,
  stapleFor,
} from '../world/certificates.ts'
import { probeContext } from '../world/probe-context.ts'
import {
  alerts,
  answers,
  type Behaviour,
  breaksAtConnect,
  breaksAtHello,
  type Cut,
  greets,
  type RunningServer,
  record,
  serverHello,
  startCutting,
  resetUnder,
  startRaw,
  startSpoiling,
  startTls,
} from '../world/tls-server.ts'

const DAY_MS = 86_400_000
const inDays = (days: number): Date => new Date(Date.now() + days * DAY_MS)

const { root, intermediate } = makeAuthority('Shop')
const leaf = issue({ commonName: 'shop' }, intermediate)
const stranger = makeAuthority('Stranger')
const strangersLeaf = issue({}, stranger.intermediate)
const expiredRoot = issue({ commonName: 'Expired Root', ca: true, notAfter: inDays(-5) })
const TRUSTED: TlsOptions = { ...DEFAULT_OPTIONS.tls, ca: root.pem }

const running: RunningServer[] = []
afterAll(() => Promise.all(running.map((server) => server.stop())))

async function keep(starting: Promise<RunningServer>): Promise<RunningServer> {
  const server = await starting
  running.push(server)
  return server
}

/** A server of TLS with this chain. */
const serving =
  (chain: (typeof leaf)[], more: Partial<Parameters<typeof startTls>[0]> = {}) =>
  () =>
    keep(startTls({ chain, ...more }))
/** A server that does anything else. */
const doing = (behave: Behaviour) => () => keep(startRaw(behave))
/** A real handshake of which so many bytes of the server arrive. */
const cutting = (after: number | 'first flight', how: Cut) => async () => {
  const server = await keep(startTls({ chain: [leaf, intermediate], maxVersion: 'TLSv1.2' }))
  return keep(startCutting(server.port, after, how))
}

interface Meeting extends Handshaken {
  seen: Observation
  observations: Observation[]
  connections: number
}

interface Approach {
  host?: string
  tls?: Partial<TlsOptions>
  options?: Partial<HandshakeOptions>
  ctx?: ProbeContext
  ip?: string
}

/** Connects, shakes hands and hangs up. */
async function meet(server: RunningServer, approach: Approach = {}): Promise<Meeting> {
  const { host = 'localhost', ip = '127.0.0.1' } = approach
  const tls = approach.tls ? { ...TRUSTED, ...approach.tls } : TRUSTED
  const ctx = approach.ctx ?? probeContext({ options: { tls } })
  const socket = connect(server.port, ip)
  await once(socket, 'connect')
  const options = { alpn: ['http/1.1'], ...approach.options }
  const shaken = await handshake(socket, { host, port: server.port, ip }, ctx, options)
  ctx.deadline.close()
  shaken.socket?.destroy()
  const { observations } = ctx.recorder
  const [seen] = observations
  if (!seen) throw new Error('nothing was written down')
  return { ...shaken, seen, observations, connections: server.connections() }
}

interface Situation extends Approach {
  name: string
  world: () => Promise<RunningServer>
  /** The failure, null when all is well. */
  code: FailureCode | null
  /** What the failure says. */
  raw?: RegExp
  /** All objections to the certificate, the first being the failure. */
  problems?: FailureCode[]
  /** Notes on the handshake. */
  notes?: RegExp
  /** What else the evidence has to show. */
  shows?: (facts: TlsFacts, meeting: Meeting) => void
}

const GOOD: Situation[] = [
  {
    name: 'a chain as it should be, TLS 1.3',
    world: serving([leaf, intermediate]),
    code: null,
    shows: (facts, { seen, socket }) => {
      expect(facts).toMatchObject({ version: 'TLSv1.3', sni: 'localhost', verified: true, ocsp: null })
      expect(facts.keyExchange).toBe('X25519')
      expect(facts.cipher).toMatch(/^TLS_AES_/)
      expect(facts.clientCertificateRequested).toBe(false)
      // The root is known to us and was not sent: it must not be listed.
      expect(facts.certificates.map((one) => one.subject)).toEqual([
        'CN=shop, O=Whydown Test',
        'CN=Shop Intermediate, O=Whydown Test',
      ])
      expect(facts.certificates[0]).toMatchObject({
        daysLeft: 79,
        key: 'EC P-256',
        signature: 'ecdsa-with-SHA256',
        names: ['localhost', '127.0.0.1', '::1'],
        isCa: false,
        selfSigned: false,
      })
      expect(facts.certificates[1]?.isCa).toBe(true)
      expect(seen.input).toEqual({ serverName: 'localhost', alpn: ['http/1.1'], verify: true })
      expect(seen.output).toMatchObject({
        version: 'TLSv1.3',
        certificates: facts.certificates,
        problems: [],
      })
      expect(socket).not.toBeNull()
    },
  },
  {
    name: 'the same in TLS 1.2',
    world: serving([leaf, intermediate], { maxVersion: 'TLSv1.2' }),
    code: null,
    shows: (facts) =>
      expect(facts).toMatchObject({ version: 'TLSv1.2', verified: true, keyExchange: 'X25519' }),
  },
  {
    name: 'TLS 1.2 without forward secrecy',
    world: serving([issue({ key: 'RSA-2048' }, intermediate), intermediate], {
      maxVersion: 'TLSv1.2',
      ciphers: 'AES128-GCM-SHA256',
    }),
    code: null,
    shows: (facts) =>
      expect(facts).toMatchObject({ cipher: 'TLS_RSA_WITH_AES_128_GCM_SHA256', keyExchange: 'RSA' }),
  },
  {
    name: 'application protocols in common',
    world: serving([leaf, intermediate], { ALPNProtocols: ['h2', 'http/1.1'] }),
    options: { alpn: ['h2', 'http/1.1'] },
    code: null,
    shows: (facts) => expect(facts.alpn).toBe('h2'),
  },
  {
    name: 'no application protocols offered',
    world: serving([leaf, intermediate], { ALPNProtocols: ['http/1.1'] }),
    options: { alpn: null },
    code: null,
    shows: (facts, { seen }) => {
      expect(facts.alpn).toBeNull()
      expect(seen.input['alpn']).toBeNull()
    },
  },
  {
    name: 'the root sent along',
    world: serving([leaf, intermediate, root]),
    code: null,
    shows: (facts) => expect(facts.certificates.map((one) => one.selfSigned)).toEqual([false, false, true]),
  },
  {
    name: 'a chain in disorder with a stranger in it',
    world: serving([leaf, stranger.root, root, intermediate]),
    code: null,
    shows: (facts) => expect(facts.certificates).toHaveLength(4),
  },
  {
    name: 'an expired certificate sent along that is not needed',
    world: serving([leaf, issue({ ca: true, notAfter: inDays(-3) }, stranger.root), intermediate]),
    code: null,
  },
  {
    name: 'an IP address, for which no name is sent',
    world: serving([leaf, intermediate]),
    host: '127.0.0.1',
    code: null,
    shows: (facts, { seen }) => {
      expect(facts.sni).toBeNull()
      expect(seen.input['serverName']).toBeNull()
    },
  },
  {
    name: 'an IPv6 address in brackets',
    world: serving([leaf, intermediate], { host: '::1' }),
    host: '[::1]',
    ip: '::1',
    code: null,
    shows: (facts) => expect(facts.sni).toBeNull(),
  },
  {
    name: 'a host with the dot of the root zone',
    world: serving([leaf, intermediate]),
    host: 'localhost.',
    code: null,
    shows: (facts) => expect(facts.sni).toBe('localhost'),
  },
  {
    name: 'a wildcard',
    world: serving([issue({ names: ['*.shop.test'] }, intermediate), intermediate]),
    host: 'www.shop.test',
    code: null,
  },
  {
    name: 'another server name asked for, and the certificate is for that',
    world: serving([issue({ names: ['inner.test'] }, intermediate), intermediate]),
    tls: { serverName: 'inner.test' },
    code: null,
    shows: (facts) => expect(facts.sni).toBe('inner.test'),
  },
  {
    name: 'no server name sent, and the certificate is for the host all the same',
    world: serving([leaf, intermediate]),
    tls: { serverName: false },
    code: null,
    shows: (facts) => expect(facts.sni).toBeNull(),
  },
  {
    name: 'an Ed25519 key',
    world: serving([issue({ key: 'Ed25519' }, intermediate), intermediate]),
    code: null,
    shows: (facts) => expect(facts.certificates[0]?.key).toBe('Ed25519'),
  },
  {
    name: 'a chain of RSA 2048',
    world: serving([issue({ key: 'RSA-2048' }, intermediate), intermediate]),
    code: null,
    shows: (facts) => expect(facts.certificates[0]?.key).toBe('RSA 2048'),
  },
  {
    name: 'an intermediate given as trusted',
    world: serving([leaf, intermediate]),
    tls: { ca: intermediate.pem },
    code: null,
  },
  ...(() => {
    const lone = issue({ commonName: 'lone' })
    return [
      {
        name: 'a self-signed certificate given as trusted',
        world: serving([lone]),
        tls: { ca: lone.pem },
        code: null,
      },
    ]
  })(),
  {
    name: 'name constraints that are kept',
    world: (() => {
      const bound = issue({ commonName: 'Bound', ca: true, permittedDns: ['shop.test'] }, root)
      return serving([issue({ names: ['www.shop.test'] }, bound), bound])
    })(),
    host: 'www.shop.test',
    code: null,
  },
  {
    name: 'a good answer stapled',
    world: serving([leaf, intermediate], { staple: stapleFor(leaf, intermediate) }),
    code: null,
    shows: (facts) => expect(facts.ocsp).toMatchObject({ status: 'good', verified: true, revokedAt: null }),
  },
  {
    name: 'a good answer stapled, by a responder with a certificate of its own',
    world: (() => {
      const responder = issue(
        { commonName: 'Responder', names: null, purposes: [OCSP_SIGNING] },
        intermediate,
      )
      return serving([leaf, intermediate], { staple: stapleFor(leaf, intermediate, { responder }) })
    })(),
    code: null,
    shows: (facts) => expect(facts.ocsp).toMatchObject({ status: 'good', verified: true }),
  },
  {
    name: 'a stapled answer by a responder that was not appointed',
    world: (() => {
      const responder = issue({ commonName: 'Impostor', names: null, purposes: [SERVER_AUTH] }, intermediate)
      return serving([leaf, intermediate], {
        staple: stapleFor(leaf, intermediate, { responder, status: 'revoked' }),
      })
    })(),
    code: null,
    notes: /not that of the issuer/,
    shows: (facts) => expect(facts.ocsp).toMatchObject({ status: 'revoked', verified: false }),
  },
  {
    name: 'a stapled answer that is out of date',
    world: serving([leaf, intermediate], {
      staple: stapleFor(leaf, intermediate, { thisUpdate: inDays(-9), nextUpdate: inDays(-2) }),
    }),
    code: null,
    notes: /out of date since/,
    shows: (facts) => expect(facts.ocsp?.status).toBe('good'),
  },
  {
    name: 'a stapled answer of the future',
    world: serving([leaf, intermediate], {
      staple: stapleFor(leaf, intermediate, { thisUpdate: inDays(1) }),
    }),
    code: null,
    notes: /of the future/,
  },
  {
    name: 'a stapled "revoked" with a forged signature',
    world: serving([leaf, intermediate], {
      staple: stapleFor(leaf, intermediate, { status: 'revoked', forged: true }),
    }),
    code: null,
    notes: /not that of the issuer/,
    shows: (facts) => expect(facts.ocsp).toMatchObject({ status: 'revoked', verified: false }),
  },
  {
    name: 'a stapled answer about another certificate',
    world: serving([leaf, intermediate], {
      staple: stapleFor(leaf, intermediate, { serialNumber: 77, status: 'revoked' }),
    }),
    code: null,
    notes: /another certificate/,
    shows: (facts) => expect(facts.ocsp?.status).toBe('unreadable'),
  },
  {
    name: 'a stapled answer by another authority about the same number',
    world: serving([leaf, intermediate], {
      staple: stapleFor(leaf, stranger.intermediate, { status: 'revoked' }),
    }),
    code: null,
    notes: /another certificate/,
  },
  {
    name: 'a stapled "unknown"',
    world: serving([leaf, intermediate], { staple: stapleFor(leaf, intermediate, { status: 'unknown' }) }),
    code: null,
    shows: (facts) => expect(facts.ocsp?.status).toBe('unknown'),
  },
  {
    name: 'a staple of rubbish',
    world: serving([leaf, intermediate], { staple: Buffer.from('not an answer') }),
    code: null,
    notes: /of no use/,
    shows: (facts) => expect(facts.ocsp?.status).toBe('unreadable'),
  },
  {
    name: 'a certificate that demands a staple, and none comes',
    world: serving([issue({ mustStaple: true }, intermediate), intermediate]),
    code: null,
    notes: /demands a stapled OCSP answer/,
  },
  {
    name: 'a client certificate wanted but not required',
    world: serving([leaf, intermediate], { requestCert: true, rejectUnauthorized: false }),
    code: null,
    shows: (facts) => expect(facts.clientCertificateRequested).toBe(true),
  },
  {
    name: 'a client certificate wanted but not required, TLS 1.2',
    world: serving([leaf, intermediate], {
      requestCert: true,
      rejectUnauthorized: false,
      maxVersion: 'TLSv1.2',
    }),
    code: null,
    shows: (facts) => expect(facts.clientCertificateRequested).toBe(true),
  },
  {
    name: 'a client certificate required and sent',
    world: serving([leaf, intermediate], { requestCert: true, ca: stranger.root.pem, maxVersion: 'TLSv1.2' }),
    tls: {
      certificate: strangersLeaf.pem + stranger.intermediate.pem,
      key: strangersLeaf.keyPem,
    },
    code: null,
    shows: (facts) => expect(facts.clientCertificateRequested).toBe(true),
  },
]

const CERTIFICATES: Situation[] = [
  {
    name: 'expired',
    world: serving([issue({ commonName: 'shop', notAfter: inDays(-3) }, intermediate), intermediate]),
    code: 'certificate_expired',
    raw: /^the server's certificate \(CN=shop, .*\) expired 20\d\d-.*Z, 3 days ago$/,
    problems: ['certificate_expired'],
    shows: (facts, { socket }) => {
      expect(facts.certificates[0]?.daysLeft).toBe(-4)
      expect(facts.verified).toBe(false)
      // A drill may go on with it.
      expect(socket).not.toBeNull()
    },
  },
  {
    name: 'an expired intermediate above a good certificate',
    world: (() => {
      const old = issue({ commonName: 'Old', ca: true, notAfter: inDays(-1.5) }, root)
      return serving([issue({}, old), old])
    })(),
    code: 'certificate_expired',
    raw: /^the intermediate \(CN=Old, .*1 day ago$/,
  },
  {
    name: 'an expired root that was trusted',
    world: serving([issue({}, expiredRoot)]),
    tls: { ca: expiredRoot.pem },
    code: 'certificate_expired',
    raw: /^the root \(CN=Expired Root/,
  },
  {
    name: 'not yet valid',
    world: serving([issue({ notBefore: inDays(1) }, intermediate), intermediate]),
    code: 'certificate_not_yet_valid',
    raw: /valid from .*, and our clock says /,
    problems: ['certificate_not_yet_valid'],
  },
  {
    name: 'for another host',
    world: serving([issue({ names: ['a.test', '*.b.test', '192.0.2.1'] }, intermediate), intermediate]),
    code: 'certificate_wrong_host',
    raw: /^the certificate is not for localhost but for a\.test, \*\.b\.test, 192\.0\.2\.1$/,
    problems: ['certificate_wrong_host'],
  },
  {
    name: 'for very many other hosts',
    world: serving([
      issue({ names: Array.from({ length: 40 }, (_, index) => `n${index}.test`) }, intermediate),
      intermediate,
    ]),
    code: 'certificate_wrong_host',
    raw: /n8\.test, n9\.test and 30 more$/,
    shows: (facts) => expect(facts.certificates[0]?.names).toHaveLength(40),
  },
  {
    name: 'only a common name',
    world: serving([issue({ commonName: 'localhost', names: null }, intermediate), intermediate]),
    code: 'certificate_wrong_host',
    raw: /no alternative names.*its common name localhost does not count$/,
  },
  {
    name: 'a wildcard one label too high',
    world: serving([issue({ names: ['*.test'] }, intermediate), intermediate]),
    host: 'www.shop.test',
    code: 'certificate_wrong_host',
  },
  {
    name: 'an address that is not in the certificate',
    world: serving([issue({ names: ['localhost'] }, intermediate), intermediate]),
    host: '127.0.0.1',
    code: 'certificate_wrong_host',
    raw: /not for 127\.0\.0\.1 but for localhost/,
  },
  {
    name: 'another server name asked for than the certificate is for',
    world: serving([leaf, intermediate]),
    tls: { serverName: 'other.test' },
    code: 'certificate_wrong_host',
    raw: /not for other\.test/,
  },
  {
    name: 'self-signed',
    world: serving([issue({ commonName: 'box' })]),
    code: 'certificate_self_signed',
    raw: /^DEPTH_ZERO_SELF_SIGNED_CERT: CN=box, .* signed itself/,
    problems: ['certificate_self_signed'],
    shows: (facts) => expect(facts.certificates[0]?.selfSigned).toBe(true),
  },
  {
    name: 'the certificate of an appliance: expired, self-signed, for nobody',
    world: serving([issue({ names: ['router.lan'], notAfter: inDays(-900) })]),
    code: 'certificate_expired',
    problems: ['certificate_expired', 'certificate_wrong_host', 'certificate_self_signed'],
  },
  {
    name: 'only the leaf of a private authority',
    world: serving([strangersLeaf]),
    code: 'certificate_untrusted',
    raw: /issued by CN=Stranger Intermediate, .*, which was not sent and is not a trusted root$/,
    problems: ['certificate_untrusted'],
  },
  {
    name: 'only the leaf, and it says where its issuer is',
    world: serving([issue({ caIssuers: 'http://127.0.0.1/i.cer', ocsp: 'http://127.0.0.1/' }, intermediate)]),
    code: 'certificate_chain_incomplete',
    raw: /^UNABLE_TO_GET_ISSUER_CERT_LOCALLY: .*can be fetched at http:\/\/127\.0\.0\.1\/i\.cer$/,
    problems: ['certificate_chain_incomplete'],
    shows: (facts) =>
      expect(facts.certificates[0]).toMatchObject({
        caIssuers: ['http://127.0.0.1/i.cer'],
        ocspUrls: ['http://127.0.0.1/'],
      }),
  },
  {
    name: 'only the leaf, whose issuer is in the directory of a company',
    world: serving([issue({ caIssuers: 'ldap:///CN=Company' }, stranger.intermediate)]),
    code: 'certificate_untrusted',
  },
  {
    name: 'only the leaf, which is in the public logs',
    world: serving([issue({ receipts: true }, intermediate)]),
    code: 'certificate_chain_incomplete',
  },
  {
    name: 'the intermediate of somebody else sent',
    world: serving([issue({ caIssuers: 'https://a.test/i' }, intermediate), stranger.intermediate]),
    code: 'certificate_chain_incomplete',
  },
  {
    name: 'an intermediate with the right name and another key',
    world: serving([
      issue({ receipts: true }, intermediate),
      issue({ commonName: 'Shop Intermediate', ca: true }, stranger.root),
    ]),
    code: 'certificate_chain_incomplete',
    raw: /the CN=Shop Intermediate, O=Whydown Test that was sent did not sign CN=whydown\.test/,
  },
  {
    name: 'a whole chain to a root nobody knows',
    world: serving([strangersLeaf, stranger.intermediate, stranger.root]),
    code: 'certificate_untrusted',
    raw: /^SELF_SIGNED_CERT_IN_CHAIN: the root CN=Stranger Root, .*private authority, or somebody intercepts$/,
    problems: ['certificate_untrusted'],
  },
  {
    name: 'leaf and intermediate below a root nobody knows',
    world: serving([strangersLeaf, stranger.intermediate]),
    code: 'certificate_untrusted',
    raw: /CN=Stranger Intermediate, .* was issued by CN=Stranger Root/,
  },
  {
    name: 'leaf and intermediate of a public authority with one more missing between',
    world: (() => {
      const upper = issue({ commonName: 'Upper', ca: true }, root)
      const lower = issue({ commonName: 'Lower', ca: true, caIssuers: 'http://a.test/upper' }, upper)
      return serving([issue({ receipts: true }, lower), lower])
    })(),
    code: 'certificate_chain_incomplete',
    raw: /can be fetched at http:\/\/a\.test\/upper/,
  },
  {
    name: 'expired below a root nobody knows: both are told',
    world: serving([issue({ notAfter: inDays(-2) }, stranger.intermediate), stranger.intermediate]),
    code: 'certificate_expired',
    problems: ['certificate_expired', 'certificate_untrusted'],
  },
  {
    name: 'revoked, says the stapled answer',
    world: serving([leaf, intermediate], {
      staple: stapleFor(leaf, intermediate, { status: 'revoked', reason: 1 }),
    }),
    code: 'certificate_revoked',
    raw: /^CN=shop, .* was revoked 20\d\d-.* \(keyCompromise\), says the stapled OCSP answer$/,
    problems: ['certificate_revoked'],
    shows: (facts) =>
      expect(facts.ocsp).toMatchObject({ status: 'revoked', reason: 'keyCompromise', verified: true }),
  },
  {
    name: 'revoked, TLS 1.2',
    world: serving([leaf, intermediate], {
      staple: stapleFor(leaf, intermediate, { status: 'revoked' }),
      maxVersion: 'TLSv1.2',
    }),
    code: 'certificate_revoked',
  },
  {
    name: 'an RSA key of 1024 bits',
    world: serving([issue({ key: 'RSA-1024' }, intermediate), intermediate], {
      ciphers: 'DEFAULT@SECLEVEL=0',
    }),
    code: 'certificate_weak',
    raw: /its RSA key has 1024 bits, and 2048 are the least/,
    problems: ['certificate_weak'],
    shows: (facts) => expect(facts.certificates[0]?.key).toBe('RSA 1024'),
  },
  {
    name: 'a signature with SHA-1',
    world: serving([issue({ hash: 'sha1' }, intermediate), intermediate], { ciphers: 'DEFAULT@SECLEVEL=0' }),
    code: 'certificate_weak',
    raw: /^the server's certificate .*signed with ecdsa-with-SHA1, which can be forged/,
  },
  {
    name: 'an intermediate signed with SHA-1',
    world: (() => {
      const weak = issue({ commonName: 'Weak', ca: true, hash: 'sha1' }, root)
      return serving([issue({}, weak), weak], { ciphers: 'DEFAULT@SECLEVEL=0' })
    })(),
    code: 'certificate_weak',
    raw: /^the intermediate \(CN=Weak/,
  },
  {
    name: 'a certificate for clients',
    world: serving([issue({ purposes: [CLIENT_AUTH] }, intermediate), intermediate]),
    code: 'certificate_untrusted',
    raw: /^INVALID_PURPOSE: the certificate is for clientAuth, not for servers/,
  },
  {
    name: 'issued by a certificate that is no authority',
    world: (() => {
      const impostor = issue({ commonName: 'Impostor', basicConstraints: true }, root)
      return serving([issue({}, impostor), impostor])
    })(),
    code: 'certificate_untrusted',
    raw: /INVALID_CA: CN=Impostor, .* is not a certificate authority/,
  },
  {
    name: 'issued with a key that is not for issuing',
    world: (() => {
      const bound = issue({ commonName: 'Bound', ca: true, keyUsage: [0] }, root)
      return serving([issue({}, bound), bound])
    })(),
    code: 'certificate_untrusted',
    raw: /INVALID_CA: the key of CN=Bound, .* is not for signing certificates/,
  },
  {
    name: 'more authorities below another than it allows',
    world: (() => {
      const upper = issue({ commonName: 'Upper', ca: true, pathLength: 0 }, root)
      const lower = issue({ commonName: 'Lower', ca: true }, upper)
      return serving([issue({}, lower), lower, upper])
    })(),
    code: 'certificate_untrusted',
    raw: /^PATH_LENGTH_EXCEEDED: CN=Upper, .* allows 0 authorities below it, and there are 1/,
  },
  {
    name: 'a name that the issuer may not issue for',
    world: (() => {
      const bound = issue({ commonName: 'Bound', ca: true, permittedDns: ['shop.test'] }, root)
      return serving([issue({ names: ['localhost'] }, bound), bound])
    })(),
    code: 'certificate_untrusted',
    raw: /PERMITTED_VIOLATION: CN=Bound, .* may not issue for localhost/,
    problems: ['certificate_untrusted'],
  },
  {
    name: 'a name that the issuer must leave alone',
    world: (() => {
      const bound = issue({ commonName: 'Bound', ca: true, excludedDns: ['localhost'] }, root)
      return serving([issue({ names: ['localhost'] }, bound), bound])
    })(),
    code: 'certificate_untrusted',
    raw: /may not issue for localhost/,
  },
  {
    name: 'anything at all, when it is not to be verified',
    world: serving([issue({ names: ['router.lan'], notAfter: inDays(-900) })]),
    tls: { verify: false },
    code: null,
    problems: ['certificate_expired', 'certificate_wrong_host', 'certificate_self_signed'],
    shows: (facts, { seen, socket }) => {
      expect(facts.verified).toBe(false)
      expect(seen.failure).toBeNull()
      expect(seen.output?.['problems']).toHaveLength(3)
      expect(socket).not.toBeNull()
    },
  },
]

const WIRE: Situation[] = [
  {
    name: 'a name the server does not know',
    world: doing(alerts(112)),
    code: 'tls_unrecognized_name',
    raw: /^unrecognized_name\(112\) from the server: the server name is not known here$/,
  },
  {
    name: 'a version refused',
    world: doing(alerts(70)),
    code: 'tls_version_unsupported',
    raw: /protocol_version\(70\)/,
  },
  {
    name: 'a server that knows TLS 1.1 at most',
    world: serving([leaf, intermediate], {
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    }),
    code: 'tls_version_unsupported',
  },
  {
    name: 'a server that chooses TLS 1.0',
    world: doing(answers(serverHello(0x0301))),
    code: 'tls_version_unsupported',
    raw: /^ERR_SSL_UNSUPPORTED_PROTOCOL/,
  },
  {
    name: 'handshake_failure',
    world: doing(alerts(40)),
    code: 'tls_no_shared_cipher',
    raw: /no common cipher or group, or nothing is configured for this name/,
  },
  {
    name: 'insufficient_security',
    world: doing(alerts(71)),
    code: 'tls_no_shared_cipher',
    raw: /insufficient_security\(71\)/,
  },
  {
    name: 'no cipher in common',
    world: serving([leaf, intermediate], { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-CCM' }),
    code: 'tls_no_shared_cipher',
    raw: /handshake_failure\(40\)/,
  },
  {
    name: 'a cipher that we did not offer',
    world: doing(answers(serverHello(0x0303, 0x0005))),
    code: 'tls_no_shared_cipher',
    raw: /^ERR_SSL_WRONG_CIPHER_RETURNED|^ERR_SSL_UNKNOWN_CIPHER_RETURNED/,
  },
  {
    name: 'no group in common',
    world: serving([leaf, intermediate], { ecdhCurve: 'X448' }),
    code: 'tls_no_shared_cipher',
  },
  {
    name: 'no application protocol in common',
    world: serving([leaf, intermediate], { ALPNProtocols: ['h2'] }),
    code: 'tls_no_application_protocol',
    raw: /no_application_protocol\(120\)/,
  },
  {
    name: 'internal_error',
    world: doing(alerts(80)),
    code: 'tls_alert',
    raw: /^internal_error\(80\) from the server: a fault of its own/,
  },
  {
    name: 'access_denied, with no certificate asked for',
    world: doing(alerts(49)),
    code: 'tls_alert',
    raw: /access_denied/,
  },
  {
    name: 'a client certificate required, TLS 1.2',
    world: serving([leaf, intermediate], { requestCert: true, maxVersion: 'TLSv1.2' }),
    code: 'tls_client_certificate_required',
    raw: /asked for a client certificate and got none/,
    shows: (facts) => {
      expect(facts.clientCertificateRequested).toBe(true)
      expect(facts.version).toBe('TLSv1.2')
      expect(facts.certificates).toHaveLength(2)
    },
  },
  {
    name: 'a client certificate of the wrong authority, TLS 1.2',
    world: serving([leaf, intermediate], { requestCert: true, ca: root.pem, maxVersion: 'TLSv1.2' }),
    tls: { certificate: strangersLeaf.pem, key: strangersLeaf.keyPem },
    code: 'tls_closed',
  },
  {
    name: 'alert certificate_required within the handshake',
    world: doing(alerts(116)),
    code: 'tls_client_certificate_required',
  },
  {
    name: 'closed at once',
    world: doing(breaksAtConnect('close')),
    code: 'tls_closed',
    raw: /without a byte$/,
    shows: (_facts, { observations }) => expect(observations[1]?.operation).toBe('plaintext_look'),
  },
  { name: 'closed on our first bytes', world: doing(breaksAtHello('close')), code: 'tls_closed' },
  {
    name: 'reset on our first bytes',
    world: doing(breaksAtHello('reset')),
    code: 'tls_reset',
    raw: /ECONNRESET/,
  },
  {
    name: 'closed in the middle of the first message',
    world: doing(answers(serverHello(0x0303).subarray(0, 20))),
    code: 'tls_closed',
    raw: /after 20 bytes$/,
    shows: (_facts, { observations }) => expect(observations).toHaveLength(1),
  },
  {
    name: 'closed in the middle of the certificates',
    world: cutting(300, 'close'),
    code: 'tls_closed',
    raw: /after 300 bytes/,
  },
  { name: 'reset in the middle of the certificates', world: cutting(300, 'reset'), code: 'tls_reset' },
  {
    name: 'closed when all but the last messages have come',
    world: cutting('first flight', 'close'),
    code: 'tls_closed',
    shows: (facts, { socket }) => {
      // What came before the end is still there.
      expect(facts.certificates).toHaveLength(2)
      expect(facts).toMatchObject({ version: 'TLSv1.2', cipher: null, verified: false })
      expect(socket).toBeNull()
    },
  },
  {
    name: 'closed with close_notify instead of an answer',
    world: doing(alerts(0)),
    code: 'tls_closed',
    raw: /after 7 bytes/,
  },
  {
    name: 'plain HTTP',
    world: doing(answers('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')),
    code: 'tls_not_spoken',
    raw: /^the port speaks plain HTTP: HTTP\/1\.1 400 Bad Request \(to TLS: ERR_SSL_WRONG_VERSION_NUMBER/,
    shows: (_facts, { observations, seen, failure: failed }) => {
      const look = observations[1]
      expect(look?.operation).toBe('plaintext_look')
      expect(look?.output).toMatchObject({ protocol: 'plain HTTP', firstLine: 'HTTP/1.1 400 Bad Request' })
      expect(Buffer.from(String(look?.output?.['raw']), 'base64').toString()).toContain('Connection: close')
      expect(look?.output?.['sent']).toMatch(/^HEAD \/ HTTP\/1\.1\r\nHost: localhost:\d+\r\n/)
      expect(seen.failure).toEqual(failed)
    },
  },
  {
    name: 'plain HTTP that hangs up on anything else',
    world: doing((socket) =>
      socket.once('data', (chunk: Buffer) => {
        if (chunk[0] === 22) socket.end()
        else socket.end('HTTP/1.0 200 OK\r\n\r\nhello')
      }),
    ),
    code: 'tls_not_spoken',
    raw: /speaks plain HTTP: HTTP\/1\.0 200 OK \(to TLS: the connection was closed/,
  },
  {
    name: 'SSH',
    world: doing(greets('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n')),
    code: 'tls_not_spoken',
    raw: /^the port speaks SSH: SSH-2\.0-OpenSSH_9\.2p1 Debian-2 /,
    shows: (_facts, { observations }) => {
      // It spoke first, so nothing was sent to it.
      expect(observations[1]?.output?.['sent']).toBeNull()
    },
  },
  {
    name: 'SMTP',
    world: doing(greets('220 mail.shop.test ESMTP Postfix\r\n')),
    code: 'tls_not_spoken',
    raw: /speaks SMTP: 220 mail/,
  },
  {
    name: 'rubbish of an unknown kind',
    world: doing(answers(Buffer.alloc(64, 0xee))),
    code: 'tls_not_spoken',
    raw: /^ERR_SSL_WRONG_VERSION_NUMBER/,
    shows: (_facts, { observations }) =>
      expect(observations[1]?.output).toMatchObject({ protocol: null, receivedBytes: 64 }),
  },
  {
    name: 'SSL 2',
    world: doing(answers(Buffer.concat([Buffer.from([0x80, 62, 4]), Buffer.alloc(61, 1)]))),
    code: 'tls_not_spoken',
  },
  {
    name: 'a record longer than any may be',
    world: doing(answers(Buffer.concat([Buffer.from([22, 3, 3, 0xff, 0xff]), Buffer.alloc(60)]))),
    code: 'tls_not_spoken',
  },
  {
    name: 'a flood of plain text',
    world: doing(answers(Buffer.alloc(100_000, 'x'))),
    code: 'tls_not_spoken',
    shows: (_facts, { observations }) =>
      expect(Buffer.from(String(observations[1]?.output?.['raw']), 'base64')).toHaveLength(4096),
  },
  {
    name: 'a TLS record with rubbish in it',
    world: doing(answers(record(22, Buffer.alloc(60, 0xee)))),
    code: 'tls_alert',
    raw: /^ERR_SSL_UNEXPECTED_MESSAGE: unexpected message, we ended the connection$/,
  },
  {
    name: 'another protocol behind a proxy, where no second look is possible',
    world: doing(answers('HTTP/1.1 400 Bad Request\r\n\r\n')),
    options: { dial: null },
    code: 'tls_not_spoken',
    raw: /^ERR_SSL_WRONG_VERSION_NUMBER/,
    shows: (_facts, { connections, observations }) => {
      expect(connections).toBe(1)
      expect(observations).toHaveLength(1)
    },
  },
  {
    name: 'an alert to plain text too: it is TLS, and it hung up',
    world: doing((socket, index) => (index === 0 ? breaksAtHello('close') : alerts(70))(socket, index)),
    code: 'tls_closed',
  },
]

async function holds(situation: Situation): Promise<void> {
  const meeting = await meet(await situation.world(), situation)
  const { failure: failed, tls, seen } = meeting
  expect(failed?.code ?? null, failed?.raw).toBe(situation.code)
  if (failed) {
    expect(failed.phase).toBe('tls')
    expect(failed.number).toBe('009')
    expect(failed.raw).not.toBe('')
    expect(seen.failure).toEqual(failed)
  }
  if (situation.raw) expect(failed?.raw).toMatch(situation.raw)
  if (situation.problems) expect(tls?.problems.map((problem) => problem.code)).toEqual(situation.problems)
  else if (!failed) expect(tls?.problems).toEqual([])
  if (situation.notes) expect(seen.notes?.join('\n')).toMatch(situation.notes)
  else expect(seen.notes).toBeUndefined()
  expect(seen.output?.['handshakeMs']).toBe(meeting.tlsMs)
  if (situation.shows) situation.shows(tls ?? NO_FACTS, meeting)
}

const NO_FACTS: TlsFacts = {
  version: null,
  cipher: null,
  alpn: null,
  sni: null,
  certificates: [],
  verified: false,
  problems: [],
  clientCertificateRequested: false,
  ocsp: null,
}

describe('handshake() with nothing to object to', () => {
  for (const situation of GOOD) it(situation.name, () => holds(situation))
})

describe('handshake() with a certificate that does not hold', () => {
  for (const situation of CERTIFICATES) it(situation.name, () => holds(situation))
})

describe('handshake() that does not come about', () => {
  for (const situation of WIRE) it(situation.name, () => holds(situation))
})

describe('handshake() out of time', () => {
  /** A silent peer, and a context whose clock the test moves when the ClientHello has arrived. */
  async function silence(
    then: (ctx: ProbeContext, clock: ReturnType<typeof fakeClock>) => void,
  ): Promise<Meeting> {
    const clock = fakeClock()
    const ctx = probeContext({ options: { tls: TRUSTED }, io: { clock } })
    const server = await keep(startRaw((socket) => socket.once('data', () => then(ctx, clock))))
    return meet(server, { ctx })
  }

  it('is tls_timed_out with the time it was open', async () => {
    const { failure: failed, seen, tls, socket } = await silence((_ctx, clock) => clock.advance(20_000))
    expect(failed).toMatchObject({ phase: 'tls', code: 'tls_timed_out', number: '009' })
    expect(seen.endMs - seen.startMs).toBe(20_000)
    expect(seen.output).toMatchObject({ handshakeMs: 20_000, receivedBytes: 0 })
    expect({ tls, socket }).toEqual({ tls: null, socket: null })
  })

  it('keeps what came until then', async () => {
    const clock = fakeClock()
    const ctx = probeContext({ options: { tls: TRUSTED }, io: { clock } })
    const real = await keep(startTls({ chain: [leaf, intermediate], maxVersion: 'TLSv1.2' }))
    const server = await keep(startCutting(real.port, 'first flight', 'stall', () => clock.advance(20_000)))
    const { failure: failed, tls } = await meet(server, { ctx })
    expect(failed?.code).toBe('tls_timed_out')
    expect(tls?.certificates).toHaveLength(2)
  })

  it('is cancelled when somebody asks', async () => {
    const { failure: failed } = await silence((ctx) => ctx.deadline.stop('cancelled'))
    expect(failed).toMatchObject({ code: 'cancelled', phase: 'tls' })
  })

  it('is local_limit when our own loop slept', async () => {
    const { failure: failed } = await silence((_ctx, clock) => {
      clock.jump(20_000 + LOOP_LATE_MS + 1)
      clock.advance(0)
    })
    expect(failed).toMatchObject({ code: 'local_limit', phase: 'tls' })
  })

  it('stops at once when the time is over before it begins', async () => {
    const server = await keep(startTls({ chain: [leaf, intermediate] }))
    const ctx = probeContext({ options: { tls: TRUSTED } })
    ctx.deadline.stop('timed_out')
    const { failure: failed, observations } = await meet(server, { ctx })
    expect(failed?.code).toBe('tls_timed_out')
    expect(observations).toHaveLength(1)
  })

  it('leaves no timer and no listener of the deadline behind', async () => {
    const clock = fakeClock()
    const ctx = probeContext({ options: { tls: TRUSTED }, io: { clock } })
    await meet(await keep(startTls({ chain: [leaf, intermediate] })), { ctx })
    expect(clock.pending()).toBe(0)
  })

  it('gives the second look two seconds and no more', async () => {
    const clock = fakeClock()
    const ctx = probeContext({ options: { tls: TRUSTED }, io: { clock } })
    const server = await keep(
      startRaw((socket, index) => {
        if (index === 0) {
          socket.once('data', () => socket.end('rubbish that is no protocol\n'))
          return
        }
        // No greeting: after the wait we ask, and get no answer either.
        socket.once('data', () => clock.advance(2_000))
        // The check, the look and, once it is connected, the wait for a greeting.
        const tick = (): void => {
          if (clock.pending() === 3) clock.advance(GREETING_WAIT_MS)
          else setImmediate(tick)
        }
        tick()
      }),
    )
    const { failure: failed, observations } = await meet(server, { ctx })
    expect(failed?.code).toBe('tls_not_spoken')
    expect(observations[1]).toMatchObject({
      operation: 'plaintext_look',
      failure: { code: 'answer_timed_out' },
      output: { protocol: null, receivedBytes: 0 },
    })
  })
})

describe('handshake() and what comes behind it', () => {
  /** The error that a TLS socket ends with when we send a request. */
  async function errorAfter(server: RunningServer, tls: Partial<TlsOptions> = {}): Promise<Error> {
    const ctx = probeContext({ options: { tls: { ...TRUSTED, ...tls } } })
    const socket = connect(server.port, '127.0.0.1')
    await once(socket, 'connect')
    const target = { host: 'localhost', port: server.port, ip: '127.0.0.1' }
    const shaken = await handshake(socket, target, ctx, { alpn: ['http/1.1'] })
    ctx.deadline.close()
    expect(shaken.failure).toBeNull()
    const secure = shaken.socket as TLSSocket
    const failed = new Promise<Error>((resolve, reject) => {
      secure.once('error', resolve)
      secure.once('close', () => reject(new Error('closed without an error')))
    })
    secure.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    secure.resume()
    const error = await failed
    secure.destroy()
    return error
  }

  it('tlsFailureDuringExchange() knows a client certificate that TLS 1.3 misses only then', async () => {
    const server = await keep(
      startTls({ chain: [leaf, intermediate], requestCert: true, minVersion: 'TLSv1.3' }),
    )
    const error = await errorAfter(server)
    expect(tlsFailureDuringExchange(error)).toMatchObject({
      phase: 'tls',
      code: 'tls_client_certificate_required',
      raw: expect.stringContaining('certificate_required(116)'),
    })
  })

  it('tlsFailureDuringExchange() knows a record that was damaged on the way', async () => {
    const real = await keep(
      startTls({
        chain: [leaf, intermediate],
        maxVersion: 'TLSv1.2',
        serve: (socket) => socket.once('data', () => socket.write('hello')),
      }),
    )
    const server = await keep(startSpoiling(real.port))
    const error = await errorAfter(server)
    expect(tlsFailureDuringExchange(error)).toMatchObject({
      phase: 'tls',
      code: 'tls_alert',
      raw: expect.stringContaining('a record was damaged on the way'),
    })
  })

  it('tlsFailureDuringExchange() leaves a reset to the phase that was open', async () => {
    const server = await keep(
      startTls({
        chain: [leaf, intermediate],
        serve: (socket) => socket.once('data', () => resetUnder(socket)),
      }),
    )
    const error = await errorAfter(server)
    expect((error as NodeJS.ErrnoException).code).toBe('ECONNRESET')
    expect(tlsFailureDuringExchange(error)).toBeNull()
  })

  it('leaves an error that nobody listens for without consequences', async () => {
    const ctx = probeContext({ options: { tls: TRUSTED } })
    const server = await keep(startTls({ chain: [leaf, intermediate] }))
    const socket = connect(server.port, '127.0.0.1')
    await once(socket, 'connect')
    const target = { host: 'localhost', port: server.port, ip: '127.0.0.1' }
    const shaken = await handshake(socket, target, ctx, { alpn: null })
    ctx.deadline.close()
    // `once` would listen for errors itself.
    const closed = new Promise((resolve) => shaken.socket?.on('close', resolve))
    shaken.socket?.destroy(new Error('late'))
    await closed
    expect(shaken.failure).toBeNull()
  })

  it('never resumes a session', async () => {
    const server = await keep(startTls({ chain: [leaf, intermediate], maxVersion: 'TLSv1.2' }))
    for (let count = 0; count < 3; count++) {
      const ctx = probeContext({ options: { tls: TRUSTED } })
      const socket = connect(server.port, '127.0.0.1')
      await once(socket, 'connect')
      const target = { host: 'localhost', port: server.port, ip: '127.0.0.1' }
      const shaken = await handshake(socket, target, ctx, { alpn: null })
      ctx.deadline.close()
      expect(shaken.socket?.isSessionReused()).toBe(false)
      shaken.socket?.destroy()
    }
  })

  it('gives tls_closed for a socket that is closed already', async () => {
    const server = await keep(startTls({ chain: [leaf, intermediate] }))
    const ctx = probeContext({ options: { tls: TRUSTED } })
    const socket = connect(server.port, '127.0.0.1')
    await once(socket, 'connect')
    socket.destroy()
    const target = { host: 'localhost', port: server.port, ip: '127.0.0.1' }
    const shaken = await handshake(socket, target, ctx, { alpn: null, dial: null })
    ctx.deadline.close()
    expect(shaken.failure?.code).toBe('tls_closed')
  })

  it('takes another way for the second look when it is given one', async () => {
    const server = await keep(startRaw(answers('HTTP/1.1 400 Bad Request\r\n\r\n')))
    const other = await keep(startRaw(greets('SSH-2.0-x\r\n')))
    const dial = async () => {
      const socket = connect(other.port, '127.0.0.1')
      await once(socket, 'connect')
      return socket
    }
    const { failure: failed } = await meet(server, { options: { dial } })
    expect(failed?.raw).toMatch(/speaks SSH/)
  })

  it('says what it knows when the second look cannot connect', async () => {
    const server = await keep(startRaw(answers('rubbish\n')))
    const { failure: failed, observations } = await meet(server, { options: { dial: async () => null } })
    expect(failed?.code).toBe('tls_not_spoken')
    expect(observations[1]?.output).toMatchObject({ protocol: null, receivedBytes: 0 })
  })
})

describe('handshake() and the roots of the system', () => {
  async function alone(env: NodeJS.ProcessEnv): Promise<unknown> {
    const server = await keep(startTls({ chain: [leaf, intermediate] }))
    const script = join(import.meta.dirname, '../world/handshake-alone.ts')
    const { stdout } = await promisify(execFile)(process.execPath, [script, String(server.port)], {
      env: { ...process.env, ...env },
    })
    return JSON.parse(stdout)
  }

  it('trusts a root that only the system has', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'whydown-roots-'))
    try {
      const file = join(folder, 'roots.pem')
      await writeFile(file, root.pem)
      expect(await alone({ SSL_CERT_FILE: file, SSL_CERT_DIR: folder })).toBeNull()
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('trusts nobody whom neither Node nor the system knows', async () => {
    expect(await alone({})).toBe('certificate_untrusted')
  })
})

describe('handshake() with options that cannot be used', () => {
  const other = issue({ commonName: 'other' })
  const encrypted = leaf.privateKey.export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'sesame',
  })
  const mistakes: { name: string; tls: Partial<TlsOptions>; says: RegExp }[] = [
    { name: 'roots that hold no certificate', tls: { ca: 'hello' }, says: /--ca/ },
    {
      name: 'roots that cannot be read',
      tls: { ca: root.pem.replace(/\n[A-Za-z0-9+/]{8}/, '\nAAAAAAAA') },
      says: /Certificate 1 .*--ca/,
    },
    { name: 'a certificate without its key', tls: { certificate: leaf.pem }, says: /needs its key/ },
    { name: 'a key without its certificate', tls: { key: leaf.keyPem }, says: /of no use without/ },
    {
      name: 'a certificate that is none',
      tls: { certificate: 'x', key: leaf.keyPem },
      says: /--cert.*cannot be read/,
    },
    { name: 'a key that is none', tls: { certificate: leaf.pem, key: 'x' }, says: /--key.*cannot be read/ },
    {
      name: 'the key of another certificate',
      tls: { certificate: leaf.pem, key: other.keyPem },
      says: /does not belong/,
    },
    {
      name: 'an encrypted key',
      tls: { certificate: leaf.pem, key: encrypted },
      says: /no passphrase was given/,
    },
    {
      name: 'the wrong passphrase',
      tls: { certificate: leaf.pem, key: encrypted, passphrase: 'x' },
      says: /does not open/,
    },
    {
      name: 'an address as server name',
      tls: { serverName: '127.0.0.1' },
      says: /"127\.0\.0\.1" is no server name/,
    },
    { name: 'an empty server name', tls: { serverName: '' }, says: /--server-name/ },
  ]
  for (const { name, tls, says } of mistakes) {
    it(name, () => {
      expect(() => prepareTls({ ...TRUSTED, ...tls })).toThrow(says)
      expect(() => prepareTls({ ...TRUSTED, ...tls })).toThrow(WhydownError)
    })
  }

  it('an encrypted key with its passphrase is one that can be used', () => {
    const trust = prepareTls({ ...TRUSTED, certificate: leaf.pem, key: encrypted, passphrase: 'sesame' })
    expect(trust.sendsCertificate).toBe(true)
  })

  it('options with the same content share what they need', () => {
    expect(prepareTls({ ...TRUSTED })).toBe(prepareTls({ ...TRUSTED }))
    expect(prepareTls({ ...TRUSTED })).not.toBe(prepareTls({ ...TRUSTED, ca: stranger.root.pem }))
  })
})

describe('the situations', () => {
  it('lead to every code of the phase tls', () => {
    const codes = new Set<string>([...CERTIFICATES, ...WIRE].map((situation) => situation.code ?? ''))
    // Told by the clock, further up.
    codes.add('tls_timed_out')
    const wanted = Object.entries(FAILURE_CODES).filter(([, known]) => known.phase === 'tls')
    expect(wanted.map(([code]) => code).filter((code) => !codes.has(code))).toEqual([])
  })
})
