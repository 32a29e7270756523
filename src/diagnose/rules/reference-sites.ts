// Other sites work from here, or some of them do: what that says about our own side, when it is not to blame itself.
import { type Rule, withReason } from '../rule.ts'

export default {
  id: 'reference-sites',
  codes: null,
  needs: ['failure', 'references'],
  after: [
    'own-network',
    'name-lookup',
    'connecting',
    'secure-socket',
    'certificate',
    'unanswered',
    'broken-answer',
    'refused-status',
    'wrong-content',
  ],
  judge(evidence, draft) {
    const found = evidence.finding('references')
    if (!draft || draft.final || !found || found.each.length === 0) return null
    const ids = evidence.step('references')?.observations ?? []
    const failed = found.each.filter(({ works }) => !works).length
    switch (found.extent) {
      case 'all_work':
        return draft.reasons.some(({ says }) => says.startsWith('Other sites work'))
          ? null
          : withReason(draft, 'Other sites work from here, so it is not our own network.', ids)
      case 'some_fail':
        return withReason(
          draft.confidence === 'likely' && evidence.failure?.phase === 'connect'
            ? { ...draft, confidence: 'possible' }
            : draft,
          `${failed} of ${found.each.length} reference sites fail from here too: the trouble may lie on the way they share.`,
          ids,
        )
      case 'all_fail':
        // An answer of the site came all the same: unencrypted, it may be the network's own.
        return withReason(
          evidence.secure
            ? draft
            : { ...draft, confidence: 'possible', causes: [...draft.causes, 'captive_portal'] },
          evidence.secure
            ? 'All reference sites fail from here, though this site answered.'
            : 'All reference sites fail from here: what answered may be a box of this network and not the site.',
          ids,
        )
      default:
        return found.extent satisfies never
    }
  },
} satisfies Rule
