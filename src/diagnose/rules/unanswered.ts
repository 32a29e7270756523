// The request went out, or half of it, and no answer came back: closed, reset or silent.
import type { Confidence } from '../../model/diagnosis.ts'
import type { FailureCode } from '../../model/failure.ts'
import { farEnd } from '../far-end.ts'
import { begin, causesFirst, type Rule, withReason } from '../rule.ts'

const WHATS: Partial<Record<FailureCode, readonly [what: string, confidence: Confidence]>> = {
  send_reset: ['it reset the connection while the request was sent', 'likely'],
  send_timed_out: ['it accepts the connection but does not read the request', 'likely'],
  closed_without_answer: ['it closed the connection without an answer', 'likely'],
  reset_without_answer: ['it reset the connection without an answer', 'likely'],
  answer_timed_out: ['it took the request and never answered', 'likely'],
}

/** Candidates for what happened behind, besides what we saw ourselves. */
const BEHIND = 2

export default {
  id: 'unanswered',
  codes: [
    'send_reset',
    'send_timed_out',
    'closed_without_answer',
    'reset_without_answer',
    'answer_timed_out',
  ],
  needs: ['failure'],
  after: ['own-network'],
  judge(evidence, earlier) {
    const code = evidence.failure?.code
    const known = code && WHATS[code]
    if (earlier || !code || !known) return null
    const far = farEnd(evidence)
    const judged = code === 'send_timed_out' ? null : evidence.judged()
    const proxied = evidence.exchange?.proxy != null
    // A hop that answers for itself is alive: what broke lies behind it.
    const hop = (evidence.finding('hops')?.hops.length ?? 0) > 0
    const relayed = evidence.relayed || far.link !== 'origin'
    let draft = begin(evidence, {
      link: proxied && !evidence.secure ? 'proxy' : hop ? 'upstream' : far.link,
      party: proxied && !evidence.secure ? 'access_provider' : hop ? 'site_operator' : far.party,
      // What we saw on our own leg comes first; the rest is what may lie behind it.
      causes: causesFirst(relayed ? (judged?.causes ?? []).slice(0, BEHIND) : [], [code]),
      confidence: proxied ? 'possible' : known[1],
      what: proxied && !evidence.secure ? `${known[0]} (the proxy, or the site behind it)` : known[0],
      response: judged,
      operator: judged?.todo.operator ?? [],
    })
    for (const reason of judged?.reasons ?? []) draft = withReason(draft, reason.says, reason.evidence)
    if (far.howWeKnow) draft = withReason(draft, far.howWeKnow, far.evidence)
    return draft
  },
} satisfies Rule
