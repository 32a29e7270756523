// Runs `whydown doctor`: flags to options, the result to text or JSON and an exit status. Loaded only when it runs.
import { doctor } from '../engine/doctor.ts'
import { DEFAULT_DOCTOR_OPTIONS, type DoctorOptions, type DoctorResult } from '../model/doctor.ts'
import { WhydownError } from '../model/error.ts'
import { systemIo } from '../probe/io.ts'
import { proxySettingsFromEnvironment } from '../probe/proxy/environment.ts'
import { parseProxyUrl } from '../probe/proxy/proxy-url.ts'
import { jsonText } from '../report/json-text.ts'
import { doctorText } from './doctor-text.ts'
import { environment } from './environment.ts'
import { readPem } from './input-files.ts'
import { type OutputFlags, reportOptions } from './output.ts'
import { mistake, parseDuration, parseEndpoint, quoted } from './values.ts'
import { packageVersion } from './version.ts'

export interface DoctorFlags extends OutputFlags {
  reference?: string[]
  resolver?: string[]
  portalUrl?: string
  portalText?: string
  proxy?: string
  ca?: string
  timeout?: string
}

/** Shorter than this nothing can be told from silence. */
const LEAST_TOTAL_MS = 1_000
const MOST_TOTAL_MS = 60_000
const DNS_PORT = 53
const CERTIFICATE = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/

const EXIT = { well: 0, degraded: 1, broken: 2, unknown: 3 } as const satisfies Record<
  DoctorResult['verdict']['outcome'],
  number
>

/** Looks, tells, and gives the exit status: 0 all well, 1 degraded, 2 it is us, 3 cannot tell. */
export async function runDoctorCommand(flags: DoctorFlags): Promise<number> {
  const report = reportOptions(flags, packageVersion())
  const options = doctorOptions(flags)
  const stop = new AbortController()
  // Once: a second Ctrl-C ends the process as usual.
  const onSignal = () => stop.abort()
  process.once('SIGINT', onSignal)
  let result: DoctorResult
  try {
    result = await doctor({ ...options, signal: stop.signal }, systemIo)
  } finally {
    process.off('SIGINT', onSignal)
  }
  process.stdout.write(flags.json ? `${jsonText(result)}\n` : doctorText(result, report))
  return EXIT[result.verdict.outcome]
}

function doctorOptions(flags: DoctorFlags): DoctorOptions {
  const totalMs =
    flags.timeout === undefined ? DEFAULT_DOCTOR_OPTIONS.totalMs : parseDuration('--timeout', flags.timeout)
  if (totalMs < LEAST_TOTAL_MS || totalMs > MOST_TOTAL_MS) {
    throw mistake(`--timeout ${quoted(flags.timeout ?? '')} is not between 1s and 60s`)
  }
  if (flags.portalText !== undefined && flags.portalUrl === undefined) {
    throw mistake('--portal-text needs the page that holds it; give it with --portal-url')
  }
  if (flags.portalText === '')
    throw mistake('--portal-text is empty; give the text, or leave it out for a 204')
  return {
    ...DEFAULT_DOCTOR_OPTIONS,
    ...proxies(flags),
    references: flags.reference ?? null,
    resolvers:
      flags.resolver?.map((text) => {
        const { ip, port } = parseEndpoint('--resolver', text)
        return { ip, port: port ?? DNS_PORT }
      }) ?? null,
    portals:
      flags.portalUrl === undefined ? null : [{ url: flags.portalUrl, text: flags.portalText ?? null }],
    ca: flags.ca === undefined ? null : readPem('--ca', flags.ca, CERTIFICATE, 'certificate'),
    totalMs,
  }
}

/** What the environment holds and cannot be read is a finding here, not the caller's mistake. */
function proxies({ proxy }: DoctorFlags): Pick<DoctorOptions, 'proxy' | 'proxyProblem'> {
  const none = DEFAULT_DOCTOR_OPTIONS.proxy
  if (proxy === 'none') return { proxy: none, proxyProblem: null }
  if (proxy !== undefined) {
    parseProxyUrl(proxy, '--proxy')
    return { proxy: { http: proxy, https: proxy, bypass: [] }, proxyProblem: null }
  }
  try {
    return { proxy: proxySettingsFromEnvironment(environment()), proxyProblem: null }
  } catch (error) {
    if (!(error instanceof WhydownError)) throw error
    return { proxy: none, proxyProblem: error.message }
  }
}
