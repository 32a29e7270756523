// Explains a code, a message, a page or a response: loads the articles, asks the fingerprints when there is a page, and
// puts both together. What the command line and later the service call.
import { readdirSync, readFileSync } from 'node:fs'
import type { Article } from '../knowledge/article.ts'
import { kindOfInput, responseOfTrace } from '../knowledge/input-kind.ts'
import { MAX_INPUT_BYTES, textOfInput, tooLong } from '../knowledge/input-text.ts'
import { Knowledge } from '../knowledge/knowledge.ts'
import { pageText } from '../knowledge/page-text.ts'
import { parseArticle } from '../knowledge/parse-article.ts'
import { withoutUntrueFraming } from '../knowledge/pasted-response.ts'
import { CLEAR_LEAD, type Recognised, recognise, SURE } from '../knowledge/recognise.ts'
import { type Diagnosis, isCause } from '../model/diagnosis.ts'
import type { Candidate, Explanation, InputKind } from '../model/explanation.ts'

/** Where the articles may lie: beside the sources in development, beside the bundle when published. */
const PLACES = ['../knowledge/articles/', './articles/', '../articles/']

/** Of the input, repeated in the explanation. */
const MAX_ECHO = 4_000
const MOST_OTHERS = 6
/** How much the status of a response says against what its page says. */
const STATUS_SCORE = 4
/** How much more a product's own code says than the status it comes with. */
const PRODUCT_CODE_SCORE = 2
/** How much a cause says that a fingerprint read. */
const CAUSE_SCORE = 1.5

let loaded: Knowledge | null = null

/** All articles, read once per process. Throws when this package has none: it is damaged. */
export function loadKnowledge(): Knowledge {
  loaded ??= new Knowledge(readArticles())
  return loaded
}

function readArticles(): Article[] {
  for (const place of PLACES) {
    const folder = new URL(place, import.meta.url)
    let names: string[]
    try {
      names = readdirSync(folder)
    } catch {
      continue
    }
    return names
      .filter((name) => name.endsWith('.md'))
      .map((name) => parseArticle(readFileSync(new URL(name, folder), 'utf8'), name.slice(0, -3)))
  }
  throw new Error('The articles are missing from this installation.')
}

/**
 * Explains an input, text or bytes as they were saved. Never sends anything. Throws `WhydownError` for what is no text
 * or longer than 4 MiB; an input that nothing is known about has `best: null`.
 */
export async function explain(
  input: string | Uint8Array,
  knowledge: Knowledge = loadKnowledge(),
): Promise<Explanation> {
  if (typeof input === 'string' && input.length > MAX_INPUT_BYTES) throw tooLong()
  const text = typeof input === 'string' ? input : textOfInput(input)
  const kind = kindOfInput(text, (code) => knowledge.byCode(code).length > 0)
  const found = await explainKind(kind, text, input, knowledge)
  const [best = null, ...others] = found.candidates
  return {
    schema: 1,
    input: { kind, text: text.slice(0, MAX_ECHO), truncated: text.length > MAX_ECHO },
    best,
    others: others.slice(0, found.ambiguous ? undefined : MOST_OTHERS),
    ambiguous: found.ambiguous,
    nearest: best === null && kind === 'code' ? knowledge.nearest(text) : [],
  }
}

interface Found {
  candidates: Candidate[]
  ambiguous: boolean
}

async function explainKind(
  kind: InputKind,
  text: string,
  input: string | Uint8Array,
  knowledge: Knowledge,
): Promise<Found> {
  switch (kind) {
    case 'code':
      return explainCode(text, knowledge)
    case 'message':
      return { candidates: fromWords(recognise(text, knowledge)), ambiguous: false }
    case 'page':
      return { candidates: await explainPage(text, knowledge), ambiguous: false }
    case 'response':
      return { candidates: await explainResponse(text, input, knowledge), ambiguous: false }
    default:
      return kind satisfies never
  }
}

