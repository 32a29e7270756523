// Some addresses of the name work and others do not: a visitor's luck decides. One family alone is told apart.
import type { GlanceVerdict } from '../../model/drill.ts'
import type { FailureCode } from '../../model/failure.ts'
import type { Evidence } from '../evidence.ts'
import { farEnd } from '../far-end.ts'
import { begin, type Draft, type Rule, withFirstReason, withReason } from '../rule.ts'
import { plain } from '../words/plain.ts'

interface Each {
  ip: string
  family: number
  works: boolean
  says: string
  code: FailureCode | null
  /** The failure is for want of an address of ours. */
  ours: boolean
  evidence: string[]
}

const works = (verdict: GlanceVerdict): boolean => verdict === 'works'

/** Every address that was tried: by the look, else by the check itself. */
function addressesOf(evidence: Evidence): Each[] {
  const found = evidence.finding('addresses')
  if (found) {
    return found.each.map(({ ip, family, verdict, glance }) => ({
      ip,
      family,
      works: works(verdict),
      says: glance.failure?.raw || glance.failure?.code || `status ${glance.status ?? 'none'}`,
      code: glance.failure?.code ?? null,
      ours: glance.failure?.code === 'network_unreachable' && /no IPv[46] address/.test(glance.failure.raw),
      evidence: glance.observations,
    }))
  }
  const each: Each[] = []
  for (const seen of evidence.of('connect')) {
    const { ip, family } = seen.input
    if (typeof ip !== 'string' || seen.output?.['abandoned'] === true) continue
    each.push({
      ip,
      family: family === 6 ? 6 : 4,
      works: seen.failure === null,
      says: seen.failure?.raw ?? 'connected',
      code: seen.failure?.code ?? null,
      ours: /no IPv[46] address/.test(seen.failure?.raw ?? ''),
      evidence: [seen.id],
    })
  }
  return each
}

const CONNECT_CODES: readonly (FailureCode | undefined)[] = [
  'connect_refused',
  'connect_reset',
  'host_unreachable',
  'network_unreachable',
  'connect_timed_out',
]

export default {
  id: 'half-dead-addresses',
  codes: null,
  needs: [],
  after: [
    'connecting',
    'secure-socket',
    'certificate',
    'unanswered',
    'broken-answer',
    'refused-status',
    'hosts-file',
    'redirects',
    'wrong-content',
    'too-slow',
  ],
  judge(evidence, earlier): Draft | null {
    // What a good answer hides is not what the addresses were measured by.
    if (earlier?.final || (earlier && (!evidence.failure || evidence.hidden))) return null
    const code = evidence.failure?.code
    const looked = evidence.finding('addresses') !== null
    const partly = evidence.works && CONNECT_CODES.includes(code)
    if (!looked && !partly) return null
    const each = addressesOf(evidence).filter(({ ours }) => !ours)
    const dead = each.filter((one) => !one.works)
    const alive = each.filter((one) => one.works)
    const ids = looked
      ? (evidence.step('addresses')?.observations ?? [])
      : dead.flatMap((one) => one.evidence)
    if (dead.length > 0 && alive.length === 0 && earlier) {
      if (each.length < 2) return null
      const sure = earlier.confidence === 'possible' ? 'likely' : earlier.confidence
      return withReason(
        { ...earlier, confidence: sure },
        `All ${each.length} addresses of the name fail.`,
        ids,
      )
    }
    if (dead.length === 0 || alive.length === 0) return null
    const families = new Set(dead.map(({ family }) => family))
    const oneFamily = families.size === 1 && !alive.some(({ family }) => families.has(family))
    const which = oneFamily
      ? `IPv${dead[0]?.family} is broken, IPv${alive[0]?.family} works`
      : `${dead.length} of ${each.length} addresses fail (${plain(dead[0]?.ip ?? '', 45)}${dead.length > 1 ? ', ...' : ''})`
    const far = farEnd(evidence)
    const draft =
      earlier ??
      begin(evidence, {
        link: far.link,
        party: far.party,
        causes: [code ?? dead[0]?.code ?? 'status_unaccepted'],
        confidence: 'certain',
        what: '',
      })
    return withFirstReason(
      {
        ...draft,
        confidence: 'certain',
        what: earlier
          ? `${which}: ${earlier.what}`
          : oneFamily
            ? `${which}: visitors who prefer it wait or fail`
            : `${which}, so it depends on luck who gets through`,
        effect: 'degraded',
        visitor: ['Try again, or from another network: other addresses of the site work.'],
        operator: [
          `Take the dead addresses out of the DNS or mend what stands there: ${dead
            .slice(0, 4)
            .map(({ ip }) => plain(ip, 45))
            .join(', ')}.`,
          ...draft.operator,
        ],
      },
      `${dead
        .slice(0, 3)
        .map((one) => `${plain(one.ip, 45)} fails (${plain(one.says, 80)})`)
        .join('; ')}; ${alive.length} of ${each.length} addresses work.`,
      ids,
    )
  },
} satisfies Rule
