// The same request again and again: always, now and then, or only from one machine of the pool.
import type { Evidence, Finding } from '../evidence.ts'
import { begin, type Draft, type Rule, withFirstReason, withReason } from '../rule.ts'
import { plain } from '../words/plain.ts'

/** The check itself was lucky, but some of the tries after it failed. */
function unlucky(evidence: Evidence, found: Finding<'repetition'>): Draft {
  const bad = found.tries.find(({ verdict }) => verdict !== 'works')
  const status = bad?.status ?? null
  return begin(evidence, {
    link: 'origin',
    party: 'site_operator',
    causes: [status !== null && status >= 400 ? 'upstream_error_passed_through' : 'upstream_unspecified'],
    confidence: 'likely',
    what: status === null ? 'some tries bring no answer' : `some tries bring status ${status}`,
  })
}

export default {
  id: 'one-bad-machine',
  codes: null,
  needs: ['repetition'],
  after: [
    'refused-status',
    'unanswered',
    'broken-answer',
    'secure-socket',
    'certificate',
    'wrong-content',
    'half-dead-addresses',
    'straight-to-origin',
    'cached-error',
    'one-page-only',
  ],
  judge(evidence, earlier) {
    const found = evidence.finding('repetition')
    if (earlier?.final || !found || found.of === 0) return null
    const met = evidence.failure !== null && !evidence.hidden
    // What a good answer hides is not what the tries were measured by.
    if (earlier ? !met : met || found.failed === 0) return null
    const draft = earlier ?? unlucky(evidence, found)
    const ids = evidence.step('repetition')?.observations ?? []
    const { failed, of, goesWith } = found
    if (failed >= of) return withReason(draft, `It failed ${of} times of ${of}: always.`, ids)
    const behind =
      draft.link === 'upstream' ||
      draft.link === 'gateway' ||
      draft.link === 'cdn' ||
      draft.link === 'content'
    if (goesWith) {
      const value = plain(goesWith.value, 50)
      return withFirstReason(
        {
          ...draft,
          link: goesWith.what === 'address' ? draft.link : behind ? 'upstream' : draft.link,
          party: goesWith.what === 'address' ? draft.party : 'site_operator',
          confidence: 'likely',
          what: `one machine of several is bad (${plain(goesWith.name, 30)}: ${value}), ${failed} of ${of} tries failed`,
          effect: 'degraded',
          visitor: ['Try again: another machine of the site may answer.'],
          operator: [
            `Take the machine that shows ${plain(goesWith.name, 40)}: ${value} out of the pool and look there.`,
            ...draft.operator,
          ],
        },
        `The failures go with ${goesWith.what} ${plain(goesWith.name, 40)} = ${value}; tries with other values succeeded.`,
        ids,
      )
    }
    const none = failed === 0
    // A pooled connection that the upstream closes under a new request gives just that: a rare error, gone at once.
    const race = none && draft.causes.includes('connection_terminated')
    return withFirstReason(
      {
        ...draft,
        confidence: draft.confidence === 'certain' && none ? 'likely' : draft.confidence,
        what: none
          ? `it failed once and then worked ${of} times: ${draft.what}`
          : `it comes and goes (${failed} of ${of} tries failed): ${draft.what}`,
        effect: 'degraded',
        visitor: ['Try again.'],
        operator: race
          ? [
              'Let the keep-alive time of the server be longer than that of the gateway towards it: connections closed under a new request give such rare errors.',
              ...draft.operator,
            ]
          : [
              'Look for one bad machine behind the balancer, a limit that is hit now and then, or a restart at that time.',
              ...draft.operator,
            ],
      },
      `Asked again it failed ${failed} of ${of} times.`,
      ids,
    )
  },
} satisfies Rule
