// A forward proxy (CONNECT and absolute form) and a SOCKS5 proxy that really relay, and that misbehave when told to.
import {
  createServer as createHttpServer,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { listenOn, type TcpServer } from './tcp-server.ts'

/** What goes wrong instead of an answer to CONNECT. `says`: these very bytes, and the connection stays open. */
export type ProxyFault = 'close' | 'reset' | 'silent' | { says: string; ending?: 'close' }

export interface ProxyRules {
  /** Wanted user and password, as `user:password`. */
  login?: string
  /** host:port that may not be reached. */
  deny?: string[]
  fault?: ProxyFault
  /** PEM key and certificate: the proxy is reached by TLS. */
  tls?: { key: string; cert: string }
  /** Dials this instead of the target, so that names which nobody can resolve may be asked for. */
  dial?: { host: string; port: number }
  /** Sent in the same segment as the answer to CONNECT, as if the target had spoken first. */
  early?: string
}

export interface ProxyServer extends TcpServer {
  /** What was asked for: `CONNECT host:port`, `GET http://…`, `SOCKS5 host:port`. */
  asked: string[]
  /** Heads of the requests as raw field lists, in the same order; empty for SOCKS. */
  fields: string[][]
}

function misbehave(socket: Socket, fault: ProxyFault): void {
  if (fault === 'close') socket.end()
  else if (fault === 'reset') socket.resetAndDestroy()
  else if (fault !== 'silent') {
    socket.write(fault.says)
    if (fault.ending === 'close') socket.end()
  }
}

const UNAUTHORIZED_PAGE = '<h1>Proxy login needed</h1>'

/** A real HTTP forward proxy on loopback. */
export async function httpProxy(rules: ProxyRules = {}, host?: string): Promise<ProxyServer> {
  const asked: string[] = []
  const fields: string[][] = []
  const mayPass = (message: IncomingMessage): boolean =>
    rules.login === undefined ||
    message.headers['proxy-authorization'] === `Basic ${Buffer.from(rules.login).toString('base64')}`

  const relay = (message: IncomingMessage, answer: ServerResponse): void => {
    asked.push(`${message.method} ${message.url}`)
    fields.push(message.rawHeaders)
    if (rules.fault) return misbehave(message.socket, rules.fault)
    if (!mayPass(message)) {
      answer.writeHead(407, { 'Proxy-Authenticate': 'Basic realm="lab"' }).end(UNAUTHORIZED_PAGE)
      return
    }
    const url = new URL(message.url ?? '')
    const { host: target, port } = rules.dial ?? { host: url.hostname, port: Number(url.port || 80) }
    const onward = request({
      host: target,
      port,
      path: url.pathname,
      method: message.method ?? 'GET',
      agent: false,
    })
    onward.on('response', (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers)
      response.pipe(answer)
    })
    onward.on('error', (error) => {
      answer.writeHead(502, { 'X-Squid-Error': 'ERR_CONNECT_FAIL 111' }).end(error.message)
    })
    onward.end()
  }

  const tunnel = (message: IncomingMessage, socket: Socket, head: Buffer): void => {
    const target = message.url ?? ''
    asked.push(`CONNECT ${target}`)
    fields.push(message.rawHeaders)
    socket.on('error', () => {})
    if (rules.fault) return misbehave(socket, rules.fault)
    if (!mayPass(message))
      return void socket.end(
        refusal('407 Proxy Authentication Required', 'Proxy-Authenticate: Basic realm="a, b", Negotiate\r\n'),
      )
    if (rules.deny?.includes(target))
      return void socket.end(refusal('403 Forbidden', 'X-Squid-Error: ERR_ACCESS_DENIED 0\r\n'))
    const at = target.lastIndexOf(':')
    const wanted = rules.dial ?? {
      host: target.slice(0, at).replace(/^\[|\]$/g, ''),
      port: Number(target.slice(at + 1)),
    }
    const onward = connect(wanted.port, wanted.host)
    onward.on('error', (error: NodeJS.ErrnoException) => {
      if (!onward.connecting && onward.bytesRead > 0) socket.destroy()
      else
        socket.end(refusal('503 Service Unavailable', `X-Squid-Error: ERR_CONNECT_FAIL ${error.errno}\r\n`))
    })
    onward.on('connect', () => {
      socket.write(`HTTP/1.1 200 Connection established\r\n\r\n${rules.early ?? ''}`)
      onward.write(head)
      join(socket, onward)
    })
  }

  const server = rules.tls ? createHttpsServer(rules.tls, relay) : createHttpServer(relay)
  server.on('connect', tunnel)
  return Object.assign(await listenOn(server as Server, host), { asked, fields })
}

