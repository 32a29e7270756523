// Judges one raw response: who wrote it, what happened behind, whose it is. Knows only these bytes, how they ended
// and how long they took; loading this file loads all fingerprints, so a healthy check should not.
import type { Cause, Confidence, Diagnosis, Generator, Party, Role } from '../model/diagnosis.ts'
import { type Answer, readAnswer } from './answer.ts'
import { drawChain } from './chain.ts'
import { ERROR_TEXT_LITERALS } from './error-texts.ts'
import { judgeFailing } from './failing.ts'
import { FINGERPRINTS } from './fingerprints.ts'
import { readReferences } from './hops/references.ts'
import { readRetryAfter } from './hops/retry-after.ts'
import { hopsInWords } from './hops/words.ts'
import {
  CERTAIN_THRESHOLD,
  type Look,
  lookAt,
  makeFingerprintSet,
  type Match,
  matchFingerprints,
  versionOf,
} from './match.ts'
import { judgeSuccess, PLACEHOLDERS } from './success.ts'
import { linkOf, partyOf, type ResponseInput, type Verdict, wordsOf } from './verdict.ts'
import {
  judgeForeignBytes,
  judgeHalfHead,
  judgeInterimOnly,
  judgeSilence,
  judgeStatusLine,
} from './wordless.ts'

/** Candidates named at most: with more than these a list says nothing. */
const MOST_CAUSES = 8

const SET = makeFingerprintSet(FINGERPRINTS, [
  ...ERROR_TEXT_LITERALS,
  ...PLACEHOLDERS.map(({ text }) => text),
])

function hasNoContentExpected(input: ResponseInput, status: number): boolean {
  return input.requestMethod === 'CONNECT' && status >= 200 && status < 300
}

/**
 * Judges one answer. Null when nothing is wrong with it as far as these bytes tell. Times are milliseconds as the
 * check measured them. Never throws on any bytes.
 */
export function judgeResponse(input: ResponseInput): Diagnosis | null {
  if (input.raw.length === 0) return finish(input, judgeSilence(input, false), null, [])
  const answer = readAnswer(input.raw, input.ended, input.requestMethod)
  if (!answer.isHttp) return finish(input, judgeForeignBytes(answer), null, [])

  if (
    answer.status !== null &&
    !answer.headCut &&
    !answer.interimOnly &&
    hasNoContentExpected(input, answer.status)
  ) {
    return judgeTunnel(input, answer)
  }
  const look = lookAt(answer, SET, input.forwardProxy ?? null)
  const matches = matchFingerprints(look, SET)
  if (answer.interimOnly) return finish(input, judgeInterimOnly(answer, input), look, matches)
  if (answer.headCut) return finish(input, judgeHalfHead(answer, input), look, matches)
  const line = judgeStatusLine(answer)
  if (line) return finish(input, line, look, matches)
  if ((answer.status as number) >= 400)
    return finish(input, judgeFailing(look, matches, input), look, matches)
  const verdict = judgeSuccess(look, matches, input)
  return verdict ? finish(input, verdict, look, matches) : null
}

/** What came through a tunnel that a proxy opened: judged as an answer of its own. */
function judgeTunnel(input: ResponseInput, outer: Answer): Diagnosis | null {
  const inner = outer.content
  if (inner.length === 0) {
    const silent: ResponseInput = { ...input, firstByteMs: null }
    if (input.ended === 'kept-open') return null
    return finish(input, judgeSilence(silent, true, /established/i.test(outer.reason)), null, [])
  }
  return judgeResponse({ ...input, raw: inner, requestMethod: 'GET', forwardProxy: false })
}

/** A forward proxy's product that was not asked as a proxy works as a gateway, and the other way round. */
function roleHere(author: Match, forward: boolean | undefined): Role {
  const { role } = author.fingerprint
  if (role === 'application' || role === 'server') return role
  if (forward === true) return 'proxy'
  return forward === false && role === 'proxy' ? 'gateway' : role
}

function confidenceOf(verdict: Verdict): Confidence {
  if (verdict.confidence) return verdict.confidence
  if (verdict.causes.length === 1) return 'likely'
  return verdict.causes.length <= 3 ? 'likely' : 'possible'
}

