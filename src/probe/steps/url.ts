// Understands what the user typed as a target: WHATWG URL, bare names, IP literals, user info. Resolves nothing
// and judges no name; what it refuses it explains, with what would work. Never shows user names or passwords.
import { isIPv6 } from 'node:net'
import { domainToUnicode } from 'node:url'
import { type Failure, failure } from '../../model/failure.ts'
import { Recent } from '../../util/recent.ts'
import { likelySlip, NO_HOST, otherScheme } from './url-slips.ts'

/** Longest target that is looked at, characters. Servers refuse request lines far shorter than that. */
export const MAX_TARGET_CHARS = 8 * 1024
/** How much of a refused target is quoted. */
const QUOTED_CHARS = 200
/** RFC 1035, 2.3.4. */
const MAX_NAME_CHARS = 253
const MAX_LABEL_CHARS = 63

export interface ParsedTarget {
  /** What to ask, in this order: one URL, or https then http when no scheme was given. Without user info. */
  urls: [first: URL, second?: URL]
  /** The user info of the target, decoded; null when there was none. */
  basic: { user: string; password: string } | null
  /** The target as it was typed, without user info. */
  shown: string
  /** What was understood otherwise than it was written, one sentence each. */
  notes: string[]
  failure: null
}

/** A target that cannot be asked. `failure.raw` says what is wrong and what would work. */
export interface RefusedTarget {
  shown: string
  notes: string[]
  failure: Failure
}

