// TLS over a connected socket: one full handshake, never resumed, with everything written down. Objections to the
// certificate are recorded; only when the caller wants it verified does the first of them fail the phase.
import { isIP, type Socket } from 'node:net'
import { connect as connectTls, type DetailedPeerCertificate, type TLSSocket } from 'node:tls'
import type { TlsOptions } from '../../model/check-options.ts'
import { WhydownError } from '../../model/error.ts'
import { type Failure, failure } from '../../model/failure.ts'
import type { Observation } from '../../model/observation.ts'
import type { OcspFacts, TlsFacts } from '../../model/result.ts'
import type { StopReason } from '../../util/deadline.ts'
import { plainHost } from '../../wire/certificate-host.ts'
import type { ProbeContext } from '../context.ts'
import { note } from '../recorder.ts'
import { socketFailure, stopFailure } from '../socket-failure.ts'
import { type KnownCertificate, sentChain } from '../tls/known-certificate.ts'
import { findObjections } from '../tls/objections.ts'
import { opensslFailure } from '../tls/openssl-failure.ts'
import { type Looked, lookWithoutTls } from '../tls/plaintext-look.ts'
import { readStaple, type StapledOcsp } from '../tls/stapled-ocsp.ts'
import { type Trust, trustFor } from '../tls/trust.ts'

export interface HandshakeTarget {
  /** The host of the URL: the name to ask for and to hold the certificate against. */
  host: string
  port: number
  /** The address the socket is connected to. */
  ip: string
}

export interface HandshakeOptions {
  /** Application protocols to offer, best first; null: no ALPN at all. */
  alpn: string[] | null
  /**
   * Another connection to the same peer, for a look at what it speaks when it is not TLS. Undefined: a socket to
   * where this one is connected; null: no second look (through a proxy, say).
   */
  dial?: (() => Promise<Socket | null>) | null
}

export interface Handshaken {
  /** Also there when only the certificate failed; then the caller destroys it. */
  socket: TLSSocket | null
  /** What was learnt, also of a handshake that failed; null when the peer showed nothing of itself. */
  tls: TlsFacts | null
  failure: Failure | null
  /** How long the handshake itself took, without judging and second looks, milliseconds. */
  tlsMs: number
}

/**
 * Makes what handshakes with these options need, once: reads the roots of the system (tens of milliseconds), so it is
 * called before a clock runs. Throws `WhydownError` for certificates, keys and server names that cannot be used.
 */
export function prepareTls(options: TlsOptions): Trust {
  const { serverName } = options
  // RFC 6066, 3: literal addresses are not permitted.
  if (typeof serverName === 'string' && (serverName === '' || isIP(serverName) !== 0)) {
    const hint = 'Give a host name, or leave it out: for an address no server name is sent.'
    throw new WhydownError('usage', `"${serverName}" is no server name (--server-name, tls.serverName).`, {
      hint,
    })
  }
  return trustFor(options)
}

/**
 * Shakes hands over `socket`, which is the handshake's from then on. TLS 1.2 and 1.3 are offered, as browsers do; the
 * certificate has to be for `tls.serverName` when that is a name, else for the host. Bounded by the deadline. Rejects
 * only with `WhydownError`, for options that cannot be used; all else is in `failure`.
 */
export async function handshake(
  socket: Socket,
  target: HandshakeTarget,
  ctx: ProbeContext,
  options: HandshakeOptions,
): Promise<Handshaken> {
  const run = new Handshake(socket, target, ctx, options, prepareTls(ctx.options.tls))
  const shaken = await run.shake()
  const looksElse = run.mayNotBeTls(shaken.failure)
  if (looksElse && options.dial !== null) {
    const dial = options.dial ? { dial: options.dial } : {}
    const looked = await lookWithoutTls({ host: target.host, ...run.remote, ...dial }, ctx)
    if (shaken.failure) shaken.failure = afterLook(shaken.failure, looked)
    run.seen.failure = shaken.failure
  }
  return shaken
}

/** A peer that speaks something else did not break off TLS: it never spoke it. */
function afterLook(failed: Failure, { protocol, firstLine }: Looked): Failure {
  if (protocol === null || protocol.startsWith('TLS')) return failed
  const line = firstLine === null ? '' : `: ${firstLine}`
  return failure('tls_not_spoken', `the port speaks ${protocol}${line} (to TLS: ${failed.raw})`)
}

