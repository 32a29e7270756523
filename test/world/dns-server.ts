// A small name server on real UDP and TCP sockets of loopback that does what a script says, mostly wrong things.
// Its messages are written by dns-packet, so that our own codec is never tested against itself.
import { createSocket, type RemoteInfo } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import packets, { type PacketRecord } from 'dns-packet'

/** A query as the server saw it. */
export interface ServerQuery {
  id: number
  /** Lower case. */
  name: string
  type: string
  transport: 'udp' | 'tcp'
  edns: boolean
  recursionDesired: boolean
  /** The message without the TCP length. */
  bytes: Buffer
  /** How many queries this server has had, this one included. */
  count: number
}

/**
 * What to do with a query. Over TCP `send` gets its length prefix, `raw` does not; over UDP both are one packet
 * for each buffer. `elsewhere` sends from another port. `after` the bytes TCP can end or be reset.
 */
export type DnsAction =
  | { send: Buffer | Buffer[]; after?: 'end' | 'reset' }
  | { raw: Buffer | Buffer[]; after?: 'end' | 'reset' }
  | { elsewhere: Buffer | Buffer[]; send?: Buffer }
  | 'drop'
  | 'end'
  | 'reset'

/** Decides for each query; a promise delays the answer until the test resolves it. */
export type DnsScript = (query: ServerQuery) => DnsAction | Promise<DnsAction>

export interface DnsServerWorld {
  ip: string
  port: number
  queries: ServerQuery[]
  close(): Promise<void>
}

export interface AnswerParts {
  /** Default NOERROR. */
  rcode?: string | number
  answers?: PacketRecord[]
  authorities?: PacketRecord[]
  additionals?: PacketRecord[]
  /** Default the id of the query. */
  id?: number
  /** Default the question of the query; null leaves it out. */
  question?: { name: string; type: string } | null
  truncated?: boolean
  /** Default false. */
  authoritative?: boolean
  /** Default true. */
  recursionAvailable?: boolean
  /** Extended DNS errors. */
  errors?: { code: number; text?: string }[]
  /** Send an OPT record also without errors. */
  edns?: boolean
  /** Upper bits of the RCODE, for the OPT record. */
  extendedRcode?: number
}

const RCODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED']

/** An answer to a query as bytes. */
export function answer(query: ServerQuery, parts: AnswerParts = {}): Buffer {
  const rcode = typeof parts.rcode === 'number' ? parts.rcode : RCODES.indexOf(parts.rcode ?? 'NOERROR')
  const options = (parts.errors ?? []).map(({ code, text = '' }) => {
    const data = Buffer.alloc(2 + Buffer.byteLength(text))
    data.writeUInt16BE(code)
    data.write(text, 2)
    return { code: 15, data }
  })
  const additionals = [...(parts.additionals ?? [])]
  if (options.length > 0 || parts.edns || parts.extendedRcode !== undefined) {
    additionals.push({
      name: '.',
      type: 'OPT',
      udpPayloadSize: 1_232,
      extendedRcode: parts.extendedRcode ?? 0,
      options,
    })
  }
  const question = parts.question === undefined ? { name: query.name, type: query.type } : parts.question
  return packets.encode({
    type: 'response',
    id: parts.id ?? query.id,
    flags:
      rcode |
      (query.recursionDesired ? packets.RECURSION_DESIRED : 0) |
      (parts.recursionAvailable === false ? 0 : packets.RECURSION_AVAILABLE) |
      (parts.authoritative ? packets.AUTHORITATIVE_ANSWER : 0) |
      (parts.truncated ? packets.TRUNCATED_RESPONSE : 0),
    questions: question ? [question] : [],
    answers: parts.answers ?? [],
    authorities: parts.authorities ?? [],
    additionals,
  })
}

export function a(ip: string, name = '', ttl = 300): PacketRecord {
  return { name, type: 'A', ttl, data: ip }
}

export function aaaa(ip: string, name = '', ttl = 300): PacketRecord {
  return { name, type: 'AAAA', ttl, data: ip }
}

export function cname(target: string, name = '', ttl = 300): PacketRecord {
  return { name, type: 'CNAME', ttl, data: target }
}

/** The SOA of a negative answer: its own TTL and the minimum, of which the smaller counts. */
export function soa(zoneName: string, ttl = 900, minimum = 60): PacketRecord {
  const data = {
    mname: `ns.${zoneName}`,
    rname: `admin.${zoneName}`,
    serial: 2026112001,
    refresh: 3_600,
    retry: 600,
    expire: 86_400,
    minimum,
  }
  return { name: zoneName, type: 'SOA', ttl, data }
}

