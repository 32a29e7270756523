// What a check gives back: the shape of `whydown check --json` (schema 1). Add freely, rename nothing.
import type { Diagnosis } from './diagnosis.ts'
import type { DrillStep } from './drill.ts'
import type { Failure } from './failure.ts'
import type { Observation } from './observation.ts'
import type { TimedPhase } from './phase.ts'

export const RESULT_SCHEMA = 1

/** up: every expectation holds; degraded: works, but something needs attention; down: a visitor cannot use it; unknown: our side is at fault. */
export type Outcome = 'up' | 'degraded' | 'down' | 'unknown'

export interface Address {
  ip: string
  port: number
  family: 4 | 6
}

/** Milliseconds per phase; null: not reached. The phase that was open at a failure keeps the time it was open. */
export type Timings = Record<TimedPhase, number | null>

/** One certificate of the chain. Dates are ISO 8601 in UTC; fingerprint is SHA-256 in lower-case hex. */
export interface CertificateFacts {
  subject: string
  issuer: string
  notBefore: string
  notAfter: string
  /** Whole days until notAfter, negative when past. */
  daysLeft: number
  /** Subject alternative names: DNS names and IP addresses, as written. */
  names: string[]
  serialNumber: string
  fingerprint: string
  /** Such as "RSA 2048", "EC P-256", "Ed25519". */
  key: string
  /** Such as "sha256WithRSAEncryption"; null when it cannot be read. */
  signature: string | null
  isCa: boolean
  selfSigned: boolean
  /** Where the issuer's certificate can be fetched (AIA caIssuers); absent in results made without it. */
  caIssuers?: string[]
  /** Where its revocation can be asked (AIA OCSP). */
  ocspUrls?: string[]
}

/** A stapled OCSP answer about the leaf (RFC 6960). `verified`: its signature was checked and is the issuer's. */
export interface OcspFacts {
  status: 'good' | 'revoked' | 'unknown' | 'unreadable'
  producedAt: string | null
  nextUpdate: string | null
  revokedAt: string | null
  thisUpdate?: string | null
  /** CRL reason by name, such as "keyCompromise". */
  reason?: string | null
  verified?: boolean
}

export interface TlsFacts {
  version: string | null
  cipher: string | null
  alpn: string | null
  /** Key exchange group or algorithm, such as "X25519"; null when it is not known. */
  keyExchange?: string | null
  /** The server name sent, null when none was (IP literals). */
  sni: string | null
  /** Leaf first, as far as the peer sent them. */
  certificates: CertificateFacts[]
  verified: boolean
  /** Every objection to the certificate, not only the first. */
  problems: Failure[]
  /** The peer asked for a client certificate. */
  clientCertificateRequested: boolean
  /** Stapled OCSP answer, null when none was stapled. */
  ocsp: OcspFacts | null
}

/** A field line as it came: name with its case, value without surrounding white space. */
export type FieldLine = [name: string, value: string]

export interface RequestFacts {
  /** The request target as sent: origin form or absolute form. */
  target: string
  fields: FieldLine[]
  bodyBytes: number
  /** Request head as sent, credentials masked, as text. */
  head: string
}

export interface ResponseFacts {
  /** "1.0", "1.1", "2"; "0.9" for an answer without a status line. */
  version: string
  status: number
  reason: string
  fields: readonly FieldLine[]
  trailers: readonly FieldLine[]
  /** Interim 1xx responses that came before it. */
  interim: readonly { status: number; reason: string; fields: readonly FieldLine[] }[]
  /** Bytes of the head, status line included. */
  fieldBytes: number
  /** Bytes of body content as read, framing removed, content coding not. */
  bodyBytes: number
  /** The body was longer than what `raw` keeps. */
  bodyTruncated: boolean
  /** Base64 of the bytes as received (head and framed body), at most 64 KiB of it; null when not kept. */
  raw: string | null
  /** The body as text after content decoding, when it came coded and the check failed; null otherwise. */
  text: string | null
}

export interface Exchange {
  url: string
  method: string
  address: Address | null
  /** The proxy it went through, credentials removed; null when none. */
  proxy: string | null
  timings: Timings
  tls: TlsFacts | null
  request: RequestFacts | null
  response: ResponseFacts | null
  /** Base64 of what came in when it was not a response, at most 64 KiB; null when nothing came or it was one. */
  unparsed: string | null
  failure: Failure | null
  /** Ids of its observations. */
  observations: string[]
}

export interface CheckResult {
  schema: typeof RESULT_SCHEMA
  url: string
  /** RFC 3339, UTC. */
  startedAt: string
  durationMs: number
  outcome: Outcome
  failure: Failure | null
  diagnosis: Diagnosis | null
  exchanges: Exchange[]
  drill: DrillStep[]
  observations: Observation[]
}
