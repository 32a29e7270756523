// Compares the last answer with what the user expects: status, content, certificate, time. Each expectation is one
// observation. Opens nothing and reads nothing more; how an expectation may be met is said in expect-content.ts.
import type { Expectations, StatusRange } from '../../model/check-options.ts'
import { type Failure, failure } from '../../model/failure.ts'
import type { CertificateFacts, Exchange, FieldLine, ResponseFacts } from '../../model/result.ts'
import type { ProbeContext } from '../context.ts'
import { note } from '../recorder.ts'
import { keepDecodedText, keepText, readContent } from './content.ts'
import { judgeContent } from './expect-content.ts'
import { type Answered, beginExpectation } from './expectation.ts'

export interface Judgement {
  /** The first expectation that does not hold; null when all hold. */
  failure: Failure | null
  /** What works but needs attention soon. */
  attention: Failure[]
  /** The content as text, when it had to be read; absent otherwise. */
  text?: string
}

/**
 * Judges an answer in the order status, content, certificate, time. Content is decoded when something is expected of
 * it or when it came coded, because a visitor's browser cannot show what cannot be decoded; and it is judged only
 * behind an accepted status: an error page says nothing about the check word.
 * On failure of a coded answer its text is kept in the response. Throws WhydownError for a JSON path that does not
 * parse and for nothing else.
 */
export function judgeExpectations(answered: Answered, ctx: ProbeContext): Judgement | Promise<Judgement> {
  const { expect } = ctx.options
  const { response } = answered.exchange
  const judgement: Judgement = { failure: null, attention: [] }
  if (!response) return judgement
  judgement.failure = judgeStatus(answered.exchange, response, expect.status, ctx)
  if (!judgement.failure && (expectsContent(expect) || isCoded(answered, response.fields))) {
    return judgeBody(answered, response, judgement, ctx)
  }
  if (judgement.failure && isCoded(answered, response.fields)) {
    return keepDecodedText(answered, ctx).then(() => judgeRest(answered, judgement, ctx))
  }
  return judgeRest(answered, judgement, ctx)
}

async function judgeBody(
  answered: Answered,
  response: ResponseFacts,
  judgement: Judgement,
  ctx: ProbeContext,
): Promise<Judgement> {
  const content = await readContent(answered, response, ctx)
  judgement.text = content.text
  judgement.failure = judgeContent(content, answered, ctx)
  if (judgement.failure) keepText(content, response, ctx)
  return judgeRest(answered, judgement, ctx)
}

/** Certificate and time, which hold or not whatever the content is. */
function judgeRest({ exchange }: Answered, judgement: Judgement, ctx: ProbeContext): Judgement {
  const { expect } = ctx.options
  if (expect.certificateDays !== null) {
    judgeCertificates(exchange.tls?.certificates ?? null, expect.certificateDays, exchange, judgement, ctx)
  }
  if (expect.maxMs !== null) judgeTime(expect.maxMs, exchange, judgement, ctx)
  return judgement
}

/** There is a body and a coding is named for it; a plain loop, because every check comes by here. */
function isCoded(answered: Answered, fields: readonly FieldLine[]): boolean {
  if (!answered.body || answered.body.length === 0) return false
  for (let index = 0; index < fields.length; index++) {
    const name = fields[index]?.[0] ?? ''
    if (name.length === 16 && name.toLowerCase() === 'content-encoding') return true
  }
  return false
}

function expectsContent(expect: Expectations): boolean {
  return expect.text.length > 0 || expect.rejectText.length > 0 || expect.json.length > 0
}

function isAccepted(status: number, accepted: readonly StatusRange[]): boolean {
  for (let index = 0; index < accepted.length; index++) {
    const range = accepted[index]
    if (range && status >= range[0] && status <= range[1]) return true
  }
  return false
}

function judgeStatus(
  exchange: Exchange,
  response: ResponseFacts,
  accepted: StatusRange[],
  ctx: ProbeContext,
): Failure | null {
  const { status } = response
  const seen = beginExpectation(exchange, { kind: 'status', accepted }, ctx)
  const met = isAccepted(status, accepted)
  const output = { met, found: status }
  if (met) {
    ctx.recorder.end(seen, output)
    return null
  }
  const failed = failure('status_unaccepted', `${status} ${response.reason}`.trim(), {
    number: String(status),
  })
  ctx.recorder.fail(seen, failed, output)
  return failed
}

/** The certificate of the chain that runs out first decides, whichever it is. */
function judgeCertificates(
  certificates: CertificateFacts[] | null,
  atLeastDays: number,
  exchange: Exchange,
  judgement: Judgement,
  ctx: ProbeContext,
): void {
  const seen = beginExpectation(exchange, { kind: 'certificate_days', atLeastDays }, ctx)
  let first: CertificateFacts | null = null
  for (const certificate of certificates ?? []) {
    if (!first || certificate.daysLeft < first.daysLeft) first = certificate
  }
  if (!first) {
    note(seen, 'there is no certificate to look at, because the answer came without TLS')
    ctx.recorder.end(seen, { met: null, found: null })
    return
  }
  const { daysLeft, subject, notAfter } = first
  const met = daysLeft >= atLeastDays
  const output = { met, found: daysLeft, subject, notAfter }
  if (met) return ctx.recorder.end(seen, output)
  const left = daysLeft < 0 ? `expired ${-daysLeft} days ago` : `has ${daysLeft} days left`
  const failed = failure(
    'certificate_expiring',
    `the certificate of ${subject} ${left} (until ${notAfter}), ${atLeastDays} expected`,
  )
  ctx.recorder.fail(seen, failed, output)
  judgement.attention.push(failed)
}

function judgeTime(maxMs: number, exchange: Exchange, judgement: Judgement, ctx: ProbeContext): void {
  const seen = beginExpectation(exchange, { kind: 'time', maxMs }, ctx)
  const tookMs = seen.startMs
  const met = tookMs <= maxMs
  const output = { met, found: tookMs }
  if (met) return ctx.recorder.end(seen, output)
  const failed = failure('too_slow', `took ${Math.round(tookMs)} ms, at most ${maxMs} ms expected`)
  ctx.recorder.fail(seen, failed, output)
  judgement.attention.push(failed)
}
