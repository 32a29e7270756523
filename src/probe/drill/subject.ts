// The check as the looks see it: the failing exchange, the request as it may be sent again, the addresses. Sends
// nothing and judges nothing.
import type { CheckOptions } from '../../model/check-options.ts'
import type { Failure } from '../../model/failure.ts'
import type { Observation } from '../../model/observation.ts'
import type { Exchange, FieldLine, Outcome } from '../../model/result.ts'
import { CookieJar } from '../../wire/cookies.ts'
import type { RequestPlan } from '../request.ts'
import { isLocalTarget } from './local-target.ts'
import type { Subject } from './look.ts'
import { SharedSite } from './site.ts'

/** A check that came to its end. */
export interface Checked {
  exchanges: readonly Exchange[]
  failure: Failure | null
  outcome: Outcome
  observations: readonly Observation[]
  /** Credentials of the options or of the target's user part. */
  basic: RequestPlan['basic']
}

/** Methods that are asked again as they were; every other is asked as GET. */
const KEPT_METHODS = new Set(['GET', 'HEAD'])

/** Methods that change nothing, so that GET in their place is no taming (RFC 9110, 9.2.1). */
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/** Fields of a request with a body, which no look sends. */
const BODY_FIELDS = new Set([
  'content-length',
  'content-type',
  'content-encoding',
  'content-language',
  'content-location',
  'transfer-encoding',
  'expect',
])

/** Fields that a redirect to another origin leaves behind. */
const ORIGIN_FIELDS = new Set(['authorization', 'cookie', 'proxy-authorization'])

/** The subject of a drill; null when the check did not get as far as one exchange. */
export function subjectOf(checked: Checked, options: CheckOptions): Subject | null {
  const { exchanges, failure } = checked
  const index = failingIndex(exchanges, failure)
  const last = exchanges[index]
  if (!last) return null
  const url = new URL(last.url)
  const addresses = addressesOf(last, checked.observations, options)
  const ips = addresses.map(({ ip }) => ip)
  if (last.address && last.proxy === null && !ips.includes(last.address.ip)) ips.push(last.address.ip)
  const subject: Omit<Subject, 'site'> = {
    url,
    exchanges,
    last,
    failure,
    outcome: checked.outcome,
    plan: planOf(exchanges, index, checked.basic, options),
    planIsTamer: !SAFE_METHODS.has(last.method),
    addresses,
    isLocalTarget: isLocalTarget(url.hostname, ips),
    observations: [...checked.observations],
  }
  return { ...subject, site: new SharedSite(subject, options) }
}

function failingIndex(exchanges: readonly Exchange[], failed: Failure | null): number {
  for (let index = exchanges.length - 1; index >= 0; index--) {
    if (failed && exchanges[index]?.failure === failed) return index
  }
  return exchanges.length - 1
}

/** The request of one exchange without its body; what a redirect took from it stays away. */
function planOf(
  exchanges: readonly Exchange[],
  index: number,
  basic: RequestPlan['basic'],
  options: CheckOptions,
): RequestPlan {
  const jar = new CookieJar()
  const last = exchanges[index] as Exchange
  const url = new URL(last.url)
  let leftOrigin = false
  // Only an exchange with an answer can have redirected; before that stands the other scheme of a bare name.
  for (let at = index - 1; at >= 0; at--) {
    const before = exchanges[at]
    if (!before?.response) break
    if (new URL(before.url).origin !== url.origin) leftOrigin = true
  }
  for (const before of exchanges.slice(0, index)) {
    if (before.response) jar.store(new URL(before.url), before.response.fields)
  }
  const dropped = (name: string): boolean => BODY_FIELDS.has(name) || (leftOrigin && ORIGIN_FIELDS.has(name))
  const fields: FieldLine[] = options.fields.filter(([name]) => !dropped(name.toLowerCase()))
  return {
    url,
    method: KEPT_METHODS.has(last.method) ? last.method : 'GET',
    body: null,
    fields,
    basic: leftOrigin ? null : basic,
    bearer: leftOrigin ? null : options.bearer,
    cookie: jar.fieldFor(url),
  }
}

/** What the name led to, as the check's own `resolve` wrote it down. */
function addressesOf(
  last: Exchange,
  observations: readonly Observation[],
  options: CheckOptions,
): { ip: string; family: 4 | 6 }[] {
  if (options.connectTo) {
    const { ip } = options.connectTo
    return [{ ip, family: ip.includes(':') ? 6 : 4 }]
  }
  // Through a proxy the first name that is looked up is the proxy's own.
  const host = new URL(last.url).hostname.replace(/^\[|\]$/g, '')
  const ids = new Set(last.observations)
  const found: { ip: string; family: 4 | 6 }[] = []
  for (const seen of observations) {
    if (seen.operation !== 'resolve' || !ids.has(seen.id) || seen.input['host'] !== host) continue
    const listed = seen.output?.['addresses']
    if (!Array.isArray(listed) || (seen.failure && seen.failure.phase === 'resolve')) continue
    for (const { ip, family } of listed as { ip: string; family: 4 | 6 }[]) {
      if (!found.some((known) => known.ip === ip)) found.push({ ip, family })
    }
  }
  return found
}
