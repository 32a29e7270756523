// The parts of the HTML report: chain, diagnosis, waterfall, looks, bytes, observations. Lays out what others chose.
import type { Diagnosis } from '../model/diagnosis.ts'
import type { Observation } from '../model/observation.ts'
import type { CheckResult, Exchange } from '../model/result.ts'
import type { ChainPart } from './chain.ts'
import { type CycleRow, cyclesOf, type ExchangeCycle } from './cycle.ts'
import { diagnosisShown, type ListShown, looksShown } from './diagnosis-shown.ts'
import type { EvidenceBlock } from './evidence-shown.ts'
import { byteCount, count, duration } from './figures.ts'
import { hexDump } from './hex-dump.ts'
import { anchorOf, html, lines, type Markup } from './html-markup.ts'
import { jsonText } from './json-text.ts'
import { lookTable } from './look-details.ts'
import { contentOf, receivedBytes, splitMessage } from './received.ts'
import { bytesToText, looksBinary } from './safe-text.ts'

/** Lines of one text and bytes of one hex dump. */
const MAX_LINES = 2_000
const MAX_HEX_BYTES = 16 * 1024
/** Rows of the table of observations, and how much of one's input and output is shown. */
const MAX_OBSERVATIONS = 500
const MAX_JSON = 600

const STATE_WORDS: Record<ChainPart['state'], string> = {
  ok: 'works',
  broken: 'broken here',
  attention: 'needs attention',
  unknown: 'cannot be told from here',
  unreached: 'not reached',
}

/** Links to observations; ids that are none of ours stay words. */
function idLinks(ids: readonly string[]): Markup | null {
  const known = ids.map(anchorOf).filter((id) => id !== null)
  if (known.length === 0) return null
  return html` <span class="ids">${known.slice(0, 8).map((id) => html` <a href="#${id}">${id}</a>`)}</span>`
}

/** Who stands at each link, and how that is known. */
export function chainList(links: readonly ChainPart[]): Markup {
  return html`<ul>${links.map((link) => {
    const says = [link.who, link.howWeKnow].filter((part) => part !== '').join(': ')
    const inferred = link.inferred ? ' (not seen itself, only concluded)' : ''
    return html`<li><strong>${link.name}</strong> <span class="${link.state}">${STATE_WORDS[link.state]}</span>${inferred}${says === '' ? null : html`<br><span class="soft">${says}</span>`}${idLinks(link.evidence)}</li>`
  })}</ul>`
}

function section(title: string, list: ListShown): Markup | null {
  if (list.items.length === 0) return null
  const more = list.more > 0 ? html`<li>and ${list.more} more</li>` : null
  const heading = title === '' ? null : html`<h3>${title}</h3>`
  return html`${heading}<ul>${list.items.map((item) => html`<li>${item}</li>`)}${more}</ul>`
}

/** Why we say so, what else is possible, what to do, whom to write to, what could not be told. */
export function diagnosisMarkup(diagnosis: Diagnosis): Markup {
  const shown = diagnosisShown(diagnosis)
  const reasons = shown.reasons.map(({ says, evidence }) => html`<li>${says}${idLinks(evidence)}</li>`)
  const { contact, contactMissing } = shown
  return html`<h2>Why we say so</h2><ul>${reasons}</ul><p class="soft">${shown.weight}.</p>
${section('One of these, likeliest first', shown.candidates)}
<h2>What to do</h2>
${section('For those who run it', shown.operator)}${section('For those who want to use it', shown.visitor)}
${shown.retry === '' ? null : html`<p>${shown.retry}</p>`}
${section('To quote', shown.references)}
${contact ? section('Whom to write to', contact) : null}${contactMissing.map((says) => html`<p class="soft">${says}</p>`)}`
}

