// Which targets go past the proxy, with curl's reading of `no_proxy`. Resolves nothing: a name matches names, an
// IP address matches addresses and networks.
import { BlockList } from 'node:net'
import { formatIp, parseIp } from '../../model/address.ts'

/**
 * True when an entry of the list means this URL's host: `*` all; `example.com`, `.example.com` and `*.example.com`
 * the domain and everything below it; an IP address; a network such as 10.0.0.0/8; each with `:port` if only that
 * port is meant (IPv6 then in brackets). Case and a final dot do not matter; what cannot be read matches nothing.
 */
export function bypassesProxy(url: URL, entries: readonly string[]): boolean {
  if (entries.length === 0) return false
  const bracketed = url.hostname.startsWith('[')
  const host = (bracketed ? url.hostname.slice(1, -1) : url.hostname).toLowerCase().replace(/\.$/, '')
  const port = url.port ? Number(url.port) : url.protocol === 'https:' ? 443 : 80
  const ip = parseIp(host)
  return entries.some((entry) => {
    if (entry === '*') return true
    const wanted = readEntry(entry.trim().toLowerCase())
    if (!wanted || (wanted.port !== null && wanted.port !== port)) return false
    return ip ? matchesAddress(ip, wanted.host) : matchesName(host, wanted.host)
  })
}

/** Host and port of an entry; null when there is no host. */
function readEntry(entry: string): { host: string; port: number | null } | null {
  if (entry.startsWith('[')) {
    const match = /^\[([^\]]*)\](\/[0-9]+)?(?::([0-9]{1,5}))?$/.exec(entry)
    if (!match?.[1]) return null
    return { host: `${match[1]}${match[2] ?? ''}`, port: match[3] ? Number(match[3]) : null }
  }
  const colon = entry.indexOf(':')
  // More than one colon is an IPv6 address without brackets, which cannot carry a port.
  if (colon < 0 || entry.includes(':', colon + 1)) return entry ? { host: entry, port: null } : null
  const port = entry.slice(colon + 1)
  if (colon === 0 || !/^[0-9]{1,5}$/.test(port)) return null
  return { host: entry.slice(0, colon), port: Number(port) }
}

function matchesName(host: string, entry: string): boolean {
  const domain = entry.replace(/^\*?\./, '').replace(/\.$/, '')
  return domain !== '' && (host === domain || host.endsWith(`.${domain}`))
}

function matchesAddress(ip: Uint8Array, entry: string): boolean {
  const slash = entry.indexOf('/')
  const bytes = parseIp(slash < 0 ? entry : entry.slice(0, slash))
  if (bytes?.length !== ip.length) return false
  const bits =
    slash < 0
      ? bytes.length * 8
      : /^[0-9]{1,3}$/.test(entry.slice(slash + 1))
        ? Number(entry.slice(slash + 1))
        : -1
  if (bits < 0 || bits > bytes.length * 8) return false
  const kind = bytes.length === 4 ? 'ipv4' : 'ipv6'
  const list = new BlockList()
  list.addSubnet(formatIp(bytes), bits, kind)
  return list.check(formatIp(ip), kind)
}
