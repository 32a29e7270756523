// Runs `whydown wait`: looks until the site is back, tells what happens, runs a command at the end. Loaded only when it
// runs.
import { spawn } from 'node:child_process'
import { waitFor, type WaitOptions } from '../engine/wait.ts'
import type { News, Stretch, WaitSummary } from '../engine/wait-state.ts'
import { WhydownError } from '../model/error.ts'
import type { ReportOptions } from '../report/format.ts'
import { jsonText } from '../report/json-text.ts'
import { systemClock } from '../util/clock.ts'
import { type CheckFlags, checkOptions } from './check-flags.ts'
import { canRedraw, environment } from './environment.ts'
import { reportOptions } from './output.ts'
import { mistake, parseCount, parseDuration, quoted } from './values.ts'
import { packageVersion } from './version.ts'
import { liveLine, newsLines, summaryText } from './wait-text.ts'

export interface WaitFlags extends CheckFlags {
  successes?: string
  interval?: string
  maxInterval?: string
  until?: string
  checkTimeout?: string
  then?: string
  bell?: boolean
}

const DEFAULT_INTERVAL_MS = 5_000
const DEFAULT_LONGEST_MS = 60_000
const DEFAULT_SUCCESSES = 2
/** More often than this is no waiting but load. */
const SHORTEST_INTERVAL_MS = 500
const REDRAW_MS = 1_000

const EXIT_REACHED = 0
const EXIT_GAVE_UP = 2
const EXIT_OURS = 3

/** Waits, and gives the exit status: 0 reached, 2 gave up, 3 the fault was on our side. */
export async function runWaitCommand(url: string, flags: WaitFlags): Promise<number> {
  const report = reportOptions(flags, packageVersion())
  const command = flags.then === undefined ? null : splitCommand(flags.then)
  const options = await waitOptions(url, flags)
  const stop = new AbortController()
  // Once: a second Ctrl-C ends the process as usual.
  const onSignal = () => stop.abort()
  process.once('SIGINT', onSignal)
  process.once('SIGTERM', onSignal)
  options.signal = stop.signal
  const teller = flags.json ? jsonTeller() : textTeller(report)
  let summary: WaitSummary
  try {
    const { warmUp } = await import('../engine/warm-up.ts')
    await warmUp(/^http:/i.test(url) ? null : (options.check.tls ?? null))
    summary = await waitFor(url, options, teller.tell)
  } finally {
    teller.end()
    process.off('SIGINT', onSignal)
    process.off('SIGTERM', onSignal)
  }
  process.stdout.write(
    flags.json
      ? `${jsonText({ schema: 1, kind: 'ended', url, ...summary }, 0)}\n`
      : summaryText(url, summary, report),
  )
  if (summary.end !== 'reached')
    return summary.ours || summary.stretches.length === 0 ? EXIT_OURS : EXIT_GAVE_UP
  if (flags.bell !== false && process.stderr.isTTY) process.stderr.write('\x07')
  return command ? await runCommand(command, factsFor(url, summary)) : EXIT_REACHED
}

async function waitOptions(url: string, flags: WaitFlags): Promise<WaitOptions> {
  const until = flags.until ?? 'up'
  if (until !== 'up' && until !== 'down')
    throw mistake(`--until ${quoted(until)} is not known; use up or down`)
  const intervalMs =
    flags.interval === undefined ? DEFAULT_INTERVAL_MS : parseDuration('--interval', flags.interval)
  if (intervalMs < SHORTEST_INTERVAL_MS) {
    throw mistake(
      `--interval ${quoted(flags.interval ?? '')} is too short; 500ms is the least that is polite`,
    )
  }
  const longestMs =
    flags.maxInterval === undefined
      ? Math.max(intervalMs, DEFAULT_LONGEST_MS)
      : parseDuration('--max-interval', flags.maxInterval)
  if (longestMs < intervalMs) {
    throw mistake('--max-interval is shorter than --interval; give the larger one there, or leave it out')
  }
  const { timeout, checkTimeout, ...rest } = flags
  const { parseTarget } = await import('../probe/steps/url.ts')
  const parsed = parseTarget(url)
  if (parsed.failure) throw new WhydownError('usage', parsed.failure.raw)
  // What is `--timeout` of a check is `--check-timeout` here: the other one is for the whole waiting.
  const given: CheckFlags = checkTimeout === undefined ? rest : { ...rest, timeout: checkTimeout }
  return {
    until,
    successes:
      flags.successes === undefined
        ? DEFAULT_SUCCESSES
        : parseCount('--successes', flags.successes, 1, 1_000),
    intervalMs,
    longestMs,
    timeoutMs: timeout === undefined ? null : parseDuration('--timeout', timeout),
    check: await checkOptions(given),
    signal: null,
  }
}