/** A well-behaved server for a few names: follows aliases, NODATA and NXDOMAIN with SOA. Owners are filled in. */
export function zone(names: Record<string, PacketRecord[]>): DnsScript {
  return (query) => {
    const answers: PacketRecord[] = []
    let owner = query.name
    let records = names[owner]
    const exists = records !== undefined
    for (let step = 0; records && step < 20; step++) {
      const here = records.map((record) => ({ ...record, name: owner }))
      answers.push(...here.filter((record) => record.type === query.type))
      const alias = here.find((record) => record.type === 'CNAME')
      if (!alias || query.type === 'CNAME') break
      answers.push(alias)
      owner = String(alias.data)
      records = names[owner]
    }
    const found = answers.some((record) => record.type === query.type)
    const rcode = exists && records ? 'NOERROR' : 'NXDOMAIN'
    return {
      send: answer(query, { rcode, answers, authorities: found ? [] : [soa('test')], edns: query.edns }),
    }
  }
}

/**
 * Starts a server on one port for UDP and TCP; `tcp: false` leaves the TCP port closed. Close it when done.
 *
 *   await startDnsServer(zone({ 'www.example.test': [a('127.0.0.1')] }))
 *   await startDnsServer((query) => ({ send: answer(query, { rcode: 'SERVFAIL' }) }))
 */
export async function startDnsServer(
  script: DnsScript,
  options: { host?: string; tcp?: boolean } = {},
): Promise<DnsServerWorld> {
  const host = options.host ?? '127.0.0.1'
  const type = host.includes(':') ? 'udp6' : 'udp4'
  const tcp = createServer()
  const udp = await bindBoth(tcp, type, host)
  const { port } = udp.address()
  if (options.tcp === false) await new Promise((done) => tcp.close(done))
  const elsewhere = createSocket(type)
  elsewhere.bind(0, host)
  await once(elsewhere, 'listening')

  const queries: ServerQuery[] = []
  const open = new Set<Socket>()
  const see = (bytes: Buffer, transport: 'udp' | 'tcp'): ServerQuery => {
    const packet = packets.decode(bytes)
    const question = packet.questions?.[0]
    const query: ServerQuery = {
      id: packet.id ?? 0,
      name: (question?.name ?? '').toLowerCase(),
      type: question?.type ?? '',
      transport,
      edns: (packet.additionals ?? []).some((record) => record.type === 'OPT'),
      recursionDesired: ((packet.flags ?? 0) & packets.RECURSION_DESIRED) !== 0,
      bytes,
      count: queries.length + 1,
    }
    queries.push(query)
    return query
  }

  const onPacket = async (bytes: Buffer, from: RemoteInfo): Promise<void> => {
    const action = await script(see(bytes, 'udp'))
    if (typeof action === 'string') return
    if ('elsewhere' in action) {
      for (const packet of [action.elsewhere].flat()) {
        await new Promise((sent) => elsewhere.send(packet, from.port, from.address, sent))
      }
    }
    for (const packet of payloads(action)) udp.send(packet, from.port, from.address, ignore)
  }
  udp.on('message', (bytes, from) => void onPacket(bytes, from))

  tcp.on('connection', (socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', ignore)
    let received = Buffer.alloc(0)
    socket.on('data', async (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return
      const action = await script(see(received.subarray(2, 2 + received.readUInt16BE(0)), 'tcp'))
      received = Buffer.alloc(0)
      const after = typeof action === 'string' ? action : 'after' in action ? action.after : undefined
      if (typeof action !== 'string') {
        const framed = 'raw' in action ? payloads(action) : payloads(action).map(frame)
        for (const part of framed) await new Promise((written) => socket.write(part, written))
      }
      if (after === 'end') socket.end()
      if (after === 'reset') socket.resetAndDestroy()
    })
  })

  return {
    ip: host,
    port,
    queries,
    async close() {
      for (const socket of open) socket.destroy()
      if (tcp.listening) await new Promise((done) => tcp.close(done))
      await Promise.all([udp, elsewhere].map((socket) => new Promise<void>((done) => socket.close(done))))
    },
  }
}

/** A port of loopback where nothing listens, for both protocols. */
export async function closedPort(): Promise<{ ip: string; port: number }> {
  const { ip, port, close } = await startDnsServer(() => 'drop')
  await close()
  return { ip, port }
}

function payloads(action: Exclude<DnsAction, string>): Buffer[] {
  if ('raw' in action) return [action.raw].flat()
  return action.send === undefined ? [] : [action.send].flat()
}

function frame(message: Buffer): Buffer {
  const framed = Buffer.alloc(2 + message.length)
  framed.writeUInt16BE(message.length)
  message.copy(framed, 2)
  return framed
}

function ignore(): void {}

/** TCP takes a free port and UDP the same one; another program may have that, so try again with the next. */
async function bindBoth(
  tcp: Server,
  type: 'udp4' | 'udp6',
  host: string,
): Promise<ReturnType<typeof createSocket>> {
  for (let attempt = 1; ; attempt++) {
    tcp.listen(0, host)
    await once(tcp, 'listening')
    const udp = createSocket(type)
    try {
      udp.bind((tcp.address() as AddressInfo).port, host)
      await once(udp, 'listening')
      return udp
    } catch (error) {
      udp.close()
      await new Promise((done) => tcp.close(done))
      if (attempt === 20) throw error
    }
  }
}
