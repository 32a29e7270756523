// JSON values compared and shown, both within bounds: a document may be as deep and as large as a peer likes.

/** Depth to which a value is shown. */
const SHOWN_DEPTH = 5

/** True when both are the same JSON value; the order of members does not matter. As deep as `expected` is. */
export function sameJson(found: unknown, expected: unknown): boolean {
  if (found === expected) return true
  if (found === null || expected === null || typeof found !== 'object' || typeof expected !== 'object')
    return false
  if (Array.isArray(found) || Array.isArray(expected)) {
    if (!Array.isArray(found) || !Array.isArray(expected) || found.length !== expected.length) return false
    return expected.every((value, index) => sameJson(found[index], value))
  }
  const members = Object.entries(expected)
  if (members.length !== Object.keys(found).length) return false
  const held = found as Record<string, unknown>
  return members.every(([name, value]) => Object.hasOwn(held, name) && sameJson(held[name], value))
}

/** The value as JSON text of at most `maxChars` characters; what is left out shows as "...". */
export function shownJson(value: unknown, maxChars: number): string {
  const text = written(value, maxChars, SHOWN_DEPTH)
  return text.length > maxChars ? `${text.slice(0, Math.max(0, maxChars - 3))}...` : text
}

/** Stops writing soon after `budget` characters. */
function written(value: unknown, budget: number, depth: number): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, budget + 1))
  if (value === null || typeof value !== 'object') return String(value)
  const array = Array.isArray(value)
  if (depth === 0) return array ? '[...]' : '{...}'
  let text = array ? '[' : '{'
  const names = array ? null : Object.keys(value)
  const length = names?.length ?? (value as unknown[]).length
  for (let index = 0; index < length && text.length <= budget; index++) {
    if (index > 0) text += ','
    const name = names?.[index]
    if (name !== undefined) text += `${JSON.stringify(name.slice(0, budget + 1))}:`
    const held = name === undefined ? (value as unknown[])[index] : (value as Record<string, unknown>)[name]
    text += written(held, budget - text.length, depth - 1)
  }
  return text + (array ? ']' : '}')
}
