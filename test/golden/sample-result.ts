// Results written by hand, for tests of single pieces of a report. Whole reports are tested on recorded ones.
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import type { Glance } from '../../src/model/drill.ts'
import type { Failure } from '../../src/model/failure.ts'
import type { Observation, Operation } from '../../src/model/observation.ts'
import type { CheckResult, Exchange, FieldLine, ResponseFacts, Timings } from '../../src/model/result.ts'

export const NO_TIMES: Timings = {
  resolve: null,
  connect: null,
  tls: null,
  send: null,
  wait: null,
  receive: null,
}

export function base64(text: string | Uint8Array): string {
  return Buffer.from(text as string).toString('base64')
}

let observed = 0

export function sampleObservation(
  operation: Operation,
  input: Record<string, unknown>,
  output: Record<string, unknown> | null,
  failure: Failure | null = null,
): Observation {
  observed++
  return { id: `s${observed}`, operation, startMs: 0, endMs: 2, input, output, failure }
}

export function sampleResponse(
  head: string,
  body: string | Uint8Array,
  over: Partial<ResponseFacts> = {},
): ResponseFacts {
  const [status = '', ...lines] = head.split('\r\n').filter((line) => line !== '')
  const fields = lines.map((line): FieldLine => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).trim()]
  })
  return {
    version: status.slice(5, 8),
    status: Number(status.slice(9, 12)),
    reason: status.slice(13),
    fields,
    trailers: [],
    interim: [],
    fieldBytes: head.length,
    bodyBytes: body.length,
    bodyTruncated: false,
    raw: Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body as string)]).toString('base64'),
    text: null,
    ...over,
  }
}

export function sampleExchange(over: Partial<Exchange> = {}): Exchange {
  return {
    url: 'http://www.example.test/',
    method: 'GET',
    address: { ip: '192.0.2.7', port: 80, family: 4 },
    proxy: null,
    timings: { ...NO_TIMES, resolve: 1, connect: 2, send: 0.5, wait: 10, receive: 1 },
    tls: null,
    request: {
      target: '/',
      fields: [['Host', 'www.example.test']],
      bodyBytes: 0,
      head: 'GET / HTTP/1.1\r\nHost: www.example.test\r\n\r\n',
    },
    response: null,
    unparsed: null,
    failure: null,
    observations: [],
    ...over,
  }
}

/** A result around exchanges; the observations given belong to the last one unless they are expectations. */
export function sampleResult(
  over: Partial<CheckResult> & { exchanges: Exchange[] },
  observations: Observation[] = [],
): CheckResult {
  const last = over.exchanges.at(-1)
  if (last) {
    last.observations = observations
      .filter((observation) => observation.operation !== 'expect')
      .map((observation) => observation.id)
  }
  return {
    schema: 1,
    url: last?.url ?? 'http://www.example.test/',
    startedAt: '2026-11-20T09:00:00.123Z',
    durationMs: 15,
    outcome: over.failure ? 'down' : 'up',
    failure: null,
    diagnosis: null,
    drill: [],
    observations,
    ...over,
  }
}

/** A diagnosis of a gateway's error; `text` stands wherever a peer's words can. */
export function sampleDiagnosis(over: Partial<Diagnosis> = {}, text = 'nginx'): Diagnosis {
  return {
    headline: `Behind the gateway: ${text} could not reach the application.`,
    link: 'upstream',
    cause: 'connection_refused',
    causes: ['connection_refused', 'dns_error'],
    party: 'site_operator',
    confidence: 'likely',
    generator: { product: 'nginx', name: text, version: '1.22.1', role: 'gateway', confidence: 'certain' },
    effect: null,
    chain: [
      {
        product: 'nginx',
        name: text,
        version: '1.22.1',
        role: 'gateway',
        confidence: 'certain',
        seenBy: [`Field Server: ${text}`],
        madeThePage: true,
      },
    ],
    reasons: [{ says: `The page ends with ${text}.`, evidence: ['o1', 'response', '"><script>'] }],
    todo: { visitor: [`Wait for ${text}.`], operator: [`Look into the log of ${text}.`] },
    references: [{ name: 'request id', value: text }],
    retryAfterSeconds: 120,
    contact: null,
    article: null,
    ...over,
  }
}

/** One further exchange; `text` stands wherever a peer's words can. */
export function sampleGlance(text = 'nginx'): Glance {
  return {
    asked: `GET http://www.example.test/?${text}`,
    ip: '192.0.2.7',
    failure: null,
    status: 502,
    ms: 3,
    connectMs: 1,
    bodyBytes: 157,
    fields: [['Server', text]],
    bodyHash: null,
    observations: ['o1'],
  }
}
