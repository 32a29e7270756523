// A result in which every text that a peer can choose holds the same hostile text: markup, entities, terminal escapes,
// bidirectional and invisible characters. For tests that a report leaves it inert.
import { DRILL_STEPS, type DrillFinding } from '../../src/model/drill.ts'
import { failure } from '../../src/model/failure.ts'
import { PHASES } from '../../src/model/phase.ts'
import type { CheckResult } from '../../src/model/result.ts'
import {
  sampleDiagnosis,
  sampleExchange,
  sampleGlance,
  sampleObservation,
  sampleResponse,
  sampleResult,
} from './sample-result.ts'

/** Ends tags, attributes, comments, styles and scripts; entities that decode to more; what terminals obey. */
export const HOSTILE =
  '"\'`></title></style></script></pre></svg></details>--><script>document.title="owned"</script><img src=x onerror=document.title="owned"><svg onload=document.title="owned"><base href=//evil.test><meta http-equiv=refresh content="0;url=//evil.test">&lt;script&gt;&#60;b&#62;&amp;lt; \u001b[31mred\u001b]0;owned\u0007\u009b2J\u202egnp.exe\u2066\u200b\u0000\ufeff\ud800 {{7*7}} ${7*7} javascript:alert(1)'

function hostileFindings(text: string): DrillFinding[] {
  const glance = { ...sampleGlance(text), failure: failure('connect_refused', text) }
  return [
    { kind: 'addresses', each: [{ ip: text, family: 4, verdict: 'same', glance }] },
    {
      kind: 'resolvers',
      said: [
        {
          server: text,
          role: 'used',
          name: text,
          rcode: text,
          addresses: [text],
          aliases: [text],
          ttl: 1,
          extendedErrors: [{ code: 6, name: text, text }],
          lame: true,
          failure: null,
        },
      ],
      delegation: [],
      verdict: 'differ',
      parked: text,
    },
    {
      kind: 'protocols',
      otherScheme: glance,
      http1: glance,
      http2: null,
      withoutName: null,
      unverified: null,
    },
    { kind: 'cache', noCache: glance, freshQuery: null, bare: null, errorIsCached: null },
    { kind: 'paths', each: [{ path: text, method: text, verdict: 'same', glance }], extent: 'site' },
    { kind: 'proxy', through: 'same', direct: 'works', glance },
    { kind: 'origin', verdict: 'works', glance, differences: [{ what: text, check: text, origin: text }] },
    {
      kind: 'hops',
      asked: [{ method: 'TRACE', maxForwards: 0, glance, echo: text }],
      hops: [{ number: 1, server: text, method: text, howWeKnow: text }],
      added: [[text, text]],
    },
    {
      kind: 'repetition',
      tries: [{ ip: text, verdict: 'same', status: 502, ms: 1, backend: text }],
      failed: 1,
      of: 1,
      goesWith: { what: 'field', name: text, value: text },
    },
    {
      kind: 'references',
      each: [{ url: text, works: false, failure: failure('connect_refused', text), ms: 1 }],
      extent: 'all_fail',
    },
    {
      kind: 'timing',
      errorMs: 1,
      roundTripMs: null,
      pace: 'round',
      timeouts: [{ seconds: 60, setting: text, product: text }],
    },
    { kind: 'difference', changes: [{ what: text, before: text, now: text }], goodStartedAt: text },
    {
      kind: 'path',
      method: 'tcp_trace',
      hops: [{ ttl: 1, ip: text, ms: null, says: text }],
      end: 'silence',
      mtuTrouble: null,
    },
  ]
}

/** A down result full of `text`. */
export function hostileResult(text = HOSTILE): CheckResult {
  const failed = failure('status_unaccepted', text, { number: text })
  const head = `HTTP/1.1 500 ${text.replace(/[\r\n]/g, '')}\r\nX-Evil: ${text}\r\n\r\n`
  const exchange = sampleExchange({
    url: `http://www.example.test/?${text}`,
    method: text,
    address: { ip: text, port: 80, family: 4 },
    proxy: text,
    failure: failed,
    request: { target: text, fields: [[text, text]], bodyBytes: 5, head: `GET ${text} HTTP/1.1\r\n\r\n` },
    response: sampleResponse(head, text, {
      reason: text,
      fields: [
        [text, text],
        ['Server', text],
        ['Content-Type', text],
        ['Location', text],
      ],
      interim: [{ status: 103, reason: text, fields: [[text, text]] }],
      raw: Buffer.from(head + text, 'utf8').toString('base64'),
    }),
    tls: {
      version: text,
      cipher: text,
      alpn: text,
      sni: text,
      certificates: [
        {
          subject: text,
          issuer: text,
          notBefore: text,
          notAfter: text,
          daysLeft: 1,
          names: [text],
          serialNumber: text,
          fingerprint: text,
          key: text,
          signature: text,
          isCa: false,
          selfSigned: false,
        },
      ],
      verified: false,
      problems: [failure('certificate_expired', text)],
      clientCertificateRequested: true,
      ocsp: null,
    },
  })
  const observations = PHASES.map(() =>
    sampleObservation('receive', { [text]: text }, { [text]: [text] }, failed),
  )
  for (const observation of observations) observation.notes = [text]
  const result = sampleResult({ exchanges: [exchange], failure: failed }, observations)
  const findings = hostileFindings(text)
  result.url = `http://www.example.test/?${text}`
  result.drill = DRILL_STEPS.map((step, index) => ({
    step,
    summary: text,
    skipped: index % 5 === 4 ? text : null,
    finding: findings[index] ?? null,
    observations: ['o1', text],
  }))
  result.diagnosis = sampleDiagnosis(
    {
      links: [
        { link: 'you', name: 'you', state: 'ok', howWeKnow: text, evidence: [text] },
        { link: 'gateway', name: text, state: 'broken', howWeKnow: text, evidence: ['o1', text] },
        { link: 'origin', name: text, state: 'unreached', howWeKnow: text, evidence: [] },
      ],
      undecided: [{ rule: text, because: text }],
      contact: [text],
      contactDetails: {
        ip: text,
        network: null,
        people: [],
        security: null,
        missing: [text],
        observations: [text],
      },
    },
    text,
  )
  return result
}
