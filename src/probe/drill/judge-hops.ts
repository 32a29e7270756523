// Which hops answered in the site's place because a Max-Forwards told them to (RFC 9110, 7.6.2), from the answers
// to the same request with several values. Pure: sends nothing.
import type { HopsFinding } from '../../model/drill.ts'
import type { FieldLine } from '../../model/result.ts'

/** Lines of an echo that are read. */
const MAX_ECHO_LINES = 100
/** Fields that hops add, in the finding. */
const MAX_ADDED = 32
/** Entries of Via that are named as standing before a hop. */
const MAX_BEHIND = 8

export type HopMethod = 'OPTIONS' | 'TRACE' | 'GET'

/** An answer to one of the requests; those that brought no response are left out. */
export interface HopAnswer {
  method: HopMethod
  /** What was sent; null: the field was not sent. */
  maxForwards: number | null
  status: number
  fields: readonly FieldLine[]
  /** The begin of the body as text. */
  text: string
  /** The answer to a second request with the same value, to tell a hop from a site that changes its mind. */
  again?: Pick<HopAnswer, 'status' | 'fields' | 'text'>
}

type HopSeen = HopsFinding['hops'][number]

interface HopsJudged {
  hops: HopSeen[]
  added: FieldLine[]
  /** For each answer the number of the hop that gave it in the site's place; null: the site, or not to be told. */
  byHop: (number | null)[]
}

/** The lines of the request that a TRACE answer echoes (RFC 9110, 9.3.8); null when it is no echo. */
export function readEcho(answer: Pick<HopAnswer, 'fields' | 'text'>): FieldLine[] | null {
  const lines = answer.text.split('\n', MAX_ECHO_LINES)
  if (!lines[0]?.startsWith('TRACE ')) return null
  const echoed: FieldLine[] = []
  for (const line of lines.slice(1)) {
    const colon = line.indexOf(':')
    if (colon <= 0) break
    echoed.push([line.slice(0, colon), line.slice(colon + 1).trim()])
  }
  return echoed
}

function valueOf(fields: readonly FieldLine[], name: string): string | null {
  return fields.find(([known]) => known.toLowerCase() === name)?.[1] ?? null
}

/** What tells two answerers apart and stays the same from one request to the next: no dates, lengths or ids. */
function signatureOf(answer: Pick<HopAnswer, 'status' | 'fields' | 'text'>): string {
  const { status, fields } = answer
  const echo = readEcho(answer)
  const traits = [
    status,
    valueOf(fields, 'server'),
    valueOf(fields, 'allow'),
    valueOf(fields, 'content-type'),
    // Hops that a request passes add their fields to it, so one that stops earlier echoes fewer.
    echo
      ? echo
          .map(([name]) => name.toLowerCase())
          .filter((name) => name !== 'max-forwards')
          .toSorted()
      : null,
  ]
  return JSON.stringify(traits)
}

/** An answer as only a hop gives it that heeds the field; everything else that differs may be the site's own mood. */
function isHopAnswer(answer: HopAnswer): boolean {
  switch (answer.method) {
    case 'TRACE':
      return readEcho(answer) !== null
    case 'OPTIONS':
      return answer.status === 200 || answer.status === 204 || answer.status === 501
    case 'GET':
      return answer.status === 400
    default:
      return answer.method satisfies never
  }
}

/** The name of the product that answers in this manner; null when the manner gives nothing away. */
function mannerOf(answer: HopAnswer): string | null {
  // Nobody else is known to heed the field on GET.
  if (answer.method === 'GET') return 'Apache'
  if (valueOf(answer.fields, 'x-squid-error') !== null) return 'Squid'
  if (answer.method !== 'OPTIONS') return null
  const allow = (valueOf(answer.fields, 'allow') ?? '').split(',').map((name) => name.trim())
  if (allow.includes('PURGE') && allow.includes('PUSH')) return 'Apache Traffic Server'
  return allow.length === 1 && allow[0] === 'TRACE' ? 'Apache' : null
}

/** Words of a Server field that mean the product of a manner. */
const OWN_SERVER: Record<string, string> = {
  Apache: 'apache',
  Squid: 'squid',
  'Apache Traffic Server': 'ats',
}

/** Who it is: its own Server field, unless its manner says that somebody before it has put another one there. */
function nameOf(answer: HopAnswer): { server: string | null; replacedBy: string | null } {
  const server = valueOf(answer.fields, 'server')
  const manner = mannerOf(answer)
  if (server === null || manner === null) return { server: server ?? manner, replacedBy: null }
  const [word = ''] = server.toLowerCase().split('/')
  const own = word === OWN_SERVER[manner] || (manner === 'Apache Traffic Server' && word.includes('traffic'))
  return own ? { server, replacedBy: null } : { server: manner, replacedBy: server }
}

interface Series {
  method: HopMethod
  /** Leading answers that differ from the site's own: one for each hop that heeds the field. */
  answers: HopAnswer[]
}

