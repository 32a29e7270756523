// What was tolerated in a response although the standard forbids it: each kind once, with its first place and
// how often. Knows nothing about what is not tolerated.
import { quote } from './http1-quote.ts'

/** Every deviation we let pass because curl and browsers do, and how it is told. */
const TOLD = {
  leading_space: 'white space before the status line',
  status_line_space: 'status line not separated by single spaces',
  status_without_space: 'no space after the status code',
  version_old: 'HTTP/0.9 in a status line, read as HTTP/1.0',
  version_minor: 'unknown minor version of HTTP/1, read as HTTP/1.1',
  reason_control: 'control character in the reason phrase',
  bare_lf: 'line ended by LF without CR',
  space_line: 'line that begins with white space right after the status line, ignored',
  obs_fold: 'field value folded over several lines, joined by a space',
  space_before_colon: 'white space between field name and colon, removed',
  name_empty: 'field line without a name',
  name_illegal: 'character that is not allowed in a field name',
  value_control: 'control character in a field value',
  length_repeated: 'Content-Length given more than once with the same value',
  framing_without_body: 'Content-Length or Transfer-Encoding in a response that must not have them',
  transfer_encoding_old: 'Transfer-Encoding in an HTTP/1.0 response',
  transfer_coding_other: 'transfer coding that was not asked for',
  chunked_not_last: 'chunked is not the last transfer coding, body read until the connection closes',
  chunked_repeated: 'chunked named more than once, taken as one',
  chunk_size_space: 'white space after a chunk size',
  chunk_extension_malformed: 'malformed chunk extension, ignored',
  trailer_malformed: 'malformed trailer line, ignored',
  last_line_missing: 'connection ended after the last chunk without the empty line that closes the message',
  no_close_notify:
    'connection closed without a TLS close_notify, so that a cut could not be told from the end',
} as const

export type Deviation = keyof typeof TOLD

interface Seen {
  kind: Deviation
  offset: number
  count: number
  detail: string | null
}

export class Deviations {
  /** Added to every offset: where in the stream the bytes begin that are being read. */
  shift = 0
  #seen: Seen[] | null = null

  /** Counts one; offset is that of the first byte concerned in the stream. */
  add(kind: Deviation, offset: number, detail: string | null = null): void {
    this.#seen ??= []
    for (const one of this.#seen) {
      if (one.kind === kind) {
        one.count++
        return
      }
    }
    this.#seen.push({ kind, offset: offset + this.shift, count: 1, detail })
  }

  /** One sentence a kind, in the order in which they were first seen. */
  notes(): string[] {
    if (!this.#seen) return []
    return this.#seen.map(({ kind, offset, count, detail }) => {
      const place = count === 1 ? `at byte ${offset}` : `${count} times, first at byte ${offset}`
      return `${TOLD[kind]}${detail === null ? '' : `: ${quote(detail)}`} (${place})`
    })
  }
}
