// Everything there is to object to in the certificates a peer sent, the root cause first. OpenSSL's verdict is never
// overruled: when it objects there is at least one objection here, and when it does not, the chain is trusted.
import { type Failure, type FailureCode, failure } from '../../model/failure.ts'
import type { OcspFacts } from '../../model/result.ts'
import { type Certificate, KEY_USAGE, keyUsageAllows } from '../../wire/certificate.ts'
import { findForbiddenName, namesHost } from '../../wire/certificate-host.ts'
import { type ChainPath, findPath } from './chain-path.ts'
import { isoOf, type KnownCertificate } from './known-certificate.ts'
import type { Trust } from './trust.ts'

/** Names of a certificate that are told when the host is not among them. */
const NAMES_TOLD = 10
/** RFC 8446, 4.2.3 and the CA/Browser Forum: what is shorter is refused by browsers. */
const MIN_RSA_BITS = 2048
const MIN_EC_BITS = 224
const WEAK_HASHES = new Set(['md2', 'md5', 'sha1'])
const DAY_MS = 86_400_000

/** Which of several objections is the one to fix first. */
const ORDER: readonly FailureCode[] = [
  'certificate_expired',
  'certificate_not_yet_valid',
  'certificate_wrong_host',
  'certificate_self_signed',
  'certificate_chain_incomplete',
  'certificate_untrusted',
  'certificate_revoked',
  'certificate_weak',
]

/** OpenSSL's verdicts (by Node's names) that are told by one of our own objections, which say more. */
const TOLD_BY: Record<string, readonly FailureCode[]> = {
  CERT_HAS_EXPIRED: ['certificate_expired'],
  CERT_NOT_YET_VALID: ['certificate_not_yet_valid'],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['certificate_self_signed'],
  SELF_SIGNED_CERT_IN_CHAIN: ['certificate_untrusted'],
  UNABLE_TO_GET_ISSUER_CERT: ['certificate_chain_incomplete', 'certificate_untrusted'],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ['certificate_chain_incomplete', 'certificate_untrusted'],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['certificate_chain_incomplete', 'certificate_untrusted'],
  CERT_SIGNATURE_FAILURE: ['certificate_chain_incomplete'],
}

export interface Presented {
  /** As sent, leaf first. */
  chain: readonly KnownCertificate[]
  /** The name the certificate has to be for, in the form of `plainHost`. */
  host: string
  /** OpenSSL's verdict by Node's name; null when it had none. */
  verdict: string | null
  ocsp: { facts: OcspFacts; forged: boolean } | null
}

/** All objections, the most telling first; an empty list is a good certificate. */
export function findObjections(presented: Presented, trust: Trust, nowMs: number): Failure[] {
  const { chain, host, verdict, ocsp } = presented
  const [leaf] = chain
  if (!leaf) return [failure('certificate_untrusted', verdict ?? 'the peer showed no certificate')]
  const revoked = ocsp !== null && ocsp.facts.status === 'revoked' && !ocsp.forged
  // The usual case: OpenSSL is content, the host is named and nothing sent is weak.
  if (verdict === null && !revoked && isFor(leaf, host) && !chain.some((known) => weakness(known))) return []
  const objections: Failure[] = []
  const path = findPath(chain, trust)
  if (!path) return objections
  addDates(path, nowMs, objections)
  if (!isFor(leaf, host)) objections.push(failure('certificate_wrong_host', describeNames(leaf, host)))
  if (verdict !== null) {
    addWayToRoot(path, verdict, objections)
    addRules(path, objections)
  }
  if (revoked) objections.push(failure('certificate_revoked', describeRevocation(leaf, ocsp.facts)))
  addWeakness(path, objections)
  if (verdict !== null && !isTold(verdict, objections)) {
    objections.push(failure('certificate_untrusted', `${verdict}: OpenSSL does not accept the certificate`))
  }
  return objections.sort((a, b) => ORDER.indexOf(a.code) - ORDER.indexOf(b.code))
}

