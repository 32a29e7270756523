// Makes certificate authorities, certificates and stapled OCSP answers while a test runs, good ones and any kind of
// bad one: our own DER writer and the signatures of node:crypto. For tests only; keys are made once per kind.
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

/** The kinds of keys a certificate can be asked to have. */
export type KeyKind = 'P-256' | 'P-384' | 'P-192' | 'Ed25519' | 'RSA-2048' | 'RSA-1024'

export interface CertificateOptions {
  commonName?: string
  /** DNS names, and IP addresses as they are written; null leaves the extension out. */
  names?: string[] | null
  notBefore?: Date
  notAfter?: Date
  key?: KeyKind
  ca?: boolean
  /** Leaves the basic constraints out although it is an authority, or in although it is none. */
  basicConstraints?: boolean
  pathLength?: number
  /** Object identifiers of the purposes. */
  purposes?: string[]
  /** Bits of the key usage, such as [5] for signing certificates. */
  keyUsage?: number[]
  hash?: 'sha256' | 'sha1' | 'sha384'
  caIssuers?: string
  ocsp?: string
  mustStaple?: boolean
  /** Carries (empty) receipts of transparency logs. */
  receipts?: boolean
  permittedDns?: string[]
  excludedDns?: string[]
  permittedIp?: { ip: number[]; mask: number[] }
  serialNumber?: number
  /** Further extensions, already encoded. */
  extensions?: Buffer[]
}

export interface Issued {
  der: Buffer
  pem: string
  /** PKCS #8, PEM. */
  keyPem: string
  privateKey: KeyObject
  publicKey: KeyObject
  subject: Buffer
  issuer: Buffer
  serialNumber: number
}

export const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'
export const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2'
export const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9'
const DAY_MS = 86_400_000

/** One DER element: tag, length, content. */
export function der(tag: number, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content)
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  const octets = length.subarray(length.findIndex((byte) => byte !== 0))
  return Buffer.concat([Buffer.from([tag, 0x80 | octets.length]), octets, body])
}

export const sequence = (...content: Uint8Array[]): Buffer => der(0x30, ...content)

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes: number[] = []
  for (const part of [first * 40 + second, ...rest]) {
    const groups = [part % 128]
    for (let left = Math.floor(part / 128); left > 0; left = Math.floor(left / 128))
      groups.unshift(128 + (left % 128))
    bytes.push(...groups)
  }
  return der(6, Buffer.from(bytes))
}

export function integer(value: number): Buffer {
  let hex = value.toString(16)
  if (hex.length % 2) hex = `0${hex}`
  const bytes = Buffer.from(hex, 'hex')
  return der(2, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes)
}

const text = (tag: number, value: string): Buffer => der(tag, Buffer.from(value, 'utf8'))
const bits = (bytes: Uint8Array, unused = 0): Buffer => der(3, Buffer.from([unused]), bytes)

/** UTCTime until 2049, GeneralizedTime from then on (RFC 5280, 4.1.2.5). */
export function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]|\.\d+/g, '')
  const year = date.getUTCFullYear()
  return year >= 1950 && year < 2050 ? text(0x17, digits.slice(2)) : text(0x18, digits)
}

export function generalizedTime(date: Date): Buffer {
  return text(0x18, date.toISOString().replace(/[-:T]|\.\d+/g, ''))
}

export function distinguishedName(commonName: string): Buffer {
  const attribute = (type: string, value: string) => der(0x31, sequence(oid(type), text(0x0c, value)))
  return sequence(attribute('2.5.4.10', 'Whydown Test'), attribute('2.5.4.3', commonName))
}

function makeKeys(kind: KeyKind): { privateKey: KeyObject; publicKey: KeyObject } {
  switch (kind) {
    case 'RSA-2048':
      return generateKeyPairSync('rsa', { modulusLength: 2048 })
    case 'RSA-1024':
      return generateKeyPairSync('rsa', { modulusLength: 1024 })
    case 'Ed25519':
      return generateKeyPairSync('ed25519')
    default:
      return generateKeyPairSync('ec', { namedCurve: kind })
  }
}

const spareKeys = new Map<KeyKind, { privateKey: KeyObject; publicKey: KeyObject }>()

/** Elliptic keys are made anew, RSA ones shared: those take long. */
function keysOf(kind: KeyKind): { privateKey: KeyObject; publicKey: KeyObject } {
  if (!kind.startsWith('RSA')) return makeKeys(kind)
  const keys = spareKeys.get(kind) ?? makeKeys(kind)
  spareKeys.set(kind, keys)
  return keys
}

