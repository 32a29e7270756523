// The error stands in a cache: past the cache the site works. Also says when it is not cached.
import { type Rule, withFirstReason, withReason } from '../rule.ts'

export default {
  id: 'cached-error',
  codes: null,
  needs: ['failure', 'cache'],
  after: ['refused-status', 'broken-answer', 'redirects', 'wrong-content', 'straight-to-origin'],
  judge(evidence, draft) {
    const found = evidence.finding('cache')
    if (!draft || draft.final || !found || found.errorIsCached === null) return null
    const ids = evidence.step('cache')?.observations ?? []
    if (!found.errorIsCached)
      return withReason(draft, 'Asked past all caches it fails as well: the error is fresh.', ids)
    const cdn = draft.response?.chain.find(({ role }) => role === 'cdn') ?? null
    const cache = draft.response?.chain.find(({ role }) => role === 'cache') ?? null
    const onlyBare =
      found.bare?.failure === null && found.noCache.failure !== null && found.freshQuery?.failure !== null
    return withFirstReason(
      {
        ...draft,
        link: cdn ? 'cdn' : 'gateway',
        party: cdn ? 'cdn_operator' : 'gateway_operator',
        confidence: 'likely',
        what: onlyBare
          ? 'it fails only with the cookies or conditions that the check sent'
          : `${cdn?.name ?? cache?.name ?? 'a cache'} keeps an old error; past the cache the site works`,
        effect: 'degraded',
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
