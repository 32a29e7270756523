// A server that says exactly the bytes it is told to, whatever the request was, and ends as it is told.
import type { Socket } from 'node:net'
import { listen, type TcpServer } from './tcp-server.ts'

/** How the connection goes on after the bytes. `stay` leaves it open. */
export type Ending = 'close' | 'reset' | 'stay'

export interface HttpWorld extends TcpServer {
  url: string
  /** What came in, one text per request, Latin-1. */
  requests: string[]
}

/** What to answer: bytes as they are (text is Latin-1), and the ending, `close` by default. */
export interface Answer {
  bytes: string | Uint8Array
  ending?: Ending
}

export type Script = (request: string, count: number) => Answer | Promise<Answer>

function isWhole(request: string): boolean {
  const end = request.indexOf('\r\n\r\n')
  if (end < 0) return false
  const length = Number(/^content-length: (\d+)/im.exec(request)?.[1] ?? 0)
  return request.length >= end + 4 + length
}

function say(socket: Socket, { bytes, ending = 'close' }: Answer): void {
  const data = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes
  if (ending === 'stay') socket.write(data)
  else if (ending === 'close') socket.end(data)
  else socket.write(data, () => setImmediate(() => socket.resetAndDestroy()))
}

/** Starts it. A fixed answer for every request, or a function of the request and how many came before it. */
export async function httpServer(script: Script | Answer | string, host = '127.0.0.1'): Promise<HttpWorld> {
  const requests: string[] = []
  const decide: Script =
    typeof script === 'function' ? script : () => (typeof script === 'string' ? { bytes: script } : script)
  const server = await listen((socket) => {
    let request = ''
    socket.on('data', async (chunk) => {
      // It speaks no TLS, and a client that begins with a handshake shall not have to wait for that.
      if (request === '' && chunk[0] === 0x16) {
        socket.end()
        return
      }
      request += chunk.toString('latin1')
      if (!isWhole(request)) return
      const whole = request
      request = ''
      requests.push(whole)
      say(socket, await decide(whole, requests.length))
    })
  }, host)
  const at = host.includes(':') ? `[${host}]` : host
  return { ...server, requests, url: `http://${at}:${server.port}/` }
}

/** A proper response with a body of known length. */
export function ok(body = 'hello', fields = ''): string {
  return `HTTP/1.1 200 OK\r\n${fields}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

/** A redirect to `location`. */
export function redirect(location: string, status = 302): string {
  return `HTTP/1.1 ${status} Moved\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`
}
