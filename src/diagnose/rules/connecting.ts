// An address was found but no connection came about. Says what a refusal, a silence or a router's word can mean.
import type { Confidence } from '../../model/diagnosis.ts'
import type { FailureCode } from '../../model/failure.ts'
import { farEnd } from '../far-end.ts'
import { begin, type Draft, type Rule, withReason } from '../rule.ts'
import type { Evidence } from '../evidence.ts'

const WHATS: Partial<Record<FailureCode, string>> = {
  connect_refused: 'the machine refuses the connection: nothing listens there, or a firewall rejects',
  host_unreachable: 'a router on the way has no route to the machine: it is off, or its network is cut',
  network_unreachable: 'a router on the way has no route to the network of the site',
  connect_timed_out:
    'no answer to the connection attempt: a firewall that drops, a dead machine or a lost route',
  connect_reset: 'the connection attempt was reset by the machine or a firewall in front of it',
}

const CONFIDENCES: Partial<Record<FailureCode, Confidence>> = {
  connect_refused: 'certain',
  host_unreachable: 'likely',
  network_unreachable: 'likely',
  connect_timed_out: 'possible',
  connect_reset: 'likely',
}

function base(code: FailureCode, evidence: Evidence): Draft {
  const far = farEnd(evidence)
  const routing = code === 'host_unreachable' || code === 'network_unreachable'
  const draft = begin(evidence, {
    link: routing ? 'network' : far.link,
    party: routing ? 'network_operator' : far.party,
    causes: [code],
    confidence: CONFIDENCES[code] ?? 'possible',
    what: WHATS[code] ?? 'no connection came about',
  })
  return far.howWeKnow ? withReason(draft, far.howWeKnow, far.evidence) : draft
}

export default {
  id: 'connecting',
  codes: ['connect_refused', 'host_unreachable', 'network_unreachable', 'connect_timed_out', 'connect_reset'],
  needs: ['failure'],
  after: ['own-network', 'no-route-here'],
  judge(evidence, earlier) {
    const code = evidence.failure?.code
    // A good exchange with a dead address beside it is the affair of half-dead-addresses.
    if (earlier || !code || evidence.works) return null
    let draft = base(code, evidence)
    const references = evidence.finding('references')
    if (references?.extent === 'all_work') {
      draft = withReason(
        draft,
        'Other sites work from here, so our own network does.',
        evidence.step('references')?.observations ?? [],
      )
      if (draft.confidence === 'possible') draft = { ...draft, confidence: 'likely' }
    }
    const resolvers = evidence.finding('resolvers')
    if (resolvers && (resolvers.verdict === 'stale' || resolvers.verdict === 'differ')) {
      const stale = resolvers.verdict === 'stale'
      return withReason(
        {
          ...draft,
          link: 'resolver',
          party: 'access_provider',
          confidence: stale ? 'likely' : 'possible',
          what: stale
            ? 'it still gives an address that the zone no longer names, and nothing answers there'
            : 'it gives other addresses than resolvers elsewhere, and nothing answers there',
          visitor: [
            'Empty the DNS cache (resolvectl flush-caches), or use another resolver until the old answer has run out.',
          ],
        },
        stale
          ? "The zone's own servers name other addresses by now."
          : 'Other resolvers name other addresses.',
        evidence.step('resolvers')?.observations ?? [],
      )
    }
    return draft
  },
} satisfies Rule
