// The hop walk: the same URL with OPTIONS, TRACE and GET, without Max-Forwards and with 0, 1, ... A hop that heeds
// the field answers in the site's place. Asks; what it means is in drill/judge-hops.ts.
import type { HopsFinding } from '../../../model/drill.ts'
import type { FieldLine } from '../../../model/result.ts'
import type { ProbeContext } from '../../context.ts'
import { type HopAnswer, type HopMethod, judgeHops, readEcho } from '../../drill/judge-hops.ts'
import type { Glanced, Look, Looked, Subject } from '../../drill/look.ts'
import { notSent } from '../../drill/look.ts'
import { beforeRequest } from '../../drill/reasons.ts'

/** Values of Max-Forwards that are tried, from 0. Chains of more hops that heed it have not been seen. */
const MAX_VALUES = 4
/** Of a body; an echo is a request head. */
const MAX_TEXT_BYTES = 16 * 1024

const look: Look = {
  id: 'hops',
  when: 'side-by-side',
  skip: beforeRequest,
  run: walkHops,
}

export default look

/** Fields of a request that prove who asks. */
const SECRET_FIELDS = new Set([
  'authorization',
  'proxy-authorization',
  'x-api-key',
  'x-auth-token',
  'api-key',
])

/** TRACE comes back as it went, so it must not carry anything secret (RFC 9110, 9.3.8). */
function carriesSecret({ plan }: Subject): boolean {
  if (plan.basic || plan.bearer !== null) return true
  return plan.fields.some(([name]) => SECRET_FIELDS.has(name.toLowerCase()))
}

interface Asked {
  method: HopMethod
  maxForwards: number | null
  glanced: Glanced
  /** Null when no response came. */
  answer: HopAnswer | null
}

async function walkHops(subject: Subject, ctx: ProbeContext): Promise<Looked> {
  const methods: HopMethod[] = ['OPTIONS']
  if (!carriesSecret(subject)) methods.push('TRACE')
  // Apache heeds the field on GET, too. For a check with another method a GET would be no look at the same thing.
  if (subject.last.method === 'GET' || subject.last.method === 'HEAD') methods.push('GET')
  const series = await Promise.all(methods.map((method) => askSeries(method, subject, ctx)))
  const all = series.flat()
  if (all.length === 0) return { skipped: notSent(subject) }
  const answered = all.filter((one) => one.answer !== null)
  const answers = answered.flatMap(({ answer }) => answer ?? [])
  const judged = judgeHops(answers, sentFields(subject, answered[0]))
  const byHop = new Map(answered.map((one, index) => [one, judged.byHop[index] ?? null]))
  const finding: HopsFinding = {
    kind: 'hops',
    asked: all.map((one) => ({
      method: one.method,
      maxForwards: one.maxForwards,
      glance: one.glanced.glance,
      echo: one.answer && readEcho(one.answer) ? one.answer.text : null,
      byHop: byHop.get(one) ?? null,
    })),
    hops: judged.hops,
    added: judged.added,
  }
  return { summary: summaryOf(finding, answers.length), finding }
}

/**
 * One method: without the field and with 0; as long as the answer is not that of the request without it, with the
 * next value. When a hop seems to have answered, both are asked once more, because the site may be changing its mind.
 */
async function askSeries(method: HopMethod, subject: Subject, ctx: ProbeContext): Promise<Asked[]> {
  const asked: Asked[] = []
  const base = await askOnce(method, null, subject, ctx)
  if (!base) return asked
  asked.push(base)
  if (!base.answer) return asked
  for (let value = 0; value < MAX_VALUES && !ctx.deadline.reason; value++) {
    const one = await askOnce(method, value, subject, ctx)
    if (!one) break
    asked.push(one)
    if (!one.answer) break
    // Judged alone: is this one a hop's, if those before it were?
    const seen = judgeHops(
      asked.flatMap(({ answer }) => answer ?? []),
      [],
    )
    if (seen.byHop.at(-1) === null) break
    if (value > 0) continue
    const again = await askOnce(method, null, subject, ctx)
    if (again?.answer) base.answer.again = again.answer
    const twice = await askOnce(method, value, subject, ctx)
    if (twice?.answer) one.answer.again = twice.answer
  }
  return asked
}

async function askOnce(
  method: HopMethod,
  maxForwards: number | null,
  subject: Subject,
  ctx: ProbeContext,
): Promise<Asked | null> {
  const fields: FieldLine[] = maxForwards === null ? [] : [['Max-Forwards', String(maxForwards)]]
  // An echo of cookies is nobody's business.
  const bare = method === 'TRACE'
  const ask = { method, fields, bare, expects: 'status', bodyBytes: MAX_TEXT_BYTES } as const
  const glanced = await subject.site.ask(ask, ctx)
  if (!glanced) return null
  const { response } = glanced.cycle.exchange
  const { body } = glanced.cycle
  const text = body ? Buffer.from(body.subarray(0, MAX_TEXT_BYTES)).toString('latin1') : ''
  const answer = response
    ? { method, maxForwards, status: response.status, fields: response.fields, text }
    : null
  return { method, maxForwards, glanced, answer }
}

/** What our request carried: the head as it was sent. */
function sentFields(subject: Subject, first: Asked | undefined): readonly FieldLine[] {
  return first?.glanced.cycle.exchange.request?.fields ?? subject.last.request?.fields ?? []
}

function summaryOf({ hops, added }: HopsFinding, answers: number): string {
  if (answers === 0) return 'no answer to OPTIONS or TRACE, with and without Max-Forwards'
  const names = [...new Set(added.map(([name]) => name))]
  const adds = names.length > 0 ? `; on the way the request gets ${names.join(', ')}` : ''
  if (hops.length === 0) return `no hop answers to Max-Forwards, which proves nothing${adds}`
  const each = hops.map(({ server, behind }) => {
    const who = server ?? 'one without a name'
    return behind ? `${who} (behind ${behind.join(', ')})` : who
  })
  return `${hops.length === 1 ? '1 hop answers' : `${hops.length} hops answer`} to Max-Forwards: ${each.join(', then ')}${adds}`
}