/** Node asks for the legacy form of the chain to compare names, which costs more than all of ours; we have our own. */
function noLegacyCertificate(): DetailedPeerCertificate {
  return {} as DetailedPeerCertificate
}

function noObjection(): undefined {
  return undefined
}

class Handshake {
  readonly seen: Observation
  /** Where the socket is connected to; lost once it is closed. */
  readonly remote: { ip: string; port: number }
  readonly #ctx: ProbeContext
  readonly #trust: Trust
  readonly #plain: Socket
  readonly #host: string
  readonly #sni: string | null
  readonly #alpn: string[] | null
  #tls: TLSSocket | null = null
  #resolve: ((shaken: Handshaken) => void) | null = null
  #chain: KnownCertificate[] = []
  #staple: Buffer | null = null
  #clientCertificateRequested = false
  #version: string | null = null

  constructor(
    socket: Socket,
    target: HandshakeTarget,
    ctx: ProbeContext,
    options: HandshakeOptions,
    trust: Trust,
  ) {
    const { serverName, verify } = ctx.options.tls
    this.#plain = socket
    this.#ctx = ctx
    this.#trust = trust
    this.#alpn = options.alpn
    this.#host = plainHost(typeof serverName === 'string' ? serverName : target.host)
    this.#sni = serverName === false || isIP(this.#host) !== 0 ? null : this.#host
    this.remote = { ip: socket.remoteAddress ?? target.ip, port: socket.remotePort ?? target.port }
    this.seen = ctx.recorder.begin('tls_handshake', { serverName: this.#sni, alpn: options.alpn, verify })
  }

  shake(): Promise<Handshaken> {
    return new Promise((resolve) => {
      this.#resolve = resolve
      const tls = connectTls({
        socket: this.#plain,
        secureContext: this.#trust.context,
        rejectUnauthorized: false,
        requestOCSP: true,
        checkServerIdentity: noObjection,
        ...(this.#sni === null ? {} : { servername: this.#sni }),
        ...(this.#alpn === null ? {} : { ALPNProtocols: this.#alpn }),
      })
      tls.getPeerCertificate = noLegacyCertificate
      this.#tls = tls
      tls.once('OCSPResponse', this.#onStaple)
      tls.once('secureConnect', this.#onSecure)
      tls.on('error', this.#onError)
      tls.once('close', this.#onClose)
      this.#ctx.deadline.listen(this.#onStop)
    })
  }

  /** The failure may come from a peer that speaks another protocol, so a look without TLS is worth it. */
  mayNotBeTls(failed: Failure | null): boolean {
    if (failed === null) return false
    if (failed.code === 'tls_not_spoken') return true
    return (failed.code === 'tls_closed' || failed.code === 'tls_reset') && this.#plain.bytesRead === 0
  }

  /** Comes once the server has said its part, whether it stapled an answer or not: all it showed can be read now. */
  #onStaple = (staple: Buffer | null): void => {
    this.#staple = staple
    this.#gather()
  }

  #gather(): void {
    const tls = this.#tls
    if (!tls || this.#chain.length > 0) return
    this.#chain = sentChain(tls)
    this.#version = tls.getProtocol()
    // OpenSSL shares signature algorithms with a server only when that sent a CertificateRequest.
    this.#clientCertificateRequested = tls.getSharedSigalgs().length > 0
  }

  #onSecure = (): void => {
    const { recorder, options, io } = this.#ctx
    const tls = this.#tls
    if (!tls || !this.#resolve) return
    this.seen.endMs = recorder.nowMs()
    this.#gather()
    const nowMs = io.clock.wallMs()
    // Node sets it to the name of OpenSSL's verdict, whatever the declared type says.
    const verdict = tls.authorized ? null : String(tls.authorizationError)
    const ocsp = this.#readStaple(nowMs)
    const presented = { chain: this.#chain, host: this.#host, verdict, ocsp }
    const problems = findObjections(presented, this.#trust, nowMs)
    const cipher = tls.getCipher()
    const facts = this.#facts(nowMs, problems, ocsp?.facts ?? null)
    facts.cipher = cipher.standardName
    facts.alpn = typeof tls.alpnProtocol === 'string' ? tls.alpnProtocol : null
    facts.keyExchange = keyExchangeOf(tls, cipher.standardName)
    facts.verified = problems.length === 0
    this.#finish(options.tls.verify ? (problems[0] ?? null) : null, facts)
  }

  #readStaple(nowMs: number): StapledOcsp | null {
    const [leaf] = this.#chain
    if (!leaf) return null
    if (!this.#staple) {
      if (leaf.certificate?.mustStaple)
        note(this.seen, 'The certificate demands a stapled OCSP answer, and none came.')
      return null
    }
    const nameKey = leaf.certificate?.issuer.key ?? ''
    const issuer =
      this.#chain.find((known, index) => index > 0 && known.certificate?.subject.key === nameKey) ??
      this.#trust.anchors(nameKey)[0] ??
      null
    const stapled = readStaple(this.#staple, leaf, issuer, nowMs)
    for (const says of stapled.notes) note(this.seen, says)
    return stapled
  }

  #facts(nowMs: number, problems: Failure[], ocsp: OcspFacts | null): TlsFacts {
    return {
      version: this.#version,
      cipher: null,
      alpn: null,
      keyExchange: null,
      sni: this.#sni,
      certificates: this.#chain.map((known) => known.facts(nowMs)),
      verified: false,
      problems,
      clientCertificateRequested: this.#clientCertificateRequested,
      ocsp,
    }
  }

  /** Stays when all is done: an error between our end and the caller's turn must not take the process down. */
  #onError = (error: Error): void => {
    if (this.#resolve) this.#fail(this.#failureOf(error))
  }

  #onClose = (): void => {
    if (this.#resolve) this.#fail(this.#closed())
  }

  #onStop = (reason: StopReason): void => {
    const { recorder } = this.#ctx
    this.#fail(stopFailure(reason, 'tls', recorder.nowMs() - this.seen.startMs))
  }

  #failureOf(error: NodeJS.ErrnoException): Failure {
    const requested = this.#clientCertificateRequested
    const failed = opensslFailure(error, { requested, sent: this.#trust.sendsCertificate })
    if (failed) return failed
    // Node reports an end of the stream as a reset, but one that no system call reported.
    if (error.code === 'ECONNRESET' && error.syscall === undefined) return this.#closed()
    return socketFailure(error, 'tls')
  }

  #closed(): Failure {
    const { bytesRead } = this.#plain
    const after = bytesRead === 0 ? 'without a byte' : `after ${bytesRead} bytes`
    return failure('tls_closed', `the connection was closed during the handshake, ${after}`)
  }

  #fail(failed: Failure): void {
    const tls = this.#tls
    const nowMs = this.#ctx.io.clock.wallMs()
    this.seen.endMs = this.#ctx.recorder.nowMs()
    const known = this.#chain.length > 0 || this.#version !== null
    this.#finish(failed, known ? this.#facts(nowMs, [], null) : null)
    tls?.destroy()
  }

  #finish(failed: Failure | null, facts: TlsFacts | null): void {
    const resolve = this.#resolve
    if (!resolve) return
    this.#resolve = null
    const { recorder, deadline } = this.#ctx
    deadline.unlisten(this.#onStop)
    const { seen } = this
    const { endMs } = seen
    const tlsMs = endMs - seen.startMs
    const output = { ...facts, handshakeMs: tlsMs, receivedBytes: this.#plain.bytesRead }
    if (failed) recorder.fail(seen, failed, output)
    else recorder.end(seen, output)
    // Judging took time too, but that was ours.
    seen.endMs = endMs
    const usable = this.#tls !== null && facts?.cipher != null
    this.#tls?.off('close', this.#onClose)
    resolve({ socket: usable ? this.#tls : null, tls: facts, failure: failed, tlsMs })
  }
}

/** The group of the key exchange; static RSA has none. */
function keyExchangeOf(tls: TLSSocket, cipher: string): string | null {
  const info = tls.getEphemeralKeyInfo() as { type?: string; name?: string; size?: number } | null
  if (info?.name) return info.name
  if (info?.type) return info.size === undefined ? info.type : `${info.type} ${info.size}`
  return cipher.startsWith('TLS_RSA_') ? 'RSA' : null
}
