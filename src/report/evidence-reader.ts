// Typed looks into observations, whose input and output are open records. Unknown is null, never a guess.
import type { Observation, Operation } from '../model/observation.ts'
import type { CheckResult, Exchange } from '../model/result.ts'

type Bag = Record<string, unknown> | null | undefined

export function textOf(bag: Bag, name: string): string | null {
  const value = bag?.[name]
  return typeof value === 'string' ? value : null
}

export function numberOf(bag: Bag, name: string): number | null {
  const value = bag?.[name]
  return typeof value === 'number' ? value : null
}

/** A text, or a number written as one; empty when it is neither. */
export function wordOf(bag: Bag, name: string): string {
  const value = bag?.[name]
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}

export function bagOf(bag: Bag, name: string): Record<string, unknown> | null {
  const value = bag?.[name]
  return isBag(value) ? value : null
}

export function listOf(bag: Bag, name: string): unknown[] {
  const value = bag?.[name]
  return Array.isArray(value) ? value : []
}

export function isBag(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The observations of one exchange, in order. */
export function observationsOf(result: CheckResult, exchange: Exchange): Observation[] {
  const ids = new Set(exchange.observations)
  return result.observations.filter((observation) => ids.has(observation.id))
}

export function ofOperation(observations: Observation[], operation: Operation): Observation[] {
  return observations.filter((observation) => observation.operation === operation)
}

/** The exchange the verdict is about: the one whose failure it is, else the last; null when none began. */
export function decisiveExchange(result: CheckResult): Exchange | null {
  const { failure, exchanges } = result
  const failed = failure
    ? exchanges.findLast(
        (exchange) => exchange.failure?.code === failure.code && exchange.failure.phase === failure.phase,
      )
    : undefined
  return failed ?? exchanges.at(-1) ?? null
}

/** Host of a URL as written in it, brackets of IPv6 removed; the text itself when it is no URL. */
export function hostOf(url: string): string {
  return URL.parse(url)?.hostname.replace(/^\[|\]$/g, '') || url
}

/** `203.0.113.7:443` or `[2001:db8::7]:443`. */
export function endpoint(address: { ip: string; port: number | null }): string {
  const ip = address.ip.includes(':') && address.port !== null ? `[${address.ip}]` : address.ip
  return address.port === null ? ip : `${ip}:${address.port}`
}
