// Holds answers against fingerprints: which products are in the chain, and which of them wrote what came.
import { type Answer, contentText } from './answer.ts'
import type { Clue, Fingerprint, Reading, Trait } from './fingerprint.ts'
import { LiteralIndex } from './literal-index.ts'

/** Nothing below this is claimed to have made a page. */
export const MADE_THRESHOLD = 0.6
/** Nothing below this is claimed to stand in the chain. */
export const SEEN_THRESHOLD = 0.5
/** From here on a claim is certain. */
export const CERTAIN_THRESHOLD = 0.9
/** What an unverified clue is worth at most: below either threshold. */
const UNVERIFIED_WEIGHT = 0.45

/** Content longer than this is no short message: `content` patterns do not apply to it. */
const SHORT_CONTENT_BYTES = 2048
/** Content that is searched for literals: the start and the end of longer ones. */
const SEARCHED_BYTES = 64 * 1024
const VALUE_CHARACTERS = 512
/** Values of one field, and cookies, that are looked at: an honest answer has fewer. */
const VALUES_PER_FIELD = 16
const COOKIES = 32
const REASON_CHARACTERS = 256
const ORDER_CHARACTERS = 1024

/** Fingerprints with their literals indexed; made once. */
export interface FingerprintSet {
  fingerprints: readonly Fingerprint[]
  literals: LiteralIndex
}

/** An answer with what all traits need to know about it, computed once. */
export interface Look {
  answer: Answer
  /** First offset per literal, -1 where it does not stand. */
  found: Int32Array
  literals: LiteralIndex
  reason: string
  /** The content when it is short, else null. */
  short: string | null
  order: string
  lowerCase: boolean
  cookies: string[]
  /** The request went to the visitor's own proxy; null: not known. */
  forward: boolean | null
}

function collect(trait: Trait, into: Set<string>): void {
  if (trait.body !== undefined) into.add(trait.body)
  if (trait.body2 !== undefined) into.add(trait.body2)
}

/** Indexes the literals of all fingerprints and, with them, any others the caller looks for. */
export function makeFingerprintSet(
  fingerprints: readonly Fingerprint[],
  others: readonly string[],
): FingerprintSet {
  const literals = new Set<string>(others)
  for (const fingerprint of fingerprints) {
    for (const clue of fingerprint.clues) collect(clue, literals)
    for (const reading of fingerprint.readings) collect(reading, literals)
    for (const version of fingerprint.version ?? []) if ('body' in version) literals.add(version.body)
  }
  return { fingerprints, literals: new LiteralIndex(literals) }
}

/** Prepares an answer for holding traits against it. */
export function lookAt(answer: Answer, set: FingerprintSet, forward: boolean | null): Look {
  const { content } = answer
  const names: string[] = []
  let lowerCase = answer.fields.length > 0
  for (const [name] of answer.fields) {
    names.push(name)
    if (lowerCase && /[A-Z]/.test(name)) lowerCase = false
    if (names.length > 64) break
  }
  return {
    answer,
    found: set.literals.find(content, 0, Math.min(content.length, SEARCHED_BYTES)),
    literals: set.literals,
    reason: answer.reason.slice(0, REASON_CHARACTERS),
    short: content.length <= SHORT_CONTENT_BYTES ? contentText(answer, SHORT_CONTENT_BYTES) : null,
    order: names.join(','),
    lowerCase,
    cookies: (answer.byName.get('set-cookie') ?? []).slice(0, COOKIES),
    forward,
  }
}

/** Where a literal first stands in the content, -1 when it does not. */
export function placeOf(look: Look, literal: string): number {
  return look.found[look.literals.idOf(literal)] as number
}

function fieldHolds(look: Look, [name, matches]: readonly [string, RegExp?]): boolean {
  const values = look.answer.byName.get(name)
  if (!values) return false
  if (!matches) return true
  for (let at = 0; at < values.length && at < VALUES_PER_FIELD; at++) {
    if (matches.test((values[at] as string).slice(0, VALUE_CHARACTERS))) return true
  }
  return false
}

