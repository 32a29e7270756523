// Look 12: what is different from a saved good check of the same target. Sends nothing.
import { changesBetween } from '../../drill/changes.ts'
import type { Look, Looked, Subject } from '../../drill/look.ts'

const NAMED = 3

export default {
  id: 'difference',
  when: 'side-by-side',
  skip(subject, { options }) {
    const { good } = options.drill
    if (!good) return 'no good check to compare with was given'
    if (good.exchanges.length === 0) return 'the saved check has no exchange to compare with'
    if (good.outcome !== 'up') return `the saved check is no good one: its outcome is "${good.outcome}"`
    return isSameTarget(good.url, subject) ? null : `the saved check is of another target (${good.url})`
  },
  async run(subject, { options }): Promise<Looked> {
    const { good } = options.drill
    if (!good) return { skipped: 'no good check to compare with was given' }
    const { exchanges, failure, observations, last } = subject
    const changes = changesBetween(
      good,
      { exchanges: [...exchanges], failure, observations: [...observations] },
      last,
    )
    const names = changes.slice(0, NAMED).map(({ what }) => what)
    const more = changes.length > NAMED ? ` and ${changes.length - NAMED} more` : ''
    return {
      summary:
        changes.length === 0
          ? `nothing is different from the good check of ${good.startedAt}`
          : `different from the good check of ${good.startedAt}: ${names.join(', ')}${more}`,
      finding: { kind: 'difference', changes, goodStartedAt: good.startedAt },
    }
  },
} satisfies Look

/** Of the same host; scheme, port and path may have changed, that is what is looked for. */
function isSameTarget(url: string, { exchanges, url: asked }: Subject): boolean {
  const host = URL.parse(url)?.hostname
  const first = exchanges[0] ? URL.parse(exchanges[0].url)?.hostname : undefined
  return host !== undefined && (host === first || host === asked.hostname)
}
