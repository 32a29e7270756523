// Every expectation holds, and yet the answer hides a failure: an error page in a 200, a stale copy, a placeholder.
import { begin, type Rule } from '../rule.ts'
import { causesInWords } from '../words/causes.ts'

export default {
  id: 'wrong-success',
  codes: null,
  needs: ['response'],
  after: ['our-own-fault'],
  judge(evidence, earlier) {
    if (earlier || (evidence.failure && !evidence.hidden)) return null
    const judged = evidence.judged()
    if (!judged) return null
    const { status } = evidence.exchange?.response ?? {}
    return begin(evidence, {
      link: judged.link,
      party: judged.party,
      causes: judged.causes,
      confidence: judged.confidence,
      what: `the status is ${status ?? 'good'}, but ${causesInWords(judged.causes, 2)}`,
      reasons: judged.reasons,
      visitor: judged.todo.visitor,
      operator: judged.todo.operator,
      response: judged,
      // Without a word on how bad it is, a good status stays good: it is a remark.
      effect: judged.effect ?? 'remark',
    })
  },
} satisfies Rule
