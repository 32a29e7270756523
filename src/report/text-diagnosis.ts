// The diagnosis as sections of a text report: why we say so, what to do, what else was looked at, what to quote.
// Lays out what `diagnosisShown` chose.
import type { Diagnosis } from '../model/diagnosis.ts'
import type { CheckResult } from '../model/result.ts'
import { type DiagnosisShown, diagnosisShown, type ListShown, looksShown } from './diagnosis-shown.ts'
import { paint } from './paint.ts'
import { wrap } from './safe-text.ts'
import { bullet, clean, heading, type Page, paragraph } from './text-page.ts'

/** Columns of the name of a look. */
const LOOK_COLUMNS = 12
/** Narrower than this, what a look found stands below its name. */
const BESIDE_FROM = 56
/** Observation ids named behind a reason. */
const MAX_IDS = 6

/** Why we say so, what else is possible, what to do, what to quote and whom to write to. */
export function drawDiagnosis(page: Page, diagnosis: Diagnosis): void {
  const shown = diagnosisShown(diagnosis)
  reasons(page, shown)
  if (shown.visitor.items.length + shown.operator.items.length > 0) {
    heading(page, 'What to do')
    steps(page, 'Visitors', shown.visitor)
    steps(page, 'Operators', shown.operator)
  }
  section(page, 'To quote', shown.references)
  if (shown.retry !== '') paragraph(page, shown.retry, 2)
  if (shown.contact) {
    section(page, 'Whom to write to', shown.contact)
    if (shown.contact.items.length === 0 && shown.contactMissing.length > 0) heading(page, 'Whom to write to')
    for (const missing of shown.contactMissing) paragraph(page, missing, 4, 'dim')
  }
}

function reasons(page: Page, shown: DiagnosisShown): void {
  heading(page, 'Why we say so')
  for (const reason of shown.reasons) {
    const ids = reason.evidence.filter((id) => /^o\d+$/.test(id))
    const more = ids.length > MAX_IDS ? ', ...' : ''
    bullet(page, reason.says, ids.length > 0 ? `[${ids.slice(0, MAX_IDS).join(', ')}${more}]` : '')
  }
  if (shown.candidates.items.length > 0) {
    const rest = shown.candidates.more > 0 ? ` and ${shown.candidates.more} more` : ''
    paragraph(page, `One of these, likeliest first: ${shown.candidates.items.join(', ')}${rest}.`, 2)
  }
  paragraph(page, `${shown.weight}.`, 2, 'dim')
}

function steps(page: Page, who: string, list: ListShown): void {
  if (list.items.length === 0) return
  page.lines.push(`  ${paint(who, page.options, 'dim')}`)
  for (const item of list.items) bullet(page, item)
  if (list.more > 0) bullet(page, `and ${list.more} more`)
}

function section(page: Page, title: string, list: ListShown): void {
  if (list.items.length === 0) return
  heading(page, title)
  for (const item of list.items) bullet(page, item)
  if (list.more > 0) bullet(page, `and ${list.more} more`)
}

/** One line per look of the drill: what it found, or why it was not taken. */
export function drawLooks(page: Page, result: CheckResult): void {
  const looks = looksShown(result)
  if (looks.length === 0) return
  heading(page, 'What else we looked at')
  const beside = page.width >= BESIDE_FROM
  for (const look of looks) {
    const sign = look.done ? page.signs.looked : page.signs.unreached
    const name = beside ? look.step.padEnd(LOOK_COLUMNS) : look.step
    const lead = paint(`${sign} ${name}`, page.options, ...(look.done ? [] : (['dim'] as const)))
    const indent = beside ? 4 + LOOK_COLUMNS : 4
    const parts = wrap(clean(page, look.summary, 400), page.width - indent)
    if (!beside) page.lines.push(`  ${lead}`)
    parts.forEach((part, index) => {
      const before = beside && index === 0 ? `  ${lead}` : ' '.repeat(indent)
      page.lines.push(before + paint(part, page.options, ...(look.done ? [] : (['dim'] as const))))
    })
  }
}
