// The name did not lead to an address. Tells the resolver, the zone, its registry and our own settings apart.
import type { Cause, Confidence, Link, Party } from '../../model/diagnosis.ts'
import type { FailureCode } from '../../model/failure.ts'
import { bagsIn, type Evidence, listIn, numberIn, textIn } from '../evidence.ts'
import { begin, type Draft, type Rule } from '../rule.ts'
import { plain } from '../words/plain.ts'

/** Top-level names that exist inside a network only (RFC 2606, RFC 6761, RFC 6762, RFC 7686, RFC 8375, RFC 9476). */
const PRIVATE_TLDS = ['test', 'example', 'invalid', 'localhost', 'local', 'internal', 'lan', 'onion', 'alt']

/** Extended DNS errors (RFC 8914) by what they say about whom. */
const DNSSEC_ERRORS = [1, 2, 5, 6, 7, 8, 9, 10, 11, 12]
const FILTER_ERRORS = [4, 15, 16, 17, 18]
const ZONE_ERRORS = [22, 23]

interface Verdict {
  link: Link
  party: Party
  confidence: Confidence
  what: string
  because?: string
  /** What the visitor can do, when it is the visitor's to do. */
  advice?: string
}

const ALIASES: Verdict = {
  link: 'dns',
  party: 'dns_operator',
  confidence: 'certain',
  what: 'the aliases of the name run in a circle',
}

function plainVerdict(code: FailureCode, host: string): Verdict {
  switch (code) {
    case 'dns_name_not_found':
      return { link: 'dns', party: 'site_operator', confidence: 'likely', what: `no such name: ${host}` }
    case 'dns_no_address':
      return {
        link: 'dns',
        party: 'site_operator',
        confidence: 'certain',
        what: `${host} exists but has no address`,
      }
    case 'dns_server_failure':
      return {
        link: 'dns',
        party: 'dns_operator',
        confidence: 'possible',
        what: `the look-up of ${host} failed at the resolver or at the zone's name servers`,
      }
    case 'dns_refused':
      return {
        link: 'resolver',
        party: 'access_provider',
        confidence: 'likely',
        what: `it refuses to look up ${host}`,
      }
    case 'dns_timed_out':
      return {
        link: 'resolver',
        party: 'access_provider',
        confidence: 'possible',
        what: `no answer for ${host}: it is dead, cut off, or waits for the zone's name servers`,
      }
    case 'dns_malformed_answer':
      return {
        link: 'resolver',
        party: 'access_provider',
        confidence: 'possible',
        what: `its answer for ${host} cannot be read`,
      }
    case 'dns_resolver_unreachable':
      return {
        link: 'resolver',
        party: 'access_provider',
        confidence: 'likely',
        what: 'no resolver can be reached from here',
      }
    case 'address_unusable':
      return {
        link: 'dns',
        party: 'site_operator',
        confidence: 'certain',
        what: `the address given for ${host} cannot be that of a site`,
      }
    default:
      return ALIASES
  }
}

/** What the name itself and the local machine explain, without any server's word. */
function fromHere(code: FailureCode, evidence: Evidence, host: string): Verdict | null {
  const resolve = evidence.of('resolve').at(-1)
  const you = { link: 'you', party: 'visitor' } as const
  const source = textIn(resolve?.output, 'source')
  if (code === 'address_unusable') {
    if (source === 'literal')
      return { ...you, confidence: 'certain', what: `${host} is no address of a site` }
    if (source === 'hosts') {
      return {
        ...you,
        confidence: 'certain',
        what: `this machine's hosts file sends ${host} nowhere`,
        advice: 'Take the line with this name out of the hosts file of this machine.',
      }
    }
    return null
  }
  const family = numberIn(resolve?.input, 'family') ?? 0
  if (code === 'dns_no_address' && family !== 0) {
    return {
      ...you,
      confidence: 'likely',
      what: `${host} has no IPv${family} address, and only those were asked for`,
      advice: `Check without -${family}: the site may well have addresses of the other family.`,
    }
  }
  if (code !== 'dns_name_not_found') return null
  const queried = evidence.of('dns_query').length > 0
  if (resolve && !queried && source === 'dns' && listIn(resolve.output, 'asked').length === 0) {
    return {
      ...you,
      confidence: 'certain',
      what: `${host} cannot be a name in the DNS`,
      advice: 'Correct the name in the address.',
    }
  }
  if (!evidence.host.replace(/\.$/, '').includes('.')) {
    return {
      link: 'dns',
      party: 'visitor',
      confidence: 'likely',
      what: `${host} is a bare name, and this network does not know it`,
      advice: 'Give the whole name, or join the network (VPN) that knows this one.',
    }
  }
  const top = evidence.host.toLowerCase().replace(/\.$/, '').split('.').at(-1) ?? ''
  // A resolver that was named by the user may well know a private name.
  if (PRIVATE_TLDS.includes(top) && textIn(resolve?.output, 'resolversFrom') !== 'options') {
    return {
      link: 'dns',
      party: 'site_operator',
      confidence: 'likely',
      what: `no such name: ${host} (.${top} exists inside its own network only)`,
    }
  }
  return null
}

