// Reads an OCSP response (RFC 6960, 4.2.1). Says what the responder said and shows what it signed; whether the
// signature is good and whether the answer is fresh is for others to say.
import {
  contextTag,
  type DerElement,
  DerReader,
  hexOf,
  readOid,
  readSmallInteger,
  readTime,
  TAG,
} from './asn1.ts'
import { SIGNATURE_ALGORITHMS } from './certificate-oids.ts'

/** A stapled response is about one certificate, sometimes about its issuers too. */
const MAX_ANSWERS = 16
/** Certificates a responder may bring along. */
const MAX_CERTIFICATES = 4

const RESPONSE_STATUSES: Record<number, string> = {
  0: 'successful',
  1: 'malformedRequest',
  2: 'internalError',
  3: 'tryLater',
  5: 'sigRequired',
  6: 'unauthorized',
}

/** RFC 5280, 5.3.1. */
const REASONS: Record<number, string> = {
  0: 'unspecified',
  1: 'keyCompromise',
  2: 'cACompromise',
  3: 'affiliationChanged',
  4: 'superseded',
  5: 'cessationOfOperation',
  6: 'certificateHold',
  8: 'removeFromCRL',
  9: 'privilegeWithdrawn',
  10: 'aACompromise',
}

const BASIC_RESPONSE = '1.3.6.1.5.5.7.48.1.1'

export interface OcspAnswer {
  /** Upper-case hex, as in `Certificate.serialNumber`. */
  serialNumber: string
  /** Hash names are those of Node's crypto; the hashes in upper-case hex. */
  hash: string | null
  issuerNameHash: string
  issuerKeyHash: string
  status: 'good' | 'revoked' | 'unknown'
  thisUpdateMs: number
  nextUpdateMs: number | null
  revokedAtMs: number | null
  /** By name, such as "keyCompromise"; null when none is given. */
  reason: string | null
}

export interface OcspResponse {
  producedAtMs: number
  answers: OcspAnswer[]
  /** The bytes that are signed, the signature, its algorithm by OpenSSL's name and its hash. */
  signedBytes: Uint8Array
  signature: Uint8Array
  signatureAlgorithm: string
  signatureHash: string | null
  /** Certificates of the responder in DER, when it is not the issuer itself. */
  certificates: Uint8Array[]
}

/** Reads a response in DER. Never throws; `unreadable` says why there is no answer in it. */
export function parseOcspResponse(bytes: Uint8Array): OcspResponse | { unreadable: string } {
  const reader = new DerReader(bytes)
  const outer = reader.inside(TAG.sequence, 'the response')
  const status = readSmallInteger(outer.content(outer.take(TAG.enumerated, 'the response status')))
  if (!reader.malformed && status !== 0) {
    return { unreadable: `the responder answered ${RESPONSE_STATUSES[status ?? -1] ?? `status ${status}`}` }
  }
  const typed = outer
    .inside(contextTag(0, true), 'the response bytes')
    .inside(TAG.sequence, 'the response bytes')
  const type = readOid(typed.content(typed.take(TAG.oid, 'the response type')))
  const inner = typed.take(TAG.octetString, 'the basic response')
  if (!reader.malformed && type !== BASIC_RESPONSE) return { unreadable: `a response of type ${type}` }
  const basic = typed.enter(inner).inside(TAG.sequence, 'the basic response')
  const data = basic.take(TAG.sequence, 'the response data')
  const response: OcspResponse = {
    producedAtMs: 0,
    answers: [],
    signedBytes: bytes.subarray(data.start, data.end),
    signature: new Uint8Array(0),
    signatureAlgorithm: '',
    signatureHash: null,
    certificates: [],
  }
  readData(basic.enter(data), response)
  const algorithm = basic.inside(TAG.sequence, 'the signature algorithm')
  const oid = readOid(algorithm.content(algorithm.take(TAG.oid, 'the signature algorithm')))
  response.signatureAlgorithm = SIGNATURE_ALGORITHMS[oid]?.name ?? oid
  response.signatureHash = SIGNATURE_ALGORITHMS[oid]?.hash ?? null
  response.signature = basic.content(basic.take(TAG.bitString, 'the signature')).subarray(1)
  const brought = basic.optional(contextTag(0, true))
  if (brought) {
    const list = basic.enter(brought).inside(TAG.sequence, 'the certificates')
    while (!list.atEnd && response.certificates.length < MAX_CERTIFICATES) {
      const element = list.take(TAG.sequence, 'a certificate')
      response.certificates.push(bytes.subarray(element.start, element.end))
    }
  }
  const { malformed } = reader
  return malformed ? { unreadable: `${malformed.reason}, at byte ${malformed.offset}` } : response
}

function readData(data: DerReader, into: OcspResponse): void {
  data.optional(contextTag(0, true))
  const responder = data.next()
  if (responder.tag !== contextTag(1, true) && responder.tag !== contextTag(2, true)) {
    data.fail(responder.start, 'the responder is missing')
  }
  into.producedAtMs = readMoment(data, data.take(TAG.generalizedTime, 'the time of production'))
  const answers = data.inside(TAG.sequence, 'the answers')
  while (!answers.atEnd && into.answers.length < MAX_ANSWERS) {
    into.answers.push(readAnswer(answers.inside(TAG.sequence, 'an answer')))
  }
}

function readAnswer(answer: DerReader): OcspAnswer {
  const id = answer.inside(TAG.sequence, 'what the answer is about')
  const hash = id.inside(TAG.sequence, 'the hash')
  const hashOid = readOid(hash.content(hash.take(TAG.oid, 'the hash')))
  const issuerNameHash = hexOf(id.content(id.take(TAG.octetString, 'the hash of the issuer')))
  const issuerKeyHash = hexOf(id.content(id.take(TAG.octetString, "the hash of the issuer's key")))
  const serial = hexOf(id.content(id.take(TAG.integer, 'the serial number')))
  const made: OcspAnswer = {
    serialNumber: serial.replace(/^00(?=..)/, ''),
    hash: SIGNATURE_ALGORITHMS[hashOid]?.hash ?? null,
    issuerNameHash,
    issuerKeyHash,
    status: 'unknown',
    thisUpdateMs: 0,
    nextUpdateMs: null,
    revokedAtMs: null,
    reason: null,
  }
  const status = answer.next()
  if (status.tag === contextTag(0, false)) made.status = 'good'
  else if (status.tag === contextTag(1, true)) {
    made.status = 'revoked'
    const revoked = answer.enter(status)
    made.revokedAtMs = readMoment(revoked, revoked.take(TAG.generalizedTime, 'the time of revocation'))
    const reason = revoked.optional(contextTag(0, true))
    if (reason) {
      const inner = revoked.enter(reason)
      const number = readSmallInteger(inner.content(inner.take(TAG.enumerated, 'the reason')))
      made.reason = REASONS[number ?? -1] ?? `reason ${number}`
    }
  } else if (status.tag !== contextTag(2, false)) answer.fail(status.start, 'the status is none')
  made.thisUpdateMs = readMoment(answer, answer.take(TAG.generalizedTime, 'the time of the answer'))
  const next = answer.optional(contextTag(0, true))
  if (next) {
    const inner = answer.enter(next)
    made.nextUpdateMs = readMoment(inner, inner.take(TAG.generalizedTime, 'the time of the next answer'))
  }
  return made
}

function readMoment(reader: DerReader, element: DerElement): number {
  const ms = readTime(element.tag, reader.content(element))
  if (ms === null) reader.fail(element.start, 'a time that is none')
  return ms ?? 0
}
