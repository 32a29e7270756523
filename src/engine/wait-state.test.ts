import { describe, expect, test } from 'vitest'
import { failure } from '../model/failure.ts'
import {
  changesBetween,
  initialState,
  next,
  type Sighting,
  summaryOf,
  type WaitAction,
  type WaitEvent,
  type WaitSettings,
  type WaitState,
} from './wait-state.ts'

const SETTINGS: WaitSettings = { until: 'up', successes: 2, intervalMs: 1_000, longestMs: 10_000 }

function sighting(given: Partial<Sighting> = {}): Sighting {
  return {
    outcome: 'down',
    failure: failure('status_unaccepted', '502 Bad Gateway', { number: '502' }),
    headline: 'The gateway got no good answer.',
    cause: null,
    article: 'http-502',
    retryAfterMs: null,
    failing: [],
    ...given,
    facts: { status: 502, addresses: null, server: null, certificate: null, finalUrl: null, ...given.facts },
  }
}

const up = (given: Partial<Sighting> = {}) =>
  sighting({ outcome: 'up', failure: null, headline: null, article: null, ...given })

/** Walks the machine; each look takes no time, each pause as long as it says. Chance is in the middle: no jitter. */
function walk(sightings: Sighting[], settings: Partial<WaitSettings> = {}) {
  let state: WaitState = initialState({ ...SETTINGS, ...settings })
  let atMs = 0
  const all: WaitAction[] = []
  const step = (event: WaitEvent) => {
    const after = next(state, event)
    state = after.state
    all.push(...after.actions)
    return after.actions
  }
  step({ kind: 'started', atMs })
  for (const seen of sightings) {
    const actions = step({ kind: 'looked', atMs, sighting: seen, chance: 0.5 })
    const pause = actions.find((action) => action.do === 'sleep')
    if (!pause) break
    atMs += pause.ms
    step({ kind: 'due', atMs })
  }
  return {
    get state() {
      return state
    },
    step,
    atMs,
    all,
    pauses: all.flatMap((action) => (action.do === 'sleep' ? [action.ms] : [])),
    news: all.flatMap((action) => (action.do === 'tell' ? [action.news.kind] : [])),
    watched: all.flatMap((action) => (action.do === 'look' ? [action.watched] : [])),
  }
}

