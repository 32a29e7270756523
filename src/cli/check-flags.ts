// The flags of `whydown check` as commander gives them, turned into the options of a check. All the caller's
// mistakes end here, before anything is sent.
import {
  type CheckOptions,
  DEFAULT_LIMITS,
  DEFAULT_OPTIONS,
  type ProxySettings,
} from '../model/check-options.ts'
import { WhydownError } from '../model/error.ts'
import type { FieldLine } from '../model/result.ts'
import { type DrillFlags, drillOptions } from './drill-flags.ts'
import { environment } from './environment.ts'
import { readContent, readPem, readSecret } from './input-files.ts'
import type { OutputFlags } from './output.ts'
import {
  mistake,
  parseCount,
  parseDuration,
  parseEndpoint,
  parseFieldLine,
  parseSize,
  parseStatusRanges,
  quoted,
  splitJsonExpectation,
} from './values.ts'

/** Flags by commander's names; text as given. */
export interface CheckFlags extends OutputFlags, DrillFlags {
  save?: string
  repeat?: string
  method?: string
  header?: string[]
  data?: string
  user?: string
  bearer?: string
  userAgent?: string
  maxRedirects?: string
  redirects?: boolean
  maxBody?: string
  expectStatus?: string
  expectText?: string[]
  rejectText?: string[]
  expectJson?: string[]
  expectTime?: string
  expectCertDays?: string
  timeout?: string
  connectTimeout?: string
  connectTo?: string
  proxy?: string
  resolver?: string[]
  '4'?: true
  '6'?: true
  http1?: true
  http2?: true
  allowNetwork?: string[]
  denyNetwork?: string[]
  ca?: string
  cert?: string
  key?: string
  keyPassphraseFile?: string
  insecure?: true
  serverName?: string
  contact?: true
  rdapBootstrap?: string
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,64}$/
const CONTROL = /[\0-\x1f\x7f]/
const CERTIFICATE = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/
const PRIVATE_KEY = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/
/** As in DNS, with room for names that only look like it; SNI carries no more. */
const SERVER_NAME = /^[A-Za-z0-9_*.-]{1,253}$/

/** Options that contradict each other, with the remedy. */
function refuseContradictions(flags: CheckFlags): void {
  const both = (one: unknown, other: unknown, says: string) => {
    if (one !== undefined && one !== false && other !== undefined && other !== false) throw mistake(says)
  }
  both(
    flags['4'],
    flags['6'],
    '-4 and -6 contradict each other; give one of them, or neither for both families',
  )
  both(flags.http1, flags.http2, '--http1 and --http2 contradict each other; give one of them, or neither')
  both(
    flags.user,
    flags.bearer,
    '--user and --bearer contradict each other; a request carries one authentication',
  )
  if (flags.key !== undefined && flags.cert === undefined) {
    throw mistake('--key needs the certificate it belongs to; give it with --cert')
  }
  if (flags.keyPassphraseFile !== undefined && flags.cert === undefined) {
    throw mistake('--key-passphrase-file needs a client certificate and key; give them with --cert and --key')
  }
  if (flags.redirects === false && flags.maxRedirects !== undefined && flags.maxRedirects !== '0') {
    throw mistake('--no-redirects and --max-redirects contradict each other; give one of them')
  }
  if (flags.connectTo !== undefined && flags.proxy !== undefined && flags.proxy !== 'none') {
    throw mistake('--connect-to and --proxy contradict each other; give one of them')
  }
}

/** A given family and the family of the address to dial must agree. */
function family(flags: CheckFlags, connectTo: CheckOptions['connectTo']): CheckOptions['family'] {
  const wanted = flags['4'] ? 4 : flags['6'] ? 6 : 0
  if (wanted !== 0 && connectTo && connectTo.ip.includes(':') !== (wanted === 6)) {
    throw mistake(
      `-${wanted} and --connect-to ${quoted(connectTo.ip)} contradict each other; leave out -${wanted}`,
    )
  }
  return wanted
}

