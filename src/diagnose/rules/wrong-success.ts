// Every expectation holds, and yet the answer hides a failure: an error page in a 200, a stale copy, a placeholder, the
// login or block page of a network, nothing at all.
import type { Cause, Diagnosis } from '../../model/diagnosis.ts'
import type { Evidence } from '../evidence.ts'
import { readCacheAnswers } from '../hops/cache-status.ts'
import { applicationErrorIn, isPortalPage } from '../page-signs.ts'
import { begin, causesFirst, type Draft, type Rule } from '../rule.ts'
import { causesInWords } from '../words/causes.ts'
import { plain } from '../words/plain.ts'

/** Block pages of the visitor's own network; those of a site's own guard stand between robots and the site only. */
const NETWORK_BLOCKS = /forti|forcepoint|zscaler|sophos|palo alto|blue ?coat|barracuda|umbrella|websense/i

function fieldsByName(evidence: Evidence): Map<string, string[]> {
  const byName = new Map<string, string[]>()
  for (const [name, value] of evidence.exchange?.response?.fields ?? []) {
    const key = name.toLowerCase()
    byName.set(key, [...(byName.get(key) ?? []), value])
  }
  return byName
}

/** A cache says outright that it gives out an old copy because nothing newer can be had. */
function saysStale(evidence: Evidence): string | null {
  const byName = fieldsByName(evidence)
  const warning = byName.get('warning')?.find((value) => /^11[012] /.test(value))
  if (warning) return `Warning: ${warning}`
  const old = readCacheAnswers(byName).find(
    ({ word, says }) => word === 'stale' && /^"?(?:TCP_)?STALE\b/i.test(says),
  )
  return old ? `${old.field}: ${old.says}` : null
}

/** What the judge of the answer holds against it, weighed with what the whole check knows. */
function fromJudged(evidence: Evidence, judged: Diagnosis): Draft {
  const { status } = evidence.exchange?.response ?? {}
  const stale = saysStale(evidence)
  const copy = stale !== null || judged.reasons.some(({ says }) => says.includes('A cache hides that'))
  const said = judged.reasons.map(({ says }) => says).join(' ')
  const network = judged.cause === 'access_blocked' && NETWORK_BLOCKS.test(said)
  const more: readonly Cause[] = copy
    ? ['stale_served']
    : judged.generator && isErrorPage(judged)
      ? ['error_page_in_success']
      : []
  const causes = causesFirst(judged.causes, more)
  return begin(evidence, {
    link: network ? 'network' : judged.link,
    party: network ? 'access_provider' : judged.party,
    causes,
    confidence: judged.confidence,
    what: `the status is ${status ?? 'good'}, but ${causesInWords(causes, 1)}`,
    reasons: judged.reasons,
    visitor: judged.todo.visitor,
    operator: judged.todo.operator,
    response: judged,
    effect: effectOf(judged, stale !== null),
  })
}

function isErrorPage(judged: Diagnosis): boolean {
  return judged.reasons.some(({ says }) => says.includes('an error page of'))
}

/** Without a word on how bad it is, a good status stays good: it is a remark. */
function effectOf(judged: Diagnosis, stale: boolean): Diagnosis['effect'] {
  if (judged.cause === 'access_blocked') return 'degraded'
  if (stale && judged.effect === 'remark') return 'degraded'
  return judged.effect ?? 'remark'
}

/** What the page itself shows, where no product is known by it. */
function fromPage(evidence: Evidence): Draft | null {
  const response = evidence.exchange?.response
  if (!response || response.status < 200 || response.status > 299) return null
  const page = evidence.page()
  const ids = evidence.idsOf('receive')
  const error = applicationErrorIn(page)
  if (error !== null) {
    return begin(evidence, {
      link: 'origin',
      party: 'site_operator',
      causes: ['error_page_in_success'],
      confidence: 'likely',
      what: `the status is ${response.status}, but the application failed: ${plain(error, 60)}`,
      reasons: [
        { says: `The content says "${plain(error, 100)}", as a program does that fails.`, evidence: ids },
      ],
      operator: ['Look into the log of the application at that second, and let it answer 500 when it fails.'],
      effect: 'down',
    })
  }
  const exchanges = evidence.result.exchanges
  const first = URL.parse(exchanges[0]?.url ?? '')
  if (
    first &&
    first.hostname !== evidence.url?.hostname &&
    isPortalPage(page, evidence.exchange?.url ?? '')
  ) {
    return begin(evidence, {
      link: 'network',
      party: 'visitor',
      causes: ['captive_portal'],
      confidence: 'likely',
      what: `the network wants a login first and shows its own page (${plain(evidence.host, 50)})`,
      reasons: [
        {
          says: `${plain(first.hostname, 60)} was asked for; the answer led to ${plain(evidence.host, 60)}, whose page asks to log in for Internet access.`,
          evidence: [...evidence.idsOf('receive')],
        },
      ],
      visitor: ['Open any page in a browser and log in to the network, then try again.'],
      operator: ['Nothing is known about the site: check it from another network before waking anybody.'],
      effect: 'unknown',
    })
  }
  return null
}

/** A page was announced and nothing came. Without a type it may be meant so, as probes of health answer. */
function empty(evidence: Evidence): Draft | null {
  const { response, method } = evidence.exchange ?? {}
  if (!response || response.status !== 200 || method !== 'GET' || response.bodyBytes > 0) return null
  const type = response.fields.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
  const announced = /^(?:text\/html|application\/xhtml)/i.test(type)
  return begin(evidence, {
    link: 'content',
    party: 'site_operator',
    causes: ['empty_success'],
    confidence: announced ? 'likely' : 'possible',
    what: `the status is 200, but ${announced ? 'the page has no content' : 'nothing came with it'}`,
    reasons: [
      {
        says: announced
          ? `Content-Type announces ${plain(type, 40)}, and not a byte of content came.`
          : 'Not a byte of content came.',
        evidence: evidence.idsOf('receive'),
      },
    ],
    operator: [
      'Look for a program that ends before it writes: a crash, an exhausted limit, an empty template.',
    ],
    effect: announced ? 'degraded' : 'remark',
  })
}

export default {
  id: 'wrong-success',
  codes: null,
  needs: ['response'],
  after: ['our-own-fault'],
  judge(evidence, earlier) {
    if (earlier || (evidence.failure && !evidence.hidden)) return null
    // Bytes are kept only where they are worth a look: without them nothing was looked at.
    if (evidence.exchange?.response?.raw == null) return null
    const judged = evidence.judged()
    const own = fromPage(evidence)
    if (judged && (judged.effect !== 'remark' || !own)) return fromJudged(evidence, judged)
    return own ?? empty(evidence)
  },
} satisfies Rule
