// Look 4: the same request past caches and without state, to see whether the error itself is cached. Claims that
// only when what is past the cache works while the plain request keeps failing.
import type { CacheFinding } from '../../../model/drill.ts'
import type { FieldLine } from '../../../model/result.ts'
import { cacheSign, looksSigned, withFreshQuery } from '../../drill/cache-signs.ts'
import type { ProbeContext } from '../../context.ts'
import { type Glanced, type Look, notSent, type Subject } from '../../drill/look.ts'
import {
  beforeRequest,
  firstReason,
  inShort,
  nothingFailed,
  onlyCertificateAges,
} from '../../drill/reasons.ts'

/** RFC 9111, 5.2.1.4 and 5.4: for caches of HTTP/1.1 and of HTTP/1.0. */
const NO_CACHE: FieldLine[] = [
  ['Cache-Control', 'no-cache'],
  ['Pragma', 'no-cache'],
]

/** Request fields that make an answer depend on what came before. */
const CONDITIONS = new Set(['cookie', 'range', 'if-none-match', 'if-modified-since', 'if-match', 'if-range'])

export default {
  id: 'cache',
  when: 'side-by-side',
  skip: (subject) =>
    firstReason(
      nothingFailed(subject),
      beforeRequest(subject),
      onlyCertificateAges(subject),
      subject.plan.method === 'GET' || subject.plan.method === 'HEAD'
        ? null
        : `answers to ${subject.plan.method} are not cached`,
    ),
  async run(subject, ctx) {
    const { site, plan } = subject
    // What no-cache fetches may replace what is cached, so the looks that leave it alone come first.
    const [before, freshQuery] = await Promise.all([
      site.ask({}, ctx),
      looksSigned(subject.url) ? null : askFresh(subject, ctx),
    ])
    const stateful = plan.cookie !== null || plan.fields.some(([name]) => CONDITIONS.has(name.toLowerCase()))
    const [noCache, bare] = await Promise.all([
      site.ask({ fields: NO_CACHE }, ctx),
      stateful ? site.ask({ bare: true }, ctx) : null,
    ])
    if (!noCache) return { skipped: notSent(subject) }
    const past = [noCache, freshQuery]
    const errorIsCached = await isCached(past, before, subject, ctx)
    const finding: CacheFinding = {
      kind: 'cache',
      noCache: noCache.glance,
      freshQuery: freshQuery?.glance ?? null,
      bare: bare?.glance ?? null,
      errorIsCached,
      sign: cacheSign([...(subject.last.response?.fields ?? []), ...(before?.glance.fields ?? [])]),
    }
    return { summary: summaryOf(finding, past, bare), finding }
  },
} satisfies Look

function askFresh(subject: Subject, ctx: ProbeContext): Promise<Glanced | null> {
  const mark = ctx.io.randomInt(2 ** 31).toString(36)
  return subject.site.ask({ url: withFreshQuery(subject.url, mark) }, ctx)
}

/** True: it works past the cache and fails through it, by a cache's own word or again and again. */
async function isCached(
  past: (Glanced | null)[],
  before: Glanced | null,
  subject: Subject,
  ctx: ProbeContext,
): Promise<boolean | null> {
  const told = past.filter((glanced) => glanced?.verdict)
  if (told.length === 0) return null
  if (!told.some((glanced) => glanced?.verdict === 'works')) {
    return told.every((glanced) => glanced?.verdict === 'same') ? false : null
  }
  // The plain request works as well by now: the failure came and went, whatever made it.
  if (before?.verdict !== 'same') return null
  const fields = [...(subject.last.response?.fields ?? [])]
  if (cacheSign(fields) !== null || cacheSign(before.glance.fields) !== null) return true
  const again = await askFresh(subject, ctx)
  const after = await subject.site.ask({}, ctx)
  const works = looksSigned(subject.url) ? past[0]?.verdict === 'works' : again?.verdict === 'works'
  return works && after?.verdict === 'same' ? true : null
}

function summaryOf(finding: CacheFinding, past: (Glanced | null)[], bare: Glanced | null): string {
  if (finding.errorIsCached === true) return 'past the cache it works: the error itself is cached'
  const works = past.some((glanced) => glanced?.verdict === 'works')
  if (works) return 'it worked past the cache, but that a cache keeps the error is not certain'
  if (bare?.verdict === 'works') return 'without cookies and conditions it works'
  if (finding.errorIsCached === false) return `past the cache it fails alike (${inShort(finding.noCache)})`
  return `past the cache it says ${inShort(finding.noCache)}; that tells nothing about a cache`
}
