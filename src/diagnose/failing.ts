// Answers with a status of 400 or more: who wrote the page, and what it means about the leg behind.
import type { Cause } from '../model/diagnosis.ts'
import { fieldOf } from './answer.ts'
import { findErrorText } from './error-texts.ts'
import { parseProxyStatus } from './hops/proxy-status.ts'
import { parseVia, readTrafficServerVia } from './hops/via.ts'
import {
  CERTAIN_THRESHOLD,
  type Circumstances,
  findReading,
  type Look,
  MADE_THRESHOLD,
  type Match,
  placeOf,
} from './match.ts'
import { isSlow, type ResponseInput, type Verdict, waitedMs, isRoundWait } from './verdict.ts'

/** Statuses with which a server refuses a request that it cannot or will not read. */
const REFUSALS: ReadonlySet<number> = new Set([400, 405, 408, 411, 413, 414, 417, 431, 501, 505])

/** A hop seen this surely in front of somebody else's page relayed that page. */
const RELAY_THRESHOLD = 0.85

/** What a status may mean when nothing tells who wrote the page. */
function genericCauses(status: number, slow: boolean | null): readonly Cause[] {
  switch (status) {
    case 502:
      return slow
        ? ['http_response_timeout', 'connection_terminated', 'connection_timeout', 'dns_error']
        : [
            'connection_terminated',
            'http_protocol_error',
            'destination_unavailable',
            'tls_certificate_error',
            'dns_error',
          ]
    case 503:
      return slow
        ? [
            'destination_unavailable',
            'connection_timeout',
            'http_response_timeout',
            'connection_limit_reached',
          ]
        : ['destination_unavailable', 'connection_limit_reached', 'connection_terminated']
    case 504:
      return ['http_response_timeout', 'connection_timeout', 'destination_unavailable']
    case 401:
    case 403:
    case 429:
    case 451:
    case 999:
      return ['http_request_denied', 'upstream_error_passed_through']
    case 407:
      return ['proxy_auth_required']
    case 408:
    case 411:
    case 413:
    case 414:
    case 417:
    case 431:
      return ['http_request_error']
    case 508:
      return ['proxy_loop_detected', 'upstream_error_passed_through']
    default:
      return status >= 500
        ? ['upstream_error_passed_through', 'connection_terminated', 'http_protocol_error', 'dns_error']
        : ['http_request_error', 'upstream_error_passed_through']
  }
}

/** Traces that a program wrote the answer, not a gateway: a form of its own that canned pages do not have. */
function hasApplicationTraces(look: Look): boolean {
  const type = fieldOf(look.answer, 'content-type') ?? ''
  return (
    /^application\/(json|problem\+json|xml|problem\+xml|vnd\.)/i.test(type) ||
    // A bare sentence of plain text is what gateways in Go, Node.js or C send as well, charset or not.
    (/charset/i.test(type) && !/^text\/plain/i.test(type)) ||
    look.cookies.length > 0 ||
    look.answer.byName.has('x-powered-by') ||
    look.answer.byName.has('retry-after') ||
    look.answer.byName.has('x-runtime') ||
    look.answer.byName.has('x-request-id')
  )
}

/** The outermost hop that is surely in the chain although it did not write the page. */
export function findRelay(matches: readonly Match[], author: Match | null): Match | null {
  let best: Match | null = null
  for (const match of matches) {
    if (match === author || match.seen < RELAY_THRESHOLD) continue
    if (author?.fingerprint.builtOn?.includes(match.fingerprint.id)) continue
    if (match.fingerprint.role === 'application' || match.fingerprint.role === 'server') continue
    if (!best || match.seen > best.seen) best = match
  }
  return best
}

/**
 * A hop in front left its handwriting although it did not name itself. Only for nginx, whose head always begins
 * alike: Server (unless hidden), Date, Content-Type, in this case.
 */
function hasForeignHandwriting(look: Look, author: Match): boolean {
  if (author.fingerprint.id !== 'nginx' || look.answer.fields.length < 3) return false
  return !look.order.startsWith(look.answer.byName.has('server') ? 'Server,Date,' : 'Date,Content-Type')
}

/** A hop with a host name of its own that stands twice in Via; null when there is none. Pools share pseudonyms. */
function findCircle(look: Look): string | null {
  const entries = parseVia(look.answer.byName.get('via') ?? [])
  const seen = new Set<string>()
  for (const { receivedBy, comment } of entries) {
    if (!/[.:]/.test(receivedBy) || /\.cloudfront\.net$/i.test(receivedBy)) continue
    const key = `${receivedBy} ${comment}`
    if (seen.has(key)) return receivedBy.slice(0, 80)
    seen.add(key)
  }
  return null
}

