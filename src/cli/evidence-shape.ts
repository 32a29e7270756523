// The shape of saved evidence, held against parsed JSON: everything that reports and rules take for granted. Fields it
// does not know may be there, because newer versions add some.
import { LINKS, PARTIES } from '../model/diagnosis.ts'
import { DRILL_STEPS } from '../model/drill.ts'
import { FAILURE_CODES } from '../model/failure.ts'
import { PHASES, TIMED_PHASES } from '../model/phase.ts'

/** What is wrong with a value at a path, null when nothing is. */
type Shape = (value: unknown, path: string) => string | null

/** Longest list in evidence; ours have a few hundred items. */
const MAX_ITEMS = 100_000

function wrong(path: string, wanted: string): string {
  return `${path === '' ? 'it' : path} is not ${wanted}`
}

function kind(name: string, holds: (value: unknown) => boolean): Shape {
  return (value, path) => (holds(value) ? null : wrong(path, name))
}

const text = kind('a text', (value) => typeof value === 'string')
/** Far beyond any time, size or number in evidence, and what dates can be counted with. */
const MAX_NUMBER = 1e13
const number = kind('a number', (value) => typeof value === 'number' && Math.abs(value) <= MAX_NUMBER)
const flag = kind('true or false', (value) => typeof value === 'boolean')
const bag = kind('an object', (value) => typeof value === 'object' && value !== null && !Array.isArray(value))

function oneOf(words: readonly string[]): Shape {
  const known = new Set(words)
  return kind('one of the words known there', (value) => typeof value === 'string' && known.has(value))
}

function orNull(shape: Shape): Shape {
  return (value, path) => (value === null ? null : shape(value, path))
}

/** May be absent, too. */
function maybe(shape: Shape): Shape {
  return (value, path) => (value === undefined || value === null ? null : shape(value, path))
}

function list(shape: Shape): Shape {
  return (value, path) => {
    if (!Array.isArray(value)) return wrong(path, 'a list')
    if (value.length > MAX_ITEMS) return `${path} has ${value.length} items`
    for (const [index, item] of value.entries()) {
      const fault = shape(item, `${path}[${index}]`)
      if (fault !== null) return fault
    }
    return null
  }
}

function record(shapes: Record<string, Shape>): Shape {
  const entries = Object.entries(shapes)
  return (value, path) => {
    const fault = bag(value, path)
    if (fault !== null) return fault
    for (const [name, shape] of entries) {
      const inside = shape((value as Record<string, unknown>)[name], path === '' ? name : `${path}.${name}`)
      if (inside !== null) return inside
    }
    return null
  }
}

const base64 = kind(
  'base64',
  (value) => typeof value === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(value) && value.length % 4 === 0,
)
const time = kind(
  'a time in UTC',
  (value) =>
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT[\d:.]{8,20}Z$/.test(value) &&
    !Number.isNaN(Date.parse(value)),
)
const fields = list((value, path) =>
  Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string')
    ? null
    : wrong(path, 'a field line'),
)

const failure = record({
  phase: oneOf(PHASES),
  code: oneOf(Object.keys(FAILURE_CODES)),
  number: orNull(text),
  raw: text,
  at: maybe(record({ offset: number, hex: text })),
})

const certificate = record({
  subject: text,
  issuer: text,
  notBefore: text,
  notAfter: text,
  daysLeft: number,
  names: list(text),
  fingerprint: text,
  key: text,
  selfSigned: flag,
})

const tls = record({
  version: orNull(text),
  cipher: orNull(text),
  alpn: orNull(text),
  sni: orNull(text),
  certificates: list(certificate),
  verified: flag,
  problems: list(failure),
  clientCertificateRequested: flag,
  ocsp: orNull(record({ status: text })),
})

const response = record({
  version: text,
  status: number,
  reason: text,
  fields,
  trailers: fields,
  interim: list(record({ status: number, reason: text, fields })),
  fieldBytes: number,
  bodyBytes: number,
  bodyTruncated: flag,
  raw: orNull(base64),
  text: orNull(text),
})

const exchange = record({
  url: text,
  method: text,
  address: orNull(record({ ip: text, port: number, family: number })),
  proxy: orNull(text),
  timings: record(Object.fromEntries(TIMED_PHASES.map((phase) => [phase, orNull(number)]))),
  tls: orNull(tls),
  request: orNull(record({ target: text, fields, bodyBytes: number, head: text })),
  response: orNull(response),
  unparsed: orNull(base64),
  failure: orNull(failure),
  observations: list(text),
})

