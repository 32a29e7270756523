import { describe, expect, test } from 'vitest'
import { blocksOf, runsOf } from './blocks.ts'
import { parseArticle } from './parse-article.ts'
import { articleHtml, articleMarkdown } from './render.ts'

function article(body: string, title = 'A <b>title</b>') {
  return parseArticle(
    `---\ntitle: ${title}\nsummary: It \`is\`.\nrelated:\n  - other\nsources:\n  - A & B\n---\n${body}`,
    'a',
  )
}

describe('blocksOf()', () => {
  test('tells headings, paragraphs, lists, tables and code apart', () => {
    const blocks = blocksOf(
      '## Head\ntext\nmore\n\n- one\n  goes on\n  - two\n1. three\n\n```\n- code\n```\n| a | b |\n|---|---|\n| `x|y` | z\\|z |\nend',
    )
    expect(blocks).toEqual([
      { kind: 'heading', level: 2, text: 'Head' },
      { kind: 'paragraph', text: 'text more' },
      {
        kind: 'list',
        items: [
          { indent: 0, mark: '-', text: 'one goes on' },
          { indent: 2, mark: '-', text: 'two' },
          { indent: 0, mark: '1.', text: 'three' },
        ],
      },
      { kind: 'code', lines: ['- code'] },
      { kind: 'table', head: ['a', 'b'], rows: [['`x|y`', 'z|z']] },
      { kind: 'paragraph', text: 'end' },
    ])
  })

  test('ends code that is never closed at the end', () => {
    expect(blocksOf('```\nx')).toEqual([{ kind: 'code', lines: ['x'] }])
  })
})

describe('runsOf()', () => {
  test.each([
    ['a `b` **c** *d*', ['text:a ', 'code:b', 'text: ', 'strong:c', 'text: ', 'emphasis:d']],
    ['2 * 3 * 4', ['text:2 * 3 * 4']],
    ['open ` and ** and *', ['text:open ` and ** and *']],
    ['`**`', ['code:**']],
  ])('reads %j', (text, runs) => {
    expect(runsOf(text).map(({ kind, text: inner }) => `${kind}:${inner}`)).toEqual(runs)
  })

  test('stays linear on hostile text', () => {
    for (const text of ['*'.repeat(100_000), '`'.repeat(100_000), '**a'.repeat(30_000), '*a '.repeat(30_000)])
      expect(runsOf(text).length).toBeGreaterThan(0)
  })
})

describe('articleHtml()', () => {
  test('keeps markup in an article inert', () => {
    const html = articleHtml(
      article(
        '## S\n\n<script>alert(1)</script> `<img src=x>` **<b>**\n\n- <i onx="y">\n\n| <td> |\n|---|\n| </table> |\n\n```\n</pre>\n```',
      ),
    )
    expect(html).not.toMatch(/<script|<img|<i |<b>|<\/table> <|<\/pre>\n<\/pre>/)
    expect(html).toContain('&lt;script&gt;')
    expect(html).toContain('<h1>A &lt;b&gt;title&lt;/b&gt;</h1>')
    expect(html).toContain('A &amp; B')
  })

  test('nests lists and closes what it opens', () => {
    const html = articleHtml(article('- a\n  - b\n  - c\n- d\n'), (id) => `/explain/${id}`)
    for (const tag of ['ul', 'li', 'p', 'h1']) {
      expect(html.split(`<${tag}`).length, tag).toBe(html.split(`</${tag}>`).length)
    }
    expect(html).toContain('<a href="/explain/other">other</a>')
  })
})

test('articleMarkdown() is a document of its own', () => {
  expect(articleMarkdown(article('## S\n\ntext', 'T'))).toBe(
    '# T\n\nIt `is`.\n\n## S\n\ntext\n\nSources: A & B.\n',
  )
})
