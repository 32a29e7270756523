// A stapled OCSP answer held against the certificate it came with: is it about it, who signed it, is it fresh.
// Fetches nothing. What is kept is a pure function of the bytes.
import { createHash, verify, type X509Certificate } from 'node:crypto'
import type { OcspFacts } from '../../model/result.ts'
import { type OcspAnswer, type OcspResponse, parseOcspResponse } from '../../wire/ocsp.ts'
import { isoOf, KnownCertificate } from './known-certificate.ts'
import { Recent } from '../../util/recent.ts'

/** Staples of which the reading is kept. */
const MAX_KEPT = 512
/** TLS could carry 16 MiB; real ones have one or two thousand bytes. */
const MAX_STAPLE_BYTES = 64 * 1024
/** Clocks of responders run ahead of ours by so much, and nobody minds. */
const SKEW_MS = 5 * 60_000

export interface StapledOcsp {
  facts: OcspFacts
  /** Somebody else signed it, so it says nothing. */
  forged: boolean
  /** What is odd about it, one sentence each. */
  notes: string[]
}

interface ReadStaple {
  response: OcspResponse | null
  answer: OcspAnswer | null
  facts: OcspFacts
  forged: boolean
  note: string | null
}

const kept = new Recent<ReadStaple>(MAX_KEPT)

/** What a staple says about `leaf`; `issuer` is null when it is not at hand, and then no signature is checked. */
export function readStaple(
  staple: Uint8Array,
  leaf: KnownCertificate,
  issuer: KnownCertificate | null,
  nowMs: number,
): StapledOcsp {
  const read = remembered(staple, leaf, issuer)
  const notes: string[] = []
  if (read.note) notes.push(read.note)
  if (read.answer) {
    const { thisUpdateMs, nextUpdateMs } = read.answer
    if (nextUpdateMs !== null && nextUpdateMs < nowMs) {
      notes.push(`The stapled OCSP answer is out of date since ${isoOf(nextUpdateMs)}.`)
    } else if (thisUpdateMs > nowMs + SKEW_MS) {
      notes.push(`The stapled OCSP answer is of the future: ${isoOf(thisUpdateMs)}.`)
    }
  }
  return { facts: read.facts, forged: read.forged, notes }
}

function remembered(staple: Uint8Array, leaf: KnownCertificate, issuer: KnownCertificate | null): ReadStaple {
  if (staple.length > MAX_STAPLE_BYTES) return unreadable(`it has ${staple.length} bytes`)
  const key = createHash('sha256')
    .update(staple)
    .update(leaf.raw)
    .update(issuer?.raw ?? '')
    .digest('latin1')
  let read = kept.get(key)
  if (!read) {
    read = readOnce(staple, leaf, issuer)
    kept.set(key, read)
  }
  return read
}

function unreadable(why: string): ReadStaple {
  const facts: OcspFacts = {
    status: 'unreadable',
    producedAt: null,
    thisUpdate: null,
    nextUpdate: null,
    revokedAt: null,
    reason: null,
    verified: false,
  }
  return {
    response: null,
    answer: null,
    facts,
    forged: false,
    note: `The stapled OCSP answer is of no use: ${why}.`,
  }
}

function readOnce(staple: Uint8Array, leaf: KnownCertificate, issuer: KnownCertificate | null): ReadStaple {
  const response = parseOcspResponse(staple)
  if ('unreadable' in response) return unreadable(response.unreadable)
  const serial = leaf.certificate?.serialNumber ?? leaf.x509.serialNumber
  const answer = response.answers.find((given) => given.serialNumber === serial && isAbout(given, issuer))
  if (!answer) {
    const read = unreadable('it is about another certificate')
    read.facts.producedAt = isoOf(response.producedAtMs)
    return read
  }
  const signed = issuer ? signedBy(response, issuer) : null
  const facts: OcspFacts = {
    status: answer.status,
    producedAt: isoOf(response.producedAtMs),
    thisUpdate: isoOf(answer.thisUpdateMs),
    nextUpdate: answer.nextUpdateMs === null ? null : isoOf(answer.nextUpdateMs),
    revokedAt: answer.revokedAtMs === null ? null : isoOf(answer.revokedAtMs),
    reason: answer.reason,
    verified: signed === true,
  }
  Object.freeze(facts)
  const note = signed === false ? 'The signature of the stapled OCSP answer is not that of the issuer.' : null
  return { response, answer, facts, forged: signed === false, note }
}

/** The issuer's key is the one the answer names (RFC 6960, 4.1.1); true when it cannot be compared. */
function isAbout(answer: OcspAnswer, issuer: KnownCertificate | null): boolean {
  const certificate = issuer?.certificate
  if (!certificate || answer.hash === null) return true
  const keyHash = createHash(answer.hash).update(certificate.keyBits).digest('hex').toUpperCase()
  return keyHash === answer.issuerKeyHash
}

/**
 * RFC 6960, 4.2.2.2: signed by the issuer itself, or by somebody to whom the issuer gave a certificate for just
 * that. Null when the algorithm is one that cannot be checked here.
 */
function signedBy(response: OcspResponse, issuer: KnownCertificate): boolean | null {
  if (verifies(response, issuer.x509)) return true
  for (const der of response.certificates) {
    const delegate = readDelegate(der)
    if (!delegate?.certificate?.extendedKeyUsage?.includes('OCSPSigning')) continue
    if (delegate.isIssuedBy(issuer) && verifies(response, delegate.x509)) return true
  }
  return response.signatureHash === null && !response.signatureAlgorithm.startsWith('Ed') ? null : false
}

function readDelegate(der: Uint8Array): KnownCertificate | null {
  try {
    const delegate = new KnownCertificate(Buffer.from(der))
    // OpenSSL has to be able to read it too, before its key is used.
    return delegate.x509 ? delegate : null
  } catch {
    return null
  }
}

function verifies(response: OcspResponse, signer: X509Certificate): boolean {
  try {
    return verify(response.signatureHash, response.signedBytes, signer.publicKey, response.signature)
  } catch {
    // A key that does not fit the algorithm, or an algorithm that OpenSSL does not know.
    return false
  }
}
