// An answer came through a proxy of ours, and straight to the site was tried too: whose failure is it?
import { type Rule, withFirstReason, withReason } from '../rule.ts'

export default {
  id: 'without-the-proxy',
  codes: null,
  needs: ['failure', 'proxy'],
  after: [
    'refused-status',
    'unanswered',
    'broken-answer',
    'secure-socket',
    'certificate',
    'wrong-content',
    'through-a-proxy',
  ],
  judge(evidence, draft) {
    const found = evidence.finding('proxy')
    // Failures of the proxy itself are weighed with this look by their own rule.
    if (!draft || draft.final || !found || evidence.failure?.code.startsWith('proxy_')) return null
    const ids = evidence.step('proxy')?.observations ?? []
    if (found.direct !== 'works') return withReason(draft, 'Without the proxy it fails as well.', ids)
    return withFirstReason(
      {
        ...draft,
        link: 'proxy',
        party: 'access_provider',
        confidence: 'likely',
        what: `through the proxy it fails, without it the site works: ${draft.what}`,
        effect: 'unknown',
        visitor: [
          'Leave this target out of the proxy (no_proxy) as long as that is allowed, and tell whoever runs it.',
        ],
        operator: [
          'Look from the machine of the proxy whether it resolves and reaches the site.',
          ...draft.operator,
        ],
      },
      'Without the proxy the site works.',
      ids,
    )
  },
} satisfies Rule
