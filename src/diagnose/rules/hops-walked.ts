// Hops that answered in the site's place because they were told to (Max-Forwards): proof of what stands in front.
import { type Rule, withReason } from '../rule.ts'
import { plain } from '../words/plain.ts'

export default {
  id: 'hops-walked',
  codes: null,
  needs: ['failure', 'hops'],
  after: ['refused-status', 'unanswered', 'broken-answer', 'wrong-content'],
  judge(evidence, draft) {
    const found = evidence.finding('hops')
    if (!draft || draft.final || !found || found.hops.length === 0) return null
    const names = found.hops.map(({ server, number }) => `${number}. ${plain(server ?? 'unnamed', 40)}`)
    const added = found.added.map(([name]) => plain(name, 30))
    const next = withReason(
      draft,
      `Told to stop there, ${found.hops.length === 1 ? 'a hop' : `${found.hops.length} hops`} answered in the site's place: ${names.slice(0, 4).join(', ')}.`,
      evidence.step('hops')?.observations ?? [],
    )
    return added.length === 0
      ? next
      : withReason(
          next,
          `Before it, hops add ${added.slice(0, 6).join(', ')} to the request.`,
          evidence.step('hops')?.observations ?? [],
        )
  },
} satisfies Rule
