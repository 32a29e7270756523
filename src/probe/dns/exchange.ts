// One question to one name server over one socket, and what came back, as one observation.
// Decides nothing about whom to ask next.
import { createSocket, type RemoteInfo } from 'node:dgram'
import { type AddressInfo, connect, isIP } from 'node:net'
import { type Failure, failure, type OffendingBytes } from '../../model/failure.ts'
import type { Observation } from '../../model/observation.ts'
import { Deadline, type StopReason } from '../../util/deadline.ts'
import { toHex } from '../../wire/dns-cursor.ts'
import { CLASS_IN, type DnsMessage, decodeMessage, encodeQuery } from '../../wire/dns-message.ts'
import { foldName } from '../../wire/dns-name.ts'
import type { DnsType } from '../../wire/dns-tables.ts'
import type { ProbeContext } from '../context.ts'
import { note } from '../recorder.ts'
import { socketFailure, stopFailure } from '../socket-failure.ts'
import { answerFailure, describeAnswer } from './answer.ts'
import { type DnsServer, formatServer } from './resolv-conf.ts'

/** Packets on our socket that do not belong to the question; after this many the attempt is given up. */
const MAX_STRAY_PACKETS = 64
/** The answer size we offer over UDP: what passes without fragments nearly everywhere (DNS flag day 2020). */
const UDP_BYTES = 1_232
/** Bytes of an unreadable answer that are kept as evidence. */
const MAX_KEPT_BYTES = 512
const MAX_OFFENDING_BYTES = 64
/** DNS over TCP puts two bytes of length before each message (RFC 1035 4.2.2). */
const PREFIX_BYTES = 2

export interface ExchangeOptions {
  name: string
  type: DnsType
  transport: 'udp' | 'tcp'
  /** Send an OPT record, which is what makes extended errors come back. */
  edns: boolean
  dnssecOk: boolean
  recursionDesired: boolean
  /** Take the answer also when it does not validate (the CD bit). */
  checkingDisabled: boolean
  timeoutMs: number
  /** Which round over the servers this is, from 1. */
  attempt: number
}

export interface DnsReply {
  /** What came back and fits the question, also when its RCODE is a failure. */
  message: DnsMessage | null
  failure: Failure | null
  observation: Observation
  server: DnsServer
  transport: 'udp' | 'tcp'
}

/** What a socket brought: a message, or a failure with what did come. */
interface Catch {
  message: DnsMessage | null
  failure: Failure | null
  bytes: Uint8Array | null
  /** Packets that did not belong, and what was wrong with the last one. */
  strays: number
  strayReason: string
}

type Verdict = { stray: string } | { failure: Failure } | { message: DnsMessage }

/**
 * Asks one server one question once. Never rejects; a name that cannot be asked for throws (WhydownError).
 * The attempt ends with `timeoutMs` or with `deadline`, whichever comes first.
 */
export async function exchange(
  server: DnsServer,
  options: ExchangeOptions,
  ctx: ProbeContext,
  deadline: Deadline = ctx.deadline,
): Promise<DnsReply> {
  const { name, type, transport, edns, recursionDesired, checkingDisabled, attempt } = options
  const { clock } = ctx.io
  const id = ctx.io.randomInt(65_536)
  const udpBytes = edns ? { udpBytes: UDP_BYTES, dnssecOk: options.dnssecOk } : null
  const query = encodeQuery({ id, name, type, recursionDesired, checkingDisabled, edns: udpBytes })
  const input: Record<string, unknown> = {
    name,
    type,
    server: server.ip,
    port: server.port,
    transport,
    attempt,
    edns,
    recursionDesired,
  }
  if (checkingDisabled) input['checkingDisabled'] = true
  const observation = ctx.recorder.begin('dns_query', input)
  const startMs = clock.nowMs()
  const limit = new Deadline(clock, options.timeoutMs, deadline)
  const question: Question = { id, name: foldName(name), type, server: formatServer(server) }
  const elapsedMs = (): number => clock.nowMs() - startMs
  const ask = transport === 'udp' ? askUdp : askTcp
  const caught = await ask(server, query, question, limit, elapsedMs)
  limit.close()

  const { message, bytes, strays } = caught
  let failed = caught.failure
  let output: Record<string, unknown> | null = null
  if (message) {
    output = describeAnswer(message, name, type)
    failed ??= answerFailure(message, type, question.server, recursionDesired)
    noteOddities(observation, message)
  }
  if (bytes) {
    output ??= {}
    output.answeredBy = question.server
    output.bytes = bytes.length
    output.ms = elapsedMs()
    if (!message) output.received = toHex(bytes.subarray(0, MAX_KEPT_BYTES))
  }
  if (strays > 0) {
    note(
      observation,
      `ignored ${strays} packet${strays > 1 ? 's' : ''} that did not belong: ${caught.strayReason}`,
    )
  }
  if (failed) ctx.recorder.fail(observation, failed, output)
  else ctx.recorder.end(observation, output)
  return { message, failure: failed, observation, server, transport }
}