function refusal(statusLine: string, fields: string): string {
  const page = '<h1>The lab proxy refuses</h1>'
  return `HTTP/1.1 ${statusLine}\r\n${fields}Content-Length: ${page.length}\r\nConnection: close\r\n\r\n${page}`
}

function join(one: Socket, other: Socket): void {
  one.pipe(other)
  other.pipe(one)
  one.on('close', () => other.destroy())
  other.on('close', () => one.destroy())
}

export interface SocksRules {
  /** Wanted user and password, as `user:password`. */
  login?: string
  /** Reply code given instead of dialling. */
  reply?: number
  /** Reply codes by the host asked for. */
  replies?: Record<string, number>
  /** Bytes said instead of the message of that step, in hex; an empty text means silence. */
  says?: { greeting?: string; password?: string; request?: string }
  /** Ends the connection instead of the message of that step. */
  closes?: 'greeting' | 'password' | 'request'
  resets?: 'greeting' | 'request'
  /** Dials this instead of what was asked for. */
  dial?: { host: string; port: number }
}

type Step = 'greeting' | 'password' | 'request'

/** A real SOCKS5 proxy on loopback (RFC 1928, RFC 1929). */
export async function socksProxy(rules: SocksRules = {}): Promise<ProxyServer> {
  const asked: string[] = []
  const server = createServer((socket) => {
    let step: Step = 'greeting'
    let held = Buffer.alloc(0)
    const say = (bytes: Buffer, next: Step | null): void => {
      const instead = rules.says?.[step]
      if (rules.closes === step) return void socket.end()
      if (rules.resets === step) return void socket.resetAndDestroy()
      if (instead !== undefined) return void socket.write(Buffer.from(instead, 'hex'))
      socket.write(bytes)
      if (next) step = next
    }
    const dialled = (host: string, port: number): void => {
      asked.push(`SOCKS5 ${host}:${port}`)
      const code = rules.replies?.[host] ?? rules.reply ?? 0
      if (
        code !== 0 ||
        rules.says?.request !== undefined ||
        rules.closes === 'request' ||
        rules.resets === 'request'
      ) {
        say(Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]), null)
        if (code !== 0) socket.end()
        return
      }
      const onward = connect(rules.dial?.port ?? port, rules.dial?.host ?? host)
      onward.on('error', () => socket.end(Buffer.from([5, 5, 0, 1, 0, 0, 0, 0, 0, 0])))
      onward.on('connect', () => {
        // The bound address is given as a name, the rarest of the three forms.
        socket.write(Buffer.from([5, 0, 0, 3, 3, 0x6c, 0x61, 0x62, 0x1f, 0x90]))
        join(socket, onward)
      })
    }
    const take = (chunk: Buffer): void => {
      held = Buffer.concat([held, chunk])
      if (step === 'greeting' && held.length >= 2 && held.length >= 2 + (held[1] ?? 0)) {
        const methods = held.subarray(2, 2 + (held[1] ?? 0))
        held = held.subarray(2 + methods.length)
        const wanted = rules.login === undefined ? 0 : 2
        const method = methods.includes(wanted) ? wanted : 0xff
        say(Buffer.from([5, method]), method === 2 ? 'password' : 'request')
      }
      if (step === 'password' && held.length >= 2) {
        const user = held.subarray(2, 2 + (held[1] ?? 0)).toString()
        const password = held
          .subarray(3 + (held[1] ?? 0), 3 + (held[1] ?? 0) + (held[2 + (held[1] ?? 0)] ?? 0))
          .toString()
        held = held.subarray(3 + Buffer.byteLength(user) + Buffer.byteLength(password))
        const good = `${user}:${password}` === rules.login
        say(Buffer.from([1, good ? 0 : 1]), 'request')
        if (!good) socket.end()
      }
      if (step !== 'request' || held.length < 5) return
      const named = held[3] === 3
      const length = named ? (held[4] ?? 0) : held[3] === 1 ? 4 : 16
      const start = named ? 5 : 4
      if (held.length < start + length + 2) return
      const address = held.subarray(start, start + length)
      const port = held.readUInt16BE(start + length)
      held = Buffer.alloc(0)
      socket.removeListener('data', take)
      dialled(named ? address.toString('latin1') : ipText(address), port)
    }
    socket.on('data', take)
    socket.on('error', () => {})
  })
  return Object.assign(await listenOn(server), { asked, fields: [] })
}

/** Written apart from the product's own, so that one does not hide the other's mistakes. */
function ipText(bytes: Buffer): string {
  if (bytes.length === 4) return [...bytes].join('.')
  const groups: string[] = []
  for (let at = 0; at < 16; at += 2) groups.push(bytes.readUInt16BE(at).toString(16))
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1)
}
