// What the further looks at a failing check found: one finding per look, data that rules can weigh. Knows neither
// how a look is done nor what follows from it.
import type { Failure } from './failure.ts'

/** As `FieldLine` of the result, which itself is made of what stands here. */
type FieldLine = [name: string, value: string]

/** The looks, in the order they are shown. The id is what `drill[].step` says. */
export const DRILL_STEPS = [
  'addresses',
  'resolvers',
  'protocols',
  'cache',
  'paths',
  'proxy',
  'origin',
  'hops',
  'repetition',
  'references',
  'timing',
  'difference',
  'path',
] as const

export type DrillStepId = (typeof DRILL_STEPS)[number]

/** How one further exchange went, in short; its observations hold the rest. */
export interface Glance {
  /** What was asked: "GET https://shop.test/robots.txt". */
  asked: string
  /** The address that was dialled; null when none was. */
  ip: string | null
  failure: Failure | null
  /** Null when no response came. */
  status: number | null
  /** Of the whole exchange, milliseconds. */
  ms: number
  /** Until the connection stood, milliseconds: a round trip; null when it never did. */
  connectMs: number | null
  bodyBytes: number | null
  fields: readonly FieldLine[]
  /** SHA-256 of the body in hex, to see whether two answers are the same; null without a body. */
  bodyHash: string | null
  observations: string[]
}

/** same: the failure of the check; other: another failure; works: what the check expected came. */
export type GlanceVerdict = 'same' | 'other' | 'works'

export interface AddressesFinding {
  kind: 'addresses'
  each: { ip: string; family: 4 | 6; verdict: GlanceVerdict; glance: Glance }[]
}

/** What one name server said about the name. */
export interface ServerSaid {
  server: string
  /** used: the one the check used; other: another resolver; authority: a name server of the zone or above it. */
  role: 'used' | 'other' | 'authority'
  /** Name of an authority, such as ns1.shop.test. */
  name: string | null
  /** RCODE name; null when no answer came. */
  rcode: string | null
  /** Addresses in its answer, both families, sorted. */
  addresses: string[]
  aliases: string[]
  ttl: number | null
  /** Extended DNS errors (RFC 8914). */
  extendedErrors: { code: number; name: string; text: string }[]
  /** An authority that does not answer for the zone with authority. */
  lame: boolean
  /** A resolver that said SERVFAIL, asked again with validation off (CD bit). Absent: not asked. */
  withoutValidation?: 'answers' | 'fails'
  failure: Failure | null
}

export interface ResolversFinding {
  kind: 'resolvers'
  said: ServerSaid[]
  /** The delegation from the root down, as far as it was walked. */
  delegation: { zone: string; nameServers: { name: string; ips: string[] }[]; failure: Failure | null }[]
  /**
   * agree: all say the same; differ: resolvers say different things; resolver_fails: only the one we use fails;
   * zone_fails: the zone's own servers fail; dnssec: validating resolvers refuse what others answer; missing: the
   * zone itself says there is no such name; parent_missing: the parent knows no such zone (expired or never
   * registered); stale: the resolver gives what the zone no longer says; unknown: too few answers to tell.
   */
  verdict:
    | 'agree'
    | 'differ'
    | 'resolver_fails'
    | 'zone_fails'
    | 'dnssec'
    | 'missing'
    | 'parent_missing'
    | 'stale'
    | 'unknown'
  /** The answer looks like a parking service; the sign that says so. */
  parked: string | null
}

export interface ProtocolsFinding {
  kind: 'protocols'
  /** Port 80 beside 443, or the other way round. */
  otherScheme: Glance | null
  http1: Glance | null
  http2: Glance | null
  /** TLS without a server name, when TLS failed. */
  withoutName: Glance | null
  /** Going on although the certificate is bad, when only that failed. */
  unverified: Glance | null
}

export interface CacheFinding {
  kind: 'cache'
  /** Asked with Cache-Control: no-cache. */
  noCache: Glance
  /** Asked with a harmless query that no cache can know; null when the URL may not be changed. */
  freshQuery: Glance | null
  /** Asked without cookies and conditions, when the check sent some. */
  bare: Glance | null
  /** True: past the cache it works, so the error itself is cached. Null: cannot be told. */
  errorIsCached: boolean | null
  /** The words by which a cache shows itself in the failing answer; null or absent: none does. */
  sign?: string | null
}

