// The chain as a line of text with the broken link pointed at, and who stands where. Lays out; judges nothing.
import type { LinkState } from '../model/diagnosis.ts'
import type { ChainPart } from './chain.ts'
import { type Colour, paint } from './paint.ts'
import { columns, fit, wrap } from './safe-text.ts'
import { clean, type Page } from './text-page.ts'

/** Links whose details are told. */
const MAX_DETAILS = 10

const LINK_COLOURS: Record<LinkState, Colour[]> = {
  ok: ['green'],
  broken: ['bold', 'red'],
  attention: ['bold', 'yellow'],
  unknown: ['bold', 'yellow'],
  unreached: ['dim'],
}

const STATE_WORDS: Partial<Record<LinkState, string>> = {
  unknown: 'cannot be told from here',
  attention: 'needs attention',
}

/** The cycle below tells these in more detail, as long as they work. */
const OUR_LEG = new Set(['you', 'resolver', 'dns', 'network'])

/** Draws the chain, what its signs mean, and who stands at its links as far as somebody is known there. */
export function drawChain(page: Page, links: readonly ChainPart[]): void {
  const { options, width } = page
  page.lines.push('')
  let plain = ''
  let painted = ''
  let pointer: number | null = null
  const flush = (): void => {
    if (plain !== '') page.lines.push(`  ${painted}`)
    if (pointer !== null) {
      const says = `${page.signs.pointer} broken here`
      const before = ' '.repeat(2 + Math.min(pointer, Math.max(0, width - 2 - columns(says))))
      page.lines.push(before + paint(says, options, 'bold', 'red'))
    }
    plain = ''
    painted = ''
    pointer = null
  }
  links.forEach((link, index) => {
    const sign = link.state === 'ok' ? page.signs.okLink : page.signs[link.state]
    const name = link.inferred ? `(${link.name})` : link.name
    const text = link.state === 'unreached' ? name : `${name} ${sign}`
    const joint =
      index === 0 ? '' : ` ${link.state === 'unreached' ? page.signs.brokenLink : page.signs.link} `
    if (plain !== '' && columns(plain + joint + text) > width - 2) flush()
    const lead = plain === '' ? joint.trimStart() : joint
    const at = columns(plain + lead)
    plain += lead + text
    painted += paint(lead, options, 'dim') + paint(text, options, ...LINK_COLOURS[link.state])
    if (link.state === 'broken') pointer = at
  })
  flush()
  legend(page, links)
  details(page, links)
}

function legend(page: Page, links: readonly ChainPart[]): void {
  const says: string[] = []
  for (const state of ['attention', 'unknown'] as const) {
    const names = links.filter((link) => link.state === state).map((link) => link.name)
    if (names.length > 0) says.push(`${names.join(', ')}: ${STATE_WORDS[state]}`)
  }
  if (links.some((link) => link.inferred)) says.push('in brackets: not seen itself, only concluded')
  if (says.length === 0) return
  for (const part of wrap(says.join('; '), page.width - 2)) {
    page.lines.push(`  ${paint(part, page.options, 'dim')}`)
  }
}

/** `gateway   nginx 1.22.1: its own error page`, for the links of which more is known than that they are there. */
function details(page: Page, links: readonly ChainPart[]): void {
  const known = links.filter(
    ({ name, state, who, howWeKnow }) =>
      who + howWeKnow !== '' && state !== 'unreached' && (state !== 'ok' || !OUR_LEG.has(name)),
  )
  if (known.length === 0) return
  const lead = Math.max(...known.map((link) => link.name.length)) + 2
  page.lines.push('')
  for (const link of known.slice(0, MAX_DETAILS)) {
    const says = clean(page, [link.who, link.howWeKnow].filter((part) => part !== '').join(': '), 300)
    const name = fit(link.name, lead - 2).padEnd(lead)
    wrap(says, page.width - 2 - lead).forEach((part, index) => {
      const before = index === 0 ? paint(name, page.options, ...LINK_COLOURS[link.state]) : ' '.repeat(lead)
      page.lines.push(`  ${before}${part}`)
    })
  }
}
