// The check itself broke off, was not allowed, or had nothing to check: nothing is known about the site.
import type { FailureCode } from '../../model/failure.ts'
import type { Link, Party } from '../../model/diagnosis.ts'
import { begin, type Rule } from '../rule.ts'

const OURS: Partial<Record<FailureCode, { link: Link; party: Party; what: string }>> = {
  bad_url: { link: 'you', party: 'visitor', what: 'the address cannot be read as a URL' },
  address_forbidden: {
    link: 'monitor',
    party: 'monitor_operator',
    what: 'its rules forbid the address of the target, which says nothing about the site',
  },
  local_limit: {
    link: 'monitor',
    party: 'monitor_operator',
    what: 'this machine ran out of something, which says nothing about the site',
  },
  internal_error: {
    link: 'monitor',
    party: 'monitor_operator',
    what: 'whydown itself failed, which says nothing about the site',
  },
  cancelled: {
    link: 'monitor',
    party: 'monitor_operator',
    what: 'the check was cancelled before there was a verdict',
  },
}

export default {
  id: 'our-own-fault',
  codes: ['bad_url', 'address_forbidden', 'local_limit', 'internal_error', 'cancelled'],
  needs: ['failure'],
  after: [],
  judge(evidence) {
    const code = evidence.failure?.code
    const ours = code && OURS[code]
    if (!code || !ours) return null
    return begin(evidence, { ...ours, causes: [code], confidence: 'certain', effect: 'unknown', final: true })
  },
} satisfies Rule
