// One load in a process of its own, so that its CPU time is its own: run by bench/run.ts with a plan as JSON.
// Prints one line of JSON. All targets are on loopback, all loops are counted.
import { connect as connectTcp } from 'node:net'
import { connect as connectTls, createSecureContext } from 'node:tls'
import { readFileSync } from 'node:fs'
import { check } from '../src/engine/check.ts'
import { type CheckOptions, DEFAULT_OPTIONS } from '../src/model/check-options.ts'
import type { CheckResult } from '../src/model/result.ts'

export interface LoadPlan {
  kind: 'checks' | 'bare' | 'stalled' | 'in-flight' | 'leaks' | 'phases'
  url: string
  count: number
  concurrency: number
  ca: string | null
  timeoutMs?: number
}

export interface LoadReport {
  count: number
  failed: number
  cpuSeconds: number
  wallSeconds: number
  rssBytes: number
  /** What else the kind measures. */
  more: Record<string, number>
}

async function main(): Promise<void> {
  const plan = JSON.parse(process.argv[2] ?? '') as LoadPlan
  const report = await run(plan)
  process.stdout.write(`${JSON.stringify(report)}\n`)
  process.exit(0)
}

function run(plan: LoadPlan): Promise<LoadReport> {
  switch (plan.kind) {
    case 'checks':
      return measured(plan, oneCheck(plan))
    case 'bare':
      return measured(plan, plan.url.startsWith('https') ? bareTls(plan) : bareTcp(plan))
    case 'stalled':
      return stalled(plan)
    case 'in-flight':
      return inFlight(plan)
    case 'leaks':
      return leaks(plan)
    case 'phases':
      return phases(plan)
    default:
      return plan.kind satisfies never
  }
}

function optionsOf(plan: LoadPlan): Partial<CheckOptions> {
  const ca = plan.ca ? readFileSync(plan.ca, 'utf8') : null
  return {
    tls: { ...DEFAULT_OPTIONS.tls, ca },
    limits: { ...DEFAULT_OPTIONS.limits, totalMs: plan.timeoutMs ?? DEFAULT_OPTIONS.limits.totalMs },
  }
}

function oneCheck(plan: LoadPlan): () => Promise<boolean> {
  const options = optionsOf(plan)
  return async () => (await check(plan.url, options)).outcome === 'up'
}

/** `concurrency` runners that share the count. Returns how many failed. */
async function drive(count: number, concurrency: number, one: () => Promise<boolean>): Promise<number> {
  let left = count
  let failed = 0
  const runner = async (): Promise<void> => {
    while (left-- > 0) if (!(await one())) failed++
  }
  await Promise.all(Array.from({ length: concurrency }, runner))
  return failed
}

async function measured(plan: LoadPlan, one: () => Promise<boolean>): Promise<LoadReport> {
  // The first checks pay for compiling; a monitor runs for months.
  await drive(Math.ceil(plan.count / 10), plan.concurrency, one)
  const cpu = process.cpuUsage()
  const startMs = performance.now()
  const failed = await drive(plan.count, plan.concurrency, one)
  const used = process.cpuUsage(cpu)
  return {
    count: plan.count,
    failed,
    cpuSeconds: (used.user + used.system) / 1e6,
    wallSeconds: (performance.now() - startMs) / 1000,
    rssBytes: process.memoryUsage.rss(),
    more: {},
  }
}

function requestBytes(url: URL): string {
  return `GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nAccept: */*\r\nConnection: close\r\n\r\n`
}

/** What Node needs at least for the same exchange: the floor that the check stands on. */
function bareTcp(plan: LoadPlan): () => Promise<boolean> {
  const url = new URL(plan.url)
  const request = requestBytes(url)
  return () =>
    new Promise((resolve) => {
      let bytes = 0
      const socket = connectTcp({ host: url.hostname, port: Number(url.port), autoSelectFamily: false })
      socket.on('connect', () => socket.write(request))
      socket.on('data', (chunk) => {
        bytes += chunk.length
      })
      socket.on('error', () => resolve(false))
      socket.on('close', () => resolve(bytes > 0))
    })
}

function bareTls(plan: LoadPlan): () => Promise<boolean> {
  const url = new URL(plan.url)
  const request = requestBytes(url)
  const secureContext = createSecureContext(plan.ca ? { ca: readFileSync(plan.ca) } : {})
  return () =>
    new Promise((resolve) => {
      let bytes = 0
      const socket = connectTls(
        { host: url.hostname, port: Number(url.port), secureContext, servername: 'localhost' },
        () => socket.write(request),
      )
      socket.on('data', (chunk) => {
        bytes += chunk.length
      })
      socket.on('error', () => resolve(false))
      socket.on('close', () => resolve(bytes > 0))
    })
}

