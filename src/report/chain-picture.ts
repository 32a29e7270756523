// The chain as inline SVG: circles on a line, the broken one marked; lying for wide pages, standing for narrow ones.
// Texts are cut to what fits, because the page tells them in full beside the picture.
import type { LinkState } from '../model/diagnosis.ts'
import type { ChainPart } from './chain.ts'
import { html, type Markup } from './html-markup.ts'
import { fit, safeText } from './safe-text.ts'

const STEP_X = 130
const STEP_Y = 62
const RADIUS = 17
const NAME_COLUMNS = 16
const WHO_COLUMNS = 19
const WHO_BESIDE_COLUMNS = 38

const SIGNS: Record<LinkState, string> = {
  ok: '\u2713',
  broken: '\u2715',
  attention: '!',
  unknown: '?',
  unreached: '',
}

const STATE_WORDS: Record<LinkState, string> = {
  ok: 'works',
  broken: 'broken here',
  attention: 'needs attention',
  unknown: 'cannot be told',
  unreached: 'not reached',
}

function short(text: string, columns: number): string {
  return fit(safeText(text, { max: 200 }), columns)
}

/** The chain in words, for those who do not see the picture. */
export function chainWords(links: readonly ChainPart[]): string {
  return links.map((link) => `${link.name} ${STATE_WORDS[link.state]}`).join(', ')
}

function node(link: ChainPart, x: number, y: number): Markup {
  const inferred = link.inferred ? ' inferred' : ''
  return html`<circle class="node ${link.state}${inferred}" cx="${x}" cy="${y}" r="${RADIUS}"/><text class="sign ${link.state}" x="${x}" y="${y + 6}">${SIGNS[link.state]}</text>`
}

function edgeClass(link: ChainPart): string {
  return link.state === 'unreached' ? 'edge unreached' : 'edge'
}

function lying(links: readonly ChainPart[]): Markup {
  const width = Math.max(2, links.length) * STEP_X
  const y = 42
  const parts = links.map((link, index) => {
    const x = STEP_X / 2 + index * STEP_X
    const edge =
      index === 0
        ? null
        : html`<line class="${edgeClass(link)}" x1="${x - STEP_X + RADIUS}" y1="${y}" x2="${x - RADIUS}" y2="${y}"/>`
    const says =
      link.state === 'broken'
        ? html`<text class="says middle strong" x="${x}" y="16">broken here</text>`
        : null
    return html`${edge}${node(link, x, y)}${says}<text class="middle strong" x="${x}" y="${y + 40}">${short(link.name, NAME_COLUMNS)}</text><text class="middle small" x="${x}" y="${y + 57}">${short(link.who, WHO_COLUMNS)}</text>`
  })
  return html`<svg class="chain wide" viewBox="0 0 ${width} 108" role="img" aria-label="${chainWords(links)}">${parts}</svg>`
}

function standing(links: readonly ChainPart[]): Markup {
  const height = Math.max(1, links.length) * STEP_Y
  const x = 24
  const parts = links.map((link, index) => {
    const y = STEP_Y / 2 + index * STEP_Y
    const edge =
      index === 0
        ? null
        : html`<line class="${edgeClass(link)}" x1="${x}" y1="${y - STEP_Y + RADIUS}" x2="${x}" y2="${y - RADIUS}"/>`
    const state = link.state === 'ok' ? '' : ` \u2013 ${STATE_WORDS[link.state]}`
    return html`${edge}${node(link, x, y)}<text class="strong" x="${x + 30}" y="${y - 1}">${short(link.name, NAME_COLUMNS)}${state}</text><text class="small" x="${x + 30}" y="${y + 16}">${short(link.who, WHO_BESIDE_COLUMNS)}</text>`
  })
  return html`<svg class="chain narrow" viewBox="0 0 330 ${height}" aria-hidden="true">${parts}</svg>`
}

/** Both pictures; the style shows the one that fits. */
export function chainPicture(links: readonly ChainPart[]): Markup {
  return html`${lying(links)}${standing(links)}`
}
