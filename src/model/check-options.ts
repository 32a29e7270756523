// What a check may be told, with defaults and limits. Plain data: nothing here reads the environment or files.
import type { CheckResult, FieldLine } from './result.ts'

/** Limits on everything a peer can make us read, wait for or follow. */
export const DEFAULT_LIMITS = {
  /** Whole check, redirects included, milliseconds. */
  totalMs: 20_000,
  /** Response head including interim responses, bytes. */
  headBytes: 256 * 1024,
  /** Body read before we stop, bytes. */
  bodyBytes: 4 * 1024 * 1024,
  /** Raw bytes of head and body kept as evidence. */
  keptBytes: 64 * 1024,
  /** Body after content decoding, bytes. */
  decodedBytes: 16 * 1024 * 1024,
  redirects: 10,
  /** Addresses of one name that are tried. */
  addresses: 16,
} as const

export type Limits = { [Name in keyof typeof DEFAULT_LIMITS]: number }

/** Status ranges, both ends included. */
export type StatusRange = [from: number, to: number]

export interface Expectations {
  /** Accepted statuses. */
  status: StatusRange[]
  /** Texts that must be in the decoded body (the check word). */
  text: string[]
  /** Texts that must not be there. */
  rejectText: string[]
  /** JSON paths and the value that must stand there; undefined value: the path must exist. */
  json: { path: string; value?: unknown }[]
  /** Slower than this is `too_slow`, milliseconds; null: no bound. */
  maxMs: number | null
  /** Fewer days left than this on any certificate of the chain is `certificate_expiring`; null: not looked at. */
  certificateDays: number | null
}

/** Which networks may be dialled, as CIDR texts. Deny wins; an empty allow list allows all. */
export interface AddressPolicy {
  allow: string[]
  deny: string[]
}

/** Proxies by the scheme of the target, as URLs with credentials; `bypass` as in `no_proxy`. */
export interface ProxySettings {
  http: string | null
  https: string | null
  bypass: string[]
}

export interface TlsOptions {
  /** Extra trusted roots, PEM; null: the system's and Node's own only. */
  ca: string | null
  /** Client certificate and key, PEM. */
  certificate: string | null
  key: string | null
  passphrase: string | null
  /** Judge the certificate. False records the objections and goes on. */
  verify: boolean
  /** Server name to send instead of the URL's host; false: send none; null: the URL's host. */
  serverName: string | false | null
}

/** The further looks at a failing check. */
export interface DrillOptions {
  when: 'on-failure' | 'always' | 'never'
  /** The machine that really hosts the site, to be asked past all gateways; null: not known. */
  origin: { ip: string; port: number | null } | null
  /** Sites that should work from here; null: well-known ones, unless the target is of this machine or network. */
  references: string[] | null
  /** Other resolvers to compare with; null: well-known ones, with the same exception. */
  resolvers: { ip: string; port: number }[] | null
  /**
   * Name servers of the root zone to walk the delegation from; null: the real ones, with the same exception. Delegations
   * name no ports, so the port of the first one is that of every name server on the way.
   */
  roots: { ip: string; port: number }[] | null
  /** A good check of the same target, to tell what changed; null: none saved. */
  good: CheckResult | null
  /** Whole drill, milliseconds. */
  totalMs: number
  /** Requests to the site, all looks together. */
  requests: number
}

export interface CheckOptions {
  method: string
  /** Request fields to add, in order; they replace our own of the same name. */
  fields: FieldLine[]
  body: Uint8Array | null
  basic: { user: string; password: string } | null
  bearer: string | null
  userAgent: string
  /** auto: HTTP/1.1, and HTTP/2 when ALPN leaves no choice. */
  http: 'auto' | '1.1' | '2'
  /** 0: both families. */
  family: 0 | 4 | 6
  /** Dial this instead of the URL's host; Host and SNI stay. Port null: the URL's. */
  connectTo: { ip: string; port: number | null } | null
  proxy: ProxySettings
  /** Name servers to ask; null: those of the system. */
  resolvers: { ip: string; port: number }[] | null
  tls: TlsOptions
  limits: Limits
  /** Bound on connecting, per address, milliseconds; null: only the total. */
  connectMs: number | null
  expect: Expectations
  addressPolicy: AddressPolicy
  drill: DrillOptions
  /** Keep the raw bytes of good answers too; those of failed ones are always kept. */
  keepRaw: boolean
  signal: AbortSignal | null
}

/** A User-Agent that says who asks and where to complain. */
export const DEFAULT_USER_AGENT =
  'Mozilla/5.0 (compatible; whydown/0.1; +https://github.com/whydown/whydown#the-robot)'

export const DEFAULT_DRILL: DrillOptions = {
  when: 'never',
  origin: null,
  references: null,
  resolvers: null,
  roots: null,
  good: null,
  totalMs: 15_000,
  requests: 60,
}

export const DEFAULT_OPTIONS: CheckOptions = {
  method: 'GET',
  fields: [],
  body: null,
  basic: null,
  bearer: null,
  userAgent: DEFAULT_USER_AGENT,
  http: 'auto',
  family: 0,
  connectTo: null,
  proxy: { http: null, https: null, bypass: [] },
  resolvers: null,
  tls: { ca: null, certificate: null, key: null, passphrase: null, verify: true, serverName: null },
  limits: DEFAULT_LIMITS,
  connectMs: null,
  expect: {
    status: [[200, 399]],
    text: [],
    rejectText: [],
    json: [],
    maxMs: null,
    certificateDays: null,
  },
  addressPolicy: { allow: [], deny: [] },
  drill: DEFAULT_DRILL,
  keepRaw: false,
  signal: null,
}
