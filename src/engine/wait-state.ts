// Waiting for a site as a pure state machine: what was seen goes in, what to do next comes out. Knows no clock, no
// socket and no terminal; times are milliseconds on whichever clock the caller keeps.
import type { Failure } from '../model/failure.ts'
import type { Outcome } from '../model/result.ts'

export interface WaitSettings {
  until: 'up' | 'down'
  /** Sightings of the wanted state in a row that are believed. */
  successes: number
  /** Between two looks: the first pause, and the longest that growing leads to. */
  intervalMs: number
  longestMs: number
}

/** What a look saw of the site, as far as waiting cares. */
export interface Sighting {
  outcome: Outcome
  failure: Failure | null
  /** The diagnosis in a sentence and its article; null when there is none. */
  headline: string | null
  cause: string | null
  article: string | null
  /** How long the peer asks to be left alone; null when it says nothing. */
  retryAfterMs: number | null
  /** Addresses that fail now. */
  failing: string[]
  facts: SiteFacts
}

/** What may differ between a site that is down and the same site when it is back; null: not seen. */
export interface SiteFacts {
  status: number | null
  addresses: string[] | null
  server: string | null
  certificate: string | null
  finalUrl: string | null
}

export type Seen = 'up' | 'down' | 'unknown'

/** A time in which the same was seen. */
export interface Stretch {
  seen: Seen
  fromMs: number
  /** When something else was seen, or waiting ended. */
  toMs: number
  looks: number
  code: string | null
  number: string | null
  headline: string | null
  cause: string | null
  article: string | null
  /** Addresses that failed at any time in it. */
  failing: string[]
}

export type News =
  | { kind: 'changed'; atMs: number; stretch: Stretch; before: Stretch | null }
  | { kind: 'counting'; atMs: number; streak: number; wanted: number }
  | { kind: 'asked_to_wait'; atMs: number; retryAfterMs: number }
  | { kind: 'pausing'; atMs: number; ms: number; looks: number }

export type WaitEnd = 'reached' | 'time_over' | 'interrupted'

export type WaitAction =
  | { do: 'look'; watched: readonly string[] }
  | { do: 'sleep'; ms: number }
  | { do: 'tell'; news: News }
  | { do: 'end'; end: WaitEnd }

export type WaitEvent =
  | { kind: 'started'; atMs: number }
  /** `chance` is anything from 0 up to 1, for the jitter. */
  | { kind: 'looked'; atMs: number; sighting: Sighting; chance: number }
  | { kind: 'due'; atMs: number }
  | { kind: 'time_over'; atMs: number }
  | { kind: 'interrupted'; atMs: number }

export interface WaitState {
  settings: WaitSettings
  startedMs: number
  ended: WaitEnd | null
  endedMs: number
  looks: number
  /** Wanted sightings in a row. */
  streak: number
  /** The pause after the next look that does not see the wanted state. */
  nextPauseMs: number
  stretches: Stretch[]
  /** Addresses that failed once and must be seen well. */
  watched: string[]
  /** The last sighting of each side, for telling what changed. */
  lastOther: Sighting | null
  lastWanted: Sighting | null
}

const GROWTH = 1.5
/** A pause is this much shorter or longer by chance, so that many who wait do not come back at one time. */
const JITTER = 0.2
/** Whatever a peer asks for, it is looked at once in this time. */
const LONGEST_RETRY_AFTER_MS = 60 * 60 * 1000
/** Stretches kept; a site that flaps for days loses the middle of its story, not its beginning. */
const MOST_STRETCHES = 200

export function initialState(settings: WaitSettings): WaitState {
  return {
    settings,
    startedMs: 0,
    ended: null,
    endedMs: 0,
    looks: 0,
    streak: 0,
    nextPauseMs: settings.intervalMs,
    stretches: [],
    watched: [],
    lastOther: null,
    lastWanted: null,
  }
}

/** What a sighting means for a visitor: degraded sites can be used. */
export function seenIn({ outcome }: Pick<Sighting, 'outcome'>): Seen {
  return outcome === 'degraded' ? 'up' : outcome
}

/** The next state and what to do. Nothing happens any more once it has ended. */
export function next(state: WaitState, event: WaitEvent): { state: WaitState; actions: WaitAction[] } {
  if (state.ended) return { state, actions: [] }
  switch (event.kind) {
    case 'started':
      return { state: { ...state, startedMs: event.atMs }, actions: [{ do: 'look', watched: [] }] }
    case 'due':
      return { state, actions: [{ do: 'look', watched: state.watched }] }
    case 'time_over':
    case 'interrupted':
      return finish(state, event.kind, event.atMs, [])
    case 'looked':
      return looked(state, event)
    default:
      return event satisfies never
  }
}

