// Does a certificate name this host? RFC 9525 as browsers apply it: alternative names only, a wildcard only as the
// whole first label. Knows neither dates nor issuers.
import { formatIp, parseIp } from '../model/address.ts'
import type { Certificate, NameConstraints } from './certificate.ts'

/** A host as it stands in a URL, without brackets and the root's dot, in lower case; IP addresses canonical. */
export function plainHost(host: string): string {
  let bare = host
  if (bare.startsWith('[') && bare.endsWith(']')) bare = bare.slice(1, -1)
  const address = parseIp(bare)
  if (address) return formatIp(address)
  if (bare.endsWith('.')) bare = bare.slice(0, -1)
  return bare.toLowerCase()
}

/**
 * True when one of the alternative names is this host's, which is to be in the form of `plainHost`. The common name
 * does not count: no browser has looked at it since 2017 (RFC 9525, 2).
 */
export function namesHost(certificate: Certificate, host: string): boolean {
  const address = parseIp(host)
  if (address) return certificate.ipAddresses.includes(formatIp(address))
  for (const name of certificate.dnsNames) if (matchesName(name, host)) return true
  return false
}

/**
 * RFC 9525, 6.3: labels are compared without case; `*` stands for exactly one label, the first, and needs two more
 * behind it, because nobody may have a certificate for all of .com.
 */
export function matchesName(name: string, host: string): boolean {
  let pattern = name.toLowerCase()
  if (pattern.endsWith('.')) pattern = pattern.slice(0, -1)
  if (pattern === '') return false
  if (!pattern.startsWith('*.')) return pattern === host && !pattern.includes('*')
  const rest = pattern.slice(1)
  if (rest.includes('*') || !rest.slice(1).includes('.')) return false
  const dot = host.indexOf('.')
  return dot > 0 && host.slice(dot) === rest
}

/** The name that the constraints of an issuer do not allow, null when all are allowed (RFC 5280, 4.2.1.10). */
export function findForbiddenName(constraints: NameConstraints, certificate: Certificate): string | null {
  const { permitted, excluded } = constraints
  for (const name of certificate.dnsNames) {
    const plain = name.toLowerCase()
    if (excluded.dns.some((base) => withinDomain(base, plain))) return name
    if (permitted.dns.length > 0 && !permitted.dns.some((base) => withinDomain(base, plain))) return name
  }
  for (const name of certificate.ipAddresses) {
    const address = parseIp(name)
    if (!address) continue
    if (excluded.ip.some((base) => withinNetwork(base, address))) return name
    if (permitted.ip.length > 0 && !permitted.ip.some((base) => withinNetwork(base, address))) return name
  }
  return null
}

function withinDomain(base: string, name: string): boolean {
  const domain = base.toLowerCase()
  if (domain === '') return true
  if (domain.startsWith('.')) return name.endsWith(domain)
  return name === domain || name.endsWith(`.${domain}`)
}

/** `base` is an address with its mask behind it. */
function withinNetwork(base: Uint8Array, address: Uint8Array): boolean {
  if (base.length !== address.length * 2) return false
  for (const [index, byte] of address.entries()) {
    const mask = base[address.length + index] ?? 0
    if ((byte & mask) !== ((base[index] ?? 0) & mask)) return false
  }
  return true
}
