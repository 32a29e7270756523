// Look 6: without the configured proxy, to see whether the proxy or the site is in trouble.
import { type Look, notSent } from '../../drill/look.ts'
import { inShort } from '../../drill/reasons.ts'

export default {
  id: 'proxy',
  when: 'side-by-side',
  skip: ({ last }) => (last.proxy === null ? 'no proxy was used' : null),
  async run(subject, ctx) {
    const glanced = await subject.site.ask({ direct: true, connectTo: null }, ctx)
    if (!glanced) return { skipped: notSent(subject) }
    const { glance, verdict } = glanced
    const through = subject.failure ? 'same' : 'works'
    if (verdict === null) return { skipped: `nothing can be told without the proxy: ${inShort(glance)}` }
    const says = { works: 'works', same: `fails alike`, other: 'fails otherwise' }[verdict]
    return {
      summary: `without the proxy it ${says} (${inShort(glance)})`,
      finding: { kind: 'proxy', through, direct: verdict, glance },
    }
  },
} satisfies Look
