// TLS works but the certificate does not. Tells the site's certificate, a gateway's stand-in, an interceptor and a
// wrong clock of ours apart.
import type { Glance } from '../../model/drill.ts'
import type { FailureCode } from '../../model/failure.ts'
import type { CertificateFacts } from '../../model/result.ts'
import type { Evidence } from '../evidence.ts'
import { farEnd } from '../far-end.ts'
import { begin, type Rule, withFirstReason, withReason } from '../rule.ts'
import { plain } from '../words/plain.ts'

/** Two clocks that differ by more than this do not tell the same day. */
const CLOCK_OFF_MS = 20 * 3_600_000

/** Makers of boxes and programs that open TLS on the visitor's side, as their roots are named. */
const INTERCEPTORS =
  /fortinet|fortigate|zscaler|netskope|palo alto|sophos|blue ?coat|symantec web|cisco umbrella|forcepoint|websense|barracuda|watchguard|sonicwall|untangle|smoothwall|check ?point|mcafee web|trellix|kaspersky|avast|avg technologies|eset ssl|bitdefender|adguard|mitmproxy|charles proxy|fiddler|burp|squid/i

/** Certificates that a server shows when it has none for the name asked for. */
const STAND_INS: readonly (readonly [RegExp, string])[] = [
  [/kubernetes ingress controller fake certificate/i, 'the stand-in of ingress-nginx'],
  [/traefik default cert/i, 'the stand-in of Traefik'],
  [/plesk/i, 'the default certificate of Plesk'],
  [/caddy local authority/i, 'the internal one of Caddy'],
  [
    /snakeoil|localhost|localdomain|example\.com|internet widgits|some-state|default company ltd/i,
    'a default certificate of the installation',
  ],
  [
    /\.(?:cloudfront\.net|azureedge\.net|herokuapp\.com|netlify\.app|github\.io|wpengine\.com)$/i,
    'the platform\u2019s own, not the site\u2019s',
  ],
]

const WHATS: Partial<Record<FailureCode, string>> = {
  certificate_expired: 'the certificate has expired',
  certificate_not_yet_valid: 'the certificate is not valid yet',
  certificate_wrong_host: 'the certificate is for other names',
  certificate_self_signed: 'the certificate is self-signed',
  certificate_untrusted: 'the certificate is from nobody that browsers trust',
  certificate_chain_incomplete: 'the server does not send the intermediate certificate',
  certificate_revoked: 'the certificate was revoked',
  certificate_weak: 'the certificate uses a key or signature that is too weak',
}

function whatOf(code: FailureCode, leaf: CertificateFacts | undefined): string {
  const what = WHATS[code] ?? 'the certificate does not verify'
  if (!leaf) return what
  if (code === 'certificate_expired') return `${what} (${leaf.notAfter.slice(0, 10)})`
  if (code === 'certificate_not_yet_valid') return `${what} (from ${leaf.notBefore.slice(0, 10)})`
  if (code === 'certificate_wrong_host' && leaf.names.length > 0) {
    return `the certificate is for ${plain(leaf.names.slice(0, 2).join(', '), 50)}, not for this name`
  }
  return what
}

function dateOf(glance: Glance | null): number {
  const value = glance?.fields.find(([name]) => name.toLowerCase() === 'date')?.[1]
  return value === undefined ? Number.NaN : Date.parse(value)
}

/** How far our clock is off, by the Date of an answer; null when nothing tells. */
function clockOffMs(evidence: Evidence): number | null {
  const found = evidence.finding('protocols')
  const ours = Date.parse(evidence.result.startedAt)
  for (const glance of [found?.unverified ?? null, found?.otherScheme ?? null]) {
    const off = ours - dateOf(glance)
    if (!Number.isNaN(off)) return off
  }
  return null
}