function looked(
  before: WaitState,
  { atMs, sighting, chance }: Extract<WaitEvent, { kind: 'looked' }>,
): { state: WaitState; actions: WaitAction[] } {
  const { settings } = before
  const actions: WaitAction[] = []
  const seen = seenIn(sighting)
  const wanted = seen === settings.until
  const state: WaitState = {
    ...before,
    looks: before.looks + 1,
    streak: wanted ? before.streak + 1 : 0,
    stretches: lengthened(before, sighting, atMs),
    watched: watchedAfter(before, sighting),
  }
  if (wanted) state.lastWanted = sighting
  else if (seen !== 'unknown') state.lastOther = sighting
  const stretch = state.stretches.at(-1)
  if (stretch && stretch.looks === 1)
    actions.push({
      do: 'tell',
      news: { kind: 'changed', atMs, stretch, before: state.stretches.at(-2) ?? null },
    })
  if (wanted && state.streak >= settings.successes) return finish(state, 'reached', atMs, actions)
  if (wanted)
    actions.push({
      do: 'tell',
      news: { kind: 'counting', atMs, streak: state.streak, wanted: settings.successes },
    })
  const isNew = stretch?.looks === 1
  const pauseMs = wanted || isNew ? settings.intervalMs : state.nextPauseMs
  state.nextPauseMs = Math.min(settings.longestMs, pauseMs * GROWTH)
  const jittered = Math.round(pauseMs * (1 - JITTER + 2 * JITTER * chance))
  const asked = wanted ? null : sighting.retryAfterMs
  const ms = asked === null ? jittered : Math.max(jittered, Math.min(asked, LONGEST_RETRY_AFTER_MS))
  if (asked !== null && ms > jittered && isNew)
    actions.push({ do: 'tell', news: { kind: 'asked_to_wait', atMs, retryAfterMs: asked } })
  actions.push({ do: 'tell', news: { kind: 'pausing', atMs, ms, looks: state.looks } }, { do: 'sleep', ms })
  return { state, actions }
}

function finish(state: WaitState, end: WaitEnd, atMs: number, actions: WaitAction[]) {
  const stretches = state.stretches.map((stretch, at) =>
    at === state.stretches.length - 1 ? { ...stretch, toMs: atMs } : stretch,
  )
  return {
    state: { ...state, ended: end, endedMs: atMs, stretches },
    actions: [...actions, { do: 'end' as const, end }],
  }
}

/** The stretches with this sighting: the last one goes on when the same was seen, else a new one begins. */
function lengthened(state: WaitState, sighting: Sighting, atMs: number): Stretch[] {
  const { stretches } = state
  const seen = seenIn(sighting)
  const last = stretches.at(-1)
  const code = seen === 'up' ? null : (sighting.failure?.code ?? null)
  const number = seen === 'up' ? null : (sighting.failure?.number ?? null)
  const cause = seen === 'up' ? null : sighting.cause
  if (last && last.seen === seen && last.code === code && last.number === number && last.cause === cause) {
    const failing = [...new Set([...last.failing, ...sighting.failing])]
    return [...stretches.slice(0, -1), { ...last, toMs: atMs, looks: last.looks + 1, failing }]
  }
  const closed = last ? [...stretches.slice(0, -1), { ...last, toMs: atMs }] : []
  const kept = closed.length >= MOST_STRETCHES ? [...closed.slice(0, 20), ...closed.slice(21)] : closed
  return [
    ...kept,
    {
      seen,
      // The first look says nothing about before; a change happened at some time between two looks.
      fromMs: last ? atMs : state.startedMs,
      toMs: atMs,
      looks: 1,
      code,
      number,
      headline: seen === 'up' ? null : sighting.headline,
      cause,
      article: seen === 'up' ? null : sighting.article,
      failing: sighting.failing,
    },
  ]
}

/** Failing addresses are watched from then on; one that the name no longer leads to is nobody's concern. */
function watchedAfter(state: WaitState, sighting: Sighting): string[] {
  const { addresses } = sighting.facts
  const all = [...new Set([...state.watched, ...sighting.failing])]
  return addresses === null ? all : all.filter((ip) => addresses.includes(ip))
}

export interface WaitSummary {
  until: 'up' | 'down'
  end: WaitEnd
  waitedMs: number
  looks: number
  /** Time in which the site was seen down, and in which nothing could be told. */
  downMs: number
  unknownMs: number
  /** What it was: the stretches, first to last. */
  stretches: Stretch[]
  /** What is different now, one short sentence each. */
  changes: string[]
  /** The last look could not tell: the fault is on our side. */
  ours: boolean
}

/** What there is to say at the end. */
export function summaryOf(state: WaitState): WaitSummary {
  const spent = (seen: Seen) =>
    state.stretches.reduce(
      (sum, stretch) => (stretch.seen === seen ? sum + stretch.toMs - stretch.fromMs : sum),
      0,
    )
  const last = state.stretches.at(-1)
  return {
    until: state.settings.until,
    end: state.ended ?? 'interrupted',
    waitedMs: state.endedMs - state.startedMs,
    looks: state.looks,
    downMs: spent('down'),
    unknownMs: spent('unknown'),
    stretches: state.stretches,
    changes: state.ended === 'reached' ? changesBetween(state.lastOther, state.lastWanted) : [],
    ours: state.ended !== 'reached' && last?.seen === 'unknown',
  }
}

/** What differs between two sightings, as far as both saw it. */
export function changesBetween(before: Sighting | null, after: Sighting | null): string[] {
  if (!before || !after) return []
  const found: string[] = []
  const [was, is] = [before.facts, after.facts]
  if (was.status !== null && is.status !== null && was.status !== is.status)
    found.push(`the status was ${was.status} and is ${is.status}`)
  if (was.addresses && is.addresses) {
    const gone = was.addresses.filter((ip) => !is.addresses?.includes(ip))
    const came = is.addresses.filter((ip) => !was.addresses?.includes(ip))
    if (came.length > 0) found.push(`the name leads to ${came.join(', ')} now`)
    if (gone.length > 0) found.push(`it no longer leads to ${gone.join(', ')}`)
  }
  if (was.server !== is.server && was.server !== null && is.server !== null)
    found.push(`the answer came from ${was.server} and comes from ${is.server}`)
  if (was.certificate !== is.certificate && was.certificate !== null && is.certificate !== null)
    found.push('it shows another certificate')
  if (was.finalUrl !== is.finalUrl && was.finalUrl !== null && is.finalUrl !== null)
    found.push(`it led to ${was.finalUrl} and leads to ${is.finalUrl}`)
  return found
}