/** An interim response that nobody asked for shows that the upstream was reached and had begun to answer. */
function interimProves(look: Look, input: ResponseInput, slow: boolean | null): boolean {
  const { interim, status } = look.answer
  if (interim.length === 0 || status === null || status < 500 || slow) return false
  return interim.includes(103) || input.requestMethod === 'GET' || input.requestMethod === 'HEAD'
}

/** Traffic Server's error code in Via, when it is switched on: as good as its log (traffic_via.cc). */
const VIA_CAUSES: Readonly<Record<string, readonly Cause[]>> = {
  'connection to the server failed': ['destination_unavailable'],
  'connection timed out': ['connection_timeout', 'http_response_timeout'],
  'DNS failure': ['dns_error'],
  'loop detected': ['proxy_loop_detected'],
  'request forbidden': ['http_request_denied'],
}

function fromTrafficServerVia(look: Look): Verdict | null {
  for (const { receivedBy, comment } of parseVia(look.answer.byName.get('via') ?? [])) {
    const codes = comment === null ? null : readTrafficServerVia(comment)
    const causes = codes?.error ? VIA_CAUSES[codes.error] : undefined
    if (!causes) continue
    const where = codes?.parentFailed ? ' towards its parent proxy' : ''
    return {
      causes,
      says: [`Traffic Server on ${receivedBy.slice(0, 80)} says in Via: ${codes?.error}${where}.`],
      operator: [],
      visitor: [],
      author: null,
    }
  }
  return null
}

function fromProxyStatus(look: Look): Verdict | null {
  const lines = look.answer.byName.get('proxy-status')
  if (!lines) return null
  // The first member that tells of an error is nearest the origin: the root of those after it.
  const member = parseProxyStatus(lines)?.find(({ error }) => error !== null)
  if (!member?.error) return null
  const details = member.details ? ` ("${member.details.slice(0, 120)}")` : ''
  const hop = member.nextHop ? ` towards ${member.nextHop.slice(0, 120)}` : ''
  return {
    causes: [member.error],
    says: [`${member.name.slice(0, 80)} says so itself in Proxy-Status: ${member.error}${hop}${details}.`],
    confidence: 'certain',
    operator: [],
    visitor: [],
    author: null,
  }
}

/** Judges an answer whose status is an error. `matches` are likeliest author first. */
export function judgeFailing(look: Look, matches: readonly Match[], input: ResponseInput): Verdict {
  const { answer } = look
  const status = answer.status as number
  const slow = isSlow(input)
  const top = matches[0]
  const author = top && top.made >= MADE_THRESHOLD ? top : null
  const relay = findRelay(matches, author)
  const told = fromProxyStatus(look) ?? fromTrafficServerVia(look)
  if (told) return { ...told, author }

  const circle = findCircle(look)
  if (circle && status !== 404) {
    return {
      causes: ['proxy_loop_detected'],
      says: [`Via names ${circle} twice: the request came back to it.`],
      operator: [
        'Find what resolves or routes back to that hop: a name that points at the gateway itself, or a wrong upstream.',
      ],
      visitor: [],
      author,
    }
  }
  const waited = waitedMs(input)
  const timing =
    waited !== null && isRoundWait(waited)
      ? [`It came after ${(waited / 1000).toFixed(1)} s, a round time as time-outs have.`]
      : []
  const errorText = findErrorText((literal) => placeOf(look, literal) >= 0)

  if (author) {
    const circumstances: Circumstances = { slow, method: input.requestMethod }
    const reading = findReading(author.fingerprint, look, circumstances)
    let causes = reading?.causes ?? genericCauses(status, slow)
    if (slow === null) {
      // Without timing, what a late answer would mean stays possible.
      const late = findReading(author.fingerprint, look, { ...circumstances, slow: true })?.causes[0]
      if (late && late !== causes[0] && !causes.includes(late))
        causes = [...causes.slice(0, 2), late, ...causes.slice(2)]
    }
    const says = [`${author.fingerprint.name} wrote this answer.`]
    if (reading) says.push(`What this means there: ${reading.says}.`)
    if (interimProves(look, input, slow)) {
      causes = ['http_response_incomplete']
      says.push('An interim response came first: the upstream was reached, spoke HTTP and then failed.')
    } else if (reading?.textTells && errorText) {
      causes =
        errorText.slow && slow === null
          ? [...errorText.causes, ...errorText.slow]
          : (slow && errorText.slow) || errorText.causes
      says.push(`The text "${errorText.text.trim()}" says that ${errorText.says}.`)
    }
    const verdict: Verdict = {
      causes,
      says: [...says, ...timing],
      operator: reading?.operator ? [reading.operator] : [],
      visitor: reading?.visitor ? [reading.visitor] : [],
      author,
    }
    // What a server or application says of itself stays true whoever relays it.
    const itself = author.fingerprint.role === 'application' || author.fingerprint.role === 'server'
    if (!itself && (relay || hasForeignHandwriting(look, author))) {
      // Somebody else's page came through a hop that did not write it: for that hop the error lies behind.
      verdict.causes = ['upstream_error_passed_through']
      verdict.link = 'upstream'
      verdict.party = 'site_operator'
      verdict.says.push(
        relay
          ? `${relay.fingerprint.name} in front only relayed it.`
          : 'The fields show another hop in front that only relayed it.',
      )
    } else {
      if (reading?.link) verdict.link = reading.link
      if (reading?.party) verdict.party = reading.party
    }
    if (reading?.confidence) verdict.confidence = reading.confidence
    else if (causes.length === 1 && author.made >= CERTAIN_THRESHOLD) verdict.confidence = 'certain'
    return verdict
  }
  return judgeUnsigned(look, matches, relay, slow, input, errorText, timing)
}

