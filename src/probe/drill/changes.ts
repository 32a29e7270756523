// What changed between a saved good check and the one now: addresses, certificate, servers, redirects, size, times.
// Pure: results in, list of changes out; judges none of them.
import type { DifferenceFinding } from '../../model/drill.ts'
import type { Observation } from '../../model/observation.ts'
import type { CheckResult, Exchange, ResponseFacts } from '../../model/result.ts'
import { TIMED_PHASES } from '../../model/phase.ts'
import { decodeText } from '../../wire/content-type.ts'
import { ResponseParser } from '../../wire/http1-response.ts'
import { namesApart, valueOf } from './answer-differences.ts'
import { pageTitle } from './page-parts.ts'

export type Change = DifferenceFinding['changes'][number]

/** The part of a result that is compared. */
export type Compared = Pick<CheckResult, 'exchanges' | 'failure' | 'observations'>

/** Times are far apart when one is so many times the other and that much longer. */
const FAR_APART = 3
const FAR_APART_MS = 100

/** A size has changed when it differs by this share and this many bytes; pages with a clock in them differ a little. */
const SIZE_SHARE = 0.1
const SIZE_BYTES = 64

/** Limits for reading a saved response again. */
const READ_BYTES = 256 * 1024
const VALUE_CHARS = 300

/** Fields that name who made or carried the answer, compared by value. */
const NAMING_FIELDS = ['Server', 'Via', 'X-Powered-By', 'X-Generator', 'Content-Type', 'Content-Encoding']

/** What is different now, in the order of the cycle; empty when nothing is. `shown` is the exchange to compare. */
export function changesBetween(good: Compared, now: Compared, shown: Exchange): Change[] {
  const changes: Change[] = []
  const add = (what: string, before: string | null, after: string | null): void => {
    if (before !== after) changes.push({ what, before: short(before), now: short(after) })
  }
  const was = good.exchanges.at(-1)
  if (!was) return changes
  compareNames(good, now, add)
  add('address dialled', was.address?.ip ?? null, shown.address?.ip ?? null)
  add('proxy', was.proxy, shown.proxy)
  compareTls(was, shown, add)
  add('redirects', chainOf(good.exchanges), chainOf(now.exchanges))
  add('failure', good.failure?.code ?? null, now.failure?.code ?? null)
  compareResponses(was.response, shown.response, add)
  for (const phase of TIMED_PHASES) {
    const [before, after] = [was.timings[phase], shown.timings[phase]]
    if (before !== null && after !== null && farApart(before, after)) {
      add(`time of ${phase}`, inMs(before), inMs(after))
    }
  }
  return changes
}

type Add = (what: string, before: string | null, after: string | null) => void

/** What name servers said, host by host; a host that only one of the two asked about is no change of it. */
function compareNames(good: Compared, now: Compared, add: Add): void {
  const before = answersOf(good.observations)
  for (const [host, after] of answersOf(now.observations)) {
    const was = before.get(host)
    if (!was) continue
    add(`addresses of ${host}`, was.addresses, after.addresses)
    add(`aliases of ${host}`, was.aliases, after.aliases)
    add(`resolver for ${host}`, was.answeredBy, after.answeredBy)
  }
}

interface NameAnswer {
  addresses: string | null
  aliases: string | null
  answeredBy: string | null
}

function answersOf(observations: readonly Observation[]): Map<string, NameAnswer> {
  const answers = new Map<string, NameAnswer>()
  for (const { operation, input, output } of observations) {
    const host = input?.['host']
    if (operation !== 'resolve' || typeof host !== 'string' || output?.['source'] === 'literal') continue
    const listed = output?.['addresses']
    const ips = Array.isArray(listed) ? listed.map((each: { ip?: unknown }) => String(each?.ip)) : []
    const aliases = output?.['aliases']
    const by = output?.['answeredBy']
    answers.set(host, {
      addresses: ips.length === 0 ? null : ips.sort().join(', '),
      aliases: Array.isArray(aliases) && aliases.length > 0 ? aliases.join(', ') : null,
      answeredBy: by === null || by === undefined ? null : typeof by === 'string' ? by : JSON.stringify(by),
    })
  }
  return answers
}

