// Runs `whydown explain`: a code, a text, a file or standard input in, the article out, no network. Loaded only when it
// runs.
import { statSync } from 'node:fs'
import { explain, loadKnowledge } from '../engine/explain.ts'
import { MAX_INPUT_BYTES } from '../knowledge/input-text.ts'
import type { Knowledge } from '../knowledge/knowledge.ts'
import { WhydownError } from '../model/error.ts'
import type { Cause } from '../model/diagnosis.ts'
import type { Explanation } from '../model/explanation.ts'
import type { ReportOptions } from '../report/format.ts'
import { readInput } from './input-files.ts'
import { type OutputFlags, reportOptions } from './output.ts'
import { mistake, quoted } from './values.ts'
import { packageVersion } from './version.ts'

export interface ExplainFlags extends OutputFlags {
  file?: string
  list?: true
  pager?: boolean
}

const FORMATS = ['text', 'json', 'markdown', 'html'] as const
type Format = (typeof FORMATS)[number]

/** Causes put into words. */
const MOST_CAUSES = 3

const EXIT_EXPLAINED = 0
const EXIT_NOT_KNOWN = 1

/** What files are called that hold an error; a word that ends so is a file's name, and nothing else. */
const FILE_NAME = /^[^\s<>]+\.(?:err|har|htm|html|http|json|log|mht|out|txt|xml)$/i
const PATH = /^(?:\.{0,2}[/\\]|[A-Za-z]:\\)[^\s<>]+$/

/** Explains and prints; 0 when there is an article, 1 when nothing is known. */
export async function runExplainCommand(words: readonly string[], flags: ExplainFlags): Promise<number> {
  const format = formatOf(flags)
  const report = reportOptions(flags, packageVersion())
  if (flags.list) {
    if (words.length > 0 || flags.file !== undefined)
      throw mistake('--list takes no text; leave one of them out')
    await show(await listing(format, report), flags)
    return EXIT_EXPLAINED
  }
  const knowledge = loadKnowledge()
  const explanation = await explain(inputOf(words, flags, knowledge), knowledge)
  await show(await answer(explanation, knowledge, format, report), flags)
  return explanation.best ? EXIT_EXPLAINED : EXIT_NOT_KNOWN
}

function formatOf(flags: ExplainFlags): Format {
  if (flags.json && flags.format !== undefined && flags.format !== 'json') {
    throw mistake(`--json and --format ${quoted(flags.format)} contradict each other; give one of them`)
  }
  const name = flags.json ? 'json' : (flags.format ?? 'text')
  const format = FORMATS.find((known) => known === name)
  if (!format) throw mistake(`--format ${quoted(name)} is not known here; use one of ${FORMATS.join(', ')}`)
  return format
}

function inputOf(words: readonly string[], flags: ExplainFlags, knowledge: Knowledge): string | Uint8Array {
  if (flags.file !== undefined) {
    if (words.length > 0) throw mistake('--file and a text contradict each other; give one of them')
    return notEmpty(readInput('--file', flags.file, MAX_INPUT_BYTES))
  }
  const [only = '', ...more] = words
  if (words.length === 0) {
    if (process.stdin.isTTY) {
      throw mistake(
        'explain needs something to explain; give a code or a text, --file FILE, or pipe a page or response into it; see whydown explain --help',
      )
    }
    return notEmpty(readInput('Input', '-', MAX_INPUT_BYTES))
  }
  if (more.length === 0) {
    if (only === '-') return notEmpty(readInput('Input', '-', MAX_INPUT_BYTES))
    if (isFile(only, knowledge)) return notEmpty(readInput('FILE', only, MAX_INPUT_BYTES))
  }
  const text = words.join(' ')
  if (text.trim() === '') throw mistake('the text to explain is empty; give a code or the words of the error')
  return text
}

function notEmpty(bytes: Uint8Array): Uint8Array {
  if (bytes.length > 0) return bytes
  throw new WhydownError('unreadable', 'The input is empty', {
    hint: 'Give a code, a message, a page or a response',
  })
}

/** A path or the name of a file, unless a code is written like one. */
function isFile(word: string, knowledge: Knowledge): boolean {
  if (/^https?:/i.test(word) || knowledge.byCode(word).length > 0) return false
  if (FILE_NAME.test(word) || PATH.test(word)) return true
  return (
    word.length < 1_000 &&
    !word.includes('\0') &&
    (statSync(word, { throwIfNoEntry: false })?.isFile() ?? false)
  )
}

async function answer(
  explanation: Explanation,
  knowledge: Knowledge,
  format: Format,
  report: ReportOptions,
): Promise<string> {
  if (format === 'json') return json(explanation)
  const article = explanation.best && knowledge.byId(explanation.best.article)
  if (article && !explanation.ambiguous && format !== 'text') {
    const { articleHtml, articleMarkdown } = await import('../knowledge/render.ts')
    return format === 'html' ? articleHtml(article) : articleMarkdown(article)
  }
  const { explanationText } = await import('./explain-text.ts')
  const words = explanation.best?.cause ? await import('../diagnose/words/causes.ts') : null
  const causeWords = (causes: readonly Cause[]) =>
    words?.causesInWords(causes, MOST_CAUSES) ?? causes.join(', ')
  return explanationText(
    explanation,
    knowledge,
    causeWords,
    format === 'text' ? report : { ...report, color: false },
  )
}

async function listing(format: Format, report: ReportOptions): Promise<string> {
  const knowledge = loadKnowledge()
  if (format === 'json') {
    const articles = knowledge.articles.map((article) => ({ ...article, body: undefined }))
    return json({ schema: 1, articles })
  }
  if (format === 'html')
    throw mistake('--list and --format html contradict each other; use text, markdown or json')
  if (format === 'markdown') {
    const { articlesIndex } = await import('../knowledge/articles-index.ts')
    return articlesIndex(knowledge)
  }
  const { listText } = await import('./explain-text.ts')
  return listText(knowledge, report)
}

async function json(value: unknown): Promise<string> {
  const { jsonText } = await import('../report/json-text.ts')
  return `${jsonText(value, 2)}\n`
}

/** Prints, by way of the reader's pager when it is for a terminal and does not fit. */
async function show(text: string, flags: ExplainFlags): Promise<void> {
  const { stdout } = process
  const rows = stdout.isTTY ? (stdout.rows ?? 0) : 0
  if (rows > 0 && flags.pager !== false && !flags.json && linesOf(text) >= rows) {
    const { page } = await import('./pager.ts')
    if (await page(text)) return
  }
  stdout.write(text)
}

function linesOf(text: string): number {
  let lines = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++
  return lines
}
