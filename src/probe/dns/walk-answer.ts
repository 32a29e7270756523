// What an answer of a name server of `zone` means for a walk down the delegation. No sockets, no decisions on whom
// to ask next.
import { CLASS_IN, type DnsMessage } from '../../wire/dns-message.ts'
import { foldName } from '../../wire/dns-name.ts'
import { negativeSoa } from './answer.ts'

/** Name servers of one delegation that are read, and addresses of one name. */
const MAX_NAME_SERVERS = 13
const MAX_GLUE = 4

export interface NameServer {
  name: string
  /** Glue that the delegation brought and that may be believed; empty: to be looked up. */
  ips: string[]
}

/**
 * referral: go on at the name servers of `zone`, which lies below and nearer to the name. answer: with authority,
 * whatever it says. lame: no authority and no way on.
 */
export type WalkAnswer =
  | { kind: 'referral'; zone: string; nameServers: NameServer[] }
  | { kind: 'answer' }
  | { kind: 'lame'; reason: string }

/** True when `name` is `zone` or lies below it; both folded, "." is the root. */
export function isWithin(name: string, zone: string): boolean {
  return zone === '.' || name === zone || name.endsWith(`.${zone}`)
}

/** Labels of a folded name; the root has none. */
export function labelsOf(name: string): number {
  return name === '.' || name === '' ? 0 : name.split('.').length
}

/** Reads the answer to a question about `name` (folded) that a name server of `zone` (folded) gave. */
export function readWalkAnswer(message: DnsMessage, name: string, zone: string): WalkAnswer {
  if (message.rcode !== 0 && message.rcode !== 3) {
    return { kind: 'lame', reason: `${message.rcodeName} instead of an answer` }
  }
  if (message.flags.aa) return { kind: 'answer' }
  if (message.rcode === 3) return { kind: 'lame', reason: 'NXDOMAIN without authority' }
  if (message.answers.length > 0) return { kind: 'lame', reason: 'an answer without authority' }
  const owner = message.authorities.find((record) => record.type === 'NS' && record.class === CLASS_IN)?.name
  if (owner === undefined) {
    // Some servers forget the AA bit on an empty answer; the SOA of the zone itself still speaks for it.
    const soa = negativeSoa(message)
    if (soa && foldName(soa.owner) === zone) return { kind: 'answer' }
    return { kind: 'lame', reason: 'neither an answer nor a referral' }
  }
  const child = foldName(owner)
  if (child === zone || !isWithin(child, zone)) {
    return { kind: 'lame', reason: `a referral to "${child}", which is not below "${zone}"` }
  }
  if (!isWithin(name, child)) return { kind: 'lame', reason: `a referral to "${child}", which is elsewhere` }
  return { kind: 'referral', zone: child, nameServers: readNameServers(message, child, zone) }
}

/**
 * The name servers of a delegation with their glue. Only addresses of names within the zone of the server that
 * answers are taken: it has no say about others (the bailiwick rule, RFC 5452, section 6).
 */
function readNameServers(message: DnsMessage, child: string, zone: string): NameServer[] {
  const servers = new Map<string, NameServer>()
  for (const record of message.authorities) {
    if (record.type !== 'NS' || foldName(record.name) !== child || servers.size >= MAX_NAME_SERVERS) continue
    const name = foldName(record.data)
    if (!servers.has(name)) servers.set(name, { name, ips: [] })
  }
  for (const record of message.additionals) {
    if (record.type !== 'A' && record.type !== 'AAAA') continue
    const owner = foldName(record.name)
    const server = servers.get(owner)
    if (server && isWithin(owner, zone) && server.ips.length < MAX_GLUE && !server.ips.includes(record.data))
      server.ips.push(record.data)
  }
  return [...servers.values()]
}
