// Is it us? What was seen of the own machine and network in, whose trouble it is out. Pure; asks nothing.
import { type Confidence, isCause, type Party, type Reason } from '../model/diagnosis.ts'
import type {
  Blame,
  DoctorFinding,
  DoctorLook,
  DoctorVerdict,
  ReferenceFacts,
  ResolverFacts,
} from '../model/doctor.ts'
import { type Failure, isOurFault } from '../model/failure.ts'

/** A clock that is off by more is worth a word; by still more, certificates seem to be of another time. */
const CLOCK_SAID_MS = 30_000
const CLOCK_HARMS_MS = 5 * 60_000

/** One thing that is wrong. The first that breaks everything is the verdict; it hides what follows from it. */
type Trouble = Omit<DoctorVerdict, 'also' | 'reasons'> & { because: DoctorLook[] }

type FindingOf<Kind extends DoctorFinding['kind']> = Extract<DoctorFinding, { kind: Kind }>

interface Seen {
  looks: readonly DoctorLook[]
  references: readonly ReferenceFacts[]
  /** Something beyond our network answers us, straight. */
  straight: boolean
  proxied: boolean
}

function find<Kind extends DoctorFinding['kind']>(
  { looks }: Pick<Seen, 'looks'>,
  kind: Kind,
): FindingOf<Kind> | null {
  for (const { finding } of looks) if (finding?.kind === kind) return finding as FindingOf<Kind>
  return null
}

function because({ looks }: Seen, ...ids: DoctorLook['look'][]): DoctorLook[] {
  return looks.filter(({ look, finding }) => finding !== null && ids.includes(look))
}

/** Judges the looks of one run. What they do not show is "cannot tell", never a guess. */
export function judgeOwnSide(looks: readonly DoctorLook[]): DoctorVerdict {
  const references = find({ looks }, 'references')?.each ?? []
  const proxies = find({ looks }, 'proxies')?.each ?? []
  const seen: Seen = {
    looks,
    references,
    straight: references.some(({ works }) => works) || knownPageCame({ looks }),
    proxied: proxies.some(({ works }) => works),
  }
  const whole = nothingGoes(seen)
  const found = whole ? [whole] : RULES.flatMap((rule) => rule(seen) ?? [])
  const [worst = allWell(seen)] = found.toSorted((a, b) => weight(a) - weight(b))
  const { because: shown, ...verdict } = worst
  const reasons: Reason[] = shown.map(({ look, summary, observations }) => ({
    says: `${look.replaceAll('_', ' ')}: ${summary}`,
    evidence: observations,
  }))
  const also = found.filter((one) => one !== worst).map(({ headline }) => headline)
  return { ...verdict, reasons, also: [...also, ...remarks(seen, worst)] }
}

function knownPageCame(seen: Pick<Seen, 'looks'>): boolean {
  return find(seen, 'portal')?.each.some(({ answer }) => answer === 'expected') ?? false
}

function weight({ outcome }: Trouble): number {
  return outcome === 'broken' ? 0 : outcome === 'degraded' ? 1 : 2
}

/** Rules for a network that lets something through; each says what is wrong, or null. */
const RULES = [
  captivePortal,
  allResolvers,
  proxySettings,
  intercepted,
  packetSize,
  clock,
  someResolvers,
  oneFamily,
  onlyKnownPages,
]

/** Neither straight nor through a proxy does anything answer: from the machine outwards, the first that is missing. */
function nothingGoes(seen: Seen): Trouble | null {
  const interfaces = find(seen, 'interfaces')
  if (
    interfaces &&
    (interfaces.families.length === 0 || (interfaces.selfAssigned && !seen.straight && !seen.proxied))
  ) {
    return noAddress(interfaces, seen)
  }
  if (seen.straight || seen.proxied) return null
  const portal = captivePortal(seen)
  if (portal) return portal
  const failures = seen.references.map(({ failure }) => failure).filter((one) => one !== null)
  if (failures.length === 0)
    return cannotTell('No site that should work was asked, so this cannot be told.', seen)
  if (failures.every(({ code }) => OWN_LIMITS.has(code))) {
    return cannotTell('This machine was too busy or too full to look at anything.', seen)
  }
  return (
    harmfulClock(seen) ??
    intercepted(seen) ??
    packetSize(seen) ??
    (resolverAlone(seen) ? allResolvers(seen) : null) ??
    brokenNetwork(seen)
  )
}

