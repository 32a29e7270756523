// What is worth telling about each phase of an exchange, as facts without layout or colours.
// Texts hold what peers sent, as it came: whoever shows them makes them safe.
import type { Failure } from '../model/failure.ts'
import type { Observation } from '../model/observation.ts'
import type { TimedPhase } from '../model/phase.ts'
import type { CertificateFacts, Exchange, ResponseFacts, TlsFacts } from '../model/result.ts'
import { bagOf, endpoint, isBag, listOf, numberOf, ofOperation, textOf, wordOf } from './evidence-reader.ts'
import { byteCount, count, duration } from './figures.ts'
import { fieldValue } from './received.ts'

/** plain: as it should be; notable: worth a look; bad: why the phase failed. */
type Tone = 'plain' | 'notable' | 'bad'

export interface Fact {
  text: string
  tone: Tone
}

/** Addresses named before "and N more". */
const MAX_ADDRESSES = 3
/** Failed attempts, objections and expectations named in one phase. */
export const MAX_FACTS = 8

export function plain(text: string): Fact {
  return { text, tone: 'plain' }
}

/** The failure as a fact: code, number, and the cause as the system or the peer gave it. */
export function failureFact(failure: Failure): Fact {
  const number = failure.number && /^0\d\d$/.test(failure.number) ? ` (${failure.number})` : ''
  return { text: `${failure.code}${number}: ${failure.raw}`, tone: 'bad' }
}

/** What a phase of an exchange has to tell, from its observations `seen`; the phase's own failure is not among it. */
export function factsOf(phase: TimedPhase, exchange: Exchange, seen: Observation[]): Fact[] {
  switch (phase) {
    case 'resolve':
      return resolveFacts(seen, exchange.failure?.phase === 'resolve')
    case 'connect':
      return connectFacts(exchange, seen)
    case 'tls':
      return tlsFacts(exchange.tls, exchange.failure, seen)
    case 'send':
      return exchange.request ? [plain(requestFact(exchange))] : []
    case 'wait':
      return []
    case 'receive':
      return receiveFacts(exchange, seen)
    default:
      return phase satisfies never
  }
}

function resolveFacts(seen: Observation[], failed: boolean): Fact[] {
  const facts: Fact[] = []
  const resolve = ofOperation(seen, 'resolve')[0]
  const output = resolve?.output ?? null
  const ips: string[] = []
  for (const address of listOf(output, 'addresses')) {
    const ip = typeof address === 'string' ? address : isBag(address) ? textOf(address, 'ip') : null
    if (ip !== null) ips.push(ip)
  }
  if (ips.length > 0) {
    const more = ips.length - MAX_ADDRESSES
    facts.push(plain(ips.slice(0, MAX_ADDRESSES).join(', ') + (more > 0 ? ` and ${more} more` : '')))
  }
  const ttl = numberOf(output, 'ttl')
  if (ttl !== null) facts.push(plain(`TTL ${ttl} s`))
  const source = textOf(output, 'source')
  const server = answeredBy(output)
  if (source === 'hosts') facts.push(plain('from the hosts file'))
  else if (source === 'localhost') facts.push(plain('this machine'))
  else if (server) facts.push(plain(`answered by ${server}`))
  const aliases = listOf(output, 'aliases').filter((alias) => typeof alias === 'string')
  const canonical = textOf(output, 'canonicalName') ?? aliases.at(-1)
  if (aliases.length > 0 && canonical) facts.push(plain(`alias of ${canonical}`))
  // When resolving failed, the evidence lists every question; here only what went wrong on the way to an answer.
  const failedQueries = failed ? [] : ofOperation(seen, 'dns_query').filter((query) => query.failure)
  for (const query of failedQueries.slice(0, MAX_FACTS)) facts.push(queryFact(query))
  return facts
}

function answeredBy(output: Record<string, unknown> | null): string | null {
  const bag = bagOf(output, 'answeredBy')
  if (bag) return textOf(bag, 'ip') ?? textOf(bag, 'server')
  return textOf(output, 'answeredBy')
}

function queryFact(query: Observation): Fact {
  const type = wordOf(query.input, 'type')
  const server = textOf(query.input, 'server') ?? '?'
  const spent = duration(query.endMs - query.startMs)
  return { text: `${type} at ${server}: ${query.failure?.raw ?? ''} (${spent})`, tone: 'notable' }
}

