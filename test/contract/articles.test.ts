// Every article keeps the format, leads somewhere and is led to: the registries in test/data/registries are covered.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { OUTLINE } from '../../src/knowledge/article.ts'
import { articlesIndex } from '../../src/knowledge/articles-index.ts'
import { Knowledge } from '../../src/knowledge/knowledge.ts'
import { articleProblems, parseArticle, sectionsOf } from '../../src/knowledge/parse-article.ts'
import { CONTENT_CAUSES, isCause, PROXY_ERROR_TYPES, RELAY_CAUSES } from '../../src/model/diagnosis.ts'
import { FAILURE_CODES } from '../../src/model/failure.ts'

const FOLDER = new URL('../../src/knowledge/articles/', import.meta.url)
const REGISTRIES = new URL('../data/registries/', import.meta.url)

const files = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.md'))
  .map((name) => ({ id: name.slice(0, -3), text: readFileSync(new URL(name, FOLDER), 'utf8') }))
const articles = files.map(({ id, text }) => parseArticle(text, id))
const knowledge = new Knowledge(articles)

/** Numbers and names that truly mean several things, by whoever says them; explain lists the meanings. */
const { codes: AMBIGUOUS } = registry('../ambiguous-codes')

interface Registry {
  source: string
  codes: string[]
}

function registry(name: string): Registry {
  return JSON.parse(readFileSync(new URL(`${name}.json`, REGISTRIES), 'utf8')) as Registry
}

describe('articles', () => {
  test('each keeps the format and the outline', () => {
    const problems = files.flatMap(({ id, text }) => articleProblems(text, id).map((says) => `${id} ${says}`))
    expect(problems).toEqual([])
  })

  test('each one related exists, and is another one', () => {
    const lost = articles.flatMap(({ id, related }) =>
      related.filter((other) => other === id || !knowledge.byId(other)).map((other) => `${id} -> ${other}`),
    )
    expect(lost).toEqual([])
  })

  test('a cause is one of the model', () => {
    const foreign = articles.flatMap(({ id, causes }) =>
      causes.filter((cause) => !isCause(cause)).map((cause) => `${id}: ${cause}`),
    )
    expect(foreign).toEqual([])
  })

  test('a spelling belongs to one article, unless it is known to be ambiguous', () => {
    const known = new Set(AMBIGUOUS.map((code) => code.toLowerCase()))
    const shared = [...knowledge.sharedCodes()].filter(([code]) => !known.has(code))
    expect(shared).toEqual([])
  })

  test('a phrase belongs to one article', () => {
    const seen = new Map<string, string>()
    const shared: string[] = []
    for (const { id, phrases } of articles) {
      for (const phrase of phrases) {
        const before = seen.get(phrase.toLowerCase())
        if (before !== undefined && before !== id) shared.push(`${phrase}: ${before} and ${id}`)
        seen.set(phrase.toLowerCase(), id)
      }
    }
    expect(shared).toEqual([])
  })

  test('all eight sections are told apart', () => {
    for (const { id, body } of articles) {
      expect(
        sectionsOf(body).map(({ name }) => name),
        id,
      ).toEqual([...OUTLINE])
    }
  })

  test('at least 110 of them, and at least 600 codes and phrases', () => {
    expect(articles.length).toBeGreaterThanOrEqual(110)
    const leads = articles.reduce((sum, { codes, phrases }) => sum + codes.length + phrases.length, 0)
    expect(leads).toBeGreaterThanOrEqual(600)
  })

  test('docs/errors.md is their index, freshly generated', () => {
    const written = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')
    expect(written, 'run node scripts/errors-index.ts').toBe(articlesIndex(knowledge))
  })
})

describe('what leads to an article', () => {
  test('every failure code', () => {
    const lost = Object.keys(FAILURE_CODES).filter((code) => knowledge.byCause(code).length === 0)
    expect(lost).toEqual([])
  })

  test.each([
    ['RFC 9209 error type', Object.keys(PROXY_ERROR_TYPES)],
    ['relay cause', [...RELAY_CAUSES]],
    ['content cause', [...CONTENT_CAUSES]],
  ])('every %s', (_, causes) => {
    expect(causes.filter((cause) => knowledge.byCause(cause).length === 0)).toEqual([])
  })

  test('every id that a diagnosis can name', () => {
    const statuses = [...registry('http-statuses').codes, ...registry('unofficial-statuses').codes]
    const causes = [...Object.keys(FAILURE_CODES), ...Object.keys(PROXY_ERROR_TYPES)]
    const ids = [
      ...statuses.filter((status) => Number(status) >= 400).map((status) => `http-${status}`),
      ...[...causes, ...RELAY_CAUSES, ...CONTENT_CAUSES].map((cause) => cause.replaceAll('_', '-')),
    ]
    expect(ids.filter((id) => knowledge.byCode(id).length === 0)).toEqual([])
  })

  const names = readdirSync(REGISTRIES).map((name) => name.replace(/\.json$/, ''))
  test.each(names)('every code of the registry %s', (name) => {
    const { codes, source } = registry(name)
    expect(codes.length, source).toBeGreaterThan(0)
    expect(codes.filter((code) => knowledge.byCode(code).length === 0)).toEqual([])
  })

  test('every spelling that an article lists leads to it, among others when it is ambiguous', () => {
    const lost = articles.flatMap((article) =>
      article.codes
        .filter((code) => !knowledge.byCode(code).includes(article))
        .map((code) => `${article.id}: ${code}`),
    )
    expect(lost).toEqual([])
  })
})
