// What one look of the drill found, as a table: every request it sent, every server it asked. Chooses columns and
// words; neither makes safe nor lays out. Takes findings of older and newer versions, too: what is not there is blank.
import type { DrillFinding, Glance } from '../model/drill.ts'
import { byteCount, duration } from './figures.ts'

/** Rows of one look. */
const MAX_ROWS = 40

export interface LookTable {
  head: string[]
  rows: string[][]
}

const GLANCE_HEAD = ['asked', 'at', 'what came', 'time']

/** What came of one request, in a few words. */
function cameOf(glance: Glance): string {
  const { failure, status, bodyBytes } = glance
  const answer = status === null ? '' : `status ${status}`
  const size = bodyBytes === null ? '' : byteCount(bodyBytes)
  const failed = failure && failure.code !== 'status_unaccepted' ? `${failure.code}: ${failure.raw}` : ''
  return [answer, size, failed].filter((part) => part !== '').join(', ') || 'nothing'
}

function glanceRow(glance: Glance, lead = ''): string[] {
  return [
    lead === '' ? glance.asked : `${lead}: ${glance.asked}`,
    glance.ip ?? '',
    cameOf(glance),
    duration(glance.ms),
  ]
}

function glances(given: readonly (readonly [string, Glance | null])[]): LookTable {
  const rows: string[][] = []
  for (const [lead, glance] of given) if (glance) rows.push(glanceRow(glance, lead))
  return { head: GLANCE_HEAD, rows }
}

function tableOf(finding: DrillFinding): LookTable {
  switch (finding.kind) {
    case 'addresses':
      return glances(finding.each.map(({ verdict, glance }) => [verdict, glance]))
    case 'resolvers':
      return {
        head: ['server', 'role', 'answer', 'addresses'],
        rows: finding.said.map((said) => [
          said.name === null ? said.server : `${said.name} (${said.server})`,
          said.role,
          [
            said.rcode ?? said.failure?.code ?? 'no answer',
            said.lame ? 'not responsible (lame)' : '',
            ...said.extendedErrors.map(({ name, text }) => `${name} ${text}`.trim()),
          ]
            .filter((part) => part !== '')
            .join(', '),
          [...said.aliases.map((alias) => `alias ${alias}`), ...said.addresses].join(', '),
        ]),
      }
    case 'protocols':
      return glances([
        ['other scheme', finding.otherScheme],
        ['HTTP/1.1', finding.http1],
        ['HTTP/2', finding.http2],
        ['without server name', finding.withoutName],
        ['certificate not judged', finding.unverified],
      ])
    case 'cache':
      return glances([
        ['no-cache', finding.noCache],
        ['fresh query', finding.freshQuery],
        ['without cookies and conditions', finding.bare],
      ])
    case 'paths':
      return glances(finding.each.map(({ verdict, glance }) => [verdict, glance]))
    case 'proxy':
      return glances([['without the proxy', finding.glance]])
    case 'origin':
      return {
        head: ['what', 'the check', 'the origin'],
        rows: finding.differences.map(({ what, check, origin }) => [what, check ?? '', origin ?? '']),
      }
    case 'hops':
      return {
        head: ['hop', 'who', 'asked with', 'how we know'],
        rows: finding.hops.map(({ number, server, method, howWeKnow }) => [
          String(number),
          server ?? 'unknown',
          method,
          howWeKnow,
        ]),
      }
    case 'repetition':
      return {
        head: ['try', 'at', 'result', 'backend', 'time'],
        rows: finding.tries.map(({ ip, verdict, status, ms, backend }, index) => [
          String(index + 1),
          ip ?? '',
          `${verdict}${status === null ? '' : `, status ${status}`}`,
          backend ?? '',
          duration(ms),
        ]),
      }
    case 'references':
      return {
        head: ['site', 'result', 'time'],
        rows: finding.each.map(({ url, works, failure, ms }) => [
          url,
          works ? 'works' : (failure?.code ?? 'does not work'),
          duration(ms),
        ]),
      }
    case 'timing':
      return {
        head: ['measured', 'value'],
        rows: [
          ['from the request to the error', duration(finding.errorMs)],
          ['round trip to the peer', duration(finding.roundTripMs)],
          ...finding.timeouts.map(({ seconds, setting, product }) => [
            `${setting} (${product})`,
            `${seconds} s by default`,
          ]),
        ],
      }
    case 'difference':
      return {
        head: ['what', `good check of ${finding.goodStartedAt}`, 'now'],
        rows: finding.changes.map(({ what, before, now }) => [what, before ?? '', now ?? '']),
      }
    case 'path':
      return {
        head: ['hop', 'address', 'time', 'says'],
        rows: finding.hops.map(({ ttl, ip, ms, says }) => [String(ttl), ip ?? '*', duration(ms), says ?? '']),
      }
    default:
      return finding satisfies never
  }
}

/** The table of a finding; null when there is nothing to list. Rows beyond the bound are counted in the last one. */
export function lookTable(finding: DrillFinding | null): LookTable | null {
  if (!finding) return null
  const table = tableOf(finding)
  if (table.rows.length === 0) return null
  if (table.rows.length <= MAX_ROWS) return table
  const more = [`and ${table.rows.length - MAX_ROWS} more`]
  return { head: table.head, rows: [...table.rows.slice(0, MAX_ROWS), more] }
}
