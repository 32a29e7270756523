// What hops say about themselves in fields, as sentences for the reasons of a diagnosis. Concludes nothing.
import { parseCacheStatus, readAge, readCacheAnswers } from './cache-status.ts'
import { parseCdnLoop, parseServerTiming } from './server-timing.ts'
import { parseVia, readTrafficServerVia } from './via.ts'

/** Sentences of one answer at most. */
const SENTENCES = 6

/** One sentence per thing a hop says, in the order of how much it tells about the leg behind. */
export function hopsInWords(byName: ReadonlyMap<string, readonly string[]>): string[] {
  const said: string[] = []
  for (const { receivedBy, comment } of parseVia(byName.get('via') ?? [])) {
    const codes = comment === null ? null : readTrafficServerVia(comment)
    if (!codes) continue
    const parts = [
      codes.cache && `cache: ${codes.cache}`,
      codes.server && `server: ${codes.server}`,
      codes.error && `error: ${codes.error}`,
    ]
    const shown = parts.filter((part) => part !== null)
    if (shown.length > 0) said.push(`Via of ${receivedBy.slice(0, 80)} says ${shown.join(', ')}.`)
  }
  for (const member of parseCacheStatus(byName.get('cache-status') ?? []) ?? []) {
    const what = member.hit ? 'a hit' : `forwarded (${member.forward ?? 'no reason given'})`
    const status = member.forwardStatus === null ? '' : `, got status ${member.forwardStatus}`
    said.push(`Cache-Status of ${member.name.slice(0, 80)}: ${what}${status}.`)
  }
  for (const { field, says } of readCacheAnswers(byName)) said.push(`${field}: ${says}`)
  const age = readAge(byName)
  if (age !== null && age > 0) said.push(`Age: the answer lay ${age} s in a cache.`)
  for (const { name, durationMs, description } of parseServerTiming(byName.get('server-timing') ?? [])) {
    if (!/^(origin|edge|cdn-cache|cfOrigin|cfEdge|upstream|backend|total)$/i.test(name)) continue
    const took = durationMs === null ? '' : ` took ${durationMs} ms`
    said.push(`Server-Timing: ${name}${took}${description ? ` (${description.slice(0, 40)})` : ''}.`)
  }
  const loop = parseCdnLoop(byName.get('cdn-loop') ?? [])
  if (loop.length > 0) said.push(`CDN-Loop names ${loop.slice(0, 8).join(', ')}.`)
  return said.slice(0, SENTENCES)
}