async function proxySettings(flags: CheckFlags): Promise<ProxySettings> {
  const none: ProxySettings = { http: null, https: null, bypass: [] }
  if (flags.proxy === 'none' || flags.connectTo !== undefined) return none
  if (flags.proxy === undefined) {
    const { proxySettingsFromEnvironment } = await import('../probe/proxy/environment.ts')
    return proxySettingsFromEnvironment(environment())
  }
  const { parseProxyUrl } = await import('../probe/proxy/proxy-url.ts')
  parseProxyUrl(flags.proxy, '--proxy')
  return { http: flags.proxy, https: flags.proxy, bypass: [] }
}

/** Runs a parser of the probe's; its sentence gets the option's name when it lacks it. */
function named<Value>(option: string, parse: () => Value): Value {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof WhydownError) || error.message.includes(option)) throw error
    const more = error.hint === undefined ? { cause: error } : { hint: error.hint, cause: error }
    throw new WhydownError('usage', `${option}: ${error.message}`, more)
  }
}

async function expectations(flags: CheckFlags): Promise<CheckOptions['expect']> {
  const json = (flags.expectJson ?? []).map(splitJsonExpectation)
  if (json.length > 0) {
    const { parseJsonPath } = await import('../wire/json-path.ts')
    for (const { path } of json) named('--expect-json', () => parseJsonPath(path))
  }
  for (const [option, texts] of [
    ['--expect-text', flags.expectText],
    ['--reject-text', flags.rejectText],
  ] as const) {
    if (texts?.includes('')) throw mistake(`${option} is empty; give the text to look for`)
  }
  return {
    status:
      flags.expectStatus === undefined
        ? DEFAULT_OPTIONS.expect.status
        : parseStatusRanges('--expect-status', flags.expectStatus),
    text: flags.expectText ?? [],
    rejectText: flags.rejectText ?? [],
    json,
    maxMs: flags.expectTime === undefined ? null : parseDuration('--expect-time', flags.expectTime),
    certificateDays:
      flags.expectCertDays === undefined
        ? null
        : parseCount('--expect-cert-days', flags.expectCertDays, 0, 100_000),
  }
}

function tlsOptions(flags: CheckFlags): CheckOptions['tls'] {
  const certificate =
    flags.cert === undefined ? null : readPem('--cert', flags.cert, CERTIFICATE, 'certificate')
  let key = flags.key === undefined ? null : readPem('--key', flags.key, PRIVATE_KEY, 'private key')
  if (certificate !== null && key === null) {
    if (!PRIVATE_KEY.test(certificate)) {
      throw mistake(
        '--cert needs the private key of the certificate; give it with --key, or in the same file',
      )
    }
    key = certificate
  }
  return {
    ca: flags.ca === undefined ? null : readPem('--ca', flags.ca, CERTIFICATE, 'certificate'),
    certificate,
    key,
    passphrase:
      flags.keyPassphraseFile === undefined
        ? null
        : readSecret('--key-passphrase-file', flags.keyPassphraseFile),
    verify: flags.insecure !== true,
    serverName: serverName(flags.serverName),
  }
}

function serverName(name: string | undefined): string | false | null {
  if (name === undefined) return null
  if (name === '') return false
  if (!SERVER_NAME.test(name) || /^[\d.]+$/.test(name)) {
    throw mistake(`--server-name ${quoted(name)} is not a host name; write for example www.example.com`)
  }
  return name
}

function credentials(flags: CheckFlags): Pick<CheckOptions, 'basic' | 'bearer'> {
  const { user, bearer } = flags
  let basic: CheckOptions['basic'] = null
  if (user !== undefined) {
    const colon = user.indexOf(':')
    // The value may be a secret, so no message repeats it.
    if (colon < 0) throw mistake('--user has no password; write it as user:password')
    basic = { user: user.slice(0, colon), password: user.slice(colon + 1) }
    if (CONTROL.test(user)) throw mistake('--user holds a control character; remove it')
  }
  if (bearer !== undefined && !/^[\x21-\x7e]+$/.test(bearer)) {
    throw mistake(
      '--bearer is not a token of visible ASCII characters; give it without spaces or line breaks',
    )
  }
  return { basic, bearer: bearer ?? null }
}

