// A whole answer came, with a status that is not accepted. Who wrote it and what lies behind is read from the answer.
import type { Cause, Diagnosis, Link, Party } from '../../model/diagnosis.ts'
import type { Evidence } from '../evidence.ts'
import { farEnd } from '../far-end.ts'
import { begin, type Draft, type Rule } from '../rule.ts'
import { causesInWords } from '../words/causes.ts'
import { plain } from '../words/plain.ts'

interface Reading {
  link: Link | null
  party: Party
  causes: readonly Cause[]
  what: string
  visitor?: string
  operator?: string
}

/** Statuses that mean the same whoever sends them, as long as no product says more. */
const READINGS: Readonly<Record<number, Reading>> = {
  401: {
    link: null,
    party: 'visitor',
    causes: ['http_request_denied', 'upstream_error_passed_through'],
    what: 'it wants a login',
    visitor: 'Give the check a user name and a password or a token, if the page is meant to be protected.',
    operator:
      'When the page should be open: look which rule asks for the login (WWW-Authenticate names the realm).',
  },
  403: {
    link: null,
    party: 'site_operator',
    causes: ['http_request_denied', 'upstream_error_passed_through'],
    what: 'it forbids the request, by a rule or by file permissions',
    visitor: 'Try from another network: addresses of data centres and VPNs are often refused.',
    operator:
      'Look into the error log for the rule or permission (nginx: "access forbidden by rule", "Permission denied"; a WAF has a log of its own).',
  },
  404: {
    link: 'content',
    party: 'site_operator',
    causes: ['upstream_error_passed_through', 'http_request_error', 'destination_not_found'],
    what: 'there is no such page: moved, deleted, or the address is wrong',
    visitor: 'Check the path of the address.',
    operator:
      'Look whether the page was moved (redirect it), the deployment is whole, and the host name leads to the right site.',
  },
  410: {
    link: 'content',
    party: 'site_operator',
    causes: ['upstream_error_passed_through'],
    what: 'the page was taken away for good',
    visitor: 'Look for the new place of the page.',
    operator: 'Take the check away too, or bring the page back.',
  },
  429: {
    link: null,
    party: 'visitor',
    causes: ['http_request_denied', 'upstream_error_passed_through'],
    what: 'it has had too many requests from here',
    visitor: 'Ask less often; wait as long as Retry-After says.',
    operator:
      'Let the address of this check pass the rate limit, if it should (nginx log: "limiting requests").',
  },
  451: {
    link: 'content',
    party: 'site_operator',
    causes: ['http_request_denied', 'upstream_error_passed_through'],
    what: 'it is withheld for legal reasons, often by country',
    visitor: 'Try from another country.',
    operator: 'Look which rule withholds it; a Link field with rel="blocked-by" names who demanded it.',
  },
}

function statusText(evidence: Evidence): string {
  const { failure } = evidence
  return plain(failure?.raw || failure?.number || 'the status', 40)
}

/** Sentences by which servers say that they got plain HTTP where they speak TLS. */
const PLAIN_TO_TLS = [
  'The plain HTTP request was sent to HTTPS port',
  "You're speaking plain HTTP to an SSL-enabled server port",
  'Client sent an HTTP request to an HTTPS server',
  'This combination of host and port requires TLS',
]

function speaksTls(evidence: Evidence): string | undefined {
  if (evidence.secure) return undefined
  const page = evidence.page().slice(0, 4096)
  return PLAIN_TO_TLS.find((sentence) => page.includes(sentence))
}

/** Statuses by which a gateway reports the leg behind it (RFC 9110, 15.6.3 to 15.6.5). */
const GATEWAY_STATUSES = [502, 503, 504]

/** A known gateway's page that another hop relayed: it is that gateway's own leg that failed, unless it relays too. */
function behindRelay(evidence: Evidence, judged: Diagnosis, status: number): readonly Cause[] {
  const { generator, causes } = judged
  const relayed = causes.length === 1 && causes[0] === 'upstream_error_passed_through'
  if (!relayed || !generator || generator.role === 'application') return causes
  if (!GATEWAY_STATUSES.includes(status)) return causes
  return [...new Set([...evidence.readingOf(generator.product), ...causes])]
}

/** A 407 is a proxy's word: from something that is no proxy of ours it is a misconfigured one. */
function proxyLogin(evidence: Evidence): Draft {
  const proxied = evidence.exchange?.proxy != null
  return begin(evidence, {
    link: proxied ? 'proxy' : 'gateway',
    party: proxied ? 'visitor' : 'gateway_operator',
    causes: ['proxy_auth_required'],
    confidence: 'likely',
    what: proxied
      ? 'it wants a user name and a password'
      : 'it answers as a proxy that wants a login, though nobody asked for one',
    response: evidence.judged(),
  })
}

export default {
  id: 'refused-status',
  codes: ['status_unaccepted'],
  needs: ['failure', 'response'],
  after: ['own-network'],
  judge(evidence, earlier) {
    if (earlier) return null
    const status = evidence.exchange?.response?.status ?? 0
    if (status === 407) return proxyLogin(evidence)
    const judged = evidence.judged()
    const far = farEnd(evidence)
    const shown = statusText(evidence)
    const reading = READINGS[status]
    const generator = judged?.generator ?? null
    if (!judged) {
      const link = reading?.link ?? 'content'
      return begin(evidence, {
        link,
        party: reading?.party ?? 'site_operator',
        causes: reading?.causes ?? ['status_unaccepted'],
        confidence: 'certain',
        what: `${shown}: ${reading?.what ?? 'a good answer, but not the status that was expected'}`,
        visitor: reading?.visitor ? [reading.visitor] : [],
        operator: reading?.operator ? [reading.operator] : [],
      })
    }
    const wrongPort = speaksTls(evidence)
    if (wrongPort) {
      return begin(evidence, {
        link: 'you',
        party: 'visitor',
        causes: ['http_request_error'],
        confidence: 'certain',
        what: `${shown}: port ${evidence.port} speaks TLS, and plain HTTP was sent to it`,
        reasons: [{ says: `The page says so: "${wrongPort}".`, evidence: evidence.idsOf('receive') }],
        visitor: ['Use https:// in place of http:// in the address.'],
        operator: ['Redirect plain HTTP on this port to https (nginx: error_page 497).'],
        response: judged,
      })
    }
    const by = generator && generator.role !== 'application' ? ` from ${generator.name}` : ''
    // A product that signs the page knows better what its status means than the status alone.
    if (reading && (generator === null || generator.role === 'application')) {
      return begin(evidence, {
        link: reading.link ?? (judged.link === 'you' || judged.link === 'upstream' ? far.link : judged.link),
        party: reading.party,
        causes: [
          ...new Set([...judged.causes.filter((cause) => reading.causes.includes(cause)), ...reading.causes]),
        ],
        confidence: 'likely',
        what: `${shown}${by}: ${reading.what}`,
        reasons: judged.reasons,
        visitor: reading.visitor ? [reading.visitor] : [],
        operator: [...judged.todo.operator, ...(reading.operator ? [reading.operator] : [])],
        response: judged,
      })
    }
    const causes = behindRelay(evidence, judged, status)
    return begin(evidence, {
      link: judged.link,
      party: judged.party,
      causes,
      confidence: judged.confidence,
      what: `${shown}${by}: ${causesInWords(causes, 2)}`,
      reasons: judged.reasons,
      visitor: reading?.visitor ? [reading.visitor] : judged.todo.visitor,
      operator: judged.todo.operator,
      response: judged,
    })
  },
} satisfies Rule
