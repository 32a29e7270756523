// Starts a gateway with a configuration of its own: pools, caches, limits, TLS behind it. test/lab has the plain ones.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getuid } from 'node:process'
import { findProgram, freePort } from '../../test/lab/lab.ts'

const START_MS = 20_000
const RETRY_MS = 20
const STOP_MS = 3_000
/** A port that was free a moment ago may be taken by another world. */
const START_ATTEMPTS = 3

export interface Place {
  folder: string
  port: number
}

export interface Configured {
  program: string
  files: Record<string, string>
  args: string[]
}

export interface RunningProgram {
  port: number
  stop(): Promise<void>
}

/** Starts the program and resolves when its port accepts. Throws with what it printed when it does not. */
export async function startProgram(setUp: (place: Place) => Configured): Promise<RunningProgram> {
  let printed = ''
  for (let attempt = 1; attempt <= START_ATTEMPTS; attempt++) {
    const folder = mkdtempSync(join(tmpdir(), 'live-'))
    // Servers started by root change to a user of their own, and write here all the same.
    chmodSync(folder, 0o777)
    const port = await freePort()
    const { program, files, args } = setUp({ folder, port })
    const path = findProgram(program)
    if (!path) throw new Error(`${program} is not installed; run scripts/lab-setup`)
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    const output = openSync(join(folder, 'output.log'), 'a')
    const child = spawn(path, args, {
      cwd: folder,
      env: { ...process.env, HOME: folder },
      stdio: ['ignore', output, output],
    })
    closeSync(output)
    const stop = async (): Promise<void> => {
      await end(child)
      rmSync(folder, { recursive: true, force: true })
    }
    if (await accepts(port, child)) return { port, stop }
    printed = readFileSync(join(folder, 'output.log'), 'utf8')
    await stop()
  }
  throw new Error(`the program did not start; it printed:\n${printed}`)
}

async function accepts(port: number, child: ChildProcess): Promise<boolean> {
  const until = performance.now() + START_MS
  while (performance.now() < until && child.exitCode === null && child.signalCode === null) {
    if (await connects(port)) return true
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
  }
  return false
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

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  child.kill('SIGTERM')
  await gone
  clearTimeout(timer)
}

/** nginx with these lines inside `http`; the time-outs of its upstream leg are one second. */
export function nginx(http: (place: Place) => string): (place: Place) => Configured {
  return (place) => ({
    program: 'nginx',
    files: {
      'nginx.conf': `
        daemon off; master_process off; pid ${place.folder}/nginx.pid; error_log stderr;
        events { worker_connections 256; }
        http {
          access_log off; default_type text/html;
          client_body_temp_path ${place.folder}/body; proxy_temp_path ${place.folder}/proxy;
          fastcgi_temp_path ${place.folder}/fastcgi; uwsgi_temp_path ${place.folder}/uwsgi;
          scgi_temp_path ${place.folder}/scgi;
          proxy_connect_timeout 1s; proxy_read_timeout 1s;
          ${http(place)}
        }`,
    },
    args: ['-p', place.folder, '-c', `${place.folder}/nginx.conf`, '-e', 'stderr'],
  })
}

/** HAProxy with these lines behind its defaults; one second for everything, no second try. */
export function haproxy(sections: (place: Place) => string[]): (place: Place) => Configured {
  return (place) => ({
    program: 'haproxy',
    files: {
      'haproxy.cfg': [
        'global',
        '  maxconn 200',
        'defaults',
        '  mode http',
        '  retries 0',
        '  timeout connect 1s',
        '  timeout client 5s',
        '  timeout server 1s',
        'frontend front',
        `  bind 127.0.0.1:${place.port}`,
        '  default_backend back',
        ...sections(place),
        '',
      ].join('\n'),
    },
    args: ['-db', '-f', `${place.folder}/haproxy.cfg`],
  })
}

/** Varnish with this VCL in front of one backend. */
export function varnish(upstream: number, vcl: string): (place: Place) => Configured {
  return ({ folder, port }) => ({
    program: 'varnishd',
    files: {
      'site.vcl': `vcl 4.1;\nbackend default { .host = "127.0.0.1"; .port = "${upstream}"; .first_byte_timeout = 1s; }\n${vcl}\n`,
    },
    args: ['-F', '-jnone', `-n${folder}/work`, '-smalloc,16m', `-a127.0.0.1:${port}`, `-f${folder}/site.vcl`],
  })
}

/** Squid as a forward proxy with these rules before it allows everything. */
export function squidProxy(rules: string[]): (place: Place) => Configured {
  return ({ folder, port }) => ({
    program: 'squid',
    files: {
      'squid.conf': [
        `http_port 127.0.0.1:${port}`,
        ...rules,
        'http_access allow all',
        'cache deny all',
        'connect_timeout 1 seconds',
        'forward_timeout 1 seconds',
        'read_timeout 1 seconds',
        'shutdown_lifetime 0 seconds',
        'visible_hostname proxy.office.test',
        'pinger_enable off',
        'icp_port 0',
        'netdb_filename none',
        'access_log none',
        `cache_log ${folder}/cache.log`,
        `pid_filename ${folder}/squid.pid`,
        `coredump_dir ${folder}`,
        ...(getuid?.() === 0 ? ['cache_effective_user proxy'] : []),
        '',
      ].join('\n'),
    },
    args: ['-N', '-f', `${folder}/squid.conf`],
  })
}

const APACHE_MODULES = '/usr/lib/apache2/modules'

/** Apache httpd with these modules and lines. */
export function apache(modules: string[], lines: (place: Place) => string[]): (place: Place) => Configured {
  return (place) => ({
    program: 'apache2',
    files: {
      'apache.conf': [
        ...['mpm_event', 'authz_core', 'mime', 'dir', ...modules].map(
          (name) => `LoadModule ${name}_module ${APACHE_MODULES}/mod_${name}.so`,
        ),
        `ServerRoot ${place.folder}`,
        'ServerName localhost',
        `Listen 127.0.0.1:${place.port}`,
        `PidFile ${place.folder}/apache.pid`,
        `DefaultRuntimeDir ${place.folder}`,
        `ErrorLog ${place.folder}/error.log`,
        'TypesConfig /etc/mime.types',
        ...(getuid?.() === 0 ? ['User www-data', 'Group www-data'] : []),
        'StartServers 1',
        'ThreadsPerChild 8',
        'MaxRequestWorkers 8',
        'ServerLimit 1',
        'ProxyTimeout 1'.repeat(modules.includes('proxy') ? 1 : 0),
        ...lines(place),
        '',
      ].join('\n'),
    },
    args: ['-f', `${place.folder}/apache.conf`, '-DFOREGROUND'],
  })
}
