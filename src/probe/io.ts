// What the probe needs from the machine besides sockets, in one record, so that tests can bring their own.
import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Observation } from '../model/observation.ts'
import { type Clock, systemClock } from '../util/clock.ts'

export interface Io {
  clock: Clock
  /** A whole number from 0 to max-1, not to be guessed by a peer (DNS ids, ports). */
  randomInt(max: number): number
  /** The text of a small system file such as the hosts file; null when it cannot be read. */
  readText(path: string): string | null
  /** Called whenever an observation begins or ends, for live progress. */
  progress: ((observation: Observation, open: boolean) => void) | null
  /** Called whenever a look of the drill begins or ends, for live progress. */
  look?: (step: string, open: boolean) => void
}

export const systemIo: Io = {
  clock: systemClock,
  randomInt: (max) => randomInt(max),
  readText: (path) => {
    try {
      return readFileSync(path, 'utf8')
    } catch {
      return null
    }
  },
  progress: null,
}
