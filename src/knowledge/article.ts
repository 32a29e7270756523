// What an article is: its facts, its outline, its text. Knows neither files nor how an article is found.
import type { Link, Party } from '../model/diagnosis.ts'
import type { Phase } from '../model/phase.ts'

/** The sections of every article, in this order. */
export const OUTLINE = [
  'What you see',
  'What it means',
  'In the cycle',
  'Who can fix it',
  'What to do now',
  'How to check',
  'Not to be confused with',
  'More',
] as const

/** Shortest text that may lead to an article wherever it occurs. */
export const MIN_PHRASE = 8

export interface Article {
  /** Equal to the file's name. */
  id: string
  title: string
  /** One sentence in plain words. */
  summary: string
  /** The link most often to blame, the phase it shows in, and who most often must act; null when not named. */
  link: Link | null
  phase: Phase | null
  party: Party | null
  /** Every spelling that is this error, as users paste it; the main one first. */
  codes: readonly string[]
  /** Literal texts whose presence in a message or page leads here. */
  phrases: readonly string[]
  /** Failure codes, RFC 9209 error types and other causes that this article explains. */
  causes: readonly string[]
  related: readonly string[]
  sources: readonly string[]
  /** Markdown below the front matter. */
  body: string
}

export interface Section {
  /** The heading, without its marks. */
  name: string
  text: string
}