const OWN_LIMITS = new Set<string>(['local_limit', 'internal_error', 'cancelled'])

function noAddress(interfaces: FindingOf<'interfaces'>, seen: Seen): Trouble {
  const up = interfaces.each.filter((one) => one.up !== false)
  const common = {
    outcome: 'broken',
    link: 'you',
    cause: 'network_unreachable',
    party: 'visitor',
    article: 'not-connected',
    because: because(seen, 'interfaces'),
  } as const
  if (up.length === 0) {
    return {
      ...common,
      blame: 'your_machine',
      confidence: 'certain',
      headline:
        interfaces.each.length === 0
          ? 'This machine has no network interface: it is not connected to anything.'
          : 'Every network interface of this machine is down: no cable, no Wi-Fi, or switched off.',
      todo: ['Plug in the cable, or switch Wi-Fi on and aeroplane mode off, and look again.'],
    }
  }
  return {
    ...common,
    blame: 'your_network',
    confidence: interfaces.selfAssigned ? 'likely' : 'certain',
    headline: interfaces.selfAssigned
      ? 'The network gave this machine no address, so that it made one up (169.254...): nothing is reached with that.'
      : 'This machine has a network interface without an address: nothing can be reached.',
    todo: [
      'Disconnect and connect again, so that the machine asks for an address once more (DHCP).',
      'Restart the router, and see whether other devices get an address.',
    ],
  }
}

function cannotTell(headline: string, seen: Seen): Trouble {
  return {
    outcome: 'unknown',
    blame: 'cannot_tell',
    link: 'none',
    cause: null,
    party: null,
    confidence: 'possible',
    headline,
    todo: ['Give sites that should work with --reference URL, and look again.'],
    article: null,
    because: because(seen, 'references'),
  }
}

/** Everything fails and it is no name and no clock: no route, a dead router, or nothing behind it. */
function brokenNetwork(seen: Seen): Trouble {
  const routes = find(seen, 'routes')?.each ?? []
  const { families = [] } = find(seen, 'interfaces') ?? {}
  const ours = routes.filter(({ family }) => families.includes(family))
  const codes = seen.references.map(({ failure }) => failure?.code)
  const cause = (['connect_timed_out', 'host_unreachable', 'network_unreachable'] as const).find((code) =>
    codes.includes(code),
  )
  const common = {
    outcome: 'broken',
    because: because(seen, 'routes', 'references', 'resolvers'),
    article: 'not-connected',
  } as const
  if (ours.length > 0 && ours.every(({ exists }) => exists === false)) {
    return {
      ...common,
      blame: 'your_machine',
      link: 'you',
      cause: 'network_unreachable',
      party: 'visitor',
      confidence: 'certain',
      headline: 'This machine has no default route: it knows no way out of its own network.',
      todo: [
        'Disconnect and connect again, so that the network tells the way out once more.',
        'If the address was set by hand, set the gateway (router) there, too.',
        'A VPN that ended badly may have taken the route with it: end it properly, or restart the machine.',
      ],
    }
  }
  const life = ours.map(({ alive }) => alive)
  const alive = life.includes(true) ? true : life.includes(false) ? false : null
  if (alive === false) {
    return {
      ...common,
      blame: 'your_network',
      link: 'network',
      cause: 'host_unreachable',
      party: 'visitor',
      confidence: 'likely',
      headline: 'The router of your network does not answer: nothing behind it can be reached.',
      todo: [
        'Restart the router, and check the cable or the Wi-Fi to it.',
        'See whether other devices in this network have the same trouble.',
      ],
    }
  }
  if (alive === true) {
    return {
      ...common,
      blame: 'provider',
      link: 'network',
      cause: cause ?? 'network_unreachable',
      party: 'access_provider',
      confidence: 'likely',
      headline:
        'Your router answers and nothing behind it does: the line to your provider, or the provider, is broken.',
      todo: [
        'Look at the router for its Internet light or status page, and restart it once.',
        'Tell your provider; try a phone over its own network meanwhile.',
        'In a company, a firewall may forbid what does not go through its proxy: ask who runs it.',
      ],
    }
  }
  return {
    ...common,
    blame: 'your_network',
    link: 'network',
    cause: cause ?? 'network_unreachable',
    party: 'visitor',
    confidence: 'possible',
    headline:
      'Nothing outside can be reached: your router, the line to your provider, or a firewall between.',
    todo: [
      'Restart the router, and see whether other devices have the same trouble.',
      'If they do, tell your provider; if not, look at firewall and VPN of this machine.',
    ],
  }
}

