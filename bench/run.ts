// `npm run bench`: everything side by side in one run against one nginx, medians of several rounds, printed as a
// table and written to docs/performance.md. Nothing here asserts: the tests do not depend on time.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { LoadPlan, LoadReport } from './load.ts'
import {
  accepting,
  cpuSecondsOf,
  cpuSecondsOfCommand,
  freePort,
  type Peer,
  run,
  startBlackbox,
  startNginx,
} from './peers.ts'

const ROUNDS = 3
const HTTP_CHECKS = 20_000
const HTTPS_CHECKS = 3_000
const BLACKBOX_HTTP = 4_000
const BLACKBOX_HTTPS = 2_000
const CONCURRENCY = 32
const IN_FLIGHT = 1_000
const STALLED = 2_000
const LEAK_CHECKS = 100_000

const LOAD = fileURLToPath(new URL('./load.ts', import.meta.url))
const MAIN = fileURLToPath(new URL('../src/cli/whydown.js', import.meta.url))
const PAGE = fileURLToPath(new URL('../docs/performance.md', import.meta.url))

async function load(plan: LoadPlan): Promise<LoadReport> {
  const { stdout } = await run(process.execPath, ['--expose-gc', LOAD, JSON.stringify(plan)], {
    maxBuffer: 1 << 20,
  })
  return JSON.parse(stdout) as LoadReport
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? 0
}

const rate = (report: LoadReport): number => report.count / report.cpuSeconds

async function blackboxRate(
  blackbox: Awaited<ReturnType<typeof startBlackbox>>,
  url: string,
  count: number,
): Promise<number> {
  let left = count
  let failed = 0
  const before = cpuSecondsOf(blackbox.pid)
  const runner = async (): Promise<void> => {
    while (left-- > 0) if (!(await blackbox.probe(url))) failed++
  }
  await Promise.all(Array.from({ length: 8 }, runner))
  if (failed > 0) throw new Error(`blackbox_exporter failed ${failed} of ${count} probes of ${url}`)
  return count / (cpuSecondsOf(blackbox.pid) - before)
}

/** wrk with a fresh connection per request: requests per CPU second. */
async function wrkRate(url: string): Promise<number> {
  const { stdout } = await run('bash', [
    '-c',
    `wrk -t1 -c${CONCURRENCY} -d3s -H 'Connection: close' ${url}; times`,
  ])
  const requests = Number(/(\d+) requests in/.exec(stdout)?.[1] ?? 0)
  const [user = '', system = ''] = stdout.trim().split('\n').at(-1)?.split(' ') ?? []
  const seconds = (text: string): number =>
    Number(text.split('m')[0]) * 60 + Number.parseFloat(text.split('m')[1] ?? '0')
  return requests / (seconds(user) + seconds(system))
}

/** openssl s_time: full handshakes per CPU second, without verification of the name. */
async function opensslRate(url: string, ca: string): Promise<number> {
  const { host } = new URL(url)
  const { stdout } = await run('bash', [
    '-c',
    `openssl s_time -connect ${host} -new -time 3 -verify 3 -CAfile ${ca} -www / 2>/dev/null; times`,
  ])
  const connections = Number(/^(\d+) connections in/m.exec(stdout)?.[1] ?? 0)
  const [user = '', system = ''] = stdout.trim().split('\n').at(-1)?.split(' ') ?? []
  const seconds = (text: string): number =>
    Number(text.split('m')[0]) * 60 + Number.parseFloat(text.split('m')[1] ?? '0')
  return connections / (seconds(user) + seconds(system))
}