const observation = record({
  id: text,
  // Newer versions may look at more; what nobody knows is shown by its name.
  operation: text,
  startMs: number,
  endMs: number,
  input: bag,
  output: orNull(bag),
  failure: orNull(failure),
  notes: maybe(list(text)),
})

const glance = record({
  asked: text,
  ip: orNull(text),
  failure: orNull(failure),
  status: orNull(number),
  ms: number,
  connectMs: orNull(number),
  bodyBytes: orNull(number),
  fields,
  bodyHash: orNull(text),
  observations: list(text),
})

/** The findings by their kind. */
const FINDINGS: Record<string, Shape> = {
  addresses: record({ each: list(record({ ip: text, family: number, verdict: text, glance })) }),
  resolvers: record({
    said: list(
      record({
        server: text,
        role: text,
        name: orNull(text),
        rcode: orNull(text),
        addresses: list(text),
        aliases: list(text),
        ttl: orNull(number),
        extendedErrors: list(record({ code: number, name: text, text })),
        lame: flag,
        failure: orNull(failure),
      }),
    ),
    delegation: list(
      record({
        zone: text,
        nameServers: list(record({ name: text, ips: list(text) })),
        failure: orNull(failure),
      }),
    ),
    verdict: text,
    parked: orNull(text),
  }),
  protocols: record({
    otherScheme: orNull(glance),
    http1: orNull(glance),
    http2: orNull(glance),
    withoutName: orNull(glance),
    unverified: orNull(glance),
  }),
  cache: record({
    noCache: glance,
    freshQuery: orNull(glance),
    bare: orNull(glance),
    errorIsCached: orNull(flag),
  }),
  paths: record({ each: list(record({ path: text, method: text, verdict: text, glance })), extent: text }),
  proxy: record({ through: text, direct: text, glance }),
  origin: record({
    verdict: text,
    glance,
    differences: list(record({ what: text, check: orNull(text), origin: orNull(text) })),
  }),
  hops: record({
    asked: list(record({ method: text, maxForwards: orNull(number), glance, echo: orNull(text) })),
    hops: list(
      record({ number, server: orNull(text), method: text, howWeKnow: text, behind: maybe(list(text)) }),
    ),
    added: fields,
  }),
  repetition: record({
    tries: list(
      record({ ip: orNull(text), verdict: text, status: orNull(number), ms: number, backend: orNull(text) }),
    ),
    failed: number,
    of: number,
    goesWith: orNull(record({ what: text, name: text, value: text })),
  }),
  references: record({
    each: list(record({ url: text, works: flag, failure: orNull(failure), ms: number })),
    extent: text,
  }),
  timing: record({
    errorMs: number,
    roundTripMs: orNull(number),
    pace: text,
    timeouts: list(record({ seconds: number, setting: text, product: text })),
  }),
  difference: record({
    changes: list(record({ what: text, before: orNull(text), now: orNull(text) })),
    goodStartedAt: text,
  }),
  path: record({
    method: text,
    hops: list(record({ ttl: number, ip: orNull(text), ms: orNull(number), says: orNull(text) })),
    end: text,
    mtuTrouble: orNull(flag),
  }),
}

const finding: Shape = (value, path) => {
  const fault = record({ kind: text })(value, path)
  if (fault !== null) return fault
  const { kind: named } = value as { kind: string }
  const shape = Object.hasOwn(FINDINGS, named) ? FINDINGS[named] : undefined
  return shape ? shape(value, path) : wrong(`${path}.kind`, 'a look that this version knows')
}

/** Only what is kept of an earlier diagnosis: it is made anew, but for the contacts. */
const earlier = record({
  headline: text,
  link: oneOf(LINKS),
  party: oneOf(PARTIES),
  contact: maybe(list(text)),
})

const RESULT = record({
  schema: number,
  url: text,
  startedAt: time,
  durationMs: number,
  outcome: oneOf(['up', 'degraded', 'down', 'unknown']),
  failure: orNull(failure),
  diagnosis: maybe(earlier),
  exchanges: list(exchange),
  drill: maybe(
    list(
      record({
        step: oneOf(DRILL_STEPS),
        summary: text,
        skipped: orNull(text),
        finding: orNull(finding),
        observations: list(text),
      }),
    ),
  ),
  observations: list(observation),
})

/** The first thing that is not as evidence has to be, as a clause with its path; null when all is. */
export function evidenceFault(value: unknown): string | null {
  return RESULT(value, '')
}
