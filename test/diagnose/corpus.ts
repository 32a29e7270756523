// The packed gateway captures and the one way in which judgements on them are scored. Used by the test and the bench.
import { readFileSync } from 'node:fs'
import { zstdDecompressSync } from 'node:zlib'
import { judgeResponse } from '../../src/diagnose/response.ts'
import type { Ending } from '../../src/diagnose/answer.ts'
import type { Diagnosis } from '../../src/model/diagnosis.ts'

export interface Capture {
  product: string
  version: string
  role: 'reverse' | 'forward'
  variant: string
  fault: string
  /** Phase of the gateway's own leg that failed; null: the leg was fine. */
  phase: string | null
  status: number | null
  observed: string
  method: string
  ended: string
  firstByteMs: number | null
  elapsedMs: number | null
  flags: string[]
  place: [offset: number, length: number]
}

const FOLDER = new URL('../data/corpus/', import.meta.url)

export interface Corpus {
  captures: Capture[]
  bytesOf(capture: Capture): Uint8Array
  /** The causes any of which names a fault truly; null: nothing is wrong. */
  truthOf(capture: Capture): readonly string[] | null
}

/** Reads the packed captures. */
export function loadCorpus(): Corpus {
  const captures = JSON.parse(readFileSync(new URL('index.json', FOLDER), 'utf8')) as Capture[]
  const truth = JSON.parse(readFileSync(new URL('truth.json', FOLDER), 'utf8')) as Record<
    string,
    string[] | null
  >
  const whole = zstdDecompressSync(readFileSync(new URL('captures.bin.zst', FOLDER)))
  return {
    captures,
    bytesOf: ({ place: [offset, length] }) => whole.subarray(offset, offset + length),
    truthOf: ({ fault }) => truth[fault] ?? null,
  }
}

/** What a judge is given: the bytes, how they ended, and as much else as the way of measuring allows. */
export type Circumstance =
  | 'as measured'
  | 'bytes alone'
  | 'other times'
  | 'other names'
  | 'no names'
  | 'HTTP/2'

/** Time-outs of the lab were two seconds; those of the world are rather thirty. */
const SLOWER = 15

/** Other versions, hosts and dates in place of the lab's: a rule that keys on them would fail. */
function renamed(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes)
    .toString('latin1')
    .replaceAll('shop.example.test', 'www.acme-corp.tst')
    .replaceAll('gw.example.test', 'edge7.acm.tstx.')
    .replaceAll('backend.example.test', 'app-01.internal.lann')
    .replaceAll('ShopApp/3.1', 'Acmeapp/9.8')
    .replaceAll('nginx/1.22.1', 'nginx/1.27.4')
    .replaceAll('Apache/2.4.71 (Debian)', 'Apache/2.4.58 (Ubuntu)')
    .replaceAll('squid/5.7', 'squid/6.9')
    .replaceAll('Varnish/7.1', 'Varnish/7.6')
    .replaceAll('ATS/9.2.9', 'ATS/9.1.4')
    .replaceAll('lighttpd/1.4.69', 'lighttpd/1.4.53')
    .replaceAll('h2o/2.2.5', 'h2o/2.3.0')
    .replaceAll('tinyproxy/1.11.1', 'tinyproxy/1.10.0')
    .replaceAll('mitmproxy 8.1.1', 'mitmproxy 9.0.1')
    .replaceAll('TwistedWeb/22.4.0', 'TwistedWeb/23.8.0')
    .replaceAll('ziproxy/3.3.2', 'ziproxy/3.3.1')
    .replace(/20 Nov 2026 \d\d:\d\d:\d\d/g, '03 Feb 2025 04:05:06')
  return Buffer.from(text, 'latin1')
}

/** Without the fields in which software names itself. */
function nameless(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1')
  return Buffer.from(
    text.replace(/\r\n(Server|Via|X-Powered-By|Proxy-agent): [^\r\n]*(?=\r\n)/gi, ''),
    'latin1',
  )
}

/** As HTTP/2 would carry it: no reason phrase, no case of names (the usual one in its place), no connection fields. */
function overHttp2(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1')
  const end = text.indexOf('\r\n\r\n')
  if (end < 0 || !text.startsWith('HTTP/1')) return bytes
  const [line = '', ...fields] = text.slice(0, end).split('\r\n')
  const kept = fields
    .filter((field) => !/^(connection|keep-alive|proxy-connection):/i.test(field))
    .map((field) =>
      field.replace(/^[^:]+/, (name) =>
        name.toLowerCase().replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase()),
      ),
    )
  return Buffer.from(
    [line.replace(/^(HTTP\/1\.\d \d+).*$/, '$1 '), ...kept].join('\r\n') + text.slice(end),
    'latin1',
  )
}

const REWRITTEN: Partial<Record<Circumstance, (bytes: Uint8Array) => Uint8Array>> = {
  'other names': renamed,
  'no names': nameless,
  'HTTP/2': overHttp2,
}

