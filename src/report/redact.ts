// Takes credentials out of a result before it goes to strangers: cookies, tokens, passwords, keys in fields, URLs and
// bytes. Masks keep their length, so that offsets and sizes in the report stay true. Cannot know what it cannot read.
import type { CheckResult, Exchange, FieldLine, ResponseFacts } from '../model/result.ts'
import { fieldValue, keptBytes, splitMessage } from './received.ts'

/** Fields whose whole value is a secret. */
const SECRET_FIELD =
  /^(?:authorization|proxy-authorization|authentication-info|cookie2?|(?:.*[-_])?(?:token|secret|password|passwd|session|sessionid|session-id|api-?key|access-?key|private-?key|signature|credentials?|jwt))$/i
const SET_COOKIE = /^set-cookie2?$/i

/** Names of query parameters and form fields that carry secrets when the name is just this. */
const SECRET_WORD = /^(?:key|code|auth|ticket|nonce|pass|pwd|sid|sig|otp|state|samlresponse)$/i
/** And those that carry them whatever stands before this in the name: `accessToken`, `X-Amz-Signature`, `api_key`. */
const SECRET_ENDING =
  /(?:token|secret|password|passwd|api[-_.]?key|access[-_.]?key|session|session[-_.]?id|sessid|signature|hmac|credentials?|authorization|jwt|[-_.](?:key|sig|sid|pass|pwd|auth))$/i

