// Walks from the leaf to a trusted root over what was sent, as a verifier would, to say where the way ends. Used only
// when something is wrong: OpenSSL tells one objection at a time, and not which certificate it was about.
import type { KnownCertificate } from './known-certificate.ts'
import type { Trust } from './trust.ts'

/** Paths longer than this end as if the issuer was missing. */
const MAX_PATH = 16

export interface ChainPath {
  /** Leaf first, the trusted certificate not among them unless it was sent. */
  path: KnownCertificate[]
  /** The trusted certificate it ends at, null when it ends before. */
  anchor: KnownCertificate | null
  /** anchored: at a trusted one; self_signed: at a root nobody trusts; missing: the issuer of the last is unknown. */
  end: 'anchored' | 'self_signed' | 'missing'
  /** A certificate with the issuer's name was there, but the signature is not its own. */
  nameOnly: KnownCertificate | null
}

/** The path from the first certificate of `chain` (leaf first, as sent, in whatever order behind it). */
export function findPath(chain: readonly KnownCertificate[], trust: Trust): ChainPath | null {
  let [current] = chain
  if (!current) return null
  const path: KnownCertificate[] = []
  let nameOnly: KnownCertificate | null = null
  for (;;) {
    path.push(current)
    const trusted = trustedCopy(current, trust)
    if (trusted) return { path, anchor: trusted, end: 'anchored', nameOnly: null }
    const nameKey = current.certificate?.issuer.key ?? ''
    const child: KnownCertificate = current
    const anchor = trust.anchors(nameKey).find((candidate) => child.isIssuedBy(candidate))
    if (anchor) return { path, anchor, end: 'anchored', nameOnly: null }
    if (current.isSelfSigned) return { path, anchor: null, end: 'self_signed', nameOnly: null }
    let next: KnownCertificate | null = null
    for (const candidate of chain) {
      if (path.includes(candidate) || candidate.certificate?.subject.key !== nameKey) continue
      if (child.isIssuedBy(candidate)) {
        next = candidate
        break
      }
      nameOnly ??= candidate
    }
    if (!next || path.length >= MAX_PATH) return { path, anchor: null, end: 'missing', nameOnly }
    current = next
    nameOnly = null
  }
}

/** The certificate itself is trusted: a root that was sent along, or a certificate given as `ca`. */
function trustedCopy(known: KnownCertificate, trust: Trust): KnownCertificate | null {
  const nameKey = known.certificate?.subject.key ?? ''
  return trust.anchors(nameKey).find((candidate) => candidate.raw.equals(known.raw)) ?? null
}
