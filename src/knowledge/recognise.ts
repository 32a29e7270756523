// Which articles a text leads to and how strongly: the specific beats the general, the innermost cause of a stack trace
// beats what was wrapped around it. Knows nothing of fingerprints.
import type { Article } from './article.ts'
import type { Knowledge } from './knowledge.ts'
import type { Hit } from './patterns.ts'
import { type Words, wordsOf } from './words.ts'

/** An article, how much of the text speaks for it, and which words do. */
export interface Recognised {
  article: Article
  score: number
  because: string[]
  /** One of the article's own codes stands in the text, not only words about it. */
  byCode: boolean
}

/** Below this, a text leads nowhere. */
export const THRESHOLD = 2.2
/** From here on the words leave no doubt. */
export const SURE = 4.5
/** A first place that is nearer than this to the second is not sure. */
export const CLEAR_LEAD = 0.8

const FURTHER_HIT = 0.35
const MOST_FURTHER = 3
const INNERMOST = 3
const LATER_IN_LINE = 0.8
const MOST_BECAUSE = 5
/** In longer lines the place says nothing. */
const LONGEST_LINE = 1_000

/** Articles a text speaks for, the strongest first; none below the threshold. */
export function recognise(text: string, knowledge: Knowledge): Recognised[] {
  const words = wordsOf(text)
  const hits = withoutCovered(knowledge.patterns.find(words))
  if (hits.length === 0) return []
  const inner = innermost(text)
  const found = new Map<
    Article,
    { best: number; further: number; because: Map<string, number>; words: Set<string>; byCode: boolean }
  >()
  for (const hit of hits) {
    const { article, spelling, weight, umbrella, isOwnCode } = hit.pattern
    const score = umbrella ? weight : weight + placeBonus(hit, words, inner)
    const key = hit.pattern.words.join(' ')
    const entry = found.get(article)
    if (!entry) {
      found.set(article, {
        best: score,
        further: 0,
        because: new Map([[spelling, score]]),
        words: new Set([key]),
        byCode: isOwnCode,
      })
      continue
    }
    // The same words again say nothing more, only perhaps where they stand.
    if (!entry.words.has(key)) {
      entry.words.add(key)
      entry.because.set(spelling, score)
      if (!umbrella) entry.further += FURTHER_HIT * Math.min(entry.best, score)
    }
    entry.best = Math.max(entry.best, score)
    entry.byCode ||= isOwnCode
  }
  return [...found]
    .map(([article, { best, further, because, byCode }]) => ({
      article,
      byCode,
      score: best + Math.min(MOST_FURTHER, further),
      because: [...because]
        .sort((a, b) => b[1] - a[1])
        .slice(0, MOST_BECAUSE)
        .map(([spelling]) => spelling),
    }))
    .filter(({ score }) => score >= THRESHOLD)
    .sort((a, b) => b.score - a.score || (a.article.id < b.article.id ? -1 : 1))
}

/** A hit within a longer one of another article is part of that: "Connection refused" in a longer phrase. */
function withoutCovered(hits: Hit[]): Hit[] {
  const byStart = [...hits].sort((a, b) => a.from - b.from || b.to - a.to)
  const kept: Hit[] = []
  let cover: Hit | null = null
  for (const hit of byStart) {
    const covered = cover && hit.to <= cover.to && hit.to - hit.from < cover.to - cover.from
    if (covered && cover?.pattern.kind === 'phrase' && hit.pattern.article !== cover.pattern.article) continue
    kept.push(hit)
    if (!cover || hit.to > cover.to) cover = hit
  }
  return kept
}

interface Inner {
  /** Offsets between which the innermost cause stands; null where the text has no such order. */
  from: number
  to: number
}

/** Java, Node and urllib3 name the cause last; Python prints it first. */
function innermost(text: string): Inner | null {
  const python = /(?:During handling of the above exception|The above exception was the direct cause)/.exec(
    text,
  )
  if (python) return { from: 0, to: python.index }
  let from = -1
  for (const marker of text.matchAll(/(?:Caused by\b|\[cause\]:|\[errors\]:|---> )/g)) from = marker.index
  return from < 0 ? null : { from, to: text.length }
}

function placeBonus(hit: Hit, { starts, text }: Words, inner: Inner | null): number {
  const start = starts[hit.from] ?? 0
  if (inner) return start >= inner.from && start < inner.to ? INNERMOST : 0
  // Wrapped messages end with the cause: "Get ...: dial tcp ...: connect: connection refused".
  const before = text.slice(Math.max(0, start - LONGEST_LINE), start)
  const after = text.slice(start, start + LONGEST_LINE)
  const since = before.length - (before.lastIndexOf('\n') + 1)
  const end = after.indexOf('\n')
  const length = since + (end < 0 ? after.length : end)
  return length > LONGEST_LINE ? 0 : (LATER_IN_LINE * since) / Math.max(1, length)
}