describe('next()', () => {
  test('ends after so many successes in a row', () => {
    const { state, all } = walk([sighting(), up(), up()])
    expect(state.ended).toBe('reached')
    expect(all.at(-1)).toEqual({ do: 'end', end: 'reached' })
  })

  test('starts counting again after a failure and after not knowing', () => {
    expect(walk([up(), sighting(), up()]).state).toMatchObject({ ended: null, streak: 1 })
    const unknown = sighting({ outcome: 'unknown', failure: failure('local_limit', 'EMFILE') })
    expect(walk([up(), unknown, up()]).state).toMatchObject({ ended: null, streak: 1 })
  })

  test('takes a degraded site for one that is back', () => {
    expect(walk([up({ outcome: 'degraded' }), up()]).state.ended).toBe('reached')
  })

  test('waits for the end of a site as well, and never takes not knowing for it', () => {
    const unknown = sighting({ outcome: 'unknown' })
    expect(walk([up(), sighting(), sighting()], { until: 'down' }).state.ended).toBe('reached')
    expect(walk([unknown, unknown, unknown], { until: 'down' }).state.ended).toBeNull()
  })

  test('lets pauses grow up to the longest, and begins again when something changes', () => {
    const other = sighting({ failure: failure('connect_refused', 'ECONNREFUSED') })
    const { pauses } = walk([...Array.from({ length: 8 }, () => sighting()), other, other, up()])
    expect(pauses).toEqual([1000, 1500, 2250, 3375, 5063, 7594, 10_000, 10_000, 1000, 1500, 1000])
  })

  test('varies pauses by a fifth', () => {
    const first = (chance: number) => {
      const { state } = next(initialState(SETTINGS), { kind: 'started', atMs: 0 })
      const { actions } = next(state, { kind: 'looked', atMs: 0, sighting: sighting(), chance })
      return actions.find((action) => action.do === 'sleep')
    }
    expect(first(0)).toEqual({ do: 'sleep', ms: 800 })
    expect(first(0.999_999)).toEqual({ do: 'sleep', ms: 1200 })
  })

  test('is never back before the site wants it, within an hour', () => {
    const patient = (retryAfterMs: number) => walk([sighting({ retryAfterMs })]).pauses[0]
    expect(patient(30_000)).toBe(30_000)
    expect(patient(10)).toBe(1000)
    expect(patient(86_400_000)).toBe(3_600_000)
    expect(walk([sighting({ retryAfterMs: 30_000 })]).news).toContain('asked_to_wait')
    expect(walk([up({ retryAfterMs: 30_000 })]).pauses[0]).toBe(1000)
  })

  test('watches every address that failed, until the name no longer leads there', () => {
    const facts = {
      status: null,
      addresses: ['192.0.2.1', '192.0.2.2'],
      server: null,
      certificate: null,
      finalUrl: null,
    }
    const moved = { ...facts, addresses: ['192.0.2.1'] }
    const { watched } = walk([
      sighting({ failing: ['192.0.2.1', '192.0.2.2'], facts }),
      sighting({ failing: ['192.0.2.2'], facts }),
      sighting({ failing: [], facts: moved }),
    ])
    expect(watched).toEqual([[], ['192.0.2.1', '192.0.2.2'], ['192.0.2.1', '192.0.2.2'], ['192.0.2.1']])
  })

  test('tells of a change once, with what was before', () => {
    const other = sighting({ failure: failure('connect_refused', 'ECONNREFUSED') })
    const { all } = walk([sighting(), sighting(), other, up(), up()])
    const changes = all.flatMap((action) =>
      action.do === 'tell' && action.news.kind === 'changed' ? [action.news] : [],
    )
    expect(changes.map(({ stretch, before }) => [stretch.code, before?.code ?? null])).toEqual([
      ['status_unaccepted', null],
      ['connect_refused', 'status_unaccepted'],
      [null, 'connect_refused'],
    ])
    expect(changes[1]?.before).toMatchObject({ looks: 2, fromMs: 0, toMs: 2500 })
  })

  test('ends when the time is over or somebody interrupts, and then does nothing any more', () => {
    for (const kind of ['time_over', 'interrupted'] as const) {
      const { step, atMs } = walk([sighting(), sighting()])
      expect(step({ kind, atMs })).toEqual([{ do: 'end', end: kind }])
      expect(step({ kind: 'looked', atMs, sighting: up(), chance: 0 })).toEqual([])
      expect(step({ kind: 'due', atMs })).toEqual([])
    }
  })

  test('keeps the beginning of a story that never ends', () => {
    const flapping = Array.from({ length: 600 }, (_, at) => (at % 2 ? up() : sighting()))
    const { state } = walk(flapping)
    expect(state.stretches.length).toBe(200)
    expect(state.stretches[0]?.fromMs).toBe(0)
    expect(state.stretches.at(-1)?.seen).toBe('up')
  })
})

describe('summaryOf()', () => {
  test('adds up the times and says what changed', () => {
    const facts = {
      status: 502,
      addresses: ['192.0.2.1'],
      server: 'nginx',
      certificate: 'aa',
      finalUrl: null,
    }
    const { state } = walk([
      sighting({ facts }),
      up({ facts: { ...facts, status: 200, addresses: ['192.0.2.9'], server: 'caddy', certificate: 'bb' } }),
      up({ facts: { ...facts, status: 200, addresses: ['192.0.2.9'], server: 'caddy', certificate: 'bb' } }),
    ])
    expect(summaryOf(state)).toMatchObject({
      end: 'reached',
      waitedMs: 2000,
      downMs: 1000,
      unknownMs: 0,
      looks: 3,
      ours: false,
      changes: [
        'the status was 502 and is 200',
        'the name leads to 192.0.2.9 now',
        'it no longer leads to 192.0.2.1',
        'the answer came from nginx and comes from caddy',
        'it shows another certificate',
      ],
    })
  })

  test('says whose fault it is that nothing could be told', () => {
    const unknown = sighting({ outcome: 'unknown', failure: failure('dns_resolver_unreachable', 'x') })
    const after = walk([unknown])
    after.step({ kind: 'time_over', atMs: after.atMs })
    expect(summaryOf(after.state)).toMatchObject({ ours: true, end: 'time_over', unknownMs: 1000, downMs: 0 })
  })
})

test('changesBetween() says nothing about what was not seen', () => {
  expect(changesBetween(null, up())).toEqual([])
  expect(changesBetween(sighting({ facts: { ...up().facts, status: null } }), up())).toEqual([])
})
