// The report on one raw response, without a check around it: what it is, who made it, what it says about the chain.
import type { Diagnosis } from '../model/diagnosis.ts'
import type { ResponseFacts } from '../model/result.ts'
import { hopParts } from './chain.ts'
import { byteCount, count } from './figures.ts'
import type { ReportOptions } from './format.ts'
import { type Colour, paint } from './paint.ts'
import { wrap } from './safe-text.ts'
import { drawChain } from './text-chain.ts'
import { drawDiagnosis } from './text-diagnosis.ts'
import { clean, newPage, type Page, pageText, paragraph } from './text-page.ts'

const WORDS: Record<'down' | 'degraded' | 'remark' | 'unknown', [word: string, colour: Colour]> = {
  down: ['DOWN', 'red'],
  degraded: ['DEGRADED', 'yellow'],
  unknown: ['UNKNOWN', 'yellow'],
  remark: ['REMARK', 'yellow'],
}

/** The report as text, ending with a line break. Null `response`: the bytes are none. */
export function responseReport(
  response: ResponseFacts | null,
  diagnosis: Diagnosis | null,
  options: ReportOptions,
): string {
  const page = newPage(options)
  const [word, colour]: [string, Colour] = diagnosis ? WORDS[diagnosis.effect ?? 'down'] : ['OK', 'green']
  const says = diagnosis?.headline ?? 'Nothing is wrong with this response, as far as its bytes tell.'
  verdict(page, word, colour, says)
  paragraph(page, responseWords(response), word.length + 2, 'dim')
  if (!diagnosis) return pageText(page)
  drawChain(page, hopParts(diagnosis))
  drawDiagnosis(page, diagnosis)
  return pageText(page)
}

function verdict(page: Page, word: string, colour: Colour, says: string): void {
  const indent = ' '.repeat(word.length + 2)
  wrap(clean(page, says), page.width - indent.length).forEach((part, index) => {
    const lead = index === 0 ? `${paint(word, page.options, 'bold', colour)}  ` : indent
    page.lines.push(lead + paint(part, page.options, 'bold'))
  })
}

/** `HTTP/1.1 502 Bad Gateway, 4 fields, 157 bytes of content`. */
function responseWords(response: ResponseFacts | null): string {
  if (!response) return 'these bytes are no HTTP response'
  const line = `HTTP/${response.version} ${response.status} ${response.reason}`.trim()
  return `${line}, ${count(response.fields.length, 'field')}, ${byteCount(response.bodyBytes)} of content`
}
