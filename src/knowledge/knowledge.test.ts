import { describe, expect, test } from 'vitest'
import { articlesIndex } from './articles-index.ts'
import { Knowledge } from './knowledge.ts'
import { parseArticle } from './parse-article.ts'

function article(id: string, codes: string[], causes: string[] = []) {
  const list = (key: string, values: string[]) =>
    `${key}:\n${values.map((value) => `  - "${value}"`).join('\n')}\n`
  return parseArticle(
    `---\nid: ${id}\ntitle: Title | of ${id}\nsummary: It is.\nphase: status\n${list('codes', codes)}${list('causes', causes)}---\n\n## What you see\n`,
    id,
  )
}

const knowledge = new Knowledge([
  article('http-500', ['500']),
  article('http-502', ['502', '502 Bad Gateway', '0x80244021'], ['upstream_unspecified']),
  article('http-520', ['520', '521']),
  article('cloudflare-1001', ['1001', 'Cloudflare 1001']),
  article('apple-timed-out', ['NSURLErrorTimedOut', '1001']),
  article('connect-refused', ['ECONNREFUSED', 'ERR_CONNECTION_REFUSED'], ['connection_refused']),
])
const ids = (text: string) => knowledge.byCode(text).map(({ id }) => id)

describe('Knowledge.byCode()', () => {
  test.each([
    ['502', ['http-502']],
    [' HTTP/1.1 502 Bad Gateway ', ['http-502']],
    ['-2145107935', ['http-502']],
    ['521', ['http-520']],
    ['cloudflare error 1001', ['cloudflare-1001']],
    ['net::ERR_CONNECTION_REFUSED', ['connect-refused']],
    ['connect-refused', ['connect-refused']],
    ['connect_refused', ['connect-refused']],
    ['connection_refused', ['connect-refused']],
    ['upstream-unspecified', ['http-502']],
    ['nothing', []],
    ['', []],
  ])('finds %j', (text, expected) => {
    expect(ids(text)).toEqual(expected)
  })

  test('gives every meaning of an ambiguous number, that of its main code first', () => {
    expect(ids('1001')).toEqual(['cloudflare-1001', 'apple-timed-out'])
    expect([...knowledge.sharedCodes().keys()]).toEqual(['1001'])
  })
})

describe('Knowledge.nearest()', () => {
  test.each([
    ['ECONREFUSED', ['ECONNREFUSED']],
    ['ECONNERFUSED', ['ECONNREFUSED']],
    ['ERR_CONECTION_REFUSED', ['ERR_CONNECTION_REFUSED']],
    ['599', ['500']],
    ['1002', []],
    ['0x80244029', []],
    ['xyz', []],
  ])('suggests for %s', (text, expected) => {
    expect(knowledge.nearest(text)).toEqual(expected)
  })
})

test('Knowledge.byStatus() finds a status that shares an article', () => {
  expect(knowledge.byStatus(521)?.id).toBe('http-520')
  expect(knowledge.byStatus(418)).toBeNull()
})

test('articlesIndex() names every article once, with bars escaped', () => {
  const index = articlesIndex(knowledge)
  for (const { id } of knowledge.articles) expect(index.split(`${id}.md)`).length, id).toBe(2)
  expect(index).toContain('Title \\| of http-502')
})

test.each([
  ['56', ['reset']],
  ['1001', ['apple-timed-out']],
  ['404', []],
  ['curl 56', []],
  ['9', []],
])('Knowledge.byBareNumber() of %s', (text, expected) => {
  const numbers = new Knowledge([
    article('reset', ['curl: (56)']),
    article('apple-timed-out', ['-1001', 'errno 404']),
  ])
  expect(numbers.byBareNumber(text).map(({ id }) => id)).toEqual(expected)
})
