// Reads security.txt (RFC 9116): contacts and until when they hold. Verifies no signature and fetches nothing.

/** Lines and contacts looked at. */
const MAX_LINES = 1_000
const MAX_CONTACTS = 8
/** Longest line that can be a field. */
const MAX_LINE = 2_048

export interface SecurityTxt {
  /** URIs by preference, as written: `mailto:`, `tel:`, `https:`. */
  contacts: string[]
  /** RFC 3339 as written; null when absent or not a date. */
  expires: string | null
  /** The text is wrapped in an OpenPGP signature, which nobody here verified. */
  signed: boolean
}

/** Schemes a contact may have (RFC 9116, 2.5.3); plain http must not be used for web pages. */
const CONTACT_SCHEMES = new Set(['mailto:', 'tel:', 'https:'])

/** A contact as a URI; a bare e-mail address, a common slip, counts as `mailto:`. Null when it is neither. */
function contactOf(value: string): string | null {
  if (value.length > 500 || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s<>"]/u.test(value)) return null
  if (/^[^@:/]{1,64}@[^@:/]{1,255}$/.test(value)) return `mailto:${value}`
  const url = URL.parse(value)
  return url && CONTACT_SCHEMES.has(url.protocol) ? value : null
}

/** The lines between the armour of a cleartext signature (RFC 9580, 7), dashes unescaped; all lines without one. */
function signedLines(lines: string[]): { lines: string[]; signed: boolean } {
  const begin = lines.findIndex((line) => line.trimEnd() === '-----BEGIN PGP SIGNED MESSAGE-----')
  if (begin < 0) return { lines, signed: false }
  const blank = lines.findIndex((line, index) => index > begin && line.trim() === '')
  const end = lines.findIndex((line) => line.trimEnd() === '-----BEGIN PGP SIGNATURE-----')
  const inside = lines.slice(blank < 0 ? begin + 1 : blank + 1, end < 0 ? undefined : end)
  return { lines: inside.map((line) => (line.startsWith('- ') ? line.slice(2) : line)), signed: true }
}

/** Reads a security.txt. Null when no line of it is a contact: then it is none, whatever the name of the file. */
export function parseSecurityTxt(text: string): SecurityTxt | null {
  const all = text.replace(/^\ufeff/, '').split(/\r?\n/, MAX_LINES)
  const { lines, signed } = signedLines(all)
  const found: SecurityTxt = { contacts: [], expires: null, signed }
  for (const line of lines) {
    if (line.startsWith('#') || line.length > MAX_LINE) continue
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase()
    const value = line.slice(colon + 1).trim()
    if (name === 'contact' && found.contacts.length < MAX_CONTACTS) {
      const contact = contactOf(value)
      if (contact !== null) found.contacts.push(contact)
    } else if (name === 'expires' && found.expires === null && isDate(value)) found.expires = value
  }
  return found.contacts.length > 0 ? found : null
}

/** RFC 3339 date and time. */
function isDate(value: string): boolean {
  return (
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/i.test(value) &&
    !Number.isNaN(Date.parse(value))
  )
}
