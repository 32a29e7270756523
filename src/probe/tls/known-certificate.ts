// A certificate as it was sent, read once: what is kept is a pure function of its bytes, never a memory of a site.
// Verifies signatures on demand; knows no host, no trust and no time but the one it is given.
import { createHash, X509Certificate } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import type { CertificateFacts } from '../../model/result.ts'
import { type Certificate, formatKey, parseCertificate } from '../../wire/certificate.ts'
import { Recent } from '../../util/recent.ts'

/** Certificates of which the reading is kept: some hundred sites with their intermediates. */
const MAX_KEPT = 1024
/** Larger ones are read every time. */
const MAX_KEPT_BYTES = 16 * 1024
/** A chain longer than this is cut; OpenSSL itself refuses to build paths longer than 100. */
export const MAX_CHAIN = 32
const DAY_MS = 86_400_000

/** Where browsers would fetch it: other schemes (ldap of company networks) are of no use to a visitor. */
const FETCHABLE = /^https?:\/\//i

export class KnownCertificate {
  readonly raw: Buffer
  /** Null when our own reader cannot read what OpenSSL could. */
  readonly certificate: Certificate | null
  /** Why it cannot be read; null when it can. */
  readonly unreadable: string | null
  #facts: CertificateFacts | null = null
  #x509: X509Certificate | null = null
  #dueMs = 0

  constructor(raw: Buffer) {
    this.raw = raw
    const read = parseCertificate(raw)
    this.certificate = 'malformed' in read ? null : read
    this.unreadable = 'malformed' in read ? read.malformed : null
  }

  /** For what takes cryptography; made when first needed. */
  get x509(): X509Certificate {
    this.#x509 ??= new X509Certificate(this.raw)
    return this.#x509
  }

  get notBeforeMs(): number {
    return this.certificate?.notBeforeMs ?? Date.parse(this.x509.validFrom)
  }

  get notAfterMs(): number {
    return this.certificate?.notAfterMs ?? Date.parse(this.x509.validTo)
  }

  get subject(): string {
    return this.certificate?.subject.text ?? this.x509.subject.split('\n').reverse().join(', ')
  }

  get issuer(): string {
    return this.certificate?.issuer.text ?? this.x509.issuer.split('\n').reverse().join(', ')
  }

  /** Names are equal by RFC 5280, 7.1, and the signature is the other's. */
  isIssuedBy(other: KnownCertificate): boolean {
    if (this.certificate && other.certificate) {
      if (this.certificate.issuer.key !== other.certificate.subject.key) return false
    } else if (this.x509.issuer !== other.x509.subject) return false
    try {
      return this.x509.verify(other.x509.publicKey)
    } catch {
      // A key of a kind that this OpenSSL does not know verifies nothing.
      return false
    }
  }

  get isSelfSigned(): boolean {
    return this.certificate?.selfIssued !== false && this.isIssuedBy(this)
  }

  /** The addresses that a browser could fetch the issuer's certificate from. */
  get fetchableIssuers(): string[] {
    return this.certificate?.caIssuers.filter((url) => FETCHABLE.test(url)) ?? []
  }

  /** What the result says about it. The object is shared between results and therefore frozen. */
  facts(nowMs: number): CertificateFacts {
    // Only the days left depend on the time, and they change once a day.
    const leftMs = this.notAfterMs - nowMs
    if (!this.#facts || leftMs <= this.#dueMs - DAY_MS || leftMs > this.#dueMs) {
      const daysLeft = Math.floor(leftMs / DAY_MS)
      this.#facts = Object.freeze(this.#read(daysLeft))
      this.#dueMs = (daysLeft + 1) * DAY_MS - 1
    }
    return this.#facts
  }

  #read(daysLeft: number): CertificateFacts {
    const { certificate } = this
    return {
      subject: this.subject,
      issuer: this.issuer,
      notBefore: isoOf(this.notBeforeMs),
      notAfter: isoOf(this.notAfterMs),
      daysLeft,
      names: certificate ? [...certificate.dnsNames, ...certificate.ipAddresses] : namesOf(this.x509),
      serialNumber: certificate?.serialNumber ?? this.x509.serialNumber,
      fingerprint: createHash('sha256').update(this.raw).digest('hex'),
      key: certificate ? formatKey(certificate.key) : (this.x509.publicKey.asymmetricKeyType ?? ''),
      signature: certificate?.signature ?? null,
      isCa: certificate ? certificate.isCa === true : this.x509.ca,
      selfSigned: certificate?.selfIssued ?? this.x509.issuer === this.x509.subject,
      caIssuers: certificate?.caIssuers ?? [],
      ocspUrls: certificate?.ocspUrls ?? [],
    }
  }
}

/** ISO 8601 in UTC, whole seconds: certificates know no fractions. */
export function isoOf(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z')
}

function namesOf(x509: X509Certificate): string[] {
  const text = x509.subjectAltName ?? ''
  return text === '' ? [] : text.split(', ').map((name) => name.slice(name.indexOf(':') + 1))
}

const kept = new Recent<KnownCertificate>(MAX_KEPT)

/** The certificate of these bytes (DER); read only once while it is remembered. */
export function knownCertificate(raw: Buffer): KnownCertificate {
  if (raw.length > MAX_KEPT_BYTES) return new KnownCertificate(raw)
  const key = raw.toString('latin1')
  let known = kept.get(key)
  if (!known) {
    known = new KnownCertificate(raw)
    kept.set(key, known)
  }
  return known
}

/**
 * The chain in the order the peer sent it, leaf first. `getPeerX509Certificate` gives exactly that; the older
 * `getPeerCertificate(true)` sorts it, adds a root of the store that was not sent, and takes twenty times as long.
 */
export function sentChain(socket: TLSSocket): KnownCertificate[] {
  const chain: KnownCertificate[] = []
  let next = socket.getPeerX509Certificate()
  while (next && chain.length < MAX_CHAIN) {
    chain.push(knownCertificate(next.raw))
    next = next.issuerCertificate
  }
  return chain
}