/** Medians of curl's own times, turned into phases, milliseconds; of each pair of transfers the second, because the first pays for setting curl up. */
async function curlPhases(url: string, ca: string, count: number): Promise<Record<string, number>> {
  const format =
    '%{time_namelookup} %{time_connect} %{time_appconnect} %{time_pretransfer} %{time_starttransfer} %{time_total}'
  const rows: number[][] = []
  for (let index = 0; index < count; index++) {
    const transfer = ['-s', '-o', '/dev/null', '--cacert', ca, '--no-sessionid', '-H', 'Connection: close']
    const twice = [...transfer, '-w', '\\n', url, '--next', ...transfer, '-w', format, url]
    const { stdout } = await run('curl', twice)
    rows.push((stdout.split('\n').at(-1) ?? '').split(' ').map((text) => Number(text) * 1000))
  }
  const pick = (read: (row: number[]) => number): number => median(rows.map(read))
  return {
    connectMs: pick((row) => (row[1] ?? 0) - (row[0] ?? 0)),
    tlsMs: pick((row) => (row[2] ? (row[2] ?? 0) - (row[1] ?? 0) : 0)),
    waitMs: pick((row) => (row[4] ?? 0) - (row[3] ?? 0)),
    totalMs: pick((row) => row[5] ?? 0),
  }
}

/** A peer that accepts and never says a word. */
async function startSilent(): Promise<Peer & { url: string }> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.resume()
  })
  const port = await freePort()
  server.listen({ port, host: '127.0.0.1', backlog: 4096 })
  await accepting(port)
  return {
    pid: process.pid,
    url: `http://127.0.0.1:${port}/`,
    stop: async () => {
      server.close()
    },
  }
}

async function certificate(folder: string): Promise<{ ca: string; certificate: string; key: string }> {
  const at = (name: string): string => join(folder, name)
  await run('bash', [
    '-ec',
    `cd ${folder}
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj '/CN=Bench root' -keyout ca.key -out ca.pem
openssl req -newkey rsa:2048 -nodes -subj '/CN=localhost' -keyout leaf.key -out leaf.csr
printf 'subjectAltName=DNS:localhost,IP:127.0.0.1' > leaf.ext
openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile leaf.ext -out leaf.pem`,
  ])
  return { ca: at('ca.pem'), certificate: at('leaf.pem'), key: at('leaf.key') }
}

interface Row {
  what: string
  figure: string
  bar: string
}

