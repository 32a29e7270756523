// The report for a provider's ticket: one file, no script, nothing loaded from anywhere, readable by somebody who has
// never heard of whydown. What peers sent is text and nothing else.
import type { CheckResult, Exchange } from '../../model/result.ts'
import { chainOf } from '../chain.ts'
import { chainPicture } from '../chain-picture.ts'
import { diagnosisShown } from '../diagnosis-shown.ts'
import { decisiveExchange, endpoint } from '../evidence-reader.ts'
import { evidenceOf } from '../evidence-shown.ts'
import { count, duration } from '../figures.ts'
import type { ReportFormat, ReportOptions } from '../format.ts'
import {
  blockMarkup,
  bytesOfExchange,
  chainList,
  cyclesMarkup,
  diagnosisMarkup,
  looksMarkup,
  observationsMarkup,
} from '../html-sections.ts'
import { html, type Markup } from '../html-markup.ts'
import { STYLE } from '../html-style.ts'
import { redactResult } from '../redact.ts'
import { resultSentence } from '../sentences.ts'

/** Nothing may run, load or be sent, even if a hole were found in the escaping. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

const MAX_NOTES = 30

const OUTCOME_WORDS: Record<CheckResult['outcome'], string> = {
  up: 'It works.',
  degraded: 'It works, but something needs attention.',
  down: 'A visitor cannot use it.',
  unknown: 'Nothing is known about the site, because the trouble is on the side of the check.',
}

/** RFC 3339 in UTC as people write it. */
function utc(text: string): string {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d(?:\.\d{1,3})?)\d*Z$/.exec(text)
  return match ? `${match[1]} ${match[2]} UTC` : text
}

function endOf(result: CheckResult): string {
  const started = Date.parse(result.startedAt)
  return Number.isNaN(started) ? '' : utc(new Date(started + result.durationMs).toISOString())
}

function facts(result: CheckResult, exchange: Exchange | null): Markup {
  const { failure } = result
  const rows: [string, string][] = [
    ['URL', result.url],
    ['Checked at', utc(result.startedAt)],
    ['Ended at', `${endOf(result)} (after ${duration(result.durationMs)})`],
  ]
  if (exchange?.address) rows.push(['Address', endpoint(exchange.address)])
  if (exchange?.proxy != null) rows.push(['Proxy on our side', exchange.proxy])
  rows.push(['Seen', resultSentence(result)])
  if (failure) {
    const number = failure.number === null ? '' : `, number ${failure.number}`
    rows.push(
      ['Failed in', `phase ${failure.phase}: ${failure.code}${number}`],
      ['Cause as given', failure.raw],
    )
  }
  if (result.diagnosis) {
    for (const item of diagnosisShown(result.diagnosis).references.items) rows.push(['To quote', item])
  }
  return html`<dl>${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`
}

function title(result: CheckResult): string {
  return `${result.outcome.toUpperCase()}: ${result.url}`
}

function notesMarkup(result: CheckResult): Markup | null {
  const notes = [...new Set(result.observations.flatMap((observation) => observation.notes ?? []))]
  if (notes.length === 0) return null
  const more = notes.length > MAX_NOTES ? html`<li>and ${notes.length - MAX_NOTES} more</li>` : null
  return html`<h2>Noted on the way</h2><ul>${notes.slice(0, MAX_NOTES).map((note) => html`<li>${note}</li>`)}${more}</ul>`
}

function page(result: CheckResult, options: ReportOptions): Markup {
  const { diagnosis, outcome } = result
  const exchange = decisiveExchange(result)
  const links = chainOf(result)
  const blocks = result.failure || diagnosis ? evidenceOf(result) : []
  const masked =
    options.redact === false
      ? 'Cookies, tokens and passwords that were received are in this report as they came.'
      : 'Cookies, tokens and passwords that could be recognised are masked with as many asterisks as they had characters.'
  return html`<header class="${outcome}"><p><span class="word">${outcome.toUpperCase()}</span> <span class="soft">${OUTCOME_WORDS[outcome]}</span></p>
<h1>${diagnosis?.headline ?? resultSentence(result)}</h1>
<p class="mono">${result.url}</p></header>
${facts(result, exchange)}
<h2>The way from the visitor to the site</h2>
${chainPicture(links)}
${chainList(links)}
${diagnosis ? diagnosisMarkup(diagnosis) : null}
<h2>The cycle of the request, step by step</h2>
<p class="soft">Every step of the check with the time it took, on the clock of the machine that checked. The bars share one scale of ${duration(Math.max(result.durationMs, 0))}.</p>
${cyclesMarkup(result)}
${looksMarkup(result)}
${blocks.length > 0 ? html`<h2>The bytes that decide</h2>${blocks.map((block) => blockMarkup(block))}` : null}
${notesMarkup(result)}
<h2>All that was sent and received</h2>
${result.exchanges.map((each, index) => bytesOfExchange(each, index, result.exchanges.length))}
${observationsMarkup(result)}
<footer><p>Made by whydown ${options.version}, which asks a site as a visitor would, writes down every step, and says which part of the chain failed. ${masked}</p>
<p>${count(result.exchanges.length, 'request')} of the check itself, ${count(result.observations.length, 'observation')} in all; schema ${result.schema}. All times are UTC.</p></footer>`
}

/** A whole document around a body: the same policy and style for every HTML report. */
export function htmlDocument(heading: string, body: Markup): string {
  return `<!doctype html>\n${
    html`<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer"><meta name="robots" content="noindex"><title>${heading}</title>`
      .text
  }<style>${STYLE}</style></head><body><main>\n${body.text}\n</main></body></html>\n`
}

export default {
  id: 'html',
  name: 'HTML for a ticket',
  mediaType: 'text/html; charset=utf-8',
  extension: 'html',
  render(given, options) {
    const result = options.redact === false ? given : redactResult(given)
    return htmlDocument(title(result), page(result, options))
  },
} satisfies ReportFormat
