// A proxy as the user writes it, read with curl's rules. Dials nothing and reads no environment.
import { hostPort } from '../../model/address.ts'
import { WhydownError } from '../../model/error.ts'
import { SOCKS5_TEXT_BYTES } from '../../wire/socks5.ts'

export interface ProxyTarget {
  kind: 'http' | 'https' | 'socks5'
  /** socks5h: the proxy resolves the target's name; socks5: we do. Always true for HTTP proxies. */
  resolvesNames: boolean
  /** Name or IP address, without brackets. */
  host: string
  port: number
  credentials: { user: string; password: string } | null
  /** As it may be shown: scheme, host and port, no credentials. */
  shown: string
}

/** curl's defaults: 1080 whatever the scheme, but 443 for https. */
const DEFAULT_PORT = 1080
const DEFAULT_HTTPS_PORT = 443

const KINDS: Record<string, { kind: ProxyTarget['kind']; resolvesNames: boolean }> = {
  http: { kind: 'http', resolvesNames: true },
  https: { kind: 'https', resolvesNames: true },
  socks5: { kind: 'socks5', resolvesNames: false },
  socks5h: { kind: 'socks5', resolvesNames: true },
}

const HINT =
  'Write it as http://proxy.example:3128, https://…, socks5://… or socks5h://…, with user:password@ if needed.'

/**
 * Reads a proxy URL: http, https, socks5, socks5h; a bare host:port means http. Default ports are curl's.
 * User and password are percent-decoded. Throws WhydownError `usage`, never showing the password; `from` says
 * in it where the text stood (such as "--proxy" or "https_proxy").
 */
export function parseProxyUrl(text: string, from = 'proxy'): ProxyTarget {
  const trimmed = text.trim()
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(trimmed)
  const rest = scheme ? trimmed.slice(scheme[0].length) : trimmed
  const name = scheme?.[1]?.toLowerCase() ?? 'http'
  const pathAt = rest.search(/[/?#]/)
  const authority = pathAt < 0 ? rest : rest.slice(0, pathAt)
  const at = authority.lastIndexOf('@')
  const place = authority.slice(at + 1)
  // Everything before the last @ may be a password, even where the rest is not understood.
  const shownText = `${scheme ? scheme[0] : ''}${rest.includes('@') ? '***' : ''}${rest.slice(rest.lastIndexOf('@') < 0 ? 0 : rest.lastIndexOf('@'))}`
  const wrong = (what: string, hint = HINT): WhydownError =>
    new WhydownError('usage', `${from}: "${shownText}" ${what}.`, { hint })

  const known = KINDS[name]
  if (!known) {
    if (name.startsWith('socks')) {
      throw wrong(
        `is a ${name} proxy, and only SOCKS version 5 is supported`,
        'Use socks5:// or socks5h:// if the proxy speaks it.',
      )
    }
    throw wrong(`has the scheme "${name}", which is no kind of proxy`)
  }
  if (pathAt >= 0 && rest.slice(pathAt) !== '/') {
    throw wrong(
      'has a path, so it is no proxy address',
      'Give the proxy itself, host:port, not a page or a PAC file.',
    )
  }
  const split = /^(.*?)(?::([0-9]*))?$/.exec(place)
  const port = split?.[2] ? Number(split[2]) : name === 'https' ? DEFAULT_HTTPS_PORT : DEFAULT_PORT
  if (port < 1 || port > 65_535) throw wrong(`has the port ${port}, which is not between 1 and 65535`)
  const host = readHost(split?.[1] ?? '')
  if (host === null) throw wrong('has no host that can be read')
  const credentials = at < 0 ? null : readCredentials(authority.slice(0, at))
  if (credentials === 'malformed') throw wrong('has a user or password with a broken % escape')
  if (credentials && known.kind !== 'socks5' && credentials.user.includes(':')) {
    throw wrong('has a user name with a colon in it, which Basic authentication cannot carry')
  }
  if (credentials && known.kind === 'socks5' && !fitsSocks(credentials)) {
    throw wrong('has a user or password that SOCKS cannot carry: both must have 1 to 255 bytes')
  }
  return { ...known, host, port, credentials, shown: `${name}://${hostPort(host, port)}` }
}

/** The host as the URL standard writes it (lower case, IDN in Punycode, IP canonical), null when it is none. */
function readHost(text: string): string | null {
  if (text === '' || /[\s\\]/.test(text)) return null
  try {
    const { hostname } = new URL(`http://${text}/`)
    return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
  } catch {
    return null
  }
}

function readCredentials(text: string): ProxyTarget['credentials'] | 'malformed' {
  if (text === '') return null
  const colon = text.indexOf(':')
  try {
    return {
      user: decodeURIComponent(colon < 0 ? text : text.slice(0, colon)),
      password: colon < 0 ? '' : decodeURIComponent(text.slice(colon + 1)),
    }
  } catch {
    return 'malformed'
  }
}

function fitsSocks({ user, password }: { user: string; password: string }): boolean {
  const [userBytes, passwordBytes] = [Buffer.byteLength(user), Buffer.byteLength(password)]
  return (
    userBytes > 0 && passwordBytes > 0 && userBytes <= SOCKS5_TEXT_BYTES && passwordBytes <= SOCKS5_TEXT_BYTES
  )
}