const whole = (value: number): string => Math.round(value).toLocaleString('en-GB')

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'whydown-bench-'))
  const peers: Peer[] = []
  const rows: Row[] = []
  const add = (what: string, figure: string, bar = ''): void => {
    rows.push({ what, figure, bar })
    process.stdout.write(`${what.padEnd(64)} ${figure.padStart(14)}  ${bar}\n`)
  }
  try {
    const tls = await certificate(folder)
    const nginx = await startNginx(folder, tls)
    peers.push(nginx)
    const blackbox = await startBlackbox(folder, tls.ca)
    peers.push(blackbox)
    const silent = await startSilent()
    peers.push(silent)

    const seen: Record<string, number[]> = {}
    const note = (name: string, value: number): void => void (seen[name] ??= []).push(value)
    const plan = (kind: LoadPlan['kind'], url: string, count: number): LoadPlan => ({
      kind,
      url,
      count,
      concurrency: CONCURRENCY,
      ca: tls.ca,
    })
    for (let round = 0; round < ROUNDS; round++) {
      const checks = await load(plan('checks', nginx.httpUrl, HTTP_CHECKS))
      if (checks.failed > 0) throw new Error(`${checks.failed} plain checks failed`)
      note('http', rate(checks))
      note('httpBare', rate(await load(plan('bare', nginx.httpUrl, HTTP_CHECKS))))
      note('httpBlackbox', await blackboxRate(blackbox, nginx.httpUrl, BLACKBOX_HTTP))
      note('httpWrk', await wrkRate(nginx.httpUrl))
      const secure = await load(plan('checks', nginx.httpsUrl, HTTPS_CHECKS))
      if (secure.failed > 0) throw new Error(`${secure.failed} TLS checks failed`)
      note('https', rate(secure))
      note('httpsBare', rate(await load(plan('bare', nginx.httpsUrl, HTTPS_CHECKS))))
      note('httpsBlackbox', await blackboxRate(blackbox, nginx.httpsUrl, BLACKBOX_HTTPS))
      note('httpsOpenssl', await opensslRate(nginx.httpsUrl, tls.ca))
    }
    const figure = (name: string): number => median(seen[name] ?? [])

    process.stdout.write('\n')
    add('plain HTTP, whydown, checks per CPU second', whole(figure('http')), 'at least 7,000')
    add('plain HTTP, blackbox_exporter', whole(figure('httpBlackbox')))
    add('plain HTTP, a bare Node socket loop', whole(figure('httpBare')))
    add('plain HTTP, wrk (C)', whole(figure('httpWrk')))
    add(
      '  whydown against blackbox_exporter',
      `${(figure('http') / figure('httpBlackbox')).toFixed(2)} times`,
      'at least 4',
    )
    add('HTTPS verified, whydown, checks per CPU second', whole(figure('https')))
    add('HTTPS verified, blackbox_exporter', whole(figure('httpsBlackbox')))
    add('HTTPS, a bare Node TLS loop', whole(figure('httpsBare')))
    add('HTTPS, openssl s_time (C)', whole(figure('httpsOpenssl')))
    add(
      '  whydown against blackbox_exporter',
      `${(figure('https') / figure('httpsBlackbox')).toFixed(2)} times`,
      'at least 1.2',
    )

    const flying = await load({ ...plan('in-flight', silent.url, IN_FLIGHT), timeoutMs: 3_000 })
    add(
      `${whole(IN_FLIGHT)} checks in flight, resident memory`,
      `${whole(flying.rssBytes / 2 ** 20)} MB`,
      'under 200 MB',
    )
    const stalled = await load({ ...plan('stalled', silent.url, STALLED), timeoutMs: 3_000 })
    if (stalled.failed > 0) throw new Error(`${stalled.failed} stalled checks ended otherwise`)
    add(
      `${whole(STALLED)} stalled peers, time-out late by, median and worst`,
      `${stalled.more.lateMedianMs?.toFixed(1)} / ${stalled.more.lateWorstMs?.toFixed(1)} ms`,
      'under 50 ms',
    )
    const leaks = await load(plan('leaks', nginx.httpUrl, LEAK_CHECKS))
    add(
      `heap growth from check ${whole(LEAK_CHECKS / 10)} to ${whole(LEAK_CHECKS)}`,
      `${whole((leaks.more.heapGrowthBytes ?? 0) / 1024)} kB`,
      `handles ${leaks.more.handlesEarly} and ${leaks.more.handlesLate}`,
    )

    const node = process.execPath
    const none = await cpuSecondsOfCommand(`${node} -e 0`, 20)
    const help = await cpuSecondsOfCommand(`${node} ${MAIN} --help`, 20)
    add('`whydown --help`, CPU above `node -e 0`', `${whole((help - none) * 1000)} ms`, 'under 60 ms')

    for (const [name, url] of [
      ['plain', nginx.httpUrl],
      ['TLS', nginx.httpsUrl],
    ] as const) {
      const ours = (await load({ ...plan('phases', url, 200), concurrency: 1 })).more
      const curl = await curlPhases(url, tls.ca, 200)
      for (const phase of ['connectMs', 'tlsMs', 'waitMs', 'totalMs'] as const) {
        if (phase === 'tlsMs' && name === 'plain') continue
        const difference = Math.abs((ours[phase] ?? 0) - (curl[phase] ?? 0))
        add(
          `${name}, ${phase.replace('Ms', '')}: whydown ${ours[phase]?.toFixed(2)} ms, curl ${curl[phase]?.toFixed(2)} ms, apart`,
          `${difference.toFixed(2)} ms`,
          'under 1 ms',
        )
      }
    }
    writeFileSync(PAGE, page(rows))
  } finally {
    for (const peer of peers) await peer.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

function page(rows: Row[]): string {
  const lines = rows.map((row) => `| ${row.what.trim()} | ${row.figure} | ${row.bar} |`)
  return `# Performance

Written by \`npm run bench\`: one run, one machine (${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}), one nginx on
loopback, a fresh connection for every check, the tools one after the other in ${ROUNDS} rounds, medians. CPU seconds come from
the operating system (user and system). Compare the rows of one run with each other, not with those of another machine.

| what | figure | bar |
| --- | ---: | --- |
${lines.join('\n')}
`
}

await main()
