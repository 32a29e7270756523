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

/** The judgement on a capture, given only what a client has. */
export function judge(corpus: Corpus, capture: Capture): Diagnosis | null {
  return judgeResponse({
    raw: corpus.bytesOf(capture),
    ended: capture.ended as Ending,
    firstByteMs: capture.firstByteMs,
    elapsedMs: capture.elapsedMs,
    requestMethod: capture.method,
    forwardProxy: capture.role === 'forward',
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
export function trueplace(capture: Capture): Place {
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