/** The judgement on a capture, given only what a client has. */
export function judge(
  corpus: Corpus,
  capture: Capture,
  circumstance: Circumstance = 'as measured',
): Diagnosis | null {
  const raw = corpus.bytesOf(capture)
  if (circumstance === 'bytes alone') {
    return judgeResponse({
      raw,
      ended: 'unknown',
      requestMethod: capture.method === 'CONNECT' ? 'CONNECT' : 'GET',
    })
  }
  const times = circumstance === 'other times' ? SLOWER : 1
  // Only waits that are time-outs become longer: a refused connection is as quick everywhere.
  const scale = (ms: number | null): number | null => (ms !== null && ms >= 900 ? ms * times : ms)
  return judgeResponse({
    raw: REWRITTEN[circumstance]?.(raw) ?? raw,
    ended: capture.ended as Ending,
    firstByteMs: scale(capture.firstByteMs),
    elapsedMs: scale(capture.elapsedMs),
    requestMethod: capture.method,
    forwardProxy: capture.role === 'forward',
    overHttp2: circumstance === 'HTTP/2',
  })
}

/** What the client could see of a fault: a failure, a head that contradicts itself, or nothing. */
export function isVisible(corpus: Corpus, capture: Capture): boolean {
  if (corpus.truthOf(capture) === null) return false
  if (capture.observed !== 'passed-through') return true
  if (capture.status === null || capture.status < 200 || capture.status >= 400) return true
  return capture.flags.includes('notHttp') || capture.flags.includes('interimOnly')
}

/** Names of one product that leave the same answers. */
const FAMILIES: readonly (readonly string[])[] = [
  ['http-proxy', 'http-proxy-3'],
  // Both end in the error page of Express itself when nothing better is configured.
  ['express', 'express-http-proxy'],
]

/** Whose answer it truly was: the gateway's product, or null for the application's own. */
export function trueGenerator(capture: Capture): string | null {
  return capture.observed === 'error-response' ? capture.product : null
}

export function isSameProduct(named: string, truth: string): boolean {
  return named === truth || FAMILIES.some((family) => family.includes(named) && family.includes(truth))
}

const NETWORK_PHASES = new Set(['resolve', 'connect', 'tls', 'send', 'receive-headers', 'receive-body'])

/** Faults of the policy phase, by what they are. */
const DENIED = new Set(['policy-deny', 'rate-limited', 'proxy-auth-required', 'connect-port-denied'])
const BEHIND = new Set(['no-backend', 'queue-full', 'backend-down-health-check'])

export interface Place {
  links: readonly string[]
  parties: readonly string[]
}

/** The links and parties any of which is right for a capture. */
export function truePlace(capture: Capture): Place {
  const { fault, phase, observed, role } = capture
  const own = role === 'forward' ? 'proxy' : 'gateway'
  const operators = role === 'forward' ? ['access_provider', 'gateway_operator'] : ['gateway_operator']
  if (phase === null) {
    // The page of a gateway behind the gateway, or of its mistaken port: behind it, whoever wrote it.
    const nested = fault === 'own-502-nested-nginx' || fault === 'plain-to-tls-nginx-400'
    return nested
      ? { links: ['origin', 'upstream'], parties: ['site_operator', 'gateway_operator'] }
      : { links: ['origin'], parties: ['site_operator'] }
  }
  if (phase === 'policy') {
    if (fault.startsWith('client-')) return { links: ['you', own], parties: ['visitor', ...operators] }
    if (DENIED.has(fault)) return { links: [own], parties: [...operators, 'visitor'] }
    if (BEHIND.has(fault)) return { links: ['upstream', own], parties: ['site_operator', 'gateway_operator'] }
    return { links: [own, 'upstream'], parties: [...operators, 'site_operator'] }
  }
  if (!NETWORK_PHASES.has(phase)) throw new RangeError(`Unknown phase ${phase}`)
  const parties =
    phase === 'resolve'
      ? ['gateway_operator', 'dns_operator', 'site_operator']
      : ['site_operator', 'gateway_operator']
  // Where no answer of a gateway is to be seen, the server dialled is all that the client can name.
  const unseen = observed !== 'error-response'
  return { links: unseen ? ['upstream', 'origin'] : ['upstream'], parties }
}

