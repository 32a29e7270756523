// What a DNS answer says: aliases followed, negative answers recognised, RCODEs as failures. No sockets.
import { type Failure, failure } from '../../model/failure.ts'
import { CLASS_IN, type DnsMessage, type ExtendedError } from '../../wire/dns-message.ts'
import { foldName } from '../../wire/dns-name.ts'
import type { DnsRecord, SoaData } from '../../wire/dns-record.ts'
import type { DnsType } from '../../wire/dns-tables.ts'

/** Aliases walked for one name, over all answers. Real chains have three or four. */
export const MAX_ALIASES = 16
/** Records of one section that an observation lists. */
const MAX_LISTED_RECORDS = 100
/** Characters of a peer's text that go into a failure's cause. */
const MAX_QUOTED_TEXT = 200

export interface AliasWalk {
  /** Every name that the asked one is an alias for, in order; the last one owns the records. */
  aliases: string[]
  /** The name the chain ends at: the last alias, or the asked name. */
  end: string
  /** Smallest TTL on the way, null without aliases. */
  ttl: number | null
  trouble: 'loop' | 'too_many' | null
  /** An owner with two different aliases, which RFC 1034 3.6.2 forbids; the first was taken. */
  doubled: string | null
}

/** Follows CNAMEs through the records of one answer, from `name`. `seen` holds folded names of earlier answers. */
export function followAliases(records: DnsRecord[], name: string, seen: Set<string> = new Set()): AliasWalk {
  const walk: AliasWalk = { aliases: [], end: name, ttl: null, trouble: null, doubled: null }
  const targets = new Map<string, { to: string; ttl: number }>()
  for (const record of records) {
    if (record.type !== 'CNAME' || record.class !== CLASS_IN) continue
    const owner = foldName(record.name)
    const known = targets.get(owner)
    if (!known) targets.set(owner, { to: record.data, ttl: record.ttl })
    else if (foldName(known.to) !== foldName(record.data)) walk.doubled ??= record.name
  }
  seen.add(foldName(name))
  for (;;) {
    const next = targets.get(foldName(walk.end))
    if (!next) return walk
    walk.aliases.push(next.to)
    walk.end = next.to
    walk.ttl = Math.min(walk.ttl ?? next.ttl, next.ttl)
    if (seen.has(foldName(next.to))) walk.trouble = 'loop'
    else if (seen.size > MAX_ALIASES) walk.trouble = 'too_many'
    if (walk.trouble) return walk
    seen.add(foldName(next.to))
  }
}

/** The SOA of a negative answer, which says how long it may be kept (RFC 2308, section 5). */
export function negativeSoa(
  message: DnsMessage,
): { owner: string; soa: SoaData; negativeTtl: number } | null {
  for (const record of message.authorities) {
    if (record.type !== 'SOA') continue
    return { owner: record.name, soa: record.data, negativeTtl: Math.min(record.ttl, record.data.minimum) }
  }
  return null
}

/**
 * No answer, no SOA, no authority and no recursion: whoever sends this does not resolve for us (RFC 2308, 2.2).
 * Usually it names other servers, which makes it a referral.
 */
export function resolvesNot(message: DnsMessage): boolean {
  return (
    message.rcode === 0 &&
    message.answers.length === 0 &&
    !message.flags.aa &&
    !message.flags.ra &&
    negativeSoa(message) === null
  )
}

/** Extended errors as part of a sentence: " (DNSSEC Bogus: no DS)"; empty without any. */
export function extendedErrorText(errors: ExtendedError[]): string {
  if (errors.length === 0) return ''
  const parts = errors.map((error) => {
    const text = error.text.slice(0, MAX_QUOTED_TEXT)
    return text ? `EDE ${error.code} ${error.name}: ${text}` : `EDE ${error.code} ${error.name}`
  })
  return ` (${parts.join('; ').slice(0, MAX_QUOTED_TEXT * 2)})`
}

/** What is wrong with an answer to `type` from `server`; null for a usable one, which may still be empty. */
export function answerFailure(
  message: DnsMessage,
  type: DnsType,
  server: string,
  recursionDesired: boolean,
): Failure | null {
  const says = `${message.rcodeName} from ${server}${extendedErrorText(message.edns?.extendedErrors ?? [])}`
  switch (message.rcode) {
    case 0:
      break
    case 3:
      return failure('dns_name_not_found', says)
    case 5:
      return failure('dns_refused', says)
    default:
      return failure('dns_server_failure', says)
  }
  for (const record of message.answers) {
    if (record.type !== 'MALFORMED' || (record.ofType !== type && record.ofType !== 'CNAME')) continue
    const { offset, reason } = record.malformed
    return failure(
      'dns_malformed_answer',
      `${record.ofType} record from ${server}: ${reason} (offset ${offset})`,
    )
  }
  if (recursionDesired && !message.flags.tc && resolvesNot(message)) {
    const referral = message.authorities.some((record) => record.type === 'NS')
    const what = referral ? 'a referral to other servers' : 'an empty answer and no recursion'
    return failure('dns_server_failure', `${what} from ${server}: it does not resolve for us`)
  }
  return null
}

/** Records as an observation shows them. */
export function listRecords(records: DnsRecord[]): Record<string, unknown>[] {
  return records.slice(0, MAX_LISTED_RECORDS).map((record) => {
    const { name, ttl, data } = record
    if (record.type !== 'MALFORMED') return { type: record.type, name, ttl, data }
    return { type: record.ofType, name, ttl, data, malformed: record.malformed }
  })
}

/** The output of a dns_query observation. */
export function describeAnswer(message: DnsMessage, name: string, type: DnsType): Record<string, unknown> {
  const { answers, authorities, edns } = message
  const walk = followAliases(answers, name)
  const negative = answers.some((record) => record.type === type) ? null : negativeSoa(message)
  const output: Record<string, unknown> = {
    rcode: message.rcode,
    rcodeName: message.rcodeName,
    flags: message.flags,
    answers: listRecords(answers),
    aliases: walk.aliases,
    extendedErrors: edns?.extendedErrors ?? [],
    edns: edns && { udpBytes: edns.udpBytes, version: edns.version, options: edns.options },
    soa: negative && { owner: negative.owner, ...negative.soa },
    negativeTtl: negative ? negative.negativeTtl : null,
  }
  if (answers.length > MAX_LISTED_RECORDS) output.answersLeftOut = answers.length - MAX_LISTED_RECORDS
  if (answers.length === 0 && authorities.length > 0) output.authorities = listRecords(authorities)
  return output
}
