// The address came from the machine's own hosts file, not from the DNS: an old line there explains a lot.
import { textIn } from '../evidence.ts'
import { type Rule, withReason } from '../rule.ts'

export default {
  id: 'hosts-file',
  codes: [
    'connect_refused',
    'host_unreachable',
    'network_unreachable',
    'connect_timed_out',
    'connect_reset',
    'tls_not_spoken',
    'tls_unrecognized_name',
    'certificate_wrong_host',
    'certificate_self_signed',
    'certificate_untrusted',
    'certificate_expired',
  ],
  needs: ['failure'],
  after: ['connecting', 'secure-socket', 'certificate'],
  judge(evidence, draft) {
    if (!draft || draft.final || evidence.works) return null
    const resolve = evidence.of('resolve').at(-1)
    if (textIn(resolve?.output, 'source') !== 'hosts') return null
    return withReason(
      {
        ...draft,
        link: 'you',
        party: 'visitor',
        confidence: 'possible',
        what: `this machine's hosts file sends the name to an address of its own, and there it fails: ${draft.what}`,
        visitor: ['Look for the name in the hosts file of this machine (/etc/hosts) and take the line out.'],
      },
      "The address is from this machine's hosts file; the DNS was not asked.",
      evidence.idsOf('resolve', 'hosts_file'),
    )
  },
} satisfies Rule
