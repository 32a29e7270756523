// Which bytes decide the verdict, taken out of the result: what a person would want to see first.
// Chooses; neither makes safe nor lays out.
import type { FailureCode, OffendingBytes } from '../model/failure.ts'
import type { CheckResult } from '../model/result.ts'
import {
  decisiveExchange,
  isBag,
  listOf,
  observationsOf,
  ofOperation,
  textOf,
  wordOf,
} from './evidence-reader.ts'
import { byteCount } from './figures.ts'
import { contentOf, keptBytes, receivedBytes, splitMessage } from './received.ts'
import { bytesToText, looksBinary } from './safe-text.ts'

/** Bytes shown before and after the first offending byte. */
const BEFORE_OFFENDING = 32
const AFTER_OFFENDING = 64
/** Bytes of something binary that are shown. */
const BINARY_SHOWN = 128

/** Failures about particular bytes, which then are worth a hex dump; others are about where the bytes end. */
const ABOUT_BYTES = new Set<FailureCode>([
  'status_line_malformed',
  'status_undefined',
  'http_version_unsupported',
  'header_malformed',
  'framing_conflict',
  'chunk_malformed',
  'body_undecodable',
])

export type EvidenceBlock =
  | { kind: 'text'; title: string; text: string }
  | {
      kind: 'bytes'
      title: string
      bytes: Uint8Array
      offset: number
      mark: { from: number; length: number } | null
    }
  | { kind: 'lines'; title: string; lines: string[] }

/** The decisive bytes of a failed check, most telling first; empty when there are none or nothing failed. */
export function evidenceOf(result: CheckResult): EvidenceBlock[] {
  const { failure } = result
  const exchange = decisiveExchange(result)
  if (!failure || !exchange) return []
  const seen = observationsOf(result, exchange)
  const blocks: EvidenceBlock[] = []
  if (failure.phase === 'resolve') {
    const lines = ofOperation(seen, 'dns_query').map(queryLine)
    if (lines.length > 0) blocks.push({ kind: 'lines', title: 'What the resolvers said', lines })
    const unread = ofOperation(seen, 'dns_query').find((query) => textOf(query.output, 'received') !== null)
    if (unread) {
      const bytes = Buffer.from(textOf(unread.output, 'received') ?? '', 'hex')
      const at = unread.failure?.at
      const mark = at ? { from: at.offset, length: 1 } : null
      const title = `The DNS message that cannot be read (${byteCount(bytes.length)})`
      blocks.push({ kind: 'bytes', title, bytes: bytes.subarray(0, BINARY_SHOWN), offset: 0, mark })
    }
    return blocks
  }
  if (failure.phase === 'connect') {
    for (const handshake of ofOperation(seen, 'proxy_handshake')) {
      const bytes = keptBytes(textOf(handshake.output, 'raw'))
      if (bytes && bytes.length > 0) blocks.push(bytesBlock('What the proxy answered', bytes))
    }
  }
  if (failure.phase === 'tls') {
    for (const look of ofOperation(seen, 'plaintext_look')) {
      const bytes = keptBytes(textOf(look.output, 'raw') ?? textOf(look.output, 'bytes'))
      if (bytes && bytes.length > 0) blocks.push(bytesBlock('What it says without TLS', bytes))
    }
    const certificates = exchange.tls?.certificates ?? []
    if (certificates.length > 0 && failure.code.startsWith('certificate_')) {
      const lines = certificates.flatMap((certificate, index) => [
        `${index + 1}. ${certificate.subject}`,
        `   issued by ${certificate.issuer}`,
        `   valid ${certificate.notBefore.slice(0, 10)} to ${certificate.notAfter.slice(0, 10)}, ${certificate.key}`,
        ...(index === 0 && certificate.names.length > 0
          ? [`   for ${certificate.names.slice(0, 10).join(', ')}`]
          : []),
      ])
      blocks.push({ kind: 'lines', title: 'The certificates it sent', lines })
    }
  }
  const bytes = receivedBytes(exchange)
  const dumped = failure.at !== undefined && ABOUT_BYTES.has(failure.code)
  if (failure.at && dumped) blocks.push(offendingBlock(failure.at, bytes))
  if (exchange.response) {
    const message = splitMessage(exchange.response)
    const content = contentOf(exchange.response)
    const head = message ? bytesToText(message.head) : ''
    // When the head broke, its bytes are not counted; what was kept of them is.
    const { fieldBytes, bodyBytes } = exchange.response
    const size = byteCount(Math.max(fieldBytes + bodyBytes, bytes?.length ?? 0))
    const title = `What the server sent (${size})`
    const body = content ? (content.text ?? (content.coding === null ? content.bytes : null)) : null
    if (typeof body === 'string') blocks.push({ kind: 'text', title, text: head + body })
    else if (body !== null && !looksBinary(body))
      blocks.push({ kind: 'text', title, text: head + bytesToText(body) })
    else if (head !== '') {
      blocks.push({ kind: 'text', title, text: head })
      if (content && content.bytes.length > 0) blocks.push(bytesBlock('Its content', content.bytes))
    }
  } else if (bytes && bytes.length > 0 && !dumped) blocks.push(bytesBlock('What came in', bytes))
  else if (bytes && bytes.length > 0 && !looksBinary(bytes)) {
    blocks.push({
      kind: 'text',
      title: `What came in (${byteCount(bytes.length)})`,
      text: bytesToText(bytes),
    })
  }
  return blocks
}

