// The peers of the benchmark: one nginx to check, and the tools that check it beside us. All on loopback, all
// started here and ended here.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, connect } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'

export const run = promisify(execFile)

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/** Resolves when something accepts on the port; rejects after five seconds. */
export async function accepting(port: number): Promise<void> {
  const endMs = performance.now() + 5000
  for (;;) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy()
        resolve(true)
      })
      socket.on('error', () => resolve(false))
    })
    if (open) return
    if (performance.now() > endMs) throw new Error(`nothing accepts on port ${port}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** CPU seconds a process has used, user and system, from the operating system (clock ticks of 10 ms). */
export function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

export interface Peer {
  pid: number
  stop(): Promise<void>
}

function started(child: ChildProcess): Peer {
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    pid: child.pid ?? 0,
    stop: () => {
      child.kill('SIGTERM')
      return exited
    },
  }
}

const PAGE = '<!doctype html><title>Autumn catalogue</title><p>The same few hundred bytes for everybody.</p>'

/** A nginx with one worker: plain and TLS, the same small page. */
export async function startNginx(
  folder: string,
  tls: { certificate: string; key: string },
): Promise<Peer & { httpUrl: string; httpsUrl: string }> {
  const http = await freePort()
  const https = await freePort()
  mkdirSync(join(folder, 'temp'), { recursive: true })
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/temp;`)
    .join(' ')
  writeFileSync(
    join(folder, 'nginx.conf'),
    `worker_processes 1; daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events { worker_connections 8192; }
http { access_log off; ${temp}
  server {
    listen 127.0.0.1:${http} backlog=4096; listen 127.0.0.1:${https} ssl backlog=4096;
    ssl_certificate ${tls.certificate}; ssl_certificate_key ${tls.key};
    location / { default_type text/html; return 200 '${PAGE}'; }
  }
}`,
  )
  const child = spawn('nginx', ['-c', join(folder, 'nginx.conf'), '-p', folder], { stdio: 'ignore' })
  await accepting(http)
  return {
    ...started(child),
    httpUrl: `http://127.0.0.1:${http}/`,
    httpsUrl: `https://127.0.0.1:${https}/`,
  }
}

/** blackbox_exporter with a plain and a verifying module. `probe` asks it for one check. */
export async function startBlackbox(
  folder: string,
  ca: string,
): Promise<Peer & { probe(target: string): Promise<boolean> }> {
  const port = await freePort()
  writeFileSync(
    join(folder, 'blackbox.yml'),
    `modules:
  http: { prober: http, timeout: 5s, http: { preferred_ip_protocol: ip4, tls_config: { ca_file: ${ca}, server_name: localhost } } }
`,
  )
  const child = spawn(
    'prometheus-blackbox-exporter',
    [`--config.file=${folder}/blackbox.yml`, `--web.listen-address=127.0.0.1:${port}`, '--log.level=error'],
    { stdio: 'ignore', env: { ...process.env, GOMAXPROCS: '1' } },
  )
  await accepting(port)
  return {
    ...started(child),
    probe: async (target) => {
      const answer = await fetch(
        `http://127.0.0.1:${port}/probe?module=http&target=${encodeURIComponent(target)}`,
      )
      return (await answer.text()).includes('probe_success 1')
    },
  }
}

/** Seconds of CPU that a finished command used, all its processes, as bash's `times` says. */
export async function cpuSecondsOfCommand(command: string, times: number): Promise<number> {
  const { stdout } = await run('bash', [
    '-c',
    `for i in $(seq ${times}); do ${command} >/dev/null 2>&1; done; times`,
  ])
  // The last line is that of the children; in a pipe it would be that of a subshell, which has none.
  const [user = '', system = ''] = (stdout.trim().split('\n').at(-1) ?? '').split(/\s+/)
  const seconds = (text: string): number => {
    const [minutes = '0', rest = '0'] = text.replace('s', '').split('m')
    return Number(minutes) * 60 + Number(rest)
  }
  return (seconds(user) + seconds(system)) / times
}