/** `name=value` where names of secrets can stand: queries, fragments, forms, path parameters. Bounded repeats. */
const PAIR = /([?&;#]|&amp;)([A-Za-z0-9_.~%[\]-]{1,64})=([^&#;\s"'<>\\]{1,4096})/g
/** The same in JSON, and in the hidden fields of a form. */
const JSON_PAIR = /("([A-Za-z0-9_.-]{1,64})"\s{0,4}:\s{0,4}")([^"\\]{1,4096})"/g
const INPUT_PAIR = /(name="([^"<>]{1,64})"\s{1,4}value=")([^"<>]{1,4096})"/g
/** User and password in a URL. */
const USERINFO = /(\/\/)([^\s/?#@"'<>\\]{1,512})@/g
/** Schemes of Authorization wherever they are quoted. */
const SCHEME = /\b(Bearer|Basic)( +)([A-Za-z0-9+/=_.~-]{8,4096})/g
/** JSON Web Tokens: two dotted base64url parts that begin like JSON. */
const JWT = /\beyJ[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{4,4096}(?:\.[A-Za-z0-9_-]{0,4096})?/g

function stars(text: string): string {
  return '*'.repeat(text.length)
}

function isSecretName(name: string): boolean {
  let plain = name
  try {
    plain = decodeURIComponent(name)
  } catch {
    // Not percent-encoded properly: the name as it is.
  }
  return SECRET_WORD.test(plain) || SECRET_ENDING.test(plain)
}

/** A text with what looks like a secret in it masked, length kept: URLs, tokens, authorization values. */
export function redactText(text: string): string {
  let masked = text
  if (masked.includes('=')) {
    masked = masked.replace(PAIR, (whole, lead: string, name: string, value: string) =>
      isSecretName(name) ? `${lead}${name}=${stars(value)}` : whole,
    )
  }
  for (const pair of [JSON_PAIR, INPUT_PAIR]) {
    if (!masked.includes('"')) break
    masked = masked.replace(pair, (whole, lead: string, name: string, value: string) =>
      isSecretName(name) ? `${lead}${stars(value)}"` : whole,
    )
  }
  if (masked.includes('@')) {
    masked = masked.replace(USERINFO, (_whole, lead: string, user: string) => `${lead}${stars(user)}@`)
  }
  if (masked.includes('Bea') || masked.includes('Bas')) {
    masked = masked.replace(
      SCHEME,
      (_whole, scheme: string, gap: string, value: string) => scheme + gap + stars(value),
    )
  }
  return masked.includes('eyJ') ? masked.replace(JWT, stars) : masked
}

/** The value of a field without its secrets, as long as before. */
export function redactField(name: string, value: string): string {
  if (SET_COOKIE.test(name)) return redactCookies(value)
  return SECRET_FIELD.test(name) ? stars(value) : redactText(value)
}

/** Name and attributes of a cookie stay: they tell which application set it, and for how long. */
function redactCookies(value: string): string {
  const end = value.indexOf(';')
  const pair = end < 0 ? value : value.slice(0, end)
  const equals = pair.indexOf('=')
  return pair.slice(0, equals + 1) + stars(pair.slice(equals + 1)) + value.slice(pair.length)
}

function redactFields(fields: readonly FieldLine[]): FieldLine[] {
  return fields.map(([name, value]) => [name, redactField(name, value)])
}

/** The lines of a head, start line and field lines, each without its secrets; line ends and lengths stay. */
function redactHead(head: string): string {
  return head
    .split('\n')
    .map((line, index) => {
      const colon = line.indexOf(':')
      if (index === 0 || colon <= 0) return redactText(line)
      const ending = line.endsWith('\r') ? '\r' : ''
      const value = line.slice(colon + 1, line.length - ending.length)
      const start = value.length - value.trimStart().length
      return `${line.slice(0, colon + 1)}${value.slice(0, start)}${redactField(line.slice(0, colon).trim(), value.slice(start))}${ending}`
    })
    .join('\n')
}

/** Bytes as one character each, so that lengths stay. */
function redactBytes(bytes: Uint8Array, redact: (text: string) => string): Uint8Array {
  return Buffer.from(redact(Buffer.from(bytes).toString('latin1')), 'latin1')
}

function redactResponse(response: ResponseFacts): ResponseFacts {
  const redacted: ResponseFacts = {
    ...response,
    fields: redactFields(response.fields),
    trailers: redactFields(response.trailers),
    interim: response.interim.map((interim) => ({ ...interim, fields: redactFields(interim.fields) })),
    text: response.text === null ? null : redactText(response.text),
  }
  const raw = keptBytes(response.raw)
  const message = splitMessage(response)
  if (raw && message) {
    const head = redactBytes(raw.subarray(0, raw.length - message.body.length), redactHead)
    // Of content that came coded and could be read, the text is there; its coded bytes cannot be looked through.
    const unreadable = response.text !== null && fieldValue(response, 'content-encoding') !== null
    const body = unreadable ? new Uint8Array() : redactBytes(message.body, redactText)
    redacted.raw = Buffer.concat([head, body]).toString('base64')
  }
  return redacted
}

function redactExchange(exchange: Exchange): Exchange {
  const { request, response, unparsed } = exchange
  const bytes = keptBytes(unparsed)
  return {
    ...exchange,
    url: redactText(exchange.url),
    request: request && {
      ...request,
      target: redactText(request.target),
      fields: redactFields(request.fields),
      head: redactHead(request.head),
    },
    response: response && redactResponse(response),
    unparsed: bytes ? Buffer.from(redactBytes(bytes, redactHead)).toString('base64') : null,
    failure: exchange.failure && redactDeep(exchange.failure),
  }
}

/** Names under which base64 of what a peer sent stands in observations. */
const RAW_NAMES = new Set(['raw', 'bytes'])
/** Deeper than this, evidence is left out: nothing of ours nests so far. */
const MAX_DEPTH = 40

/** A copy with every text in it redacted; field lines by their names, kept bytes as a head. */
function redactDeep<Value>(value: Value): Value {
  return deep(value, '', 0) as Value
}

function deep(value: unknown, name: string, depth: number): unknown {
  if (depth > MAX_DEPTH) return null
  if (typeof value === 'string') {
    if (!RAW_NAMES.has(name) || !isBase64(value)) return redactText(value)
    return Buffer.from(redactBytes(Buffer.from(value, 'base64'), redactHead)).toString('base64')
  }
  if (Array.isArray(value)) {
    if (isFieldLine(value)) return [value[0], redactField(value[0], value[1])]
    return value.map((item) => deep(item, '', depth + 1))
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, deep(item, key, depth + 1)]))
}

function isBase64(text: string): boolean {
  return text.length >= 8 && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text)
}

function isFieldLine(value: unknown[]): value is [string, string] {
  return value.length === 2 && typeof value[0] === 'string' && typeof value[1] === 'string'
}

/** A result that strangers may read: the same in everything but its secrets. The given one is not changed. */
export function redactResult(result: CheckResult): CheckResult {
  const { exchanges, ...rest } = result
  const cleaned = redactDeep(rest)
  return { ...cleaned, exchanges: exchanges.map(redactExchange) }
}
