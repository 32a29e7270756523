// What people type when they mean a URL: misspelt schemes, lost colons, other schemes, paths, addresses of mail.
// Gives sentences with the probable meaning; corrects nothing by itself. User info never gets into a sentence.

/** Schemes that are no slip of the finger, and what to do instead where there is something. */
const OTHER_SCHEMES: Record<string, string> = {
  ws: 'a WebSocket begins as an HTTP request: write http:// instead',
  wss: 'a WebSocket begins as an HTTP request: write https:// instead',
  h2: 'write https:// and ask for HTTP/2',
  h2c: 'write http:// and ask for HTTP/2',
  grpc: 'gRPC runs over HTTP/2: write http:// instead',
  grpcs: 'gRPC runs over HTTP/2: write https:// instead',
  ftp: '',
  ftps: '',
  sftp: '',
  ssh: '',
  scp: '',
  git: '',
  tcp: '',
  tls: '',
  udp: '',
  dns: '',
  icmp: '',
  ping: '',
  smtp: '',
  imap: '',
  pop3: '',
  ldap: '',
  rtsp: '',
  telnet: '',
  gopher: '',
  gemini: '',
  redis: '',
  mysql: '',
  postgres: '',
  postgresql: '',
  mongodb: '',
  amqp: '',
  mqtt: '',
  smb: '',
  nfs: '',
  s3: '',
  unix: 'a Unix socket cannot be checked',
  file: 'a file is no web site; serve it and write http://localhost/',
  mailto: 'give the web site, such as example.com',
  tel: '',
  sip: '',
  javascript: 'a script has no server behind it',
  data: 'a data URL holds its content itself; no server is asked',
  blob: 'a blob URL lives in one browser alone',
  about: 'an about page lives in the browser alone',
  chrome: 'such a page lives in the browser alone',
  'view-source': 'write the URL behind "view-source:"',
  urn: 'a URN names something but leads nowhere',
  magnet: '',
}

/** Schemes without "//" behind them; of the others only the form with it counts, because "host:8080" looks alike. */
const WITHOUT_SLASHES = new Set([
  'mailto',
  'tel',
  'sip',
  'javascript',
  'data',
  'blob',
  'about',
  'view-source',
  'urn',
  'magnet',
  'file',
])

export const NO_HOST = 'The URL names no host; something like https://example.com/ works'

/** How much of a suggestion is written out. */
const SUGGESTED_CHARS = 200

/** What the user probably meant, as a sentence, when http or https is visibly misspelt; null when nothing is. */
export function likelySlip(text: string): string | null {
  const wrapped = /^(?:<(.+)>|"(.+)"|'(.+)'|`(.+)`|“(.+)”|«(.+)»)$/.exec(text)
  if (wrapped) {
    const inner = wrapped.slice(1).find((group) => group !== undefined) ?? ''
    return `Write the URL without what stands around it${meant(inner)}`
  }
  const proper = /^https?:\/\/(?![/\\])/i.exec(text)
  if (proper) {
    const rest = text.slice(proper[0].length)
    const doubled = /^(https?)(?::\/\/|:\/|\/\/|:(?=[a-z]))/i.exec(rest)
    if (!doubled) return null
    return `The scheme stands there twice${meant(`${doubled[1]?.toLowerCase()}://${rest.slice(doubled[0].length)}`)}`
  }
  // A scheme with too few or too many slashes, backslashes, or something else for the colon.
  const broken = /^(https?)(?::[/\\]*|[;.,: ]{1,3}[/\\]+|[/\\]{2,})/i.exec(text)
  if (broken) {
    const rest = text.slice(broken[0].length)
    if (rest === '') return NO_HOST
    if (/^https?:\d{1,5}(?:[/?#]|$)/i.test(text)) return null
    return `Behind ${broken[1]?.toLowerCase()} comes exactly "://"${meant(`${broken[1]?.toLowerCase()}://${rest}`)}`
  }
  const named = /^([a-z]{2,8})(?:[:;]\/{1,3}|\/\/)/i.exec(text)
  const scheme = named && misspelt(named[1]?.toLowerCase() ?? '')
  if (!named || !scheme) return null
  return `"${named[1]}" is not a scheme${meant(`${scheme}://${text.slice(named[0].length)}`)}`
}

/** Why something without http:// cannot be taken as a bare name either; null when it can. */
export function otherScheme(text: string): string | null {
  if (/^[a-z]:(?:[\\/]|$)/i.test(text) || /^(?:\\|\.{1,2}[\\/]|~[\\/]|\/(?!\/))/.test(text)) {
    return 'This is a path and names no host; a page on this machine is http://localhost/ and its path'
  }
  if (/^[?#&]/.test(text)) return NO_HOST
  const mail = /^[^\s@:/?#]+@([^\s@:/?#]+)$/.exec(text)
  if (mail) return `This is an e-mail address and no URL${meant(`https://${mail[1]}/`)}`
  const scheme = /^([a-z][a-z0-9+.-]*):(.*)$/i.exec(text)
  if (!scheme) return null
  const name = scheme[1]?.toLowerCase() ?? ''
  const rest = scheme[2] ?? ''
  if (/^\d+(?:[/?#]|$)/.test(rest)) return null
  if (!rest.startsWith('//') && !WITHOUT_SLASHES.has(name)) return null
  const advice = OTHER_SCHEMES[name]
  if (advice) return `"${name}:" is not checked, only http and https are; ${advice}`
  const host = /^\/\/([^/\\?#]*)/.exec(rest)?.[1]?.replace(/^.*@/, '').replace(/:\d*$/, '')
  return `"${name}:" is not checked, only http and https are${host ? meant(`https://${host}/`) : ''}`
}

function meant(url: string): string {
  const plain = url.replace(/^(https?:\/\/)[^/\\?#]*@/i, '$1')
  // What still has an "@" may still hold a password.
  if (plain.includes('@') || plain === '') return ''
  return `; did you mean ${plain.length > SUGGESTED_CHARS ? `${plain.slice(0, SUGGESTED_CHARS)}...` : plain} ?`
}

/** The scheme that a misspelt one is near to; null for one of its own. */
function misspelt(name: string): 'http' | 'https' | null {
  if (Object.hasOwn(OTHER_SCHEMES, name)) return null
  const plain = distance(name, 'http')
  const secure = distance(name, 'https')
  const nearest = Math.min(plain, secure)
  if (nearest === 0 || nearest > (name.startsWith('h') ? 2 : 1)) return null
  return secure < plain || (secure === plain && name.includes('s')) ? 'https' : 'http'
}

/** Edits from one word to the other: a letter put in, left out, changed, or two neighbours swapped. */
function distance(from: string, to: string): number {
  let before: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1]
      let best = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      )
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
        best = Math.min(best, (before[column - 2] ?? 0) + 1)
      }
      current.push(best)
    }
    before = last
    last = current
  }
  return last[to.length] ?? 0
}
