// The error stands in a cache: past the cache the site works. Also says when it is not cached.
import type { Glance } from '../../model/drill.ts'
import { SLOW_MS } from '../verdict.ts'
import { type Rule, withFirstReason, withReason } from '../rule.ts'

function works(glance: Glance | null): boolean {
  return glance !== null && glance.failure === null && glance.status !== null && glance.status < 400
}

export default {
  id: 'cached-error',
  codes: null,
  needs: ['failure', 'cache'],
  after: ['refused-status', 'broken-answer', 'redirects', 'wrong-content', 'straight-to-origin'],
  judge(evidence, draft) {
    const found = evidence.finding('cache')
    if (!draft || draft.final || !found) return null
    const ids = evidence.step('cache')?.observations ?? []
    if (
      found.errorIsCached !== true &&
      works(found.bare) &&
      !works(found.noCache) &&
      !works(found.freshQuery)
    ) {
      return withFirstReason(
        {
          ...draft,
          confidence: 'likely',
          what: `only with the cookies or conditions that the check sent: ${draft.what}`,
          visitor: ['Delete the cookies of this site and try again.'],
          operator: [
            'Look what the program does with a stale session or a conditional request.',
            ...draft.operator,
          ],
        },
        'Without cookies and conditions the same request works.',
        ids,
      )
    }
    if (found.errorIsCached === null) return null
    // A cache gives its error at once: one that took as long as a time-out was made anew.
    const waited = evidence.exchange?.timings.wait ?? 0
    if (!found.errorIsCached || waited >= SLOW_MS)
      return withReason(
        draft,
        found.errorIsCached
          ? 'The error took too long for one that stands in a cache, though other requests work.'
          : 'Asked past all caches it fails as well: the error is fresh.',
        ids,
      )
    // Without a cache's own word, and with no-cache in vain, another query may also be another page of the program.
    const certain = (found.sign ?? null) !== null || works(found.noCache)
    const cdn = draft.response?.chain.find(({ role }) => role === 'cdn') ?? null
    const cache = draft.response?.chain.find(({ role }) => role === 'cache') ?? null
    return withFirstReason(
      {
        ...draft,
        link: cdn ? 'cdn' : 'gateway',
        party: cdn ? 'cdn_operator' : 'gateway_operator',
        confidence: certain ? 'likely' : 'possible',
        what: certain
          ? `${cdn?.name ?? cache?.name ?? 'a cache'} keeps an old error; past the cache the site works`
          : `${cdn?.name ?? cache?.name ?? 'a cache'} seems to keep an old error: with a query it cannot know the page works`,
        effect: certain ? 'degraded' : draft.effect,
        visitor: ['Reload without the cache (Ctrl+Shift+R).'],
        operator: [
          'Purge this URL from the cache, and let errors be stored for seconds only (nginx: proxy_cache_valid, proxy_cache_use_stale).',
          ...draft.operator,
        ],
      },
      'Asked past the caches (no-cache, or a query that no cache can know) the site works.',
      ids,
    )
  },
} satisfies Rule
