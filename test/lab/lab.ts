// Starts real gateways on loopback ports, waits until they accept, and stops what it started.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { type Gateway, GATEWAYS, type GatewayName } from './gateways.ts'

/** How long a gateway may take until it accepts connections; Varnish compiles its configuration with a C compiler. */
const START_MS = 15_000
/** Pause between two attempts to connect while a gateway starts. */
const RETRY_MS = 10
/** How long a gateway may take to end by itself. */
const STOP_MS = 5_000
/** A port that was free a moment ago may be taken by another test. */
const START_ATTEMPTS = 3

export interface Upstream {
  host: string
  port: number
}

export interface RunningGateway {
  url: string
  port: number
  /** All it has printed and logged so far. */
  log(): string
  stop(): Promise<void>
}

export interface GatewayOptions {
  /** Where it passes requests on to; 'dead': a port nothing listens on. */
  upstream: Upstream | 'dead'
  /** The port of 127.0.0.1 to listen on; a free one when not given. */
  port?: number
  /** Certificate chain and key in PEM; then it speaks TLS. */
  tls?: { certificate: string; key: string }
}

/** Starts the gateway and resolves when its port accepts connections. Throws with its log when it does not. */
export async function startGateway(name: GatewayName, options: GatewayOptions): Promise<RunningGateway> {
  const gateway: Gateway = GATEWAYS[name]
  if (options.tls && !gateway.tls) throw new Error(`${name} is not set up for TLS in the lab`)
  const program = findProgram(gateway.program)
  if (!program) throw new Error(`${gateway.program} is not installed; run scripts/lab-setup`)
  let log = ''
  for (let attempt = 1; attempt <= START_ATTEMPTS; attempt++) {
    const started = await tryToStart(name, program, gateway, options)
    if (typeof started !== 'string') return started
    log = started
  }
  throw new Error(`${name} did not start; its log:\n${log}`)
}

async function tryToStart(
  name: string,
  program: string,
  gateway: Gateway,
  options: GatewayOptions,
): Promise<RunningGateway | string> {
  const folder = mkdtempSync(join(tmpdir(), `lab-${name}-`))
  // Servers started by root change to a user of their own, and write here all the same.
  chmodSync(folder, 0o777)
  const port = options.port ?? (await freePort())
  // What is dead now was alive when the gateway started: Squid asks at its start, and never tries a dead one.
  const dying = options.upstream === 'dead' ? await listen() : null
  const upstream = dying ? { host: '127.0.0.1', port: dying.port } : (options.upstream as Upstream)
  const { files, args } = gateway.setUp({ folder, port, upstream, tls: writeKeys(folder, options.tls) })
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text)
  const output = openSync(join(folder, 'output.log'), 'a')
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
    stdio: ['ignore', output, output],
  })
  closeSync(output)
  const log = () => readLogs(folder)
  const ready = await accepts(port, child)
  await dying?.close()
  if (ready) {
    const stop = async () => {
      await end(child)
      rmSync(folder, { recursive: true, force: true })
    }
    return { url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}/`, port, log, stop }
  }
  await end(child)
  const printed = log()
  rmSync(folder, { recursive: true, force: true })
  return printed
}

function writeKeys(folder: string, tls: GatewayOptions['tls']) {
  if (!tls) return null
  const paths = {
    certificate: join(folder, 'chain.pem'),
    key: join(folder, 'key.pem'),
    both: join(folder, 'both.pem'),
  }
  writeFileSync(paths.certificate, tls.certificate)
  writeFileSync(paths.key, tls.key)
  writeFileSync(paths.both, `${tls.certificate}\n${tls.key}`)
  return paths
}

/** True once the port accepts; false when the program ended first or the time is over. */
async function accepts(port: number, child: ChildProcess): Promise<boolean> {
  const ended = once(child, 'exit').then(
    () => false,
    () => false,
  )
  const until = performance.now() + START_MS
  const accepted = async () => {
    while (performance.now() < until && child.exitCode === null && child.signalCode === null) {
      if (await connects(port)) return true
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
    return false
  }
  return Promise.race([accepted(), ended])
}

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

/** Asks the program to end, and ends it when it does not. */
async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  child.kill('SIGTERM')
  await gone
  clearTimeout(timer)
}

function readLogs(folder: string): string {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.log'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('')
}

/** A port of 127.0.0.1 on which nothing listens now. */
export async function freePort(): Promise<number> {
  const listener = await listen()
  await listener.close()
  return listener.port
}

/** Listens on a free port of 127.0.0.1 and hangs up on whoever comes. */
async function listen(): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async () => {
    server.close()
    await once(server, 'close')
  }
  return { port: (server.address() as AddressInfo).port, close }
}

/** The path of a program in PATH or where servers are kept; null when it is not installed. */
export function findProgram(name: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/local/sbin']
  for (const folder of folders) {
    const path = join(folder, name)
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {
      // not here
    }
  }
  return null
}