/** One bar on the common scale; the least time still shows. */
function spanBar(row: CycleRow, totalMs: number): Markup | null {
  if (row.startMs === null || row.ms === null || !(totalMs > 0)) return null
  const from = Math.min(99, Math.max(0, (row.startMs / totalMs) * 100))
  const width = Math.min(100 - from, Math.max(0.8, (row.ms / totalMs) * 100))
  return html`<svg aria-hidden="true"><rect class="rail" x="0" y="7" width="100%" height="2"/><rect class="span ${row.state}" x="${from.toFixed(2)}%" y="2" width="${width.toFixed(2)}%" height="12"/></svg>`
}

const ROW_WORDS: Record<CycleRow['state'], string> = { ok: 'ok', attention: 'attention', failed: 'failed' }

function cycleMarkup(walked: ExchangeCycle, totalMs: number): Markup {
  const rows = walked.rows.map((row) => {
    const facts = row.facts.map((fact) => {
      const tone = fact.tone === 'plain' ? '' : fact.tone === 'bad' ? 'broken' : 'attention'
      return html`<li><span class="${tone}">${fact.text}</span></li>`
    })
    return html`<tr><td><strong>${row.phase}</strong> <span class="${row.state}">${ROW_WORDS[row.state]}</span></td><td class="time">${row.ms === null ? '' : duration(row.ms)}</td><td class="bar">${spanBar(row, totalMs)}</td><td>${facts.length > 0 ? html`<ul>${facts}</ul>` : null}</td></tr>`
  })
  const unreached =
    walked.unreached.length > 0
      ? html`<p class="unreached">Not reached: ${walked.unreached.join(', ')}</p>`
      : null
  return html`<h3 class="mono">${walked.method} ${walked.url}</h3><table class="stack"><thead><tr><th>step</th><th>time</th><th>when</th><th>seen</th></tr></thead><tbody>${rows}</tbody></table>${unreached}`
}

/** The cycles of all exchanges as waterfalls on one scale. */
export function cyclesMarkup(result: CheckResult): Markup {
  const cycles = cyclesOf(result)
  const ends = cycles.flatMap(({ rows }) => rows.map((row) => (row.startMs ?? 0) + (row.ms ?? 0)))
  // The looks after the check are no part of its cycle.
  const totalMs = Math.max(0, ...ends)
  return html`${cycles.map((walked) => cycleMarkup(walked, totalMs))}`
}

/** What each look of the drill found, with its requests. */
export function looksMarkup(result: CheckResult): Markup | null {
  const looks = looksShown(result)
  if (looks.length === 0) return null
  const rows = looks.map(({ step, done, summary, observations }) => {
    const table = lookTable(result.drill.find((known) => known.step === step)?.finding ?? null)
    const more = table
      ? html`<details><summary>In detail</summary><table><thead><tr>${table.head.map((name) => html`<th>${name}</th>`)}</tr></thead><tbody>${table.rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table></details>`
      : null
    return html`<tr><td class="name"><strong>${step}</strong></td><td${done ? null : html` class="soft"`}>${summary}${idLinks(observations)}${more}</td></tr>`
  })
  const undecided = result.diagnosis ? diagnosisShown(result.diagnosis).undecided : null
  const untold =
    undecided && undecided.items.length > 0
      ? html`<details><summary>What could not be told, and why</summary>${section('', undecided)}</details>`
      : null
  return html`<h2>What else was looked at</h2><table class="stack"><tbody>${rows}</tbody></table>${untold}`
}

function hexMarkup(bytes: Uint8Array, offset: number, mark: { from: number; length: number } | null): Markup {
  const shown = bytes.subarray(0, MAX_HEX_BYTES)
  const dump = hexDump(shown, offset, 16, mark)
  const all = dump.lines.flatMap((line, index) => {
    const under = dump.marks[index]
    return under == null ? [line] : [line, under]
  })
  if (bytes.length > shown.length) all.push(`(${byteCount(bytes.length - shown.length)} more)`)
  return html`<pre class="hex">${lines(all, all.length)}</pre>`
}

function textMarkup(text: string): Markup {
  return html`<pre>${lines(text.trimEnd().split(/\r\n|\n/), MAX_LINES)}</pre>`
}

