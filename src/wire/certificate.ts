// Reads an X.509 certificate (RFC 5280) as far as a visitor's browser and a report care. Verifies nothing and does
// not know the time; a malformed extension is left out and named, a malformed certificate is a reason.
import { formatIp } from '../model/address.ts'
import {
  contextTag,
  type DerElement,
  DerReader,
  hexOf,
  integerBits,
  readOid,
  readSmallInteger,
  readText,
  readTime,
  TAG,
} from './asn1.ts'
import {
  CURVES,
  EXTENSION,
  EXTENDED_KEY_USAGES,
  KEY_ALGORITHMS,
  NAME_ATTRIBUTES,
  SIGNATURE_ALGORITHMS,
} from './certificate-oids.ts'

/** More alternative names than this are counted, not kept: the largest in the wild have some hundreds. */
export const MAX_NAMES = 1000
/** Addresses kept of each kind in the authority information. */
const MAX_URLS = 8
const MAX_ATTRIBUTES = 64
const MAX_EXTENSIONS = 64

/** Who a name names: text to read, and a key to compare by (RFC 5280, 7.1: case and spaces do not count). */
export interface DistinguishedName {
  text: string
  key: string
  commonNames: string[]
}

export interface PublicKeyFacts {
  /** "RSA", "EC", "Ed25519", "DSA", ... or the object identifier. */
  kind: string
  /** Size in bits, null when it is not known. */
  bits: number | null
  /** Name of the curve, null when there is none or it is unknown. */
  curve: string | null
}

/** Name constraints (RFC 5280, 4.2.1.10) of the two kinds that apply to hosts. */
export interface NameConstraints {
  permitted: { dns: string[]; ip: Uint8Array[] }
  excluded: { dns: string[]; ip: Uint8Array[] }
}

export interface Certificate {
  serialNumber: string
  subject: DistinguishedName
  issuer: DistinguishedName
  notBeforeMs: number
  notAfterMs: number
  dnsNames: string[]
  ipAddresses: string[]
  /** Alternative names there were, of all kinds, kept or not; null when the extension is missing. */
  nameCount: number | null
  key: PublicKeyFacts
  /** Such as "sha256WithRSAEncryption", or the object identifier. */
  signature: string
  /** The hash it was signed over, null when the algorithm has none of its own or it is unknown. */
  signatureHash: string | null
  /** Null when there are no basic constraints. */
  isCa: boolean | null
  pathLength: number | null
  /** Bits of the key usage from the first on, as `keyUsageAllows` reads them; null when it says nothing. */
  keyUsage: Uint8Array | null
  /** Purposes by name or object identifier; null when it says nothing, which allows all. */
  extendedKeyUsage: string[] | null
  caIssuers: string[]
  ocspUrls: string[]
  /** It carries receipts of certificate transparency logs (RFC 6962), which only publicly trusted issuers get. */
  hasTransparencyReceipts: boolean
  /** It demands a stapled OCSP answer (RFC 7633). */
  mustStaple: boolean
  nameConstraints: NameConstraints | null
  /** Subject and issuer are the same name. */
  selfIssued: boolean
  /** The name of the issuer as encoded, and the bits of the subject's key: what OCSP answers are tied to. */
  issuerBytes: Uint8Array
  subjectBytes: Uint8Array
  keyBits: Uint8Array
  /** What could not be read and was left out, one sentence each. */
  unread: string[]
}

export const KEY_USAGE = { digitalSignature: 0, keyEncipherment: 2, keyAgreement: 4, keyCertSign: 5 } as const

