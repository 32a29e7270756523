// What `whydown doctor` prints: the verdict first, then what was looked at and what to do. Knows words only.
import type { DoctorLook, DoctorResult, DoctorVerdict } from '../model/doctor.ts'
import type { ReportOptions } from '../report/format.ts'
import { type Colour, paint } from '../report/paint.ts'
import { wrap } from '../report/safe-text.ts'
import { bullet, clean, heading, newPage, type Page, pageText, paragraph } from '../report/text-page.ts'

const COLOUR: Record<DoctorVerdict['outcome'], Colour> = {
  well: 'green',
  degraded: 'yellow',
  broken: 'red',
  unknown: 'yellow',
}

/** Column at which the findings stand. */
const INDENT = 16

/** The whole page, ending with a line break. */
export function doctorText(result: DoctorResult, options: ReportOptions): string {
  const { verdict, looks, durationMs } = result
  const page = newPage(options)
  const { ok, attention, broken, unknown } = page.signs
  const sign = { well: ok, degraded: attention, broken, unknown }[verdict.outcome]
  const lines = wrap(clean(page, verdict.headline), page.width - 4)
  lines.forEach((line, index) => {
    page.lines.push(
      `  ${index === 0 ? paint(sign, options, COLOUR[verdict.outcome]) : ' '} ${paint(line, options, 'bold')}`,
    )
  })
  paragraph(page, whose(verdict, durationMs), 4, 'dim')
  heading(page, 'What was looked at')
  for (const look of looks) told(page, look)
  if (verdict.also.length > 0) {
    heading(page, 'Also')
    for (const says of verdict.also) bullet(page, says)
  }
  heading(page, 'What to do')
  for (const says of verdict.todo) bullet(page, says)
  if (verdict.article !== null) bullet(page, `More about it: whydown explain ${verdict.article}`)
  return pageText(page)
}

function whose({ blame, link, party, cause, confidence }: DoctorVerdict, durationMs: number): string {
  const took = `looked for ${(durationMs / 1_000).toFixed(1)} s`
  if (blame === 'all_well' || blame === 'cannot_tell') return took
  const parts = [`${confidence}: ${blame.replaceAll('_', ' ')}`, `link ${link}`]
  if (party !== null) parts.push(`to act: ${party.replaceAll('_', ' ')}`)
  if (cause !== null) parts.push(cause)
  return `${parts.join(', ')}; ${took}`
}

function told(page: Page, { look, summary, finding }: DoctorLook): void {
  const name = look.replaceAll('_', ' ').padEnd(INDENT - 2)
  const lines = wrap(clean(page, summary), Math.max(20, page.width - INDENT))
  lines.forEach((line, index) => {
    const text = finding === null ? paint(line, page.options, 'dim') : line
    page.lines.push(`  ${index === 0 ? name : ' '.repeat(INDENT - 2)}${text}`)
  })
}