interface Question {
  id: number
  /** Folded. */
  name: string
  type: DnsType
  /** The server, as text for causes. */
  server: string
}

function noteOddities(observation: Observation, message: DnsMessage): void {
  if (message.questions.length === 0) note(observation, 'the answer does not repeat the question')
  if (message.trailingBytes > 0) note(observation, `${message.trailingBytes} bytes follow the message`)
  for (const section of [message.answers, message.authorities, message.additionals]) {
    const broken = section.find((record) => record.type === 'MALFORMED')
    if (broken?.type === 'MALFORMED')
      note(observation, `a ${broken.ofType} record is malformed: ${broken.malformed.reason}`)
  }
}

/** Is this the answer to our question? Who sent it was checked before. */
function judge(bytes: Uint8Array, question: Question): Verdict {
  const { malformed, message } = decodeMessage(bytes)
  const from = question.server
  if (!message) {
    const id = bytes.length < 2 ? question.id : ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)
    if (id !== question.id) return { stray: `too short and with another id (${bytes.length} bytes)` }
    return {
      failure: failure(
        'dns_malformed_answer',
        `answer from ${from}: ${malformed?.reason}`,
        offending(bytes, 0),
      ),
    }
  }
  if (message.id !== question.id) return { stray: `another id (${message.id} instead of ${question.id})` }
  if (!message.flags.qr) return { stray: 'a query, not an answer' }
  // Some servers cut a truncated answer in the middle of a record; TCP will bring it whole.
  if (malformed && !message.flags.tc) {
    const { offset, reason } = malformed
    return {
      failure: failure(
        'dns_malformed_answer',
        `answer from ${from}: ${reason} (offset ${offset})`,
        offending(bytes, offset),
      ),
    }
  }
  if (message.flags.opcode !== 0) {
    const raw = `answer from ${from}: opcode ${message.flags.opcode} instead of 0`
    return { failure: failure('dns_malformed_answer', raw, offending(bytes, 2)) }
  }
  const asked = message.questions[0]
  // Servers that could not read or do not want the question may leave it out.
  if (!asked && message.rcode !== 0) return { message }
  const same =
    message.questions.length === 1 &&
    asked?.class === CLASS_IN &&
    asked.type === question.type &&
    foldName(asked.name) === question.name
  if (same) return { message }
  const shown = asked ? `"${asked.name}" ${asked.type} class ${asked.class}` : 'no question'
  const raw = `answer from ${from} is for ${message.questions.length > 1 ? `${message.questions.length} questions` : shown}, asked was "${question.name}" ${question.type}`
  return { failure: failure('dns_malformed_answer', raw, offending(bytes, 12)) }
}

function offending(bytes: Uint8Array, offset: number): { at: OffendingBytes } {
  return { at: { offset, hex: toHex(bytes.subarray(offset, offset + MAX_OFFENDING_BYTES)) } }
}

function askUdp(
  server: DnsServer,
  query: Uint8Array,
  question: Question,
  limit: Deadline,
  elapsedMs: () => number,
): Promise<Catch> {
  const { promise, resolve } = Promise.withResolvers<Catch>()
  const family = isIP(server.ip)
  let done = false
  let strays = 0
  let strayReason = ''
  const socket = createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    // The server is an address already: nothing to look up, and no thread to wait for.
    lookup: (host, _options, callback) => callback(null, host, family),
  })
  const finish = (message: DnsMessage | null, failed: Failure | null, bytes: Uint8Array | null): void => {
    if (done) return
    done = true
    socket.close()
    resolve({ message, failure: failed, bytes, strays, strayReason })
  }
  const onStop = (reason: StopReason): void => {
    finish(
      null,
      silence(reason, question, elapsedMs(), strays > 0 ? `only packets with ${strayReason}` : null),
      null,
    )
  }
  const onError = (error: unknown): void => finish(null, dnsSocketFailure(error, question.server), null)
  const onStray = (reason: string): void => {
    strays++
    strayReason = reason
    if (strays < MAX_STRAY_PACKETS) return
    const raw = `${strays} packets from ${question.server} and none belongs to the question: ${reason}`
    finish(null, failure('dns_malformed_answer', raw), null)
  }
  let peer: AddressInfo | null = null
  const onMessage = (bytes: Uint8Array, from: RemoteInfo): void => {
    if (done) return
    // The kernel filters by sender once the socket is connected; this holds for the moment before, too.
    if (from.port !== peer?.port || from.address !== peer.address)
      return onStray(`another sender (${from.address})`)
    const verdict = judge(bytes, question)
    if ('stray' in verdict) onStray(verdict.stray)
    else if ('failure' in verdict) finish(null, verdict.failure, bytes)
    else finish(verdict.message, null, bytes)
  }
  socket.on('error', onError)
  socket.on('message', onMessage)
  socket.on('connect', () => {
    if (done) return
    peer = socket.remoteAddress()
    socket.send(query, (error) => error && onError(error))
  })
  limit.listen(onStop)
  if (!done) socket.connect(server.port, server.ip)
  return promise
}