function bytesBlock(title: string, bytes: Uint8Array): EvidenceBlock {
  const sized = `${title} (${byteCount(bytes.length)})`
  if (!looksBinary(bytes)) return { kind: 'text', title: sized, text: bytesToText(bytes) }
  return { kind: 'bytes', title: sized, bytes: bytes.subarray(0, BINARY_SHOWN), offset: 0, mark: null }
}

function offendingBlock(at: OffendingBytes, received: Uint8Array | null): EvidenceBlock {
  const offending = Buffer.from(at.hex, 'hex')
  const title = `The bytes at fault (offset ${at.offset})`
  // The bytes after the first are there to be read; the first is the one at fault.
  const mark = { from: at.offset, length: 1 }
  // The kept bytes may end before the fault; then the failure's own copy is all there is.
  if (!received || received.length < at.offset + offending.length) {
    return { kind: 'bytes', title, bytes: offending, offset: at.offset, mark }
  }
  const from = Math.max(0, (at.offset - BEFORE_OFFENDING) & ~15)
  const to = at.offset + Math.max(offending.length, AFTER_OFFENDING)
  return { kind: 'bytes', title, bytes: received.subarray(from, to), offset: from, mark }
}

function queryLine(query: ReturnType<typeof ofOperation>[number]): string {
  const { input, output } = query
  const name = textOf(input, 'name') ?? '?'
  const type = wordOf(input, 'type')
  const transport = textOf(input, 'transport') ?? ''
  const server = textOf(input, 'server') ?? '?'
  const answers = listOf(output, 'answers')
    .map((answer) => (isBag(answer) ? `${wordOf(answer, 'type')} ${short(answer['data'])}` : String(answer)))
    .slice(0, 4)
    .join(', ')
  const errors = listOf(output, 'extendedErrors')
    .map((error) =>
      isBag(error) ? `${wordOf(error, 'name') || wordOf(error, 'code')} ${wordOf(error, 'text')}`.trim() : '',
    )
    .filter((text) => text !== '')
    .join('; ')
  const rcode = textOf(output, 'rcodeName') ?? ''
  const said =
    query.failure && rcode === '' ? query.failure.raw : [rcode, answers, errors].filter(Boolean).join(', ')
  const spent = Math.round(query.endMs - query.startMs)
  return `${name} ${type} at ${server} ${transport}: ${said || 'no records'} (${spent} ms)`
}

function short(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '').slice(0, 120)
}
