// The request of one exchange: which fields it carries, and what of it may be shown.
import type { CheckOptions } from '../model/check-options.ts'
import type { FieldLine, RequestFacts } from '../model/result.ts'
import { Recent } from '../util/recent.ts'
import { formatRequest } from '../wire/http1-request.ts'

/** Fields whose value is a secret: never in evidence, never in output. */
const SECRET_FIELDS = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'x-api-key',
  'x-auth-token',
  'api-key',
])

const MASK = '***'

/** What of the options goes into this very request; redirects change it on the way. */
export interface RequestPlan {
  url: URL
  method: string
  body: Uint8Array | null
  /** The caller's own fields, in order. */
  fields: FieldLine[]
  basic: { user: string; password: string } | null
  bearer: string | null
  /** Value of the Cookie field collected on the way, null when none. */
  cookie: string | null
}

export interface PlannedRequest {
  method: string
  /** The request target: origin form, or absolute form for a proxy. */
  target: string
  fields: FieldLine[]
  body: Uint8Array | null
}

/** Value of an Authorization or Proxy-Authorization field, scheme Basic (RFC 7617, UTF-8). */
export function basicCredentials(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`
}

/**
 * The request as it will be sent. The caller's fields replace ours of the same name, at our place when it is
 * one of ours and behind them otherwise. Absolute form and Proxy-Authorization are for a plain HTTP proxy.
 */
export function planRequest(
  plan: RequestPlan,
  options: CheckOptions,
  proxy: { proxyAuthorization: string | null } | null,
): PlannedRequest {
  const { url, body } = plan
  const path = `${url.pathname}${url.search}`
  const fields: FieldLine[] = [
    ['Host', url.host],
    ['User-Agent', options.userAgent],
    ['Accept', '*/*'],
    ['Accept-Encoding', 'gzip, deflate, br, zstd'],
  ]
  if (plan.bearer !== null) fields.push(['Authorization', `Bearer ${plan.bearer}`])
  else if (plan.basic) fields.push(['Authorization', basicCredentials(plan.basic.user, plan.basic.password)])
  if (plan.cookie !== null) fields.push(['Cookie', plan.cookie])
  if (proxy && proxy.proxyAuthorization !== null) {
    fields.push(['Proxy-Authorization', proxy.proxyAuthorization])
  }
  if (body || plan.method === 'POST' || plan.method === 'PUT' || plan.method === 'PATCH') {
    fields.push(['Content-Length', String(body?.length ?? 0)])
  }
  fields.push(['Connection', 'close'])
  if (plan.fields.length > 0) mergeFields(fields, plan.fields)
  return { method: plan.method, target: proxy ? `${url.protocol}//${url.host}${path}` : path, fields, body }
}

/** Puts the caller's fields into ours: the first of a name replaces ours, repeats follow at the end. */
function mergeFields(ours: FieldLine[], own: FieldLine[]): void {
  const replaced = new Set<string>()
  for (const line of own) {
    const name = line[0].toLowerCase()
    const at = replaced.has(name) ? -1 : ours.findIndex(([known]) => known.toLowerCase() === name)
    replaced.add(name)
    if (at >= 0) ours[at] = line
    else ours.push(line)
  }
}

/** The field lines with secret values masked. Returns the same array when there is nothing to mask. */
export function maskFields(fields: FieldLine[]): FieldLine[] {
  let masked: FieldLine[] | null = null
  for (let index = 0; index < fields.length; index++) {
    const line = fields[index]
    if (!line || !SECRET_FIELDS.has(line[0].toLowerCase())) continue
    masked ??= [...fields]
    const scheme = /^(Basic|Bearer|Digest) /i.exec(line[1])
    masked[index] = [line[0], scheme ? `${scheme[0]}${MASK}` : MASK]
  }
  return masked ?? fields
}

/** The request for evidence and output: secrets masked. */
export function requestFacts(request: PlannedRequest, version: '1.1' | '2'): RequestFacts {
  const fields = maskFields(request.fields)
  let head = `${request.method} ${request.target} HTTP/${version}\r\n`
  for (const [name, value] of fields) head += `${name}: ${value}\r\n`
  return { target: request.target, fields, bodyBytes: request.body?.length ?? 0, head: `${head}\r\n` }
}

/** A request as bytes for HTTP/1.1, and as it may be shown. Shared between checks: not to be changed. */
export interface WrittenRequest {
  bytes: Uint8Array
  facts: RequestFacts
}

/** Requests without anything of the caller's own: the same for every check of a URL, and nothing secret in them. */
const PLAIN_REQUESTS = new Recent<WrittenRequest>(1024)

/**
 * The request written out. Throws `WhydownError` for a method or field that cannot be sent. `proxy` as for
 * `planRequest`.
 */
export function writeRequest(
  plan: RequestPlan,
  options: CheckOptions,
  proxy: { proxyAuthorization: string | null } | null,
): WrittenRequest {
  const plain =
    proxy === null &&
    plan.body === null &&
    plan.fields.length === 0 &&
    plan.basic === null &&
    plan.bearer === null &&
    plan.cookie === null
  const key = plain ? `${plan.method} ${plan.url.href} ${options.userAgent}` : ''
  const known = plain ? PLAIN_REQUESTS.get(key) : undefined
  if (known) return known
  const request = planRequest(plan, options, proxy)
  const written = { bytes: formatRequest(request), facts: requestFacts(request, '1.1') }
  if (plain) PLAIN_REQUESTS.set(key, written)
  return written
}
