// The commands, their help and exit statuses. Imports commander and nothing else that costs time.
import { Command, CommanderError } from 'commander'
import { addCheckCommand } from './commands/check.ts'
import { addDiagnoseCommand } from './commands/diagnose.ts'
import { addDoctorCommand } from './commands/doctor.ts'
import { addExplainCommand } from './commands/explain.ts'
import { addWaitCommand } from './commands/wait.ts'
import { WhydownError } from '../model/error.ts'
import { EXIT_UNKNOWN, endWellWhateverHappens, tellMistake } from './ending.ts'
import { nearestCommand } from './nearest-command.ts'
import { packageVersion } from './version.ts'

const EXAMPLES = `
Examples:
  $ whydown https://example.com/           is it up, and if not, where did it break
  $ whydown example.com --expect-text Hi   the page must say Hi
  $ whydown https://example.com/ --json    the whole evidence for a script
  $ whydown https://example.com/ --connect-to 203.0.113.7
                                           one machine behind a name
  $ whydown diagnose evidence.json         judge saved evidence again, offline
  $ whydown explain 0x80244021             what an error means, and what to do
  $ whydown wait https://example.com/      return when it is back
  $ whydown doctor                         is it us
  $ whydown check --help                   every option of a check

Exit status: 0 up, 1 degraded, 2 down, 3 unknown or wrong usage.`

/** Builds the whole command tree; `finish` takes the exit status of the command that ran. */
export function buildProgram(finish: (status: number) => void): Command {
  const program = new Command('whydown')
  program
    .description(
      'Say why a site is down: which link of the chain broke, why, and who must act, with the evidence.',
    )
    .usage('URL [options]\n       whydown COMMAND [options]')
    .option('-V, --version', 'print the version')
    .on('option:version', () => {
      process.stdout.write(`${packageVersion()}\n`)
      throw new CommanderError(0, 'commander.version', '')
    })
    .helpOption('-h, --help', 'show help; `whydown COMMAND --help` shows that of a command')
    .helpCommand('help [command]', 'show help for a command')
    .configureHelp({ showGlobalOptions: false })
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .configureOutput({ outputError: () => {} })
  addCheckCommand(program, finish)
  addDiagnoseCommand(program, finish)
  addExplainCommand(program, finish)
  addWaitCommand(program, finish)
  addDoctorCommand(program, finish)
  return program
}

/** Runs the command line to its end and ends the process with the status of the contract. */
export async function run(args: string[]): Promise<void> {
  endWellWhateverHappens()
  let status = EXIT_UNKNOWN
  const program = buildProgram((ended) => {
    status = ended
  })
  try {
    if (args.length === 0) {
      // Not a success: a script whose URL variable is empty must not take this for "up".
      process.stderr.write(program.helpInformation())
      process.stderr.write(`${EXAMPLES}\n`)
    } else if (args[0] === 'help' && args[1] !== undefined) showHelpOf(args[1], program)
    else await program.parseAsync(withoutDoubledCommand(args), { from: 'user' })
  } catch (error) {
    status = error instanceof CommanderError && error.exitCode === 0 ? 0 : EXIT_UNKNOWN
    if (status !== 0) tellMistake(error)
  }
  process.exitCode = status
  leave(status)
}

/** `whydown help COMMAND`; commander would answer a misspelt one with the general help and no word about it. */
function showHelpOf(name: string, program: Command): void {
  const command = program.commands.find((known) => known.name() === name)
  if (command) command.help()
  const near = nearestCommand(name, program)
  const remedy = near === null ? 'see whydown --help' : `did you mean ${near}?`
  throw new WhydownError('usage', `unknown command "${name}"; ${remedy}`)
}

const COMMANDS: ReadonlySet<string> = new Set(['check', 'diagnose', 'explain', 'wait', 'doctor'])

/** Options before the command's name make commander take the name for the URL: `whydown --json check URL`. */
function withoutDoubledCommand(args: string[]): string[] {
  if (!args[0]?.startsWith('-')) return args
  const at = args.findIndex((arg) => COMMANDS.has(arg))
  return at <= 0 ? args : [args[at] ?? '', ...args.slice(0, at), ...args.slice(at + 1)]
}

/** Leaves when everything written has gone out; a peer that keeps a socket half open does not keep us. */
function leave(status: number): void {
  process.stdout.write('', (error) => {
    // What could not be written is told by the stream's own error event, which comes after this.
    if (error) setImmediate(() => process.exit(EXIT_UNKNOWN))
    else process.stderr.write('', () => process.exit(status))
  })
}
