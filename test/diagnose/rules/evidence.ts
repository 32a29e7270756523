// Builds the evidence of a check out of a few words, so that rules can be tested without a network. Everything a rule
// reads stands in a real result of the contract's shape.
import { diagnoseEvidence } from '../../../src/diagnose/diagnose.ts'
import { judgeResponse } from '../../../src/diagnose/response.ts'
import { RULES } from '../../../src/diagnose/rules.ts'
import type { Diagnosis } from '../../../src/model/diagnosis.ts'
import type { DrillFinding, DrillStep, Glance } from '../../../src/model/drill.ts'
import { type Failure, type FailureCode, failure, isOurFault } from '../../../src/model/failure.ts'
import { type Observation, type Operation, PHASE_OF_OPERATION } from '../../../src/model/observation.ts'
import { PHASES } from '../../../src/model/phase.ts'
import type { CertificateFacts, CheckResult, Exchange, Outcome, Timings } from '../../../src/model/result.ts'

export interface World {
  url?: string
  code?: FailureCode | null
  raw?: string
  /** The status line and fields and body that came, as text. */
  answer?: string
  outcome?: Outcome
  drill?: DrillFinding[]
  /** Looks that were skipped, with the reason. */
  skipped?: Partial<Record<DrillStep['step'], string>>
  proxy?: string
  timings?: Partial<Timings>
  certificates?: Partial<CertificateFacts>[]
  /** Inputs and outputs of single observations, by operation. */
  seen?: Partial<Record<Operation, { input?: Record<string, unknown>; output?: Record<string, unknown> }>>
}

const WALK: Operation[] = [
  'resolve',
  'dns_query',
  'connect',
  'proxy_handshake',
  'tls_handshake',
  'send',
  'wait',
  'receive',
  'expect',
]

function operationsOf(secure: boolean, proxied: boolean): Operation[] {
  return WALK.filter(
    (operation) => (operation !== 'tls_handshake' || secure) && (operation !== 'proxy_handshake' || proxied),
  )
}

/** Observations up to the one in whose phase the failure was seen. */
function observe(world: World, failed: Failure | null, secure: boolean): Observation[] {
  const seen: Observation[] = []
  const at = failed ? PHASES.indexOf(failed.phase === 'status' ? 'content' : failed.phase) : PHASES.length
  const add = (operation: Operation, failing: Failure | null): void => {
    const given = world.seen?.[operation]
    seen.push({
      id: `o${seen.length + 1}`,
      operation,
      startMs: seen.length,
      endMs: seen.length + 1,
      input: {
        ...(operation === 'connect' ? { ip: '203.0.113.7', port: 443, family: 4 } : {}),
        ...given?.input,
      },
      output: given?.output ?? (failing ? null : {}),
      failure: failing,
    })
  }
  add('parse_url', failed?.phase === 'url' ? failed : null)
  if (failed?.phase === 'url') return seen
  for (const operation of operationsOf(secure, world.proxy !== undefined)) {
    const phase = PHASES.indexOf(PHASE_OF_OPERATION[operation])
    if (phase > at) break
    const last = failed !== null && phase === at
    // In phases of several operations the first fails for names, the last for proxies.
    if (last && failed.code.startsWith('proxy_') && operation === 'connect') {
      add(operation, null)
      continue
    }
    add(operation, last ? failed : null)
    if (last && operation !== 'resolve') break
  }
  if (world.seen?.plaintext_look) add('plaintext_look', null)
  if (world.seen?.redirect) add('redirect', failed)
  return seen
}

function certificate(given: Partial<CertificateFacts>): CertificateFacts {
  return {
    subject: 'CN=shop.example.org',
    issuer: 'CN=Some Authority',
    notBefore: '2026-01-01T00:00:00.000Z',
    notAfter: '2026-10-01T00:00:00.000Z',
    daysLeft: -50,
    names: ['shop.example.org'],
    serialNumber: '01',
    fingerprint: '00',
    key: 'EC P-256',
    signature: null,
    isCa: false,
    selfSigned: false,
    ...given,
  }
}

