// Runs `whydown check`: options in, checks one after the other, report out. Loaded only when a check runs.
import { WhydownError } from '../model/error.ts'
import type { CheckOptions } from '../model/check-options.ts'
import type { CheckResult, Outcome } from '../model/result.ts'
import type { Io } from '../probe/io.ts'
import type { ReportFormat, ReportOptions } from '../report/format.ts'
import { type CheckFlags, checkOptions } from './check-flags.ts'
import { exitStatus } from './ending.ts'
import { canRedraw } from './environment.ts'
import { formatName, loadFormat, reportOptions } from './output.ts'
import { openSaveFile, type SaveFile } from './save-file.ts'
import { mistake, parseCount } from './values.ts'
import { packageVersion } from './version.ts'

/** Outcomes from good to bad: the exit status of several checks is that of the worst. */
const WORSE: readonly Outcome[] = ['up', 'unknown', 'degraded', 'down']
const MAX_REPEAT = 100_000

interface Run {
  url: string
  options: CheckOptions
  repeat: number
  format: ReportFormat
  report: ReportOptions
  save: SaveFile | null
  /** Look further at every failure, not only at the first of many checks. */
  drillAlways: boolean
  /** Whom to write to: the base URL of the bootstrap files, null for IANA's; undefined: nobody asked. */
  contact: string | null | undefined
}

/** Runs the command and gives its exit status. Throws `WhydownError` for the caller's mistakes. */
export async function runCheckCommand(url: string, flags: CheckFlags): Promise<number> {
  const format = formatName(flags)
  const repeat = flags.repeat === undefined ? 1 : parseCount('--repeat', flags.repeat, 1, MAX_REPEAT)
  if (repeat > 1 && (format === 'har' || format === 'html')) {
    throw mistake(
      `--repeat and --format ${format} contradict each other; use text or json, or leave out --repeat`,
    )
  }
  const report = reportOptions(flags, packageVersion())
  const options = await checkOptions(flags)
  await refuseBadTarget(url)
  const contact = await contactWanted(flags)
  options.keepRaw = flags.save !== undefined || format === 'har' || format === 'html'
  const loaded = await loadFormat(format)
  const save = flags.save === undefined ? null : openSaveFile('--save', flags.save)
  try {
    const run = { url, options, repeat, format: loaded, report, save, contact }
    const outcome = await runChecks({ ...run, drillAlways: flags.drill === true })
    save?.commit()
    return exitStatus(outcome)
  } catch (error) {
    save?.discard()
    throw error
  }
}

/** A URL that nothing can be asked from is a mistake of the caller's, told like one. */
async function refuseBadTarget(url: string): Promise<void> {
  const { parseTarget } = await import('../probe/steps/url.ts')
  const parsed = parseTarget(url)
  if (parsed.failure) throw new WhydownError('usage', parsed.failure.raw)
}

/** Where to look registries up; undefined when nobody asked. A base URL that is none is refused before anything is sent. */
async function contactWanted(flags: CheckFlags): Promise<string | null | undefined> {
  const { contact, rdapBootstrap } = flags
  if (rdapBootstrap !== undefined && !contact) {
    throw mistake('--rdap-bootstrap is for --contact; give both, or neither')
  }
  if (!contact) return undefined
  if (rdapBootstrap === undefined) return null
  const { bootstrapUrl } = await import('../engine/contact.ts')
  try {
    return bootstrapUrl(rdapBootstrap)
  } catch (error) {
    throw error instanceof WhydownError
      ? mistake(`--rdap-bootstrap ${error.message}; ${error.hint ?? ''}`, error)
      : error
  }
}

async function runChecks(run: Run): Promise<Outcome> {
  const stop = new AbortController()
  // Once: the second Ctrl-C meets no listener and ends the process as usual.
  const onSignal = () => stop.abort()
  process.once('SIGINT', onSignal)
  process.once('SIGTERM', onSignal)
  run.options.signal = stop.signal
  const results: CheckResult[] = []
  const { warmUp } = await import('../engine/warm-up.ts')
  await warmUp(/^http:/i.test(run.url) ? null : run.options.tls)
  try {
    for (let number = 1; number <= run.repeat && !stop.signal.aborted; number++) {
      const result = await checkOnce(run)
      if (result.drill.length > 0 && !run.drillAlways)
        run.options.drill = { ...run.options.drill, when: 'never' }
      results.push(run.repeat > 1 ? light(result, results) : result)
      await show(run, result, number)
    }
  } finally {
    process.off('SIGINT', onSignal)
    process.off('SIGTERM', onSignal)
  }
  if (run.repeat > 1 && run.format.id === 'text') await summarise(run, results)
  return worst(results)
}

/** Of many results only the first of each failure is kept whole; the rest is for counting. */
function light(result: CheckResult, before: CheckResult[]): CheckResult {
  const code = result.failure?.code
  if (code !== undefined && !before.some((known) => known.failure?.code === code)) return result
  return { ...result, exchanges: [], drill: [], observations: [] }
}

async function checkOnce(run: Run): Promise<CheckResult> {
  const [{ check }, { systemIo }] = await Promise.all([
    import('../engine/check.ts'),
    import('../probe/io.ts'),
  ])
  const { stderr } = process
  if (!stderr.isTTY || !canRedraw())
    return withContact(run, await check(run.url, run.options, systemIo), systemIo)
  const { startProgress } = await import('./progress.ts')
  const progress = startProgress(stderr, run.report.ascii, systemIo.clock)
  try {
    const io = { ...systemIo, progress: progress.saw, look: progress.look }
    return await withContact(run, await check(run.url, run.options, io), io)
  } finally {
    progress.end()
  }
}

/** Adds whom to write to, once: the registries would say the same about every failure. */
async function withContact(run: Run, result: CheckResult, io: Io): Promise<CheckResult> {
  if (run.contact === undefined || !result.diagnosis) return result
  const { addContact } = await import('../engine/contact.ts')
  await addContact(result, run.contact, run.options, io)
  run.contact = undefined
  return result
}

async function show(run: Run, result: CheckResult, number: number): Promise<void> {
  const { format, repeat, save, report } = run
  if (repeat === 1) {
    process.stdout.write(format.render(result, report))
    if (save) save.write((await loadFormat('json')).render(result, report))
    return
  }
  const { jsonLine } = await import('../report/formats/json.ts')
  if (format.id === 'json') process.stdout.write(`${jsonLine(result)}\n`)
  else if (format.id === 'text') {
    const { textLine } = await import('../report/formats/text.ts')
    const place = String(number).padStart(String(repeat).length)
    process.stdout.write(`${textLine(result, place, report)}\n`)
  } else process.stdout.write(`${number > 1 ? '\n' : ''}${format.render(result, report)}`)
  if (save) save.write(`${jsonLine(result)}\n`)
}

/** After many checks: the first report of each kind of failure, then one line that counts. */
async function summarise(run: Run, results: CheckResult[]): Promise<void> {
  const { summaryLine } = await import('../report/summary.ts')
  for (const result of results) {
    if (result.exchanges.length > 0) process.stdout.write(`\n${run.format.render(result, run.report)}`)
  }
  process.stdout.write(`\n${summaryLine(results, run.report)}\n`)
}

function worst(results: CheckResult[]): Outcome {
  let outcome: Outcome = results.length === 0 ? 'unknown' : 'up'
  for (const result of results) {
    if (WORSE.indexOf(result.outcome) > WORSE.indexOf(outcome)) outcome = result.outcome
  }
  return outcome
}
