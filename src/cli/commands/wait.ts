// `whydown wait URL`: its options and help. The work is in wait-run.ts, loaded when it runs.
import type { Command } from 'commander'
import type { WaitFlags } from '../wait-run.ts'
import { mistake } from '../values.ts'

const EXAMPLES = `
Examples:
  $ whydown wait https://shop.example/
  $ whydown wait https://shop.example/ --timeout 2h --then 'notify-send "The shop is back"'
  $ whydown wait https://shop.example/ --expect-text 'Add to cart' --successes 5
  $ whydown wait https://old.example/ --until down

Every address that failed must work again. Pauses grow from --interval to
--max-interval, vary by a fifth, and are never shorter than the site asks for
(Retry-After). Ctrl-C prints the story so far.
The command of --then is run without a shell and finds in its environment:
WHYDOWN_URL, WHYDOWN_STATE, WHYDOWN_WAITED_SECONDS, WHYDOWN_DOWN_SECONDS,
WHYDOWN_LOOKS, WHYDOWN_CODE, WHYDOWN_NUMBER, WHYDOWN_CAUSE, WHYDOWN_HEADLINE,
WHYDOWN_ARTICLE, WHYDOWN_CHANGES.
Exit status: 0 the wait is over, 2 gave up, 3 the fault was on our side (the
command failed, too).`

function several(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value]
}

/** Adds the command. */
export function addWaitCommand(program: Command, finish: (status: number) => void): void {
  const wait = program
    .command('wait')
    .summary('wait until a site is back, and say what it was')
    .description(
      'Waits until a site is back (or down): looks again and again, and says when it changes and why.',
    )
    .argument('<URL>', 'what to wait for')
    .helpOption('-h, --help', 'show this help')
    .allowExcessArguments()
    .addHelpText('after', EXAMPLES)

  wait
    .optionsGroup('Waiting:')
    .option('--until <state>', 'up or down (default: up)')
    .option('--successes <n>', 'so many times in a row (default: 2)')
    .option('--interval <duration>', 'first pause between two looks (default: 5s)')
    .option('--max-interval <duration>', 'longest pause (default: 60s)')
    .option('--timeout <duration>', 'give up after this (default: never)')
    .option('--then <command>', 'run this when the wait is over')
    .option('--no-bell', 'do not ring the bell of the terminal at the end')

  wait
    .optionsGroup('Output:')
    .option('--json', 'one JSON object a line: each event, then the summary')
    .option('--ascii', 'plain ASCII instead of drawn characters')
    .option('--color', 'colours even when the output is no terminal')
    .option('--no-color', 'no colours')
    .option('--width <columns>', 'columns of the text output (default: those of the terminal, else 80)')

  wait
    .optionsGroup('Each look, as for check:')
    .option('--check-timeout <duration>', 'for one look (default: 20s)')
    .option('--connect-timeout <duration>', 'for connecting to one address')
    .option('--method <name>', 'request method (default: GET)')
    .option('--header <line>', "request field 'Name: value'; repeatable", several)
    .option('--user <user:password>', 'Basic authentication')
    .option('--bearer <token>', 'Bearer authentication')
    .option('--expect-status <ranges>', 'accepted statuses (default: 200-399)')
    .option('--expect-text <text>', 'text that must be in the content; repeatable', several)
    .option('--reject-text <text>', 'text that must not be there; repeatable', several)
    .option('--expect-json <path=value>', 'JSON value at a path; repeatable', several)
    .option('--connect-to <ip[:port]>', 'dial this instead, keep Host and SNI')
    .option('--proxy <url>', 'proxy to use, or none (default: from the environment)')
    .option('--resolver <ip[:port]>', "name server to ask instead of the system's; repeatable", several)
    .option('-4', 'IPv4 only')
    .option('-6', 'IPv6 only')
    .option('--http1', 'HTTP/1.1 only')
    .option('--http2', 'HTTP/2 only')
    .option('--ca <file>', 'more trusted roots, PEM')
    .option('--insecure', 'do not judge the certificate')
    .option('--server-name <name>', "name to send as SNI instead of the URL's host")

  wait.action(async (url: string, flags: WaitFlags, command: Command) => {
    if (command.args.length > 1) throw mistake('one URL at a time; quote a URL that holds spaces or &')
    const { runWaitCommand } = await import('../wait-run.ts')
    finish(await runWaitCommand(url, flags))
  })
}
