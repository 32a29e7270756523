// The same site over the other scheme or the other HTTP version: what works there narrows what is broken here.
import type { FailureCode } from '../../model/failure.ts'
import { type Rule, withReason } from '../rule.ts'

/** Judged with these looks already, by their own rules. */
const ELSEWHERE = (code: FailureCode): boolean => code.startsWith('tls_') || code.startsWith('certificate_')

export default {
  id: 'other-protocol',
  codes: null,
  needs: ['failure', 'protocols'],
  after: [
    'connecting',
    'unanswered',
    'broken-answer',
    'refused-status',
    'redirects',
    'wrong-content',
    'half-dead-addresses',
  ],
  judge(evidence, earlier) {
    const found = evidence.finding('protocols')
    const code = evidence.failure?.code
    if (!earlier || earlier.final || !found || !code || ELSEWHERE(code)) return null
    const ids = evidence.step('protocols')?.observations ?? []
    let draft = earlier
    const other = evidence.secure ? 'http' : 'https'
    const { otherScheme, http1, http2 } = found
    const bad = evidence.exchange?.response?.status ?? 0
    const better = otherScheme?.failure === null && otherScheme.status !== null && otherScheme.status < 400
    if (better && (code.startsWith('connect_') || bad === 0)) {
      draft = withReason(
        { ...draft, what: `${draft.what}; over ${other} the machine answers` },
        `Over ${other} the same machine answers ${otherScheme.status}: it is up, and only this port or service is not.`,
        ids,
      )
    } else if (better) {
      draft = withReason(
        draft,
        `Over ${other} it answers ${otherScheme.status}: the two are set up differently.`,
        ids,
      )
    } else if (otherScheme?.failure) {
      draft = withReason(
        draft,
        `Over ${other} it fails as well: ${otherScheme.failure.raw || otherScheme.failure.code}.`,
        ids,
      )
    }
    const spoke =
      evidence.exchange?.response?.version === '2' || evidence.exchange?.tls?.alpn === 'h2'
        ? 'HTTP/2'
        : 'HTTP/1.1'
    const beside = spoke === 'HTTP/2' ? http1 : http2
    if (beside && beside.failure === null && beside.status !== null && beside.status < 400) {
      draft = withReason(
        {
          ...draft,
          what: `${draft.what}, over ${spoke} only`,
          operator: [`Look at the ${spoke} side of the server: the other version works.`, ...draft.operator],
        },
        `Over ${spoke === 'HTTP/2' ? 'HTTP/1.1' : 'HTTP/2'} it answers ${beside.status}.`,
        ids,
      )
    }
    return draft === earlier ? null : draft
  },
} satisfies Rule
