// How long the error took, held against the round trip and the default time-outs of known products.
import { type Cause, PROXY_ERROR_TYPES } from '../../model/diagnosis.ts'
import { type Rule, withReason } from '../rule.ts'
import { plain } from '../words/plain.ts'

const TIMEOUTS: readonly Cause[] = [
  'http_response_timeout',
  'connection_timeout',
  'connection_read_timeout',
  'connection_write_timeout',
  'dns_timeout',
]

export default {
  id: 'time-to-error',
  codes: null,
  needs: ['failure', 'timing'],
  after: ['refused-status', 'unanswered', 'broken-answer', 'straight-to-origin'],
  judge(evidence, draft) {
    const found = evidence.finding('timing')
    if (!draft || draft.final || !found) return null
    const ids = evidence.step('timing')?.observations ?? []
    const seconds = (found.errorMs / 1000).toFixed(found.errorMs < 10_000 ? 2 : 1)
    const gateway = draft.causes.every(
      (cause) => Object.hasOwn(PROXY_ERROR_TYPES, cause) || cause.startsWith('upstream_'),
    )
    if (found.pace === 'at_once') {
      const left = draft.causes.filter((cause) => !TIMEOUTS.includes(cause))
      return withReason(
        { ...draft, causes: gateway && left.length > 0 ? left : draft.causes },
        `The error came after ${seconds} s, within a few round trips: nothing was waited for.`,
        ids,
      )
    }
    if (found.timeouts.length === 0) return null
    const known = found.timeouts
      .slice(0, 3)
      .map(({ seconds: of, setting, product }) => `${plain(product, 30)} ${plain(setting, 40)} (${of} s)`)
    const own = draft.response?.generator?.name
    const fits = own
      ? found.timeouts.find(({ product }) => product.toLowerCase() === own.toLowerCase())
      : undefined
    const first = draft.causes.filter((cause) => TIMEOUTS.includes(cause))
    return withReason(
      {
        ...draft,
        causes:
          gateway && first.length > 0
            ? [...first, ...draft.causes.filter((cause) => !first.includes(cause))]
            : draft.causes,
        operator: fits
          ? [
              `The error came when ${plain(fits.product, 30)} ran out of ${plain(fits.setting, 40)} (${fits.seconds} s): find what is slow behind it before raising that.`,
              ...draft.operator,
            ]
          : draft.operator,
      },
      `The error came after ${seconds} s, as long as a default time-out: ${known.join(', ')}.`,
      ids,
    )
  },
} satisfies Rule