function captivePortal(seen: Seen): Trouble | null {
  const portal = find(seen, 'portal')?.each ?? []
  const other = portal.filter(({ answer }) => answer === 'other')
  if (other.length === 0 || portal.some(({ answer }) => answer === 'expected')) return null
  const location = other.find((one) => one.location !== null)?.location ?? null
  // Only who holds the key of the site answers over TLS.
  const secured = seen.references.some(({ works, url }) => works && url.startsWith('https:'))
  return {
    outcome: secured ? 'degraded' : 'broken',
    blame: 'captive_portal',
    link: 'network',
    cause: 'captive_portal',
    party: 'visitor',
    confidence: secured ? 'possible' : location !== null || other.length > 1 ? 'certain' : 'likely',
    headline: secured
      ? 'Somebody on the way answers plain HTTP in place of the sites; what is encrypted goes through.'
      : 'The network you are in answers in place of the sites: it wants you to log in first (captive portal).',
    todo: [
      location === null
        ? 'Open any http:// page in a browser, and log in on the page that comes.'
        : `Open ${location} in a browser, and log in there.`,
    ],
    article: 'captive-portal',
    because: because(seen, 'portal'),
  }
}

const BAD_RESOLVER: ReadonlySet<ResolverFacts['state']> = new Set<ResolverFacts['state']>([
  'fails',
  'refuses',
  'silent',
  'unreachable',
  'lies',
])

const RESOLVER_CAUSE = {
  fails: 'dns_server_failure',
  refuses: 'dns_refused',
  silent: 'dns_timed_out',
  unreachable: 'dns_resolver_unreachable',
  lies: null,
  answers: null,
  slow: null,
} as const satisfies Record<ResolverFacts['state'], Failure['code'] | null>

const RESOLVER_SAYS: Partial<Record<ResolverFacts['state'], string>> = {
  fails: 'cannot resolve names',
  refuses: 'refuses to answer',
  silent: 'does not answer',
  unreachable: 'cannot be reached',
  lies: 'gives false addresses',
}

function resolverArticle(state: ResolverFacts['state']): string | null {
  if (state === 'lies') return 'dns-filtered'
  return RESOLVER_CAUSE[state]?.replaceAll('_', '-') ?? null
}

function partyOf({ local }: ResolverFacts): Party {
  return local ? 'visitor' : 'access_provider'
}

/** No resolver is of use, and what is asked by address works. */
function allResolvers(seen: Seen): Trouble | null {
  const each = find(seen, 'resolvers')?.each ?? []
  const [first] = each
  if (!first || !each.every(({ state }) => BAD_RESOLVER.has(state))) return null
  // Where nothing but a proxy leads out, the proxy resolves, and nobody misses a resolver for names outside.
  if (!seen.straight && seen.proxied) return null
  // Names of the hosts file, or through a proxy that resolves: then the resolver is not missed.
  const named = seen.references.some(({ by, works }) => by === 'name' && works)
  const says = `${each.length === 1 ? 'The resolver' : `None of the ${each.length} resolvers is of use: the resolver`} ${first.server} ${RESOLVER_SAYS[first.state] ?? ''}`
  const byAddress = seen.references.some(({ by, works }) => by === 'address' && works)
  return {
    outcome: named && first.state !== 'lies' ? 'degraded' : 'broken',
    blame: first.local ? 'your_machine' : 'resolver',
    link: 'resolver',
    cause: RESOLVER_CAUSE[first.state],
    party: partyOf(first),
    confidence: byAddress ? 'certain' : 'likely',
    headline: `${says}${byAddress ? '; by address, sites work' : ''}.`,
    todo: [
      first.local
        ? 'Restart the resolver of this machine (systemctl restart systemd-resolved, or unbound, dnsmasq), and look at its log.'
        : 'Set another resolver in the network settings for now, such as 1.1.1.1 or 9.9.9.9.',
      ...(first.local ? [] : ['Restart the router if the resolver is the router; else tell your provider.']),
    ],
    article: resolverArticle(first.state),
    because: because(seen, 'resolvers', 'references'),
  }
}

