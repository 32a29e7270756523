// A diagnosis taken apart for showing: what to say, in which order, without layout. Adds no judgement of its own.
// Texts may hold what peers sent, as it came: whoever shows them makes them safe.
import type { Cause, Confidence, Diagnosis, Link, Party, Reason } from '../model/diagnosis.ts'
import type { DrillStep } from '../model/drill.ts'
import type { CheckResult } from '../model/result.ts'
import { nameOf } from './chain.ts'
import { duration } from './figures.ts'

/** Items of one list that are shown; more help nobody. */
const MAX_ITEMS = 12

export interface ListShown {
  items: string[]
  /** Items left out. */
  more: number
}

export interface DiagnosisShown {
  headline: string
  /** How sure, where, whose: one line. */
  weight: string
  reasons: Reason[]
  /** What the evidence still allows, when it is more than one thing; likeliest first. */
  candidates: ListShown
  visitor: ListShown
  operator: ListShown
  /** `name value` to quote in a ticket. */
  references: ListShown
  /** When the peer wants to be asked again; empty when it says nothing. */
  retry: string
  /** Null: nobody asked. */
  contact: ListShown | null
  contactMissing: string[]
  undecided: ListShown
}

export interface LookShown {
  step: DrillStep['step']
  done: boolean
  summary: string
  observations: string[]
}

const CONFIDENCE_WORDS: Record<Confidence, string> = {
  certain: 'certain',
  likely: 'likely, not certain',
  possible: 'possible, no more',
}

const LINK_WORDS: Record<Link, string> = {
  you: 'the request or the machine it came from',
  resolver: 'the resolver that was asked',
  dns: 'the DNS of the name',
  network: 'the network on the way',
  proxy: 'the proxy on our side',
  cdn: 'the CDN',
  gateway: 'the gateway in front of the site',
  upstream: 'the leg behind the last gateway that can be seen',
  origin: 'the server of the site',
  content: 'the content of the site',
  monitor: 'the machine that checks',
}

const PARTY_WORDS: Record<Party, string> = {
  visitor: 'the visitor',
  access_provider: "whoever runs the visitor's network, resolver or proxy",
  dns_operator: 'the operator of the DNS zone',
  network_operator: 'the operator of a network on the way',
  cdn_operator: 'the CDN',
  gateway_operator: 'the operator of the gateway',
  site_operator: 'the operator of the site',
  monitor_operator: 'the operator of this monitor',
}

/** A cause as words: `http_response_timeout` is "http response timeout". */
function causeWords(cause: Cause): string {
  return cause.replaceAll('_', ' ')
}

function list(items: readonly string[]): ListShown {
  return { items: items.slice(0, MAX_ITEMS), more: Math.max(0, items.length - MAX_ITEMS) }
}

/** What to show of the diagnosis of a result. */
export function diagnosisShown(diagnosis: Diagnosis): DiagnosisShown {
  const { generator, causes, references, retryAfterSeconds, contact } = diagnosis
  const made =
    generator === null
      ? ''
      : `; the page was made by ${nameOf(generator)} (${generator.role}${generator.confidence === 'certain' ? '' : `, ${generator.confidence}`})`
  return {
    headline: diagnosis.headline,
    weight: `${CONFIDENCE_WORDS[diagnosis.confidence]}; where: ${LINK_WORDS[diagnosis.link]}; to be fixed by ${PARTY_WORDS[diagnosis.party]}${made}`,
    reasons: diagnosis.reasons.slice(0, MAX_ITEMS),
    candidates: list(causes.length > 1 ? causes.map(causeWords) : []),
    visitor: list(diagnosis.todo.visitor),
    operator: list(diagnosis.todo.operator),
    references: list(references.map(({ name, value }) => `${name}: ${value}`)),
    retry: retryAfterSeconds === null ? '' : `the peer asks to wait ${duration(retryAfterSeconds * 1000)}`,
    contact: contact === null ? null : list(contact),
    contactMissing: diagnosis.contactDetails?.missing ?? [],
    undecided: list((diagnosis.undecided ?? []).map(({ because }) => because)),
  }
}

/** The looks of the drill, in their order: those taken first, then those skipped. */
export function looksShown(result: CheckResult): LookShown[] {
  const looks = result.drill.map(({ step, summary, skipped, observations }) => ({
    step,
    done: skipped === null,
    summary,
    observations,
  }))
  return [...looks.filter(({ done }) => done), ...looks.filter(({ done }) => !done)]
}
