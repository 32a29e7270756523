// Where the redirects of one check have led so far: follows the next, and tells loop, limit and bad Location apart.
import { type Failure, failure } from '../model/failure.ts'
import type { Exchange } from '../model/result.ts'
import { CookieJar } from '../wire/cookies.ts'
import { nextRequest } from '../wire/redirect.ts'
import type { ProbeContext } from './context.ts'
import { note } from './recorder.ts'
import type { RequestPlan } from './request.ts'

/** The statuses that redirect (RFC 9110, 15.4): the rest of 3xx is an answer like any other. */
export function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308
}

/** Request fields that must not travel to another origin. */
const ORIGIN_FIELDS = new Set(['authorization', 'cookie', 'proxy-authorization'])

/** Request fields that describe a body which is no longer sent. */
const BODY_FIELDS = new Set([
  'content-length',
  'content-type',
  'content-encoding',
  'content-language',
  'content-location',
  'transfer-encoding',
])

export type NextHop = { plan: RequestPlan; failure: null } | { plan: null; failure: Failure }

export class RedirectTrail {
  readonly #ctx: ProbeContext
  readonly #jar = new CookieJar()
  readonly #seen = new Set<string>()
  #hops = 0

  constructor(ctx: ProbeContext) {
    this.#ctx = ctx
  }

  /** The request that follows `plan`, whose answer redirected; or the failure, numbered by the status. */
  follow(plan: RequestPlan, exchange: Exchange): NextHop {
    const { response } = exchange
    if (!response) return { plan: null, failure: failure('internal_error', 'a redirect without a response') }
    const { recorder, options } = this.#ctx
    const location = response.fields
      .filter(([name]) => name.toLowerCase() === 'location')
      .map(([, value]) => value)
    const seen = recorder.begin('redirect', { status: response.status, location, from: exchange.url })
    const number = String(response.status)
    exchange.observations.push(seen.id)
    const fail = (failed: Failure): NextHop => {
      recorder.fail(seen, failed)
      return { plan: null, failure: failed }
    }
    this.#seen.add(key(plan))
    const next = nextRequest({ url: plan.url, method: plan.method, status: response.status, location })
    if ('failure' in next) return fail(failure('redirect_invalid', next.raw, { number }))
    for (const says of next.notes) note(seen, says)
    this.#hops++
    if (this.#hops > options.limits.redirects) {
      return fail(
        failure(
          'redirect_limit',
          `more than ${options.limits.redirects} redirects, the last to ${next.url.href}`,
          {
            number,
          },
        ),
      )
    }
    this.#jar.store(plan.url, response.fields)
    const following: RequestPlan = {
      url: next.url,
      method: next.method,
      body: next.dropBody ? null : plan.body,
      fields: plan.fields,
      basic: next.dropCredentials ? null : plan.basic,
      bearer: next.dropCredentials ? null : plan.bearer,
      cookie: this.#jar.fieldFor(next.url),
    }
    if (next.dropBody) following.fields = without(following.fields, BODY_FIELDS)
    if (next.dropCredentials) following.fields = without(following.fields, ORIGIN_FIELDS)
    // A page that only waits for its cookie to come back is no loop: the second request differs by it.
    if (this.#seen.has(key(following))) {
      return fail(failure('redirect_loop', `${next.url.href} was already asked for`, { number }))
    }
    recorder.end(seen, { to: next.url.href, method: next.method, credentialsDropped: next.dropCredentials })
    return { plan: following, failure: null }
  }
}

function key(plan: RequestPlan): string {
  const { url, method, cookie } = plan
  return `${method} ${url.origin}${url.pathname}${url.search} ${cookie ?? ''}`
}

function without(fields: RequestPlan['fields'], names: Set<string>): RequestPlan['fields'] {
  return fields.filter(([name]) => !names.has(name.toLowerCase()))
}
