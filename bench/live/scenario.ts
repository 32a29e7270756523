// What a live chain is: how it is broken, what is true of it, and how a diagnosis compares with that. Starts nothing.
import type { Cause, Diagnosis, Link, Party } from '../../src/model/diagnosis.ts'
import type { CheckResult, Outcome } from '../../src/model/result.ts'
import type { World } from './world.ts'

export interface Truth {
  /** Any of which is right. */
  links: readonly Link[]
  /** Any of which names the fault truly. */
  causes: readonly Cause[]
  parties: readonly Party[]
  /** Ids of the products of which one wrote the answer; null: no product did, or there was no answer. */
  generator: readonly string[] | null
  /** What a client sees is enough to name one cause and no other. */
  tellable: boolean
  /** The gateway makes a good answer of it: to say nothing is right. */
  hidden?: boolean
  /** Outcomes that are right by section 3 of the contract. */
  outcomes: readonly Outcome[]
}

export interface Scenario {
  group: string
  /** The world, in words. */
  name: string
  /** Programs that have to be installed. */
  needs?: readonly string[]
  /** Also needs the right to make a network namespace. */
  ownNetwork?: true
  /** Part of the lab test: quick, and one of its kind. */
  quick?: true
  /** Null: nothing is wrong, and any diagnosis but a remark is a false alarm. */
  truth: Truth | null
  /** Breaks the world and checks it. */
  run(world: World): Promise<CheckResult>
}

/** One cause and true; the first of several; among them; nothing definite; neither. Hidden: nothing to be seen or said. */
export type Verdict = 'right' | 'first' | 'among' | 'could not tell' | 'wrong' | 'hidden'

export interface Judged {
  scenario: Scenario
  result: CheckResult
  verdict: Verdict
  link: boolean
  party: boolean
  outcome: boolean
  /** Null: nobody was named where somebody wrote it. */
  generator: boolean | null
  ms: number
}

/** Causes that admit to know nothing. */
const ADMISSIONS: readonly string[] = ['upstream_unspecified']

function verdictOf(truth: Truth, diagnosis: Diagnosis | null): Verdict {
  if (!diagnosis || diagnosis.effect === 'remark') {
    if (truth.hidden) return 'hidden'
    if (!diagnosis) return 'could not tell'
  }
  const { causes } = diagnosis
  const place = causes.findIndex((cause) => truth.causes.includes(cause))
  if (place === 0) return causes.length === 1 ? 'right' : 'first'
  if (place > 0) return 'among'
  return causes.every((cause) => ADMISSIONS.includes(cause)) ? 'could not tell' : 'wrong'
}

/** Names somebody as the author: right, wrong, or null when nobody was named although somebody wrote it. */
function generatorOf(truth: Truth, named: Diagnosis['generator']): boolean | null {
  if (truth.generator === null) return named === null || named.role === 'application'
  return named === null ? null : truth.generator.includes(named.product)
}

/** Compares what was said with what is true. A healthy world is `right` when nothing, or only a remark, was said. */
export function judge(scenario: Scenario, result: CheckResult, ms: number): Judged {
  const { truth } = scenario
  const { diagnosis, outcome } = result
  if (truth === null) {
    const quiet = outcome === 'up' && (diagnosis === null || diagnosis.effect === 'remark')
    const verdict = quiet ? 'right' : 'wrong'
    return { scenario, result, verdict, link: quiet, party: quiet, outcome: quiet, generator: quiet, ms }
  }
  const verdict = verdictOf(truth, diagnosis)
  const silent = verdict === 'hidden' && diagnosis === null
  return {
    scenario,
    result,
    verdict,
    link: silent || (diagnosis !== null && truth.links.includes(diagnosis.link)),
    party: silent || (diagnosis !== null && truth.parties.includes(diagnosis.party)),
    outcome: truth.outcomes.includes(outcome),
    generator: generatorOf(truth, diagnosis?.generator ?? null),
    ms,
  }
}

/** Wrong in what matters: the cause, the link or the party; or a product blamed that did not write the answer. */
export function isFault({ verdict, link, party, outcome, generator }: Judged): boolean {
  return verdict === 'wrong' || !link || !party || !outcome || generator === false
}

/** What is true of a leg that we walked ourselves: one cause, and a client sees it. */
export function ownLeg(
  links: Link | readonly Link[],
  causes: Cause | readonly Cause[],
  parties: Party | readonly Party[],
  more: Partial<Truth> = {},
): Truth {
  return {
    links: [links].flat(),
    causes: [causes].flat(),
    parties: [parties].flat(),
    generator: null,
    tellable: true,
    outcomes: ['down'],
    ...more,
  }
}

/** What is true of the leg behind a gateway that wrote its own error page. Its operator or the site's may mend it. */
export function behindGateway(
  generator: string | readonly string[] | null,
  causes: readonly Cause[],
  more: Partial<Truth> = {},
): Truth {
  return {
    links: ['upstream'],
    causes,
    parties: ['site_operator', 'gateway_operator'],
    generator: generator === null ? null : [generator].flat(),
    tellable: false,
    outcomes: ['down'],
    ...more,
  }
}

/** The application's own error behind whatever stands before it. */
export function applicationError(more: Partial<Truth> = {}): Truth {
  return {
    links: ['origin'],
    causes: ['upstream_error_passed_through', 'status_unaccepted'],
    parties: ['site_operator'],
    generator: null,
    tellable: true,
    outcomes: ['down'],
    ...more,
  }
}

/** Causes that name the same fault truly, as in the table of the measured captures. */
export const FAULT_CAUSES = {
  refused: ['connection_refused', 'destination_unavailable'],
  timedOut: ['http_response_timeout', 'connection_read_timeout'],
  connectTimedOut: ['connection_timeout', 'destination_unavailable'],
  closed: ['connection_terminated', 'http_response_incomplete'],
  notHttp: ['http_protocol_error'],
  cutHead: ['connection_terminated', 'http_response_incomplete', 'http_protocol_error'],
  dns: ['dns_error', 'dns_timeout', 'destination_not_found'],
  certificate: ['tls_certificate_error'],
  tls: ['tls_protocol_error', 'tls_alert_received'],
} as const satisfies Record<string, readonly Cause[]>
