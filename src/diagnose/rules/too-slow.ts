// It works, but takes too long: the phase that took the time points at the link.
import type { Link, Party } from '../../model/diagnosis.ts'
import { TIMED_PHASES, type TimedPhase } from '../../model/phase.ts'
import { farEnd } from '../far-end.ts'
import { begin, type Rule } from '../rule.ts'

/** Below this share of the whole no phase alone is to blame. */
const MOST = 0.5

const PHASES: Readonly<
  Record<TimedPhase, { link: Link | null; party: Party | null; what: string; operator: string }>
> = {
  resolve: {
    link: 'resolver',
    party: 'access_provider',
    what: 'looking up the name takes',
    operator:
      'Look at the resolver and at the time to live of the records; a dead first resolver costs seconds each time.',
  },
  connect: {
    link: 'network',
    party: 'network_operator',
    what: 'connecting takes',
    operator: 'Look for lost packets (mtr) and for a full accept queue on the server (ss -ltn, Recv-Q).',
  },
  tls: {
    link: null,
    party: null,
    what: 'the TLS handshake takes',
    operator: 'Look at the load of the TLS terminator; several round trips to a far place add up.',
  },
  send: {
    link: null,
    party: null,
    what: 'taking the request takes',
    operator: 'Look why the server reads slowly: busy workers.',
  },
  wait: {
    link: 'origin',
    party: 'site_operator',
    what: 'making the answer takes',
    operator:
      'Look at the application: slow queries, calls to other services, too few workers; Server-Timing would show it.',
  },
  receive: {
    link: 'network',
    party: 'site_operator',
    what: 'the content takes',
    operator:
      'Look at the size of the content and its compression, then at the way: lost packets, a throttled line.',
  },
}

export default {
  id: 'too-slow',
  codes: ['too_slow'],
  needs: ['failure'],
  after: ['own-network'],
  judge(evidence, earlier) {
    if (earlier) return null
    const spent = new Map<TimedPhase, number>()
    let whole = 0
    for (const { timings } of evidence.result.exchanges) {
      for (const phase of TIMED_PHASES) {
        const ms = timings[phase] ?? 0
        spent.set(phase, (spent.get(phase) ?? 0) + ms)
        whole += ms
      }
    }
    const [phase, ms] = [...spent].reduce((one, other) => (other[1] > one[1] ? other : one), ['wait', 0] as [
      TimedPhase,
      number,
    ])
    const far = farEnd(evidence)
    const share = whole > 0 ? ms / whole : 0
    const { link, party, what, operator } = PHASES[phase]
    const redirects = evidence.result.exchanges.length - 1
    const alone = share >= MOST
    return begin(evidence, {
      link: alone ? (link ?? far.link) : 'origin',
      party: alone ? (party ?? far.party) : 'site_operator',
      causes: ['too_slow'],
      confidence: alone ? 'likely' : 'possible',
      what: alone
        ? `it works, but ${what} ${Math.round(ms)} of ${Math.round(whole)} ms`
        : `it works, but takes ${whole < 10 ? whole.toFixed(1) : Math.round(whole)} ms in all, no step most of it`,
      reasons: [
        { says: `${evidence.failure?.raw ?? 'too slow'}.`, evidence: evidence.failing() },
        {
          says: `Phase ${phase} took ${Math.round(share * 100)} % of the time${redirects > 0 ? `, over ${redirects} redirects` : ''}.`,
          evidence: evidence.idsOf(phase === 'tls' ? 'tls_handshake' : phase),
        },
      ],
      operator: alone ? [operator] : [],
      effect: 'degraded',
    })
  },
} satisfies Rule
