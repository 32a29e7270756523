// Which addresses may be dialled. Looks at the address alone, as it is dialled, so a name that suddenly points
// inside (DNS rebinding) is caught; knows nothing of names.
import { BlockList } from 'node:net'
import { formatIp, parseIp } from '../model/address.ts'
import type { AddressPolicy } from '../model/check-options.ts'
import { WhydownError } from '../model/error.ts'

/** Our own machine. */
export const LOOPBACK: readonly string[] = ['127.0.0.0/8', '::1/128']

/** The cable itself (RFC 3927, RFC 4291). */
export const LINK_LOCAL: readonly string[] = ['169.254.0.0/16', 'fe80::/10']

/** Networks behind somebody's own router: RFC 1918, carrier NAT (RFC 6598), ULA (RFC 4193), old site-local. */
export const PRIVATE_NETWORKS: readonly string[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  'fc00::/7',
  'fec0::/10',
]

/** Where clouds hand out credentials to whoever asks from inside. */
export const CLOUD_METADATA: readonly string[] = [
  // AWS, Google, Azure, DigitalOcean, OpenStack, Oracle
  '169.254.169.254/32',
  // AWS: task credentials, name server, time
  '169.254.170.2/32',
  '169.254.170.23/32',
  'fd00:ec2::254/128',
  'fd00:ec2::23/128',
  // Alibaba Cloud
  '100.100.100.200/32',
  // Azure: wire server
  '168.63.129.16/32',
  // Oracle Cloud
  '192.0.0.192/32',
  // Google, IPv6
  'fd20:ce::254/128',
]

/** Everything the IANA special-purpose registries (RFC 6890) do not call globally reachable, and multicast. */
export const SPECIAL_PURPOSE: readonly string[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  '::1/128',
  '64:ff9b:1::/48',
  '100::/64',
  '100:0:0:1::/64',
  '2001:2::/48',
  '2001:db8::/32',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
]

export interface CompiledPolicy {
  /** Null when the address may be dialled, otherwise one sentence that says why not. */
  verdict(ip: string): string | null
}

interface Entry {
  text: string
  list: BlockList
}

/** An address as the lists see it; `embedded` are IPv4 addresses that packets to it may end up at. */
interface Seen {
  ip: string
  kind: 'ipv4' | 'ipv6'
  /** The IPv4 address it is translated to, the very same destination (NAT64). */
  translated: string | null
  embedded: string[]
}

const MAPPED = prefix('::ffff:0:0', 12)
/** An IPv4 address in the last four bytes of these: SIIT (RFC 2765), NAT64 (RFC 6052). */
const SIIT = prefix('::ffff:0:0:0', 12)
const NAT64 = prefix('64:ff9b::', 12)
const COMPATIBLE = prefix('::', 12)
const SIX_TO_FOUR = prefix('2002::', 2)
const TEREDO = prefix('2001::', 4)

function prefix(ip: string, bytes: number): Uint8Array {
  return (parseIp(ip) ?? new Uint8Array(16)).subarray(0, bytes)
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  for (let index = 0; index < start.length; index++) if (bytes[index] !== start[index]) return false
  return true
}

function see(bytes: Uint8Array): Seen {
  if (bytes.length === 4) return { ip: formatIp(bytes), kind: 'ipv4', translated: null, embedded: [] }
  const last = bytes.subarray(12)
  if (startsWith(bytes, MAPPED)) return { ip: formatIp(last), kind: 'ipv4', translated: null, embedded: [] }
  const seen: Seen = { ip: formatIp(bytes), kind: 'ipv6', translated: null, embedded: [] }
  if (startsWith(bytes, NAT64) || startsWith(bytes, SIIT)) {
    seen.translated = formatIp(last)
    seen.embedded.push(seen.translated)
  } else if (startsWith(bytes, SIX_TO_FOUR)) {
    // RFC 3056: the router that unpacks it.
    seen.embedded.push(formatIp(bytes.subarray(2, 6)))
  } else if (startsWith(bytes, TEREDO)) {
    // RFC 4380: the server, and the client's address with all bits turned.
    seen.embedded.push(formatIp(bytes.subarray(4, 8)), formatIp(last.map((byte) => byte ^ 0xff)))
  } else if (startsWith(bytes, COMPATIBLE) && seen.ip !== '::' && seen.ip !== '::1') {
    seen.embedded.push(formatIp(last))
  }
  return seen
}

