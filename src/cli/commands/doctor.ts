// `whydown doctor`: its options and help. The work is in doctor-run.ts, loaded when it runs.
import type { Command } from 'commander'
import type { DoctorFlags } from '../doctor-run.ts'
import { mistake } from '../values.ts'

const EXAMPLES = `
Examples:
  $ whydown doctor
  $ whydown doctor --resolver 9.9.9.9         is that resolver better
  $ whydown doctor --reference https://intranet.example/ --reference https://www.example.com/
  $ whydown doctor --json

Looks at interfaces, routes, each resolver, sites of several operators by name
and by address over IPv4 and IPv6, pages of known content (captive portals),
the proxies of the environment, large answers (MTU) and the clock. Asks each
site a few times, for at most --timeout in all. Needs no rights.
Exit status: 0 all well, 1 something of ours is degraded, 2 it is us, 3 cannot
tell (also wrong usage).`

function several(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value]
}

/** Adds the command. */
export function addDoctorCommand(program: Command, finish: (status: number) => void): void {
  const doctor = program
    .command('doctor')
    .summary('is it us: this machine, its network, its provider')
    .description(
      'Says whether the trouble is on this side: this machine, its network, its resolver or its provider.',
    )
    .helpOption('-h, --help', 'show this help')
    .allowExcessArguments()
    .addHelpText('after', EXAMPLES)

  doctor
    .optionsGroup('What to ask:')
    .option('--reference <url>', 'site that should work, instead of well-known ones; repeatable', several)
    .option('--resolver <ip[:port]>', "name server to look at instead of the system's; repeatable", several)
    .option('--portal-url <url>', 'page of known content: 204, or the text of --portal-text')
    .option('--portal-text <text>', 'text that the page of --portal-url holds')
    .option('--proxy <url>', 'proxy to look at, or none (default: from the environment)')
    .option('--ca <file>', 'more trusted roots, PEM')
    .option('--timeout <duration>', 'for all of it (default: 9s)')

  doctor
    .optionsGroup('Output:')
    .option('--json', 'everything that was seen, for a script')
    .option('--ascii', 'plain ASCII instead of drawn characters')
    .option('--color', 'colours even when the output is no terminal')
    .option('--no-color', 'no colours')
    .option('--width <columns>', 'columns of the text output (default: those of the terminal, else 80)')

  doctor.action(async (flags: DoctorFlags, command: Command) => {
    if (command.args.length > 0) {
      throw mistake(
        'doctor takes no URL; for a site use whydown URL, for sites that should work --reference URL',
      )
    }
    const { runDoctorCommand } = await import('../doctor-run.ts')
    finish(await runDoctorCommand(flags))
  })
}
