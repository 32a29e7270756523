// Judges the content of an answer: texts that must or must not be there, JSON values at paths. What cannot be told,
// because not all of the content is there, is undecided (null) and neither met nor missed.
import { type Failure, failure } from '../../model/failure.ts'
import type { Observation } from '../../model/observation.ts'
import type { Exchange } from '../../model/result.ts'
import { contentType } from '../../wire/content-type.ts'
import { findByPath, parseJsonPath } from '../../wire/json-path.ts'
import type { ProbeContext } from '../context.ts'
import { note } from '../recorder.ts'
import type { Content } from './content.ts'
import { type Answered, beginExpectation } from './expectation.ts'
import { sameJson, shownJson } from './json-value.ts'
import { findNearMiss } from './near-miss.ts'

/** How much of a text is quoted. */
const QUOTED_CHARS = 200
/** Text shown on each side of an unwanted one. */
const AROUND_CHARS = 40

/** What is decided about the content so far. */
interface Judging {
  content: Content
  exchange: Exchange
  ctx: ProbeContext
  /** The first expectation that certainly does not hold. */
  missed: Failure | null
  /** The first that cannot be decided because the content is too large for our limits. */
  undecided: Failure | null
}

/**
 * Judges every content expectation and gives the failure that decides: content that cannot be decoded, before
 * what is certainly not as expected, before content too large to tell.
 */
export function judgeContent(content: Content, answered: Answered, ctx: ProbeContext): Failure | null {
  const { expect } = ctx.options
  const judging: Judging = { content, exchange: answered.exchange, ctx, missed: null, undecided: null }
  for (const word of expect.text) judgeText(word, judging)
  for (const word of expect.rejectText) judgeUnwanted(word, judging)
  if (expect.json.length > 0) judgeJson(judging)
  return content.failure ?? judging.missed ?? judging.undecided
}

/** Closes an expectation that does not hold. */
function miss(judging: Judging, seen: Observation, failed: Failure, output: Record<string, unknown>): void {
  judging.missed ??= failed
  judging.ctx.recorder.fail(seen, failed, output)
}

/** Closes an expectation that cannot be decided: too large is a failure of its own, undecodable has its own. */
function leaveOpen(judging: Judging, seen: Observation, output: Record<string, unknown>): void {
  const { content, ctx } = judging
  if (content.cut) note(seen, `undecided: ${content.cut}`)
  if (!content.tooLarge) return ctx.recorder.end(seen, output)
  const failed = failure('body_too_large', `the content is larger than our limits: ${content.cut}`)
  judging.undecided ??= failed
  ctx.recorder.fail(seen, failed, output)
}

function judgeText(word: string, judging: Judging): void {
  const { content, ctx } = judging
  const seen = beginExpectation(judging.exchange, { kind: 'text', text: word }, ctx)
  const offset = content.text.indexOf(word)
  if (offset >= 0) return ctx.recorder.end(seen, { met: true, offset })
  const nearMiss = findNearMiss(content.text, word)
  if (content.tooLarge || content.failure)
    return leaveOpen(judging, seen, { met: null, offset: null, nearMiss })
  const size = content.text.length
  let raw =
    size === 0 ? 'the content is empty' : `${quoted(word)} is not in the ${size} characters of the content`
  if (content.cut) raw += `; ${content.cut}`
  if (nearMiss) raw += `; found with ${nearMiss.difference}: ${quoted(nearMiss.found)}`
  miss(judging, seen, failure('text_missing', raw), { met: false, offset: null, nearMiss })
}

function judgeUnwanted(word: string, judging: Judging): void {
  const { content, ctx } = judging
  const seen = beginExpectation(judging.exchange, { kind: 'reject_text', text: word }, ctx)
  const offset = content.text.indexOf(word)
  if (offset >= 0) {
    const excerpt = content.text.slice(
      Math.max(0, offset - AROUND_CHARS),
      offset + word.length + AROUND_CHARS,
    )
    const raw = `${quoted(word)} is in the content, at character ${offset}`
    miss(judging, seen, failure('text_unwanted', raw), {
      met: false,
      offset,
      excerpt: excerpt.slice(0, QUOTED_CHARS),
    })
    return
  }
  if (content.cut) leaveOpen(judging, seen, { met: null, offset: null })
  else ctx.recorder.end(seen, { met: true, offset: null })
}

type Parsed = { json: unknown; says: null } | { json: null; says: string }

function parseJson(content: Content, exchange: Exchange): Parsed {
  if (content.text === '') return { json: null, says: 'the content is empty and no JSON' }
  try {
    return { json: JSON.parse(content.text) as unknown, says: null }
  } catch (error) {
    const { type } = contentType(exchange.response?.fields ?? [])
    const named =
      type === '' || type === 'application/json' ? '' : ` (Content-Type ${type.slice(0, QUOTED_CHARS)})`
    const reason = error instanceof Error ? error.message.slice(0, QUOTED_CHARS) : String(error)
    const cut = content.cut ? `; ${content.cut}` : ''
    return { json: null, says: `the content is not JSON${named}: ${reason}${cut}` }
  }
}

function judgeJson(judging: Judging): void {
  const { content, ctx, exchange } = judging
  const parsed = parseJson(content, exchange)
  for (const { path, value } of ctx.options.expect.json) {
    const input = value === undefined ? { kind: 'json', path } : { kind: 'json', path, value }
    const seen = beginExpectation(exchange, input, ctx)
    if (parsed.says === null) judgeValue(judging, seen, parsed.json, path, value)
    else if (content.tooLarge || content.failure)
      leaveOpen(judging, seen, { met: null, found: null, matches: null })
    else
      miss(judging, seen, failure('json_mismatch', parsed.says), { met: false, found: null, matches: null })
  }
}

/** Every value at the path must be as expected: of `services[*].up` one that is down is what the user asks about. */
function judgeValue(
  judging: Judging,
  seen: Observation,
  json: unknown,
  path: string,
  expected: unknown,
): void {
  const { values, complete } = findByPath(json, parseJsonPath(path))
  if (!complete) note(seen, `only the first ${values.length} values at the path were looked at`)
  if (values.length === 0) {
    const output = { met: false, found: null, matches: 0 }
    return miss(judging, seen, failure('json_mismatch', `nothing stands at ${quoted(path)}`), output)
  }
  const odd = expected === undefined ? -1 : values.findIndex((value) => !sameJson(value, expected))
  const found = shownJson(values[odd < 0 ? 0 : odd], QUOTED_CHARS)
  const output = { met: odd < 0, found, matches: values.length }
  if (odd < 0) return judging.ctx.recorder.end(seen, output)
  const which = values.length > 1 ? ` (value ${odd + 1} of ${values.length})` : ''
  const type = typeName(values[odd]) === typeName(expected) ? '' : `the ${typeName(values[odd])} `
  const wanted = type === '' ? '' : `the ${typeName(expected)} `
  const raw = `${quoted(path)} is ${type}${found}${which}, ${wanted}${shownJson(expected, QUOTED_CHARS)} expected`
  miss(judging, seen, failure('json_mismatch', raw), output)
}

function typeName(value: unknown): string {
  if (value === null) return 'value'
  return Array.isArray(value) ? 'array' : typeof value
}

function quoted(text: string): string {
  return JSON.stringify(text.length > QUOTED_CHARS ? `${text.slice(0, QUOTED_CHARS)}...` : text)
}