export interface PathsFinding {
  kind: 'paths'
  each: { path: string; method: string; verdict: GlanceVerdict; glance: Glance }[]
  /** site: every path fails alike; page: others work; method: only this method fails; unknown. */
  extent: 'site' | 'page' | 'method' | 'unknown'
}

export interface ProxyFinding {
  kind: 'proxy'
  through: GlanceVerdict
  direct: GlanceVerdict
  glance: Glance
}

export interface OriginFinding {
  kind: 'origin'
  verdict: GlanceVerdict
  glance: Glance
  /** Field by field, what differs from the answer of the check. */
  differences: { what: string; check: string | null; origin: string | null }[]
}

export interface HopsFinding {
  kind: 'hops'
  asked: {
    method: string
    maxForwards: number | null
    glance: Glance
    echo: string | null
    /** Number in `hops` of the one that answered because our Max-Forwards told it to; null or absent: the site. */
    byHop?: number | null
  }[]
  /** Hops that answered in the site's place because we told them to (Max-Forwards), nearest first. */
  hops: {
    number: number
    /** What it calls itself, or what its manner gives away; null: it hides its name. */
    server: string | null
    method: string
    howWeKnow: string
    /** Who stands before it, by the marks on its answer: its Server field replaced, its Via. */
    behind?: string[]
  }[]
  /** What the hops before the answering one add to a request, seen in a TRACE echo. */
  added: FieldLine[]
}

export interface RepetitionFinding {
  kind: 'repetition'
  tries: {
    ip: string | null
    verdict: GlanceVerdict
    status: number | null
    ms: number
    backend: string | null
  }[]
  failed: number
  of: number
  /** The failures go with one value of this and the successes with others; null when nothing separates them. */
  goesWith: { what: 'address' | 'field' | 'cookie'; name: string; value: string } | null
}

export interface ReferencesFinding {
  kind: 'references'
  each: { url: string; works: boolean; failure: Failure | null; ms: number }[]
  extent: 'all_fail' | 'some_fail' | 'all_work'
  /** Every site asked by name fails at its name, one asked by address works: only the DNS is broken. Null: not asked so. */
  onlyNamesFail?: boolean | null
}

export interface TimingFinding {
  kind: 'timing'
  /** From the request sent to the error, milliseconds. */
  errorMs: number
  /** Round trip to the peer, from connecting, milliseconds. */
  roundTripMs: number | null
  /** at_once: within a few round trips; round: close to a round number of seconds; other. */
  pace: 'at_once' | 'round' | 'other'
  /** Default time-outs of known products that are as long. */
  timeouts: { seconds: number; setting: string; product: string }[]
}

export interface DifferenceFinding {
  kind: 'difference'
  /** What was different in the good check. */
  changes: { what: string; before: string | null; now: string | null }[]
  goodStartedAt: string
}

export interface PathFinding {
  kind: 'path'
  /** How it was measured, or why it could not be. */
  method: 'tcp_trace' | 'none'
  hops: { ttl: number; ip: string | null; ms: number | null; says: string | null }[]
  /** reached: the host answered; firewall: something before it did; silence: nobody after some hop; unknown. */
  end: 'reached' | 'firewall' | 'silence' | 'unknown'
  /** Small packets pass and large ones do not; null: not looked at. */
  mtuTrouble: boolean | null
}

export type DrillFinding =
  | AddressesFinding
  | ResolversFinding
  | ProtocolsFinding
  | CacheFinding
  | PathsFinding
  | ProxyFinding
  | OriginFinding
  | HopsFinding
  | RepetitionFinding
  | ReferencesFinding
  | TimingFinding
  | DifferenceFinding
  | PathFinding

/** One look of the drill, done or skipped. */
export interface DrillStep {
  step: DrillStepId
  /** One line for a person: what was found, or why it was skipped. */
  summary: string
  /** Why it was not done; null when it was. */
  skipped: string | null
  finding: DrillFinding | null
  observations: string[]
}
