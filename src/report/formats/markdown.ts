// The report for a ticket: verdict, cycle as a table, request and answer in fenced blocks. What a peer sent stands
// only in code spans and fenced blocks that it cannot close, so that it neither formats, links nor mentions anybody.
import type { Diagnosis, LinkState } from '../../model/diagnosis.ts'
import type { CheckResult } from '../../model/result.ts'
import { chainOf } from '../chain.ts'
import { type CycleRow, cyclesOf } from '../cycle.ts'
import { diagnosisShown, type ListShown, looksShown } from '../diagnosis-shown.ts'
import { decisiveExchange } from '../evidence-reader.ts'
import { type EvidenceBlock, evidenceOf } from '../evidence-shown.ts'
import { duration } from '../figures.ts'
import type { ReportFormat, ReportOptions } from '../format.ts'
import { hexDump } from '../hex-dump.ts'
import { redactResult } from '../redact.ts'
import { safeText } from '../safe-text.ts'
import { resultSentence } from '../sentences.ts'

/** Lines of an answer put into a fenced block. */
const MAX_LINES = 80
const MAX_NOTES = 20

/** The longest run of backticks in a text. */
function longestRun(text: string): number {
  let longest = 0
  let run = 0
  for (const character of text) {
    run = character === '`' ? run + 1 : 0
    longest = Math.max(longest, run)
  }
  return longest
}

/** An inline code span nothing inside can leave (CommonMark 6.1). */
export function codeSpan(text: string, options: { ascii: boolean }): string {
  const safe = safeText(text.trim(), { ascii: options.ascii, max: 600 })
  if (safe === '') return ''
  const fence = '`'.repeat(longestRun(safe) + 1)
  const pad = safe.startsWith('`') || safe.endsWith('`') ? ' ' : ''
  return `${fence}${pad}${safe}${pad}${fence}`
}

/** A code span for a table cell, where a bar ends the cell even inside code (GFM tables). */
function cellSpan(text: string, options: { ascii: boolean }): string {
  return codeSpan(text, options).replaceAll('|', '\\|')
}

/** A fenced block whose fence is longer than any run of backticks inside (CommonMark 4.5). */
export function fencedBlock(lines: string[], options: { ascii: boolean }): string {
  const shown = lines
    .slice(0, MAX_LINES)
    .map((line) => safeText(line.replaceAll('\t', '  '), { ascii: options.ascii }))
  if (lines.length > MAX_LINES) shown.push(`(${lines.length - MAX_LINES} more lines)`)
  const fence = '`'.repeat(Math.max(3, longestRun(shown.join('\n')) + 1))
  return `${fence}text\n${shown.join('\n')}\n${fence}`
}

const STATE_WORDS: Record<LinkState, string> = {
  ok: 'ok',
  broken: '**broken**',
  attention: 'needs attention',
  unknown: 'unknown',
  unreached: 'not reached',
}

const ROW_WORDS: Record<CycleRow['state'], string> = {
  ok: 'ok',
  attention: 'attention',
  failed: '**failed**',
}

function tableRow(row: CycleRow, options: ReportOptions): string {
  const facts = row.facts.map((fact) => cellSpan(fact.text, options)).join('<br>')
  return `| ${row.phase} | ${ROW_WORDS[row.state]} | ${row.ms === null ? '' : duration(row.ms)} | ${facts} |`
}

function blockLines(block: EvidenceBlock): string[] {
  if (block.kind === 'lines') return block.lines
  if (block.kind === 'text') return block.text.replace(/\s+$/, '').split(/\r\n|\n/)
  const dump = hexDump(block.bytes, block.offset, 16, block.mark)
  return dump.lines.flatMap((line, index) => {
    const mark = dump.marks[index]
    return mark == null ? [line] : [line, mark]
  })
}

/** Words that a forge makes links, mentions or references of. */
const ACTIVE_WORD = /@|:\/\/|www\.|#\d|GH-\d/i