/** All references by name failed at their names, and by address nothing was asked or somebody answered. */
function resolverAlone({ references }: Seen): boolean {
  const failed = references.filter(({ by }) => by === 'name')
  const byAddress = references.filter(({ by }) => by === 'address')
  if (byAddress.length > 0) return false
  return failed.length > 0 && failed.every(({ failure }) => failure?.phase === 'resolve')
}

function someResolvers(seen: Seen): Trouble | null {
  const resolvers = find(seen, 'resolvers')
  const each = resolvers?.each ?? []
  const bad = each.filter(({ state }) => BAD_RESOLVER.has(state))
  const slow = each.filter(({ state }) => state === 'slow')
  const common = { outcome: 'degraded', link: 'resolver', because: because(seen, 'resolvers') } as const
  const [first] = bad
  if (first && bad.length < each.length) {
    return {
      ...common,
      blame: first.local ? 'your_machine' : 'resolver',
      cause: RESOLVER_CAUSE[first.state],
      party: partyOf(first),
      confidence: 'certain',
      headline: `${bad.length} of ${each.length} resolvers ${bad.length === 1 ? 'is' : 'are'} of no use: ${first.server} ${RESOLVER_SAYS[first.state] ?? ''}. Names come slowly, or now and then not at all.`,
      todo: [
        `Take ${bad.map(({ server }) => server).join(', ')} out of the network settings, or have it repaired.`,
      ],
      article: resolverArticle(first.state),
    }
  }
  const [slowest] = slow
  if (slowest && slow.length === each.length) {
    return {
      ...common,
      blame: 'resolver',
      cause: 'too_slow',
      party: partyOf(slowest),
      confidence: 'certain',
      headline: `The resolver ${slowest.server} is slow: ${Math.round(slowest.medianMs ?? 0)} ms for an answer. Every page waits for it.`,
      todo: ['Try another resolver, and compare: whydown doctor --resolver 9.9.9.9'],
      article: null,
    }
  }
  return null
}

function proxySettings(seen: Seen): Trouble | null {
  const proxies = find(seen, 'proxies')
  if (!proxies) return null
  const failed = proxies.each.filter(({ works }) => !works)
  const [first] = failed
  const common = {
    outcome: 'broken',
    blame: 'proxy',
    link: 'proxy',
    because: because(seen, 'proxies', 'references'),
  } as const
  if (proxies.malformed !== null) {
    return {
      ...common,
      cause: null,
      party: 'visitor',
      confidence: 'certain',
      headline: `The proxy settings of this machine cannot be read: ${proxies.malformed}`,
      todo: ['Correct the environment variable, or unset it.'],
      article: 'proxy-settings',
    }
  }
  if (!first || !seen.straight || proxies.each.some(({ works, proxy }) => works && proxy === first.proxy))
    return null
  const { code = 'proxy_failed', raw = '' } = first.failure ?? {}
  return {
    ...common,
    cause: code,
    party: 'visitor',
    confidence: 'certain',
    headline: `The proxy ${first.proxy} that the environment names does not work (${code.replaceAll('_', ' ')}); straight, sites answer.`,
    todo: [
      code === 'proxy_auth_required'
        ? 'Put user and password into the setting: http://user:password@proxy:port.'
        : 'Unset http_proxy, https_proxy and all_proxy, or correct them; ask who runs the proxy if it must be used.',
      ...(raw === '' ? [] : [`What the proxy, or the way to it, says: ${raw}`]),
    ],
    article: 'proxy-settings',
  }
}