function request(flags: CheckFlags): Pick<CheckOptions, 'method' | 'fields' | 'body' | 'userAgent'> {
  const fields: FieldLine[] = (flags.header ?? []).map((line) => parseFieldLine('--header', line))
  const body = flags.data === undefined ? null : readContent('--data', flags.data)
  const method = flags.method ?? (body ? 'POST' : 'GET')
  if (!TOKEN.test(method))
    throw mistake(`--method ${quoted(method)} is not a method name; write for example HEAD or POST`)
  if (method === 'CONNECT')
    throw mistake('--method CONNECT asks for a tunnel, not for a page; use --proxy to go through one')
  if (body && !fields.some(([name]) => name.toLowerCase() === 'content-type')) {
    fields.push(['Content-Type', 'application/x-www-form-urlencoded'])
  }
  const userAgent = flags.userAgent ?? DEFAULT_OPTIONS.userAgent
  if (CONTROL.test(userAgent) || userAgent.trim() === '') {
    throw mistake(
      '--user-agent is empty or holds a line break or another control character; give one line of text',
    )
  }
  return { method, fields, body, userAgent }
}

/** The networks to dial or not to dial; a bad entry is told with its option. */
async function addressPolicy(flags: CheckFlags): Promise<CheckOptions['addressPolicy']> {
  const allow = flags.allowNetwork ?? []
  const deny = flags.denyNetwork ?? []
  if (allow.length + deny.length > 0) {
    const { compilePolicy } = await import('../probe/address-policy.ts')
    named('--allow-network', () => compilePolicy({ allow, deny: [] }))
    named('--deny-network', () => compilePolicy({ allow: [], deny }))
  }
  return { allow, deny }
}

/**
 * The options of a check from the flags: files are read, texts parsed, contradictions refused. Throws `WhydownError`
 * with one sentence that names the option and the remedy.
 */
export async function checkOptions(flags: CheckFlags): Promise<CheckOptions> {
  refuseContradictions(flags)
  const connectTo = flags.connectTo === undefined ? null : parseEndpoint('--connect-to', flags.connectTo)
  return {
    ...request(flags),
    ...credentials(flags),
    http: flags.http1 ? '1.1' : flags.http2 ? '2' : 'auto',
    family: family(flags, connectTo),
    connectTo,
    proxy: await proxySettings(flags),
    resolvers:
      flags.resolver?.map((text) => {
        const { ip, port } = parseEndpoint('--resolver', text)
        return { ip, port: port ?? 53 }
      }) ?? null,
    tls: tlsOptions(flags),
    limits: {
      ...DEFAULT_LIMITS,
      totalMs:
        flags.timeout === undefined ? DEFAULT_LIMITS.totalMs : parseDuration('--timeout', flags.timeout),
      bodyBytes:
        flags.maxBody === undefined ? DEFAULT_LIMITS.bodyBytes : parseSize('--max-body', flags.maxBody),
      redirects: redirects(flags),
    },
    connectMs:
      flags.connectTimeout === undefined ? null : parseDuration('--connect-timeout', flags.connectTimeout),
    expect: await expectations(flags),
    addressPolicy: await addressPolicy(flags),
    keepRaw: false,
    drill: await drillOptions(flags),
    signal: null,
  }
}

function redirects(flags: CheckFlags): number {
  if (flags.redirects === false) return 0
  if (flags.maxRedirects === undefined) return DEFAULT_LIMITS.redirects
  return parseCount('--max-redirects', flags.maxRedirects, 0, 50)
}
