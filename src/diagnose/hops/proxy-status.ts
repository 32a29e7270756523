// Proxy-Status (RFC 9209): what intermediaries say about themselves. Keeps unknown error types as they came.
import { isProxyErrorType, type ProxyErrorType } from '../../model/diagnosis.ts'
import { type BareItem, parseList } from '../../wire/structured-fields.ts'

/** Members read at most; the ones nearest the visitor are kept. */
const MEMBERS = 32

export interface ProxyStatusMember {
  /** The intermediary as it names itself. */
  name: string
  /** A registered error type; null when there is none or it is not registered. */
  error: ProxyErrorType | null
  /** The error token as it came, registered or not. */
  errorToken: string | null
  nextHop: string | null
  nextProtocol: string | null
  /** The status it received from the next hop. */
  receivedStatus: number | null
  details: string | null
  /** Parameters of the error type, such as rcode, alert-id, header-name: as text. */
  extra: Record<string, string>
}

function text(value: BareItem | undefined): string | null {
  if (value === undefined) return null
  switch (value.type) {
    case 'integer':
    case 'decimal':
    case 'date':
      return String(value.value)
    case 'boolean':
      return value.value ? 'true' : 'false'
    case 'binary':
      return Buffer.from(value.value).toString('latin1')
    default:
      return value.value
  }
}

function number(value: BareItem | undefined): number | null {
  return value?.type === 'integer' ? value.value : null
}

/**
 * Members in order, the first nearest the origin, the last nearest the visitor (RFC 9209 section 2). Null when the
 * field is no structured list.
 */
export function parseProxyStatus(lines: readonly string[]): ProxyStatusMember[] | null {
  const parsed = parseList(lines)
  if (parsed.failure) return null
  const members: ProxyStatusMember[] = []
  for (const member of parsed.value.slice(-MEMBERS)) {
    if (member.kind !== 'item') continue
    const name = text(member.bare)
    if (name === null) continue
    const extra: Record<string, string> = {}
    for (const [key, value] of member.parameters) {
      if (['error', 'next-hop', 'next-protocol', 'received-status', 'details'].includes(key)) continue
      const shown = text(value)
      if (shown !== null) extra[key] = shown
    }
    const errorToken = text(member.parameters.get('error'))
    members.push({
      name,
      // The RFC's own trailer example writes read_timeout for connection_read_timeout.
      error:
        errorToken === 'read_timeout'
          ? 'connection_read_timeout'
          : errorToken !== null && isProxyErrorType(errorToken)
            ? errorToken
            : null,
      errorToken,
      nextHop: text(member.parameters.get('next-hop')),
      nextProtocol: text(member.parameters.get('next-protocol')),
      receivedStatus: number(member.parameters.get('received-status')),
      details: text(member.parameters.get('details')),
      extra,
    })
  }
  return members
}
