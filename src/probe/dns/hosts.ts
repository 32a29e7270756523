// The hosts file: names the machine knows before it asks anybody. Reads text, knows no DNS.
import { isIP, SocketAddress } from 'node:net'

export interface HostsEntry {
  ip: string
  family: 4 | 6
  /** Line in the file, from 1. */
  line: number
}

export interface HostsAnswer {
  entries: HostsEntry[]
  /** The first name on the first line that has the name asked for; null when there is none. */
  canonicalName: string | null
}

/** Lines that name one host; more than this is no hosts file any more. */
const MAX_ENTRIES = 256

/** Where the hosts file is. */
export function hostsPath(platform: string, systemRoot: string | undefined): string {
  return platform === 'win32' ? `${systemRoot ?? 'C:\\Windows'}\\System32\\drivers\\etc\\hosts` : '/etc/hosts'
}

/**
 * All addresses that a hosts file gives for a name, in the order of its lines, without case (hosts(5)).
 * The file may be long (block lists are), so lines without the name are never taken apart.
 */
export function findInHosts(text: string, name: string): HostsAnswer {
  const answer: HostsAnswer = { entries: [], canonicalName: null }
  const wanted = name.toLowerCase()
  const folded = text.toLowerCase()
  if (wanted === '') return answer
  let line = 1
  let counted = 0
  let at = folded.indexOf(wanted)
  while (at >= 0 && answer.entries.length < MAX_ENTRIES) {
    const start = folded.lastIndexOf('\n', at) + 1
    const newline = folded.indexOf('\n', at)
    const end = newline < 0 ? folded.length : newline
    line += countLines(folded, counted, start)
    counted = start
    readLine(text.slice(start, end), wanted, line, answer)
    at = newline < 0 ? -1 : folded.indexOf(wanted, newline)
  }
  return answer
}

function countLines(text: string, from: number, to: number): number {
  let count = 0
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++
  return count
}

function readLine(text: string, wanted: string, line: number, answer: HostsAnswer): void {
  const comment = text.indexOf('#')
  const words = (comment < 0 ? text : text.slice(0, comment))
    .split(/[ \t\r\f\v]/)
    .filter((word) => word !== '')
  const [ip, canonicalName] = words
  if (ip === undefined || canonicalName === undefined) return
  const family = isIP(ip)
  if (family === 0 || !words.some((word, index) => index > 0 && withoutDot(word) === wanted)) return
  answer.canonicalName ??= canonicalName
  answer.entries.push({ ip: family === 6 ? canonicalIpv6(ip) : ip, family: family === 6 ? 6 : 4, line })
}

function withoutDot(word: string): string {
  return (word.endsWith('.') ? word.slice(0, -1) : word).toLowerCase()
}

/** A valid IPv6 text in the form of RFC 5952, its scope kept. */
export function canonicalIpv6(ip: string): string {
  const percent = ip.indexOf('%')
  const address = percent < 0 ? ip : ip.slice(0, percent)
  const scope = percent < 0 ? '' : ip.slice(percent)
  return new SocketAddress({ address, family: 'ipv6' }).address + scope
}
