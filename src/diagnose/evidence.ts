// The evidence of one check as rules see it: the exchange that decides, its observations, what each look found.
// Reads results only; judges nothing, and takes any well-formed result, however odd.
import type { Cause, Diagnosis } from '../model/diagnosis.ts'
import type { DrillFinding, DrillStep, DrillStepId } from '../model/drill.ts'
import type { Failure } from '../model/failure.ts'
import type { Observation, Operation } from '../model/observation.ts'
import type { CheckResult, Exchange } from '../model/result.ts'
import type { Ending } from './answer.ts'
import type { ResponseInput } from './verdict.ts'

export type Finding<Kind extends DrillStepId> = Extract<DrillFinding, { kind: Kind }>

export type JudgeResponse = (input: ResponseInput) => Diagnosis | null

export type ReadByProduct = (input: ResponseInput, product: string) => readonly Cause[]

/** A record out of an observation's input or output. */
export type Bag = Record<string, unknown> | null | undefined

export function textIn(bag: Bag, name: string): string | null {
  const value = bag?.[name]
  return typeof value === 'string' ? value : null
}

export function numberIn(bag: Bag, name: string): number | null {
  const value = bag?.[name]
  return typeof value === 'number' ? value : null
}

export function listIn(bag: Bag, name: string): unknown[] {
  const value = bag?.[name]
  return Array.isArray(value) ? value : []
}

export function bagsIn(bag: Bag, name: string): Record<string, unknown>[] {
  return listIn(bag, name).filter(
    (item): item is Record<string, unknown> => typeof item === 'object' && item !== null,
  )
}

export class Evidence {
  readonly result: CheckResult
  readonly failure: Failure | null
  /** The exchange whose failure it is, else the last; null when none began. */
  readonly exchange: Exchange | null
  /** Of that exchange, or of the target when none began; null when it is no URL. */
  readonly url: URL | null
  /** Without brackets; the target as given when it is no URL. */
  readonly host: string
  readonly port: number
  readonly secure: boolean
  /** Observations of the deciding exchange, or all when there is none. */
  readonly seen: readonly Observation[]
  readonly #judge: JudgeResponse
  readonly #read: ReadByProduct
  readonly #known: Set<string>
  #judged: Diagnosis | null | undefined

  constructor(result: CheckResult, judge: JudgeResponse, read: ReadByProduct = () => []) {
    this.result = result
    this.failure = result.failure
    this.exchange = decisiveExchange(result)
    const text = this.exchange?.url ?? result.url
    this.url = URL.parse(text)
    this.host = this.url?.hostname.replace(/^\[|\]$/g, '') || text
    this.secure = this.url?.protocol === 'https:'
    this.port = this.url?.port ? Number(this.url.port) : this.secure ? 443 : 80
    const ids = this.exchange ? new Set(this.exchange.observations) : null
    this.seen = ids ? result.observations.filter(({ id }) => ids.has(id)) : result.observations
    this.#known = new Set(result.observations.map(({ id }) => id))
    this.#judge = judge
    this.#read = read
  }

  /** The ids that stand for observations of this check; what failed, when none does. */
  existing(ids: readonly string[]): string[] {
    const known = [...new Set(ids)].filter((id) => this.#known.has(id))
    return known.length > 0 ? known : this.failing()
  }

  /** It works all the same: what failed was only one way of several, such as a dead address. */
  get works(): boolean {
    return this.failure !== null && this.exchange?.failure === null && this.exchange.response !== null
  }

  /** The failure was concluded from a good answer and not met by the check: nobody expected anything. */
  get hidden(): boolean {
    const { failure, result } = this
    if (failure?.code !== 'text_unwanted' && failure?.code !== 'text_missing') return false
    return !result.observations.some((seen) => seen.failure?.code === failure.code)
  }

  /** Where the failure was seen, else the last thing that happened. Empty only when nothing was observed at all. */
  failing(): string[] {
    const { failure } = this
    const same = (seen: Observation): boolean =>
      seen.failure?.code === failure?.code && seen.failure?.phase === failure?.phase
    const found = failure ? (this.seen.find(same) ?? this.result.observations.find(same)) : undefined
    const last = found ?? this.seen.at(-1) ?? this.result.observations.at(-1)
    return last ? [last.id] : []
  }

  /** Observations of the deciding exchange by operation, in order. */
  of(operation: Operation): Observation[] {
    return this.seen.filter((seen) => seen.operation === operation)
  }

  idsOf(...operations: Operation[]): string[] {
    return this.seen.filter((seen) => operations.includes(seen.operation)).map(({ id }) => id)
  }

  step(id: DrillStepId): DrillStep | null {
    return this.result.drill.find(({ step }) => step === id) ?? null
  }

  /** What a look found; null when it was not taken or came to nothing. */
  finding<Kind extends DrillStepId>(kind: Kind): Finding<Kind> | null {
    const step = this.step(kind)
    return step && step.skipped === null && step.finding?.kind === kind
      ? (step.finding as Finding<Kind>)
      : null
  }

  /** Why there is no finding of a look. */
  whyNot(id: DrillStepId): string {
    const step = this.step(id)
    if (!step) return `the look "${id}" was not taken`
    return step.skipped === null
      ? `the look "${id}" came to nothing: ${step.summary}`
      : `the look "${id}" was skipped: ${step.skipped}`
  }

  /** The judgement on what came back in the deciding exchange alone; null when nothing is wrong with it. */
  judged(): Diagnosis | null {
    if (this.#judged === undefined) {
      this.#judged = this.exchange ? this.#judge(responseInput(this.exchange, this.seen)) : null
    }
    return this.#judged
  }

  /**
   * True when something shows that a gateway stands between us and the origin: only then what we met on our own leg
   * may be the end of a failure on a leg behind it.
   */
  get relayed(): boolean {
    const { exchange } = this
    if (exchange === null) return false
    if (exchange.proxy !== null && !this.secure) return true
    if ((this.finding('hops')?.hops.length ?? 0) > 0) return true
    const chain = this.judged()?.chain ?? []
    return chain.some(({ role }) => role !== 'server' && role !== 'application')
  }

  /** What a product means by the answer of the deciding exchange, when it wrote it. Empty: it does not say. */
  readingOf(product: string): readonly Cause[] {
    return this.exchange ? this.#read(responseInput(this.exchange, this.seen), product) : []
  }

  /** The content of the deciding exchange as text, decoded where that was done, as far as it was kept. */
  page(): string {
    const { response } = this.exchange ?? {}
    if (!response) return ''
    if (response.text !== null) return response.text
    const raw = Buffer.from(response.raw ?? '', 'base64').toString('latin1')
    const end = raw.indexOf('\r\n\r\n')
    return end < 0 ? raw : raw.slice(end + 4)
  }

  /** The judgement on what a proxy answered to CONNECT; null when it did not or it is not kept. */
  judgedProxy(): Diagnosis | null {
    const seen = this.of('proxy_handshake').at(-1)
    const raw = textIn(seen?.output, 'raw')
    if (!seen || raw === null || textIn(seen.input, 'kind') === 'socks5') return null
    const tookMs = seen.endMs - seen.startMs
    return this.#judge({
      raw: Buffer.from(raw, 'base64'),
      ended: seen.failure?.code === 'proxy_failed' ? 'unknown' : 'kept-open',
      firstByteMs: tookMs,
      elapsedMs: tookMs,
      requestMethod: 'CONNECT',
      forwardProxy: true,
      observation: seen.id,
    })
  }
}

