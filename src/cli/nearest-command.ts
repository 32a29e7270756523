// Which command a misspelt one was meant to be.
import type { Command } from 'commander'

/** Slips a command's name may have and still be recognised. */
const MAX_SLIPS = 2

/** The nearest command's name, null when none is near. */
export function nearestCommand(word: string, program: Command): string | null {
  let best: string | null = null
  let fewest = MAX_SLIPS + 1
  for (const command of program.commands) {
    const slips = distance(word.slice(0, 40), command.name())
    if (slips < fewest) {
      fewest = slips
      best = command.name()
    }
  }
  return best
}

/** Insertions, deletions and replacements from one word to the other (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const replace = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
