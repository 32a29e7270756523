// The body of an answer as text: content codings removed, character encoding found, with what went wrong on the
// way as an observation. Expects nothing of the text.
import { type Failure, failure } from '../../model/failure.ts'
import type { ResponseFacts } from '../../model/result.ts'
import { contentCodings, decodeContent } from '../../wire/content-coding.ts'
import { decodeText } from '../../wire/content-type.ts'
import type { ProbeContext } from '../context.ts'
import { note } from '../recorder.ts'
import type { Answered } from './expectation.ts'

export interface Content {
  text: string
  /** The raw bytes are not the text: a content coding was removed. */
  coded: boolean
  /** The coding could not be removed to its end; `text` holds what came before. */
  failure: Failure | null
  /** Why `text` is not all of the content, as part of a sentence; null when it is. */
  cut: string | null
  /** It is cut because it is larger than our limits. */
  tooLarge: boolean
}

const NO_BYTES = new Uint8Array(0)

/** Decodes the body within `limits.decodedBytes`. Writes a `decode` observation when the content came coded. */
export async function readContent(
  answered: Answered,
  response: ResponseFacts,
  ctx: ProbeContext,
): Promise<Content> {
  const { fields } = response
  const { limits } = ctx.options
  const body = answered.body ?? NO_BYTES
  const codings = contentCodings(fields)
  const content: Content = {
    text: '',
    coded: false,
    failure: null,
    cut: null,
    tooLarge: answered.bodyTooLarge,
  }
  if (answered.bodyTooLarge) content.cut = `only its first ${body.length} bytes were read`
  else if (!answered.bodyComplete)
    content.cut = `the body did not come whole: only ${body.length} bytes of it`
  if (codings.length === 0) {
    content.text = decodeText(body, fields).text
    return content
  }
  content.coded = true
  const { recorder } = ctx
  const seen = recorder.begin('decode', { codings, bytes: body.length })
  answered.exchange.observations.push(seen.id)
  const decoded = await decodeContent(body, codings, limits.decodedBytes)
  for (const says of decoded.notes) note(seen, says)
  const read = decodeText(decoded.bytes, fields)
  for (const says of read.notes) note(seen, says)
  content.text = read.text
  const output = {
    bytes: decoded.bytes.length,
    complete: decoded.complete,
    truncated: decoded.truncated,
    charset: read.charset,
  }
  if (decoded.truncated) {
    content.tooLarge = true
    content.cut = `only the first ${decoded.bytes.length} bytes of it were decoded`
  }
  // A body that was cut before it reached the decoder has to end too early; that is no second failure.
  if (decoded.failure && (content.cut === null || decoded.failure.kind !== 'short')) {
    content.cut ??= `only ${decoded.bytes.length} bytes of it could be decoded`
    content.failure = failure('body_undecodable', decoded.failure.says)
    recorder.fail(seen, content.failure, output)
  } else {
    if (decoded.failure) note(seen, decoded.failure.says)
    recorder.end(seen, output)
  }
  return content
}

/**
 * Keeps the text of an answer that came coded in `response.text`, because its raw bytes can be read by nobody. For
 * answers of failed checks; the first `limits.keptBytes` characters are kept. Does nothing for plain content.
 */
export async function keepDecodedText(answered: Answered, ctx: ProbeContext): Promise<void> {
  const { response } = answered.exchange
  if (!response || response.text !== null || !answered.body || answered.body.length === 0) return
  if (contentCodings(response.fields).length === 0) return
  keepText(await readContent(answered, response, ctx), response, ctx)
}

/** The same for content that was read already. */
export function keepText(content: Content, response: ResponseFacts, ctx: ProbeContext): void {
  if (content.coded) response.text = content.text.slice(0, ctx.options.limits.keptBytes)
}
