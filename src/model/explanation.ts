// What `whydown explain` found out about a code, a message, a page or a response. Knows the shape, not how it is found.
import type { Cause, Confidence, Generator } from './diagnosis.ts'

/** code: one name or number; message: sentences, a log, a stack trace; page: markup; response: with its fields. */
export const INPUT_KINDS = ['code', 'message', 'page', 'response'] as const

export type InputKind = (typeof INPUT_KINDS)[number]

/** One article that may be what is asked for. */
export interface Candidate {
  /** Id of the article. */
  article: string
  title: string
  /** One sentence: what it is. */
  summary: string
  /** Every spelling that leads to the article. */
  codes: string[]
  /** Who made the page, when a page or response says so. */
  generator: Generator | null
  /** What the page or response says about the cause. */
  cause: Cause | null
  /** All that it leaves possible, likeliest first; `cause` is the first. Empty when it says nothing. */
  causes: Cause[]
  confidence: Confidence
  /** Why this article: the words of the input that lead to it, the most telling first. */
  because: string[]
}

export interface Explanation {
  schema: 1
  input: {
    kind: InputKind
    /** The input, at most its beginning. */
    text: string
    truncated: boolean
  }
  /** Null: nothing in the input is known. */
  best: Candidate | null
  others: Candidate[]
  /** True when the input means several things, and only where it was seen tells them apart. */
  ambiguous: boolean
  /** Known spellings near to an unknown code, nearest first. */
  nearest: string[]
}