/** The common case needs no second look: a plain name, a port that is one, printable ASCII behind it. */
const PLAIN =
  /^https?:\/\/([a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)*|\d{1,3}(?:\.\d{1,3}){3})(?::[1-9]\d{0,4})?(?:[/?#][!-~]*)?$/

/** What plain targets read as. A schedule asks for the same ones over and over; nothing secret can stand in them. */
const PLAIN_TARGETS = new Recent<ParsedTarget>(1024)

/**
 * Reads a target. Never throws: a target that cannot be understood comes back as `bad_url`. The URLs are shared and
 * not to be changed.
 */
export function parseTarget(text: string): ParsedTarget | RefusedTarget {
  const known = PLAIN_TARGETS.get(text)
  if (known) return known
  const host = text.length <= MAX_TARGET_CHARS ? PLAIN.exec(text)?.[1] : undefined
  if (host !== undefined && host.length <= MAX_LABEL_CHARS && host !== 'http' && host !== 'https') {
    const url = URL.parse(text)
    if (url?.hostname === host) {
      const plain: ParsedTarget = { urls: [url], basic: null, shown: text, notes: [], failure: null }
      PLAIN_TARGETS.set(text, plain)
      return plain
    }
  }
  return readTarget(text)
}

function refuse(shown: string, says: string, notes: string[] = []): RefusedTarget {
  return { shown, notes, failure: failure('bad_url', says) }
}

function readTarget(text: string): ParsedTarget | RefusedTarget {
  const notes: string[] = []
  const trimmed = text.trim()
  const shown = hideUserInfo(trimmed)
  if (trimmed === '') return refuse('', 'No URL was given; something like https://example.com/ works')
  if (trimmed.length > MAX_TARGET_CHARS) {
    return refuse(
      shorten(shown),
      `The URL is longer than ${MAX_TARGET_CHARS} characters; servers refuse such URLs`,
    )
  }
  if (trimmed !== text) notes.push('White space around the URL was dropped')
  const control = controlCharacter(trimmed)
  if (control)
    return refuse(clean(hideUserInfo(trimmed, true)), `The URL contains ${control}; write it without`)
  const slip = likelySlip(trimmed)
  // What is misspelt may read as a host and a path, and then the user info stands in the path.
  if (slip) return refuse(hideUserInfo(trimmed, true), slip, notes)
  const scheme = /^(https?):\/\//i.exec(trimmed)
  if (!scheme) return readBare(trimmed, shown, notes)
  return readUrl(trimmed, shown, notes)
}

/** A target with http:// or https://. */
function readUrl(text: string, shown: string, notes: string[]): ParsedTarget | RefusedTarget {
  const parts = authorityOf(text)
  const problem = authorityProblem(parts.authority, text)
  if (problem) return refuse(shown, problem, notes)
  const url = URL.parse(text)
  if (!url) return refuse(shown, hostProblem(parts.host), notes)
  return accept([url], url, parts.host, shown, notes)
}

/** A target without scheme: https, then http, unless port or credentials leave one alone. */
function readBare(text: string, shown: string, notes: string[]): ParsedTarget | RefusedTarget {
  const scheme = otherScheme(text)
  if (scheme) return refuse(hideUserInfo(text, true), scheme, notes)
  let rest = text.replace(/^\/\//, '')
  const bare = bareIpv6(rest)
  if (bare) {
    rest = `[${bare}]${rest.slice(bare.length)}`
    notes.push(`${bare} was taken as an IPv6 address as a whole; with a port it is written [address]:port`)
  }
  const parts = authorityOf(`//${rest}`)
  const problem = authorityProblem(parts.authority, rest)
  if (problem) return refuse(shown, problem, notes)
  const url = URL.parse(`https://${rest}`)
  const plain = URL.parse(`http://${rest}`)
  if (!url || !plain) return refuse(shown, hostProblem(parts.host), notes)
  if (url.port === '80')
    return accept([plain], plain, parts.host, shown, notes, 'Port 80 was given, so it is http')
  if (parts.port === '443')
    return accept([url], url, parts.host, shown, notes, 'Port 443 was given, so it is https')
  if (url.username || url.password) {
    return accept([url], url, parts.host, shown, notes, 'Only https is tried, because of the user name')
  }
  return accept([url, plain], url, parts.host, shown, notes)
}

/** Takes the user info out of the URLs and notes what the URL standard made of the host. */
function accept(
  urls: [URL, URL?],
  url: URL,
  typedHost: string,
  shown: string,
  notes: string[],
  says?: string,
): ParsedTarget | RefusedTarget {
  const tooLong = nameProblem(url.hostname)
  if (tooLong) return refuse(shown, tooLong, notes)
  if (url.port === '0') return refuse(shown, 'Port 0 cannot be connected to; ports go from 1 to 65535', notes)
  if (says) notes.push(says)
  noteHost(url, typedHost, notes)
  if (shown.includes(' ')) notes.push('The spaces in the URL are sent as %20')
  let basic: ParsedTarget['basic'] = null
  if (url.username || url.password) {
    basic = { user: decoded(url.username), password: decoded(url.password) }
    for (const each of urls) {
      if (!each) continue
      each.username = ''
      each.password = ''
    }
    notes.push('The user info of the URL is sent as Basic credentials')
  }
  return { urls, basic, shown, notes, failure: null }
}

function noteHost(url: URL, typedHost: string, notes: string[]): void {
  const { hostname } = url
  if (hostname === typedHost.toLowerCase()) return
  if (/^[\d.]+$/.test(hostname)) {
    notes.push(`The host ${quoted(typedHost)} is the IPv4 address ${hostname} by the rules for URLs`)
  } else if (hostname.startsWith('[')) {
    notes.push(`The host ${quoted(typedHost)} is the IPv6 address ${hostname}`)
  } else if (hostname.includes('xn--')) {
    notes.push(`The host ${quoted(domainToUnicode(hostname))} is asked for as ${hostname} (IDNA)`)
  } else {
    notes.push(`The host ${quoted(typedHost)} was read as ${hostname}`)
  }
}

interface Authority {
  /** All between "//" and the path. */
  authority: string
  /** As typed, with brackets, without user info and port. */
  host: string
  port: string
}

/** Takes apart what stands behind "//"; the URL parser says nothing of what it did not like. */
function authorityOf(text: string): Authority {
  const start = text.indexOf('//') + 2
  const length = text.slice(start).search(/[/\\?#]/)
  const authority = length < 0 ? text.slice(start) : text.slice(start, start + length)
  const hostAndPort = authority.slice(authority.lastIndexOf('@') + 1)
  const closing = hostAndPort.lastIndexOf(']')
  const colon = hostAndPort.indexOf(':', closing < 0 ? 0 : closing)
  const unclosed = closing < 0 && hostAndPort.startsWith('[')
  if (colon < 0 || unclosed) return { authority, host: hostAndPort, port: '' }
  return { authority, host: hostAndPort.slice(0, colon), port: hostAndPort.slice(colon + 1) }
}

/** What is wrong with host and port, in a sentence; null when nothing that can be told before parsing. */
function authorityProblem(authority: string, text: string): string | null {
  const { host, port } = authorityOf(`//${authority}`)
  const afterHost = text.slice(text.indexOf(authority) + authority.length)
  if (!authority.includes('@') && port !== '' && !/^\d+$/.test(port) && afterHost.includes('@')) {
    return 'A user name or password with "/", "?", "#" or "\\" in it must be percent-encoded ("%2F", "%3F", "%23", "%5C")'
  }
  if (host === '') return NO_HOST
  const unbracketed = !host.startsWith('[') && bareIpv6(authority.slice(authority.lastIndexOf('@') + 1))
  if (unbracketed) return `An IPv6 address in a URL stands in brackets: [${unbracketed}]`
  if (port !== '') {
    if (!/^\d+$/.test(port)) {
      return `${quoted(port)} is not a port number; ports go from 1 to 65535, as in https://${clean(host)}:8443/`
    }
    const number = Number(port)
    if (number === 0) return 'Port 0 cannot be connected to; ports go from 1 to 65535'
    if (number > 65_535) return `There is no port ${shorten(port, 20)}; ports go from 1 to 65535`
  }
  return null
}

/** Why the URL parser refused the host. */
function hostProblem(host: string): string {
  if (host.startsWith('[')) {
    if (host.includes('%')) {
      return 'An IPv6 address with a zone ("%eth0") cannot stand in a URL; use an address without a zone, or a name'
    }
    return `${quoted(host)} is not an IPv6 address; one looks like [2001:db8::1]`
  }
  if (host.includes(' '))
    return `The host ${quoted(host)} contains a space; a host is one word such as example.com`
  if (/^[\d.]+$/.test(host))
    return `${quoted(host)} is not an IPv4 address: that is four numbers from 0 to 255`
  const forbidden = /[<>^|%"`{}[\]\\]/.exec(host)
  if (forbidden)
    return `The host ${quoted(host)} contains ${quoted(forbidden[0])}, which no host name may contain`
  if (/(?:^|\.)xn--/i.test(host) || /[^ -~]/.test(host)) {
    return `The host ${quoted(host)} is not a valid international domain name (IDNA)`
  }
  return `The host ${quoted(host)} cannot be read as a name or an address`
}

/** Names that no resolver can be asked for. */
function nameProblem(hostname: string): string | null {
  if (hostname.startsWith('[')) return null
  const name = hostname.endsWith('.') ? hostname.slice(0, -1) : hostname
  if (name === '') return NO_HOST
  if (name.length > MAX_NAME_CHARS) return `The host name is longer than ${MAX_NAME_CHARS} characters`
  if (name.includes('*')) {
    return `${quoted(hostname)} is a pattern; give one name that it stands for, such as www.example.com`
  }
  for (const label of name.split('.')) {
    if (label === '') return `The host ${quoted(hostname)} has two dots in a row or begins with one`
    if (label.length > MAX_LABEL_CHARS) {
      return `The host has a part of more than ${MAX_LABEL_CHARS} characters between its dots: ${quoted(label)}`
    }
  }
  return null
}

/** The IPv6 address that the text begins with when it has no brackets, up to its path; null when it is none. */
function bareIpv6(text: string): string | null {
  const end = text.search(/[/?#]/)
  const candidate = end < 0 ? text : text.slice(0, end)
  if (candidate.length > 64 || !candidate.includes(':')) return null
  return isIPv6(candidate) ? candidate : null
}

function controlCharacter(text: string): string | null {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code >= 0x20 && code !== 0x7f && (code < 0x80 || code > 0x9f)) continue
    const name =
      code === 0x09 ? 'a tab' : code === 0x0a || code === 0x0d ? 'a line break' : 'a control character'
    return `${name} (0x${code.toString(16).padStart(2, '0')}) at position ${index + 1}`
  }
  return null
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/**
 * The text without user info. In a URL that can be read it ends at the "@" of the authority; in one that cannot,
 * a password may hold anything, so all goes up to the last "@".
 */
function hideUserInfo(text: string, misread = false): string {
  if (!text.includes('@')) return text
  const scheme = /^(?:[a-z][a-z0-9+.-]*:)?\/\//i.exec(text)?.[0] ?? ''
  const rest = text.slice(scheme.length)
  const end = rest.search(/[/\\?#]/)
  const authority = end < 0 ? rest : rest.slice(0, end)
  const readable = !misread && URL.canParse(scheme.length > 2 ? text : `https://${rest}`)
  const at = readable ? authority.lastIndexOf('@') : rest.lastIndexOf('@')
  return at < 0 ? text : scheme + rest.slice(at + 1)
}

function clean(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ')
}

function shorten(text: string, length = QUOTED_CHARS): string {
  return text.length > length ? `${text.slice(0, length)}...` : text
}

function quoted(text: string): string {
  return `"${shorten(clean(text))}"`
}
