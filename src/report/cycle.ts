// The cycle of one exchange as rows: phase, time, state and the facts that matter. No layout, no colours.
// Texts hold what peers sent, as it came: whoever shows them makes them safe.
import type { Failure } from '../model/failure.ts'
import type { Observation } from '../model/observation.ts'
import { PHASES, type Phase, TIMED_PHASES } from '../model/phase.ts'
import type { CheckResult, Exchange } from '../model/result.ts'
import { decisiveExchange, listOf, numberOf, observationsOf, ofOperation, textOf } from './evidence-reader.ts'
import { count, duration } from './figures.ts'
import { type Fact, factsOf, failureFact, MAX_FACTS, plain } from './phase-facts.ts'

export interface CycleRow {
  phase: Phase
  state: 'ok' | 'attention' | 'failed'
  /** Offset from the check's start and time taken, milliseconds; null for judgements. */
  startMs: number | null
  ms: number | null
  facts: Fact[]
}

export interface ExchangeCycle {
  method: string
  url: string
  rows: CycleRow[]
  /** Phases that were not reached, in order. */
  unreached: Phase[]
}

/** The cycles of all exchanges, in order. */
export function cyclesOf(result: CheckResult): ExchangeCycle[] {
  const decisive = decisiveExchange(result)
  return result.exchanges.map((exchange) => cycleOf(result, exchange, exchange === decisive))
}

function cycleOf(result: CheckResult, exchange: Exchange, decisive: boolean): ExchangeCycle {
  const seen = observationsOf(result, exchange)
  // What only needs attention did not end the cycle: the phase it belongs to went through.
  const attention = decisive && result.outcome === 'degraded' ? result.failure : null
  const failed = attention ? null : (exchange.failure ?? (decisive ? result.failure : null))
  const rows: CycleRow[] = []
  let startMs = seen[0]?.startMs ?? 0
  for (const phase of TIMED_PHASES) {
    const ms = exchange.timings[phase]
    const open = failed?.phase === phase
    if (ms === null && !open) continue
    if (phase === 'resolve' && !open && !wasResolved(seen)) {
      startMs += ms ?? 0
      continue
    }
    const facts = factsOf(phase, exchange, seen)
    if (open && failed) facts.unshift(failureFact(failed))
    if (attention?.phase === phase) facts.unshift({ ...failureFact(attention), tone: 'notable' })
    const notable = facts.some((fact) => fact.tone === 'notable')
    rows.push({ phase, state: open ? 'failed' : notable ? 'attention' : 'ok', startMs, ms, facts })
    startMs += ms ?? 0
  }
  if (decisive) rows.push(...judgements(seen, failed, attention))
  return { method: exchange.method, url: exchange.url, rows, unreached: unreachedAfter(failed, exchange) }
}

/** A literal address needs no resolving, and then there is nothing to tell. */
function wasResolved(seen: Observation[]): boolean {
  const resolve = ofOperation(seen, 'resolve')[0]
  return resolve !== undefined && textOf(resolve.output, 'source') !== 'literal'
}

function unreachedAfter(failed: Failure | null, exchange: Exchange): Phase[] {
  if (!failed) return []
  const at = PHASES.indexOf(failed.phase)
  return PHASES.filter((phase, index) => {
    if (index <= at || phase === 'content' || phase === 'url') return false
    return phase !== 'tls' || exchange.url.startsWith('https:')
  })
}

/** The rows for status and content: what was expected, and whether it was so. */
function judgements(seen: Observation[], failed: Failure | null, attention: Failure | null): CycleRow[] {
  const rows: CycleRow[] = []
  const expectations = ofOperation(seen, 'expect')
  for (const phase of ['status', 'content'] as const) {
    const facts: Fact[] = []
    const decided = failed?.phase === phase ? failed : null
    if (decided) facts.push(failureFact(decided))
    if (attention?.phase === phase) facts.push({ ...failureFact(attention), tone: 'notable' })
    for (const expectation of expectations) {
      const kind = textOf(expectation.input, 'kind') ?? ''
      if ((kind === 'status') !== (phase === 'status')) continue
      const fact = expectationFact(expectation, kind, decided ?? attention)
      // Only what was asked for is told; the status that everybody expects is in the line above.
      if (fact && (phase === 'content' || decided) && facts.length < MAX_FACTS) facts.push(fact)
    }
    if (facts.length === 0) continue
    const notable = facts.some((fact) => fact.tone !== 'plain')
    rows.push({
      phase,
      state: decided ? 'failed' : notable ? 'attention' : 'ok',
      startMs: null,
      ms: null,
      facts,
    })
  }
  return rows
}

/** What one expectation found. Null when there is nothing to tell that the failure itself does not say. */
function expectationFact(expectation: Observation, kind: string, decided: Failure | null): Fact | null {
  const { input, output, failure } = expectation
  if (kind === 'status') return plain(`accepted: ${statusRanges(listOf(input, 'accepted'))}`)
  if (failure) {
    if (failure.code === decided?.code && failure.raw === decided.raw) return null
    return { text: `${failure.code}: ${failure.raw}`, tone: 'notable' }
  }
  const about = shortJson(input['text'] ?? input['path'] ?? '')
  if (output?.['met'] !== true)
    return { text: `${kind.replaceAll('_', ' ')} ${about}: cannot be told`, tone: 'notable' }
  switch (kind) {
    case 'text':
      return plain(`text ${about} found`)
    case 'reject_text':
      return plain(`text ${about} absent`)
    case 'json':
      return plain(`${textOf(input, 'path') ?? ''} is ${String(output['found'])}`)
    case 'certificate_days':
      return plain(`${count(numberOf(output, 'found') ?? 0, 'day')} left on the certificates`)
    case 'time':
      return plain(`within ${duration(numberOf(input, 'maxMs'))}`)
    default:
      return plain(`${kind.replaceAll('_', ' ')} ${about}: as expected`)
  }
}

function statusRanges(ranges: unknown[]): string {
  return ranges
    .map((range) => (Array.isArray(range) ? [...new Set(range)].join('-') : String(range)))
    .join(', ')
}

function shortJson(value: unknown): string {
  const text = JSON.stringify(value) ?? ''
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}
