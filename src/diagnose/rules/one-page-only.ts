// Is it the whole site, this page, or this method? Other paths were asked to tell.
import { causesFirst, type Rule, withFirstReason, withReason } from '../rule.ts'
import { plain } from '../words/plain.ts'

export default {
  id: 'one-page-only',
  codes: null,
  needs: ['failure', 'paths'],
  after: [
    'refused-status',
    'unanswered',
    'broken-answer',
    'redirects',
    'wrong-content',
    'straight-to-origin',
    'cached-error',
  ],
  judge(evidence, draft) {
    const found = evidence.finding('paths')
    if (!draft || draft.final || !found || draft.effect === 'degraded') return null
    // What a cache keeps of one page says nothing about the program behind it.
    if (evidence.finding('cache')?.errorIsCached === true) return null
    const ids = evidence.step('paths')?.observations ?? []
    const good = found.each.filter(({ verdict }) => verdict === 'works').map(({ path }) => plain(path, 40))
    switch (found.extent) {
      case 'site':
        return withReason(
          draft,
          `Every path of the site that was tried (${found.each.length}) fails alike.`,
          ids,
        )
      case 'method':
        return withFirstReason(
          {
            ...draft,
            what: `${draft.what}, with this method only`,
            link: draft.link === 'upstream' ? 'origin' : draft.link,
          },
          'The same page answers another method well.',
          ids,
        )
      case 'page': {
        const own = URL.parse(evidence.exchange?.url ?? '')?.pathname ?? null
        const alike = found.each
          .filter(({ path, verdict }) => verdict === 'same' && path !== own)
          .map(({ path }) => plain(path, 40))
        if (alike.length > 0) {
          // A gateway often answers some paths from its own disk: then the page is not the only one that is broken.
          return withReason(
            draft,
            `Some paths work (${good.slice(0, 3).join(', ')}) and others fail alike (${alike.slice(0, 3).join(', ')}): what answers those is broken.`,
            ids,
          )
        }
        const relayed = draft.causes.includes('upstream_error_passed_through')
        const behind = draft.link === 'upstream' || draft.link === 'gateway'
        return withFirstReason(
          {
            ...draft,
            link: behind && relayed ? 'origin' : draft.link,
            causes:
              relayed && behind ? causesFirst(draft.causes, ['upstream_error_passed_through']) : draft.causes,
            party: draft.link === 'gateway' && relayed ? 'site_operator' : draft.party,
            what: `${draft.what}, on this page only`,
            operator: [
              'Look at the program behind this page; the rest of the site works.',
              ...draft.operator,
            ],
          },
          `Other pages of the site work (${good.slice(0, 3).join(', ')}).`,
          ids,
        )
      }
      case 'unknown':
        return null
      default:
        return found.extent satisfies never
    }
  },
} satisfies Rule
