// Writes down what happened, in order, with offsets from one zero time. Judges nothing.
import type { Failure } from '../model/failure.ts'
import type { Observation, Operation } from '../model/observation.ts'
import type { Io } from './io.ts'

/** Nearly every check has fewer observations than this. */
const IDS = Array.from({ length: 32 }, (_, index) => `o${index + 1}`)

export class Recorder {
  /** Everything of the check, in the order it began. */
  readonly observations: Observation[]
  /** What was begun through this recorder alone: all of it, but for a scope only its own part. */
  readonly own: Observation[]
  /** Ids of `own`, for a scope. */
  readonly ids: string[] = []
  readonly startedWallMs: number
  readonly #io: Io
  readonly #zeroMs: number
  /** The scope around this one: what is begun here is its own too. */
  readonly #outer: Recorder | null

  constructor(io: Io, whole: Recorder | null = null) {
    this.#io = io
    this.#zeroMs = whole ? whole.#zeroMs : io.clock.nowMs()
    this.startedWallMs = whole ? whole.startedWallMs : io.clock.wallMs()
    this.observations = whole ? whole.observations : []
    this.own = whole ? [] : this.observations
    this.#outer = whole && whole.own !== whole.observations ? whole : null
  }

  /** A recorder that writes into the same evidence and knows which part of it is its own. Scopes may run side by side. */
  scope(): Recorder {
    return new Recorder(this.#io, this)
  }

  /** Milliseconds since the check began, monotonic. */
  nowMs(): number {
    return this.#io.clock.nowMs() - this.#zeroMs
  }

  /** Opens an observation; until it is closed its end is its start. */
  begin(operation: Operation, input: Record<string, unknown>): Observation {
    const startMs = this.nowMs()
    const observation: Observation = {
      id: IDS[this.observations.length] ?? `o${this.observations.length + 1}`,
      operation,
      startMs,
      endMs: startMs,
      input,
      output: null,
      failure: null,
    }
    this.observations.push(observation)
    if (this.own !== this.observations) {
      this.own.push(observation)
      this.ids.push(observation.id)
    }
    for (let outer = this.#outer; outer !== null; outer = outer.#outer) outer.own.push(observation)
    this.#io.progress?.(observation, true)
    return observation
  }

  /** Closes it as done. */
  end(observation: Observation, output: Record<string, unknown> | null = null): void {
    observation.endMs = this.nowMs()
    observation.output = output
    this.#io.progress?.(observation, false)
  }

  /** Closes it as failed; `output` is the part that did happen. */
  fail(observation: Observation, failure: Failure, output: Record<string, unknown> | null = null): void {
    observation.endMs = this.nowMs()
    observation.failure = failure
    observation.output = output
    this.#io.progress?.(observation, false)
  }
}

/** Notes on an observation what was tolerated. */
export function note(observation: Observation, says: string): void {
  if (observation.notes) observation.notes.push(says)
  else observation.notes = [says]
}