function compareTls({ tls: was }: Exchange, { tls: is }: Exchange, add: Add): void {
  if (!was || !is) return add('TLS', was ? 'yes' : null, is ? 'yes' : null)
  const [old, fresh] = [was.certificates[0], is.certificates[0]]
  add('TLS version', was.version, is.version)
  add('application protocol', was.alpn, is.alpn)
  add('certificate', old?.fingerprint ?? null, fresh?.fingerprint ?? null)
  if (old?.fingerprint === fresh?.fingerprint) return
  add('certificate subject', old?.subject ?? null, fresh?.subject ?? null)
  add('certificate issuer', old?.issuer ?? null, fresh?.issuer ?? null)
  add('certificate names', old?.names.join(', ') ?? null, fresh?.names.join(', ') ?? null)
  add('certificate valid from', old?.notBefore ?? null, fresh?.notBefore ?? null)
  add('certificate valid until', old?.notAfter ?? null, fresh?.notAfter ?? null)
}

/** Where the check was sent on its way, null when nowhere. */
function chainOf(exchanges: readonly Exchange[]): string | null {
  return exchanges.length < 2 ? null : exchanges.map(({ url }) => url).join(' -> ')
}

function compareResponses(was: ResponseFacts | null, is: ResponseFacts | null, add: Add): void {
  if (!was || !is) return add('response', was ? String(was.status) : null, is ? String(is.status) : null)
  add('status', String(was.status), String(is.status))
  add('HTTP version', was.version, is.version)
  for (const name of NAMING_FIELDS) add(name, valueOf(name, was.fields), valueOf(name, is.fields))
  const [gone, come] = namesApart(was.fields, is.fields).map(notNaming)
  add('fields only then', joined(gone), null)
  add('fields only now', null, joined(come))
  const apart = Math.abs(was.bodyBytes - is.bodyBytes)
  if (apart >= SIZE_BYTES && apart >= SIZE_SHARE * was.bodyBytes) {
    add('body bytes', String(was.bodyBytes), String(is.bodyBytes))
  }
  const [before, after] = [textOf(was), textOf(is)]
  if (before !== null && after !== null) add('title', pageTitle(before), pageTitle(after))
}

function notNaming(names: string[]): string[] {
  return names.filter((name) => !NAMING_FIELDS.some((known) => known.toLowerCase() === name.toLowerCase()))
}

function joined(names: string[] | undefined): string | null {
  return names && names.length > 0 ? names.join(', ') : null
}

/** The body of a saved response as text; null when it was not kept or came coded and its text was not kept. */
function textOf({ text, raw, fields, version }: ResponseFacts): string | null {
  if (text !== null) return text
  if (raw === null || valueOf('Content-Encoding', fields) !== null) return null
  const bytes = Buffer.from(raw.slice(0, 2 * READ_BYTES), 'base64')
  if (version === '2') {
    // Kept as a head in text and the content behind it.
    const end = bytes.indexOf('\r\n\r\n')
    return end < 0 ? null : decodeText(bytes.subarray(end + 4), fields).text
  }
  const limits = { headBytes: READ_BYTES, bodyBytes: READ_BYTES, keptBytes: 0 }
  const parser = new ResponseParser({ requestMethod: 'GET', limits })
  parser.feed(bytes)
  return parser.head ? decodeText(parser.body(), fields).text : null
}

function farApart(one: number, other: number): boolean {
  const [less, more] = one < other ? [one, other] : [other, one]
  return more - less >= FAR_APART_MS && more >= FAR_APART * less
}

function inMs(ms: number): string {
  return `${Math.round(ms)} ms`
}

function short(value: string | null): string | null {
  return value === null || value.length <= VALUE_CHARS ? value : `${value.slice(0, VALUE_CHARS)}...`
}