/** Bytes that are told apart, with dates, long numbers and ids made equal, and whether the answer was slow. */
export function likenessOf(corpus: Corpus, capture: Capture): string {
  const text = Buffer.from(corpus.bytesOf(capture).subarray(0, 8192))
    .toString('latin1')
    .replace(/[A-Z][a-z]{2},? \d\d? [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d( GMT)?/g, 'DATE')
    .replace(/[A-Z][a-z]{2} [A-Z][a-z]{2} +\d\d? \d\d:\d\d:\d\d \d{4}/g, 'DATE')
    .replace(/[\w.-]+\.test\b|\b\d{1,3}(\.\d{1,3}){3}\b/g, 'HOST')
    .replace(/Content-Length: \d+/gi, 'LENGTH')
    .replace(/Port \d+|:\d{2,5}\b|\d{4,}/g, 'N')
    .replace(/X-Varnish: [\d N]+|XID: [\dN]+|Age: \d+/g, 'V')
  const waited = capture.firstByteMs ?? capture.elapsedMs ?? 0
  return `${capture.ended} ${waited >= 900 ? 'slow' : 'fast'} ${(capture.elapsedMs ?? 0) >= 900} ${text}`
}

/** Counts of one measurement. Rates are of `visible`, unless said otherwise. */
export interface Score {
  captures: number
  visible: number
  /** Visible faults about which nothing was said. */
  missed: number
  /** A failure claimed where nothing is to be seen (remarks apart). */
  falseAlarms: number
  causeAmong: number
  causeFirst: number
  /** All causes named, over all judgements. */
  candidates: number
  wrongAlone: number
  /** Of those in which bytes and timing tell the cause apart: all, and named alone and rightly. */
  tellable: number
  tellableAlone: number
  /** Of answers that a gateway wrote: all, named rightly, not named. */
  written: number
  generatorRight: number
  generatorUnnamed: number
  /** A product named as the author of somebody else's answer. */
  generatorWrong: number
  linkRight: number
  partyRight: number
}

/**
 * Scores judgements on a part of the captures. What can be told apart is decided over all captures: a group of equal
 * answers (`likenessOf`) whose truths have a cause in common.
 */
export function score(
  corpus: Corpus,
  circumstance: Circumstance,
  part: (capture: Capture) => boolean = () => true,
): Score {
  const groups = new Map<string, readonly string[]>()
  for (const capture of corpus.captures) {
    if (!isVisible(corpus, capture)) continue
    const truth = corpus.truthOf(capture) ?? []
    const key = likenessOf(corpus, capture)
    groups.set(
      key,
      (groups.get(key) ?? truth).filter((cause) => truth.includes(cause)),
    )
  }
  const result: Score = {
    captures: 0,
    visible: 0,
    missed: 0,
    falseAlarms: 0,
    causeAmong: 0,
    causeFirst: 0,
    candidates: 0,
    wrongAlone: 0,
    tellable: 0,
    tellableAlone: 0,
    written: 0,
    generatorRight: 0,
    generatorUnnamed: 0,
    generatorWrong: 0,
    linkRight: 0,
    partyRight: 0,
  }
  for (const capture of corpus.captures) {
    if (part(capture)) scoreOne(corpus, capture, judge(corpus, capture, circumstance), groups, result)
  }
  return result
}

function scoreOne(
  corpus: Corpus,
  capture: Capture,
  diagnosis: Diagnosis | null,
  groups: ReadonlyMap<string, readonly string[]>,
  result: Score,
): void {
  result.captures++
  const truth = corpus.truthOf(capture)
  const among =
    diagnosis !== null && truth !== null && diagnosis.causes.some((cause) => truth.includes(cause))
  if (!isVisible(corpus, capture)) {
    if (diagnosis && !among && diagnosis.effect !== 'remark') result.falseAlarms++
    return
  }
  result.visible++
  if (!diagnosis) {
    result.missed++
    return
  }
  const alone = diagnosis.causes.length === 1
  result.candidates += diagnosis.causes.length
  if (among) result.causeAmong++
  if (truth?.includes(diagnosis.cause)) result.causeFirst++
  if (alone && !among) result.wrongAlone++
  if ((groups.get(likenessOf(corpus, capture))?.length ?? 0) > 0) {
    result.tellable++
    if (alone && among) result.tellableAlone++
  }
  const author = trueGenerator(capture)
  const named = diagnosis.generator
  if (author !== null) {
    result.written++
    if (!named) result.generatorUnnamed++
    else if (isSameProduct(named.product, author)) result.generatorRight++
    else result.generatorWrong++
  } else if (named && !isRelayedAuthor(named.product, named.role)) {
    result.generatorWrong++
  }
  const place = truePlace(capture)
  if (place.links.includes(diagnosis.link)) result.linkRight++
  if (place.parties.includes(diagnosis.party)) result.partyRight++
}

/** In the lab, relayed pages are those of the application or of the nginx in front of it, or of a proxy in a tunnel. */
function isRelayedAuthor(product: string, role: string): boolean {
  return role === 'application' || ['nginx', 'mockttp', 'mitmproxy', 'anyproxy'].includes(product)
}

/** One half of all names, by the sum of their letters. */
export function isInFirstHalf(name: string): boolean {
  let sum = 0
  for (let at = 0; at < name.length; at++) sum += name.charCodeAt(at)
  return sum % 2 === 0
}