/** The exchange a verdict is about: the last one with the failure, else the last. */
export function decisiveExchange(result: CheckResult): Exchange | null {
  const { failure, exchanges } = result
  const failed = failure
    ? exchanges.findLast((one) => one.failure?.code === failure.code && one.failure.phase === failure.phase)
    : undefined
  return failed ?? exchanges.at(-1) ?? null
}

const CUT_BY_TIME = new Set(['answer_timed_out', 'receive_timed_out', 'send_timed_out'])
const CUT_BY_RESET = new Set(['reset_without_answer', 'body_reset', 'send_reset'])
const CUT_BY_END = new Set(['closed_without_answer', 'header_truncated', 'body_truncated'])

function endingOf(exchange: Exchange, receive: Observation | undefined): Ending {
  const code = exchange.failure?.code ?? ''
  if (CUT_BY_TIME.has(code)) return 'timeout'
  if (CUT_BY_RESET.has(code)) return 'rst'
  if (CUT_BY_END.has(code)) return 'fin'
  if (exchange.response?.bodyTruncated || code === 'header_too_large' || code === 'body_too_large')
    return 'cap'
  const by = textIn(receive?.output, 'endedBy')
  return by === 'peer' ? 'fin' : by === 'reset' ? 'rst' : by === 'us' ? 'kept-open' : 'unknown'
}

/** What the judge of one response needs, out of an exchange. */
export function responseInput(exchange: Exchange, seen: readonly Observation[]): ResponseInput {
  const { response, timings } = exchange
  const receive = seen.findLast(({ operation }) => operation === 'receive')
  const spoke = receive ?? seen.findLast(({ operation }) => operation === 'wait' || operation === 'send')
  const secure = exchange.url.startsWith('https:')
  const raw = asHttp1(Buffer.from(response?.raw ?? exchange.unparsed ?? '', 'base64'))
  const input: ResponseInput = {
    raw,
    ended: endingOf(exchange, receive),
    firstByteMs: timings.wait,
    elapsedMs: timings.wait === null ? null : timings.wait + (timings.receive ?? 0),
    requestMethod: exchange.method,
    // Through a tunnel it is the site that answers; only an absolute-form request is answered by the proxy.
    forwardProxy: exchange.proxy !== null && !secure,
    scheme: secure ? 'https' : 'http',
    upgradeAsked: (exchange.request?.fields ?? []).some(([name]) => name.toLowerCase() === 'upgrade'),
  }
  const id = spoke?.id ?? seen.at(-1)?.id
  if (id !== undefined) input.observation = id
  return input
}

/**
 * The head of an HTTP/2 or HTTP/3 answer as HTTP/1.1 would carry it; other bytes as they are. HTTP/2 has lower-case
 * names only (RFC 9113, 8.2), which is nobody's handwriting: the usual spelling takes their place, so that case is no
 * clue. Takes what tools print of such answers, with bare line feeds too.
 */
export function asHttp1(raw: Uint8Array): Uint8Array {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
  if (!/^HTTP\/[23](?:\.0)? /.test(bytes.toString('latin1', 0, 9))) return raw
  const ends = ['\r\n\r\n', '\n\n'].map((end) => bytes.indexOf(end)).filter((at) => at >= 0)
  if (ends.length === 0) return raw
  const end = Math.min(...ends)
  const [line = '', ...fields] = bytes.toString('latin1', 0, end).split(/\r?\n/)
  const head = fields.map((field) => {
    const colon = field.indexOf(':')
    const name = field.slice(0, colon).replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())
    return name + field.slice(colon)
  })
  const first = line.replace(/^HTTP\/[23](?:\.0)? +(\d{3}).*$/, 'HTTP/1.1 $1 ')
  return Buffer.concat([Buffer.from([first, ...head].join('\r\n'), 'latin1'), bytes.subarray(end)])
}
