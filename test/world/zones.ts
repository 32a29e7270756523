// A little DNS tree on loopback: each name server has an address of its own in 127.0.0.0/8 and all have one port,
// as delegations carry no ports. Answers as real authoritative servers do, referrals with glue included.
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import packets, { type PacketRecord } from 'dns-packet'
import { answer, type DnsScript, type ServerQuery, soa } from './dns-server.ts'

/** One zone as a server serves it. Names without the dot at the end; the root zone is ".". */
export interface ServedZone {
  zone: string
  records?: Record<string, PacketRecord[]>
  /** Child zones: their name servers by name, each with its glue (none: the name alone is told). */
  delegations?: Record<string, Record<string, string[]>>
}

export interface ZoneTree {
  port: number
  /** What each server was asked, by its address. */
  queries: Map<string, ServerQuery[]>
  close(): Promise<void>
}

function isBelow(name: string, zone: string): boolean {
  return zone === '.' || name === zone || name.endsWith(`.${zone}`)
}

/** A well-behaved authoritative server: referrals, aliases within its zones, NODATA and NXDOMAIN, else REFUSED. */
export function authoritative(...zones: ServedZone[]): DnsScript {
  return (query) => {
    const edns = query.edns
    const zone = zones
      .filter((one) => isBelow(query.name, one.zone))
      .toSorted((a, b) => b.zone.length - a.zone.length)[0]
    const common = { edns, recursionAvailable: false }
    if (!zone) return { send: answer(query, { ...common, rcode: 'REFUSED' }) }
    for (const [child, servers] of Object.entries(zone.delegations ?? {})) {
      if (!isBelow(query.name, child)) continue
      const authorities = Object.keys(servers).map((data) => ({ name: child, type: 'NS', ttl: 3_600, data }))
      const additionals = Object.entries(servers).flatMap(([name, ips]) =>
        ips.map((data) => ({ name, type: data.includes(':') ? 'AAAA' : 'A', ttl: 3_600, data })),
      )
      return { send: answer(query, { ...common, authorities, additionals }) }
    }
    const { answers, exists } = lookUp(query, zone)
    const negative = answers.some((record) => record.type === query.type) ? [] : [soa(zone.zone)]
    const rcode = exists ? 'NOERROR' : 'NXDOMAIN'
    return { send: answer(query, { ...common, authoritative: true, rcode, answers, authorities: negative }) }
  }
}

function lookUp(query: ServerQuery, zone: ServedZone): { answers: PacketRecord[]; exists: boolean } {
  const answers: PacketRecord[] = []
  let owner = query.name
  for (let step = 0; step < 10; step++) {
    const records = zone.records?.[owner]
    if (!records) return { answers, exists: owner === zone.zone || answers.length > 0 }
    const here = records.map((record) => ({ ...record, name: owner }))
    answers.push(...here.filter((record) => record.type === query.type))
    const alias = here.find((record) => record.type === 'CNAME')
    if (!alias) return { answers, exists: true }
    answers.push(alias)
    owner = String(alias.data)
    if (!isBelow(owner, zone.zone)) return { answers, exists: true }
  }
  return { answers, exists: true }
}

/** Starts one server for each address; all listen on the same free port. Close it when done. */
export async function startZones(servers: Record<string, DnsScript>): Promise<ZoneTree> {
  const queries = new Map<string, ServerQuery[]>()
  const sockets = await bindAll(Object.keys(servers))
  for (const [ip, socket] of sockets) {
    const seen: ServerQuery[] = []
    queries.set(ip, seen)
    socket.on('message', (bytes: Buffer, from: RemoteInfo) => void reply(ip, socket, bytes, from, seen))
  }
  const reply = async (
    ip: string,
    socket: Socket,
    bytes: Buffer,
    from: RemoteInfo,
    seen: ServerQuery[],
  ): Promise<void> => {
    const packet = packets.decode(bytes)
    const question = packet.questions?.[0]
    const query: ServerQuery = {
      id: packet.id ?? 0,
      name: (question?.name ?? '').toLowerCase(),
      type: question?.type ?? '',
      transport: 'udp',
      edns: (packet.additionals ?? []).some((record) => record.type === 'OPT'),
      recursionDesired: ((packet.flags ?? 0) & packets.RECURSION_DESIRED) !== 0,
      bytes,
      count: seen.length + 1,
    }
    seen.push(query)
    const action = await servers[ip]?.(query)
    if (typeof action !== 'object' || !('send' in action) || !action.send) return
    for (const message of [action.send].flat()) socket.send(message, from.port, from.address)
  }
  const [first] = sockets.values()
  return {
    port: first?.address().port ?? 0,
    queries,
    close: async () => {
      await Promise.all(
        [...sockets.values()].map((socket) => new Promise<void>((done) => socket.close(done))),
      )
    },
  }
}

/** The CD bit of a query (RFC 4035, 3.2.2). */
export function checkingDisabled(query: ServerQuery): boolean {
  return (query.bytes.readUInt16BE(2) & 0x0010) !== 0
}

/** The first address takes a free port, the others the same one; where another program has it, all start anew. */
async function bindAll(ips: string[]): Promise<Map<string, Socket>> {
  for (let attempt = 1; ; attempt++) {
    const sockets = new Map<string, Socket>()
    let port = 0
    try {
      for (const ip of ips) {
        const socket = createSocket(ip.includes(':') ? 'udp6' : 'udp4')
        sockets.set(ip, socket)
        socket.bind(port, ip)
        await once(socket, 'listening')
        port = socket.address().port
      }
      return sockets
    } catch (error) {
      for (const socket of sockets.values()) socket.close()
      if (attempt === 20) throw error
    }
  }
}
