// Cache-Status (RFC 9211) and the vendors' older forms of it: whether a cache answered, and from what.
import { type BareItem, parseList, textOf } from '../../wire/structured-fields.ts'

const MEMBERS = 32

export interface CacheStatusMember {
  name: string
  hit: boolean
  /** Why it went forward: miss, stale, bypass, ... as it came. */
  forward: string | null
  forwardStatus: number | null
  /** Seconds of freshness left, negative when stale. */
  ttl: number | null
  stored: boolean
  collapsed: boolean
  detail: string | null
}

function flag(value: BareItem | undefined): boolean {
  return value?.type === 'boolean' && value.value
}

function number(value: BareItem | undefined): number | null {
  return value?.type === 'integer' ? value.value : null
}

/** Members in order, the first nearest the origin. Null when the field is no structured list. */
export function parseCacheStatus(lines: readonly string[]): CacheStatusMember[] | null {
  const parsed = parseList(lines)
  if (parsed.failure) return null
  const members: CacheStatusMember[] = []
  for (const member of parsed.value.slice(-MEMBERS)) {
    if (member.kind !== 'item') continue
    const name = textOf(member.bare)
    if (name === null) continue
    const params = member.parameters
    const forward = params.get('fwd')
    const detail = params.get('detail')
    members.push({
      name,
      hit: flag(params.get('hit')),
      forward: forward === undefined ? null : textOf(forward),
      forwardStatus: number(params.get('fwd-status')),
      ttl: number(params.get('ttl')),
      stored: flag(params.get('stored')),
      collapsed: flag(params.get('collapsed')),
      detail: detail === undefined ? null : textOf(detail),
    })
  }
  return members
}

export type CacheWord = 'hit' | 'miss' | 'stale' | 'revalidated' | 'bypass' | 'error'

/** One cache's word in an older field. */
export interface CacheAnswer {
  field: string
  word: CacheWord
  /** As it came. */
  says: string
}

/** Fields in which caches say what they did, lower-case. */
const CACHE_FIELDS = [
  'x-cache',
  'x-cache-status',
  'cf-cache-status',
  'x-proxy-cache',
  'x-vercel-cache',
  'x-nf-cache',
  'cdn-cache',
  'x-drupal-cache',
  'x-litespeed-cache',
  'x-sucuri-cache',
  'x-77-cache',
  'ar-cache',
  'eo-cache-status',
  'x-fastcgi-cache',
  'x-nginx-cache',
] as const

/** What a cache means by its word; null when it is not known. */
export function readCacheWord(text: string): CacheWord | null {
  const word = /^[\s"]*(?:TCP_|UDP_)?([A-Za-z_]{2,32})/.exec(text)?.[1]?.toUpperCase()
  if (!word) return null
  if (word.includes('STALE')) return 'stale'
  if (word.startsWith('REVALID') || word.startsWith('REFRESH')) return 'revalidated'
  if (word.startsWith('ERROR')) return 'error'
  if (word.includes('HIT')) return 'hit'
  if (word.includes('MISS') || word === 'EXPIRED' || word === 'UPDATING')
    return word === 'UPDATING' ? 'stale' : 'miss'
  if (
    ['BYPASS', 'DYNAMIC', 'PASS', 'PRIVATE_NOSTORE', 'CONFIG_NOCACHE', 'NONE', 'UNCACHEABLE'].includes(word)
  )
    return 'bypass'
  return null
}

/** What the older fields say, in order of the fields; a list has one entry per cache, the origin's side first. */
export function readCacheAnswers(byName: ReadonlyMap<string, readonly string[]>): CacheAnswer[] {
  const answers: CacheAnswer[] = []
  for (const field of CACHE_FIELDS) {
    for (const line of byName.get(field) ?? []) {
      for (const part of line.slice(0, 512).split(',').slice(0, 8)) {
        const word = readCacheWord(part)
        if (word) answers.push({ field, word, says: part.trim().slice(0, 120) })
      }
    }
  }
  return answers
}

/** Age in seconds (RFC 9111 section 5.1); null when it is absent or no number. */
export function readAge(byName: ReadonlyMap<string, readonly string[]>): number | null {
  const age = byName.get('age')?.[0]
  return age !== undefined && /^\d{1,10}$/.test(age) ? Number(age) : null
}
