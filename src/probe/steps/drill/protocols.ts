// Look 3: the other scheme, the other HTTP version, TLS without a server name, and going on although the
// certificate is bad. Each only where it can tell something.
import type { Glance, ProtocolsFinding } from '../../../model/drill.ts'
import { parseIp } from '../../../model/address.ts'
import type { CheckOptions } from '../../../model/check-options.ts'
import { type Ask, type Glanced, type Look, notSent, type Subject } from '../../drill/look.ts'
import {
  firstReason,
  inShort,
  nothingFailed,
  onlyCertificateAges,
  withoutAddress,
} from '../../drill/reasons.ts'

type Part = 'otherScheme' | 'http1' | 'http2' | 'withoutName' | 'unverified'

export default {
  id: 'protocols',
  when: 'side-by-side',
  skip: (subject) =>
    firstReason(withoutAddress(subject), nothingFailed(subject), onlyCertificateAges(subject)),
  async run(subject, ctx) {
    const asks = asksFor(subject, ctx.options)
    const answers = await Promise.all(
      asks.map(async ([part, ask]) => [part, await subject.site.ask(ask, ctx)] as const),
    )
    const finding: ProtocolsFinding = {
      kind: 'protocols',
      otherScheme: null,
      http1: null,
      http2: null,
      withoutName: null,
      unverified: null,
    }
    const says: string[] = []
    for (const [part, glanced] of answers) {
      if (!glanced) continue
      finding[part] = glanced.glance
      says.push(`${nameOf(part, glanced.glance)} ${outcomeOf(glanced)}`)
    }
    if (says.length === 0) return { skipped: notSent(subject) }
    return { summary: says.join('; '), finding }
  },
} satisfies Look

/** The requests that can tell something about this check, the most telling first. */
function asksFor(subject: Subject, options: CheckOptions): [Part, Ask][] {
  const { url, last, failure } = subject
  const asks: [Part, Ask][] = []
  const secure = url.protocol === 'https:'
  const tlsFailed = failure?.phase === 'tls'
  if (tlsFailed && failure.code.startsWith('certificate_'))
    asks.push(['unverified', { tls: { verify: false } }])
  if (tlsFailed && secure && sentName(subject, options) && failure.code !== 'tls_not_spoken') {
    // The certificate cannot fit where no name was asked for, so it is not the question here.
    asks.push(['withoutName', { tls: { serverName: false, verify: false } }])
  }
  asks.push(['otherScheme', { url: otherScheme(url), expects: 'status' }])
  if (secure && reachedHttp(subject)) {
    const spoken = last.response?.version ?? last.tls?.alpn ?? ''
    const overHttp2 = spoken === '2' || spoken === 'h2' || options.http === '2'
    asks.push(overHttp2 ? ['http1', { http: '1.1' }] : ['http2', { http: '2' }])
  }
  return asks
}

/** A server name was sent: an address has none (RFC 6066, 3). */
function sentName({ url, last }: Subject, { tls }: CheckOptions): boolean {
  if (last.tls) return last.tls.sni !== null
  if (tls.serverName !== null) return tls.serverName !== false
  return parseIp(url.hostname.replace(/^\[|\]$/g, '')) === null
}

/** Something of HTTP can differ: the secure connection stood, or only the protocol's name was refused. */
function reachedHttp({ failure }: Subject): boolean {
  if (!failure) return true
  if (failure.phase === 'tls') return failure.code === 'tls_no_application_protocol'
  return failure.phase !== 'url' && failure.phase !== 'resolve' && failure.phase !== 'connect'
}

/** Port 80 beside 443; another port may speak either, so there it is the same port. */
function otherScheme(url: URL): URL {
  const other = new URL(url)
  other.protocol = url.protocol === 'https:' ? 'http:' : 'https:'
  return other
}

function nameOf(part: Part, { asked }: Glance): string {
  switch (part) {
    case 'otherScheme':
      return asked.includes(' https:') ? 'https' : 'http'
    case 'http1':
      return 'HTTP/1.1'
    case 'http2':
      return 'HTTP/2'
    case 'withoutName':
      return 'TLS without a server name'
    case 'unverified':
      return 'without verification'
    default:
      return part satisfies never
  }
}

function outcomeOf({ glance, verdict }: Glanced): string {
  if (verdict === 'works') return `works (${inShort(glance)})`
  if (verdict === 'same') return `fails alike (${inShort(glance)})`
  return verdict === null ? 'cannot be told' : `fails with ${inShort(glance)}`
}
