// All articles and the ways that lead to one: by id, by code, by cause, by title. Built from parsed articles, whichever
// exist; knows no files and judges no text.
import type { Article } from './article.ts'
import { codeKey, codeKeys } from './code-key.ts'
import { nearestSpellings } from './nearest.ts'
import { type Pattern, PatternIndex, patternsOf } from './patterns.ts'

export class Knowledge {
  readonly articles: readonly Article[]
  readonly #byId = new Map<string, Article>()
  readonly #byKey = new Map<string, Article[]>()
  /** Codes without who says them: `alert 40` for `SSL alert 40`. Asked only when nobody claims the code itself. */
  #byShortKey: Map<string, Article[]> | null = null
  readonly #byCause = new Map<string, Article[]>()
  /** Reason phrases of statuses, from the titles: "bad gateway". */
  readonly #byReason = new Map<string, Article>()
  #patterns: PatternIndex | null = null

  constructor(articles: readonly Article[]) {
    this.articles = [...articles].sort((a, b) => (a.id < b.id ? -1 : 1))
    for (const article of this.articles) {
      this.#byId.set(article.id, article)
      for (const code of article.codes) {
        put(this.#byKey, codeKey(code), article)
      }
      for (const cause of article.causes) put(this.#byCause, cause.toLowerCase(), article)
      const reason = /^[1-9]\d\d ([A-Za-z' -]{4,40})$/.exec(article.title)?.[1]?.toLowerCase()
      if (reason !== undefined && !this.#byReason.has(reason)) this.#byReason.set(reason, article)
    }
    for (const [key, found] of this.#byKey) if (found.length > 1) found.sort(byPlaceOf(key))
    for (const [cause, found] of this.#byCause) if (found.length > 1) found.sort(byCauseOf(cause))
  }

  get #shortKeys(): Map<string, Article[]> {
    if (this.#byShortKey) return this.#byShortKey
    this.#byShortKey = new Map()
    for (const article of this.articles) {
      for (const code of article.codes) {
        if (!code.includes(' ')) continue
        for (const key of codeKeys(code).slice(1)) put(this.#byShortKey, key, article)
      }
    }
    return this.#byShortKey
  }

  byId(id: string): Article | null {
    return this.#byId.get(id) ?? null
  }

  /** The articles of exactly this code, however it is spelled; several when it means several things, likeliest first. */
  byCode(text: string): Article[] {
    const keys = codeKeys(text)
    for (const key of keys) {
      const found = this.#byKey.get(key)
      if (found) return [...found]
    }
    for (const key of keys) {
      const found = this.#shortKeys.get(key)
      if (found) return [...found]
    }
    const name = text.trim().toLowerCase()
    const named = this.#byId.get(name) ?? this.#byId.get(name.replaceAll('_', '-'))
    if (named) return [named]
    const caused = this.byCause(name)
    const reason = caused.length > 0 ? null : this.byReason(name)
    return reason ? [reason] : caused
  }

  /** The article of the status with exactly this reason phrase. */
  byReason(text: string): Article | null {
    return this.#byReason.get(text.trim().toLowerCase()) ?? null
  }

  /**
   * What a bare number may mean besides: the same number of a program that was not named (`56` for `curl: (56)`), or
   * with the minus that got lost (`1001` for `NSURLErrorDomain -1001`). Empty for anything but numbers.
   */
  byBareNumber(text: string): Article[] {
    const number = codeKey(text)
    if (!/^\d{1,4}$/.test(number)) return []
    const found = new Set<Article>()
    if (number.length === 4) for (const article of this.#byKey.get(`-${number}`) ?? []) found.add(article)
    if (number.length < 3) {
      for (const [key, articles] of this.#byKey) {
        if (key.endsWith(` ${number}`)) for (const article of articles) found.add(article)
      }
    }
    return [...found]
  }

  /** The articles that explain a cause (failure code, RFC 9209 type), the one named after it first. */
  byCause(cause: string): Article[] {
    const name = cause.toLowerCase()
    const named = this.#byId.get(name.replaceAll('_', '-'))
    const listed = this.#byCause.get(name.replaceAll('-', '_')) ?? []
    return named ? [named, ...listed.filter((article) => article !== named)] : [...listed]
  }

  /** The article of an HTTP status. */
  byStatus(status: number): Article | null {
    return this.#byId.get(`http-${status}`) ?? this.#byKey.get(String(status))?.[0] ?? null
  }

  /** Spellings that are near to an unknown code, nearest first, at most five. */
  nearest(text: string): string[] {
    return nearestSpellings(
      text,
      this.articles.flatMap(({ codes }) => codes),
    )
  }

  /** Everything that leads to an article from within a text. */
  get patterns(): PatternIndex {
    this.#patterns ??= new PatternIndex(this.articles.flatMap((article): Pattern[] => patternsOf(article)))
    return this.#patterns
  }

  /** Every spelling that several articles claim, with their ids. */
  sharedCodes(): Map<string, string[]> {
    const shared = [...this.#byKey].filter(([, found]) => found.length > 1)
    return new Map(shared.map(([key, found]) => [key, found.map(({ id }) => id)]))
  }
}

function put(map: Map<string, Article[]>, key: string, article: Article): void {
  const found = map.get(key)
  if (!found) map.set(key, [article])
  else if (!found.includes(article)) found.push(article)
}

/** Whose main code it is comes first: the earlier it stands among the codes, the likelier it is meant. */
function byPlaceOf(key: string): (a: Article, b: Article) => number {
  const place = (article: Article) => article.codes.findIndex((code) => codeKey(code) === key)
  return (a, b) => place(a) - place(b)
}

function byCauseOf(cause: string): (a: Article, b: Article) => number {
  const place = (article: Article) => article.causes.findIndex((name) => name.toLowerCase() === cause)
  return (a, b) => place(a) - place(b)
}