function isFor(leaf: KnownCertificate, host: string): boolean {
  if (leaf.certificate) return namesHost(leaf.certificate, host)
  const { x509 } = leaf
  return (x509.checkIP(host) ?? x509.checkHost(host, { subject: 'never' })) !== undefined
}

/** "the server's certificate (CN=x)" and so on: which one of the path is meant. */
function which(known: KnownCertificate, index: number): string {
  const role =
    index === 0 ? "the server's certificate" : known.certificate?.selfIssued ? 'the root' : 'the intermediate'
  return `${role} (${known.subject})`
}

function addDates({ path, anchor }: ChainPath, nowMs: number, into: Failure[]): void {
  const all = anchor && !path.includes(anchor) ? [...path, anchor] : path
  for (const [index, known] of all.entries()) {
    if (known.notAfterMs < nowMs) {
      const days = Math.floor((nowMs - known.notAfterMs) / DAY_MS)
      const ago = days === 0 ? 'less than a day ago' : days === 1 ? '1 day ago' : `${days} days ago`
      const raw = `${which(known, index)} expired ${isoOf(known.notAfterMs)}, ${ago}`
      into.push(failure('certificate_expired', raw))
    } else if (known.notBeforeMs > nowMs) {
      const raw = `${which(known, index)} is valid from ${isoOf(known.notBeforeMs)}, and our clock says ${isoOf(nowMs)}`
      into.push(failure('certificate_not_yet_valid', raw))
    }
  }
}

function describeNames(leaf: KnownCertificate, host: string): string {
  const { certificate } = leaf
  if (!certificate) return `the certificate does not name ${host}`
  const names = [...certificate.dnsNames, ...certificate.ipAddresses]
  if (names.length === 0) {
    const [commonName] = certificate.subject.commonNames
    const called = commonName === undefined ? '' : `, and its common name ${commonName} does not count`
    return `the certificate has no alternative names, so it is not for ${host}${called}`
  }
  const more = names.length > NAMES_TOLD ? ` and ${names.length - NAMES_TOLD} more` : ''
  return `the certificate is not for ${host} but for ${names.slice(0, NAMES_TOLD).join(', ')}${more}`
}

/**
 * Where the way to a trusted root ends. An issuer that is neither sent nor trusted can be a forgotten intermediate or
 * a root that nobody knows, and from here the two look alike. `certificate_chain_incomplete` is said when the missing
 * one is a server's to send: the last certificate tells where its issuer can be fetched, or carries receipts of
 * public logs, which only publicly trusted issuers are given. Behind an intermediate the missing one is normally the
 * root, which nobody sends, so there both are asked for. What stays uncertain: a private authority that publishes its
 * issuers over http looks like a public one, and whether the issuer that could be fetched is trusted.
 */
function addWayToRoot({ path, end, nameOnly }: ChainPath, verdict: string, into: Failure[]): void {
  const last = path.at(-1)
  const [leaf] = path
  if (!last || !leaf || end === 'anchored') return
  if (end === 'self_signed') {
    if (path.length === 1) {
      into.push(
        failure('certificate_self_signed', `${verdict}: ${last.subject} signed itself, and nobody trusts it`),
      )
    } else {
      const raw = `${verdict}: the root ${last.subject} is not trusted: a private authority, or somebody intercepts`
      into.push(failure('certificate_untrusted', raw))
    }
    return
  }
  const [url] = last.fetchableIssuers
  const isPublic = leaf.certificate?.hasTransparencyReceipts === true
  const sendable = path.length === 1 ? url !== undefined || isPublic : url !== undefined && isPublic
  const missing = nameOnly
    ? `the ${last.issuer} that was sent did not sign ${last.subject}`
    : `${last.subject} was issued by ${last.issuer}, which was not sent and is not a trusted root`
  const where = url === undefined ? '' : `; it can be fetched at ${url}`
  into.push(
    failure(
      sendable ? 'certificate_chain_incomplete' : 'certificate_untrusted',
      `${verdict}: ${missing}${where}`,
    ),
  )
}

