// Draws the chain of hops that an answer shows, each with how it is known. Judges nothing.
import type { Hop, Role } from '../model/diagnosis.ts'
import { fieldOf } from './answer.ts'
import { parseVia } from './hops/via.ts'
import {
  CERTAIN_THRESHOLD,
  type Look,
  MADE_THRESHOLD,
  type Match,
  SEEN_THRESHOLD,
  versionOf,
} from './match.ts'

/** From the visitor to the site: where hops of a role usually stand. */
const ORDER: Record<Role, number> = { proxy: 0, cdn: 1, gateway: 2, cache: 3, server: 4, application: 5 }

/** Hops with fewer products than this are all kept. */
const HOPS = 16

function say(match: Match): string[] {
  const said: string[] = []
  for (const clue of match.clues) {
    if (clue.says) said.push(clue.says)
    else if (clue.field) said.push(`Field ${clue.field[0]}`)
    else if (clue.body) said.push(`Content has ${JSON.stringify(clue.body.slice(0, 60))}`)
    else if (clue.reason) said.push('Reason phrase')
    else if (clue.cookie) said.push('A cookie it sets')
    else if (clue.order) said.push('Order and case of its fields')
    else if (clue.content) said.push('The wording of the content')
  }
  return [...new Set(said)].slice(0, 4)
}

/** Hops nearest the visitor first: recognised products, then those that only Via names. */
export function drawChain(look: Look, matches: readonly Match[], author: Match | null): Hop[] {
  const hops: Hop[] = []
  for (const match of matches) {
    const made = match === author
    const sure = made ? Math.max(match.made, match.seen) : match.seen
    if (!made && sure < SEEN_THRESHOLD) continue
    const { fingerprint } = match
    const version = versionOf(fingerprint, look)
    const hop: Hop = {
      product: fingerprint.id,
      name: fingerprint.name,
      role: fingerprint.role,
      confidence: sure >= CERTAIN_THRESHOLD ? 'certain' : sure >= MADE_THRESHOLD ? 'likely' : 'possible',
      seenBy: say(match),
      madeThePage: made,
    }
    if (version) hop.version = version
    hops.push(hop)
  }
  for (const entry of parseVia(look.answer.byName.get('via') ?? []).reverse()) {
    const text = `${entry.receivedBy} ${entry.comment ?? ''}`.toLowerCase()
    const known = hops.some(
      (hop) => hop.product && (text.includes(hop.product) || text.includes(hop.name.toLowerCase())),
    )
    if (known || hops.length >= HOPS) continue
    if (matches.some((match) => match.clues.some((clue) => clue.field?.[0] === 'via'))) continue
    hops.push({
      product: null,
      name: entry.receivedBy.slice(0, 120),
      role: 'gateway',
      confidence: 'likely',
      seenBy: [`Via: ${entry.protocol} ${entry.receivedBy}`.slice(0, 160)],
      madeThePage: false,
    })
  }
  const server = fieldOf(look.answer, 'server')
  if (server && !matches.some((match) => match.clues.some((clue) => clue.field?.[0] === 'server'))) {
    hops.push({
      product: null,
      name: server.slice(0, 120),
      role: 'server',
      confidence: 'possible',
      seenBy: ['Field server'],
      madeThePage: false,
    })
  }
  return hops
    .slice(0, HOPS)
    .sort(
      (one, other) =>
        Number(one.madeThePage) - Number(other.madeThePage) || ORDER[one.role] - ORDER[other.role],
    )
}