/** Peers that never answer: how late the time-outs fire, in milliseconds after they were due. */
async function stalled(plan: LoadPlan): Promise<LoadReport> {
  const options = optionsOf(plan)
  const timeoutMs = plan.timeoutMs ?? 0
  // The first failure loads the rules of the diagnosis; a monitor has had its first failure.
  const brief = { ...options, limits: { ...DEFAULT_OPTIONS.limits, totalMs: 100 } }
  for (let round = 0; round < 3; round++) {
    await Promise.all(Array.from({ length: 50 }, () => check(plan.url, brief)))
  }
  const late: number[] = []
  let failed = 0
  const cpu = process.cpuUsage()
  const startMs = performance.now()
  await Promise.all(
    Array.from({ length: plan.count }, async (_, index) => {
      // Spread over a second, as a schedule spreads them.
      await new Promise((resolve) => setTimeout(resolve, (index * 1000) / plan.count))
      const result = await check(plan.url, options)
      if (result.failure?.code !== 'answer_timed_out') failed++
      late.push(result.durationMs - timeoutMs)
    }),
  )
  const used = process.cpuUsage(cpu)
  late.sort((a, b) => a - b)
  return {
    count: plan.count,
    failed,
    cpuSeconds: (used.user + used.system) / 1e6,
    wallSeconds: (performance.now() - startMs) / 1000,
    rssBytes: process.memoryUsage.rss(),
    more: { lateMedianMs: late[late.length >> 1] ?? 0, lateWorstMs: late.at(-1) ?? 0 },
  }
}

/** Memory while `count` checks wait for their answer at the same time. */
async function inFlight(plan: LoadPlan): Promise<LoadReport> {
  const options = optionsOf(plan)
  const running = Array.from({ length: plan.count }, () => check(plan.url, options))
  let worst = 0
  const watch = setInterval(() => {
    worst = Math.max(worst, process.memoryUsage.rss())
  }, 50)
  const results = await Promise.all(running)
  clearInterval(watch)
  return {
    count: plan.count,
    failed: results.filter((result) => result.failure?.code !== 'answer_timed_out').length,
    cpuSeconds: 0,
    wallSeconds: 0,
    rssBytes: worst,
    more: {},
  }
}

/** What is left behind: heap and handles after a tenth of the checks and after all of them. */
async function leaks(plan: LoadPlan): Promise<LoadReport> {
  const one = oneCheck(plan)
  const settle = async (): Promise<{ heap: number; handles: number }> => {
    await new Promise((resolve) => setTimeout(resolve, 200))
    globalThis.gc?.()
    globalThis.gc?.()
    return { heap: process.memoryUsage().heapUsed, handles: process.getActiveResourcesInfo().length }
  }
  let failed = await drive(plan.count / 10, plan.concurrency, one)
  const early = await settle()
  failed += await drive((plan.count * 9) / 10, plan.concurrency, one)
  const late = await settle()
  return {
    count: plan.count,
    failed,
    cpuSeconds: 0,
    wallSeconds: 0,
    rssBytes: process.memoryUsage.rss(),
    more: {
      heapGrowthBytes: late.heap - early.heap,
      handlesEarly: early.handles,
      handlesLate: late.handles,
    },
  }
}

/** Medians of each phase, one check at a time in an idle process, milliseconds. */
async function phases(plan: LoadPlan): Promise<LoadReport> {
  const options = optionsOf(plan)
  const results: CheckResult[] = []
  for (let index = 0; index < plan.count + 20; index++) {
    const result = await check(plan.url, options)
    if (index >= 20) results.push(result)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  const median = (read: (result: CheckResult) => number | null | undefined): number => {
    const values = results.map((result) => read(result) ?? 0).sort((a, b) => a - b)
    return values[values.length >> 1] ?? 0
  }
  return {
    count: plan.count,
    failed: results.filter((result) => result.outcome !== 'up').length,
    cpuSeconds: 0,
    wallSeconds: 0,
    rssBytes: 0,
    more: {
      connectMs: median((result) => result.exchanges[0]?.timings.connect),
      tlsMs: median((result) => result.exchanges[0]?.timings.tls),
      waitMs: median((result) => result.exchanges[0]?.timings.wait),
      totalMs: median((result) => result.durationMs),
    },
  }
}

await main()