/** The hops that one method shows: those with 0, 1, ... until an answer is that of a request without the field. */
function seriesOf(method: HopMethod, asked: readonly HopAnswer[]): Series {
  const series: Series = { method, answers: [] }
  const base = asked.find((one) => one.method === method && one.maxForwards === null)
  if (!base) return series
  const own = signatureOf(base)
  // A site that answers the plain request now so, now so, proves nothing.
  if (base.again && signatureOf(base.again) !== own) return series
  for (let value = 0; ; value++) {
    const answer = asked.find((one) => one.method === method && one.maxForwards === value)
    if (!answer) break
    const signature = signatureOf(answer)
    if (signature === own) break
    if (answer.again && signatureOf(answer.again) !== signature) break
    if (!isHopAnswer(answer)) break
    series.answers.push(answer)
  }
  return series
}

/** One hop with the answers that show it. */
interface Merged {
  answers: HopAnswer[]
  server: string | null
  replacedBy: string | null
}

/**
 * The hops, nearest first, numbered among those that heed the field: others pass it on unchanged, so they are not
 * counted. `sent` is what our requests carried, to tell what was added on the way.
 */
export function judgeHops(asked: readonly HopAnswer[], sent: readonly FieldLine[]): HopsJudged {
  const all = (['OPTIONS', 'TRACE', 'GET'] as const).map((method) => seriesOf(method, asked))
  const [longest, ...others] = all.toSorted((one, other) => other.answers.length - one.answers.length)
  const merged: Merged[] = (longest?.answers ?? []).map((answer) => ({
    answers: [answer],
    ...nameOf(answer),
  }))
  for (const series of others) merge(series, merged)
  const numbers = new Map<HopAnswer, number>()
  for (const [index, { answers }] of merged.entries()) {
    for (const answer of answers) numbers.set(answer, index + 1)
  }
  return {
    hops: merged.map((one, index) => describe(one, index + 1)),
    added: addedIn(asked, sent),
    byHop: asked.map((answer) => numbers.get(answer) ?? null),
  }
}

/** Puts the answers of a shorter series to the hops they came from: the same number of hops, or the same name. */
function merge(series: Series, into: Merged[]): void {
  if (series.answers.length === into.length) {
    for (const [index, answer] of series.answers.entries()) adopt(into[index], answer)
    return
  }
  let from = 0
  for (const answer of series.answers) {
    const { server } = nameOf(answer)
    const at = into.findIndex((one, index) => index >= from && productOf(one.server) === productOf(server))
    const hop = into[at >= 0 ? at : from]
    if (!hop) return
    adopt(hop, answer)
    from = (at >= 0 ? at : from) + 1
  }
}

function productOf(server: string | null): string {
  return (server ?? '').toLowerCase().split(/[/ ]/, 1)[0] ?? ''
}

function adopt(hop: Merged | undefined, answer: HopAnswer): void {
  if (!hop) return
  hop.answers.push(answer)
  const named = nameOf(answer)
  if (hop.replacedBy === null && named.replacedBy !== null) {
    hop.replacedBy = named.replacedBy
    hop.server = named.server
  }
}

function describe({ answers, server, replacedBy }: Merged, number: number): HopSeen {
  const each = answers.map(
    ({ method, maxForwards, status }) => `${method} with Max-Forwards ${maxForwards} (${status})`,
  )
  const methods = answers.map(({ method }) => method)
  const seen: HopSeen = {
    number,
    server,
    method: methods[0] ?? 'OPTIONS',
    howWeKnow: `answered ${each.join(' and ')} itself, where the request without it goes further`,
  }
  const behind = new Set<string>()
  if (replacedBy !== null) behind.add(replacedBy)
  for (const { fields } of answers) {
    for (const name of viaNames(fields)) if (behind.size < MAX_BEHIND) behind.add(name)
  }
  // Squid puts itself into the Via of its own answers.
  for (const name of behind) {
    if (productOf(server) !== '' && name.toLowerCase().includes(productOf(server))) behind.delete(name)
  }
  if (behind.size > 0) seen.behind = [...behind]
  return seen
}

/** The entries of Via as they stand, the last one, nearest to us, first. */
function viaNames(fields: readonly FieldLine[]): string[] {
  const names: string[] = []
  for (const [name, value] of fields) {
    if (name.toLowerCase() === 'via') names.push(...value.split(',').map((entry) => entry.trim()))
  }
  return names.filter((entry) => entry !== '').toReversed()
}

/** What the farthest echo holds beyond what was sent: the hops on the way have added it. */
function addedIn(asked: readonly HopAnswer[], sent: readonly FieldLine[]): FieldLine[] {
  const own = new Set(sent.map(([name]) => name.toLowerCase()))
  own.add('max-forwards')
  let added: FieldLine[] = []
  for (const answer of asked) {
    if (answer.method !== 'TRACE') continue
    const more = (readEcho(answer) ?? []).filter(([name]) => !own.has(name.toLowerCase()))
    if (more.length > added.length) added = more
  }
  return added.slice(0, MAX_ADDED)
}
