// Servers behind which TLS breaks, on loopback and a free port: real ones with odd settings, raw ones that write bytes
// of their own, and a relay that cuts a real handshake short.
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions, type TLSSocket } from 'node:tls'
import type { Issued } from './certificates.ts'

export interface RunningServer {
  port: number
  /** Connections that came in so far. */
  connections(): number
  stop(): Promise<void>
}

/** Anything a server can do to a connection. */
export type Behaviour = (socket: Socket, index: number) => void

async function listen(
  server: Server,
  sockets: Set<Socket>,
  count: () => number,
  host: string,
): Promise<RunningServer> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    connections: count,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

/** A server that does `behave` to every connection; the second look gets the same, told apart by `index`. */
export function startRaw(behave: Behaviour, host = '127.0.0.1'): Promise<RunningServer> {
  const sockets = new Set<Socket>()
  let count = 0
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    behave(socket, count++)
  })
  return listen(server, sockets, () => count, host)
}

export interface TlsServerOptions extends TlsOptions {
  /** Leaf first; exactly these are sent. */
  chain: Issued[]
  /** Stapled when the client asks for it. */
  staple?: Buffer
  /** What to do once the handshake is done; nothing by default. */
  serve?: (socket: TLSSocket) => void
  host?: string
}

/** A real TLS server with this chain; other options go to Node as they are. */
export function startTls(options: TlsServerOptions): Promise<RunningServer> {
  const { chain, staple, serve, host = '127.0.0.1', ...rest } = options
  const sockets = new Set<Socket>()
  let count = 0
  const server = createTlsServer({
    key: chain[0]?.keyPem,
    cert: chain.map((issued) => issued.pem).join(''),
    ...rest,
  })
  if (staple) server.on('OCSPRequest', (_certificate, _issuer, answer) => answer(null, staple))
  server.on('tlsClientError', () => undefined)
  server.on('connection', (socket: Socket) => {
    count++
    sockets.add(socket)
    PLAIN.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => {
      sockets.delete(socket)
      PLAIN.delete(socket)
    })
  })
  server.on('secureConnection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    serve?.(socket)
  })
  return listen(server, sockets, () => count, host)
}

/** The sockets below those of TLS, of all servers. */
const PLAIN = new Set<Socket>()

/** How a connection is broken: an end, a reset, or silence. */
export type Cut = 'close' | 'reset' | 'stall'

function breakOff(socket: Socket, how: Cut): void {
  if (how === 'close') socket.end()
  else if (how === 'reset') socket.resetAndDestroy()
}

/**
 * Relays to a real server and breaks off after so many of its bytes, or when all of its first flight has been
 * answered: the client then waits for the last messages. `then` is called once it is broken off.
 */
export function startCutting(
  port: number,
  after: number | 'first flight',
  how: Cut,
  then: () => void = () => undefined,
): Promise<RunningServer> {
  return startRaw((client) => {
    const server = connect({ host: '127.0.0.1', port })
    server.on('error', () => undefined)
    client.on('close', () => server.destroy())
    let left = after === 'first flight' ? Number.POSITIVE_INFINITY : after
    let flights = 0
    const cut = (): void => {
      left = 0
      breakOff(client, how)
      then()
    }
    client.on('data', (chunk: Buffer) => {
      if (after === 'first flight' && ++flights === 2) cut()
      else server.write(chunk)
    })
    server.on('data', (chunk: Buffer) => {
      if (left === 0) return
      const part = chunk.subarray(0, left)
      left -= part.length
      if (left > 0) client.write(part)
      // A reset overtakes bytes that wait in the kernel, so it goes out when they are read.
      else client.write(part, () => setImmediate(cut))
    })
  })
}

/** Relays to a real server and damages the last byte of what that sends once the client has sent its request. */
export function startSpoiling(port: number): Promise<RunningServer> {
  return startRaw((client) => {
    const server = connect({ host: '127.0.0.1', port })
    server.on('error', () => undefined)
    client.on('close', () => server.destroy())
    client.on('data', (chunk: Buffer) => server.write(chunk))
    server.on('data', (chunk: Buffer) => {
      // Type 23 is application data, which only comes behind a handshake.
      const last = chunk.length - 1
      if (chunk[0] === 23) chunk[last] = (chunk[last] ?? 0) ^ 1
      client.write(chunk)
    })
  })
}

/** Resets the connection under a TLS socket. */
export function resetUnder(socket: TLSSocket): void {
  const { remotePort } = socket
  for (const plain of PLAIN) if (plain.remotePort === remotePort) plain.resetAndDestroy()
}

/** Breaks off as soon as the connection stands. */
export function breaksAtConnect(how: Cut): Behaviour {
  return (socket) => breakOff(socket, how)
}

/** Waits for the first bytes of the client, which is its ClientHello, and breaks off. */
export function breaksAtHello(how: Cut): Behaviour {
  return (socket) => socket.once('data', () => breakOff(socket, how))
}

/** Answers the first bytes of the client with these, and ends. */
export function answers(bytes: Uint8Array | string): Behaviour {
  return (socket) => socket.once('data', () => socket.end(bytes))
}

/** Speaks first, as mail servers and SSH do, and then says nothing. */
export function greets(bytes: string): Behaviour {
  return (socket) => {
    socket.write(bytes)
  }
}

/** A TLS record: type, version 3.3, length, content. */
export function record(type: number, content: Uint8Array): Buffer {
  const head = Buffer.from([type, 3, 3, content.length >> 8, content.length & 0xff])
  return Buffer.concat([head, content])
}

/** Answers the ClientHello with a fatal alert. */
export function alerts(number: number): Behaviour {
  return answers(record(21, Buffer.from([2, number])))
}

/** A ServerHello of the given version that takes the first cipher of TLS 1.2, as old servers do. */
export function serverHello(version: number, cipher = 0xc02f): Buffer {
  const body = Buffer.concat([
    Buffer.from([version >> 8, version & 0xff]),
    Buffer.alloc(32, 7),
    Buffer.from([0, cipher >> 8, cipher & 0xff, 0]),
  ])
  return record(22, Buffer.concat([Buffer.from([2, 0, 0, body.length]), body]))
}