function packetSize(seen: Seen): Trouble | null {
  const size = find(seen, 'packet_size')
  if (!size || size.largeArrives || size.smallArrives === false) return null
  // Without the second try a slow site looks the same.
  if (size.smallArrives === null && !size.failure?.code.endsWith('timed_out')) return null
  const sure = size.smallArrives === true
  return {
    outcome: sure || !seen.straight ? 'broken' : 'degraded',
    blame: 'provider',
    link: 'network',
    cause: size.failure && isCause(size.failure.code) ? size.failure.code : null,
    party: 'access_provider',
    confidence: sure ? 'likely' : 'possible',
    headline: sure
      ? 'Small answers arrive and large ones hang: large packets are lost on the way and nobody says so (MTU).'
      : 'Small answers arrive and a large one hangs: perhaps large packets are lost on the way (MTU).',
    todo: [
      'End a VPN or tunnel, or lower its MTU, and look again.',
      'On the router, switch on MSS clamping, or set the MTU of the line (1492 for PPPoE).',
      'Tell your provider that packets of 1500 bytes are dropped without an ICMP answer.',
    ],
    article: size.failure?.phase === 'tls' ? 'tls-timed-out' : 'answer-timed-out',
    because: because(seen, 'packet_size', 'references'),
  }
}

/** Certificates are judged by our clock: with a wrong one they all seem to be of another time. */
function clock(seen: Seen): Trouble | null {
  const found = find(seen, 'clock')
  const offsetMs = found?.offsetMs ?? null
  if (!found || offsetMs === null || Math.abs(offsetMs) <= CLOCK_SAID_MS) return null
  const dated = seen.references.find(
    ({ failure }) => failure?.code === 'certificate_expired' || failure?.code === 'certificate_not_yet_valid',
  )?.failure
  // One site alone may have a wrong clock itself.
  const confidence: Confidence = found.sure ? (dated ? 'certain' : 'likely') : 'possible'
  const harms = Math.abs(offsetMs) > CLOCK_HARMS_MS
  if (!found.sure && !dated) return null
  return {
    outcome: dated && !seen.straight ? 'broken' : 'degraded',
    blame: 'your_machine',
    link: 'you',
    cause: dated?.code ?? null,
    party: 'visitor',
    confidence,
    headline: `The clock of this machine is ${sayTime(Math.abs(offsetMs))} ${offsetMs > 0 ? 'fast' : 'slow'}${harms ? ': certificates may seem expired or not yet valid' : ''}.`,
    todo: ['Set the clock: switch on automatic time (timedatectl set-ntp true), and check the time zone.'],
    article: dated ? dated.code.replaceAll('_', '-') : 'certificate-not-yet-valid',
    because: because(seen, 'clock', 'references'),
  }
}

/** Nothing answers, and it is the clock that makes the certificates seem wrong. */
function harmfulClock(seen: Seen): Trouble | null {
  const found = clock(seen)
  return found?.outcome === 'broken' ? found : null
}

/** Pages of known content come, and not one of the sites that should work. */
function onlyKnownPages(seen: Seen): Trouble | null {
  const { references, proxied } = seen
  if (references.length === 0 || references.some(({ works }) => works) || proxied) return null
  return {
    outcome: 'unknown',
    blame: 'cannot_tell',
    link: 'none',
    cause: null,
    party: null,
    confidence: 'possible',
    headline:
      'Pages of known content come, but none of the reference sites answers: those sites are down, or something filters.',
    todo: [
      'Give other sites that should work with --reference URL, and look again.',
      'Ask about one of them: whydown URL',
    ],
    article: null,
    because: because(seen, 'references', 'portal'),
  }
}

