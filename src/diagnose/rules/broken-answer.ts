// Something came back, but not a whole HTTP answer: another protocol, a malformed head, framing that lies, a cut body.
import type { Confidence } from '../../model/diagnosis.ts'
import type { FailureCode } from '../../model/failure.ts'
import { farEnd } from '../far-end.ts'
import { begin, causesFirst, type Rule, withReason } from '../rule.ts'

const WHATS: Partial<Record<FailureCode, readonly [what: string, confidence: Confidence]>> = {
  not_http: ['what answers on this port does not speak HTTP, or a gateway relays such bytes', 'likely'],
  http09_answer: ['it sends a page without a status line', 'likely'],
  status_line_malformed: ['its status line is malformed', 'certain'],
  status_undefined: ['it answers with a status that HTTP does not define', 'certain'],
  http_version_unsupported: ['it answers in an HTTP version that cannot be', 'certain'],
  header_malformed: ['the header of its answer is malformed', 'certain'],
  header_too_large: ['the header of its answer is larger than clients take', 'certain'],
  framing_conflict: ['its answer contradicts itself about where it ends', 'certain'],
  chunk_malformed: ['the chunked coding of its answer is broken', 'certain'],
  header_truncated: ['its answer ends in the middle of the header', 'likely'],
  body_truncated: ['its answer ends before it is whole', 'likely'],
  body_reset: ['the connection was reset in the middle of its answer', 'likely'],
  receive_timed_out: ['its answer began and then stood still', 'likely'],
  body_undecodable: ['its content does not match the compression it names', 'certain'],
}

const BEHIND = 2

export default {
  id: 'broken-answer',
  codes: [
    'not_http',
    'http09_answer',
    'status_line_malformed',
    'status_undefined',
    'http_version_unsupported',
    'header_malformed',
    'header_too_large',
    'framing_conflict',
    'chunk_malformed',
    'header_truncated',
    'body_truncated',
    'body_reset',
    'receive_timed_out',
    'body_undecodable',
  ],
  needs: ['failure'],
  after: ['own-network'],
  judge(evidence, earlier) {
    const code = evidence.failure?.code
    const known = code && WHATS[code]
    if (earlier || !code || !known) return null
    const far = farEnd(evidence)
    const judged = evidence.judged()
    // A gateway that shows itself in the fields passed on what came from behind it.
    const gateway =
      (evidence.finding('hops')?.hops.length ?? 0) > 0 ||
      judged?.chain.some(({ role }) => role !== 'server' && role !== 'application')
    const status = evidence.exchange?.response?.status ?? 0
    const wordless = status === 0 || status < 400
    const relayed = evidence.relayed || far.link !== 'origin'
    let draft = begin(evidence, {
      link: gateway && wordless ? 'upstream' : far.link,
      party: gateway && wordless ? 'site_operator' : far.party,
      causes: causesFirst(relayed ? (judged?.causes ?? []).slice(0, BEHIND) : [], [code]),
      confidence: known[1],
      what: known[0],
      response: judged,
      operator: judged?.todo.operator ?? [],
    })
    for (const reason of judged?.reasons ?? []) draft = withReason(draft, reason.says, reason.evidence)
    if (far.howWeKnow) draft = withReason(draft, far.howWeKnow, far.evidence)
    return draft
  },
} satisfies Rule
