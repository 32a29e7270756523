// What registries say about an address in RDAP: bootstrap files (RFC 9224), networks and their entities (RFC 9083),
// jCards (RFC 7095). Takes parsed JSON of any shape, however hostile; asks nobody.
import { parseIp } from '../model/address.ts'
import { CONTACT_ROLES, type ContactNetwork, type ContactPerson } from '../model/contact.ts'

/** Entities looked at in one answer, and how deep they may nest; registries use two levels and a dozen. */
const MAX_ENTITIES = 400
const MAX_ENTITY_DEPTH = 8
/** Entries of a bootstrap file; the largest of IANA has some four hundred. */
const MAX_SERVICES = 5_000
const MAX_PREFIXES = 20_000
/** Base URLs kept of the service that is responsible. */
const MAX_BASES = 4
/** E-mail addresses, telephone numbers and people kept. */
const MAX_LINES = 4
const MAX_PEOPLE = 12
/** Longest text taken from one place. */
const MAX_TEXT = 300

type Bag = Record<string, unknown>

export interface RdapNetwork {
  network: Omit<ContactNetwork, 'source'>
  /** Best first; people without any way to reach them are left out. */
  people: ContactPerson[]
  /** Handles of entities in a role of ours that the answer names without their address, best first. */
  bareHandles: string[]
}