function explainCode(text: string, knowledge: Knowledge): Found {
  const exact = knowledge.byCode(text)
  const meanings = [...new Set([...exact, ...knowledge.byBareNumber(text)])]
  if (meanings.length > 0) {
    const ambiguous = meanings.length > 1 || exact.length === 0
    return {
      candidates: meanings.map((article) =>
        candidate(article, ambiguous ? 'possible' : 'certain', [text.trim()]),
      ),
      ambiguous,
    }
  }
  return { candidates: fromWords(recognise(text, knowledge)), ambiguous: false }
}

function candidate(article: Article, confidence: Candidate['confidence'], because: string[]): Candidate {
  const { id, title, summary, codes } = article
  return {
    article: id,
    title,
    summary,
    codes: [...codes],
    generator: null,
    cause: null,
    causes: [],
    confidence,
    because,
  }
}

function fromWords(found: readonly Recognised[]): Candidate[] {
  const [first, second] = found
  return found.map(({ article, score, because }, at) => {
    const clear = at === 0 && first !== undefined && first.score - (second?.score ?? 0) >= CLEAR_LEAD
    return candidate(article, clear && score >= SURE ? 'certain' : clear ? 'likely' : 'possible', because)
  })
}

/** A page without its fields: its status is read from its words, so that the fingerprints can be asked. */
async function explainPage(page: string, knowledge: Knowledge): Promise<Candidate[]> {
  const text = pageText(page)
  const found = recognise(withTitle(text, page), knowledge)
  const status = statusInWords(text, knowledge) ?? statusOfArticle(found[0]?.article)
  // Without any words that are known, a status would have to be guessed.
  if (status === null && found.length === 0) return []
  const { diagnosis } = await judge(asResponse(page, status ?? 502))
  // Under a status that was guessed, the page still says who made it, but not why.
  const told = diagnosis && status === null ? { ...diagnosis, causes: [] } : diagnosis
  return withDiagnosis(found, told, status, knowledge)
}

/** The text with the page's title marked as one, as articles quote it: `<title>Just a moment...</title>`. */
function withTitle(text: string, page: string): string {
  const title = /<title[^>]{0,80}>([^<]{1,200})/i.exec(page.slice(0, 16_384))?.[1]
  return title === undefined ? text : `${text}\n<title>${title}</title>`
}

async function explainResponse(
  text: string,
  input: string | Uint8Array,
  knowledge: Knowledge,
): Promise<Candidate[]> {
  const traced = responseOfTrace(text)
  const own = traced ?? text.trimStart()
  // One character per byte, as the judgement reads it.
  const whole = traced === null && typeof input !== 'string' ? input : Buffer.from(own, 'utf8')
  const latin = Buffer.from(whole.buffer, whole.byteOffset, whole.byteLength).toString('latin1')
  const { response, diagnosis } = await judge(Buffer.from(withoutUntrueFraming(latin), 'latin1'))
  const status = response?.status ?? null
  // What the client itself says of it ("curl: (18) ...") stands around the response.
  const around = traced === null ? [] : recognise(text, knowledge)
  if (!diagnosis && (status === null || status < 400)) return fromWords(around)
  const head = own.search(/\r?\n\r?\n/)
  const body = head < 0 ? '' : own.slice(head)
  const fields = own.slice(own.indexOf('\n') + 1, head < 0 ? own.length : head)
  const found =
    traced === null ? recognise(withTitle(`${pageText(body)}\n${fields}`, body), knowledge) : around
  return withDiagnosis(found, diagnosis, status !== null && status >= 300 ? status : null, knowledge)
}

async function judge(bytes: Uint8Array) {
  const { diagnoseResponse } = await import('./diagnose.ts')
  return diagnoseResponse(bytes)
}

function asResponse(page: string, status: number): Buffer {
  return Buffer.from(`HTTP/1.1 ${status} \r\nContent-Type: text/html\r\n\r\n${page}`, 'utf8')
}

