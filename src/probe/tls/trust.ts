// Whom we trust and what we offer: secure contexts and the roots behind them, made once for the same options.
// Reads no files: options bring PEM texts. Throws the caller's mistakes, naming the option.
import { createHash, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls'
import type { TlsOptions } from '../../model/check-options.ts'
import { WhydownError } from '../../model/error.ts'
import { KnownCertificate } from './known-certificate.ts'
import { Recent } from '../../util/recent.ts'

/**
 * What today's browsers offer for TLS 1.2, in their order, and the three of TLS 1.3. Level 0, because a weak
 * certificate is to be seen and then judged, not to end the handshake without a word.
 */
const CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES256-SHA',
  'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-RSA-AES128-SHA',
  'ECDHE-RSA-AES256-SHA',
  'AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
  'AES128-SHA',
  'AES256-SHA',
  '@SECLEVEL=0',
].join(':')

/**
 * The groups every server has. The post-quantum hybrid that browsers offer as well is left out: no server demands
 * it, and making its key would cost a tenth of a whole check.
 */
const GROUPS = 'X25519:P-256:P-384'

/** As browsers: no SHA-1. Ed25519 besides, which other clients accept. */
const SIGNATURES = [
  'ecdsa_secp256r1_sha256',
  'rsa_pss_rsae_sha256',
  'rsa_pkcs1_sha256',
  'ecdsa_secp384r1_sha384',
  'rsa_pss_rsae_sha384',
  'rsa_pkcs1_sha384',
  'ecdsa_secp521r1_sha512',
  'rsa_pss_rsae_sha512',
  'rsa_pkcs1_sha512',
  'ed25519',
].join(':')

/** Options objects with the same content share a context: making one takes milliseconds. */
const MAX_CONTEXTS = 64
/** A bundle of roots larger than this is no bundle of roots. */
const MAX_CA_CHARACTERS = 16 * 1024 * 1024

const PEM_CERTIFICATE =
  /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]+-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g

export interface Trust {
  readonly context: SecureContext
  /** A client certificate is sent when the server asks. */
  readonly sendsCertificate: boolean
  /** The trusted certificates of this name (`DistinguishedName.key`). */
  anchors(nameKey: string): readonly KnownCertificate[]
}

const byOptions = new WeakMap<TlsOptions, Trust>()
const byContent = new Recent<Trust>(MAX_CONTEXTS)

/**
 * The context and roots for these options; the same options object, or one with the same content, gets the same.
 * The first call of a process reads the roots of Node and of the system (tens of milliseconds), so it is made
 * before a clock runs. Throws `WhydownError` when `ca`, `certificate`, `key` or `passphrase` cannot be used.
 */
export function trustFor(options: TlsOptions): Trust {
  let trust = byOptions.get(options)
  if (trust) return trust
  const { ca, certificate, key, passphrase } = options
  const content = createHash('sha256')
    .update(JSON.stringify([ca, certificate, key, passphrase]))
    .digest('hex')
  trust = byContent.get(content)
  if (!trust) {
    trust = makeTrust(options)
    byContent.set(content, trust)
  }
  byOptions.set(options, trust)
  return trust
}

function makeTrust(options: TlsOptions): Trust {
  const own = options.ca === null ? [] : parseCa(options.ca)
  const client = clientCertificate(options)
  const roots = commonRoots()
  const context = createSecureContext({
    // Without `ca` Node takes the store of its own roots that it has ready, which spares ten milliseconds.
    ...(roots.hasMore || own.length > 0 ? { ca: [...roots.all, ...own] } : {}),
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    ciphers: CIPHERS,
    ecdhCurve: GROUPS,
    sigalgs: SIGNATURES,
    // An intermediate or a server's own certificate given as `ca` is trusted as it stands, as curl and Go do.
    allowPartialTrustChain: true,
    ...(client ? { cert: client.certificate, key: client.key } : {}),
  })
  let index: Map<string, KnownCertificate[]> | null = null
  return {
    context,
    sendsCertificate: client !== null,
    anchors(nameKey) {
      index ??= indexByName(own)
      commonIndex ??= indexByName(roots.all)
      return [...(commonIndex.get(nameKey) ?? []), ...(index.get(nameKey) ?? [])]
    },
  }
}