/** Puts one entry into the lists. */
function add(text: string, lists: BlockList[]): void {
  const slash = text.indexOf('/')
  const bytes = parseIp((slash < 0 ? text : text.slice(0, slash)).trim())
  const length = slash < 0 ? null : text.slice(slash + 1).trim()
  const bits = bytes ? bytes.length * 8 : 0
  const size = length === null ? bits : /^[0-9]{1,3}$/.test(length) ? Number(length) : -1
  if (!bytes || text.includes('%') || size < 0 || size > bits) {
    throw new WhydownError(
      'usage',
      `The address policy entry "${text}" is neither an IP address nor a network.`,
      {
        hint: 'Write an address such as 192.0.2.7 or a network such as 10.0.0.0/8 or 2001:db8::/32.',
      },
    )
  }
  const mapped = bytes.length === 16 && size >= 96 && startsWith(bytes, MAPPED)
  const ip = formatIp(mapped ? bytes.subarray(12) : bytes)
  const kind = mapped || bytes.length === 4 ? 'ipv4' : 'ipv6'
  for (const list of lists) list.addSubnet(ip, mapped ? size - 96 : size, kind)
}

function compileList(texts: readonly string[]): { all: BlockList; entries: Entry[] } {
  const all = new BlockList()
  const entries = texts.map((text) => {
    const list = new BlockList()
    add(text, [all, list])
    return { text, list }
  })
  return { all, entries }
}

const compiled = new WeakMap<AddressPolicy, CompiledPolicy>()

/**
 * Makes a policy ready for use; remembered by object identity, so a policy must not be changed afterwards.
 * Deny wins over allow; an empty allow list allows all. IPv4-mapped IPv6 counts as the IPv4 address, and IPv4
 * addresses inside NAT64, 6to4, Teredo and the like are held against the deny list too.
 * Throws WhydownError `usage` that names the entry it cannot read.
 */
export function compilePolicy(policy: AddressPolicy): CompiledPolicy {
  const known = compiled.get(policy)
  if (known) return known
  const deny = compileList(policy.deny)
  const allow = compileList(policy.allow)
  const made: CompiledPolicy = {
    verdict(ip) {
      const bytes = parseIp(ip)
      if (!bytes) return `${ip} is not an IP address`
      const seen = see(bytes)
      if (deny.entries.length > 0) {
        const denied = deniedAs(seen, deny)
        if (denied) return denied
      }
      if (allow.entries.length === 0 || allow.all.check(seen.ip, seen.kind)) return null
      if (seen.translated !== null && allow.all.check(seen.translated, 'ipv4')) return null
      return `${ip} is in no allowed network`
    },
  }
  compiled.set(policy, made)
  return made
}

function deniedAs(seen: Seen, deny: { all: BlockList; entries: Entry[] }): string | null {
  if (deny.all.check(seen.ip, seen.kind))
    return `${seen.ip} is in the denied network ${entryOf(seen.ip, seen.kind, deny)}`
  for (const inside of seen.embedded) {
    if (!deny.all.check(inside, 'ipv4')) continue
    return `${seen.ip} leads to ${inside}, which is in the denied network ${entryOf(inside, 'ipv4', deny)}`
  }
  return null
}

function entryOf(ip: string, kind: 'ipv4' | 'ipv6', deny: { entries: Entry[] }): string {
  return deny.entries.find(({ list }) => list.check(ip, kind))?.text ?? ip
}
