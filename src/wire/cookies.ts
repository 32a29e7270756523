// The cookies of one check, kept from hop to hop of a redirect chain as a visitor's browser keeps them, because
// many sites redirect until their cookie comes back. RFC 6265 without persistence: nothing outlives the check.
import type { FieldLine } from '../model/result.ts'

/** Cookies kept at most; a hostile peer can send more, they are dropped. */
const MAX_COOKIES = 50
const MAX_COOKIE_BYTES = 4096

interface Cookie {
  name: string
  value: string
  domain: string
  hostOnly: boolean
  path: string
  secure: boolean
}

function domainMatches(host: string, cookie: Cookie): boolean {
  return host === cookie.domain || (!cookie.hostOnly && host.endsWith(`.${cookie.domain}`))
}

/** RFC 6265, 5.1.4. */
function pathMatches(path: string, cookiePath: string): boolean {
  if (!path.startsWith(cookiePath)) return false
  return path.length === cookiePath.length || cookiePath.endsWith('/') || path[cookiePath.length] === '/'
}

function defaultPath(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash <= 0 ? '/' : path.slice(0, slash)
}

export class CookieJar {
  readonly #cookies: Cookie[] = []

  /** Takes the Set-Cookie fields of a response to `url`. A cookie for a foreign domain is dropped (RFC 6265, 5.3). */
  store(url: URL, fields: readonly FieldLine[]): void {
    for (const [name, value] of fields) {
      if (name.length === 10 && name.toLowerCase() === 'set-cookie') this.#storeOne(url, value)
    }
  }

  #storeOne(url: URL, line: string): void {
    if (line.length > MAX_COOKIE_BYTES) return
    const [pair = '', ...attributes] = line.split(';')
    const equals = pair.indexOf('=')
    if (equals <= 0) return
    const host = url.hostname
    const cookie: Cookie = {
      name: pair.slice(0, equals).trim(),
      value: pair.slice(equals + 1).trim(),
      domain: host,
      hostOnly: true,
      path: defaultPath(url.pathname),
      secure: false,
    }
    let expired = false
    for (const attribute of attributes) {
      const at = attribute.indexOf('=')
      const key = (at < 0 ? attribute : attribute.slice(0, at)).trim().toLowerCase()
      const text = at < 0 ? '' : attribute.slice(at + 1).trim()
      if (key === 'domain' && text) {
        const domain = text.replace(/^\./, '').toLowerCase()
        if (host !== domain && !host.endsWith(`.${domain}`)) return
        // A host-only cookie stays so for an IP address or the very host; a bare top-level label is no domain.
        if (domain.includes('.')) {
          cookie.domain = domain
          cookie.hostOnly = false
        }
      } else if (key === 'path' && text.startsWith('/')) cookie.path = text
      else if (key === 'secure') cookie.secure = true
      else if (key === 'max-age' && /^-?\d+$/.test(text)) expired = Number(text) <= 0
    }
    const index = this.#cookies.findIndex(
      (known) => known.name === cookie.name && known.domain === cookie.domain && known.path === cookie.path,
    )
    if (index >= 0) this.#cookies.splice(index, 1)
    if (!expired && this.#cookies.length < MAX_COOKIES) this.#cookies.push(cookie)
  }

  /** Value of the Cookie field for a request to `url`; null when none applies. Longer paths first (RFC 6265, 5.4). */
  fieldFor(url: URL): string | null {
    const fit = this.#cookies
      .filter(
        (cookie) =>
          domainMatches(url.hostname, cookie) &&
          pathMatches(url.pathname, cookie.path) &&
          (!cookie.secure || url.protocol === 'https:'),
      )
      .sort((a, b) => b.path.length - a.path.length)
    return fit.length > 0 ? fit.map((cookie) => `${cookie.name}=${cookie.value}`).join('; ') : null
  }
}
