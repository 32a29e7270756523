// An HTTP/1.1 request as bytes (RFC 9112, 3 and 5). Adds nothing of its own: what is sent is what it was given.
import { WhydownError } from '../model/error.ts'
import type { FieldLine } from '../model/result.ts'
import { isTokenByte } from './http1-head.ts'
import { quote } from './http1-quote.ts'

export interface RequestParts {
  method: string
  /** Origin form, absolute form, authority form or "*", already encoded. */
  target: string
  fields: readonly FieldLine[]
  body: Uint8Array | null
}

/**
 * Request line, fields, empty line and body in one buffer. Throws a usage error for what would break the message apart
 * or cannot be sent: a method or field name that is no token, white space or control characters in the target, CR, LF,
 * NUL or characters beyond Latin-1 in a value.
 */
export function formatRequest(request: RequestParts): Uint8Array {
  const { method, target, fields, body } = request
  if (!isToken(method)) {
    throw new WhydownError('usage', `The method ${quote(method)} is not a word that HTTP allows.`, {
      hint: 'Use letters only, such as GET, HEAD or POST.',
    })
  }
  if (!isTarget(target)) {
    throw new WhydownError(
      'usage',
      `The request target ${quote(target)} holds a character that must be encoded.`,
      {
        hint: 'Write spaces and other special characters as %20 and the like.',
      },
    )
  }
  let head = `${method} ${target} HTTP/1.1\r\n`
  for (let index = 0; index < fields.length; index++) {
    const [name, value] = fields[index] as FieldLine
    if (!isToken(name)) {
      throw new WhydownError('usage', `The field name ${quote(name)} is not a word that HTTP allows.`, {
        hint: 'Write a field as "Name: value", the name without spaces.',
      })
    }
    checkValue(name, value)
    head += `${name}: ${value}\r\n`
  }
  head += '\r\n'
  if (body === null || body.length === 0) return Buffer.from(head, 'latin1')
  const bytes = Buffer.allocUnsafe(head.length + body.length)
  bytes.write(head, 0, 'latin1')
  bytes.set(body, head.length)
  return bytes
}

function isToken(text: string): boolean {
  if (text === '') return false
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code > 0x7e || !isTokenByte(code)) return false
  }
  return true
}

function isTarget(text: string): boolean {
  if (text === '') return false
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code <= 0x20 || code >= 0x7f) return false
  }
  return true
}

function checkValue(name: string, value: string): void {
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index)
    if ((code >= 0x20 && code !== 0x7f && code <= 0xff) || code === 0x09) continue
    const what =
      code > 0xff
        ? 'a character that does not fit in one byte'
        : code === 0x0d || code === 0x0a
          ? 'a line break'
          : 'a control character'
    throw new WhydownError('usage', `The value of the field ${quote(name)} holds ${what}.`, {
      hint:
        code > 0xff ? 'Encode it first, for instance as percent-encoded UTF-8.' : 'Remove it, or encode it.',
    })
  }
}
