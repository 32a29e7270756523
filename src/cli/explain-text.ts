// What `whydown explain` shows on a terminal around and in place of an article. Knows the words, finds nothing out.
import type { Article } from '../knowledge/article.ts'
import { blocksOf } from '../knowledge/blocks.ts'
import { codeKey } from '../knowledge/code-key.ts'
import type { Knowledge } from '../knowledge/knowledge.ts'
import { sectionsOf } from '../knowledge/parse-article.ts'
import { wordsOf } from '../knowledge/words.ts'
import type { Cause } from '../model/diagnosis.ts'
import type { Candidate, Explanation } from '../model/explanation.ts'
import type { ReportOptions } from '../report/format.ts'
import { paint } from '../report/paint.ts'
import { columns, padEnd, safeText, wrap } from '../report/safe-text.ts'
import { articleText } from './article-text.ts'

/** Of the input, repeated in a sentence. */
const MAX_SHOWN = 60

/** The whole answer; `causeWords` puts causes into words. */
export function explanationText(
  explanation: Explanation,
  knowledge: Knowledge,
  causeWords: (causes: readonly Cause[]) => string,
  options: ReportOptions,
): string {
  const { best, others, ambiguous, input } = explanation
  if (!best) return unknownText(explanation, options)
  if (ambiguous) return meaningsText(explanation, knowledge, options)
  const article = knowledge.byId(best.article)
  const parts: string[] = []
  if (input.kind !== 'code') parts.push(foundText(best, causeWords, options))
  if (article) parts.push(articleText(article, options))
  if (others.length > 0) parts.push(othersText(others, options))
  return parts.join('\n')
}

function foundText(
  best: Candidate,
  causeWords: (causes: readonly Cause[]) => string,
  options: ReportOptions,
): string {
  const sure = { certain: 'This is', likely: 'This is most likely', possible: 'This may be' }[best.confidence]
  const lines = sentence(`${sure}: ${best.title} (${best.article}).`, options)
  const { generator, causes } = best
  if (generator) {
    const version = generator.version ? ` ${generator.version}` : ''
    const made = generator.confidence === 'certain' ? 'The page was made by' : 'The page was probably made by'
    lines.push(...sentence(`${made} ${generator.name}${version}.`, options))
  }
  const about = causes.length > 1 ? 'Causes that it leaves possible' : 'What it says about the cause'
  if (causes.length > 0) lines.push(...sentence(`${about}: ${causeWords(causes)}.`, options))
  if (best.because.length > 0) {
    const words = best.because
      .slice(0, 3)
      .map((why) => `"${safeText(why, { max: MAX_SHOWN, ascii: options.ascii })}"`)
    lines.push(
      ...sentence(`Known by ${words.join(', ')}.`, options).map((line) => paint(line, options, 'dim')),
    )
  }
  return `${lines.join('\n')}\n`
}

function othersText(others: readonly Candidate[], options: ReportOptions): string {
  const lines = [paint('It could also be', options, 'bold')]
  for (const { article, title } of others)
    lines.push(...wrap(`  ${article}: ${safe(title, options)}`, options.width))
  return `${lines.join('\n')}\n`
}

/** One spelling, several meanings: each with where it is seen, which is what tells them apart. */
function meaningsText(
  { input, best, others }: Explanation,
  knowledge: Knowledge,
  options: ReportOptions,
): string {
  const code = safeText(input.text.trim(), { max: MAX_SHOWN, ascii: options.ascii })
  const says =
    others.length > 0
      ? `"${code}" means several things; where you saw it tells them apart.`
      : `"${code}" alone says little. From the program named below, it means this:`
  const lines = [...sentence(says, options), '']
  for (const { article: id, title, summary } of best ? [best, ...others] : others) {
    const article = knowledge.byId(id)
    lines.push(paint(safe(title, options), options, 'bold'))
    lines.push(...indented(safe(summary, options), options))
    const seen = article ? whereSeen(article, code) : null
    if (seen) lines.push(...indented(`Seen: ${safe(seen, options)}`, options))
    lines.push(...indented(`whydown explain ${id}`, options).map((line) => paint(line, options, 'cyan')), '')
  }
  return `${lines.join('\n').trimEnd()}\n`
}

/** The symptom that names this very code, else the first one; without marks. */
export function whereSeen(article: Article, code: string): string | null {
  const text = sectionsOf(article.body).find(({ name }) => name === 'What you see')?.text ?? ''
  const symptoms = blocksOf(text).flatMap((block) =>
    block.kind === 'list'
      ? block.items.map((item) => item.text)
      : block.kind === 'paragraph'
        ? [block.text]
        : [],
  )
  const key = ` ${codeKey(code)} `
  const named = symptoms.find((symptom) => ` ${wordsOf(symptom).words.join(' ')} `.includes(key))
  return (named ?? symptoms[0] ?? '').replaceAll('**', '').replaceAll('`', "'") || null
}

function unknownText({ input, nearest }: Explanation, options: ReportOptions): string {
  const shown = safeText(input.text.trim(), { max: MAX_SHOWN, ascii: options.ascii })
  const isUrl = /^https?:\/\/\S+$/i.test(input.text.trim())
  const what = {
    code: `Nothing is known about the code "${shown}".`,
    message: 'Nothing in this text is a known error.',
    page: 'Nothing on this page is a known error.',
    response: 'Nothing in this response is a known error.',
  }[input.kind]
  const lines = sentence(what, options)
  if (isUrl) lines.push(...sentence(`To find out what is wrong with a site: whydown check ${shown}`, options))
  else if (nearest.length > 0)
    lines.push(
      ...sentence(`Nearest known: ${nearest.map((code) => safe(code, options)).join(', ')}.`, options),
    )
  else if (input.kind === 'code')
    lines.push(...sentence('Give the whole message it came with, or see whydown explain --list.', options))
  return `${lines.join('\n')}\n`
}

/** All articles, one a line: id and title. */
export function listText(knowledge: Knowledge, options: ReportOptions): string {
  const { articles } = knowledge
  const width = Math.min(34, Math.max(0, ...articles.map(({ id }) => id.length)))
  const lines = articles.map(({ id, title }) => {
    const shown = safe(title, options)
    const room = Math.max(10, options.width - width - 2)
    const [first = '', ...rest] = wrap(shown, room)
    return [`${padEnd(id, width)}  ${first}`, ...rest.map((line) => ' '.repeat(width + 2) + line)].join('\n')
  })
  const codes = articles.reduce((sum, article) => sum + article.codes.length + article.phrases.length, 0)
  return `${lines.join('\n')}\n\n${articles.length} articles; ${codes} codes and phrases lead to them.\n`
}

function sentence(text: string, options: ReportOptions): string[] {
  return wrap(text, options.width)
}

function indented(text: string, options: ReportOptions): string[] {
  return wrap(text, options.width - columns('  ')).map((line) => `  ${line}`)
}

function safe(text: string, options: ReportOptions): string {
  return safeText(text, { ascii: options.ascii })
}