/** What the resolver itself says in an extended error (RFC 8914). */
function fromExtendedErrors(evidence: Evidence, host: string): Verdict | null {
  for (const error of bagsIn(evidence.of('resolve').at(-1)?.output, 'extendedErrors')) {
    const code = numberIn(error, 'code') ?? -1
    const name = plain(textIn(error, 'name') ?? '', 40)
    const text = textIn(error, 'text')
    const because = `The resolver says so itself: extended error ${code} (${name})${text ? `, "${plain(text, 80)}"` : ''}.`
    if (DNSSEC_ERRORS.includes(code)) {
      return {
        link: 'dns',
        party: 'dns_operator',
        confidence: 'certain',
        what: `DNSSEC of ${host} is broken (${name}), so validating resolvers refuse it`,
        because,
      }
    }
    if (FILTER_ERRORS.includes(code)) {
      return {
        link: 'resolver',
        party: 'access_provider',
        confidence: 'certain',
        what: `it filters ${host} (${name})`,
        because,
      }
    }
    if (ZONE_ERRORS.includes(code)) {
      return {
        link: 'dns',
        party: 'dns_operator',
        confidence: 'likely',
        what: `the name servers of ${host} do not answer the resolver (${name})`,
        because,
      }
    }
  }
  return null
}

/** What comparing resolvers and walking the delegation shows. */
function fromComparison(code: FailureCode, evidence: Evidence, host: string): Verdict | null {
  const found = evidence.finding('resolvers')
  if (!found) return null
  const others = found.said.filter(({ role, failure }) => role === 'other' && failure === null).length
  switch (found.verdict) {
    case 'resolver_fails':
      return {
        link: 'resolver',
        party: 'access_provider',
        confidence: 'certain',
        what: `only the resolver in use fails for ${host}; others and the zone itself answer`,
      }
    case 'stale':
      return {
        link: 'resolver',
        party: 'access_provider',
        confidence: 'likely',
        what: `it still gives an old answer for ${host}`,
      }
    case 'differ':
      return {
        link: 'resolver',
        party: 'access_provider',
        confidence: 'likely',
        what: `it says other things about ${host} than resolvers elsewhere: a filter, or a change on its way`,
      }
    case 'zone_fails':
      return {
        link: 'dns',
        party: 'dns_operator',
        confidence: 'certain',
        what: `the zone's own name servers fail for ${host}`,
      }
    case 'dnssec':
      return {
        link: 'dns',
        party: 'dns_operator',
        confidence: 'certain',
        what: `DNSSEC of ${host} is broken: validating resolvers refuse what others answer`,
      }
    case 'missing':
      return {
        link: 'dns',
        party: 'site_operator',
        confidence: 'certain',
        what:
          code === 'dns_no_address'
            ? `the zone itself has no address for ${host}`
            : `the zone itself says that there is no ${host}`,
      }
    case 'parent_missing':
      return {
        link: 'dns',
        party: 'site_operator',
        confidence: 'certain',
        what: `the domain of ${host} is not registered: expired, or misspelt`,
      }
    case 'agree':
      if (code === 'dns_server_failure' || code === 'dns_refused') {
        return {
          link: 'dns',
          party: 'dns_operator',
          confidence: 'likely',
          what: `every resolver fails for ${host}, so its zone is at fault`,
        }
      }
      return others > 0 ? { ...plainVerdict(code, host), confidence: 'certain' } : null
    case 'unknown':
      return null
    default:
      return found.verdict satisfies never
  }
}

/** References by name that work prove that the resolver works for other names. */
function resolverWorks(evidence: Evidence): boolean {
  const found = evidence.finding('references')
  return !!found?.each.some(
    ({ url, works }) => works && /^https?:\/\/[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]/i.test(url),
  )
}

const BLAMES_ONE_RESOLVER: readonly FailureCode[] = [
  'dns_timed_out',
  'dns_server_failure',
  'dns_malformed_answer',
]

export default {
  id: 'name-lookup',
  codes: [
    'dns_name_not_found',
    'dns_no_address',
    'dns_server_failure',
    'dns_refused',
    'dns_timed_out',
    'dns_malformed_answer',
    'dns_alias_loop',
    'dns_resolver_unreachable',
    'address_unusable',
  ],
  needs: ['failure'],
  after: ['own-network'],
  judge(evidence, earlier): Draft | null {
    const code = evidence.failure?.code
    if (earlier || !code) return null
    const host = plain(evidence.host, 60)
    const comparison = fromComparison(code, evidence, host)
    // While no resolver of ours can be reached, what the zone looks like is another matter.
    const compared =
      code === 'dns_resolver_unreachable' && comparison?.link !== 'resolver' ? null : comparison
    const told = fromExtendedErrors(evidence, host)
    const here = fromHere(code, evidence, host)
    let verdict = plainVerdict(code, host)
    const first = evidence.failing()
    let from: readonly string[] = first
    // Our own settings explain more than any server; the zone itself knows better than what a resolver says of it.
    if (here && (here.confidence === 'certain' || !compared)) verdict = here
    else if (compared) {
      verdict = told?.confidence === 'certain' && compared.link === told.link ? told : compared
      from = evidence.step('resolvers')?.observations ?? from
    } else if (told) verdict = told
    else if (BLAMES_ONE_RESOLVER.includes(code) && resolverWorks(evidence)) {
      verdict = {
        link: 'dns',
        party: 'dns_operator',
        confidence: 'likely',
        what: `the resolver works for other names, so the name servers of ${host} are at fault`,
      }
      from = evidence.step('references')?.observations ?? from
    }
    const causes: Cause[] = [code]
    const draft = begin(evidence, { ...verdict, causes })
    const says = verdict.because ?? (from === first ? null : `Others were asked to compare: ${verdict.what}.`)
    return {
      ...draft,
      reasons: says === null ? draft.reasons : [{ says, evidence: [...from] }, ...draft.reasons],
      effect: code === 'dns_resolver_unreachable' ? 'unknown' : null,
      visitor: verdict.advice ? [verdict.advice] : [],
      operator:
        verdict.link === 'resolver'
          ? ['Look into the log and the filter lists of the resolver for this name.']
          : [],
    }
  },
} satisfies Rule