function isBag(value: unknown): value is Bag {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

/** A text on one line, bounded, without what is not printed; null when there is none. */
function lineOf(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const line = value
    .slice(0, MAX_TEXT)
    .replace(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
  return line === '' ? null : line
}

/** Bits of the prefix when the address is inside, -1 when it is not or the text is no prefix. */
function matchedBits(prefix: string, ip: Uint8Array): number {
  const slash = prefix.indexOf('/')
  if (slash < 0 || prefix.length > 60) return -1
  const base = parseIp(prefix.slice(0, slash))
  const bits = /^\d{1,3}$/.test(prefix.slice(slash + 1)) ? Number(prefix.slice(slash + 1)) : -1
  if (!base || base.length !== ip.length || bits < 0 || bits > ip.length * 8) return -1
  for (let bit = 0; bit < bits; bit += 8) {
    const mask = bits - bit >= 8 ? 0xff : (0xff << (8 - (bits - bit))) & 0xff
    const index = bit >> 3
    if (((base[index] ?? 0) & mask) !== ((ip[index] ?? 0) & mask)) return -1
  }
  return bits
}

/** http and https only, ending with a slash (RFC 9224, 3); null for anything else. */
function baseUrl(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 500) return null
  const url = URL.parse(value)
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null
  if (url.username !== '' || url.password !== '') return null
  return url.href.endsWith('/') ? url.href : `${url.href}/`
}

/**
 * Base URLs of the RDAP service responsible for an address by a bootstrap file (`ipv4.json`, `ipv6.json`): those of
 * the longest prefix, https before http. Empty when no service is, or the file is none (RFC 9224, 4 and 5).
 */
export function findRdapBases(bootstrap: unknown, ip: string): string[] {
  const bytes = parseIp(ip)
  if (!bytes || !isBag(bootstrap)) return []
  let longest = -1
  let found: unknown = []
  let looked = 0
  for (const service of listOf(bootstrap['services']).slice(0, MAX_SERVICES)) {
    const [prefixes, urls] = listOf(service)
    for (const prefix of listOf(prefixes)) {
      if (++looked > MAX_PREFIXES) break
      if (typeof prefix !== 'string') continue
      const bits = matchedBits(prefix, bytes)
      if (bits <= longest) continue
      longest = bits
      found = urls
    }
  }
  const bases = listOf(found)
    .slice(0, 20)
    .map(baseUrl)
    .filter((base) => base !== null)
  const secure = bases.filter((base) => base.startsWith('https:'))
  return [...new Set([...secure, ...bases])].slice(0, MAX_BASES)
}

/** Local part and domain without anything that could end a field or open another (RFC 5322, much narrowed). */
const EMAIL = /^[^\s@<>()[\]\\,;:"']{1,64}@[^\s@<>()[\]\\,;:"']{1,255}$/

/** Values of the jCard properties of a name; a value may be a list (RFC 7095, 3.3). */
function cardValues(card: unknown, name: string): string[] {
  const values: string[] = []
  for (const property of listOf(listOf(card)[1]).slice(0, 100)) {
    const [kind, , , ...said] = listOf(property)
    if (typeof kind !== 'string' || kind.toLowerCase() !== name) continue
    for (const value of said.flat().slice(0, MAX_LINES)) {
      const line = lineOf(value)
      if (line !== null) values.push(line)
    }
  }
  return values
}

function personOf(entity: Bag, role: ContactPerson['role']): ContactPerson {
  const card = entity['vcardArray']
  const emails = cardValues(card, 'email')
    .map((email) => email.replace(/^mailto:/i, ''))
    .filter((email) => EMAIL.test(email))
  const phones = cardValues(card, 'tel').map((phone) => phone.replace(/^tel:/i, ''))
  return {
    role,
    name: cardValues(card, 'fn')[0] ?? cardValues(card, 'org')[0] ?? null,
    emails: [...new Set(emails)].slice(0, MAX_LINES),
    phones: [...new Set(phones.filter((phone) => /^[+\d][\d ().;=a-z-]{2,60}$/i.test(phone)))].slice(
      0,
      MAX_LINES,
    ),
  }
}

interface Walked {
  entity: Bag
  roles: string[]
}

/** All entities, the nested ones behind those that hold them, within bounds. */
function entitiesOf(answer: Bag): Walked[] {
  const found: Walked[] = []
  const walk = (entities: unknown, depth: number): void => {
    for (const entity of listOf(entities)) {
      if (found.length >= MAX_ENTITIES) return
      if (!isBag(entity)) continue
      const roles = listOf(entity['roles'])
        .slice(0, 20)
        .filter((role): role is string => typeof role === 'string')
      found.push({ entity, roles: roles.map((role) => role.toLowerCase()) })
      if (depth < MAX_ENTITY_DEPTH) walk(entity['entities'], depth + 1)
    }
  }
  walk(answer['entities'], 0)
  return found
}

/** The people of an RDAP answer in roles of ours, best first: by role, those with an e-mail address before others. */
function peopleOf(walked: Walked[]): ContactPerson[] {
  const people: ContactPerson[] = []
  const known = new Set<string>()
  for (const role of CONTACT_ROLES) {
    const inRole = walked
      .filter(({ roles }) => roles.includes(role))
      .map(({ entity }) => personOf(entity, role))
      .filter(({ emails, phones }) => emails.length + phones.length > 0)
    inRole.sort((one, other) => Number(other.emails.length > 0) - Number(one.emails.length > 0))
    for (const person of inRole) {
      // The same desk in a lesser role is nothing new.
      const key = `${person.emails.join()} ${person.phones.join()}`
      if (known.has(key) || people.length >= MAX_PEOPLE) continue
      known.add(key)
      people.push(person)
    }
  }
  return people
}

/** Reads the answer to `ip/ADDRESS` (RFC 9083, 5.4). Null when it is no network object. */
export function readRdapNetwork(answer: unknown): RdapNetwork | null {
  if (!isBag(answer) || answer['objectClassName'] !== 'ip network') return null
  const walked = entitiesOf(answer)
  const holder = walked.find(({ roles }) => roles.includes('registrant'))
  const bareHandles = CONTACT_ROLES.flatMap((role) =>
    walked
      .filter(({ entity, roles }) => roles.includes(role) && entity['vcardArray'] === undefined)
      .map(({ entity }) => lineOf(entity['handle'])),
  ).filter((handle) => handle !== null)
  const card = holder?.entity['vcardArray']
  return {
    network: {
      name: lineOf(answer['name']),
      handle: lineOf(answer['handle']),
      from: lineOf(answer['startAddress']),
      to: lineOf(answer['endAddress']),
      country: lineOf(answer['country']),
      holder: cardValues(card, 'fn')[0] ?? cardValues(card, 'org')[0] ?? null,
    },
    people: peopleOf(walked),
    bareHandles: [...new Set(bareHandles)],
  }
}

/** Reads the answer to `entity/HANDLE` (RFC 9083, 5.1) as a contact in a role. Empty when it holds no address. */
export function readRdapEntity(answer: unknown, role: ContactPerson['role']): ContactPerson[] {
  if (!isBag(answer) || answer['objectClassName'] !== 'entity') return []
  const own = personOf(answer, role)
  const people = own.emails.length + own.phones.length > 0 ? [own] : []
  return [...people, ...peopleOf(entitiesOf(answer))].slice(0, MAX_PEOPLE)
}

/** What an RDAP error answer says (RFC 9083, 6), as one line; null when it says nothing. */
export function readRdapError(answer: unknown): string | null {
  if (!isBag(answer)) return null
  const title = lineOf(answer['title'])
  const description = lineOf(listOf(answer['description'])[0])
  return [title, description].filter((part) => part !== null).join(': ') || null
}
