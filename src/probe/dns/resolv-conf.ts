// Which name servers the system would ask, and how patiently (resolv.conf(5)). Asks nobody.
import { getServers } from 'node:dns'
import { isIP } from 'node:net'
import type { Io } from '../io.ts'

export interface DnsServer {
  ip: string
  port: number
}

export interface ResolverConfig {
  servers: DnsServer[]
  /** Domains to append to a name without a dot. */
  search: string[]
  /** Per question and server. */
  timeoutMs: number
  /** Rounds over all servers. */
  attempts: number
  rotate: boolean
  /** Ask over TCP only. */
  useTcp: boolean
  /** Where this comes from: a path, "options", "system" or "default". */
  from: string
  /** Lines that were left out, one sentence each. */
  problems: string[]
}

export const RESOLV_CONF_PATH = '/etc/resolv.conf'
export const DNS_PORT = 53

// The limits and defaults of glibc, so that a check asks what a program on this machine would.
const MAX_SERVERS = 3
const MAX_SEARCH_DOMAINS = 6
const MAX_TIMEOUT_SECONDS = 30
const MAX_ATTEMPTS = 5
const DEFAULT_TIMEOUT_MS = 5_000
const DEFAULT_ATTEMPTS = 2
const MAX_PROBLEMS = 16

function emptyConfig(from: string): ResolverConfig {
  return {
    servers: [],
    search: [],
    timeoutMs: DEFAULT_TIMEOUT_MS,
    attempts: DEFAULT_ATTEMPTS,
    rotate: false,
    useTcp: false,
    from,
    problems: [],
  }
}

/** Reads a resolv.conf. What it does not understand is left out and said in `problems`; no server is no error. */
export function parseResolvConf(text: string, from = RESOLV_CONF_PATH): ResolverConfig {
  const config = emptyConfig(from)
  let number = 0
  for (const line of text.split('\n')) {
    number++
    const trimmed = line.trim()
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith(';')) continue
    const words = trimmed.split(/[ \t]/).filter((word) => word !== '')
    const problem = readLine(words, config)
    if (problem && config.problems.length < MAX_PROBLEMS)
      config.problems.push(`${from} line ${number}: ${problem}`)
  }
  return config
}

function readLine(words: string[], config: ResolverConfig): string | null {
  const [keyword, first] = words
  switch (keyword) {
    case 'nameserver': {
      const server = first === undefined ? null : parseServer(first)
      if (!server) return `"${first ?? ''}" is not an address of a name server`
      if (config.servers.length >= MAX_SERVERS) return `only the first ${MAX_SERVERS} name servers are asked`
      config.servers.push(server)
      return null
    }
    // The last of "domain" and "search" wins.
    case 'domain':
    case 'search': {
      const domains = words.slice(1).map((word) => (word.endsWith('.') ? word.slice(0, -1) : word))
      config.search = domains
        .filter((word) => word !== '')
        .slice(0, keyword === 'domain' ? 1 : MAX_SEARCH_DOMAINS)
      return domains.length > MAX_SEARCH_DOMAINS
        ? `only the first ${MAX_SEARCH_DOMAINS} search domains are used`
        : null
    }
    case 'options':
      for (const word of words.slice(1)) readOption(word, config)
      return null
    case 'sortlist':
    case 'lookup':
    case 'family':
    case 'port':
    case 'timeout':
    case 'search_order':
      return null
    default:
      return `"${keyword ?? ''}" is not a keyword of this file`
  }
}

function readOption(word: string, config: ResolverConfig): void {
  const colon = word.indexOf(':')
  const value = colon < 0 ? Number.NaN : Number(word.slice(colon + 1))
  switch (colon < 0 ? word : word.slice(0, colon)) {
    case 'timeout':
      if (value >= 1) config.timeoutMs = Math.min(Math.floor(value), MAX_TIMEOUT_SECONDS) * 1_000
      break
    case 'attempts':
      if (value >= 1) config.attempts = Math.min(Math.floor(value), MAX_ATTEMPTS)
      break
    case 'rotate':
      config.rotate = true
      break
    case 'use-vc':
      config.useTcp = true
      break
    default:
      // ndots and the others do not change what is asked for a name from a URL; edns0 we do anyway.
      break
  }
}

/** "192.0.2.1", "fe80::1%eth0", "[2001:db8::1]:5353", "192.0.2.1:5353"; null when it is none of them. */
export function parseServer(text: string): DnsServer | null {
  if (isIP(text) !== 0) return { ip: text, port: DNS_PORT }
  const bracket = text.startsWith('[') ? text.indexOf(']') : -1
  const ip = bracket > 0 ? text.slice(1, bracket) : text.slice(0, Math.max(0, text.lastIndexOf(':')))
  const after = bracket > 0 ? text.slice(bracket + 1) : text.slice(ip.length)
  if (isIP(ip) === 0 || (bracket < 0 && isIP(ip) === 6)) return null
  if (after === '') return { ip, port: DNS_PORT }
  const port = Number(after.slice(1))
  return after.startsWith(':') && Number.isInteger(port) && port > 0 && port <= 65_535 ? { ip, port } : null
}

/** A server as text: the address alone on port 53, else with its port. */
export function formatServer(server: DnsServer): string {
  if (server.port === DNS_PORT) return server.ip
  return server.ip.includes(':') ? `[${server.ip}]:${server.port}` : `${server.ip}:${server.port}`
}

/** What to ask: the servers that were given, or those of the system; glibc's own default when there are none. */
export function resolverConfig(given: DnsServer[] | null, io: Io, platform: string): ResolverConfig {
  if (given) {
    const config = emptyConfig('options')
    config.servers = given
    return config
  }
  const text = io.readText(RESOLV_CONF_PATH)
  const config = text === null ? emptyConfig('default') : parseResolvConf(text)
  if (config.servers.length > 0) return config
  if (platform === 'win32' || platform === 'darwin') {
    config.from = 'system'
    for (const server of getServers()) {
      const parsed = parseServer(server)
      if (parsed) config.servers.push(parsed)
    }
  }
  if (config.servers.length === 0) {
    config.from = 'default'
    config.servers.push({ ip: '127.0.0.1', port: DNS_PORT })
  }
  return config
}
