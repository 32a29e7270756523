// Whether this machine has an address from which another could be reached at all. Asked only after a failure.
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'
import { parseIp } from '../model/address.ts'

/** How far an address reaches: ourselves, the cable, the own site, everywhere. */
const SCOPES = { loopback: 0, link: 1, site: 2, global: 3 } as const

function scopeOf(ip: string): number {
  const bytes = parseIp(ip)
  const [first = 0, second = 0] = bytes ?? []
  if (bytes?.length === 4) {
    if (first === 127) return SCOPES.loopback
    // Private IPv4 reaches everywhere, through address translation.
    return first === 169 && second === 254 ? SCOPES.link : SCOPES.global
  }
  if (bytes?.every((byte, index) => byte === (index === 15 ? 1 : 0))) return SCOPES.loopback
  if (first === 0xfe && (second & 0xc0) === 0x80) return SCOPES.link
  return (first & 0xfe) === 0xfc ? SCOPES.site : SCOPES.global
}

/**
 * True when no interface has an address of the family of `ip` that reaches as far as `ip` is away: then
 * "network unreachable" tells about us, not about the site. `interfaces` as `os.networkInterfaces()` gives them.
 */
export function lacksFamily(
  ip: string,
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(),
): boolean {
  const family = ip.includes(':') ? 'IPv6' : 'IPv4'
  const needed = scopeOf(ip)
  for (const addresses of Object.values(interfaces)) {
    for (const own of addresses ?? []) {
      if (own.family === family && scopeOf(own.address) >= needed) return false
    }
  }
  return true
}
