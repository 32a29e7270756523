// What somebody pasted: a code, a message, a page or a response. Looks at the form alone.
import type { InputKind } from '../model/explanation.ts'
import { codeWords, MAX_CODE_CHARS } from './code-key.ts'
import { isMarkup } from './page-text.ts'

/** Words a code may have besides those that say nothing. */
const MOST_CODE_WORDS = 4

/** A status line with a field line or an empty line after it. */
const RESPONSE = /^\s{0,8}HTTP\/\d(?:\.\d)?[ \t]+\d{3}[^\r\n]{0,200}\r?\n(?:[!#$%&'*+.^_`|~\w-]{1,80}:|\r?\n)/

export function kindOfInput(text: string, isKnownCode: (text: string) => boolean): InputKind {
  if (RESPONSE.test(text) || responseOfTrace(text) !== null) return 'response'
  if (isMarkup(text)) return 'page'
  const given = text.trim()
  if (given.length > MAX_CODE_CHARS || /[\r\n]/.test(given)) return 'message'
  if (isKnownCode(given) || looksLikeCode(given)) return 'code'
  return 'message'
}

/** One word or a few, of which one is written as only codes are. */
function looksLikeCode(text: string): boolean {
  const words = codeWords(text)
  if (words.length === 0 || words.length > MOST_CODE_WORDS) return false
  if (words.length === 1) return !/\s/.test(text) || /\d/.test(text)
  return text.split(/\s+/).length <= 3 && /\d/.test(text) && words.every((word) => !/^[a-z]{9,}$/.test(word))
}

/**
 * The response within what `curl -v` printed (`< HTTP/1.1 502 ...`), the last one when there are several; null when it
 * is no such text.
 */
export function responseOfTrace(text: string): string | null {
  if (!text.includes('< HTTP/')) return null
  const lines = text.split(/\r?\n/)
  let first = -1
  for (const [index, line] of lines.entries()) if (/^< HTTP\/\d/.test(line)) first = index
  if (first < 0) return null
  const head: string[] = []
  let at = first
  for (; at < lines.length && lines[at]?.startsWith('<'); at++) {
    const line = lines[at]?.slice(2) ?? ''
    if (line === '') break
    head.push(line)
  }
  // Lines with a mark are curl's own; the others are the content.
  const content = lines
    .slice(at)
    .filter((line) => !/^(?:[*<>{}] ?|[*<>{}]$)/.test(line) || /^<[a-z!/]/i.test(line))
  return `${head.join('\r\n')}\r\n\r\n${content.join('\n')}`
}
