// Compared with a good check of the same target: what is different now.
import { type Rule, withReason } from '../rule.ts'
import { plain } from '../words/plain.ts'

const SHOWN = 4

export default {
  id: 'what-changed',
  codes: null,
  needs: ['failure', 'difference'],
  after: [
    'name-lookup',
    'connecting',
    'secure-socket',
    'certificate',
    'unanswered',
    'broken-answer',
    'refused-status',
    'redirects',
    'wrong-content',
    'too-slow',
  ],
  judge(evidence, draft) {
    const found = evidence.finding('difference')
    if (!draft || draft.final || !found) return null
    const ids = evidence.step('difference')?.observations ?? []
    const since = plain(found.goodStartedAt, 30)
    if (found.changes.length === 0)
      return withReason(draft, `Nothing but the failure differs from the good check of ${since}.`, ids)
    let next = draft
    for (const { what, before, now } of found.changes.slice(0, SHOWN)) {
      next = withReason(
        next,
        `Since the good check of ${since}: ${plain(what, 40)} was ${plain(before ?? 'nothing', 60)}, is ${plain(now ?? 'nothing', 60)}.`,
        ids,
      )
    }
    const moved = found.changes.find(({ what }) => /address/i.test(what))
    return moved
      ? {
          ...next,
          operator: [
            ...next.operator,
            `The addresses changed since ${since}: was that meant, and is the new machine ready?`,
          ],
        }
      : next
  },
} satisfies Rule
