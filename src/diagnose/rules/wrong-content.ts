// A good status, but not the content that was expected; or a good answer that hides a failure although nobody
// expected anything. Reads from the page whether it is another page altogether.
import type { FailureCode } from '../../model/failure.ts'
import { begin, causesFirst, type Draft, type Rule } from '../rule.ts'
import type { Evidence } from '../evidence.ts'
import { causesInWords } from '../words/causes.ts'
import { plain } from '../words/plain.ts'

const WHATS: Partial<Record<FailureCode, string>> = {
  text_missing: 'the page does not contain the expected text',
  text_unwanted: 'the page contains text that must not be there',
  json_mismatch: 'the JSON is not what was expected',
  body_too_large: 'the content is larger than the limit',
}

const LOGIN_PAGE = /<input[^>]{0,200}type=["']?password/i
const MAINTENANCE = /<title>[^<]{0,80}(maintenance|wartung|coming soon|under construction)/i
/** What is searched of a page for such signs. */
const SEARCHED = 64 * 1024

/** What kind of other page it is, when nothing else tells. */
function otherPage(evidence: Evidence): string | null {
  const page = evidence.page().slice(0, SEARCHED)
  if (MAINTENANCE.test(page)) return 'it is a maintenance page'
  if (LOGIN_PAGE.test(page)) return 'it is a login page'
  if (evidence.exchange?.response?.bodyBytes === 0) return 'it is empty'
  return null
}

export default {
  id: 'wrong-content',
  codes: ['text_missing', 'text_unwanted', 'json_mismatch', 'body_too_large'],
  needs: ['failure', 'response'],
  after: ['own-network'],
  judge(evidence, earlier): Draft | null {
    const code = evidence.failure?.code
    if (earlier || !code || evidence.hidden) return null
    const judged = evidence.judged()
    const parked = evidence.finding('resolvers')?.parked ?? null
    const what = WHATS[code] ?? 'the content is not what was expected'
    if (judged) {
      return begin(evidence, {
        link: judged.link,
        party: judged.party,
        causes: causesFirst([...judged.causes, code], []),
        confidence: judged.confidence,
        what: `${what}: ${causesInWords(judged.causes, 1)}`,
        reasons: [
          ...judged.reasons,
          { says: `${evidence.failure?.raw ?? what}.`, evidence: evidence.failing() },
        ],
        visitor: judged.todo.visitor,
        operator: judged.todo.operator,
        response: judged,
        // The expectation failed: that is no mere remark.
        effect: judged.effect === 'remark' ? null : judged.effect,
      })
    }
    if (parked) {
      return begin(evidence, {
        link: 'dns',
        party: 'site_operator',
        causes: ['parked_domain', code],
        confidence: 'likely',
        what: `the domain is parked (${plain(parked, 40)})`,
        reasons: [
          {
            says: `The DNS leads to a parking service: ${plain(parked, 100)}.`,
            evidence: evidence.step('resolvers')?.observations ?? [],
          },
          { says: `${evidence.failure?.raw ?? what}.`, evidence: evidence.failing() },
        ],
        operator: ['Look with the registrar whether the domain has expired, and set its name servers back.'],
      })
    }
    const other = otherPage(evidence)
    return begin(evidence, {
      link: 'content',
      party: 'site_operator',
      causes: [code],
      confidence: 'certain',
      what: other ? `${what}: ${other}` : what,
    })
  },
} satisfies Rule