function signatureAlgorithm(key: KeyObject, hash: string): Buffer {
  if (key.asymmetricKeyType === 'ed25519') return sequence(oid('1.3.101.112'))
  const rsa = {
    sha1: '1.2.840.113549.1.1.5',
    sha256: '1.2.840.113549.1.1.11',
    sha384: '1.2.840.113549.1.1.12',
  }
  const ecdsa = { sha1: '1.2.840.10045.4.1', sha256: '1.2.840.10045.4.3.2', sha384: '1.2.840.10045.4.3.3' }
  const name = hash as keyof typeof rsa
  if (key.asymmetricKeyType === 'rsa') return sequence(oid(rsa[name]), der(5))
  return sequence(oid(ecdsa[name]))
}

/** Wraps `body` with its algorithm and signature, as certificates and OCSP answers are. */
function signed(body: Buffer, key: KeyObject, hash: string, ...behind: Buffer[]): Buffer {
  const signature = sign(key.asymmetricKeyType === 'ed25519' ? null : hash, body, key)
  return sequence(body, signatureAlgorithm(key, hash), bits(signature), ...behind)
}

function extension(type: string, value: Buffer, critical = false): Buffer {
  return sequence(oid(type), ...(critical ? [der(1, Buffer.from([0xff]))] : []), der(4, value))
}

function alternativeName(name: string): Buffer {
  if (/^[\d.]+$/.test(name)) return der(0x87, Buffer.from(name.split('.').map(Number)))
  if (name === '::1') return der(0x87, Buffer.concat([Buffer.alloc(15), Buffer.from([1])]))
  return text(0x82, name)
}

function constraints(options: CertificateOptions): Buffer {
  const dns = (name: string) => sequence(text(0x82, name))
  const { permittedDns = [], excludedDns = [], permittedIp } = options
  const permitted = permittedDns.map(dns)
  if (permittedIp) permitted.push(sequence(der(0x87, Buffer.from([...permittedIp.ip, ...permittedIp.mask]))))
  return sequence(
    ...(permitted.length > 0 ? [der(0xa0, ...permitted)] : []),
    ...(excludedDns.length > 0 ? [der(0xa1, ...excludedDns.map(dns))] : []),
  )
}

function extensionsOf(options: CertificateOptions, ca: boolean): Buffer[] {
  const { names, purposes, keyUsage, caIssuers, ocsp, pathLength } = options
  const list: Buffer[] = []
  if (options.basicConstraints ?? ca) {
    const path = pathLength === undefined ? [] : [integer(pathLength)]
    list.push(extension('2.5.29.19', sequence(...(ca ? [der(1, Buffer.from([0xff])), ...path] : [])), true))
  }
  if (names) list.push(extension('2.5.29.17', sequence(...names.map(alternativeName))))
  if (purposes) list.push(extension('2.5.29.37', sequence(...purposes.map(oid))))
  if (keyUsage) {
    let byte = 0
    for (const bit of keyUsage) byte |= 0x80 >> bit
    list.push(extension('2.5.29.15', bits(Buffer.from([byte])), true))
  }
  const access = (method: string, url: string) => sequence(oid(method), text(0x86, url))
  if (caIssuers || ocsp) {
    const entries = [
      ...(ocsp ? [access('1.3.6.1.5.5.7.48.1', ocsp)] : []),
      ...(caIssuers ? [access('1.3.6.1.5.5.7.48.2', caIssuers)] : []),
    ]
    list.push(extension('1.3.6.1.5.5.7.1.1', sequence(...entries)))
  }
  if (options.mustStaple) list.push(extension('1.3.6.1.5.5.7.1.24', sequence(integer(5))))
  if (options.receipts) list.push(extension('1.3.6.1.4.1.11129.2.4.2', der(4, Buffer.from([0, 0]))))
  if (options.permittedDns || options.excludedDns || options.permittedIp) {
    list.push(extension('2.5.29.30', constraints(options), true))
  }
  return [...list, ...(options.extensions ?? [])]
}

let lastSerial = 0x1000