/** What starts or ends markup inside a line, and what makes a line a heading, quote, list or rule at its start. */
function escaped(word: string): string {
  return word
    .replace(/[\\`*[\]<&~$|]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\$&')
    .replace(/^[#>+=-]/, '\\$&')
    .replace(/^(\d{1,9})([.)])$/, '$1\\$2')
}

/**
 * A sentence of ours that may quote a peer, as plain text: what Markdown takes for markup is escaped (CommonMark
 * 2.4), and words that would link, mention or refer stand in code spans, where they do nothing.
 */
function asText(text: string, options: { ascii: boolean }): string {
  return safeText(text, { ascii: options.ascii, max: 600 })
    .split(' ')
    .map((word) => (ACTIVE_WORD.test(word) ? codeSpan(word, options) : escaped(word)))
    .join(' ')
}

function bullets(title: string, list: ListShown, options: { ascii: boolean }): string[] {
  if (list.items.length === 0) return []
  const lines = list.items.map((item) => `- ${asText(item, options)}`)
  if (list.more > 0) lines.push(`- and ${list.more} more`)
  return [`${title}\n\n${lines.join('\n')}`]
}

function diagnosisParts(diagnosis: Diagnosis, options: ReportOptions): string[] {
  const shown = diagnosisShown(diagnosis)
  const reasons = shown.reasons.map(({ says, evidence }) => {
    const ids = evidence.filter((id) => /^o\d+$/.test(id))
    return `- ${asText(says, options)}${ids.length > 0 ? ` (${ids.slice(0, 8).join(', ')})` : ''}`
  })
  const parts = [`### Why we say so\n\n${[...reasons, '', asText(shown.weight, options)].join('\n')}`]
  parts.push(...bullets('One of these, likeliest first:', shown.candidates, options))
  parts.push(...bullets('### What operators can do', shown.operator, options))
  parts.push(...bullets('### What visitors can do', shown.visitor, options))
  if (shown.references.items.length > 0) {
    const lines = shown.references.items.map((item) => `- ${codeSpan(item, options)}`)
    parts.push(`### To quote\n\n${lines.join('\n')}`)
  }
  if (shown.contact) parts.push(...bullets('### Whom to write to', shown.contact, options))
  if (shown.contactMissing.length > 0)
    parts.push(shown.contactMissing.map((says) => asText(says, options)).join(' '))
  return parts
}

export default {
  id: 'markdown',
  name: 'Markdown for a ticket',
  mediaType: 'text/markdown; charset=utf-8',
  extension: 'md',
  render(given: CheckResult, options: ReportOptions) {
    const result = options.redact === false ? given : redactResult(given)
    const { failure } = result
    const parts: string[] = [`## ${result.outcome.toUpperCase()}: ${codeSpan(result.url, options)}`]
    const { diagnosis } = result
    if (diagnosis) parts.push(`**${asText(diagnosis.headline, options)}**`)
    const number = failure?.number == null ? '' : `, number ${codeSpan(failure.number, options)}`
    parts.push(
      failure
        ? `Seen: ${codeSpan(resultSentence(result), options)}\n\n${result.outcome === 'degraded' ? 'Needs attention' : 'Failed'} in phase **${failure.phase}** with ${codeSpan(failure.code, options)}${number}, after ${duration(result.durationMs)}. Checked at ${result.startedAt}.`
        : `Seen: ${codeSpan(resultSentence(result), options)} in ${duration(result.durationMs)}. Checked at ${result.startedAt}.`,
    )
    if (failure || diagnosis) {
      parts.push(
        `Chain: ${chainOf(result)
          .map(
            (link) => `${link.name} (${STATE_WORDS[link.state]}${link.inferred ? ', only concluded' : ''})`,
          )
          .join(' > ')}`,
      )
    }
    if (diagnosis) parts.push(...diagnosisParts(diagnosis, options))
    for (const walked of cyclesOf(result)) {
      const rows = walked.rows.map((row) => tableRow(row, options))
      if (walked.unreached.length > 0) rows.push(`| ${walked.unreached.join(', ')} | not reached | | |`)
      const table = ['| phase | state | time | seen |', '| --- | --- | ---: | --- |', ...rows].join('\n')
      parts.push(`### ${codeSpan(`${walked.method} ${walked.url}`, options)}\n\n${table}`)
    }
    const looks = looksShown(result).map(({ step, summary }) => `- ${step}: ${asText(summary, options)}`)
    if (looks.length > 0) parts.push(`### What else we looked at\n\n${looks.join('\n')}`)
    const request = failure ? decisiveExchange(result)?.request : null
    if (request)
      parts.push(
        `### The request, secrets masked\n\n${fencedBlock(request.head.trimEnd().split('\r\n'), options)}`,
      )
    if (failure) {
      for (const block of evidenceOf(result))
        parts.push(`### ${block.title}\n\n${fencedBlock(blockLines(block), options)}`)
    }
    const notes = [...new Set(result.observations.flatMap((observation) => observation.notes ?? []))]
    if (notes.length > 0) {
      const shown = notes.slice(0, MAX_NOTES).map((note) => `- ${codeSpan(note, options)}`)
      if (notes.length > MAX_NOTES) shown.push(`- and ${notes.length - MAX_NOTES} more`)
      parts.push(`### Noted\n\n${shown.join('\n')}`)
    }
    return `${parts.join('\n\n')}\n`
  },
} satisfies ReportFormat
