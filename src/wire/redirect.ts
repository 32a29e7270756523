// From a redirecting answer to the request that follows it (RFC 9110, 15.4 and 10.2.2). Counts no hops, knows no
// cookies and opens nothing: loop and limit are told by whoever remembers the hops before.

/** Longest Location that is followed, characters; request lines of that length are refused almost everywhere. */
export const MAX_LOCATION_CHARS = 64 * 1024

/** How much of a bad Location is quoted. */
const QUOTED_CHARS = 200

export interface Redirect {
  /** What was asked for. */
  url: URL
  method: string
  status: number
  /** The values of all Location fields, as received: each character is one byte. */
  location: readonly string[]
}

export interface NextRequest {
  /** Without user info; the fragment is the one of Location, or else the one of `url`. */
  url: URL
  method: string
  /** The body, and the fields that describe it, are not sent again. */
  dropBody: boolean
  /** Another origin: Authorization, Cookie and Proxy-Authorization do not travel there. */
  dropCredentials: boolean
  /** What is worth knowing about this step, one sentence each. */
  notes: string[]
}

/** A Location that cannot be followed, and why, in one sentence. */
export interface BadRedirect {
  failure: 'redirect_invalid'
  raw: string
}

/**
 * The request that follows a 301, 302, 303, 307 or 308. Methods as in Fetch and every browser: 303 asks with GET
 * (HEAD stays), 301 and 302 turn POST into GET, 307 and 308 keep everything.
 */
export function nextRequest(redirect: Redirect): NextRequest | BadRedirect {
  const { status, location } = redirect
  const [first] = location
  if (first === undefined) return bad(`status ${status} redirects but has no Location`)
  const notes: string[] = []
  if (location.length > 1) {
    if (location.some((other) => other !== first)) {
      return bad(
        `${location.length} Location fields that differ: ${location.slice(0, 4).map(quoted).join(', ')}`,
      )
    }
    notes.push(`Location was sent ${location.length} times, always the same`)
  }
  if (first.trim() === '') return bad('Location is empty')
  if (first.length > MAX_LOCATION_CHARS) return bad(`Location is longer than ${MAX_LOCATION_CHARS} bytes`)
  const text = escapedBytes(first)
  if (text !== first) notes.push('Location has bytes outside ASCII; they were percent-encoded as browsers do')
  if (text.includes(' '))
    notes.push('Location has spaces, which a URL may not contain; they were percent-encoded')
  const { url } = redirect
  const next = URL.parse(text, url.href)
  if (!next) return bad(`Location ${quoted(first)} cannot be read as a URL`)
  if (next.protocol !== 'http:' && next.protocol !== 'https:') {
    return bad(`Location ${quoted(first)} leads to ${next.protocol} and not to http or https`)
  }
  if (next.port === '0') return bad(`Location ${quoted(first)} leads to port 0, which cannot be connected to`)
  if (next.username || next.password) {
    next.username = ''
    next.password = ''
    notes.push('Location carried a user name or password; they were dropped')
  }
  if (!text.includes('#') && url.hash) next.hash = url.hash
  if (looksLikeHost(text, url)) {
    notes.push(
      `Location ${quoted(first)} has no scheme, so it is a path on ${url.host}; "https://" may be missing`,
    )
  }
  if (url.protocol === 'https:' && next.protocol === 'http:')
    notes.push('The redirect leads from https down to http')
  const method = methodAfter(status, redirect.method)
  return {
    url: next,
    method,
    dropBody: method !== redirect.method,
    dropCredentials: next.origin !== url.origin,
    notes,
  }
}

function methodAfter(status: number, method: string): string {
  if (status === 303) return method === 'HEAD' ? 'HEAD' : 'GET'
  if ((status === 301 || status === 302) && method === 'POST') return 'GET'
  return method
}

function bad(raw: string): BadRedirect {
  return { failure: 'redirect_invalid', raw }
}

function quoted(location: string): string {
  const shown = hideUserInfo(location)
  return JSON.stringify(shown.length > QUOTED_CHARS ? `${shown.slice(0, QUOTED_CHARS)}...` : shown)
}

/** What stands between "//" and the last "@" of the authority is a secret as likely as not. */
function hideUserInfo(location: string): string {
  const slashes = location.indexOf('//')
  if (slashes < 0) return location
  const end = location.slice(slashes + 2).search(/[/?#]/)
  const authorityEnd = end < 0 ? location.length : slashes + 2 + end
  const at = location.lastIndexOf('@', authorityEnd)
  return at > slashes ? `${location.slice(0, slashes + 2)}${location.slice(at + 1)}` : location
}

/** Bytes that URLs have no room for, percent-encoded one by one, so that what the server wrote comes back to it. */
function escapedBytes(location: string): string {
  let escaped = ''
  let from = 0
  for (let index = 0; index < location.length; index++) {
    const code = location.charCodeAt(index)
    if (code >= 0x21 && code < 0x7f) continue
    // White space is left to the URL parser, which drops or encodes it by its place.
    if (code === 0x20 || code === 0x09) continue
    escaped += `${location.slice(from, index)}%${(code & 0xff).toString(16).toUpperCase().padStart(2, '0')}`
    from = index + 1
  }
  return from === 0 ? location : escaped + location.slice(from)
}

/** A relative Location whose first segment is a name with dots, as if somebody forgot the scheme. */
function looksLikeHost(text: string, base: URL): boolean {
  const [segment = ''] = text.split(/[/?#]/, 1)
  if (segment.startsWith('.') || segment.includes(':')) return false
  return segment.toLowerCase().startsWith('www.') || segment.toLowerCase() === base.hostname
}