/** True when the key usage says nothing or has the bit. */
export function keyUsageAllows(certificate: Certificate, bit: number): boolean {
  const usage = certificate.keyUsage
  return usage === null || ((usage[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0
}

/** Reads one certificate in DER. Never throws; `malformed` says what was wrong and at which offset. */
export function parseCertificate(bytes: Uint8Array): Certificate | { malformed: string } {
  const reader = new DerReader(bytes)
  const outer = reader.inside(TAG.sequence, 'the certificate')
  const body = outer.inside(TAG.sequence, 'the certificate body')
  body.optional(contextTag(0, true))
  const serial = body.take(TAG.integer, 'the serial number')
  body.take(TAG.sequence, 'the signature algorithm')
  const issuerElement = body.take(TAG.sequence, 'the issuer')
  const issuer = readName(body, issuerElement)
  const validity = body.inside(TAG.sequence, 'the validity')
  const notBeforeMs = readMoment(validity, 'the start of validity')
  const notAfterMs = readMoment(validity, 'the end of validity')
  const subjectElement = body.take(TAG.sequence, 'the subject')
  const subject = readName(body, subjectElement)
  const keyInfo = readKey(body)
  body.optional(contextTag(1, false))
  body.optional(contextTag(2, false))
  const extensions = body.optional(contextTag(3, true))
  const algorithm = outer.inside(TAG.sequence, 'the signature algorithm')
  const signature = readSignature(algorithm)
  outer.take(TAG.bitString, 'the signature')
  const certificate: Certificate = {
    serialNumber: hexOf(reader.content(serial)).replace(/^00(?=..)/, ''),
    subject,
    issuer,
    notBeforeMs,
    notAfterMs,
    dnsNames: [],
    ipAddresses: [],
    nameCount: null,
    key: keyInfo.facts,
    signature: signature.name,
    signatureHash: signature.hash,
    isCa: null,
    pathLength: null,
    keyUsage: null,
    extendedKeyUsage: null,
    caIssuers: [],
    ocspUrls: [],
    hasTransparencyReceipts: false,
    mustStaple: false,
    nameConstraints: null,
    selfIssued: subject.key === issuer.key,
    issuerBytes: bytes.subarray(issuerElement.start, issuerElement.end),
    subjectBytes: bytes.subarray(subjectElement.start, subjectElement.end),
    keyBits: keyInfo.bits,
    unread: [],
  }
  if (extensions) readExtensions(body.enter(extensions), certificate)
  const { malformed } = reader
  return malformed ? { malformed: `${malformed.reason}, at byte ${malformed.offset}` } : certificate
}

function readMoment(reader: DerReader, what: string): number {
  const element = reader.next()
  const ms = readTime(element.tag, reader.content(element))
  if (ms === null) reader.fail(element.start, `${what} is no date`)
  return ms ?? 0
}

/** A name as RFC 4514 writes it, most specific part first, with a space behind each comma. */
function readName(reader: DerReader, element: DerElement): DistinguishedName {
  const parts: string[] = []
  const keys: string[] = []
  const commonNames: string[] = []
  const sets = reader.enter(element)
  while (!sets.atEnd) {
    const set = sets.inside(TAG.set, 'a part of a name')
    const together: string[] = []
    while (!set.atEnd) {
      const pair = set.inside(TAG.sequence, 'an attribute of a name')
      const oid = readOid(pair.content(pair.take(TAG.oid, 'the type of an attribute')))
      const value = pair.next()
      const text = readText(value.tag, pair.content(value)) ?? `#${hexOf(pair.content(value))}`
      const name = NAME_ATTRIBUTES[oid] ?? oid
      together.push(`${name}=${escapeValue(text)}`)
      keys.push(`${oid}=${text.trim().replace(/ +/g, ' ').toLowerCase()}`)
      if (name === 'CN') commonNames.push(text)
      if (keys.length > MAX_ATTRIBUTES) reader.fail(element.start, 'a name of too many parts')
    }
    parts.unshift(together.join('+'))
  }
  return { text: parts.join(', '), key: keys.join('\n'), commonNames }
}

/** RFC 4514, 2.4: what would be taken for a separator gets a backslash. Control characters are left to the report. */
function escapeValue(text: string): string {
  return text.replace(/[,+"\\<>;]/g, '\\$&').replace(/^[ #]/, '\\$&')
}

function readKey(body: DerReader): { facts: PublicKeyFacts; bits: Uint8Array } {
  const info = body.inside(TAG.sequence, 'the public key')
  const algorithm = info.inside(TAG.sequence, 'the key algorithm')
  const oid = readOid(algorithm.content(algorithm.take(TAG.oid, 'the key algorithm')))
  const curveElement = algorithm.optional(TAG.oid)
  const element = info.take(TAG.bitString, 'the key')
  const bits = info.content(element).subarray(1)
  const known = KEY_ALGORITHMS[oid]
  const facts: PublicKeyFacts = { kind: known?.kind ?? oid, bits: known?.bits ?? null, curve: null }
  if (facts.kind === 'RSA') {
    const inner = new DerReader(bits)
    const modulus = inner.inside(TAG.sequence, 'the RSA key').take(TAG.integer, 'the modulus')
    if (!inner.malformed) facts.bits = integerBits(inner.content(modulus))
  } else if (facts.kind === 'EC' && curveElement) {
    const curveOid = readOid(algorithm.content(curveElement))
    facts.curve = CURVES[curveOid]?.name ?? curveOid
    facts.bits = CURVES[curveOid]?.bits ?? null
  }
  return { facts, bits }
}

/** A key as it is shown: "RSA 2048", "EC P-256", "Ed25519". */
export function formatKey(key: PublicKeyFacts): string {
  if (key.curve) return `${key.kind} ${key.curve}`
  return key.bits === null || key.kind.startsWith('Ed') ? key.kind : `${key.kind} ${key.bits}`
}

function readSignature(algorithm: DerReader): { name: string; hash: string | null } {
  const oid = readOid(algorithm.content(algorithm.take(TAG.oid, 'the signature algorithm')))
  const known = SIGNATURE_ALGORITHMS[oid]
  if (!known) return { name: oid, hash: null }
  if (known.name !== 'rsassaPss') return known
  // The hash of RSASSA-PSS stands in its parameters; without them it is SHA-1 (RFC 4055, 3.1).
  const parameters = algorithm.optional(TAG.sequence)
  const inner = parameters ? algorithm.enter(parameters) : null
  const hashElement = inner?.optional(contextTag(0, true))
  if (!inner || !hashElement) return { name: known.name, hash: 'sha1' }
  const hashOid = inner.enter(hashElement).inside(TAG.sequence, 'the hash of the signature')
  const name = readOid(hashOid.content(hashOid.take(TAG.oid, 'the hash of the signature')))
  return { name: known.name, hash: SIGNATURE_ALGORITHMS[name]?.hash ?? null }
}

function readExtensions(outer: DerReader, into: Certificate): void {
  const list = outer.inside(TAG.sequence, 'the extensions')
  let count = 0
  while (!list.atEnd) {
    const extension = list.inside(TAG.sequence, 'an extension')
    const oid = readOid(extension.content(extension.take(TAG.oid, 'the kind of an extension')))
    extension.optional(TAG.boolean)
    const value = extension.content(extension.take(TAG.octetString, 'the value of an extension'))
    if (++count > MAX_EXTENSIONS) return list.fail(0, 'too many extensions')
    const read = EXTENSION_READERS[oid]
    if (!read) continue
    const inner = new DerReader(value)
    read(inner, into)
    if (inner.malformed) into.unread.push(`extension ${oid}: ${inner.malformed.reason}`)
  }
}

const EXTENSION_READERS: Record<string, (reader: DerReader, into: Certificate) => void> = {
  [EXTENSION.subjectAltName]: readAltNames,
  [EXTENSION.basicConstraints]: (reader, into) => {
    const inner = reader.inside(TAG.sequence, 'the basic constraints')
    const ca = inner.optional(TAG.boolean)
    const path = inner.optional(TAG.integer)
    if (reader.malformed) return
    into.isCa = ca !== null && inner.content(ca)[0] !== 0
    into.pathLength = path ? readSmallInteger(inner.content(path)) : null
  },
  [EXTENSION.keyUsage]: (reader, into) => {
    const bits = reader.content(reader.take(TAG.bitString, 'the key usage'))
    if (!reader.malformed) into.keyUsage = bits.subarray(1)
  },
  [EXTENSION.extendedKeyUsage]: (reader, into) => {
    const purposes: string[] = []
    const inner = reader.inside(TAG.sequence, 'the purposes')
    while (!inner.atEnd) {
      const oid = readOid(inner.content(inner.take(TAG.oid, 'a purpose')))
      purposes.push(EXTENDED_KEY_USAGES[oid] ?? oid)
    }
    if (!reader.malformed) into.extendedKeyUsage = purposes
  },
  [EXTENSION.authorityInfo]: (reader, into) => {
    const inner = reader.inside(TAG.sequence, 'the authority information')
    while (!inner.atEnd) {
      const access = inner.inside(TAG.sequence, 'an access description')
      const method = readOid(access.content(access.take(TAG.oid, 'the access method')))
      const location = access.next()
      if (location.tag !== contextTag(6, false)) continue
      const url = readText(TAG.ia5String, access.content(location)) ?? ''
      const list =
        method === EXTENSION.caIssuers ? into.caIssuers : method === EXTENSION.ocsp ? into.ocspUrls : null
      if (list && list.length < MAX_URLS) list.push(url)
    }
  },
  [EXTENSION.transparencyReceipts]: (_reader, into) => {
    into.hasTransparencyReceipts = true
  },
  [EXTENSION.tlsFeature]: (reader, into) => {
    const inner = reader.inside(TAG.sequence, 'the TLS features')
    while (!inner.atEnd) {
      // 5 is status_request (RFC 7633, 6).
      if (readSmallInteger(inner.content(inner.take(TAG.integer, 'a TLS feature'))) === 5)
        into.mustStaple = true
    }
  },
  [EXTENSION.nameConstraints]: readNameConstraints,
}

function readAltNames(reader: DerReader, into: Certificate): void {
  const inner = reader.inside(TAG.sequence, 'the alternative names')
  let count = 0
  while (!inner.atEnd) {
    const name = inner.next()
    count++
    if (into.dnsNames.length + into.ipAddresses.length >= MAX_NAMES) continue
    const content = inner.content(name)
    if (name.tag === contextTag(2, false)) into.dnsNames.push(readText(TAG.ia5String, content) ?? '')
    else if (name.tag === contextTag(7, false) && (content.length === 4 || content.length === 16)) {
      into.ipAddresses.push(formatIp(content))
    }
  }
  into.nameCount = count
}

function readNameConstraints(reader: DerReader, into: Certificate): void {
  const constraints: NameConstraints = { permitted: { dns: [], ip: [] }, excluded: { dns: [], ip: [] } }
  const inner = reader.inside(TAG.sequence, 'the name constraints')
  for (const [tag, side] of [
    [contextTag(0, true), constraints.permitted],
    [contextTag(1, true), constraints.excluded],
  ] as const) {
    const element = inner.optional(tag)
    if (!element) continue
    const trees = inner.enter(element)
    while (!trees.atEnd) {
      const tree = trees.inside(TAG.sequence, 'a subtree of names')
      const base = tree.next()
      const content = tree.content(base)
      if (base.tag === contextTag(2, false)) side.dns.push(readText(TAG.ia5String, content) ?? '')
      // Address and mask behind each other.
      else if (base.tag === contextTag(7, false) && (content.length === 8 || content.length === 32)) {
        side.ip.push(content)
      }
      if (side.dns.length + side.ip.length > MAX_NAMES)
        return reader.fail(base.start, 'too many name constraints')
    }
  }
  if (!reader.malformed) into.nameConstraints = constraints
}