interface CommonRoots {
  /** Node's own roots (with NODE_EXTRA_CA_CERTS), then those that only the system has. */
  all: readonly string[]
  /** The system has roots that Node has not: then Node's ready-made store will not do. */
  hasMore: boolean
}

let common: CommonRoots | null = null
let commonIndex: Map<string, KnownCertificate[]> | null = null

/** Read once per process. */
function commonRoots(): CommonRoots {
  if (common) return common
  const all = [...getCACertificates('default')]
  const have = new Set(all.map((pem) => pem.trim()))
  const ofNode = all.length
  for (const pem of getCACertificates('system')) {
    // The system lists the same root once as a file, once in its bundle, and under other names yet.
    const bare = pem.trim()
    if (have.has(bare)) continue
    have.add(bare)
    all.push(pem)
  }
  common = { all, hasMore: all.length > ofNode }
  return common
}

/** Only needed when something is wrong with a chain, so it is made then. */
function indexByName(pems: readonly string[]): Map<string, KnownCertificate[]> {
  const index = new Map<string, KnownCertificate[]>()
  for (const pem of pems) {
    const known = new KnownCertificate(derOf(pem))
    const name = known.certificate?.subject.key
    if (name === undefined) continue
    const same = index.get(name)
    if (same) same.push(known)
    else index.set(name, [known])
  }
  return index
}

function derOf(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64')
}

function parseCa(text: string): string[] {
  const hint = 'Give PEM: one or more blocks from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.'
  const pems = text.length > MAX_CA_CHARACTERS ? null : text.match(PEM_CERTIFICATE)
  if (!pems)
    throw new WhydownError('usage', 'The trusted roots (--ca, tls.ca) hold no certificate.', { hint })
  for (const [index, pem] of pems.entries()) {
    if (!isReadable(pem)) {
      const message = `Certificate ${index + 1} of the trusted roots (--ca, tls.ca) cannot be read.`
      throw new WhydownError('usage', message, { hint })
    }
  }
  return pems
}

function isReadable(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0
  } catch {
    return false
  }
}

function clientCertificate(options: TlsOptions): { certificate: string; key: string | Buffer } | null {
  const { certificate, key, passphrase } = options
  if (certificate === null && key === null) return null
  if (certificate === null) {
    const hint = 'Give --cert too, or one PEM file with both as --cert and --key.'
    throw new WhydownError('usage', 'A client key (--key, tls.key) is of no use without its certificate.', {
      hint,
    })
  }
  if (key === null) {
    const hint = 'Give --key too, or one PEM file with both as --cert and --key.'
    throw new WhydownError('usage', 'A client certificate (--cert, tls.certificate) needs its key.', { hint })
  }
  const leaf = readClientCertificate(certificate)
  const privateKey = readClientKey(key, passphrase)
  if (!leaf.checkPrivateKey(privateKey)) {
    const message = 'The client key (--key, tls.key) does not belong to the client certificate (--cert).'
    const hint = 'The first certificate of the file has to be the one of the key, its issuers behind it.'
    throw new WhydownError('usage', message, { hint })
  }
  return { certificate, key: privateKey.export({ type: 'pkcs8', format: 'pem' }) }
}

function readClientCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch (cause) {
    const hint = 'Give PEM, from -----BEGIN CERTIFICATE----- on.'
    throw new WhydownError('usage', 'The client certificate (--cert, tls.certificate) cannot be read.', {
      hint,
      cause,
    })
  }
}

function readClientKey(pem: string, passphrase: string | null): KeyObject {
  try {
    return createPrivateKey(passphrase === null ? pem : { key: pem, passphrase })
  } catch (cause) {
    const encrypted = pem.includes('ENCRYPTED')
    const message = !encrypted
      ? 'The client key (--key, tls.key) cannot be read.'
      : passphrase === null
        ? 'The client key (--key, tls.key) is encrypted and no passphrase was given.'
        : 'The passphrase (tls.passphrase) does not open the client key (--key, tls.key).'
    const hint = encrypted
      ? 'Give its passphrase, or a key without one.'
      : 'Give PEM, from -----BEGIN PRIVATE KEY----- on.'
    throw new WhydownError('usage', message, { hint, cause })
  }
}
