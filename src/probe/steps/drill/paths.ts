// Look 5: other pages of the site and HEAD beside GET, to see whether the application, one page or one method fails.
import type { GlanceVerdict, PathsFinding } from '../../../model/drill.ts'
import type { ProbeContext } from '../../context.ts'
import { type Glanced, type Look, type LookMethod, notSent, type Subject } from '../../drill/look.ts'
import { staticFileOf } from '../../drill/page-parts.ts'
import {
  beforeRequest,
  firstReason,
  inShort,
  nothingFailed,
  onlyCertificateAges,
} from '../../drill/reasons.ts'
import { readContent } from '../content.ts'

type Each = PathsFinding['each'][number]

/**
 * again: the check's own request, in case it works by now; own: its path with another method; missing: a path that
 * surely does not exist; other: any other page.
 */
interface Wanted {
  url: URL
  method: LookMethod
  role: 'again' | 'own' | 'other' | 'missing'
}

/** Pages that most sites have, and that are made in different ways. */
const WELL_KNOWN = ['/', '/robots.txt', '/favicon.ico']

export default {
  id: 'paths',
  when: 'side-by-side',
  skip: (subject) =>
    firstReason(nothingFailed(subject), beforeRequest(subject), onlyCertificateAges(subject)),
  async run(subject, ctx) {
    const wanted = wantedOf(subject, ctx)
    const asked = await Promise.all(
      wanted.map(async (want) => ({ want, glanced: await ask(want, subject, ctx) })),
    )
    const file = await askFile(asked, subject, ctx)
    if (file) asked.push(file)
    const each: Each[] = []
    const roles: Wanted['role'][] = []
    for (const { want, glanced } of asked) {
      if (!glanced?.verdict) continue
      each.push({
        path: `${want.url.pathname}${want.url.search}`,
        method: want.method,
        verdict: verdictFor(want, glanced, glanced.verdict),
        glance: glanced.glance,
      })
      roles.push(want.role)
    }
    if (each.length === 0) return { skipped: notSent(subject) }
    const extent = extentOf(each, roles, subject)
    return { summary: summaryOf(each, extent), finding: { kind: 'paths', each, extent } }
  },
} satisfies Look

function wantedOf({ url, plan, planIsTamer }: Subject, ctx: ProbeContext): Wanted[] {
  const own = `${url.pathname}${url.search}`
  const again = plan.method === 'HEAD' ? 'HEAD' : 'GET'
  const wanted: Wanted[] = planIsTamer ? [] : [{ url, method: again, role: 'again' }]
  for (const path of WELL_KNOWN) {
    if (path !== own) wanted.push({ url: new URL(path, url.origin), method: 'GET', role: 'other' })
  }
  const mark = ctx.io.randomInt(2 ** 31).toString(36)
  wanted.push({ url: new URL(`/whydown-${mark}`, url.origin), method: 'GET', role: 'missing' })
  wanted.push({ url, method: plan.method === 'HEAD' ? 'GET' : 'HEAD', role: 'own' })
  if (planIsTamer) wanted.push({ url, method: 'GET', role: 'own' })
  return wanted
}

function ask(want: Wanted, subject: Subject, ctx: ProbeContext): Promise<Glanced | null> {
  const { url, method, role } = want
  return subject.site.ask({ url, method, expects: role === 'again' ? 'all' : 'status' }, ctx)
}

/** A static file that the front page names: often served by the gateway itself, without the application. */
async function askFile(
  asked: { want: Wanted; glanced: Glanced | null }[],
  subject: Subject,
  ctx: ProbeContext,
): Promise<{ want: Wanted; glanced: Glanced | null } | null> {
  const page = asked.find(({ want, glanced }) => want.url.pathname === '/' && glanced?.verdict === 'works')
  const cycle = page?.glanced?.cycle
  const response = cycle?.exchange.response
  if (!page || !cycle || !response) return null
  const { text } = await readContent(cycle, response, ctx)
  const url = staticFileOf(text, page.want.url)
  if (!url || asked.some(({ want }) => want.url.href === url.href)) return null
  const want: Wanted = { url, method: 'GET', role: 'other' }
  return { want, glanced: await ask(want, subject, ctx) }
}

/** A page that cannot exist works when it is said not to exist, unless that is the very failure of the check. */
function verdictFor({ role }: Wanted, { glance }: Glanced, verdict: GlanceVerdict): GlanceVerdict {
  const gone = glance.status === 404 || glance.status === 410
  return role === 'missing' && verdict === 'other' && gone ? 'works' : verdict
}

/** Says only what all answers agree on, and nothing when the check's own request works by now. */
function extentOf(each: Each[], roles: Wanted['role'][], subject: Subject): PathsFinding['extent'] {
  const of = (role: Wanted['role']): Each[] => each.filter((_, index) => roles[index] === role)
  const [others, missing] = [of('other'), of('missing')]
  if (of('again').some(({ verdict }) => verdict === 'works')) return 'unknown'
  const methodWorks = of('own').some(({ verdict }) => verdict === 'works')
  // The very page answers another method than the check's POST: then it is the method, whatever other pages do.
  if (methodWorks && subject.planIsTamer) return 'method'
  if (others.length === 0) return 'unknown'
  if (others.some(({ verdict }) => verdict === 'works')) return 'page'
  if (methodWorks) return 'method'
  return [...others, ...missing].every(({ verdict }) => verdict === 'same') ? 'site' : 'unknown'
}

function summaryOf(each: Each[], extent: PathsFinding['extent']): string {
  const list = each
    .map(
      ({ path, method, glance }) => `${method === 'GET' ? '' : `${method} `}${clip(path)} ${inShort(glance)}`,
    )
    .join(', ')
  switch (extent) {
    case 'site':
      return `every path fails alike: ${list}`
    case 'page':
      return `other pages work: ${list}`
    case 'method':
      return `it depends on the method: ${list}`
    case 'unknown':
      return `other paths do not tell how far it reaches: ${list}`
    default:
      return extent satisfies never
  }
}

function clip(path: string): string {
  return path.length <= 40 ? path : `${path.slice(0, 37)}...`
}
