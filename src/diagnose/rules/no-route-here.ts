// The machine of the check has no address of the family it needs, or no resolver: the site's state stays open.
import { begin, type Rule } from '../rule.ts'

export default {
  id: 'no-route-here',
  codes: ['network_unreachable', 'host_unreachable'],
  needs: ['failure'],
  after: ['own-network'],
  judge(evidence, draft) {
    const code = evidence.failure?.code
    if (draft || !code || evidence.result.outcome !== 'unknown') return null
    return begin(evidence, {
      link: 'you',
      party: 'visitor',
      causes: [code],
      confidence: 'certain',
      what: 'this machine has no address or route for the only addresses the site has',
      effect: 'unknown',
      final: true,
    })
  },
} satisfies Rule
