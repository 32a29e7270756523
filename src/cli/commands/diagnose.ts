// `whydown diagnose FILE`: its options and help. The work is in diagnose-run.ts, loaded when it runs.
import type { Command } from 'commander'
import type { DiagnoseFlags } from '../diagnose-run.ts'
import { mistake } from '../values.ts'

const EXAMPLES = `
Examples:
  $ whydown https://shop.example/ --save evidence.json
  $ whydown diagnose evidence.json
  $ whydown diagnose evidence.json --format html > for-the-provider.html
  $ curl -si https://shop.example/ | whydown diagnose --response -

Evidence is what check --save wrote. Nothing is sent anywhere. A response is
its bytes as received: status line, fields, content; half of one will do.
Exit status of evidence: 0 up, 1 degraded, 2 down, 3 unknown or unreadable.
Exit status of a response: 0 nothing is wrong with it, 1 degraded, 2 down,
3 the fault is on the asking side, or unreadable.`

/** Adds the command. */
export function addDiagnoseCommand(program: Command, finish: (status: number) => void): void {
  program
    .command('diagnose')
    .summary('judge saved evidence again, without a network')
    .description('Judges saved evidence again, or one raw response on its own, without a network.')
    .argument('[FILE]', 'evidence saved by check --save; - reads standard input')
    .helpOption('-h, --help', 'show this help')
    .allowExcessArguments()
    .option('--response <file>', 'judge one raw HTTP response on its own; - reads standard input')
    .option('--json', 'the whole result as JSON, same as --format json')
    .option('--format <name>', 'text, json, markdown, html or har (default: text)')
    .option('--ascii', 'plain ASCII instead of drawn characters')
    .option('--color', 'colours even when the output is no terminal')
    .option('--no-color', 'no colours')
    .option('--width <columns>', 'columns of the text output (default: those of the terminal, else 80)')
    .option('--no-redact', 'keep cookies and tokens in html and markdown')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string | undefined, flags: DiagnoseFlags, command: Command) => {
      if (command.args.length > 1) throw mistake('one file at a time; quote a name that holds spaces')
      if ((file === undefined) === (flags.response === undefined)) {
        throw mistake(
          file === undefined
            ? 'diagnose needs evidence: name a file that check --save wrote, or give one response with --response'
            : `FILE and --response contradict each other; give one of them`,
        )
      }
      const { diagnoseFile, diagnoseRawResponse } = await import('../diagnose-run.ts')
      finish(
        await (flags.response === undefined
          ? diagnoseFile(file ?? '', flags)
          : diagnoseRawResponse(flags.response, flags)),
      )
    })
}
