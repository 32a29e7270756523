// `whydown check URL`: its options and help. The work is in check-run.ts, loaded when a check runs.
import type { Command } from 'commander'
import { WhydownError } from '../../model/error.ts'
import type { CheckFlags } from '../check-flags.ts'
import { nearestCommand } from '../nearest-command.ts'

const EXAMPLES = `
Examples:
  $ whydown check https://shop.example/ --expect-text 'Add to cart'
  $ whydown check https://api.example/health --expect-json status=ok
  $ whydown check https://api.example/ --method PUT --data @body.json \\
      --header 'Content-Type: application/json'
  $ whydown check https://shop.example/ --connect-to 203.0.113.7:8443
  $ whydown check https://shop.example/ --format har > shop.har
  $ whydown check https://shop.example/ --format html > for-the-provider.html
  $ whydown check https://shop.example/ --origin 203.0.113.7 --contact
  $ whydown check https://shop.example/ --repeat 10

Further looks: when the check fails, the site is looked at from more sides to
find the broken link: each of its addresses, other resolvers, other protocols
and paths, past caches and proxies, again and again. They send GET, HEAD,
OPTIONS and TRACE only, never your POST again, at most 60 requests to the site,
and take at most 15 s. Targets of this machine or network are never compared
with anybody on the Internet. With --repeat, only the first failure is looked
at, unless --drill says otherwise.

Durations: 500ms, 20s, 2m; a plain number is seconds. Sizes: 4096, 64k, 4m.
Exit status: 0 up, 1 degraded, 2 down, 3 unknown or wrong usage.`

/** An option that may stand several times and collects its values. */
function several(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value]
}

/** More than one argument: a command that does not exist, or two URLs. */
function tooMany(first: string, second: string, program: Command): string {
  const near = nearestCommand(first, program)
  if (near !== null) return `unknown command "${first}"; did you mean ${near}? See whydown --help`
  return `one URL at a time, but "${first}" and "${second}" were given; quote a URL that holds spaces or &`
}

/** Adds the command; it is the default one, so that `whydown URL` runs it. */
export function addCheckCommand(program: Command, finish: (status: number) => void): void {
  const check = program
    .command('check', { isDefault: true })
    .summary('check a URL once; when it fails, find the broken link')
    .description(
      'Checks a URL once: resolve, connect, tls, send, wait, receive, and what came. When it fails, says which link broke, why, and who must act.',
    )
    .argument('<URL>', 'what to check; without a scheme https is tried, then http')
    .helpOption('-h, --help', 'show this help')
    .allowExcessArguments()
    .addHelpText('after', EXAMPLES)

  check
    .optionsGroup('Output:')
    .option('--json', 'the whole result as JSON, same as --format json')
    .option('--format <name>', 'text, json, markdown, html or har (default: text)')
    .option('--save <file>', 'write the evidence as JSON to a file, also on failure')
    .option('--no-redact', 'keep cookies and tokens in html and markdown')
    .option('--ascii', 'plain ASCII instead of drawn characters')
    .option('--color', 'colours even when the output is no terminal')
    .option('--no-color', 'no colours')
    .option('--width <columns>', 'columns of the text output (default: those of the terminal, else 80)')
    .option('--repeat <n>', 'check so many times, one after the other; the worst decides (default: 1)')

  check
    .optionsGroup('Request:')
    .option('--method <name>', 'request method (default: GET, with --data POST)')
    .option('--header <line>', "request field 'Name: value', replaces ours; repeatable", several)
    .option('--data <text>', 'request content; @FILE reads a file, @- standard input')
    .option('--user <user:password>', 'Basic authentication')
    .option('--bearer <token>', 'Bearer authentication')
    .option('--user-agent <text>', 'who to say we are')
    .option('--max-redirects <n>', 'redirects to follow; 0 judges the first answer (default: 10)')
    .option('--no-redirects', 'follow none, same as --max-redirects 0')
    .option('--max-body <size>', 'content to read at most (default: 4m)')

  check
    .optionsGroup('Expectations:')
    .option('--expect-status <ranges>', 'accepted statuses, such as 200-299,404 or 2xx (default: 200-399)')
    .option('--expect-text <text>', 'text that must be in the content; repeatable', several)
    .option('--reject-text <text>', 'text that must not be there; repeatable', several)
    .option(
      '--expect-json <path=value>',
      'JSON value at a path, or a path that must exist; repeatable',
      several,
    )
    .option('--expect-time <duration>', 'slower than this is degraded')
    .option('--expect-cert-days <n>', 'fewer days left on a certificate is degraded')

  check
    .optionsGroup('Connection:')
    .option('--timeout <duration>', 'for the whole check, redirects included (default: 20s)')
    .option('--connect-timeout <duration>', 'for connecting to one address')
    .option('--connect-to <ip[:port]>', 'dial this instead, keep Host and SNI; proxies are left out')
    .option('--proxy <url>', 'http, https, socks5 or socks5h proxy, or none (default: from the environment)')
    .option('--resolver <ip[:port]>', "name server to ask instead of the system's; repeatable", several)
    .option('-4', 'IPv4 only')
    .option('-6', 'IPv6 only')
    .option('--http1', 'HTTP/1.1 only')
    .option('--http2', 'HTTP/2 only')
    .option('--allow-network <cidr>', 'dial nothing outside these networks; repeatable', several)
    .option('--deny-network <cidr>', 'never dial these networks; repeatable', several)

  check
    .optionsGroup('TLS:')
    .option('--ca <file>', 'more trusted roots, PEM')
    .option('--cert <file>', 'client certificate, PEM; may hold the key, too')
    .option('--key <file>', 'key of the client certificate, PEM')
    .option('--key-passphrase-file <file>', 'file whose first line is the passphrase of the key')
    .option('--insecure', 'record the objections to the certificate, but do not judge it')
    .option('--server-name <name>', "name to send as SNI instead of the URL's host; '' sends none")

  check
    .optionsGroup('Further looks, when the check fails:')
    .option('--no-drill', 'take none; whoever else is asked learns nothing')
    .option('--drill', 'take them always, also when the site is up')
    .option('--origin <ip[:port]>', 'the machine that really hosts the site, to compare it with')
    .option('--compare <file>', 'a good check saved with --save, to tell what changed')
    .option('--compare-resolver <ip[:port]>', 'another name server to compare with; repeatable', several)
    .option('--reference <url>', 'a site that should work from here; repeatable', several)
    .option('--contact', 'find out whom to write to: asks the registry of the address')
    .option('--rdap-bootstrap <url>', "lists of registries to use instead of IANA's")

  check.action(async (url: string, flags: CheckFlags, command: Command) => {
    if (command.args.length > 1) throw new WhydownError('usage', tooMany(url, command.args[1] ?? '', program))
    const { runCheckCommand } = await import('../check-run.ts')
    finish(await runCheckCommand(url, flags))
  })
}
