// What a trace says about where the way to a port ends. Pure: sends nothing.
import type { PathFinding } from '../../model/drill.ts'
import type { HopAnswer, Trace } from '../trace/tcp-trace.ts'

/** Where the way ends, and one line for a person. */
interface PathJudged {
  end: PathFinding['end']
  summary: string
}

/** Judges a trace to `ip`. Silence is told from a firewall's answer only by what somebody says. */
export function judgePath({ answers, refusalBeforeHost }: Trace, ip: string): PathJudged {
  const end = answers.at(-1)
  const known = answers.findLast(({ ip: from }) => from !== null)
  if (!end) return { end: 'unknown', summary: 'nothing was traced' }
  const where = `hop ${end.ttl}`
  switch (end.means) {
    case 'accepts':
      return { end: 'reached', summary: `the host is reached at ${where} and now accepts the connection` }
    case 'refuses':
      return refusalBeforeHost === true
        ? {
            end: 'firewall',
            summary: `the connection is refused at ${where}, before the host: other packets go farther`,
          }
        : { end: 'reached', summary: `the host is reached at ${where} and refuses` }
    case 'prohibited':
    case 'port_unreachable':
      return end.ip === ip
        ? { end: 'reached', summary: `the host itself says at ${where}: ${end.says}` }
        : { end: 'firewall', summary: `${end.ip ?? 'somebody'} at ${where} says: ${end.says}` }
    case 'own_system':
      return { end: 'unknown', summary: `the packets do not leave this machine (${end.says})` }
    case 'unreachable':
      return { end: 'silence', summary: `${end.ip ?? 'somebody'} at ${where} knows no way on: ${end.says}` }
    case 'passes_on':
    case 'nothing':
      return known
        ? { end: 'silence', summary: `silence behind ${describe(known)}` }
        : { end: 'unknown', summary: 'no hop on the way answers at all' }
    default:
      return end.means satisfies never
  }
}

function describe({ ttl, ip }: HopAnswer): string {
  return `hop ${ttl} (${ip})`
}
