// Which command a misspelt one was meant to be.
import type { Command } from 'commander'
import { editDistance } from '../util/edit-distance.ts'

/** Slips a command's name may have and still be recognised. */
const MAX_SLIPS = 2

/** The nearest command's name, null when none is near. */
export function nearestCommand(word: string, program: Command): string | null {
  let best: string | null = null
  let fewest = MAX_SLIPS + 1
  for (const command of program.commands) {
    const slips = editDistance(word.slice(0, 40), command.name(), MAX_SLIPS)
    if (slips < fewest) {
      fewest = slips
      best = command.name()
    }
  }
  return best
}
