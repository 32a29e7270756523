// The way goes through a proxy of ours and ended there or behind it. Nothing is said of the site that the proxy hides.
import type { Cause } from '../../model/diagnosis.ts'
import { type Evidence, numberIn, textIn } from '../evidence.ts'
import { begin, type Draft, type Rule, withFirstReason, withReason } from '../rule.ts'
import { causesInWords } from '../words/causes.ts'
import { plain } from '../words/plain.ts'

/** What a SOCKS5 reply (RFC 1928, section 6) says of the leg behind the proxy. */
const SOCKS_CAUSES: Readonly<Record<number, Cause>> = {
  1: 'proxy_internal_error',
  2: 'http_request_denied',
  3: 'destination_ip_unroutable',
  4: 'destination_unavailable',
  5: 'connection_refused',
  6: 'connection_timeout',
}

function behind(evidence: Evidence): { causes: readonly Cause[]; draft: Partial<Draft> } {
  const handshake = evidence.of('proxy_handshake').at(-1)
  const reply = numberIn(handshake?.output, 'reply')
  if (reply !== null) {
    const cause = SOCKS_CAUSES[reply]
    return {
      causes: cause ? [cause] : ['proxy_failed'],
      draft: { confidence: cause ? 'certain' : 'possible' },
    }
  }
  const judged = evidence.judgedProxy()
  if (!judged) return { causes: ['proxy_failed'], draft: {} }
  return {
    causes: judged.causes,
    draft: {
      link: judged.link === 'proxy' || judged.link === 'gateway' ? 'proxy' : judged.link,
      party: judged.party,
      confidence: judged.confidence,
      response: judged,
      reasons: [...judged.reasons],
      operator: judged.todo.operator,
    },
  }
}

export default {
  id: 'through-a-proxy',
  codes: ['proxy_refused', 'proxy_auth_required', 'proxy_denied', 'proxy_failed'],
  needs: ['failure'],
  after: ['own-network'],
  judge(evidence, earlier) {
    const code = evidence.failure?.code
    if (earlier || !code) return null
    const name = plain(
      evidence.exchange?.proxy ?? textIn(evidence.of('proxy_handshake').at(-1)?.input, 'proxy') ?? '',
      60,
    )
    const host = plain(evidence.host, 50)
    let draft: Draft
    if (code === 'proxy_failed') {
      const { causes, draft: more } = behind(evidence)
      draft = begin(evidence, {
        link: 'upstream',
        party: 'site_operator',
        causes,
        confidence: 'possible',
        what:
          causes[0] === 'proxy_failed'
            ? `the proxy ${name} did not get through to ${host}`
            : `the proxy ${name} did not get through to ${host}: ${causesInWords(causes, 2)}`,
        ...more,
      })
    } else {
      const auth = code === 'proxy_auth_required'
      const judged = code === 'proxy_refused' ? null : evidence.judgedProxy()
      draft = begin(evidence, {
        link: 'proxy',
        party: auth ? 'visitor' : 'access_provider',
        causes: [code],
        confidence: 'certain',
        what: auth
          ? `${name} wants a user name and a password`
          : code === 'proxy_denied'
            ? `${name} does not allow a connection to ${host}`
            : `${name} cannot be reached, so the site was never asked`,
        response: judged,
        effect: 'unknown',
      })
    }
    const references = evidence.finding('references')
    if (code === 'proxy_failed' && references?.extent === 'all_fail') {
      return withFirstReason(
        {
          ...draft,
          link: 'proxy',
          party: 'access_provider',
          confidence: 'likely',
          what: `${name} gets through to no other site either`,
          effect: 'unknown',
        },
        'From here all reference sites fail as well.',
        evidence.step('references')?.observations ?? [],
      )
    }
    const found = evidence.finding('proxy')
    if (!found) return draft
    const ids = evidence.step('proxy')?.observations ?? []
    if (found.direct === 'works') {
      return withFirstReason(
        {
          ...draft,
          link: 'proxy',
          party: draft.party === 'visitor' ? 'visitor' : 'access_provider',
          confidence: draft.confidence === 'certain' ? 'certain' : 'likely',
          what:
            code === 'proxy_failed'
              ? `${name} does not get through to ${host}, though the site works without it`
              : draft.what,
          effect: 'unknown',
          visitor: ['Leave this target out of the proxy (no_proxy) as long as that is allowed.'],
        },
        'Without the proxy the site works.',
        ids,
      )
    }
    if (code !== 'proxy_failed') return withReason(draft, 'Without the proxy it fails as well.', ids)
    return withReason(
      { ...draft, link: 'upstream', party: 'site_operator', confidence: 'likely' },
      'Without the proxy the site fails as well, so the proxy only reports it.',
      ids,
    )
  },
} satisfies Rule
