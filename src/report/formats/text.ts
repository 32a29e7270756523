// The report for a terminal, read at 3 a.m.: verdict, chain, cycle, decisive bytes. Every line fits the width, and
// nothing a peer sent reaches the terminal unless it went through `safeText`.
import type { LinkState } from '../../model/diagnosis.ts'
import type { CheckResult, Outcome } from '../../model/result.ts'
import { bar } from '../bars.ts'
import { chainOf } from '../chain.ts'
import { type CycleRow, cyclesOf, type ExchangeCycle } from '../cycle.ts'
import { type EvidenceBlock, evidenceOf } from '../evidence-shown.ts'
import { duration } from '../figures.ts'
import type { ReportFormat, ReportOptions } from '../format.ts'
import { bytesPerLine, hexDump } from '../hex-dump.ts'
import type { Fact } from '../phase-facts.ts'
import { type Colour, paint } from '../paint.ts'
import { columns, fit, padEnd, wrap } from '../safe-text.ts'
import { resultSentence } from '../sentences.ts'
import { drawChain } from '../text-chain.ts'
import { drawDiagnosis, drawLooks } from '../text-diagnosis.ts'
import { bullet, clean, newPage, type Page, pageText } from '../text-page.ts'

/** Narrower than this, bars make way for facts. */
const BARS_FROM = 64
const PHASE_COLUMNS = 8
const TIME_COLUMNS = 9
/** Lines of head and body shown of an answer. */
const TEXT_LINES = 26
/** Notes shown at the end. */
const MAX_NOTES = 12
const NO_BREAK = '\u00a0'

const OUTCOME_COLOURS: Record<Outcome, Colour> = {
  up: 'green',
  degraded: 'yellow',
  down: 'red',
  unknown: 'yellow',
}
const STATE_COLOURS: Record<LinkState, Colour> = {
  ok: 'green',
  broken: 'red',
  attention: 'yellow',
  unknown: 'yellow',
  unreached: 'dim',
}
const TONE_COLOURS: Record<Fact['tone'], Colour[]> = { plain: [], notable: ['yellow'], bad: ['red'] }

/** The verdict's pieces, unpainted: outcome, URL and what was seen. */
function verdict(page: Page, result: CheckResult): void {
  const word = result.outcome.toUpperCase()
  const painted = paint(word, page.options, 'bold', OUTCOME_COLOURS[result.outcome])
  const { failure } = result
  const number = failure?.number != null && /^0\d\d$/.test(failure.number) ? ` ${failure.number}` : ''
  const spent = duration(result.durationMs)
  // No-break spaces keep it together when the line is broken.
  const where = (failure ? ` (${failure.phase}${number}, after ${spent})` : ` in ${spent}`)
    .replaceAll(' ', NO_BREAK)
    .replace(NO_BREAK, ' ')
  const url = clean(page, result.url)
  const sentence = clean(page, resultSentence(result)) + where
  const indent = ' '.repeat(word.length + 2)
  const room = page.width - indent.length
  // With a diagnosis its headline comes first, and what was seen is the small print below it.
  const headline = result.diagnosis === null ? [] : wrap(clean(page, result.diagnosis.headline), room)
  headline.forEach((part, index) => {
    page.lines.push((index === 0 ? `${painted}  ` : indent) + paint(part, page.options, 'bold'))
  })
  const lead = headline.length > 0 ? indent : `${painted}  `
  const weight: Colour[] = headline.length > 0 ? [] : ['bold']
  if (columns(url) + 2 + columns(sentence) <= room) {
    page.lines.push(`${lead}${paint(url, page.options, ...weight)}  ${sentence.replaceAll(NO_BREAK, ' ')}`)
    return
  }
  wrap(url, room).forEach((part, index) => {
    page.lines.push((index === 0 ? lead : indent) + paint(part, page.options, ...weight))
  })
  for (const part of wrap(sentence, room)) page.lines.push(indent + part.replaceAll(NO_BREAK, ' '))
}

function cycle(page: Page, walked: ExchangeCycle, totalMs: number, titled: boolean): void {
  page.lines.push('')
  if (titled) {
    const title = clean(page, `${walked.method} ${walked.url}`)
    for (const part of wrap(title, page.width - 2)) page.lines.push(`  ${paint(part, page.options, 'bold')}`)
  }
  for (const row of walked.rows) cycleRow(page, row, totalMs)
  if (walked.unreached.length > 0) {
    const text = `not reached: ${walked.unreached.join(', ')}`
    wrap(text, page.width - 4).forEach((part, index) => {
      const lead = index === 0 ? `  ${page.signs.unreached} ` : '    '
      page.lines.push(paint(lead + part, page.options, 'dim'))
    })
  }
}

