// The DNS of the name leads to a parking service: whatever answers there is not the site.
import { causesFirst, type Rule, withFirstReason } from '../rule.ts'
import { plain } from '../words/plain.ts'

export default {
  id: 'parked-domain',
  codes: null,
  needs: ['failure', 'resolvers'],
  after: [
    'name-lookup',
    'connecting',
    'secure-socket',
    'certificate',
    'refused-status',
    'wrong-content',
    'straight-to-origin',
  ],
  judge(evidence, draft) {
    const parked = evidence.finding('resolvers')?.parked ?? null
    if (!draft || draft.final || parked === null || draft.causes[0] === 'parked_domain') return null
    return withFirstReason(
      {
        ...draft,
        link: 'dns',
        party: 'site_operator',
        causes: causesFirst(draft.causes.slice(0, 2), ['parked_domain']),
        confidence: 'likely',
        what: `the domain is parked (${plain(parked, 40)}): it has probably expired`,
        operator: [
          'Look with the registrar whether the domain has expired, and set its name servers back.',
          ...draft.operator,
        ],
      },
      `The DNS leads to a parking service: ${plain(parked, 100)}.`,
      evidence.step('resolvers')?.observations ?? [],
    )
  },
} satisfies Rule
