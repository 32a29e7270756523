// What this machine says of its own network: interfaces with their addresses, and the default route of each family.
// Sends nothing and judges nothing.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'
import { formatIp } from '../../model/address.ts'
import type { InterfacesFinding, RouteFacts } from '../../model/doctor.ts'
import type { Io } from '../io.ts'
import { lacksFamily } from '../own-addresses.ts'

/** Interfaces that are told; machines with containers have hundreds. */
const MAX_INTERFACES = 64
/** Lines of a table of the kernel that are read. */
const MAX_LINES = 20_000
/** Addresses of documentation (RFC 5737, RFC 3849): as far away as any other, and nobody is there. */
const FAR = { 4: '192.0.2.1', 6: '2001:db8::1' } as const
const RTF_UP = 0x1
const RTF_GATEWAY = 0x2
const RTF_REJECT = 0x200

type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>

/** Interfaces beside loopback: those with addresses as Node tells them, and the others as Linux does. */
export function lookAtInterfaces(io: Io, known: Interfaces = networkInterfaces()): InterfacesFinding {
  const each: InterfacesFinding['each'] = []
  for (const [name, addresses = []] of Object.entries(known)) {
    if (addresses.every(({ internal }) => internal)) continue
    // Node tells only those that are up and running.
    each.push({ name, up: true, addresses: addresses.map(({ cidr, address }) => cidr ?? address) })
  }
  for (const name of interfaceNames(io.readText('/proc/self/net/dev') ?? '')) {
    if (name === 'lo' || known[name]) continue
    const state = io.readText(`/sys/class/net/${name}/operstate`)?.trim()
    each.push({ name, up: state === undefined || state === 'unknown' ? null : state === 'up', addresses: [] })
  }
  const families = ([4, 6] as const).filter((family) => !lacksFamily(FAR[family], known))
  const ipv4 = Object.values(known)
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
  const selfAssigned = ipv4.length > 0 && ipv4.every(({ address }) => address.startsWith('169.254.'))
  return { kind: 'interfaces', each: each.slice(0, MAX_INTERFACES), families, selfAssigned }
}

function interfaceNames(text: string): string[] {
  const names: string[] = []
  for (const line of text.split('\n', MAX_LINES)) {
    const colon = line.indexOf(':')
    if (colon > 0) names.push(line.slice(0, colon).trim())
  }
  return names
}

/** The default routes: from the kernel's tables on Linux, elsewhere by asking the system where it would send from. */
export async function lookAtRoutes(io: Io): Promise<RouteFacts[]> {
  const v4 = io.readText('/proc/self/net/route')
  const v6 = io.readText('/proc/self/net/ipv6_route')
  return [
    v4 === null ? await askedRoute(4) : (defaultRoute4(v4) ?? noRoute(4, false)),
    // A kernel without IPv6 has the one table and not the other.
    v6 !== null
      ? (defaultRoute6(v6) ?? noRoute(6, false))
      : v4 === null
        ? await askedRoute(6)
        : noRoute(6, false),
  ]
}

function noRoute(family: 4 | 6, exists: boolean | null): RouteFacts {
  return { family, exists, gateway: null, interface: null, alive: null, howWeKnow: null }
}

/** `/proc/net/route`: interface, destination, gateway, flags, ..., metric, mask; numbers in the machine's byte order. */
export function defaultRoute4(text: string): RouteFacts | null {
  let best: RouteFacts | null = null
  let least = Number.POSITIVE_INFINITY
  for (const line of text.split('\n', MAX_LINES).slice(1)) {
    const [name, destination, gateway = '', flags = '', , , metric = '', mask] = line.trim().split(/\s+/)
    const bits = Number.parseInt(flags, 16)
    if (destination !== '00000000' || mask !== '00000000' || !(bits & RTF_UP) || bits & RTF_REJECT) continue
    if (!(Number(metric) < least)) continue
    least = Number(metric)
    best = { ...noRoute(4, true), interface: name ?? null }
    if (bits & RTF_GATEWAY) best.gateway = gateway4(gateway)
  }
  return best
}

/** Eight hex digits of a number in the machine's byte order, which is little endian wherever Node runs. */
function gateway4(hex: string): string | null {
  const bytes = Buffer.from(hex, 'hex').reverse()
  return bytes.length === 4 ? formatIp(bytes) : null
}

/** `/proc/net/ipv6_route`: destination, its length, source, its length, next hop, metric, ..., flags, interface. */
export function defaultRoute6(text: string): RouteFacts | null {
  let best: RouteFacts | null = null
  let least = Number.POSITIVE_INFINITY
  for (const line of text.split('\n', MAX_LINES)) {
    const [destination, length, , , hop = '', metric = '', , , flags = '', name] = line.trim().split(/\s+/)
    const bits = Number.parseInt(flags, 16)
    if (length !== '00' || !/^0{32}$/.test(destination ?? '')) continue
    if (!(bits & RTF_UP) || bits & RTF_REJECT || name === 'lo') continue
    const cost = Number.parseInt(metric, 16)
    if (!(cost < least)) continue
    least = cost
    best = { ...noRoute(6, true), interface: name ?? null }
    const bytes = Buffer.from(hop, 'hex')
    if (bits & RTF_GATEWAY && bytes.length === 16) best.gateway = formatIp(bytes)
  }
  return best
}

/** Connecting a UDP socket sends nothing, and fails where there is no route. */
async function askedRoute(family: 4 | 6): Promise<RouteFacts> {
  const socket = createSocket(family === 4 ? 'udp4' : 'udp6')
  try {
    socket.connect(9, FAR[family])
    await once(socket, 'connect')
    return noRoute(family, true)
  } catch {
    return noRoute(family, false)
  } finally {
    socket.close()
  }
}

/**
 * What the neighbour table of Linux says of an IPv4 address: true when it answered, false when it was asked and has
 * not, null when it says nothing. The line holds address, type, flags; flag 2 is a complete entry.
 */
export function neighbourAnswers(text: string | null, ip: string): boolean | null {
  for (const line of (text ?? '').split('\n', MAX_LINES).slice(1)) {
    const [address, , flags = ''] = line.trim().split(/\s+/)
    if (address === ip) return (Number.parseInt(flags, 16) & 2) !== 0
  }
  return null
}