/** A result as a check of this world would give it. */
export function resultOf(world: World): CheckResult {
  const { code = null, url = 'https://shop.example.org/' } = world
  const answer = world.answer ?? (world.outcome === 'degraded' ? 'HTTP/1.1 200 OK\r\n\r\nfine' : undefined)
  const status = /^HTTP\/\d\.\d (\d{3}) ?(.*)/.exec(answer ?? '')
  const number = code === 'status_unaccepted' && status ? { number: String(status[1]) } : {}
  const raw =
    world.raw ??
    (code === 'status_unaccepted' && status ? `${status[1]} ${status[2]}`.trim() : `raw of ${code}`)
  const failed = code ? failure(code, raw, number) : null
  const secure = url.startsWith('https:')
  const observations = observe(world, failed, secure)
  const head = answer?.split('\r\n\r\n')[0] ?? ''
  const exchange: Exchange = {
    url,
    method: 'GET',
    address: { ip: '203.0.113.7', port: secure ? 443 : 80, family: 4 },
    proxy: world.proxy ?? null,
    timings: {
      resolve: 1,
      connect: 10,
      tls: secure ? 20 : null,
      send: 1,
      wait: 15,
      receive: 2,
      ...world.timings,
    },
    tls:
      world.certificates === undefined
        ? null
        : {
            version: 'TLSv1.3',
            cipher: null,
            alpn: null,
            sni: 'shop.example.org',
            certificates: world.certificates.map(certificate),
            verified: false,
            problems: failed ? [failed] : [],
            clientCertificateRequested: false,
            ocsp: null,
          },
    request: null,
    response:
      answer === undefined
        ? null
        : {
            version: '1.1',
            status: Number(status?.[1] ?? 0),
            reason: status?.[2] ?? '',
            fields: head
              .split('\r\n')
              .slice(1)
              .map((line): [string, string] => [
                line.split(':')[0] ?? '',
                line.slice(line.indexOf(':') + 1).trim(),
              ]),
            trailers: [],
            interim: [],
            fieldBytes: head.length + 4,
            bodyBytes: answer.length - head.length - 4,
            bodyTruncated: false,
            raw: Buffer.from(answer, 'latin1').toString('base64'),
            text: null,
          },
    unparsed: null,
    // What works with a warning failed beside the exchange, not in it.
    failure: world.outcome === 'degraded' ? null : failed,
    observations: observations.slice(1).map(({ id }) => id),
  }
  const drill: DrillStep[] = (world.drill ?? []).map((finding) => {
    const id = `o${observations.length + 1}`
    observations.push({
      id,
      operation: 'connect',
      startMs: 100,
      endMs: 101,
      input: {},
      output: {},
      failure: null,
    })
    return { step: finding.kind, summary: finding.kind, skipped: null, finding, observations: [id] }
  })
  for (const [step, skipped] of Object.entries(world.skipped ?? {})) {
    drill.push({ step: step as DrillStep['step'], summary: '', skipped, finding: null, observations: [] })
  }
  const ours = code !== null && isOurFault(code)
  return {
    schema: 1,
    url,
    startedAt: '2026-11-20T09:00:00.000Z',
    durationMs: 50,
    outcome: world.outcome ?? (ours ? 'unknown' : code ? 'down' : 'up'),
    failure: failed,
    diagnosis: null,
    exchanges: failed?.phase === 'url' ? [] : [exchange],
    drill,
    observations,
  }
}

export function diagnosed(world: World): Diagnosis | null {
  return diagnoseEvidence(resultOf(world), { rules: RULES, judgeResponse })
}

export function glance(given: Partial<Glance> = {}): Glance {
  return {
    asked: 'GET https://shop.example.org/',
    ip: '203.0.113.7',
    failure: null,
    status: 200,
    ms: 30,
    connectMs: 10,
    bodyBytes: 100,
    fields: [],
    bodyHash: null,
    observations: ['o1'],
    ...given,
  }
}

export const failing = (code: FailureCode, raw = `raw of ${code}`): Glance =>
  glance({ failure: failure(code, raw), status: null, bodyBytes: null })

export const references = (
  extent: 'all_fail' | 'some_fail' | 'all_work',
  code: FailureCode = 'connect_timed_out',
): DrillFinding => ({
  kind: 'references',
  each: [0, 1, 2].map((index) => {
    const works = extent === 'all_work' || (extent === 'some_fail' && index === 0)
    return {
      url: `https://site${index}.example.net/`,
      works,
      failure: works ? null : failure(code, 'x'),
      ms: 5,
    }
  }),
  extent,
})

export const resolvers = (
  verdict: Extract<DrillFinding, { kind: 'resolvers' }>['verdict'],
  parked: string | null = null,
): DrillFinding => ({ kind: 'resolvers', said: [], delegation: [], verdict, parked })

export const addresses = (...verdicts: ('same' | 'other' | 'works')[]): DrillFinding => ({
  kind: 'addresses',
  each: verdicts.map((verdict, index) => ({
    ip: `203.0.113.${index + 1}`,
    family: 4,
    verdict,
    glance: verdict === 'works' ? glance() : failing('connect_refused'),
  })),
})

