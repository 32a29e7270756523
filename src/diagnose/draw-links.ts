// The whole way from the visitor to the site, link by link, with how each is known and where it broke.
import type { ChainLink, Diagnosis, Hop, Link, LinkState } from '../model/diagnosis.ts'
import type { Observation } from '../model/observation.ts'
import { type Evidence, textIn } from './evidence.ts'
import { farEnd } from './far-end.ts'
import { plain } from './words/plain.ts'

/** In walking order; `dns` is asked by the resolver, so it stands behind it. */
const ORDER: readonly Link[] = [
  'you',
  'resolver',
  'dns',
  'network',
  'proxy',
  'cdn',
  'gateway',
  'upstream',
  'origin',
  'content',
]

function link(of: Link, name: string, howWeKnow: string, evidence: string[]): ChainLink {
  return { link: of, name: plain(name, 80), state: 'ok', howWeKnow: plain(howWeKnow, 200), evidence }
}

function lastWorking(seen: readonly Observation[]): Observation | undefined {
  return (
    seen.findLast(({ failure, output }) => failure === null && output?.['abandoned'] !== true) ?? seen.at(-1)
  )
}

/** The links that were used or seen, before any is marked. */
function links(diagnosis: Diagnosis, evidence: Evidence): ChainLink[] {
  const drawn: ChainLink[] = [link('you', 'you', 'The check was made from here.', evidence.failing())]
  const queries = evidence.of('dns_query')
  const [query] = queries
  if (query) {
    const server = textIn(query.input, 'server') ?? 'the resolver'
    drawn.push(
      link(
        'resolver',
        `resolver ${server}`,
        'It was asked for the name.',
        queries.map(({ id }) => id),
      ),
    )
  }
  if (diagnosis.link === 'dns' || (query && evidence.finding('resolvers'))) {
    drawn.push(
      link(
        'dns',
        `zone of ${evidence.host}`,
        'The name belongs to it.',
        evidence.step('resolvers')?.observations ?? evidence.idsOf('resolve'),
      ),
    )
  }
  const dialled = lastWorking(evidence.of('connect'))
  const ip = textIn(dialled?.input, 'ip')
  if (dialled && ip) {
    drawn.push(
      link(
        'network',
        `network to ${ip}`,
        dialled.failure ? 'A connection was tried.' : 'A connection stood.',
        [dialled.id],
      ),
    )
  }
  if (evidence.exchange?.proxy != null) {
    drawn.push(
      link(
        'proxy',
        `proxy ${evidence.exchange.proxy}`,
        'The check was told to use it.',
        evidence.idsOf('proxy_handshake', 'connect'),
      ),
    )
  }
  const answered = evidence.idsOf('receive')
  const far = farEnd(evidence)
  const hops = diagnosis.chain.filter(({ role }) => role !== 'server' && role !== 'application')
  if (far.link !== 'origin' && !hops.some((hop) => linkOf(hop) === far.link)) {
    drawn.push(link(far.link, far.name ?? far.link, far.howWeKnow ?? '', far.evidence))
  }
  for (const hop of hops) {
    const name = hop.version ? `${hop.name} ${hop.version}` : hop.name
    drawn.push(link(linkOf(hop), name, hop.seenBy.join('; ') || 'Seen in the answer.', answered))
  }
  if (diagnosis.link === 'upstream') {
    drawn.push(
      link(
        'upstream',
        'the leg behind the last gateway',
        'Only what the gateway says of it is known.',
        answered,
      ),
    )
  }
  const server = diagnosis.chain.find(({ role }) => role === 'server' || role === 'application')
  drawn.push(
    server
      ? link('origin', server.name, server.seenBy.join('; ') || 'Seen in the answer.', answered)
      : link(
          'origin',
          evidence.finding('origin')?.glance.ip ?? 'the site',
          'Nothing of it can be seen from here; some machine has the pages.',
          evidence.step('origin')?.observations ?? answered,
        ),
  )
  if (diagnosis.link === 'content')
    drawn.push(link('content', 'the content', 'It came and was looked at.', answered))
  if (!drawn.some((one) => one.link === diagnosis.link) && diagnosis.link !== 'monitor') {
    drawn.push(link(diagnosis.link, diagnosis.link, 'It is what the reasons point at.', evidence.failing()))
  }
  return drawn.sort((one, other) => ORDER.indexOf(one.link) - ORDER.indexOf(other.link))
}

function linkOf(hop: Hop): Link {
  return hop.role === 'cdn' ? 'cdn' : hop.role === 'proxy' ? 'proxy' : 'gateway'
}

function stateBehind(diagnosis: Diagnosis, answered: boolean): LinkState {
  if (answered && diagnosis.link !== 'upstream') return 'unknown'
  return 'unreached'
}

/** The links with their states: ok before the broken one, unknown or unreached behind it. */
export function drawLinks(diagnosis: Diagnosis, evidence: Evidence): ChainLink[] {
  const drawn = links(diagnosis, evidence)
  // Once an answer came, the link is where it came from, whichever cause it was; before that even the link is open.
  const spoke = evidence.exchange?.response != null || diagnosis.link === 'upstream'
  const certain = diagnosis.confidence !== 'possible' || spoke
  const broken: LinkState =
    diagnosis.effect === 'degraded' || diagnosis.effect === 'remark'
      ? 'attention'
      : certain
        ? 'broken'
        : 'unknown'
  const answered = evidence.exchange?.response != null
  const at = drawn.findLastIndex((one) => one.link === diagnosis.link)
  return drawn.map((one, index) => {
    if (diagnosis.link === 'monitor')
      return { ...one, state: 'unknown', evidence: evidence.existing(one.evidence) }
    const state: LinkState =
      index === at
        ? broken
        : index < at
          ? 'ok'
          : broken === 'attention'
            ? 'ok'
            : stateBehind(diagnosis, answered)
    return { ...one, state, evidence: evidence.existing(one.evidence) }
  })
}
