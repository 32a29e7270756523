// Look 9: the same request again and again over fresh connections: how often does it fail, and does that go with one
// machine of a pool? Runs alone, because other requests would take their turns in the pool.
import type { RepetitionFinding } from '../../../model/drill.ts'
import type { ProbeContext } from '../../context.ts'
import { backendMarks, type Mark } from '../../drill/backend-marks.ts'
import { type Look, notSent, type Subject } from '../../drill/look.ts'
import { firstReason, onlyCertificateAges, withoutAddress } from '../../drill/reasons.ts'
import { type MarkedTry, separatingMark } from '../../drill/separation.ts'

/** Tries, and as many again when the first were of both kinds but too few to tell what they go with. */
const TRIES = 8
const MORE_TRIES = 8

/** Two at a time: gentle, and yet within the time for errors that take a second. */
const AT_ONCE = 2

/** Addresses that take turns; with more of them there are too few tries for each. */
const ADDRESSES = 4

interface Try {
  shown: RepetitionFinding['tries'][number]
  marked: MarkedTry
}

export default {
  id: 'repetition',
  when: 'alone',
  skip: (subject) => firstReason(withoutAddress(subject), onlyCertificateAges(subject)),
  async run(subject, ctx) {
    const tries: Try[] = []
    await repeat(TRIES, tries, subject, ctx)
    let goesWith = separatingMark(tries.map(({ marked }) => marked))
    if (goesWith === null && isMixed(tries)) {
      await repeat(MORE_TRIES, tries, subject, ctx)
      goesWith = separatingMark(tries.map(({ marked }) => marked))
    }
    if (tries.length === 0) return { skipped: notSent(subject) }
    const failed = tries.filter(({ marked }) => marked.failed).length
    const finding: RepetitionFinding = {
      kind: 'repetition',
      tries: tries.map(({ shown }) => shown),
      failed,
      of: tries.length,
      goesWith,
    }
    return { summary: summaryOf(finding), finding }
  },
} satisfies Look

function isMixed(tries: Try[]): boolean {
  const failed = tries.filter(({ marked }) => marked.failed).length
  return failed > 0 && failed < tries.length
}

/** Adds so many tries, two at a time; stops early when time or budget is over. */
async function repeat(count: number, tries: Try[], subject: Subject, ctx: ProbeContext): Promise<void> {
  let next = 0
  let stopped = false
  const addresses = turnsOf(subject, ctx)
  const walk = async (): Promise<void> => {
    while (next < count && !stopped) {
      const ip = addresses[next++ % Math.max(1, addresses.length)]
      const glanced = await subject.site.ask(ip ? { connectTo: { ip, port: null } } : {}, ctx)
      if (!glanced) stopped = true
      else if (glanced.verdict) {
        const { glance, verdict } = glanced
        const marks = backendMarks(glance.fields)
        const named = marks.find(({ what }) => what === 'field') ?? marks[0]
        if (glance.ip !== null && subject.last.proxy === null) marks.push(addressMark(glance.ip))
        const { status, ms } = glance
        const backend = named ? `${named.name}: ${named.value}` : null
        tries.push({
          shown: { ip: glance.ip, verdict, status, ms, backend },
          marked: { failed: verdict !== 'works', marks },
        })
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, walk))
}

function addressMark(ip: string): Mark {
  return { what: 'address', name: 'address', value: ip }
}

/** The addresses that take turns; none when the proxy or an option chooses. */
function turnsOf({ addresses, last }: Subject, { options }: ProbeContext): string[] {
  if (last.proxy !== null || options.connectTo !== null) return []
  return addresses.slice(0, ADDRESSES).map(({ ip }) => ip)
}

function summaryOf({ failed, of, goesWith, tries }: RepetitionFinding): string {
  if (failed === 0) return of === 1 ? 'it worked when tried again' : `it worked all ${of} times when repeated`
  if (failed === of) {
    const other = tries.some(({ verdict }) => verdict === 'other')
    return `it failed ${of === 1 ? 'again' : `all ${of} times`}${other ? ', not always alike' : ''}`
  }
  const often = `it failed ${failed} of ${of} times`
  if (!goesWith) return `${often}; nothing in the answers separates the failures`
  const { what, name, value } = goesWith
  return `${often}, always with ${what === 'address' ? `the address ${value}` : `${name}: ${value}`}`
}
