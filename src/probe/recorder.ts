// Writes down what happened, in order, with offsets from one zero time. Judges nothing.
import type { Failure } from '../model/failure.ts'
import type { Observation, Operation } from '../model/observation.ts'
import type { Io } from './io.ts'

export class Recorder {
  readonly observations: Observation[] = []
  readonly startedWallMs: number
  readonly #io: Io
  readonly #zeroMs: number

  constructor(io: Io) {
    this.#io = io
    this.#zeroMs = io.clock.nowMs()
    this.startedWallMs = io.clock.wallMs()
  }

  /** Milliseconds since the check began, monotonic. */
  nowMs(): number {
    return this.#io.clock.nowMs() - this.#zeroMs
  }

  /** Opens an observation; until it is closed its end is its start. */
  begin(operation: Operation, input: Record<string, unknown>): Observation {
    const startMs = this.nowMs()
    const observation: Observation = {
      id: `o${this.observations.length + 1}`,
      operation,
      startMs,
      endMs: startMs,
      input,
      output: null,
      failure: null,
    }
    this.observations.push(observation)
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
