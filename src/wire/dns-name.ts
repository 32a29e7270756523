// Domain names as text: wire form to presentation form and back. Knows nothing about messages around them.
// IDN stays in A-labels: what is not ASCII on the wire becomes \DDD.

/** RFC 1035 2.3.4: a label has at most 63 bytes, a name at most 255 with length bytes and root. */
export const MAX_LABEL_BYTES = 63
export const MAX_NAME_BYTES = 255

const DOT = 0x2e
const BACKSLASH = 0x5c

const TOO_LONG = `the name is longer than ${MAX_NAME_BYTES} bytes (RFC 1035, 2.3.4)`

/** One byte of a label in presentation form (RFC 1035 5.1): `\.`, `\\`, `\DDD`, or the character itself. */
export function escapeLabelByte(byte: number): string {
  if (byte === DOT || byte === BACKSLASH) return `\\${String.fromCharCode(byte)}`
  if (byte > 0x20 && byte < 0x7f) return String.fromCharCode(byte)
  return `\\${String(byte).padStart(3, '0')}`
}

/**
 * A name in presentation form as wire bytes, or the problem that makes it impossible as a DNS name.
 * A dot at the end is allowed; "." and "" are the root. Escapes are `\DDD` and `\` with any other character.
 */
export function encodeName(name: string): { bytes: Uint8Array } | { problem: string } {
  const bytes = new Uint8Array(MAX_NAME_BYTES)
  let labelAt = 0
  let at = 1
  let index = name === '.' ? 1 : 0
  while (index < name.length) {
    let byte = name.charCodeAt(index++)
    if (byte === DOT) {
      const length = at - labelAt - 1
      if (length === 0) return { problem: 'the name has an empty label' }
      if (at >= MAX_NAME_BYTES) return { problem: TOO_LONG }
      bytes[labelAt] = length
      labelAt = at++
      continue
    }
    if (byte === BACKSLASH) {
      const digits = name.slice(index, index + 3)
      if (isThreeDigits(digits)) {
        byte = Number(digits)
        if (byte > 255) return { problem: `the escape \\${digits} is not a byte` }
        index += 3
      } else {
        byte = name.charCodeAt(index++)
        if (Number.isNaN(byte)) return { problem: 'the name ends within an escape' }
      }
    }
    if (byte > 0x7f && name.charCodeAt(index - 1) > 0x7f) {
      return { problem: 'the name is not ASCII: it has to be converted to A-labels first' }
    }
    if (at - labelAt > MAX_LABEL_BYTES)
      return { problem: `a label is longer than ${MAX_LABEL_BYTES} bytes (RFC 1035, 2.3.4)` }
    if (at >= MAX_NAME_BYTES) return { problem: TOO_LONG }
    bytes[at++] = byte
  }
  const length = at - labelAt - 1
  if (length === 0) return { bytes: bytes.subarray(0, labelAt + 1) }
  if (at >= MAX_NAME_BYTES) return { problem: TOO_LONG }
  bytes[labelAt] = length
  return { bytes: bytes.subarray(0, at + 1) }
}

/** Why a name can never be in the DNS, as a sentence part; null when it can. */
export function nameProblem(name: string): string | null {
  const made = encodeName(name)
  return 'problem' in made ? made.problem : null
}

/** The form in which names are compared: without case (RFC 4343) and without the dot at the end. */
export function foldName(name: string): string {
  const folded = name.toLowerCase()
  return folded.length > 1 && folded.endsWith('.') && !folded.endsWith('\\.') ? folded.slice(0, -1) : folded
}

function isThreeDigits(text: string): boolean {
  if (text.length !== 3) return false
  for (let index = 0; index < 3; index++) {
    const code = text.charCodeAt(index)
    if (code < 0x30 || code > 0x39) return false
  }
  return true
}