/** Nobody known wrote the page: the application, a page of the operator's own, or a hop that leaves no trace. */
function judgeUnsigned(
  look: Look,
  matches: readonly Match[],
  relay: Match | null,
  slow: boolean | null,
  input: ResponseInput,
  errorText: ReturnType<typeof findErrorText>,
  timing: string[],
): Verdict {
  const { answer } = look
  const status = answer.status as number
  const base = { operator: [], visitor: [], author: null }
  if (answer.interim.includes(103) && status >= 500 && !slow) {
    return {
      ...base,
      causes: ['http_response_incomplete'],
      says: ['An interim response came first: the upstream was reached, spoke HTTP and then failed.'],
    }
  }
  const generic = genericCauses(status, slow)
  const through = relay ? `${relay.fingerprint.name} stands in front. ` : ''
  const bare = !answer.byName.has('date') && !answer.byName.has('server')

  if (answer.content.length === 0) {
    const hop = input.requestMethod === 'HEAD' && status >= 500 ? relay : null
    const reading = hop && findReading(hop.fingerprint, look, { slow, method: input.requestMethod })
    if (reading) {
      return {
        ...base,
        causes: [...reading.causes.slice(0, 4), 'upstream_error_passed_through'],
        says: [
          `${through}An answer to HEAD shows no page: its own error would mean that ${reading.says}.`,
          ...timing,
        ],
        operator: reading.operator ? [reading.operator] : [],
      }
    }
    if (
      answer.byName.has('x-powered-by') &&
      !matches.some(({ fingerprint }) => fingerprint.role === 'server')
    ) {
      return {
        ...base,
        causes: ['upstream_error_passed_through'],
        says: [`${through}The answer has no content but the fields of an application (X-Powered-By).`],
      }
    }
    if (status < 500 && bare && status !== 404) {
      return {
        ...base,
        causes: ['http_request_error'],
        says: ['A bare refusal of the request, without content.', ...timing],
      }
    }
    return {
      ...base,
      causes: generic,
      says: [
        `${through}The answer has no content and no mark of a known product: only status and timing tell something.`,
        ...timing,
      ],
    }
  }
  if (status === 407) {
    return {
      ...base,
      causes: ['proxy_auth_required'],
      says: [`${through}Status 407 comes from a proxy that wants a login (RFC 9110 section 15.5.8).`],
    }
  }
  if (bare && REFUSALS.has(status)) {
    return {
      ...base,
      causes: ['http_request_error'],
      says: ['A bare refusal of the request, without Date or Server.', ...timing],
    }
  }
  if (errorText) {
    const causes = (slow && errorText.slow) || errorText.causes
    return {
      ...base,
      causes: [...causes, 'upstream_error_passed_through'],
      says: [
        `${through}The text "${errorText.text.trim()}" says that ${errorText.says}; whether a gateway or the application met it stays open.`,
        ...timing,
      ],
    }
  }
  const gatewayStatus = status === 502 || status === 503 || status === 504
  if (bare && !hasApplicationTraces(look) && status >= 500) {
    return {
      ...base,
      causes: [...generic.slice(0, 3), 'upstream_error_passed_through'],
      says: [
        "A page of the operator's own, without Date or Server: a gateway in front put it there.",
        ...timing,
      ],
    }
  }
  if (REFUSALS.has(status) && (fieldOf(answer, 'content-type') ?? '').startsWith('text/plain')) {
    return {
      ...base,
      causes: ['http_request_error', 'upstream_error_passed_through'],
      says: [`${through}A sentence of plain text refuses the request: a hop's or the application's.`],
    }
  }
  if (!gatewayStatus || hasApplicationTraces(look)) {
    return {
      ...base,
      causes: ['upstream_error_passed_through'],
      link: 'origin',
      party: 'site_operator',
      says: [`${through}The page is no gateway's: the application wrote it and its error is its own.`],
    }
  }
  return {
    ...base,
    causes: ['upstream_error_passed_through', ...generic.slice(0, 3)],
    says: [
      `${through}The page is no known product's: the application's own, or one that the operator put in place of the gateway's.`,
      ...timing,
    ],
  }
}
