// A trace of the way to the very port, and whether large packets pass: firewall, dead route or MTU.
import { type Rule, withFirstReason, withReason } from '../rule.ts'
import { plain } from '../words/plain.ts'

export default {
  id: 'way-to-the-port',
  codes: [
    'connect_refused',
    'host_unreachable',
    'network_unreachable',
    'connect_timed_out',
    'connect_reset',
    'tls_timed_out',
    'send_timed_out',
    'answer_timed_out',
    'receive_timed_out',
  ],
  needs: ['failure', 'path'],
  after: ['connecting', 'secure-socket', 'unanswered', 'broken-answer'],
  judge(evidence, draft) {
    const found = evidence.finding('path')
    if (!draft || draft.final || !found || draft.link === 'resolver' || draft.link === 'you') return null
    const ids = evidence.step('path')?.observations ?? []
    if (found.mtuTrouble === true) {
      return withFirstReason(
        {
          ...draft,
          link: 'network',
          party: 'network_operator',
          confidence: 'likely',
          what: 'small packets pass and large ones get lost: path MTU trouble',
          operator: [
            'Let ICMP "fragmentation needed" and "packet too big" pass, or clamp the MSS (nft: tcp option maxseg size set rt mtu).',
            ...draft.operator,
          ],
        },
        'Small packets reach the machine and large ones do not.',
        ids,
      )
    }
    const last = found.hops.findLast(({ ip }) => ip !== null)
    const at = last?.ip ? ` after ${plain(last.ip, 45)} (hop ${last.ttl})` : ''
    switch (found.end) {
      case 'reached':
        return withReason(
          draft.confidence === 'possible' ? { ...draft, confidence: 'likely' } : draft,
          'The way to the machine is open: the machine itself answers.',
          ids,
        )
      case 'firewall':
        return withFirstReason(
          {
            ...draft,
            link: 'network',
            party: 'network_operator',
            confidence: 'likely',
            what: `a firewall in front of the machine answers in its place${at}`,
            operator: [
              'Look into the firewall or security group in front of the machine for this port.',
              ...draft.operator,
            ],
          },
          `The refusal comes from something before the machine${at}.`,
          ids,
        )
      case 'silence':
        return withReason(
          {
            ...draft,
            confidence: 'possible',
            what:
              evidence.failure?.code === 'connect_timed_out'
                ? `silence${at || ' on the whole way'}: a firewall that drops, a dead machine or a lost route`
                : draft.what,
          },
          `The trace falls silent${at}; whether a firewall drops there or the machine is dead looks the same from here.`,
          ids,
        )
      case 'unknown':
        return null
      default:
        return found.end satisfies never
    }
  },
} satisfies Rule
