// Other sites fail from here as well: then it is this machine or its network, and never this site.
import type { FailureCode } from '../../model/failure.ts'
import type { Evidence } from '../evidence.ts'
import { begin, type Draft, type Rule } from '../rule.ts'

/** Failures that a network of ours can bring about before any byte of the site has come. */
const BEFORE_AN_ANSWER: readonly FailureCode[] = [
  'dns_name_not_found',
  'dns_no_address',
  'dns_server_failure',
  'dns_refused',
  'dns_timed_out',
  'dns_malformed_answer',
  'dns_resolver_unreachable',
  'connect_refused',
  'host_unreachable',
  'network_unreachable',
  'connect_timed_out',
  'connect_reset',
  'proxy_refused',
  'proxy_failed',
  'tls_not_spoken',
  'tls_timed_out',
  'tls_reset',
  'tls_closed',
  'certificate_self_signed',
  'certificate_untrusted',
  'certificate_wrong_host',
  'send_reset',
  'send_timed_out',
  'closed_without_answer',
  'reset_without_answer',
  'answer_timed_out',
]

const NO_ROUTE: readonly FailureCode[] = [
  'network_unreachable',
  'host_unreachable',
  'dns_resolver_unreachable',
]

/** Everything asked by name fails and an address works: the line is fine, its resolver is not. */
function onlyTheResolver(code: FailureCode, evidence: Evidence): Draft {
  return begin(evidence, {
    link: 'resolver',
    party: 'access_provider',
    causes: [code],
    confidence: 'certain',
    what: 'no name resolves from here while addresses can be reached, so it is not this site',
    reasons: [
      {
        says: 'Other sites fail by name as well, and one asked by its address works.',
        evidence: evidence.step('references')?.observations ?? [],
      },
      { says: `The name of the site: ${evidence.failure?.raw ?? code}.`, evidence: evidence.failing() },
    ],
    visitor: ['Set another resolver, or tell whoever runs yours that no name resolves.'],
    operator: ['Nothing is known about the site: check it from another network before waking anybody.'],
    effect: 'unknown',
    final: true,
  })
}

export default {
  id: 'own-network',
  codes: BEFORE_AN_ANSWER,
  needs: ['failure', 'references'],
  after: ['our-own-fault'],
  judge(evidence) {
    const found = evidence.finding('references')
    const code = evidence.failure?.code
    if (!found || !code || found.each.length === 0) return null
    if (found.onlyNamesFail === true && evidence.failure?.phase === 'resolve')
      return onlyTheResolver(code, evidence)
    if (found.extent !== 'all_fail') return null
    // A proxy that is part of the failure is judged by its own rule: everything goes through it.
    if (evidence.exchange?.proxy && code.startsWith('proxy_')) return null
    const noRoute = found.each.every(({ failure }) => failure !== null && NO_ROUTE.includes(failure.code))
    const intercepted = code.startsWith('certificate_')
    const one = found.each.length === 1
    const count = one ? 'the one reference site' : `all ${found.each.length} reference sites`
    return begin(evidence, {
      link: noRoute ? 'you' : 'network',
      party: noRoute ? 'visitor' : 'access_provider',
      causes: [code],
      confidence: one ? 'possible' : 'likely',
      what: intercepted
        ? `something between you and the Internet shows certificates of its own: ${count} fail too`
        : noRoute
          ? `this machine has no working connection: ${count} cannot be reached either`
          : `your connection to the Internet fails, not this site: ${count} fail too`,
      reasons: [
        {
          says: `From here ${count} fail as well.`,
          evidence: evidence.step('references')?.observations ?? [],
        },
        { says: `The site itself: ${evidence.failure?.raw ?? code}.`, evidence: evidence.failing() },
      ],
      visitor: [
        'Check cable or Wi-Fi, then the router; open any other site. A network may want a login first.',
        'If all of that is fine, tell your provider that nothing can be reached.',
      ],
      operator: ['Nothing is known about the site: check it from another network before waking anybody.'],
      effect: 'unknown',
      final: true,
    })
  },
} satisfies Rule
