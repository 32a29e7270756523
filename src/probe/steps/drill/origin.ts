// Look 7: straight to the machine that hosts the site, past all gateways, Host and server name kept.
import { hostPort } from '../../../model/address.ts'
import { answerDifferences } from '../../drill/answer-differences.ts'
import { type Look, notSent } from '../../drill/look.ts'
import { inShort } from '../../drill/reasons.ts'

export default {
  id: 'origin',
  when: 'side-by-side',
  skip: (_subject, { options }) => (options.drill.origin === null ? 'no origin address was given' : null),
  async run(subject, ctx) {
    const { origin } = ctx.options.drill
    if (!origin) return { skipped: 'no origin address was given' }
    const answered = subject.last.response !== null
    const [direct, control] = await Promise.all([
      subject.site.ask({ connectTo: origin, direct: true }, ctx),
      answered ? subject.site.ask({}, ctx) : null,
    ])
    if (!direct) return { skipped: notSent(subject) }
    const { glance, verdict, cycle } = direct
    if (verdict === null) return { skipped: `nothing can be told of the origin: ${inShort(glance)}` }
    const reason = cycle.exchange.response?.reason ?? null
    const differences = answerDifferences(subject.last, { glance, reason }, control?.glance ?? null)
    const at = hostPort(origin.ip, origin.port ?? portOf(subject.url))
    const says = {
      works: subject.failure ? 'works: the trouble is between it and us' : 'works as well',
      same: 'fails alike: the trouble is there or behind it',
      other: 'fails otherwise',
    }[verdict]
    return {
      summary: `the origin ${at} ${says} (${inShort(glance)})`,
      finding: { kind: 'origin', verdict, glance, differences },
    }
  },
} satisfies Look

function portOf(url: URL): number {
  return url.port ? Number(url.port) : url.protocol === 'https:' ? 443 : 80
}
