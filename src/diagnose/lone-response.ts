// Judges raw bytes of one response without a check around them, as somebody pasted them or a tool saved them.
import type { Diagnosis } from '../model/diagnosis.ts'
import type { ResponseFacts } from '../model/result.ts'
import { type Answer, readAnswer } from './answer.ts'
import { asHttp1 } from './evidence.ts'
import { judgeResponse } from './response.ts'
import { causesInWords } from './words/causes.ts'
import { headline } from './words/headline.ts'
import { plain } from './words/plain.ts'

/** As in results of checks. */
const RAW_BYTES = 64 * 1024

export interface LoneResponse {
  /** Null: the bytes are no HTTP response. */
  response: ResponseFacts | null
  diagnosis: Diagnosis | null
}

/** Reads and judges one response (status line, fields, content, as received). Never throws on any bytes. */
export function judgeLoneResponse(bytes: Uint8Array): LoneResponse {
  const raw = asHttp1(bytes)
  const answer = readAnswer(raw, 'unknown', 'GET')
  const response = factsOf(bytes, raw, answer)
  const judged = judgeResponse({ raw, ended: 'unknown', requestMethod: 'GET' })
  return { response, diagnosis: judged && withWords(judged, response) }
}

function factsOf(bytes: Uint8Array, raw: Uint8Array, answer: Answer): ResponseFacts | null {
  if (!answer.isHttp || answer.status === null) return null
  const own = /^HTTP\/([23])/.exec(Buffer.from(bytes.subarray(0, 8)).toString('latin1'))
  const fieldBytes = headBytes(raw)
  return {
    version: own?.[1] ?? answer.protocol.replace(/^HTTP\//i, ''),
    status: answer.status,
    reason: answer.reason,
    fields: answer.fields,
    trailers: [],
    interim: answer.interim.map((status) => ({ status, reason: '', fields: [] })),
    fieldBytes,
    bodyBytes: Math.max(0, raw.length - fieldBytes),
    bodyTruncated: bytes.length > RAW_BYTES,
    raw: Buffer.from(bytes.subarray(0, RAW_BYTES)).toString('base64'),
    text: null,
  }
}

/** Bytes up to the end of the first empty line, all of them when there is none. */
function headBytes(raw: Uint8Array): number {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
  const [crlf, lf] = [bytes.indexOf('\r\n\r\n'), bytes.indexOf('\n\n')]
  if (crlf >= 0 && (lf < 0 || crlf < lf)) return crlf + 4
  return lf >= 0 ? lf + 2 : bytes.length
}

function withWords(judged: Diagnosis, response: ResponseFacts | null): Diagnosis {
  const { generator, causes, effect } = judged
  const status = response ? plain(`${response.status} ${response.reason}`, 40) : 'no HTTP response'
  const by = generator && generator.role !== 'application' ? ` from ${generator.name}` : ''
  const failed = response !== null && response.status >= 400
  return {
    ...judged,
    headline: headline({ ...judged, what: `${status}${by}: ${causesInWords(causes, 2)}` }),
    effect: effect ?? (failed || !response ? null : 'remark'),
    article: failed ? `http-${response.status}` : judged.cause.replaceAll('_', '-'),
    reasons: judged.reasons.map(({ says, evidence }) => ({ says: plain(says, 320), evidence })),
  }
}
