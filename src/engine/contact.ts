// Who to write to about a failed check: the holder of the address by RDAP, and the site's own security.txt. Only for
// those who ask, because it tells third parties which address is of interest.
import { type CheckOptions, DEFAULT_OPTIONS } from '../model/check-options.ts'
import type { ContactFacts } from '../model/contact.ts'
import { WhydownError } from '../model/error.ts'
import type { CheckResult, Exchange } from '../model/result.ts'
import { IANA_BOOTSTRAP, lookUpAddress } from '../probe/contact/rdap.ts'
import { lookUpSecurityTxt } from '../probe/contact/security-txt.ts'
import type { ProbeContext } from '../probe/context.ts'
import { isSpecialAddress } from '../probe/drill/local-target.ts'
import { type Io, systemIo } from '../probe/io.ts'
import { Recorder } from '../probe/recorder.ts'
import { Deadline } from '../util/deadline.ts'

/** All questions together, milliseconds. */
const CONTACT_MS = 12_000
/** Lines of `contact`. */
const MAX_CONTACT_LINES = 8

/** The site did not get as far as answering a request, so it will not answer another. */
const SILENT_PHASES = new Set(['url', 'resolve', 'connect', 'tls'])

/**
 * Finds contacts for the result of a check and puts them into its diagnosis (`contact`, `contactDetails`); what was
 * asked is added to its observations. Does nothing without a diagnosis. `rdapBootstrap` is the base URL of the
 * bootstrap files (RFC 9224); null: IANA's, which is not asked about addresses that no registry gives away. Throws
 * `WhydownError` when it is no http or https URL.
 */
export async function addContact(
  result: CheckResult,
  rdapBootstrap: string | null,
  options: Partial<CheckOptions> = {},
  io: Io = systemIo,
): Promise<void> {
  const bootstrap = bootstrapUrl(rdapBootstrap)
  const { diagnosis } = result
  if (!diagnosis) return
  const merged: CheckOptions = { ...DEFAULT_OPTIONS, ...options }
  const facts: ContactFacts = {
    ip: null,
    network: null,
    people: [],
    security: null,
    missing: [],
    observations: [],
  }
  const recorder = new Recorder(io)
  // Ids go on where those of the check end.
  recorder.observations.push(...result.observations)
  const known = result.observations.length
  const deadline = new Deadline(io.clock, CONTACT_MS)
  const cancel = (): void => deadline.stop('cancelled')
  if (merged.signal?.aborted) cancel()
  else merged.signal?.addEventListener('abort', cancel, { once: true })
  const ctx: ProbeContext = { options: merged, io, recorder, deadline }
  try {
    await askRegistries(result, bootstrap, rdapBootstrap !== null, merged, facts, ctx)
    await askSite(result, merged, facts, ctx)
  } finally {
    deadline.close()
    merged.signal?.removeEventListener('abort', cancel)
  }
  // Offsets go on where the evidence of the check and its further looks ends.
  const offsetMs = Math.max(result.durationMs, ...result.observations.map(({ endMs }) => endMs))
  for (const observation of recorder.observations.slice(known)) {
    observation.startMs += offsetMs
    observation.endMs += offsetMs
    result.observations.push(observation)
    facts.observations.push(observation.id)
  }
  diagnosis.contactDetails = facts
  diagnosis.contact = contactLines(facts)
}

/** The base URL as given, with the slash that makes it one; IANA's when none is. Throws when it is unusable. */
export function bootstrapUrl(given: string | null): string {
  if (given === null) return IANA_BOOTSTRAP
  const url = URL.parse(given)
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new WhydownError('usage', `"${given.slice(0, 80)}" is not the URL of an RDAP bootstrap service`, {
      hint: `write for example ${IANA_BOOTSTRAP}`,
    })
  }
  return url.href.endsWith('/') ? url.href : `${url.href}/`
}

async function askRegistries(
  result: CheckResult,
  bootstrap: string,
  given: boolean,
  options: CheckOptions,
  facts: ContactFacts,
  ctx: ProbeContext,
): Promise<void> {
  const exchange = result.exchanges.at(-1) ?? null
  if (exchange?.proxy != null) {
    facts.missing.push('The check went through a proxy, so the address of the site is not known.')
    return
  }
  facts.ip = peerOf(result, exchange)
  if (facts.ip === null) {
    facts.missing.push('No address of the site is known, so no registry can be asked.')
    return
  }
  if (!given && isSpecialAddress(facts.ip)) {
    facts.missing.push(`${facts.ip} is of this machine or network, or reserved: no registry gives it away.`)
    return
  }
  // The registries are asked like any other site: none of the check's fields, credentials or detours.
  const plain: CheckOptions = { ...DEFAULT_OPTIONS, ...kept(options) }
  await lookUpAddress(facts.ip, bootstrap, plain, facts, ctx)
}

/** What of the check's options concerns the way to any site. */
function kept(options: CheckOptions): Partial<CheckOptions> {
  const { userAgent, proxy, resolvers, addressPolicy, tls, signal } = options
  return {
    userAgent,
    proxy,
    resolvers,
    addressPolicy,
    signal,
    tls: { ...DEFAULT_OPTIONS.tls, ca: tls.ca },
  }
}

/** The address that was dialled last, whether or not it answered. */
function peerOf(result: CheckResult, exchange: Exchange | null): string | null {
  if (exchange?.address) return exchange.address.ip
  const dialled = result.observations.findLast((seen) => seen.operation === 'connect')
  const ip = dialled?.input['ip']
  return typeof ip === 'string' ? ip : null
}

async function askSite(
  result: CheckResult,
  options: CheckOptions,
  facts: ContactFacts,
  ctx: ProbeContext,
): Promise<void> {
  const exchange = result.exchanges.at(-1)
  const site = URL.parse(exchange?.url ?? result.url)
  if (!site || !exchange?.response || SILENT_PHASES.has(result.failure?.phase ?? '')) {
    facts.missing.push('The site answers nothing, so it was not asked for its security.txt.')
    return
  }
  const { connectTo, family, http, tls } = options
  await lookUpSecurityTxt(
    site,
    { ...DEFAULT_OPTIONS, ...kept(options), connectTo, family, http, tls },
    facts,
    ctx,
  )
}

/** The contacts as lines to show, best first. */
export function contactLines(facts: ContactFacts): string[] {
  const { network, people, security } = facts
  const of = [network?.name, network?.holder].filter((part) => part != null && part !== '').join(', ')
  const lines = people.map(({ role, name, emails, phones }) => {
    const reach = [...emails, ...phones].join(', ')
    const who = [name, of === '' ? null : `network ${of}`].filter((part) => part !== null).join(', ')
    return `${reach} (${role} contact${who === '' ? '' : `: ${who}`})`
  })
  if (security && security.contacts.length > 0) {
    const until = security.expired ? `, expired on ${security.expires?.slice(0, 10) ?? ''}` : ''
    lines.push(`${security.contacts.join(', ')} (security.txt of the site, for vulnerabilities${until})`)
  }
  return lines.slice(0, MAX_CONTACT_LINES)
}
