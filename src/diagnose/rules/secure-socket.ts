// The connection stood, the secure socket did not. Judges the handshake; certificates have a rule of their own.
import type { Confidence } from '../../model/diagnosis.ts'
import type { FailureCode } from '../../model/failure.ts'
import { textIn } from '../evidence.ts'
import { farEnd } from '../far-end.ts'
import { begin, type Rule, withFirstReason, withReason } from '../rule.ts'
import { plain } from '../words/plain.ts'

const WHATS: Partial<Record<FailureCode, readonly [what: string, confidence: Confidence]>> = {
  tls_not_spoken: ['what answers on this port does not speak TLS', 'certain'],
  tls_timed_out: [
    'the TLS handshake stands still: an overloaded terminator, or large packets get lost',
    'possible',
  ],
  tls_reset: [
    'the connection is reset in the TLS handshake, by the server or a filter on the way',
    'possible',
  ],
  tls_closed: [
    'the connection is closed in the TLS handshake, often for want of a certificate for the name',
    'likely',
  ],
  tls_version_unsupported: ['it speaks no TLS version that browsers still accept', 'certain'],
  tls_no_shared_cipher: ['it has no TLS parameters in common with today\u2019s browsers', 'certain'],
  tls_unrecognized_name: ['it has no site of this name to speak TLS for', 'certain'],
  tls_client_certificate_required: ['it wants a client certificate', 'certain'],
  tls_no_application_protocol: ['it offers neither HTTP/1.1 nor HTTP/2 over TLS', 'certain'],
  tls_alert: ['it breaks off TLS with an alert', 'likely'],
}

/** Nothing was said that only the server can know: a box on the way may have done it. */
const MAY_BE_ON_THE_WAY: readonly FailureCode[] = ['tls_reset', 'tls_closed', 'tls_timed_out']

export default {
  id: 'secure-socket',
  codes: [
    'tls_not_spoken',
    'tls_timed_out',
    'tls_reset',
    'tls_closed',
    'tls_version_unsupported',
    'tls_no_shared_cipher',
    'tls_unrecognized_name',
    'tls_client_certificate_required',
    'tls_no_application_protocol',
    'tls_alert',
  ],
  needs: ['failure'],
  after: ['own-network'],
  judge(evidence, earlier) {
    const code = evidence.failure?.code
    const known = code && WHATS[code]
    if (earlier || !code || !known) return null
    const far = farEnd(evidence)
    const wantsCertificate = code === 'tls_client_certificate_required'
    let draft = begin(evidence, {
      link: far.link,
      party: wantsCertificate ? 'visitor' : far.party,
      causes: [code],
      confidence: known[1],
      what: known[0],
    })
    if (far.howWeKnow) draft = withReason(draft, far.howWeKnow, far.evidence)
    const look = evidence.of('plaintext_look').at(-1)
    const speaks = textIn(look?.output, 'protocol')
    if (look && speaks) {
      draft = withFirstReason(
        {
          ...draft,
          what: `port ${evidence.port} speaks ${plain(speaks, 30)}, not TLS`,
          confidence: 'certain',
        },
        `Asked without TLS it answers in ${plain(speaks, 30)}.`,
        [look.id],
      )
    }
    const found = evidence.finding('protocols')
    if (!found) return draft
    const ids = evidence.step('protocols')?.observations ?? []
    const { withoutName } = found
    if (withoutName && withoutName.failure?.phase !== 'tls' && withoutName.failure?.phase !== 'connect') {
      draft = MAY_BE_ON_THE_WAY.includes(code)
        ? {
            ...draft,
            confidence: 'possible',
            what: 'TLS fails only with this server name: the server has no site for it, or a filter looks for it',
          }
        : draft
      draft = withFirstReason(draft, 'Without a server name the handshake works.', ids)
    }
    if (found.otherScheme && found.otherScheme.failure === null) {
      draft = withReason(
        draft,
        `Over ${evidence.secure ? 'http' : 'https'} the same server answers with ${found.otherScheme.status ?? 'an answer'}: only TLS is broken.`,
        ids,
      )
    }
    return draft
  },
} satisfies Rule