/** True when everything the trait asks for holds. */
export function traitHolds(trait: Trait, look: Look): boolean {
  const { answer } = look
  if (trait.status !== undefined) {
    const { status } = answer
    if (status === null) return false
    if (typeof trait.status === 'number' ? trait.status !== status : !trait.status.includes(status))
      return false
  }
  if (trait.forward !== undefined && trait.forward !== look.forward) return false
  if (trait.field && !fieldHolds(look, trait.field)) return false
  if (trait.field2 && !fieldHolds(look, trait.field2)) return false
  if (trait.body !== undefined && placeOf(look, trait.body) < 0) return false
  if (trait.body2 !== undefined && placeOf(look, trait.body2) < 0) return false
  if (trait.empty !== undefined && trait.empty !== (answer.content.length === 0)) return false
  if (trait.order !== undefined && trait.order !== look.order) return false
  if (trait.orderLike && !trait.orderLike.test(look.order.slice(0, ORDER_CHARACTERS))) return false
  if (trait.lowerCase !== undefined && trait.lowerCase !== look.lowerCase) return false
  if (trait.protocol !== undefined && trait.protocol !== answer.protocol) return false
  if (trait.without) for (const name of trait.without) if (answer.byName.has(name)) return false
  if (trait.reason && !trait.reason.test(look.reason)) return false
  if (trait.content && (look.short === null || !trait.content.test(look.short))) return false
  if (trait.cookie) {
    let some = false
    for (const cookie of look.cookies) {
      if (trait.cookie.test(cookie.slice(0, VALUE_CHARACTERS))) {
        some = true
        break
      }
    }
    if (!some) return false
  }
  return true
}

export interface Match {
  fingerprint: Fingerprint
  /** 0 to 1: that it wrote the answer, and that it stands in the chain. */
  made: number
  seen: number
  clues: Clue[]
}

/** A clue nobody has verified never suffices by itself. */
function weighed(clue: Clue, weight: number): number {
  return clue.unverified ? Math.min(weight, UNVERIFIED_WEIGHT) : weight
}

/** Every fingerprint that left a trace, the likeliest author first. */
export function matchFingerprints(look: Look, set: FingerprintSet): Match[] {
  const matches: Match[] = []
  for (const fingerprint of set.fingerprints) {
    let notMade = 1
    let notSeen = 1
    let clues: Clue[] | null = null
    for (const clue of fingerprint.clues) {
      if (!traitHolds(clue, look)) continue
      const made = weighed(clue, clue.made ?? 0)
      notMade *= 1 - made
      notSeen *= 1 - Math.max(made, weighed(clue, clue.seen ?? 0))
      if (clues) clues.push(clue)
      else clues = [clue]
    }
    if (clues) matches.push({ fingerprint, made: 1 - notMade, seen: 1 - notSeen, clues })
  }
  return matches.sort((one, other) => other.made - one.made || other.seen - one.seen)
}

/** The version the answer tells of this product, as written; undefined when it does not. */
export function versionOf(fingerprint: Fingerprint, look: Look): string | undefined {
  for (const place of fingerprint.version ?? []) {
    if ('field' in place) {
      for (const value of (look.answer.byName.get(place.field) ?? []).slice(0, VALUES_PER_FIELD)) {
        const version = place.matches.exec(value.slice(0, VALUE_CHARACTERS))?.[1]
        if (version) return version
      }
    } else {
      const at = placeOf(look, place.body)
      if (at < 0) continue
      const text = Buffer.from(look.answer.content.subarray(at, at + 96)).toString('latin1')
      const version = place.matches.exec(text)?.[1]
      if (version) return version
    }
  }
  return undefined
}

/** What a reading may depend on besides the bytes. */
export interface Circumstances {
  /** True: it took as long as a time-out; false: it came at once; null: not known. */
  slow: boolean | null
  method: string
}

/** The first reading of a product that holds; undefined when none does. */
export function findReading(
  fingerprint: Fingerprint,
  look: Look,
  circumstances: Circumstances,
): Reading | undefined {
  for (const reading of fingerprint.readings) {
    if (reading.slow !== undefined && reading.slow !== circumstances.slow) continue
    if (reading.method && !reading.method.includes(circumstances.method)) continue
    if (traitHolds(reading, look)) return reading
  }
  return undefined
}