function cycleRow(page: Page, row: CycleRow, totalMs: number): void {
  const { options, width } = page
  const state: LinkState = row.state === 'failed' ? 'broken' : row.state
  const colour = STATE_COLOURS[state]
  const mark = paint(page.signs[state], options, colour)
  const name = row.phase.padEnd(PHASE_COLUMNS)
  const phase = row.state === 'ok' ? name : paint(name, options, 'bold', colour)
  const time = (row.ms === null ? '' : duration(row.ms)).padStart(TIME_COLUMNS)
  const barColumns = width < BARS_FROM ? 0 : Math.min(24, Math.floor((width - 38) / 3))
  const start = 4 + PHASE_COLUMNS + TIME_COLUMNS + 2
  const indent = start + (barColumns > 0 ? barColumns + 2 : 0)
  const plain = row.facts.filter((fact) => fact.tone === 'plain').map((fact) => clean(page, fact.text, 600))
  const beside = width >= BARS_FROM ? flow(plain, page, width - indent) : []
  let first = `  ${mark} ${phase}${time}`
  if (barColumns > 0 && row.startMs !== null && row.ms !== null) {
    const drawn = bar(row.startMs, row.ms, totalMs, barColumns, options.ascii)
    first += `  ${paint(beside.length > 0 ? drawn : drawn.trimEnd(), options, row.state === 'ok' ? 'cyan' : colour)}`
  } else if (beside.length > 0) first += ' '.repeat(barColumns > 0 ? barColumns + 2 : 0)
  if (beside.length > 0) page.lines.push(`${first}  ${beside[0]}`)
  else page.lines.push(row.ms === null ? `  ${mark} ${paint(row.phase, options, 'bold', colour)}` : first)
  for (const line of beside.slice(1)) page.lines.push(' '.repeat(indent) + line)
  if (width < BARS_FROM) for (const line of flow(plain, page, width - 4)) page.lines.push(`    ${line}`)
  for (const fact of row.facts) {
    if (fact.tone === 'plain') continue
    const text = clean(page, fact.text)
    for (const line of wrap(text, width - 4))
      page.lines.push(`    ${paint(line, options, ...TONE_COLOURS[fact.tone])}`)
  }
}

/** Facts one behind the other, broken between facts where possible. */
function flow(facts: string[], page: Page, room: number): string[] {
  const lines: string[] = []
  let line = ''
  const joint = page.options.ascii ? '; ' : ` ${page.signs.dot} `
  for (const fact of facts) {
    if (fact === '') continue
    if (line !== '' && columns(line) + columns(joint) + columns(fact) <= room) {
      line += joint + fact
      continue
    }
    if (line !== '') lines.push(line)
    const parts = wrap(fact, room)
    lines.push(...parts.slice(0, -1))
    line = parts.at(-1) ?? ''
  }
  if (line !== '') lines.push(line)
  return lines
}

function evidence(page: Page, block: EvidenceBlock): void {
  const { options, width } = page
  const gutter = `  ${paint(page.signs.gutter, options, 'dim')} `
  const room = width - 4
  page.lines.push('')
  for (const part of wrap(clean(page, block.title), width - 2)) {
    page.lines.push(`  ${paint(part, options, 'bold')}`)
  }
  if (block.kind === 'bytes') {
    const dump = hexDump(block.bytes, block.offset, bytesPerLine(room), block.mark)
    dump.lines.forEach((line, index) => {
      page.lines.push(gutter + fit(line.trimEnd(), room, options.ascii))
      const mark = dump.marks[index]
      if (mark != null) page.lines.push(gutter + paint(fit(mark, room, options.ascii), options, 'red'))
    })
    return
  }
  const lines = block.kind === 'lines' ? block.lines : block.text.split(/\r\n|\n/)
  while (lines.length > 0 && lines.at(-1)?.trim() === '') lines.pop()
  for (const line of lines.slice(0, TEXT_LINES)) {
    const shown = clean(page, line.replaceAll('\t', '  '), 4 * width)
    if (block.kind === 'lines') {
      const indent = Math.min(shown.length - shown.trimStart().length, 8)
      for (const part of wrap(shown.trimStart(), room - indent))
        page.lines.push(gutter + ' '.repeat(indent) + part)
    } else page.lines.push((gutter + fit(shown, room, options.ascii)).trimEnd())
  }
  if (lines.length > TEXT_LINES) {
    page.lines.push(
      gutter + paint(fit(`and ${lines.length - TEXT_LINES} more lines`, room, options.ascii), options, 'dim'),
    )
  }
}

function notes(page: Page, result: CheckResult): void {
  const said = new Set(result.observations.flatMap((observation) => observation.notes ?? []))
  if (said.size === 0) return
  page.lines.push('')
  page.lines.push(`  ${paint('Noted', page.options, 'bold')}`)
  for (const note of [...said].slice(0, MAX_NOTES)) bullet(page, note, '', 400)
  if (said.size > MAX_NOTES)
    page.lines.push(fit(`    and ${said.size - MAX_NOTES} more`, page.width, page.options.ascii))
}

/** One line for one of several checks: number, outcome, what was seen, time. */
export function textLine(result: CheckResult, number: string, options: ReportOptions): string {
  const page = newPage(options)
  const word = padEnd(result.outcome.toUpperCase(), 8)
  const time = duration(result.durationMs).padStart(TIME_COLUMNS)
  const lead = columns(`${number} ${word} ${time}  `)
  const sentence = fit(clean(page, resultSentence(result)), Math.max(8, options.width - lead), options.ascii)
  return `${number} ${paint(word, options, 'bold', OUTCOME_COLOURS[result.outcome])} ${time}  ${sentence}`
}

export default {
  id: 'text',
  name: 'Text for a terminal',
  mediaType: 'text/plain; charset=utf-8',
  extension: 'txt',
  render(result, options) {
    const page = newPage(options)
    verdict(page, result)
    const { diagnosis } = result
    const broken = result.outcome === 'down' || result.outcome === 'unknown'
    if (broken || diagnosis) drawChain(page, chainOf(result))
    if (diagnosis) drawDiagnosis(page, diagnosis)
    const cycles = cyclesOf(result)
    const last = cycles.at(-1)?.rows.findLast((row) => row.startMs !== null)
    const totalMs = Math.max(result.durationMs, (last?.startMs ?? 0) + (last?.ms ?? 0))
    for (const walked of cycles) cycle(page, walked, totalMs, cycles.length > 1)
    drawLooks(page, result)
    if (broken) {
      for (const block of evidenceOf(result)) evidence(page, block)
    }
    notes(page, result)
    return pageText(page)
  },
} satisfies ReportFormat