function sayTime(ms: number): string {
  const seconds = Math.round(ms / 1_000)
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 120) return `${minutes} min`
  const hours = Math.round(minutes / 60)
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`
}

/** Every site has a certificate of somebody we do not know: who opens the encryption is nearer than the sites. */
function intercepted(seen: Seen): Trouble | null {
  if (seen.references.some(({ works }) => works)) return null
  const failures = seen.references.map(({ failure }) => failure).filter((one) => one !== null)
  const foreign = failures.filter(
    ({ code }) =>
      code === 'certificate_untrusted' ||
      code === 'certificate_self_signed' ||
      code === 'certificate_wrong_host' ||
      code === 'certificate_chain_incomplete',
  )
  const [first] = foreign
  if (!first || foreign.length < 2 || foreign.length < failures.length) return null
  return {
    outcome: 'broken',
    blame: 'your_network',
    link: 'network',
    cause: first.code,
    party: 'visitor',
    confidence: 'likely',
    headline: 'Every site shows a certificate that is not its own: somebody on the way opens the encryption.',
    todo: [
      'Do not type passwords here. Look for a login page of the network, a filtering firewall or a security program.',
      'In a company, install its root certificate, and give it with --ca to programs of your own.',
    ],
    article: 'tls-interception',
    because: because(seen, 'references'),
  }
}

/** One family of addresses works and the other, which we have, does not. */
function oneFamily(seen: Seen): Trouble | null {
  for (const family of [6, 4] as const) {
    const asked = seen.references.filter((one) => one.family === family && one.failure?.phase !== 'resolve')
    const others = seen.references.filter((one) => one.family !== family)
    if (asked.length === 0 || asked.some(({ works }) => works) || !others.some(({ works }) => works)) continue
    // One site of one family alone may be that site's own trouble.
    if (new Set(asked.map(({ url }) => url)).size < 2) continue
    const route = find(seen, 'routes')?.each.find((one) => one.family === family)
    const noRoute = route?.exists === false
    const provider = !noRoute && route?.alive !== false
    const code = asked[0]?.failure?.code
    return {
      outcome: 'degraded',
      blame: noRoute ? 'your_machine' : provider ? 'provider' : 'your_network',
      link: noRoute ? 'you' : 'network',
      cause: code !== undefined && !isOurFault(code) ? code : null,
      party: provider ? 'access_provider' : 'visitor',
      confidence: noRoute ? 'certain' : route?.alive === null ? 'possible' : 'likely',
      headline: `IPv${family} is broken, IPv${family === 6 ? 4 : 6} works: this machine has an IPv${family} address${noRoute ? ' and no way out with it' : ' and nothing answers over it'}.`,
      todo: [
        `Restart the router; if IPv${family} stays broken, tell your provider.`,
        `Until then, switch IPv${family} off on this machine, or use -${family === 6 ? 4 : 6}: programs lose time trying.`,
      ],
      article: 'network-unreachable',
      because: because(seen, 'routes', 'references'),
    }
  }
  return null
}

function allWell(seen: Seen): Trouble {
  const viaProxy = !seen.straight && seen.proxied
  const blame: Blame = 'all_well'
  return {
    outcome: 'well',
    blame,
    link: 'none',
    cause: null,
    party: null,
    confidence: seen.references.length > 1 || viaProxy ? 'certain' : 'likely',
    headline: viaProxy
      ? 'It is not you: sites answer through the proxy of your network, as they should there.'
      : 'It is not you: this machine, its network and its provider work.',
    todo: ['If one site fails, ask about that one: whydown URL'],
    article: null,
    because: because(seen, 'references', 'resolvers', 'proxies'),
  }
}

/** What is worth knowing and is nobody's fault here. */
function remarks(seen: Seen, { outcome }: Trouble): string[] {
  const said: string[] = []
  const { families = [] } = find(seen, 'interfaces') ?? {}
  if (families.length === 1) {
    said.push(
      `This machine has IPv${families[0]} only; sites that have nothing else than IPv${families[0] === 4 ? 6 : 4} are out of reach.`,
    )
  }
  const resolvers = find(seen, 'resolvers')
  if (resolvers?.each.some(({ inventsNames, state }) => inventsNames && state !== 'lies')) {
    said.push(
      'A resolver has addresses for names that do not exist, so that a misspelt name leads to a page of its own.',
    )
  }
  if (resolvers?.agree === false) {
    said.push(
      'The resolvers give different addresses for the same names. Large sites do that, and so do filters.',
    )
  }
  if (outcome !== 'broken' && seen.straight) {
    const hosts = [...new Set(seen.references.map(({ url }) => url))].filter((url) => {
      const asked = seen.references.filter((one) => one.url === url)
      const elsewhere = asked.filter((one) =>
        seen.references.some((other) => other.works && other.family === one.family && other.by === one.by),
      )
      return elsewhere.some(({ works }) => !works) && asked.every(({ works }) => !works)
    })
    for (const url of hosts)
      said.push(`${url} does not answer, while the others do: that one is not your trouble.`)
  }
  return said
}