/** The rules of RFC 5280, 6.1.4 that OpenSSL may have tripped over before or after what it told. */
function addRules({ path, anchor }: ChainPath, into: Failure[]): void {
  const issuers = anchor && !path.includes(anchor) ? [...path.slice(1), anchor] : path.slice(1)
  const leaf = path[0]?.certificate
  if (!leaf) return
  const purposes = leaf.extendedKeyUsage
  if (purposes && !purposes.includes('serverAuth') && !purposes.includes('anyExtendedKeyUsage')) {
    untrusted(
      into,
      `INVALID_PURPOSE: the certificate is for ${purposes.join(', ')}, not for servers (serverAuth)`,
    )
  }
  let below = 0
  for (const known of issuers) {
    const issuer = known.certificate
    if (!issuer) continue
    addIssuerRules(issuer, below, leaf, into)
    if (!issuer.selfIssued) below++
  }
}

function addIssuerRules(issuer: Certificate, below: number, leaf: Certificate, into: Failure[]): void {
  const name = issuer.subject.text
  // Roots of version 1 have no basic constraints at all and are trusted as they stand.
  if (issuer.isCa === false || (issuer.isCa === null && !issuer.selfIssued)) {
    untrusted(into, `INVALID_CA: ${name} is not a certificate authority and issued one all the same`)
  } else if (!keyUsageAllows(issuer, KEY_USAGE.keyCertSign)) {
    untrusted(into, `INVALID_CA: the key of ${name} is not for signing certificates`)
  }
  if (issuer.pathLength !== null && below > issuer.pathLength) {
    const raw = `PATH_LENGTH_EXCEEDED: ${name} allows ${issuer.pathLength} authorities below it, and there are ${below}`
    untrusted(into, raw)
  }
  const forbidden = issuer.nameConstraints && findForbiddenName(issuer.nameConstraints, leaf)
  if (forbidden)
    untrusted(into, `PERMITTED_VIOLATION: ${name} may not issue for ${forbidden} (name constraints)`)
}

function untrusted(into: Failure[], raw: string): void {
  into.push(failure('certificate_untrusted', raw))
}

function describeRevocation(leaf: KnownCertificate, facts: OcspFacts): string {
  const reason = facts.reason ? ` (${facts.reason})` : ''
  const unchecked = facts.verified ? '' : ', whose signature could not be checked'
  return `${leaf.subject} was revoked ${facts.revokedAt ?? ''}${reason}, says the stapled OCSP answer${unchecked}`
}

/** Why a certificate is weak, null when it is not. Nobody relies on the signature of a root. */
function weakness({ certificate }: KnownCertificate): string | null {
  if (!certificate) return null
  const { key, signatureHash, selfIssued } = certificate
  if (key.bits !== null) {
    if ((key.kind === 'RSA' || key.kind === 'DSA') && key.bits < MIN_RSA_BITS) {
      return `its ${key.kind} key has ${key.bits} bits, and ${MIN_RSA_BITS} are the least`
    }
    if (key.kind === 'EC' && key.bits < MIN_EC_BITS) return `its ${key.kind} key has ${key.bits} bits`
  }
  if (!selfIssued && signatureHash !== null && WEAK_HASHES.has(signatureHash)) {
    return `it is signed with ${certificate.signature}, which can be forged`
  }
  return null
}

/** A trusted root that was sent along is judged no more than one that was not. */
function addWeakness({ path, anchor }: ChainPath, into: Failure[]): void {
  for (const [index, known] of path.entries()) {
    if (anchor?.raw.equals(known.raw) && index > 0) continue
    const why = weakness(known)
    if (why) into.push(failure('certificate_weak', `${which(known, index)}: ${why}`))
  }
}

function isTold(verdict: string, objections: readonly Failure[]): boolean {
  const codes = TOLD_BY[verdict]
  for (const { code, raw } of objections) {
    if (codes?.includes(code) || raw.startsWith(`${verdict}:`)) return true
    // OpenSSL knows reasons that Node has no name for, name constraints among them.
    if (verdict === 'UNSPECIFIED' && code === 'certificate_untrusted') return true
  }
  return false
}