export default {
  id: 'certificate',
  codes: [
    'certificate_expired',
    'certificate_not_yet_valid',
    'certificate_wrong_host',
    'certificate_self_signed',
    'certificate_untrusted',
    'certificate_chain_incomplete',
    'certificate_revoked',
    'certificate_weak',
    'certificate_expiring',
  ],
  needs: ['failure'],
  after: ['own-network'],
  judge(evidence, earlier) {
    const code = evidence.failure?.code
    if (earlier || !code) return null
    const far = farEnd(evidence)
    const chain = evidence.exchange?.tls?.certificates ?? []
    const [leaf] = chain
    const shown = evidence.idsOf('tls_handshake')
    if (code === 'certificate_expiring') {
      const first = chain.reduce<CertificateFacts | undefined>(
        (one, other) => (one && one.daysLeft <= other.daysLeft ? one : other),
        undefined,
      )
      const when = first ? ` in ${first.daysLeft} days (${first.notAfter.slice(0, 10)})` : ' soon'
      return begin(evidence, {
        ...far,
        causes: [code],
        confidence: 'certain',
        what: `a certificate expires${when}`,
        effect: 'degraded',
      })
    }
    let draft = begin(evidence, {
      link: far.link,
      party: far.party,
      causes: [code],
      confidence: 'certain',
      what: whatOf(code, leaf),
    })
    if (far.howWeKnow) draft = withReason(draft, far.howWeKnow, far.evidence)
    const found = evidence.finding('protocols')
    const ids = evidence.step('protocols')?.observations ?? []
    if (found?.unverified && found.unverified.failure === null) {
      draft = withReason(
        { ...draft, what: `${draft.what}; everything else works` },
        `Going on without verifying brings ${found.unverified.status ?? 'an answer'}: everything else works.`,
        ids,
      )
    }
    const off = clockOffMs(evidence)
    const byTime = code === 'certificate_expired' || code === 'certificate_not_yet_valid'
    if (byTime && off !== null && Math.abs(off) > CLOCK_OFF_MS) {
      return withFirstReason(
        {
          ...draft,
          link: 'you',
          party: 'visitor',
          confidence: 'likely',
          what: `this machine's clock is ${Math.round(Math.abs(off) / 86_400_000) || 1} days off, so a good certificate looks wrong`,
          effect: 'unknown',
          visitor: ['Set the clock of this machine (timedatectl set-ntp true), then try again.'],
        },
        `The answer has a Date that is ${Math.round(Math.abs(off) / 3_600_000)} hours from our clock.`,
        ids,
      )
    }
    const names = chain.map(({ subject, issuer }) => `${subject} ${issuer}`).join(' ')
    const untrusted = code === 'certificate_untrusted' || code === 'certificate_self_signed'
    const maker = untrusted ? INTERCEPTORS.exec(names.slice(0, 4096))?.[0] : undefined
    if (maker) {
      return withFirstReason(
        {
          ...draft,
          link: 'network',
          party: 'access_provider',
          confidence: 'likely',
          what: `something on your side opens TLS and shows a certificate of its own (${plain(maker, 30)})`,
          effect: 'unknown',
          visitor: [
            'Ask whoever runs your network or virus scanner for its root certificate, or have this site left out.',
          ],
        },
        `The certificate was issued by ${plain(chain.at(-1)?.issuer ?? '', 80)}, as boxes and programs do that open TLS.`,
        shown,
      )
    }
    const standIn = STAND_INS.find(([pattern]) => pattern.test((leaf?.subject ?? '').slice(0, 512)))
    if (standIn && code !== 'certificate_chain_incomplete' && leaf) {
      const gateway = far.link === 'origin' && /Traefik|ingress|Caddy/.test(standIn[1])
      return withFirstReason(
        {
          ...draft,
          link: gateway ? 'gateway' : draft.link,
          what: `it has no certificate for this name and shows ${standIn[1]}`,
          operator: ['Add the name and its certificate where TLS ends; what is shown is only the default.'],
        },
        `The certificate for ${plain(leaf.subject, 60)} is ${standIn[1]}.`,
        shown,
      )
    }
    return draft
  },
} satisfies Rule
