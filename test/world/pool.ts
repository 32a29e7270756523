// A site on one or more loopback addresses and one port, each request decided by a script that knows which address
// it came to. Counts what came in and how many requests stood open at a time.
import type { Socket } from 'node:net'
import type { Answer } from './http-server.ts'
import { listen, type TcpServer } from './tcp-server.ts'

export interface PoolRequest {
  method: string
  /** The request target as it came. */
  target: string
  /** The whole head as text, Latin-1. */
  head: string
  /** The address of ours it came to. */
  ip: string
  /** How many requests came before it, to all addresses. */
  before: number
}

export interface Pool extends AsyncDisposable {
  port: number
  requests: PoolRequest[]
  /** Most requests that were there and not answered at one time. Every answer takes a few turns of the loop. */
  mostAtOnce(): number
}

/** What to answer; a text is a whole response, and the connection is closed behind it. */
export type PoolScript = (request: PoolRequest) => Answer | string

/** Accepts and never answers. */
export const SILENCE: Answer = { bytes: '', ending: 'stay' }

/** Starts the site on all of these addresses, on one port that is free on the first. */
export async function startPool(ips: readonly string[], script: PoolScript): Promise<Pool> {
  const requests: PoolRequest[] = []
  let open = 0
  let most = 0
  const accept =
    (ip: string) =>
    (socket: Socket): void => {
      let text = ''
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1')
        // A TLS hello: servers of plain HTTP answer it as a bad request.
        if (text.startsWith('\x16')) return say(socket, answerOf(400))
        if (!text.includes('\r\n\r\n')) return
        const head = text
        text = ''
        const [method = '', target = ''] = head.split(' ', 2)
        const request = { method, target, head, ip, before: requests.length }
        requests.push(request)
        open++
        most = Math.max(most, open)
        afterTurns(() => {
          open--
          say(socket, script(request))
        })
      })
    }
  const servers: TcpServer[] = []
  let port = 0
  for (const ip of ips) {
    const server = await listen(accept(ip), ip, port)
    servers.push(server)
    port = server.port
  }
  return {
    port,
    requests,
    mostAtOnce: () => most,
    async [Symbol.asyncDispose]() {
      for (const server of servers) await server.close()
    },
  }
}

/** Turns that a request waits for its answer, so that requests side by side do meet. */
const TURNS = 30

function afterTurns(run: () => void, turns = TURNS): void {
  if (turns === 0) run()
  else setImmediate(() => afterTurns(run, turns - 1))
}

function say(socket: Socket, answer: Answer | string): void {
  const { bytes, ending = 'close' } = typeof answer === 'string' ? { bytes: answer } : answer
  const data = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes
  if (ending === 'stay') socket.write(data)
  else if (ending === 'close') socket.end(data)
  else if (data.length === 0) socket.resetAndDestroy()
  else socket.write(data, () => setImmediate(() => socket.resetAndDestroy()))
}

/** A response with any status. */
export function answerOf(status: number, body = '', fields = ''): string {
  const length = Buffer.byteLength(body, 'latin1')
  return `HTTP/1.1 ${status} Said\r\n${fields}Content-Length: ${length}\r\n\r\n${body}`
}