function finish(
  input: ResponseInput,
  verdict: Verdict,
  look: Look | null,
  matches: readonly Match[],
): Diagnosis {
  const causes = [...new Set(verdict.causes)].slice(0, MOST_CAUSES)
  const cause = causes[0] as Cause
  const forward = input.forwardProxy === true
  const { author } = verdict
  const role = author ? roleHere(author, input.forwardProxy) : forward ? 'proxy' : 'gateway'
  const operator: Party = author?.fingerprint.fixedBy ?? (forward ? 'access_provider' : 'gateway_operator')
  const seesHop =
    author !== null ||
    matches.some(({ seen, fingerprint }) => seen >= 0.5 && fingerprint.role !== 'application')
  let link = verdict.link ?? linkOf(cause, role)
  if (link === 'upstream' && !verdict.link && !seesHop && !forward) link = 'origin'
  const party = verdict.party ?? partyOf(cause, operator, forward)
  const answer = look?.answer
  const chain = look ? drawChain(look, matches, author) : []
  const generator = author && look ? generatorOf(author, versionOf(author.fingerprint, look)) : null
  const confidence = confidenceOf(verdict)
  const evidence = [input.observation ?? 'response']
  return {
    headline: headlineOf(verdict, causes, link, party, generator),
    link,
    cause,
    causes,
    party,
    confidence,
    generator,
    effect: verdict.effect ?? null,
    chain,
    reasons: [...verdict.says, ...(answer ? hopsInWords(answer.byName) : [])].map((says) => ({
      says,
      evidence,
    })),
    todo: { visitor: visitorSteps(verdict, party), operator: verdict.operator },
    references: answer ? readReferences(answer.byName) : [],
    retryAfterSeconds: answer ? readRetryAfter(answer.byName) : null,
    contact: null,
    article: null,
  }
}

function generatorOf(author: Match, version: string | undefined): Generator {
  const generator: Generator = {
    product: author.fingerprint.id,
    name: author.fingerprint.name,
    role: author.fingerprint.role,
    confidence: author.made >= CERTAIN_THRESHOLD ? 'certain' : 'likely',
  }
  if (version) generator.version = version
  return generator
}

const LINK_WORDS: Record<Diagnosis['link'], string> = {
  you: 'the request itself',
  resolver: 'the resolver',
  dns: 'the DNS of the name',
  network: 'the network on the way',
  proxy: 'the proxy',
  cdn: 'the CDN',
  gateway: 'the gateway',
  upstream: 'the server behind the gateway',
  origin: 'the server',
  content: 'the content',
  monitor: 'this monitor',
}

const PARTY_WORDS: Record<Party, string> = {
  visitor: 'the visitor',
  access_provider: "whoever runs the visitor's network or proxy",
  dns_operator: 'the operator of the DNS zone',
  network_operator: 'the network operator',
  cdn_operator: 'the CDN or its customer',
  gateway_operator: 'the operator of the gateway',
  site_operator: 'the operator of the site',
  monitor_operator: 'the operator of this monitor',
}

function headlineOf(
  verdict: Verdict,
  causes: readonly Cause[],
  link: Diagnosis['link'],
  party: Party,
  generator: Generator | null,
): string {
  const who =
    generator && generator.role !== 'application'
      ? `${generator.name} reports trouble with `
      : 'Trouble with '
  const words = causes.slice(0, 3).map(wordsOf)
  const why = words.length === 1 ? words[0] : `${words.slice(0, -1).join(', ')} or ${words[words.length - 1]}`
  const more = causes.length > 3 ? ' (or less likely reasons)' : ''
  const fixer = `${PARTY_WORDS[party]} must act`
  return `${who}${LINK_WORDS[link]}: ${why}${more}; ${fixer}.${verdict.effect === 'remark' ? ' This is a remark, not a failure.' : ''}`
}

function visitorSteps(verdict: Verdict, party: Party): string[] {
  if (verdict.visitor.length > 0) return verdict.visitor
  switch (party) {
    case 'visitor':
      return ['Check the address and what is sent with it (cookies, login), then try again.']
    case 'access_provider':
      return ['Try without the proxy or from another network; tell whoever runs the proxy.']
    default:
      return ['Nothing on your side is wrong: try again later, and tell the site if it lasts.']
  }
}
