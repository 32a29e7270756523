// The shape of a fingerprint: what a product leaves in an answer, and what its error pages mean. Only types.
import type { Cause, Confidence, Link, Party, Role } from '../model/diagnosis.ts'

/**
 * What must hold, all of it. Field names are lower-case. Patterns see bounded text only: field values of at most
 * 512 characters, reason phrases of 256, `content` only when there are at most 2 KiB of it.
 */
export interface Trait {
  status?: number | readonly number[]
  reason?: RegExp
  /** A field is there and, with a pattern, one of its values matches. */
  field?: readonly [name: string, matches?: RegExp]
  field2?: readonly [name: string, matches?: RegExp]
  /** The names of all field lines, with case and order, joined by commas. */
  order?: string
  /** The same names, the first 64 of them, as a pattern. */
  orderLike?: RegExp
  /** None of these fields is there (lower-case names). */
  without?: readonly string[]
  /** Stands somewhere in the content, whatever its case. At least four characters. */
  body?: string
  body2?: string
  /** The whole content, as text. */
  content?: RegExp
  /** There is no content, or there is some. */
  empty?: boolean
  /** A cookie set by the answer; the pattern sees "name=value; ...". */
  cookie?: RegExp
  /** Every field name is written in lower case. */
  lowerCase?: boolean
  protocol?: string
  /** Only when the request went to the visitor's own proxy (true), or is known not to have. */
  forward?: boolean
}

/**
 * A trait and what it is worth. `made`: how sure it makes us that this product wrote the answer; `seen`: that it
 * stands in the chain (never less than `made`).
 */
export interface Clue extends Trait {
  made?: number
  seen?: number
  /** From hearsay, not from a source or a capture: counts as weak, whatever its weight says. */
  unverified?: true
  /** What was seen, in words, when the trait does not say it well enough by itself. */
  says?: string
}

/** What an error of this product means. The first one whose traits and timing hold counts. */
export interface Reading extends Trait {
  /** Only when the answer took long enough to be a time-out (true), or came at once (false). */
  slow?: boolean
  /** Only for these request methods. */
  method?: readonly string[]
  /** Likeliest first. */
  causes: readonly Cause[]
  /** What the product means by it, a clause after "It means that". */
  says: string
  /** Known error texts in the content or reason phrase narrow the causes further. */
  textTells?: boolean
  link?: Link
  party?: Party
  confidence?: Confidence
  /** The line in the product's log, or the setting, that decides between the causes. */
  operator?: string
  visitor?: string
}

/** A raw answer, and what it must be read as. `not`: it looks alike but is not this product's. */
export interface Example {
  raw: string
  causes?: readonly Cause[]
  waitedMs?: number
  not?: true
}

export interface Fingerprint {
  id: string
  name: string
  role: Role
  /** Ids of products it is built on or always stands behind: their traces beside its page are its own. */
  builtOn?: readonly string[]
  /** It hands chunks on as they are, broken ones too. */
  relaysChunks?: true
  /** Who runs it, and so fixes what is wrong with it itself. */
  fixedBy: Party
  clues: readonly Clue[]
  /** Where the version stands: group 1, in a field or right at a literal of the content. */
  version?: readonly ({ field: string; matches: RegExp } | { body: string; matches: RegExp })[]
  readings: readonly Reading[]
  source: string
  examples: readonly Example[]
}
