import { describe, expect, test } from 'vitest'
import { OUTLINE } from './article.ts'
import { articleProblems, parseArticle, sectionsOf } from './parse-article.ts'

const BODY = OUTLINE.map((name) => {
  if (name === 'In the cycle') return `## ${name}\n\n\`\`\`\nurl ─ [resolve] ─ connect\n\`\`\`\n\nThe name.`
  if (name === 'What to do now') return `## ${name}\n\n### Visitor\n\n- Wait.\n\n### Site operator\n\n- Act.`
  if (name === 'How to check') return `## ${name}\n\n- \`npx whydown URL\`: says it.`
  return `## ${name}\n\nText.`
}).join('\n\n')

function file(head: string, body = BODY): string {
  return `---\n${head}\n---\n\n${body}\n`
}

const HEAD = `id: dns-thing
title: A name "quoted" is missing: really
summary: The name leads nowhere.   # a remark
link: dns
phase: resolve
party: dns_operator
codes:
  - "ENOTFOUND"
  - plain # remark
  - 'it''s'
  - "say \\"hi\\""
phrases:
  - "no such host: here # not a remark"
causes:
related: []
sources:
  - RFC 1035, 4.1.1`

describe('parseArticle()', () => {
  test('reads plain, single and double quoted values, remarks left out', () => {
    const article = parseArticle(file(HEAD), 'dns-thing')
    expect(article.title).toBe('A name "quoted" is missing: really')
    expect(article.summary).toBe('The name leads nowhere.')
    expect(article.codes).toEqual(['ENOTFOUND', 'plain', "it's", 'say "hi"'])
    expect(article.phrases).toEqual(['no such host: here # not a remark'])
    expect(article).toMatchObject({
      link: 'dns',
      phase: 'resolve',
      party: 'dns_operator',
      causes: [],
      related: [],
    })
    expect(article.body.startsWith('## What you see')).toBe(true)
  })

  test('takes files with CRLF', () => {
    expect(parseArticle(file(HEAD).replaceAll('\n', '\r\n'), 'dns-thing').codes).toHaveLength(4)
  })

  test.each([
    ['no front matter', '# hello'],
    ['an open front matter', '---\nid: x\n'],
    ['nothing', ''],
    ['lists without a key', '---\n- a\n- b\n---\nbody'],
  ])('takes %s without throwing', (_, text) => {
    const article = parseArticle(text, 'x')
    expect(article).toMatchObject({ id: 'x', title: 'x', codes: [], link: null })
  })
})

describe('articleProblems()', () => {
  test('finds none in a good article', () => {
    expect(articleProblems(file(HEAD), 'dns-thing')).toEqual([])
  })

  test.each([
    ['another id', HEAD.replace('id: dns-thing', 'id: other'), BODY, /its id is other/],
    ['an unknown link', HEAD.replace('link: dns', 'link: moon'), BODY, /its link moon/],
    ['an unknown key', `${HEAD}\ncolour: red`, BODY, /unknown key colour/],
    ['a short phrase', HEAD.replace('no such host: here # not a remark', 'abc'), BODY, /shorter than 8/],
    ['a doubled code', HEAD.replace('- plain', '- "ENOTFOUND"'), BODY, /twice in codes/],
    ['no sources', HEAD.replace('  - RFC 1035, 4.1.1', ''), BODY, /no sources/],
    ['a missing section', HEAD, BODY.replace('## More\n\nText.', ''), /lacks More/],
    ['a foreign section', HEAD, `${BODY}\n\n## Again\n\nText.`, /has Again/],
    ['an empty section', HEAD, BODY.replace('## More\n\nText.', '## More\n'), /More is empty/],
    ['no drawing', HEAD, BODY.replace('[resolve]', 'resolve'), /no step in brackets/],
    ['no word to the visitor', HEAD, BODY.replace('### Visitor', '### Anybody'), /nothing to the visitor/],
    ['no command', HEAD, BODY.replace('`npx whydown URL`', 'whydown'), /no command/],
    ['a summary that is no sentence', HEAD.replace('leads nowhere.', 'leads nowhere'), BODY, /no sentence/],
  ])('names %s', (_, head, body, says) => {
    expect(articleProblems(file(head, body), 'dns-thing').join('\n')).toMatch(says)
  })
})

describe('sectionsOf()', () => {
  test('does not take a line of code for a heading', () => {
    const sections = sectionsOf('intro\n## One\n\n```\n## no heading\n```\n## Two\ntext')
    expect(sections.map(({ name }) => name)).toEqual(['One', 'Two'])
    expect(sections[0]?.text).toContain('## no heading')
  })
})
