// Asks the registries who runs the network of an address: bootstrap file, then the registry it names (RFC 9224, 9082).
import type { CheckOptions } from '../../model/check-options.ts'
import type { ContactFacts } from '../../model/contact.ts'
import {
  findRdapBases,
  type RdapNetwork,
  readRdapEntity,
  readRdapError,
  readRdapNetwork,
} from '../../wire/rdap.ts'
import type { ProbeContext } from '../context.ts'
import { type FetchedDocument, fetchDocument } from './fetch-document.ts'

/** Where IANA publishes which registry is responsible. */
export const IANA_BOOTSTRAP = 'https://data.iana.org/rdap/'

const RDAP_TYPE = 'application/rdap+json, application/json;q=0.9'
/** Registries asked for one address, and entities looked up when an answer names them without their address. */
const MAX_BASES_ASKED = 2
const MAX_ENTITIES_ASKED = 2

/** Looks `ip` up; writes what it finds, or why it finds nothing, into `facts`. */
export async function lookUpAddress(
  ip: string,
  bootstrap: string,
  options: CheckOptions,
  facts: ContactFacts,
  ctx: ProbeContext,
): Promise<void> {
  const file = new URL(ip.includes(':') ? 'ipv6.json' : 'ipv4.json', bootstrap)
  const list = await fetchDocument(file, 'application/json', options, ctx)
  const parsed = parse(list)
  if (parsed === undefined) {
    facts.missing.push(`The list of registries at ${list.url} ${trouble(list)}.`)
    return
  }
  const bases = findRdapBases(parsed, ip)
  if (bases.length === 0) {
    facts.missing.push(`The list of registries at ${list.url} names none for ${ip}.`)
    return
  }
  for (const base of bases.slice(0, MAX_BASES_ASKED)) {
    const answer = await fetchDocument(new URL(`ip/${ip}`, base), RDAP_TYPE, options, ctx)
    const found = readRdapNetwork(parse(answer))
    if (found === null) {
      facts.missing.push(`The registry at ${answer.url} ${trouble(answer)}.`)
      // It was understood and there is none: the others would say the same.
      if (answer.status === 404) return
      continue
    }
    facts.network = { ...found.network, source: answer.url }
    facts.people = found.people
    if (!found.people.some(({ emails }) => emails.length > 0))
      await lookUpEntities(found, answer, options, facts, ctx)
    if (facts.people.length === 0)
      facts.missing.push(`The registry at ${answer.url} names nobody to write to.`)
    return
  }
}

/** Some registries name an entity by its handle alone. */
async function lookUpEntities(
  found: RdapNetwork,
  answer: FetchedDocument,
  options: CheckOptions,
  facts: ContactFacts,
  ctx: ProbeContext,
): Promise<void> {
  const at = answer.url.lastIndexOf('/ip/')
  if (at < 0) return
  for (const handle of found.bareHandles.slice(0, MAX_ENTITIES_ASKED)) {
    const url = new URL(`${answer.url.slice(0, at)}/entity/${encodeURIComponent(handle)}`)
    const entity = await fetchDocument(url, RDAP_TYPE, options, ctx)
    const people = readRdapEntity(parse(entity), 'abuse')
    if (people.length === 0) continue
    facts.people = [...people, ...facts.people]
    return
  }
}

/** The JSON of a good answer; undefined when there is none. */
function parse(document: FetchedDocument): unknown {
  if (document.text === null || document.status !== 200 || document.cut) return undefined
  try {
    return JSON.parse(document.text) as unknown
  } catch {
    return undefined
  }
}

/** Why a document was of no use, as the end of a sentence. */
function trouble(document: FetchedDocument): string {
  const { status, failure, retryAfter, text } = document
  if (failure) return `could not be read: ${failure.code} (${failure.raw})`
  if (status === 404) return 'knows nothing of it (404)'
  if (status === 429) {
    const seconds = retryAfter !== null && /^\d{1,9}$/.test(retryAfter) ? ` for ${retryAfter} s` : ''
    return `wants no more questions${seconds} (429)`
  }
  if (status !== 200) {
    const says = readRdapError(parse({ ...document, status: 200 }))
    return `answered ${status}${says === null ? '' : `: ${says}`}`
  }
  return document.cut
    ? `sent only part of its answer, or more than the limit`
    : `sent ${text === '' ? 'nothing' : 'something else'}`
}
