// What the answer of an HTTP proxy to CONNECT means. Judges status line and fields alone; reads no socket.
import { type Failure, failure } from '../../model/failure.ts'
import type { FieldLine } from '../../model/result.ts'

/** Fields in which proxies say why; their values are quoted in the failure. */
const TELLING_FIELDS = ['x-squid-error', 'proxy-status', 'location', 'retry-after']

/** Of one value, this much is quoted. */
const QUOTED_CHARACTERS = 200

/** Null when the tunnel stands (2xx, RFC 9110, 9.3.6), otherwise the failure with what the proxy gave as reason. */
export function connectFailure(status: number, reason: string, fields: readonly FieldLine[]): Failure | null {
  if (status >= 200 && status < 300) return null
  const says = [`${status} ${reason}`.trim()]
  if (status === 407) {
    const schemes = challengeSchemes(fields)
    says.push(`Proxy-Authenticate: ${schemes.length > 0 ? schemes.join(', ') : 'missing'}`)
  }
  for (const [name, value] of fields) {
    if (TELLING_FIELDS.includes(name.toLowerCase()))
      says.push(`${name}: ${value.slice(0, QUOTED_CHARACTERS)}`)
  }
  const raw = says.join('; ')
  if (status === 407) return failure('proxy_auth_required', raw)
  return failure(status < 200 || status >= 500 ? 'proxy_failed' : 'proxy_denied', raw)
}

/** The schemes of all Proxy-Authenticate challenges, in order (RFC 9110, 11.6.1: several may share a field line). */
export function challengeSchemes(fields: readonly FieldLine[]): string[] {
  const schemes: string[] = []
  for (const [name, value] of fields) {
    if (name.toLowerCase() !== 'proxy-authenticate') continue
    for (const part of outsideQuotes(value)) {
      // A parameter has its "=" right behind its name, a scheme is followed by white space or nothing.
      const scheme = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+(?=$|[ \t]+(?!=))/.exec(part.trim())
      if (scheme && !schemes.includes(scheme[0])) schemes.push(scheme[0])
    }
  }
  return schemes
}

/** Splits at the commas that are not inside a quoted string. */
function outsideQuotes(value: string): string[] {
  const parts: string[] = []
  let start = 0
  let quoted = false
  for (let at = 0; at < value.length; at++) {
    const sign = value[at]
    if (quoted && sign === '\\') at++
    else if (sign === '"') quoted = !quoted
    else if (sign === ',' && !quoted) {
      parts.push(value.slice(start, at))
      start = at + 1
    }
  }
  parts.push(value.slice(start))
  return parts
}
