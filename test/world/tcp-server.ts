// Plain TCP listeners on loopback and the ways in which they misbehave. Speaks no protocol.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { Worker } from 'node:worker_threads'

export interface TcpServer extends AsyncDisposable {
  host: string
  port: number
  /** Sockets accepted so far, in order. */
  sockets: Socket[]
  /** Stops listening and destroys what is open. */
  close(): Promise<void>
}

/** Keeps a server's sockets at hand, so that closing it never waits for a peer. Also for servers of other modules. */
export async function listenOn(server: Server, host = '127.0.0.1', port = 0): Promise<TcpServer> {
  const sockets: Socket[] = []
  server.on('connection', (socket: Socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
  })
  server.listen(port, host)
  await once(server, 'listening')
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    for (const socket of sockets) socket.destroy()
    await closed
  }
  const { port: bound } = server.address() as AddressInfo
  return { host, port: bound, sockets, close, [Symbol.asyncDispose]: close }
}

/** Listens and hands every accepted socket to `handler`; without one they are accepted and left alone. */
export function listen(
  handler: (socket: Socket) => void = () => {},
  host = '127.0.0.1',
  port = 0,
): Promise<TcpServer> {
  return listenOn(createServer(handler), host, port)
}

/** A port on which nothing listens any more: whoever dials it is refused. */
export async function refusingPort(host = '127.0.0.1'): Promise<number> {
  const server = await listen(undefined, host)
  await server.close()
  return server.port
}

/** Accepts, and closes in order without a word. */
export function listenAndClose(host?: string): Promise<TcpServer> {
  return listen((socket) => void socket.end(), host)
}

/** A listener in a thread of its own, which sleeps, so that nobody accepts; `{ backlog }` connections still fit. */
const SLEEPING_LISTENER = `
  const { createServer } = require('node:net')
  const { parentPort, workerData } = require('node:worker_threads')
  const server = createServer()
  server.listen({ port: workerData.port, host: workerData.host, backlog: 1 }, () => {
    parentPort.postMessage(server.address().port)
    setImmediate(() => {
      Atomics.wait(new Int32Array(workerData.wake), 0, 0)
      process.exit()
    })
  })
`

/**
 * An address that never answers a SYN: a listener that accepts nothing and whose queue is full, as Linux drops the
 * SYN then. What a firewall that drops packets looks like, on loopback.
 */
export async function silentAddress(host = '127.0.0.1', port = 0): Promise<TcpServer> {
  const wake = new SharedArrayBuffer(4)
  const worker = new Worker(SLEEPING_LISTENER, { eval: true, workerData: { host, port, wake } })
  const [bound] = (await once(worker, 'message')) as [number]
  const sockets: Socket[] = []
  // A backlog of 1 holds two connections.
  for (let index = 0; index < 2; index++) {
    const socket = connect(bound, host)
    sockets.push(socket)
    await once(socket, 'connect')
    socket.on('error', () => {})
  }
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy()
    const gone = once(worker, 'exit')
    Atomics.store(new Int32Array(wake), 0, 1)
    Atomics.notify(new Int32Array(wake), 0)
    await gone
  }
  return { host, port: bound, sockets, close, [Symbol.asyncDispose]: close }
}

/** Accepts in a thread of its own, resets, and then wakes whoever waits on `wake`. */
const RESETTING_LISTENER = `
  const { createServer } = require('node:net')
  const { parentPort, workerData } = require('node:worker_threads')
  const server = createServer((socket) => {
    socket.resetAndDestroy()
    socket.on('close', () => {
      Atomics.store(new Int32Array(workerData.wake), 0, 1)
      Atomics.notify(new Int32Array(workerData.wake), 0)
    })
  })
  server.listen(0, workerData.host, () => parentPort.postMessage(server.address().port))
`

export interface EarlyReset extends AsyncDisposable {
  host: string
  port: number
  /** Stops this thread until the connection that it opened was reset, so that connecting itself sees the reset. */
  awaitReset(): void
}

/** A peer that resets so quickly that the reset is there before we look at whether we are connected. */
export async function earlyReset(host = '127.0.0.1'): Promise<EarlyReset> {
  const wake = new SharedArrayBuffer(4)
  const worker = new Worker(RESETTING_LISTENER, { eval: true, workerData: { host, wake } })
  const [port] = (await once(worker, 'message')) as [number]
  return {
    host,
    port,
    awaitReset: () => {
      Atomics.wait(new Int32Array(wake), 0, 0, 5_000)
    },
    [Symbol.asyncDispose]: async () => void (await worker.terminate()),
  }
}