interface Teller {
  tell: (news: News) => void
  end: () => void
}

function jsonTeller(): Teller {
  return { tell: (news) => process.stdout.write(`${jsonText({ schema: 1, ...news }, 0)}\n`), end: () => {} }
}

/** One line an event; on a terminal also a line that is redrawn every second. */
function textTeller(report: ReportOptions): Teller {
  const { stdout } = process
  const live = stdout.isTTY && canRedraw()
  let stretch: Stretch | null = null
  let looks = 0
  let dueMs: number | null = null
  const zeroMs = systemClock.nowMs()
  const draw = () => {
    const line = liveLine(stretch, looks, systemClock.nowMs() - zeroMs, dueMs, report)
    stdout.write(`\r${line}\x1b[K`)
  }
  const timer = live ? setInterval(draw, REDRAW_MS) : null
  return {
    tell: (news) => {
      if (news.kind === 'changed') stretch = news.stretch
      if (news.kind === 'pausing') {
        looks = news.looks
        dueMs = news.atMs + news.ms
      } else dueMs = null
      const lines = newsLines(news, clockTime(), report)
      if (lines.length > 0) stdout.write(`${live ? '\r\x1b[K' : ''}${lines.join('\n')}\n`)
      if (live) draw()
    },
    end: () => {
      if (timer) clearInterval(timer)
      if (live) stdout.write('\r\x1b[K')
    },
  }
}

/** Local time of day: whoever waits looks at a clock on the wall. */
function clockTime(): string {
  return new Date().toTimeString().slice(0, 8)
}

/**
 * The words of a command: split at spaces, quotes keep words together, a backslash takes the next character as it is.
 * No shell reads it, so nothing in it is expanded.
 */
export function splitCommand(text: string): string[] {
  const words: string[] = []
  let word = ''
  let open = false
  let quote = ''
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (quote !== '') {
      if (character === quote) quote = ''
      else if (character === '\\' && quote === '"' && at + 1 < text.length) word += text.charAt(++at)
      else word += character
    } else if (character === '"' || character === "'") {
      quote = character
      open = true
    } else if (character === '\\' && at + 1 < text.length) {
      word += text.charAt(++at)
      open = true
    } else if (/\s/.test(character)) {
      if (open) words.push(word)
      word = ''
      open = false
    } else {
      word += character
      open = true
    }
  }
  if (quote !== '')
    throw mistake(`--then has a ${quote} that is never closed; close it, or put a backslash before it`)
  if (open) words.push(word)
  if (words.length === 0) throw mistake('--then is empty; give the command to run when the wait is over')
  return words
}

/** What the command finds in its environment; empty where nothing is known. */
export function factsFor(url: string, summary: WaitSummary): Record<string, string> {
  const failed = summary.stretches.findLast(({ seen }) => seen === 'down')
  return {
    WHYDOWN_URL: url,
    WHYDOWN_STATE: summary.until,
    WHYDOWN_WAITED_SECONDS: String(Math.round(summary.waitedMs / 1000)),
    WHYDOWN_DOWN_SECONDS: String(Math.round(summary.downMs / 1000)),
    WHYDOWN_LOOKS: String(summary.looks),
    WHYDOWN_CODE: failed?.code ?? '',
    WHYDOWN_NUMBER: failed?.number ?? '',
    WHYDOWN_CAUSE: failed?.cause ?? '',
    WHYDOWN_HEADLINE: (failed?.headline ?? '').replaceAll('\0', ' '),
    WHYDOWN_ARTICLE: failed?.article ?? '',
    WHYDOWN_CHANGES: summary.changes.join('; ').replaceAll('\0', ' '),
  }
}

/** Runs the command without a shell and waits for it; the wait has succeeded whatever it does, but it must start. */
function runCommand(words: string[], facts: Record<string, string>): Promise<number> {
  const [program = '', ...args] = words
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: 'inherit',
      shell: false,
      env: { ...environment(), ...facts },
    })
    child.on('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'ENOENT' ? 'there is no such program' : error.message
      reject(
        mistake(
          `--then ${quoted(program)} cannot be run: ${why}; name a program that this user may run`,
          error,
        ),
      )
    })
    child.on('exit', (status, signal) => {
      if (status !== 0) {
        const how = signal ? `was ended by ${signal}` : `ended with status ${status}`
        process.stderr.write(`whydown: the command of --then ${how}.\n`)
      }
      resolve(status === 0 ? EXIT_REACHED : EXIT_OURS)
    })
  })
}
