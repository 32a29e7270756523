// Retry-After (RFC 9110 section 10.2.3): when to come back, in seconds from the answer's own Date.

/** A wait longer than this is not taken seriously. */
const LONGEST_SECONDS = 366 * 86_400

/**
 * Seconds to wait; null when the field is absent, unreadable, or a date with no Date field to count from. A date
 * in the past gives 0.
 */
export function readRetryAfter(byName: ReadonlyMap<string, readonly string[]>): number | null {
  const value = byName.get('retry-after')?.[0]?.trim()
  if (value === undefined) return null
  if (/^\d{1,9}$/.test(value)) return Number(value) <= LONGEST_SECONDS ? Number(value) : null
  const until = Date.parse(value)
  const from = Date.parse(byName.get('date')?.[0] ?? '')
  if (Number.isNaN(until) || Number.isNaN(from)) return null
  const seconds = Math.max(0, Math.round((until - from) / 1000))
  return seconds <= LONGEST_SECONDS ? seconds : null
}