/** Issues a certificate; without `by` it signs itself. */
export function issue(options: CertificateOptions = {}, by: Issued | null = null): Issued {
  const { commonName = 'whydown.test', hash = 'sha256', ca = false } = options
  const keys = keysOf(options.key ?? 'P-256')
  const subject = distinguishedName(commonName)
  const issuer = by?.subject ?? subject
  const serialNumber = options.serialNumber ?? ++lastSerial
  const signer = by?.privateKey ?? keys.privateKey
  const list = extensionsOf({ names: ca ? null : ['localhost', '127.0.0.1', '::1'], ...options }, ca)
  const now = Date.now()
  const body = sequence(
    der(0xa0, integer(2)),
    integer(serialNumber),
    signatureAlgorithm(signer, hash),
    issuer,
    sequence(
      time(options.notBefore ?? new Date(now - 10 * DAY_MS)),
      time(options.notAfter ?? new Date(now + 80 * DAY_MS)),
    ),
    subject,
    keys.publicKey.export({ type: 'spki', format: 'der' }),
    ...(list.length > 0 ? [der(0xa3, sequence(...list))] : []),
  )
  const certificate = signed(body, signer, hash)
  return {
    der: certificate,
    pem: toPem(certificate),
    keyPem: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    ...keys,
    subject,
    issuer,
    serialNumber,
  }
}

export function toPem(certificate: Uint8Array): string {
  const lines = Buffer.from(certificate).toString('base64').replace(/.{64}/g, '$&\n').trimEnd()
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`
}

/** A root, an intermediate below it and a leaf of that: what most sites have. */
export interface Authority {
  root: Issued
  intermediate: Issued
}

/** A root and an intermediate with names of their own. */
export function makeAuthority(name = 'Test', intermediate: CertificateOptions = {}): Authority {
  const root = issue({ commonName: `${name} Root`, ca: true, keyUsage: [5, 6] })
  return {
    root,
    intermediate: issue({ commonName: `${name} Intermediate`, ca: true, ...intermediate }, root),
  }
}

export interface StapleOptions {
  status?: 'good' | 'revoked' | 'unknown'
  revokedAt?: Date
  /** CRL reason number. */
  reason?: number
  thisUpdate?: Date
  nextUpdate?: Date | null
  /** Who signs it; a responder with a certificate of its own brings that along. */
  signer?: Issued
  responder?: Issued
  serialNumber?: number
  /** Spoils the signature. */
  forged?: boolean
}

/** An OCSP response about `leaf`, signed by its issuer unless `options` say otherwise (RFC 6960). */
export function stapleFor(leaf: Issued, issuer: Issued, options: StapleOptions = {}): Buffer {
  const { status = 'good', reason, responder } = options
  const now = Date.now()
  const sha1 = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest()
  const spki = issuer.publicKey.export({ type: 'spki', format: 'der' })
  const state = {
    good: () => der(0x80),
    unknown: () => der(0x82),
    revoked: () =>
      der(
        0xa1,
        generalizedTime(options.revokedAt ?? new Date(now - 5 * DAY_MS)),
        ...(reason === undefined ? [] : [der(0xa0, der(10, Buffer.from([reason])))]),
      ),
  }
  const nextUpdate = options.nextUpdate === undefined ? new Date(now + 3 * DAY_MS) : options.nextUpdate
  const certId = sequence(
    sequence(oid('1.3.14.3.2.26'), der(5)),
    der(4, sha1(leaf.issuer)),
    der(4, sha1(keyBitsOf(spki))),
    integer(options.serialNumber ?? leaf.serialNumber),
  )
  const answer = sequence(
    certId,
    state[status](),
    generalizedTime(options.thisUpdate ?? new Date(now - DAY_MS)),
    ...(nextUpdate ? [der(0xa0, generalizedTime(nextUpdate))] : []),
  )
  const signer = responder ?? options.signer ?? issuer
  const data = sequence(
    der(0xa1, signer.subject),
    generalizedTime(options.thisUpdate ?? new Date(now - DAY_MS)),
    sequence(answer),
  )
  const brought = responder ? [der(0xa0, sequence(responder.der))] : []
  const basic = signed(data, signer.privateKey, 'sha256', ...brought)
  // The last byte is the signature's when no certificates follow it.
  if (options.forged) basic[basic.length - 1] = (basic[basic.length - 1] ?? 0) ^ 1
  return sequence(der(10, Buffer.from([0])), der(0xa0, sequence(oid('1.3.6.1.5.5.7.48.1.1'), der(4, basic))))
}

/** The bits of the key itself, without what says of which kind it is. */
function keyBitsOf(spki: Buffer): Buffer {
  const header = (at: number): number => ((spki[at + 1] ?? 0) < 0x80 ? 2 : 2 + ((spki[at + 1] ?? 0) & 0x7f))
  const algorithm = header(0)
  const behind = algorithm + header(algorithm) + (spki[algorithm + 1] ?? 0)
  return spki.subarray(behind + header(behind) + 1)
}