function askTcp(
  server: DnsServer,
  query: Uint8Array,
  question: Question,
  limit: Deadline,
  elapsedMs: () => number,
): Promise<Catch> {
  const { promise, resolve } = Promise.withResolvers<Catch>()
  let done = false
  // The two bytes of length, and then a message of that length: never more than 64 KiB.
  const prefix = new Uint8Array(PREFIX_BYTES)
  let message = new Uint8Array(0)
  let received = 0
  const progress = (): string | null => {
    if (received === 0) return null
    if (received < PREFIX_BYTES) return '1 byte'
    return `${received - PREFIX_BYTES} of ${message.length} bytes`
  }
  const socket = connect({ host: server.ip, port: server.port, noDelay: true })
  const finish = (answer: DnsMessage | null, failed: Failure | null): void => {
    if (done) return
    done = true
    socket.destroy()
    const bytes = received > PREFIX_BYTES ? message.subarray(0, received - PREFIX_BYTES) : null
    resolve({ message: answer, failure: failed, bytes, strays: 0, strayReason: '' })
  }
  const onStop = (reason: StopReason): void => {
    const seen = progress()
    finish(null, silence(reason, question, elapsedMs(), null, seen === null ? '' : `, only ${seen} over TCP`))
  }
  socket.on('connect', () => {
    const framed = new Uint8Array(PREFIX_BYTES + query.length)
    framed[0] = query.length >> 8
    framed[1] = query.length & 0xff
    framed.set(query, PREFIX_BYTES)
    socket.write(framed)
  })
  socket.on('data', (chunk: Uint8Array) => {
    if (done) return
    let at = 0
    while (received < PREFIX_BYTES && at < chunk.length) {
      prefix[received++] = chunk[at++] ?? 0
      if (received === PREFIX_BYTES) message = new Uint8Array(((prefix[0] ?? 0) << 8) | (prefix[1] ?? 0))
    }
    if (received < PREFIX_BYTES) return
    // What follows the message is none of ours: one question, one answer.
    const piece = chunk.subarray(at, at + message.length + PREFIX_BYTES - received)
    message.set(piece, received - PREFIX_BYTES)
    received += piece.length
    if (received < PREFIX_BYTES + message.length) return
    const verdict = judge(message, question)
    if ('message' in verdict) finish(verdict.message, null)
    else if ('failure' in verdict) finish(null, verdict.failure)
    else
      finish(
        null,
        failure('dns_malformed_answer', `answer from ${question.server} over TCP: ${verdict.stray}`),
      )
  })
  socket.on('end', () => {
    const seen = progress()
    if (seen === null) {
      const raw = `${question.server} closed the TCP connection without an answer`
      return finish(null, failure('dns_server_failure', raw))
    }
    finish(
      null,
      failure('dns_malformed_answer', `${question.server} closed the TCP connection after ${seen}`),
    )
  })
  socket.on('error', (error) => {
    const seen = progress()
    finish(
      null,
      dnsSocketFailure(error, `${question.server} over TCP${seen === null ? '' : ` after ${seen}`}`),
    )
  })
  limit.listen(onStop)
  return promise
}

/** Nothing came in time. Packets that do not fit are an answer of a kind, and a worse one than none. */
function silence(
  reason: StopReason,
  question: Question,
  ms: number,
  strays: string | null,
  more = '',
): Failure {
  if (reason !== 'timed_out') return stopFailure(reason, 'resolve', ms)
  const waited = `from ${question.server} within ${Math.round(ms)} ms${more}`
  if (strays) return failure('dns_malformed_answer', `no answer to the question ${waited}, ${strays}`)
  return failure('dns_timed_out', `no answer ${waited}`)
}

/** A socket error on the way to a name server. */
function dnsSocketFailure(error: unknown, server: string): Failure {
  const { code, message } = error as NodeJS.ErrnoException
  switch (code) {
    case 'ECONNREFUSED':
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
    case 'EHOSTDOWN':
    case 'ENETDOWN':
    case 'EAFNOSUPPORT':
    case 'EINVAL':
      return failure('dns_resolver_unreachable', `${code} from ${server}`)
    case 'ETIMEDOUT':
      return failure('dns_timed_out', `${code} from ${server}`)
    case 'ECONNRESET':
    case 'ECONNABORTED':
    case 'EPIPE':
      return failure('dns_server_failure', `${code} from ${server}: ${message}`)
    default:
      return socketFailure(error, 'resolve')
  }
}