/** `502`, `502 - ...`, `502: ...`, `502 error` as a line of its own. */
const STATUS_LINE = /^\W{0,8}([45]\d\d)\s*(?:$|[-:|(.!,\u2013\u2014]|error\b)/i
/** `HTTP Error 502`, `status: 502`, `code 502`. */
const STATUS_NAMED = /\b(?:error|errors|http|status|code|fehler|erreur)\b\W{0,4}([45]\d\d)(?![\w.,]*\d)/i
/** A number with a word behind it, which must be the status' own: `502 Bad ...`. */
const STATUS_AND_WORD = /(?:^|[\s(])([45]\d\d)[\s-]{1,3}([A-Za-z']{2,20})/

/** The status a page names first, in its title or heading: as a number, or by its reason phrase alone. */
function statusInWords(text: string, knowledge: Knowledge): number | null {
  for (const line of text.slice(0, 300).split('\n')) {
    const named = STATUS_LINE.exec(line) ?? STATUS_NAMED.exec(line)
    if (named) return Number(named[1])
    const [, number = '', word = ''] = STATUS_AND_WORD.exec(line) ?? []
    const title = number === '' ? undefined : knowledge.byStatus(Number(number))?.title
    if (title?.toLowerCase().split(/\W+/).includes(word.toLowerCase())) return Number(number)
    const status = statusOfArticle(knowledge.byReason(line) ?? undefined)
    if (status !== null) return status
  }
  return null
}

function statusOfArticle(article: Article | undefined): number | null {
  const named = /^http-([45]\d\d)$/.exec(article?.id ?? '')
  return named ? Number(named[1]) : null
}

/** Words, status and fingerprints together: each speaks for articles, the sum decides. */
function withDiagnosis(
  found: readonly Recognised[],
  diagnosis: Diagnosis | null,
  status: number | null,
  knowledge: Knowledge,
): Candidate[] {
  const scores = new Map<Article, Recognised>(found.map((one) => [one.article, { ...one }]))
  const add = (article: Article | null, score: number, because: string) => {
    if (!article) return
    const known = scores.get(article)
    if (!known) scores.set(article, { article, score, because: [because], byCode: false })
    else {
      known.score = Math.max(known.score, score) + Math.min(known.score, score) * 0.35
      known.because = [...known.because, because]
    }
  }
  if (status !== null) add(knowledge.byStatus(status), STATUS_SCORE, `status ${status}`)
  if (diagnosis) {
    for (const [place, cause] of diagnosis.causes.slice(0, 3).entries()) {
      const sure = diagnosis.causes.length === 1 ? 2 : 1
      add(knowledge.byCause(cause)[0] ?? null, (CAUSE_SCORE * sure) / (place + 1), `cause ${cause}`)
    }
  }
  const stated = status === null ? null : knowledge.byStatus(status)
  const statedScore = stated ? (scores.get(stated)?.score ?? 0) : 0
  for (const one of scores.values()) {
    if (!stated || one.article === stated) continue
    // Whatever else such a page names happened behind the gateway: the status is what the visitor got. Only a code of
    // the product's own says more than the status.
    if (!saysMore(one, status)) one.score = Math.min(one.score, statedScore - CLEAR_LEAD)
    else if (!one.article.id.startsWith('http-')) one.score += PRODUCT_CODE_SCORE
  }
  const ranked = [...scores.values()].sort(
    (a, b) => b.score - a.score || (a.article.id < b.article.id ? -1 : 1),
  )
  return fromWords(ranked).map((one, at) => ({
    ...one,
    generator: at === 0 ? (diagnosis?.generator ?? null) : null,
    ...causesOf(one, diagnosis, at === 0),
  }))
}

/** A code of the product's own, or a status with more to it, such as "400 Request Header Or Cookie Too Large". */
function saysMore({ article, byCode, because }: Recognised, status: number | null): boolean {
  if (!byCode || article.phase !== 'status') return false
  return !article.id.startsWith('http-') || because.some((why) => why.includes(String(status)))
}

/** The first article gets all that the page allows, a further one its own cause. */
function causesOf(
  one: Candidate,
  diagnosis: Diagnosis | null,
  isBest: boolean,
): Pick<Candidate, 'cause' | 'causes'> {
  if (!diagnosis) return { cause: null, causes: [] }
  if (isBest) return { cause: diagnosis.causes[0] ?? null, causes: diagnosis.causes }
  for (const why of one.because) {
    const cause = why.startsWith('cause ') ? why.slice(6) : ''
    if (isCause(cause) && diagnosis.causes.includes(cause)) return { cause, causes: [cause] }
  }
  return { cause: null, causes: [] }
}