function connectFacts(exchange: Exchange, seen: Observation[]): Fact[] {
  const facts: Fact[] = []
  const attempts = ofOperation(seen, 'connect')
  const made = attempts.findLast(
    (attempt) => attempt.failure === null && attempt.output?.['connected'] === true,
  )
  if (exchange.proxy !== null) facts.push(plain(`through the proxy ${exchange.proxy}`))
  if (made) {
    const ip = textOf(made.input, 'ip')
    const local = textOf(made.output, 'localAddress')
    if (ip !== null) {
      const to = endpoint({ ip, port: numberOf(made.input, 'port') })
      const from =
        local === null ? '' : ` from ${endpoint({ ip: local, port: numberOf(made.output, 'localPort') })}`
      facts.push(plain(to + from))
    }
    if (made.input['dialledInstead'] === true) facts.push(plain('dialled instead of the address of the name'))
  } else if (exchange.address) facts.push(plain(endpoint(exchange.address)))
  const failed = attempts.filter((attempt) => attempt.failure)
  if (made || failed.length > 1) {
    for (const attempt of failed.slice(0, MAX_FACTS)) facts.push(attemptFact(attempt))
    if (failed.length > MAX_FACTS) facts.push(plain(`and ${failed.length - MAX_FACTS} more failed attempts`))
  }
  return facts
}

function attemptFact(attempt: Observation): Fact {
  const ip = textOf(attempt.input, 'ip') ?? '?'
  const to = endpoint({ ip, port: numberOf(attempt.input, 'port') })
  const spent = duration(attempt.endMs - attempt.startMs)
  return { text: `${to} ${attempt.failure?.code ?? ''} after ${spent}`, tone: 'notable' }
}

function tlsFacts(tls: TlsFacts | null, failed: Failure | null, seen: Observation[]): Fact[] {
  const facts: Fact[] = []
  if (tls) {
    const spoken = [tls.version, tls.cipher, tls.alpn].filter((part) => part !== null)
    if (spoken.length > 0) facts.push(plain(spoken.join(', ')))
    const leaf = tls.certificates[0]
    if (leaf) facts.push(plain(certificateFact(leaf)))
    for (const problem of tls.problems.slice(0, MAX_FACTS)) {
      if (problem.code !== failed?.code)
        facts.push({ text: `${problem.code}: ${problem.raw}`, tone: 'notable' })
    }
    if (tls.clientCertificateRequested) facts.push(plain('asks for a client certificate'))
    if (tls.ocsp) facts.push(plain(`stapled OCSP answer: ${tls.ocsp.status}`))
  }
  const look = ofOperation(seen, 'plaintext_look')[0]
  const speaks = textOf(look?.output, 'protocol') ?? textOf(look?.output, 'speaks')
  if (speaks !== null) facts.push({ text: `without TLS it speaks ${speaks}`, tone: 'notable' })
  return facts
}

/** The leaf in a line: whose it is, who made it, how long it lasts. */
function certificateFact(leaf: CertificateFacts): string {
  const days =
    leaf.daysLeft < 0 ? `expired on ${leaf.notAfter.slice(0, 10)}` : `${count(leaf.daysLeft, 'day')} left`
  return `certificate ${commonName(leaf.subject)}, by ${commonName(leaf.issuer)}, ${days}`
}

/** CN of a distinguished name, else the name as a whole. */
function commonName(name: string): string {
  return /(?:^|[,\n/+]\s*)CN\s*=\s*([^,\n]+)/.exec(name)?.[1]?.trim() ?? name
}

function requestFact(exchange: Exchange): string {
  const request = exchange.request
  if (!request) return ''
  const body = request.bodyBytes > 0 ? `, ${byteCount(request.bodyBytes)} of content` : ''
  return `${exchange.method} ${request.target}${body}`
}

function receiveFacts(exchange: Exchange, seen: Observation[]): Fact[] {
  const { response } = exchange
  if (!response) return []
  const facts = [plain(statusLine(response))]
  const receive = ofOperation(seen, 'receive').at(-1)
  const expected = numberOf(receive?.output, 'expectedBytes')
  const body =
    expected !== null && expected !== response.bodyBytes
      ? `${response.bodyBytes} of ${byteCount(expected)}`
      : byteCount(response.bodyBytes)
  const coding = fieldValue(response, 'content-encoding')
  const type = fieldValue(response, 'content-type')
  facts.push(plain([body, type, coding].filter((part) => part !== null && part !== '').join(', ')))
  const location = fieldValue(response, 'location')
  if (location !== null && response.status >= 300 && response.status < 400)
    facts.push(plain(`to ${location}`))
  for (const interim of response.interim.slice(0, MAX_FACTS)) {
    facts.push(plain(`after an interim ${interim.status} ${interim.reason}`.trim()))
  }
  return facts
}

/** `HTTP/1.1 502 Bad Gateway`. */
function statusLine(response: ResponseFacts): string {
  return `HTTP/${response.version} ${response.status} ${response.reason}`.trim()
}
