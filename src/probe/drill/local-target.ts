// Whether a target is of this machine or network: then nobody outside knows it, and nobody outside is asked about
// it. Looks at names and addresses alone.
import { parseIp } from '../../model/address.ts'
import { compilePolicy, SPECIAL_PURPOSE } from '../address-policy.ts'

/** Names that are never in the public DNS: RFC 6761, RFC 6762, RFC 7686, RFC 8375, RFC 9476, ICANN's .internal, and custom. */
const LOCAL_DOMAINS = [
  'test',
  'example',
  'invalid',
  'localhost',
  'local',
  'internal',
  'home.arpa',
  'lan',
  'onion',
  'alt',
  'localdomain',
  'intranet',
  'corp',
  'home',
]

const NOT_PUBLIC = { allow: [], deny: [...SPECIAL_PURPOSE] }

/** True for an address that the IANA special-purpose registries do not call globally reachable (RFC 6890). */
export function isSpecialAddress(ip: string): boolean {
  return compilePolicy(NOT_PUBLIC).verdict(ip) !== null
}

/** True for a host name that only this machine or network can know: no dot in it, or a domain of special use. */
export function isLocalName(host: string): boolean {
  const name = (host.endsWith('.') ? host.slice(0, -1) : host).toLowerCase()
  if (!name.includes('.')) return true
  return LOCAL_DOMAINS.some((domain) => name.endsWith(`.${domain}`) || name === domain)
}

/**
 * True when `host` (a name, or an address without brackets) or one of the addresses it led to is of this machine
 * or network.
 */
export function isLocalTarget(host: string, ips: readonly string[]): boolean {
  const bare = host.startsWith('[') ? host.slice(1, -1) : host
  const local = parseIp(bare) ? isSpecialAddress(bare) : isLocalName(bare)
  return local || ips.some(isSpecialAddress)
}
