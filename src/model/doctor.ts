// What `whydown doctor` looks at and what it concludes: is it us? Only shapes; nothing is looked at here.
import type { ProxySettings } from './check-options.ts'
import type { Cause, Confidence, Link, Party, Reason } from './diagnosis.ts'
import type { Failure } from './failure.ts'
import type { Observation } from './observation.ts'

/** The looks, in the order in which they are told. */
export const DOCTOR_LOOKS = [
  'interfaces',
  'routes',
  'resolvers',
  'references',
  'portal',
  'proxies',
  'packet_size',
  'clock',
] as const

export type DoctorLookId = (typeof DOCTOR_LOOKS)[number]

type FamilyNumber = 4 | 6

export interface InterfacesFinding {
  kind: 'interfaces'
  /** Without loopback. `up` null: the system does not say. */
  each: { name: string; up: boolean | null; addresses: string[] }[]
  /** Families with an address that reaches beyond the cable. */
  families: FamilyNumber[]
  /** Every address of IPv4 is self-assigned (169.254.0.0/16): nobody gave one out. */
  selfAssigned: boolean
}

export interface RouteFacts {
  family: FamilyNumber
  /** Null: the system does not say. */
  exists: boolean | null
  /** Null: none, or it is not known. */
  gateway: string | null
  interface: string | null
  /** The gateway gave a sign of life, gave none although it must have, or it cannot be told. */
  alive: boolean | null
  /** How that is known. */
  howWeKnow: string | null
}

export interface RoutesFinding {
  kind: 'routes'
  each: RouteFacts[]
}

export type ResolverState = 'answers' | 'slow' | 'fails' | 'refuses' | 'silent' | 'unreachable' | 'lies'

export interface ResolverFacts {
  /** Address, with its port when that is not 53. */
  server: string
  /** It runs on this very machine. */
  local: boolean
  state: ResolverState
  /** Median time of its answers, milliseconds; null without answers. */
  medianMs: number | null
  /** Addresses by name, sorted; a name that failed has its failure in `failures`. */
  answers: Record<string, string[]>
  failures: Record<string, Failure>
  /** It has addresses for a name that does not exist. Null: not answered. */
  inventsNames: boolean | null
}

export interface ResolversFinding {
  kind: 'resolvers'
  /** Where the list comes from: a path, "options", "system" or "default". */
  from: string
  each: ResolverFacts[]
  /** Every name has an address in common in all answers; null: fewer than two answer. */
  agree: boolean | null
}

export interface ReferenceFacts {
  url: string
  by: 'name' | 'address'
  family: FamilyNumber
  /** Any HTTP response came. */
  works: boolean
  failure: Failure | null
  ms: number
}

export interface DoctorReferencesFinding {
  kind: 'references'
  each: ReferenceFacts[]
}

export interface PortalFinding {
  kind: 'portal'
  each: {
    url: string
    /** expected: the known content; other: somebody else answered; failed: no usable answer. */
    answer: 'expected' | 'other' | 'failed'
    status: number | null
    /** Where it is sent to. */
    location: string | null
    failure: Failure | null
  }[]
}

export interface ProxiesFinding {
  kind: 'proxies'
  /** The environment holds something that is no proxy. */
  malformed: string | null
  each: {
    /** Without credentials. */
    proxy: string
    url: string
    works: boolean
    failure: Failure | null
  }[]
}

export interface PacketSizeFinding {
  kind: 'packet_size'
  url: string
  /** The large answer came whole. */
  largeArrives: boolean
  /** The same with small packets; null: not tried, or it tells nothing. */
  smallArrives: boolean | null
  failure: Failure | null
}

export interface ClockFinding {
  kind: 'clock'
  /** Our clock minus that of each site, milliseconds; a Date has whole seconds. */
  each: { url: string; offsetMs: number }[]
  /** Median; null: no site says. */
  offsetMs: number | null
  /** They agree within half a minute, and there is more than one. */
  sure: boolean
}

export type DoctorFinding =
  | InterfacesFinding
  | RoutesFinding
  | ResolversFinding
  | DoctorReferencesFinding
  | PortalFinding
  | ProxiesFinding
  | PacketSizeFinding
  | ClockFinding

export interface DoctorLook {
  look: DoctorLookId
  /** One line. */
  summary: string
  /** Null when it was skipped: the summary then is the reason. */
  finding: DoctorFinding | null
  observations: string[]
}

/** Whose trouble it is, in words for people. */
export const BLAMES = [
  'all_well',
  'your_machine',
  'your_network',
  'provider',
  'resolver',
  'proxy',
  'captive_portal',
  'cannot_tell',
] as const

export type Blame = (typeof BLAMES)[number]

export interface DoctorVerdict {
  /** well: it is not us; degraded: it works, with a fault on our side; broken: it is us; unknown: cannot tell. */
  outcome: 'well' | 'degraded' | 'broken' | 'unknown'
  blame: Blame
  link: Link | 'none'
  cause: Cause | null
  party: Party | null
  confidence: Confidence
  headline: string
  reasons: Reason[]
  todo: string[]
  /** What else is not as it should be, one sentence each. */
  also: string[]
  article: string | null
}

export interface DoctorResult {
  schema: 1
  startedAt: string
  durationMs: number
  verdict: DoctorVerdict
  looks: DoctorLook[]
  observations: Observation[]
}

/** A page whose content is known, asked over plain HTTP: 204 without content, or 200 with the text. */
export interface PortalPage {
  url: string
  /** Null: the answer is 204. */
  text: string | null
}

export interface DoctorOptions {
  /** Sites that should work; null: well-known ones of several operators. */
  references: string[] | null
  /** Name servers; null: those of the system. */
  resolvers: { ip: string; port: number }[] | null
  /** Pages of known content; null: well-known ones. */
  portals: PortalPage[] | null
  proxy: ProxySettings
  /** What is wrong with the proxy settings, when they cannot be read. */
  proxyProblem: string | null
  /** Extra trusted roots, PEM. */
  ca: string | null
  /** All of it, milliseconds. */
  totalMs: number
  signal: AbortSignal | null
}

export const DEFAULT_DOCTOR_OPTIONS: DoctorOptions = {
  references: null,
  resolvers: null,
  portals: null,
  proxy: { http: null, https: null, bypass: [] },
  proxyProblem: null,
  ca: null,
  totalMs: 9_000,
  signal: null,
}