/** One block of decisive evidence. */
export function blockMarkup(block: EvidenceBlock): Markup {
  const title = html`<h3>${block.title}</h3>`
  if (block.kind === 'bytes') return html`${title}${hexMarkup(block.bytes, block.offset, block.mark)}`
  if (block.kind === 'lines') return html`${title}<pre>${lines(block.lines, MAX_LINES)}</pre>`
  return html`${title}${textMarkup(block.text)}`
}

/** What was received as text: head and content, the content decoded where the check did so. */
function receivedText(exchange: Exchange): string | null {
  if (!exchange.response) {
    const bytes = receivedBytes(exchange)
    return bytes && !looksBinary(bytes) ? bytesToText(bytes) : null
  }
  const message = splitMessage(exchange.response)
  const content = contentOf(exchange.response)
  if (!message) return null
  const body =
    content?.text ?? (content && !looksBinary(content.bytes) ? bytesToText(content.bytes) : '(not text)')
  return bytesToText(message.head) + body
}

/** Request and answer of one exchange as text and as hex, folded away. */
export function bytesOfExchange(exchange: Exchange, index: number, of: number): Markup {
  const { request } = exchange
  const bytes = receivedBytes(exchange)
  const text = receivedText(exchange)
  const sent = request
    ? html`<h3>Request as sent, credentials masked</h3>${textMarkup(request.head)}${request.bodyBytes > 0 ? html`<p class="soft">${byteCount(request.bodyBytes)} of content followed.</p>` : null}<details><summary>The same in hex</summary>${hexMarkup(Buffer.from(request.head, 'latin1'), 0, null)}</details>`
    : html`<p class="soft">No request was sent.</p>`
  const size = exchange.response
    ? byteCount(Math.max(exchange.response.fieldBytes + exchange.response.bodyBytes, bytes?.length ?? 0))
    : byteCount(bytes?.length ?? 0)
  const kept = bytes && bytes.length > 0
  const received = kept
    ? html`<h3>Answer as received (${size})</h3>${text === null ? null : textMarkup(text)}<details><summary>The same in hex, framing and content codings as they came</summary>${hexMarkup(bytes, 0, null)}</details>`
    : html`<p class="soft">${exchange.response ? `${size} were received; the bytes of good answers are not kept.` : 'Nothing was received.'}</p>`
  const place = of > 1 ? `${index + 1}. ` : ''
  return html`<details><summary>${place}${exchange.method} ${exchange.url}</summary>${sent}${received}</details>`
}

function bagText(bag: Observation['input'] | null): string {
  if (bag === null || Object.keys(bag).length === 0) return ''
  const text = jsonText(bag)
  return text.length > MAX_JSON ? `${text.slice(0, MAX_JSON)}...` : text
}

/** Every observation with its id, so that reasons can point at it. */
export function observationsMarkup(result: CheckResult): Markup {
  const { observations } = result
  const rows = observations.slice(0, MAX_OBSERVATIONS).map((seen) => {
    const id = anchorOf(seen.id)
    const failed = seen.failure
      ? html`<br><span class="broken">${seen.failure.code}: ${seen.failure.raw}</span>`
      : null
    const output = bagText(seen.output)
    return html`<tr${id === null ? null : html` id="${id}"`}><td>${seen.id}<br><strong>${seen.operation}</strong></td><td class="time">${duration(seen.startMs)}<br>+ ${duration(seen.endMs - seen.startMs)}</td><td class="mono">${bagText(seen.input)}${output === '' ? null : html`<br>&rarr; ${output}`}${failed}</td></tr>`
  })
  const more =
    observations.length > MAX_OBSERVATIONS
      ? html`<p class="soft">and ${observations.length - MAX_OBSERVATIONS} more</p>`
      : null
  return html`<details><summary>${count(observations.length, 'observation')}, in order</summary><table class="stack"><thead><tr><th>what</th><th>when, how long</th><th>in, out</th></tr></thead><tbody>${rows}</tbody></table>${more}</details>`
}
