// How a command line ends: mistakes in one sentence, our own bugs as such, closed pipes in silence.
import { CommanderError } from 'commander'
import { WhydownError } from '../model/error.ts'
import { debugWanted } from './environment.ts'

/** Monitoring plugin convention: 3 is "unknown", also for wrong usage. */
export const EXIT_UNKNOWN = 3

const EXIT_OF_OUTCOME = { up: 0, degraded: 1, down: 2, unknown: EXIT_UNKNOWN } as const

/** Exit status of an outcome, by the convention of monitoring plugins. */
export function exitStatus(outcome: keyof typeof EXIT_OF_OUTCOME): number {
  return EXIT_OF_OUTCOME[outcome]
}

/** Tells standard error about a mistake of the caller's or a bug of ours. A stack only with WHYDOWN_DEBUG. */
export function tellMistake(error: unknown): void {
  if (error instanceof CommanderError) {
    const says = error.message
      .replace(/^error: /, '')
      .replace(/\s*\n\(?/g, ' (')
      .trim()
    if (says !== '') process.stderr.write(`whydown: ${oneLine(says)}; see whydown check --help.\n`)
    return
  }
  if (error instanceof WhydownError) {
    const hint = error.hint ? ` ${error.hint}` : ''
    process.stderr.write(`whydown: ${oneLine(ended(error.message) + (hint && ended(hint)))}\n`)
    if (debugWanted() && error.cause instanceof Error) process.stderr.write(`${error.cause.stack ?? ''}\n`)
    return
  }
  const says = error instanceof Error ? error.message : String(error)
  process.stderr.write(`whydown: ${ended(oneLine(says))} This is a bug in whydown, not in the site.\n`)
  if (debugWanted() && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`)
}

function ended(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`
}

/** Arguments and file names may hold anything; a mistake is told in one harmless line. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
}

/**
 * Ends the process with status 3 for what nobody caught, instead of Node's 1, which would say "degraded". A reader
 * that went away (`whydown ... | head -1`) is no error and ends it quietly.
 */
export function endWellWhateverHappens(): void {
  process.once('uncaughtException', (error) => {
    tellMistake(error)
    process.exit(EXIT_UNKNOWN)
  })
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(process.exitCode ?? EXIT_UNKNOWN)
      tellMistake(new WhydownError('unreadable', `the output cannot be written: ${error.message}`))
      process.exit(EXIT_UNKNOWN)
    })
  }
}