export const origin = (
  verdict: 'same' | 'other' | 'works',
  seen = verdict === 'works' ? glance() : glance({ status: 502 }),
): DrillFinding => ({
  kind: 'origin',
  verdict,
  glance: seen,
  differences: [],
})

export const cached = (
  errorIsCached: boolean | null,
  more: Partial<Extract<DrillFinding, { kind: 'cache' }>> = {},
): DrillFinding => ({
  kind: 'cache',
  noCache: errorIsCached ? glance() : glance({ status: 502 }),
  freshQuery: errorIsCached ? glance() : glance({ status: 502 }),
  bare: null,
  errorIsCached,
  ...more,
})

/** `also`: another page that fails alike although some work. */
export const paths = (
  extent: 'site' | 'page' | 'method' | 'unknown',
  also: string | null = null,
): DrillFinding => ({
  kind: 'paths',
  each: [
    ...(also === null
      ? []
      : [{ path: also, method: 'GET', verdict: 'same' as const, glance: glance({ status: 502 }) }]),
    { path: '/', method: 'GET', verdict: extent === 'page' ? 'works' : 'same', glance: glance() },
    { path: '/robots.txt', method: 'GET', verdict: extent === 'page' ? 'works' : 'same', glance: glance() },
  ],
  extent,
})

export const repetition = (
  failed: number,
  of: number,
  goesWith: Extract<DrillFinding, { kind: 'repetition' }>['goesWith'] = null,
): DrillFinding => ({
  kind: 'repetition',
  tries: Array.from({ length: of }, (_, index) => ({
    ip: '203.0.113.7',
    verdict: index < failed ? ('same' as const) : ('works' as const),
    status: index < failed ? 502 : 200,
    ms: 10,
    backend: null,
  })),
  failed,
  of,
  goesWith,
})

export const protocols = (more: Partial<Extract<DrillFinding, { kind: 'protocols' }>>): DrillFinding => ({
  kind: 'protocols',
  otherScheme: null,
  http1: null,
  http2: null,
  withoutName: null,
  unverified: null,
  ...more,
})

export const path = (
  end: 'reached' | 'firewall' | 'silence' | 'unknown',
  mtuTrouble: boolean | null = null,
): DrillFinding => ({
  kind: 'path',
  method: 'tcp_trace',
  hops: [
    { ttl: 1, ip: '192.0.2.1', ms: 1, says: null },
    { ttl: 2, ip: null, ms: null, says: null },
  ],
  end,
  mtuTrouble,
})

export const timing = (
  pace: 'at_once' | 'round' | 'other',
  errorMs: number,
  timeouts: Extract<DrillFinding, { kind: 'timing' }>['timeouts'] = [],
): DrillFinding => ({
  kind: 'timing',
  errorMs,
  roundTripMs: 10,
  pace,
  timeouts,
})

export const hops = (...servers: string[]): DrillFinding => ({
  kind: 'hops',
  asked: [],
  hops: servers.map((server, index) => ({
    number: index + 1,
    server,
    method: 'GET',
    howWeKnow: 'It answered GET with Max-Forwards: 0 in the place of the site.',
  })),
  added: [['X-Forwarded-For', '192.0.2.9']],
})

export const direct = (through: 'same' | 'works', without: 'same' | 'other' | 'works'): DrillFinding => ({
  kind: 'proxy',
  through,
  direct: without,
  glance: without === 'works' ? glance() : failing('connect_refused'),
})

export const difference = (...changes: [what: string, before: string, now: string][]): DrillFinding => ({
  kind: 'difference',
  changes: changes.map(([what, before, now]) => ({ what, before, now })),
  goodStartedAt: '2026-11-19T09:00:00.000Z',
})

const PAGE = (title: string, server: string): string =>
  `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>${server}</center>\r\n</body>\r\n</html>\r\n`

/** The page of a plain nginx for one of its own errors, byte for byte. */
export function nginx(status: number, reason: string): string {
  const page = PAGE(`${status} ${reason}`, 'nginx/1.22.1')
  return `HTTP/1.1 ${status} ${reason}\r\nServer: nginx/1.22.1\r\nDate: Fri, 20 Nov 2026 09:00:00 GMT\r\nContent-Type: text/html\r\nContent-Length: ${page.length}\r\nConnection: close\r\n\r\n${page}`
}

/** An answer that an application wrote. */
export function application(status: number, reason: string, body = '{"error":"database is down"}'): string {
  return `HTTP/1.1 ${status} ${reason}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${body.length}\r\n\r\n${body}`
}
