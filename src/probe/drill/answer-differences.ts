// Two answers to the same request, field by field: what differs. Pure; does not ask which one is right.
import type { Glance } from '../../model/drill.ts'
import type { Exchange, FieldLine } from '../../model/result.ts'

export interface Difference {
  what: string
  check: string | null
  origin: string | null
}

/** Fields that differ between any two answers and tell nothing. */
const OF_THE_MOMENT = new Set(['date', 'age', 'expires', 'last-modified', 'etag', 'set-cookie', 'connection'])

/** Values are quoted up to this many characters, names listed up to this many. */
const VALUE_CHARS = 200
const NAMES_LISTED = 30

/** Fields whose values are compared; of the others only whether they are there. */
const COMPARED_FIELDS = [
  'Server',
  'Content-Type',
  'Content-Encoding',
  'Location',
  'Via',
  'Cache-Control',
  'Allow',
]

/**
 * What differs between the answer of the check and that of the origin: failure, status, reason, the fields that
 * name a server or a kind of content, the names of all other fields, length and hash of the body.
 * `control` is the check's request sent again the same way, for the hash, which the check itself does not keep.
 */
export function answerDifferences(
  check: Exchange,
  origin: { glance: Glance; reason: string | null },
  control: Glance | null,
): Difference[] {
  const found: Difference[] = []
  const add = (what: string, one: string | null, other: string | null): void => {
    if (one !== other) found.push({ what, check: short(one), origin: short(other) })
  }
  const { response } = check
  const { glance } = origin
  add('failure', check.failure?.code ?? null, glance.failure?.code ?? null)
  add('status', text(response?.status), text(glance.status))
  if (response && glance.status !== null) {
    add('reason', response.reason, origin.reason)
    for (const name of COMPARED_FIELDS)
      add(name, valueOf(name, response.fields), valueOf(name, glance.fields))
    const [onlyCheck, onlyOrigin] = namesApart(response.fields, glance.fields)
    if (onlyCheck.length + onlyOrigin.length > 0) {
      add('fields only there', onlyCheck.join(', ') || null, onlyOrigin.join(', ') || null)
    }
    add('body bytes', text(response.bodyBytes), text(glance.bodyBytes))
    if (control?.bodyHash && glance.bodyHash) add('body hash', control.bodyHash, glance.bodyHash)
  }
  return found
}

function text(value: number | null | undefined): string | null {
  return value === null || value === undefined ? null : String(value)
}

function short(value: string | null): string | null {
  return value === null || value.length <= VALUE_CHARS ? value : `${value.slice(0, VALUE_CHARS)}...`
}

/** All values of a field joined (RFC 9110, 5.2), null when it is not there. */
export function valueOf(name: string, fields: readonly FieldLine[]): string | null {
  const wanted = name.toLowerCase()
  const values = fields.filter(([each]) => each.toLowerCase() === wanted).map(([, value]) => value)
  return values.length === 0 ? null : values.join(', ')
}

/** Names of fields that only one of the two has, as written, without those of the moment. */
export function namesApart(
  one: readonly FieldLine[],
  other: readonly FieldLine[],
): [onlyOne: string[], onlyOther: string[]] {
  return [missingIn(other, one), missingIn(one, other)]
}

function missingIn(there: readonly FieldLine[], here: readonly FieldLine[]): string[] {
  const known = new Set(there.map(([name]) => name.toLowerCase()))
  const compared = new Set(COMPARED_FIELDS.map((name) => name.toLowerCase()))
  const names = new Map<string, string>()
  for (const [name] of here) {
    const lower = name.toLowerCase()
    if (!known.has(lower) && !OF_THE_MOMENT.has(lower) && !compared.has(lower)) names.set(lower, name)
  }
  return [...names.values()].slice(0, NAMES_LISTED)
}
