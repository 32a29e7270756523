// The result as HTTP Archive 1.2, for a browser's developer tools. One page for the check, one entry an exchange;
// what HAR has no place for goes into fields that begin with an underscore.
// Format: http://www.softwareishard.com/blog/har-12-spec/
import type { CheckResult, Exchange, FieldLine, Timings } from '../../model/result.ts'
import { observationsOf } from '../evidence-reader.ts'
import type { ReportFormat } from '../format.ts'
import { jsonText } from '../json-text.ts'
import { contentOf, fieldValue } from '../received.ts'
import { bytesToText, looksBinary } from '../safe-text.ts'
import { resultSentence } from '../sentences.ts'

const PAGE_ID = 'check'

interface NameValue {
  name: string
  value: string
}

interface HarTimings {
  blocked: number
  dns: number
  connect: number
  ssl: number
  send: number
  wait: number
  receive: number
}

function pairs(fields: readonly FieldLine[]): NameValue[] {
  return fields.map(([name, value]) => ({ name, value }))
}

function queryOf(url: string): NameValue[] {
  const parsed = URL.parse(url)
  return parsed ? [...parsed.searchParams].map(([name, value]) => ({ name, value })) : []
}

/** Our phases in HAR's words: -1 does not apply, `connect` includes `ssl`, and send, wait, receive are never -1. */
function harTimings(timings: Timings): HarTimings {
  const connects = timings.connect !== null || timings.tls !== null
  return {
    blocked: -1,
    dns: timings.resolve ?? -1,
    connect: connects ? (timings.connect ?? 0) + (timings.tls ?? 0) : -1,
    ssl: timings.tls ?? -1,
    send: timings.send ?? 0,
    wait: timings.wait ?? 0,
    receive: timings.receive ?? 0,
  }
}

/** Sum of the timings as HAR wants it: without those that do not apply, `ssl` being part of `connect`. */
function totalOf(timings: HarTimings): number {
  return [timings.blocked, timings.dns, timings.connect, timings.send, timings.wait, timings.receive].reduce(
    (sum, part) => sum + Math.max(0, part),
    0,
  )
}

/** Text of UTF-8 or Latin-1 content as it is, anything else in base64. */
function contentText(bytes: Uint8Array): { text: string; encoding?: 'base64' } {
  if (!looksBinary(bytes)) return { text: bytesToText(bytes) }
  return { text: Buffer.from(bytes).toString('base64'), encoding: 'base64' }
}

function responseOf(exchange: Exchange): Record<string, unknown> {
  const { response } = exchange
  const error = exchange.failure ? `${exchange.failure.code}: ${exchange.failure.raw}` : undefined
  if (!response) {
    return {
      status: 0,
      statusText: '',
      httpVersion: '',
      headers: [],
      cookies: [],
      content: { size: 0, mimeType: 'x-unknown' },
      redirectURL: '',
      headersSize: -1,
      bodySize: -1,
      _error: error ?? 'no response',
      ...(exchange.unparsed === null ? {} : { _unparsed: exchange.unparsed }),
    }
  }
  const content = contentOf(response)
  // Coded content is told only where the probe decoded it: HAR's text is always the decoded one.
  const text =
    content === null
      ? {}
      : content.text !== null
        ? { text: content.text }
        : content.coding === null
          ? contentText(content.bytes)
          : {}
  return {
    status: response.status,
    statusText: response.reason,
    httpVersion: `HTTP/${response.version}`,
    headers: pairs(response.fields),
    cookies: cookiesSet(response.fields),
    content: {
      size: content?.text == null ? response.bodyBytes : Buffer.byteLength(content.text),
      mimeType: fieldValue(response, 'content-type') ?? 'x-unknown',
      ...text,
    },
    redirectURL:
      response.status >= 300 && response.status < 400 ? (fieldValue(response, 'location') ?? '') : '',
    headersSize: response.fieldBytes,
    bodySize: response.bodyBytes,
    _transferSize: response.fieldBytes + response.bodyBytes,
    ...(response.trailers.length > 0 ? { _trailers: pairs(response.trailers) } : {}),
    ...(response.interim.length > 0 ? { _interim: response.interim } : {}),
    ...(response.bodyTruncated ? { _bodyTruncated: true } : {}),
    ...(error === undefined ? {} : { _error: error }),
  }
}

/** Name and value of each Set-Cookie field; its attributes stand in the headers. */
function cookiesSet(fields: readonly FieldLine[]): NameValue[] {
  const cookies: NameValue[] = []
  for (const [name, value] of fields) {
    if (name.toLowerCase() !== 'set-cookie') continue
    const pair = value.split(';', 1)[0] ?? ''
    const equals = pair.indexOf('=')
    if (equals > 0) cookies.push({ name: pair.slice(0, equals).trim(), value: pair.slice(equals + 1).trim() })
  }
  return cookies
}

function entryOf(result: CheckResult, exchange: Exchange, startedMs: number): Record<string, unknown> {
  const { request } = exchange
  const timings = harTimings(exchange.timings)
  const seen = observationsOf(result, exchange)
  const version = exchange.response?.version ?? '1.1'
  const offsetMs = seen[0]?.startMs ?? 0
  const head = request ? Buffer.byteLength(request.head, 'latin1') : -1
  return {
    pageref: PAGE_ID,
    startedDateTime: new Date(startedMs + offsetMs).toISOString(),
    time: totalOf(timings),
    request: {
      method: exchange.method,
      url: exchange.url,
      httpVersion: `HTTP/${version}`,
      cookies: [],
      headers: request ? pairs(request.fields) : [],
      queryString: queryOf(exchange.url),
      headersSize: head,
      bodySize: request ? request.bodyBytes : -1,
    },
    response: responseOf(exchange),
    cache: {},
    timings,
    ...(exchange.address
      ? { serverIPAddress: exchange.address.ip, connection: String(exchange.address.port) }
      : {}),
    ...(exchange.proxy === null ? {} : { _proxy: exchange.proxy }),
    ...(exchange.failure ? { _failure: exchange.failure } : {}),
    ...(exchange.tls ? { _securityDetails: exchange.tls } : {}),
    _observations: seen,
  }
}

export default {
  id: 'har',
  name: 'HTTP Archive 1.2',
  mediaType: 'application/json',
  extension: 'har',
  render(result, options) {
    const startedMs = Date.parse(result.startedAt)
    const log = {
      version: '1.2',
      creator: { name: 'whydown', version: options.version },
      pages: [
        {
          startedDateTime: result.startedAt,
          id: PAGE_ID,
          title: result.url,
          pageTimings: { onContentLoad: -1, onLoad: result.durationMs },
          _outcome: result.outcome,
          _failure: result.failure,
          ...(result.diagnosis ? { _diagnosis: result.diagnosis } : {}),
          ...(result.drill.length > 0 ? { _drill: result.drill } : {}),
          comment: `${result.outcome}: ${result.diagnosis?.headline ?? resultSentence(result)}`,
        },
      ],
      entries: result.exchanges.map((exchange) => entryOf(result, exchange, startedMs)),
    }
    return `${jsonText({ log }, 2)}\n`
  },
} satisfies ReportFormat
