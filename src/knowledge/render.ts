// An article as Markdown or as HTML, for files, tickets and web pages. Everything of the text is escaped: an article
// holds no markup of its own, and nothing pasted can become any.
import type { Article } from './article.ts'
import { type Block, blocksOf, type ListItem, runsOf } from './blocks.ts'

/** The article as a Markdown document: its title, its summary, its sections, its sources. */
export function articleMarkdown(article: Article): string {
  return `# ${article.title}\n\n${article.summary}\n\n${article.body}\n${sourcesMarkdown(article)}`
}

function sourcesMarkdown({ sources }: Article): string {
  if (sources.length === 0) return ''
  return `\nSources: ${sources.join('; ')}.\n`
}

/** The article as an HTML fragment, headings from `<h1>` on. `linkTo` gives the address of another article. */
export function articleHtml(article: Article, linkTo?: (id: string) => string): string {
  const parts = [`<h1>${escape(article.title)}</h1>`, `<p class="summary">${inline(article.summary)}</p>`]
  for (const block of blocksOf(article.body)) parts.push(blockHtml(block))
  if (article.related.length > 0) {
    const links = article.related.map((id) =>
      linkTo ? `<a href="${escape(linkTo(id))}">${escape(id)}</a>` : escape(id),
    )
    parts.push(`<p class="related">See also: ${links.join(', ')}</p>`)
  }
  if (article.sources.length > 0)
    parts.push(`<p class="sources">Sources: ${article.sources.map(escape).join('; ')}</p>`)
  return `${parts.join('\n')}\n`
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'heading': {
      const level = Math.min(6, block.level)
      return `<h${level}>${inline(block.text)}</h${level}>`
    }
    case 'paragraph':
      return `<p>${inline(block.text)}</p>`
    case 'code':
      return `<pre><code>${escape(block.lines.join('\n'))}\n</code></pre>`
    case 'list':
      return listHtml(block.items)
    case 'table': {
      const head = block.head.map((cell) => `<th>${inline(cell)}</th>`).join('')
      const rows = block.rows.map(
        (row) => `<tr>${row.map((cell) => `<td>${inline(cell)}</td>`).join('')}</tr>`,
      )
      return `<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${rows.join('\n')}\n</tbody>\n</table>`
    }
    default:
      return block satisfies never
  }
}

/** Nested lists, the levels told apart by their indent. */
function listHtml(items: readonly ListItem[]): string {
  const open: { indent: number; tag: string }[] = []
  let html = ''
  for (const { indent, mark, text } of items) {
    while (open.length > 1 && indent < (open.at(-1)?.indent ?? 0)) html += `</li></${open.pop()?.tag}>`
    const level = open.at(-1)
    if (!level || indent > level.indent) {
      const tag = /\d/.test(mark) ? 'ol' : 'ul'
      open.push({ indent, tag })
      html += `<${tag}>\n<li>`
    } else html += '</li>\n<li>'
    html += inline(text)
  }
  while (open.length > 0) html += `</li>\n</${open.pop()?.tag}>`
  return html
}

function inline(text: string): string {
  return runsOf(text)
    .map(({ kind, text: inner }) => {
      if (kind === 'code') return `<code>${escape(inner)}</code>`
      if (kind === 'strong') return `<strong>${inline(inner)}</strong>`
      if (kind === 'emphasis') return `<em>${inline(inner)}</em>`
      return escape(inner)
    })
    .join('')
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
