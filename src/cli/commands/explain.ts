// `whydown explain`: its options and help. The work is in explain-run.ts, loaded when it runs.
import type { Command } from 'commander'
import type { ExplainFlags } from '../explain-run.ts'

const EXAMPLES = `
Examples:
  $ whydown explain 502
  $ whydown explain 0x80244021
  $ whydown explain 'curl: (56) Recv failure: Connection reset by peer'
  $ whydown explain error-page.html
  $ curl -si https://shop.example/ | whydown explain
  $ whydown explain --list

A text that starts with a dash needs -- before it. Nothing is sent anywhere.
Exit status: 0 explained, 1 nothing is known about it, 3 unreadable or wrong
usage.`

/** Adds the command. */
export function addExplainCommand(program: Command, finish: (status: number) => void): void {
  program
    .command('explain')
    .summary('what an error means, whose it is, and what to do now')
    .description(
      'Explains an error: a code in any spelling, a message, a stack trace, an error page or a raw response.',
    )
    .argument('[CODE or TEXT...]', 'what to explain, or a file that holds it; none or - reads standard input')
    .helpOption('-h, --help', 'show this help')
    .option('--file <file>', 'a file to explain, whatever its name; - reads standard input')
    .option('--list', 'list all articles')
    .option('--json', 'the answer as JSON, same as --format json')
    .option('--format <name>', 'text, markdown, html or json (default: text)')
    .option('--ascii', 'plain ASCII instead of drawn characters')
    .option('--color', 'colours even when the output is no terminal')
    .option('--no-color', 'no colours')
    .option('--width <columns>', 'columns of the text output (default: those of the terminal, else 80)')
    .option('--no-pager', 'print long answers at once')
    .addHelpText('after', EXAMPLES)
    .action(async (words: string[], flags: ExplainFlags) => {
      const { runExplainCommand } = await import('../explain-run.ts')
      finish(await runExplainCommand(words, flags))
    })
}
