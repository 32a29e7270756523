// The index of all articles as Markdown: what leads where. Knows no place where it is written.
import type { Article } from './article.ts'
import type { Knowledge } from './knowledge.ts'

/** Where articles lie as seen from the index. */
const FOLDER = '../src/knowledge/articles/'

/** Groups of the index, by where an error comes from; an article stands in the first that takes it. */
const GROUPS: readonly { title: string; takes: (article: Article) => boolean }[] = [
  { title: 'HTTP statuses', takes: ({ id }) => /^http-\d{3}$/.test(id) },
  { title: 'The address itself', takes: ({ phase }) => phase === 'url' },
  { title: 'Looking up the name', takes: ({ phase }) => phase === 'resolve' },
  { title: 'Connecting', takes: ({ phase }) => phase === 'connect' },
  { title: 'The secure socket', takes: ({ phase }) => phase === 'tls' },
  { title: 'Sending the request', takes: ({ phase }) => phase === 'send' },
  { title: 'Waiting for the answer', takes: ({ phase }) => phase === 'wait' },
  { title: 'Receiving the answer', takes: ({ phase }) => phase === 'receive' },
  { title: 'What gateways, platforms and servers say', takes: ({ phase }) => phase === 'status' },
  { title: 'What the answer holds', takes: () => true },
]

/** The whole document, ending with a line break. */
export function articlesIndex({ articles }: Knowledge): string {
  const left = new Set(articles)
  const lines = [
    '# Errors',
    '',
    'Generated from the articles by `node scripts/errors-index.ts`; do not edit.',
    'Every code and phrase below leads to its article: `whydown explain CODE`.',
    '',
    `${articles.length} articles, ${sum(articles, 'codes')} codes, ${sum(articles, 'phrases')} phrases.`,
  ]
  for (const { title, takes } of GROUPS) {
    const mine = [...left].filter(takes)
    if (mine.length === 0) continue
    lines.push('', `## ${title}`, '', '| Article | What it is | Codes |', '|---|---|---|')
    for (const article of mine) {
      left.delete(article)
      const codes = article.codes.map((code) => `\`${cell(code)}\``).join(', ')
      lines.push(
        `| [${cell(article.title)}](${FOLDER}${article.id}.md) | ${cell(article.summary)} | ${codes} |`,
      )
    }
  }
  return `${lines.join('\n')}\n`
}

function sum(articles: readonly Article[], key: 'codes' | 'phrases'): number {
  return articles.reduce((total, article) => total + article[key].length, 0)
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('`', "'")
}
