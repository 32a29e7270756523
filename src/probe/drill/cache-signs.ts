// Signs in the fields of an answer that a cache gave it out, and requests that no cache can know. Pure.
import type { FieldLine } from '../../model/result.ts'

/** Fields in which a cache says "hit" (or stale, updating, revalidated: it had something). */
const CACHE_FIELDS = new Set([
  'x-cache',
  'x-cache-status',
  'x-cache-lookup',
  'x-proxy-cache',
  'x-nginx-cache',
  'x-nginx-cache-status',
  'x-fastcgi-cache',
  'x-drupal-cache',
  'x-varnish-cache',
  'x-litespeed-cache',
  'x-sucuri-cache',
  'x-vercel-cache',
  'x-nc',
  'x-check-cacheable',
  'x-wp-cf-super-cache-cache',
  'cf-cache-status',
  'cdn-cache',
  'akamai-cache-status',
  'x-rack-cache',
  'x-swift-cachetime',
])

const HIT_WORDS = ['hit', 'stale', 'updating', 'revalidated', 'fresh']

/** Longest field value that is looked at, characters. */
const MAX_VALUE_CHARS = 1_024

/** Parameters of a query that a signature covers or is: a changed URL is then another one. */
const SIGNED_PARAMETERS = [
  'sig',
  'sign',
  'signature',
  'hmac',
  'token',
  'policy',
  'key-pair-id',
  'expires',
  'exp',
  'hash',
  'md5',
  'jwt',
  'auth',
  'code',
  'state',
  'ticket',
  'nonce',
  'otp',
  'hdnea',
  'hdnts',
  'verify',
  'se',
  'sv',
]

/** The first sign that a cache gave this answer out ("Age: 12"), null when there is none. */
export function cacheSign(fields: readonly FieldLine[]): string | null {
  for (const [name, whole] of fields) {
    const value = whole.slice(0, MAX_VALUE_CHARS)
    if (isSign(name.toLowerCase(), value)) return `${name}: ${value}`
  }
  return null
}

function isSign(name: string, value: string): boolean {
  const lower = value.toLowerCase()
  // RFC 9111, 5.1: seconds since the origin made it.
  if (name === 'age') return /^[1-9][0-9]{0,9}$/.test(value)
  // RFC 9211: the parameter "hit".
  if (name === 'cache-status') return lower.split(';').some((part) => /^\s*hit\s*(,|$)/.test(part))
  // RFC 7234, 5.5: response is stale; revalidation failed.
  if (name === 'warning') return value.startsWith('110') || value.startsWith('111')
  if (name === 'x-cache-hits') return value.split(',').some((hits) => Number(hits) > 0)
  // Varnish: the request that fetched it and the one that is answered.
  if (name === 'x-varnish') return /^[0-9]{1,20} [0-9]{1,20}$/.test(value)
  if (!CACHE_FIELDS.has(name)) return false
  return HIT_WORDS.some((word) => lower.includes(word)) && !lower.includes('no-hit')
}

/** The query looks signed or used up by asking, so it must stay as it is. */
export function looksSigned(url: URL): boolean {
  for (const name of url.searchParams.keys()) {
    const lower = name.toLowerCase()
    if (lower.startsWith('x-amz-') || lower.startsWith('x-goog-')) return true
    if (SIGNED_PARAMETERS.includes(lower) || lower.endsWith('signature') || lower.endsWith('token'))
      return true
  }
  return false
}

/** The same URL with a query that no cache can know. */
export function withFreshQuery(url: URL, mark: string): URL {
  const fresh = new URL(url)
  fresh.search = url.search === '' ? `?whydown=${mark}` : `${url.search}&whydown=${mark}`
  return fresh
}
